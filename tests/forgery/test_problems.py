"""Problems to which a theorem does not apply, and data that a net does not meet."""

from .genuine import T, X, Y, dirichlet, genuine, initial
from .material import Bundle, call, constant, derivative, lift, program
from .tables import Forgeries, assert_refused

forgery = Forgeries()
U, RATE = derivative("u", 0, 0), derivative("u", 0, 1)
SLOPE, BEND = derivative("u", 1, 0), derivative("u", 2, 0)
NU = constant("1/pi", "nu")
PERIODIC = {"kind": "periodic", "coordinate": "x"}


def equation(name: str, base: str, residual, where: str, reason: str) -> None:
    """Adds a forgery that exchanges the residual."""
    value = program(_0=residual)
    forgery.add(name, base, lambda b: b.problem.update(residual=value), where, reason)


def conditions(name: str, base: str, made: list, where: str, reason: str) -> None:
    """Adds a forgery that exchanges the conditions."""
    forgery.add(name, base, lambda b: b.problem.update(conditions=made), where, reason)


# The Burgers equation and L1 contraction.
FLOW = U * SLOPE - NU * BEND
TIMES = "not exactly 1"
CONSTANT = "constant coefficients times u_x"
for _name, _residual, _reason in (
    ("coefficient 2 at u_t", constant("2") * RATE + FLOW, TIMES),
    ("residual with the other sign", -(RATE + FLOW), TIMES),
    ("residual made small", constant("1e-9") * (RATE + FLOW), TIMES),
    ("residual times zero", constant("0") * (RATE + FLOW), TIMES),
    ("residual over its size", (RATE + FLOW) / constant("1e9"), TIMES),
    ("residual squared", (RATE + FLOW) ** 2, TIMES),
    ("residual in a tanh", call("tanh", RATE + FLOW), "no polynomial"),
    ("coefficient x + 1 at u_t", (X + 1) * RATE + FLOW, TIMES),
    ("coefficient x / x at u_t", X / X * RATE + FLOW, TIMES),
    ("u_t twice", RATE + RATE + FLOW, TIMES),
    ("u_t left out", FLOW, TIMES),
    ("u_tt for u_t", derivative("u", 0, 2) + FLOW, TIMES),
    ("u_tt beside u_t", RATE + derivative("u", 0, 2) + FLOW, CONSTANT),
    ("negative viscosity", RATE + U * SLOPE + NU * BEND, "not a negative constant"),
    ("viscosity zero", RATE + U * SLOPE - constant("0") * BEND, "not a negative"),
    ("viscosity pi - pi", RATE + U * SLOPE - (constant("pi") - "pi") * BEND, "not a"),
    ("viscosity left out", RATE + U * SLOPE, "not a negative constant"),
    ("viscosity of x", RATE + U * SLOPE - (X + 1) * BEND, "not a negative constant"),
    ("viscosity of u", RATE + U * SLOPE - U**2 * BEND, "not a negative constant"),
    ("flux of x", RATE + X * U * SLOPE - NU * BEND, CONSTANT),
    ("flux of t", RATE + T * SLOPE - NU * BEND, CONSTANT),
    ("flux not polynomial", RATE + call("exp", U) * SLOPE - NU * BEND, "no polynomial"),
    ("slope squared", RATE + SLOPE**2 - NU * BEND, CONSTANT),
    ("mixed derivative", RATE + FLOW + derivative("u", 1, 1), CONSTANT),
    ("third derivative", RATE + FLOW + derivative("u", 3, 0), CONSTANT),
    ("reaction", RATE + FLOW + U, CONSTANT),
    ("reaction hidden in a quotient", RATE + FLOW + U * U / U, "divisor, root"),
    ("division by u that cancels", RATE + FLOW + constant("0") / U, "divisor, root"),
    ("logarithm of u times zero", RATE + FLOW + constant("0") * call("log", U),
     "divisor, root"),
    ("corner of u", RATE + FLOW + call("max0", U), "no polynomial"),
):  # fmt: skip
    equation(_name, "burgers", _residual, "equation", _reason)
