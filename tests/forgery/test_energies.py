"""Forgeries of certificates that rest on an energy."""

from .genuine import T, X, dirichlet, initial, velocity
from .material import Bundle, call, constant, derivative, program
from .tables import Forgeries, assert_refused

forgery = Forgeries()
U, RATE = derivative("u", 0, 0), derivative("u", 0, 1)
SLOPE, BEND = derivative("u", 1, 0), derivative("u", 2, 0)
NU = constant("1/pi", "nu")
START, WALL = initial(u=call("sinpi", X)), dirichlet("x")
PERIODIC = {"kind": "periodic", "coordinate": "x"}


def equation(name: str, base: str, residual, where: str, reason: str) -> None:
    """Adds a forgery that exchanges the residual."""
    value = program(_0=residual)
    forgery.add(name, base, lambda b: b.problem.update(residual=value), where, reason)


def conditions(name: str, base: str, made: list, where: str, reason: str) -> None:
    """Adds a forgery that exchanges the conditions."""
    forgery.add(name, base, lambda b: b.problem.update(conditions=made), where, reason)


QUADRATIC = "not quadratic in u"
for _name, _residual, _where, _reason in (
    ("cubic flux", RATE + U**2 * SLOPE - NU * BEND, "equation", "does not know"),
    ("flux of x", RATE + (X + 1) * U * SLOPE - NU * BEND, "equation", QUADRATIC),
    ("flux of t", RATE + T * U * SLOPE - NU * BEND, "equation", QUADRATIC),
    ("twice the flux", RATE + 2 * U * SLOPE - NU * BEND, "bound", "exceeds"),
    ("the flux turned", RATE - U * SLOPE - NU * BEND, "bound", "exceeds"),
    ("no viscosity", RATE + U * SLOPE, "bound", "exceeds"),
    ("backwards", RATE + U * SLOPE + NU * BEND, "equation", "<= 0"),
    ("a drift", RATE + U * SLOPE + 9 * X * SLOPE - NU * BEND, "bound", "exceeds"),
    ("growth", RATE + U * SLOPE - 9 * U - NU * BEND, "bound", "exceeds"),
    ("a corner", RATE + U * SLOPE + call("max0", X) - NU * BEND, "smooth", "max0"),
):
    equation(_name, "steepening", _residual, _where, _reason)
for _name, _made, _where, _reason in (
    ("one wall", [START, dirichlet("x", "0", "upper")], "walls", "its lower end"),
    ("a ring", [START, PERIODIC], "walls", "corner or jump"),
    ("another wall", [START, dirichlet("x", "1e-12")], "walls", "not equal to the"),
    ("a velocity", [START, velocity(u="0"), WALL], "time", "another condition"),
    ("another start", [initial(u=call("sinpi", X) * "1.001"), WALL], "initial defect",
     "give a tree"),
):  # fmt: skip
    conditions(_name, "steepening", _made, _where, _reason)


@forgery("steepening", "norm", "gives the norm L2")
def error_called_a_maximum(b: Bundle):
    b.claim["norm"] = "Linf"


@forgery("steepening", "bound", "exceeds the claimed one")
def slabs_that_do_not_fit_the_leaves(b: Bundle):
    """Every leaf is then charged to many slabs, as a whole."""
    b.claim["parameters"] = {"slabs": 64}
    b.claim["curve"] = [b.claim["bound"]] * 64


TWICE = derivative("u", 0, 2)
PULL = TWICE - constant("0.25") * BEND
for _name, _residual, _where, _reason in (
    ("coefficient 2 at u_tt", 2 * PULL, "equation", "not exactly 1"),
    ("u_t for u_tt", RATE - constant("0.25") * BEND, "equation", "not exactly 1"),
    ("elliptic", TWICE + constant("0.25") * BEND, "equation", "no constant < 0"),
    ("degenerate", TWICE - constant("0") * BEND, "equation", "no constant < 0"),
    ("friction", PULL + RATE, "equation", "does not know"),
    ("cubic", PULL + U**3, "equation", "bounded slope"),
    ("quadratic in a sine", PULL + call("sin", U**2), "equation", "bounded slope"),
    ("sine of a slope", PULL + call("sin", SLOPE), "equation", "bounded slope"),
    ("mass of x", PULL + X * U, "equation", "mass is no constant"),
    ("a mass that drives apart", PULL - 9 * U, "bound", "exceeds the claimed"),
    ("a tenth of the tension", TWICE - BEND / 40, "bound", "exceeds the claimed"),
):
    equation(_name, "string", _residual, _where, _reason)
