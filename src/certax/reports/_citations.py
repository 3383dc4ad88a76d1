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

_by_theorem = {
    "ode-tube": (_dahlquist,),
    "l1-contraction": (_ladyzenskaja, _kruzkov),
    "maximum-principle": (_protter, _ladyzenskaja),
    "transport": (),
    "barrier": (_gilbarg,),
}


def citations(theorems: tuple[str, ...]) -> tuple[str, ...]:
    """BibTeX entries for the theorems' names, each once, in order."""
    entries = [entry for name in theorems for entry in _by_theorem.get(name, ())]
    return tuple(dict.fromkeys(entries))
