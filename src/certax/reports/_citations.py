"""The literature behind each theorem, as in the pages under docs/theory/."""

_dahlquist = """\
@phdthesis{dahlquist1958stability,
  author = {Dahlquist, G.},
  title  = {Stability and error bounds in the numerical integration of ordinary
            differential equations},
  school = {Stockholm},
  year   = {1958}
}"""
_ladyzenskaja = r"""@book{ladyzenskaja1968linear,
  author    = {Lady{\v z}enskaja, O. A. and Solonnikov, V. A. and Ural'ceva, N. N.},
  title     = {Linear and Quasi-linear Equations of Parabolic Type},
  publisher = {AMS},
  year      = {1968}
}"""
_kruzkov = r"""@article{kruzkov1970first,
  author  = {Kru{\v z}kov, S. N.},
  title   = {First order quasilinear equations in several independent variables},
  journal = {Math. USSR Sbornik},
  volume  = {10},
  year    = {1970}
}"""
_protter = """\
@book{protter1967maximum,
  author = {Protter, M. H. and Weinberger, H. F.},
  title  = {Maximum Principles in Differential Equations},
  year   = {1967}
}"""
_gilbarg = """\
@book{gilbarg2001elliptic,
  author = {Gilbarg, D. and Trudinger, N. S.},
  title  = {Elliptic Partial Differential Equations of Second Order},
  year   = {2001}
}"""
_amann = """\
@article{amann1976fixed,
  author  = {Amann, H.},
  title   = {Fixed point equations and nonlinear eigenvalue problems in ordered {B}anach
             spaces},
  journal = {SIAM Review},
  volume  = {18},
  pages   = {620--709},
  year    = {1976}
}"""
_brezis = """\
@book{brezis2011functional,
  author = {Brezis, H.},
  title  = {Functional Analysis, {S}obolev Spaces and Partial Differential Equations},
  year   = {2011}
}"""
_nakao = """\
@book{nakao2019numerical,
  author    = {Nakao, M. T. and Plum, M. and Watanabe, Y.},
  title     = {Numerical Verification Methods and Computer-Assisted Proofs for Partial
               Differential Equations},
  publisher = {Springer},
  year      = {2019}
}"""

_bardos = r"""@article{bardos1979first,
  author  = {Bardos, C. and Le Roux, A. Y. and N{\'e}d{\'e}lec, J. C.},
  title   = {First order quasilinear equations with boundary conditions},
  journal = {Comm. PDE},
  volume  = {4},
  year    = {1979}
}"""
_otto = """\
@article{otto1996initial,
  author  = {Otto, F.},
  title   = {Initial-boundary value problem for a scalar conservation law},
  journal = {C. R. Acad. Sci. Paris},
  volume  = {322},
  year    = {1996}
}"""
_lions = """\
@book{lions1972nonhomogeneous,
  author    = {Lions, J.-L. and Magenes, E.},
  title     = {Non-Homogeneous Boundary Value Problems and Applications},
  publisher = {Springer},
  year      = {1972}
}"""
_cazenave = r"""@book{cazenave2003semilinear,
  author    = {Cazenave, T.},
  title     = {Semilinear {S}chr{\"o}dinger Equations},
  publisher = {AMS},
  year      = {2003}
}"""
_bourgain = r"""@book{bourgain1999global,
  author    = {Bourgain, J.},
  title     = {Global Solutions of Nonlinear {S}chr{\"o}dinger Equations},
  publisher = {AMS},
  year      = {1999}
}"""
_kato = """\
@article{kato1953integration,
  author  = {Kato, T.},
  title   = {Integration of the equation of evolution in a {B}anach space},
  journal = {J. Math. Soc. Japan},
  volume  = {5},
  year    = {1953}
}"""
_temam = """\
@book{temam1995navier,
  author    = {Temam, R.},
  title     = {Navier-Stokes Equations and Nonlinear Functional Analysis},
  publisher = {SIAM},
  year      = {1995}
}"""

_by_theorem = {
    "ode-tube": (_dahlquist,),
    "l1-contraction": (_ladyzenskaja, _kruzkov),
    "maximum-principle": (_protter, _ladyzenskaja),
    "transport": (),
    "barrier": (_gilbarg,),
    "energy": (_ladyzenskaja, _kruzkov, _bardos, _otto),
    "wave": (_lions,),
    "wave-supremum": (_lions,),
    "schrodinger": (_kato, _cazenave, _bourgain),
    "navier-stokes": (_temam,),
    "certified-barrier": (_gilbarg,),
    "semilinear-barrier": (_amann, _gilbarg),
    "elliptic-energy": (_brezis,),
    "elliptic-gradient": (_brezis,),
    "newton-kantorovich": (_nakao,),
    "newton-kantorovich-supremum": (_nakao,),
}


def citations(theorems: tuple[str, ...]) -> tuple[str, ...]:
    """BibTeX entries for the theorems' names, each once, in order."""
    entries = [entry for name in theorems for entry in _by_theorem.get(name, ())]
    return tuple(dict.fromkeys(entries))