equation("forcing with a corner", "burgers",
         RATE + FLOW + call("max0", X - "1/2"), "smooth", "max0")  # fmt: skip
equation("corner times zero", "burgers",
         RATE + FLOW + constant("0") * call("max0", X), "smooth", "max0")  # fmt: skip
equation("forcing that is infinite on the wall", "burgers",
         RATE + FLOW + constant("1e-99") / X, "leaf", "away from zero")  # fmt: skip
equation("undefined forcing times zero", "burgers",
         RATE + FLOW + constant("0") * call("log", X - 2), "leaf", "log")  # fmt: skip
equation("forcing 1e-2", "burgers", RATE + FLOW + constant("1"), "bound", "exceeds")

START, WALL = initial(u=call("sinpi", X)), dirichlet("x")
for _name, _made, _where, _reason in (
    ("no condition", [], "time", "exactly one initial"),
    ("no initial condition", [WALL], "time", "exactly one initial"),
    ("no wall", [START], "walls", "no Dirichlet condition on its lower end"),
    ("one wall", [START, dirichlet("x", "0", "upper")], "walls", "its lower end"),
    ("the other wall", [START, dirichlet("x", "0", "lower")], "walls", "its upper end"),
    ("initial condition at x", [initial("x", u="0"), dirichlet("t")], "equation",
     "not exactly 1"),
    ("two initial conditions", [START, initial("x", u="0"), WALL], "time", "exactly"),
    ("a condition at the end of time", [START, WALL, dirichlet("t", "0", "upper")],
     "time", "another condition"),
    ("periodic in time", [START, WALL, {"kind": "periodic", "coordinate": "t"}],
     "time", "another condition"),
    ("periodic and Dirichlet", [START, WALL, PERIODIC], "walls", "has Dirichlet data"),
    ("periodic for a net that is not", [START, PERIODIC], "walls", "corner or jump"),
    ("another wall", [START, dirichlet("x", "1e-12")], "walls", "not equal to the"),
    ("a wall in time", [START, dirichlet("x", call("tanh", T))], "walls", "not equal"),
    ("data that differ in the corner", [initial(u=call("cospi", X)), WALL], "data",
     "differ at t lower, x lower"),
    ("data that differ in one corner", [initial(u=X), WALL], "data", "x upper"),
    ("another start", [initial(u=call("sinpi", X) * "1.001"), WALL], "initial defect",
     "give a tree"),
    ("a start with a corner", [initial(u=call("sinpi", X) + call("max0", X - 2)), WALL],
     "smooth", "max0"),
    ("a start that divides by zero times zero",
     [initial(u=call("sinpi", X) + constant("0") / X), WALL], "", "division by zero"),
    ("a start with an undefined part",
     [initial(u=call("sinpi", X) + constant("0") * call("log", X - "1/2")), WALL],
     "", "log of a constant that is not proved"),
):  # fmt: skip
    conditions(_name, "burgers", _made, _where, _reason)


# From L1 to the maximum.
for _name, _residual, _reason in (
    ("forcing beside Oleinik", RATE + FLOW + constant("1e-30"), "a forcing"),
    ("flux with an inflection", RATE + U**2 * SLOPE - NU * BEND, "not proved convex"),
    ("concave flux", RATE - U * SLOPE - NU * BEND, "not positive"),
    ("flux that is not even", RATE + FLOW + SLOPE, "must be even"),
    ("flux left out", RATE - NU * BEND, "linear in u"),
):
    equation(_name, "peaks", _residual, "equation", _reason)
conditions("walls that are not zero", "peaks",
           [initial(u=call("sinpi", X)), dirichlet("x", "1e-300")],
           "walls", "not equal to the")  # fmt: skip