REST = velocity(u="0")
for _name, _made, _where, _reason in (
    ("no velocity", [START, WALL], "time", "is not given at the start"),
    ("a velocity in space", [START, velocity("x", u="0"), WALL], "problem",
     "without initial data"),
    ("a velocity alone", [REST, WALL], "problem", "without initial data"),
    ("two velocities", [START, REST, REST, WALL], "problem", "at the same place"),
    ("another velocity", [START, velocity(u=call("sinpi", X)), WALL],
     "initial defect", "give a tree"),
    ("another shape", [initial(u=call("sinpi", X * 2)), REST, WALL],
     "initial defect", "give a tree"),
    ("free ends", [START, REST], "walls", "no Dirichlet condition"),
    ("a ring of string", [START, REST, PERIODIC], "walls", "corner or jump"),
    ("an aim", [START, REST, WALL, dirichlet("t", "0", "upper")], "time",
     "another condition"),
):  # fmt: skip
    conditions(_name, "string", _made, _where, _reason)


@forgery("string", "problem", "data of some fields")
def velocity_of_another_field(b: Bundle):
    b.problem["conditions"][1] = velocity(v="0")


@forgery("string", "", "unknown coordinate")
def velocity_that_depends_on_time(b: Bundle):
    b.problem["conditions"][1] = velocity(u=T)


P, Q = derivative("p", 0, 0), derivative("q", 0, 0)
PT, QT = derivative("p", 0, 1), derivative("q", 0, 1)
PXX, QXX = derivative("p", 2, 0), derivative("q", 2, 0)


def system(name: str, real, imaginary, where: str, reason: str) -> None:
    """Adds a forgery that exchanges both equations."""
    value = program(_0=real, _1=imaginary)
    edit = lambda b: b.problem.update(residual=value)
    forgery.add(name, "quantum", edit, where, reason)


SIZE, A = P**2 + Q**2, constant("0.1")
REAL, IMAGINARY = A * PXX - QT + SIZE * P, A * QXX + PT + SIZE * Q
PARTS = "not real and imaginary part"
for _name, _real, _imaginary, _reason in (
    ("gain", REAL - Q, IMAGINARY + P, "does not know"),
    ("unequal dispersion", REAL + PXX, IMAGINARY, PARTS),
    ("diffusion", REAL + QXX, IMAGINARY - PXX, "does not know"),
    ("half a cubic", REAL - P * Q**2, IMAGINARY - Q * P**2, "not a real constant"),
    ("unequal cubic", REAL + SIZE * P, IMAGINARY, PARTS),
    ("a potential", REAL + P, IMAGINARY + Q, "neither potential nor forcing"),
    ("a source", REAL + constant("1e-9"), IMAGINARY, "neither potential nor forcing"),
    ("a quintic", REAL + P**5, IMAGINARY + Q**5, "does not know"),
    ("one equation twice", IMAGINARY, IMAGINARY, "is not 1 or -1"),
    ("slow time", REAL, IMAGINARY + PT, "is not 1 or -1"),
):
    system(_name, _real, _imaginary, "equation", _reason)
system("the cubic turned", A * PXX - QT - SIZE * P, A * QXX + PT - SIZE * Q,
       "bound", "exceeds the claimed")  # fmt: skip


@forgery.parametrize()
def test_forged_energies_are_refused(forgery, tmp_path):
    assert_refused(forgery, tmp_path)