# One differential equation.
POINT, PACE = derivative("y", 0), derivative("y", 1)
for _name, _residual in (
    ("slope left out", POINT * (1 - POINT)),
    ("slope twice", 2 * PACE - POINT * (1 - POINT)),
    ("slope in a product", PACE + POINT * PACE),
    ("slope in a function", PACE + call("tanh", PACE)),
    ("bend for the slope", derivative("y", 2) - POINT),
):
    equation(_name, "between", _residual, "equation", "solved for the derivative")


# Hamilton-Jacobi equations.
DIFFUSED = RATE + SLOPE**2 - constant("0.1") * BEND
for _name, _residual, _reason in (
    ("Hamiltonian of u", DIFFUSED + call("tanh", U * SLOPE), "u itself stands"),
    ("Hamiltonian of u_t", RATE + call("tanh", RATE) + SLOPE**2, "order 1 in t"),
    ("Hamiltonian squared", (RATE + SLOPE**2) ** 2, "order 1 in t"),
    ("Hamiltonian of the bend", RATE + call("tanh", BEND), "order 2 in x"),
    ("backward viscosity", RATE + SLOPE**2 + BEND, "constant <= 0"),
    ("Hamiltonian with a pole", RATE + constant("1") / SLOPE, "may vanish"),
    ("Hamiltonian with half a root", RATE + call("sqrt", SLOPE), "may vanish"),
    ("Hamiltonian made small", constant("1e-9") * DIFFUSED, TIMES),
    ("Hamiltonian with the other sign", -DIFFUSED, TIMES),
    ("no Hamiltonian", RATE - BEND, "linear in the gradient"),
):
    equation(_name, "valley", _residual, "equation", _reason)


# The maximum principle.
HEAT = RATE - constant("0.1") * BEND
for _name, _residual, _reason in (
    ("diffusion of u", HEAT + U * BEND, "is no polynomial in u"),
    ("reaction sin u", HEAT + call("sin", U), "no polynomial"),
    ("gradient squared", HEAT + SLOPE**2, "is no polynomial in u"),
    ("drift sin u", HEAT + call("sin", U) * SLOPE, "no polynomial"),
    ("backward heat", RATE + constant("0.1") * BEND, "has not a constant <= 0"),
    ("diffusion of x", RATE - (X + 1) * BEND, "has not a constant <= 0"),
    ("fourth derivative", HEAT + derivative("u", 4, 0), "is no polynomial in u"),
    ("no diffusion", RATE + SLOPE, "no second derivative"),
):
    equation(_name, "heat", _residual, "equation", _reason)
equation("growth", "heat", HEAT - U, "bound", "exceeds the claimed")
for _name, _residual in (
    ("quadratic reaction", HEAT + U**2),
    ("cubic reaction with the wrong sign", HEAT - U**3),
    ("cubic reaction with a factor of x", HEAT + (X + 1) * U**3),
    ("quartic reaction", HEAT + U**4),
    ("reaction that explodes", HEAT - constant("1e6") * U**2),
):
    equation(_name, "heat", _residual, "tube", "leaves every tube")
equation("drift u", "heat", HEAT + U * SLOPE, "bound", "exceeds the claimed")
equation(
    "another diffusivity", "heat", RATE - constant("0.2") * BEND, "bound", "exceeds"
)


conditions("a start that does not meet the walls", "heat",
           [initial(u=call("cospi", X)), WALL], "data", "data differ at")  # fmt: skip


@forgery("heat", "equation", "more than one field or equation")
def a_second_equation(b: Bundle):
    b.problem["residual"] = program(_0=HEAT, _1=HEAT)


@forgery("heat", "initial defect", "give a tree `initial`")
def initial_defect_dropped(b: Bundle):
    del b.trees["initial"]


@forgery("burgers", "initial defect", "zero by substitution")
def initial_tree_without_need(b: Bundle):
    b.trees["initial"] = b.trees["residual"][:0] + bytes([4])


CUBIC = U**3 - U
equation("coefficient with a period of its own", "allen_cahn",
         HEAT + CUBIC + call("sinpi", X / 2), "walls", "not periodic in x")  # fmt: skip
equation("forcing with a jump at the seam", "allen_cahn",
         HEAT + CUBIC + X, "walls", "the equation is not periodic in x")  # fmt: skip
equation("forcing with a corner at the seam", "allen_cahn",
         HEAT + CUBIC + X**2, "walls", "the equation is not periodic in x")  # fmt: skip
conditions("periodic start with a corner at the seam", "allen_cahn",
           [initial(u=(X**2) * call("cospi", X)), PERIODIC], "initial defect",
           "not zero by substitution")  # fmt: skip
conditions("periodic start with a jump at the seam", "allen_cahn",
           [initial(u=X * call("cospi", X)), PERIODIC], "data",
           "the initial data jump at the seam of x")  # fmt: skip
conditions("walls for a periodic net", "allen_cahn",
           [initial(u=constant("0.5") * call("cospi", X)), dirichlet("x", "-0.5")],
           "bound", "exceeds the claimed")  # fmt: skip


# Transport.
for _name, _residual, _where, _reason in (
    ("the wind turned", RATE - 2 * SLOPE + U, "walls", "characteristics leave"),
    ("no wind", RATE + U, "equation", "no first derivative in space"),
    ("wind of x", RATE + (X + 1) * SLOPE + U, "equation", "is no constant"),
    ("wind of u", RATE + U * SLOPE + U, "equation", "no first derivative"),
    ("decay of t", RATE + 2 * SLOPE + T * U, "equation", "is no constant"),
    ("decay to growth", RATE + 2 * SLOPE - U, "bound", "exceeds the claimed"),
    ("diffusion beside", RATE + 2 * SLOPE + U - BEND, "equation", "does not know"),
    ("half the wind", RATE + SLOPE + U, "bound", "exceeds the claimed"),
):
    equation(_name, "advection", _residual, _where, _reason)
INFLOW = 4 * T**2 * call("exp", -T)
ENTRY = initial(u=X**2)
for _name, _made, _where, _reason in (
    ("inflow on the other side", [ENTRY, dirichlet("x", INFLOW, "upper")], "walls",
     "characteristics leave"),
    ("inflow on both sides", [ENTRY, dirichlet("x", INFLOW)], "walls", "contradictory"),
    ("inflow left out", [ENTRY], "walls", "no Dirichlet condition on its lower end"),
    ("another inflow", [ENTRY, dirichlet("x", "0", "lower")], "bound", "exceeds"),
    ("inflow to a ring", [ENTRY, PERIODIC], "walls", "corner or jump"),
):  # fmt: skip
    conditions(_name, "advection", _made, _where, _reason)


# The barrier.
BEND_Y = derivative("u", 0, 2)
LOAD = 2 * (X * (lift("1") - X) + Y * (lift("1") - Y))
ONE_SIGN = "constants of one sign"
for _name, _residual, _where, _reason in (
    ("hyperbolic", BEND - BEND_Y - LOAD, "equation", ONE_SIGN),
    ("flat in y", -BEND - LOAD, "equation", ONE_SIGN),
    ("factor of x", -(X + 1) * BEND - BEND_Y - LOAD, "equation", ONE_SIGN),
    ("drift in a barrier", -BEND - BEND_Y + SLOPE - LOAD, "equation", "another term"),
    ("reaction in a barrier", -BEND - BEND_Y + U - LOAD, "equation", "another term"),
    (
        "mixed in a barrier",
        -BEND - BEND_Y + derivative("u", 1, 1),
        "equation",
        "another",
    ),
    ("twice the load", -BEND - BEND_Y - 2 * LOAD, "bound", "exceeds the claimed"),
    ("half the stiffness", -(BEND + BEND_Y) / 2 - LOAD, "bound", "exceeds the claimed"),
):
    equation(_name, "poisson", _residual, _where, _reason)
for _name, _made, _where, _reason in (
    ("three walls", [dirichlet("x"), dirichlet("y", "0", "lower")], "walls", "upper"),
    ("a ring", [dirichlet("y"), PERIODIC], "walls", "a wall is periodic"),
    ("a start", [dirichlet("x"), initial("y", u="0")], "equation", "initial"),
    ("a wall of another height", [dirichlet("x", "1e-30"), dirichlet("y")], "data",
     "the data differ"),
):  # fmt: skip
    conditions(_name, "poisson", _made, _where, _reason)


# Ordinary differential equations.
Z, ZT, ZTT = (derivative("y", n) for n in range(3))
RIGHT = Z * (lift("1") - Z)
SOLVED = "solved for one derivative"
for _name, _residual, _where, _reason in (
    ("coefficient 2 at y'", 2 * ZT - RIGHT, "equation", SOLVED),
    ("minus y'", RIGHT - ZT, "equation", SOLVED),
    ("y'' for y'", ZTT - RIGHT, "equation", SOLVED),
    ("y'' beside y'", ZT + ZTT - RIGHT, "equation", SOLVED),
    ("y' squared", ZT**2 - RIGHT, "equation", SOLVED),
    ("y times y'", Z * ZT - RIGHT, "equation", SOLVED),
    ("y' in a sine", ZT + call("sin", ZT) - RIGHT, "equation", SOLVED),
    ("no y'", Z - RIGHT, "equation", SOLVED),
    ("division by y'", ZT - RIGHT + constant("0") / ZT, "equation", "divisor"),
    ("corner in f", ZT - RIGHT + constant("0") * call("max0", Z), "smooth", "max0"),
    (
        "root that leaves its domain",
        ZT - RIGHT + call("sqrt", Z - "0.5"),
        "leaf 0",
        "argument of sqrt is not proved",
    ),
    ("growth faster by 1e-3", ZT - "1.001" * RIGHT, "bound", "exceeds the claimed"),
):
    equation(_name, "logistic", _residual, _where, _reason)
for _name, _made, _where, _reason in (
    ("no start", [], "time", "exactly one initial"),
    ("a target", [initial(y="1/2"), {**dirichlet("t", "1", "upper"),
     "values": program(y="1")}], "time", "another condition"),
    ("another start of y", [initial(y="0.5001")], "bound", "exceeds the claimed"),
):  # fmt: skip
    conditions(_name, "logistic", _made, _where, _reason)


@forgery("oscillator", "equation", SOLVED)
def one_field_solved_twice(b: Bundle):
    p, q = derivative("p", 1), derivative("q", 0)
    b.problem["residual"] = program(_0=p + q, _1=p + 2 * q)


@forgery("oscillator", "equation", "as many equations as fields")
def one_equation_for_two_fields(b: Bundle):
    b.problem["residual"] = program(_0=derivative("p", 1) + derivative("q", 0))


@forgery("oscillator", "tube", "leaves the tube")
def fields_swapped_in_the_start(b: Bundle):
    b.problem["conditions"] = [initial(p="0", q="1")]


@forgery("oscillator", "tube", "leaves the tube")
def fields_swapped_in_the_problem(b: Bundle):
    p, q = derivative("q", 0), derivative("p", 0)
    rates = derivative("q", 1) + q, derivative("p", 1) - p
    b.problem["residual"] = program(_0=rates[0], _1=rates[1])


@forgery.parametrize()
def test_forged_problems_are_refused(forgery, tmp_path):
    assert_refused(forgery, tmp_path)


def test_the_statement_tells_all_conditions():
    statement = genuine("advection").claim["statement"]
    for part in ("u = x^2 at t = 0", "at x = 0", "u_t + (2*u_x + 1*u) = 0"):
        assert part in statement
