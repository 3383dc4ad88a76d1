"""What a theorem may ask about a problem and a network, and its answers."""

from collections.abc import Iterable, Mapping
from typing import Any, NamedTuple

from flint import arb

from ..kernel._algebra import ONE, ZERO, Algebra, Polynomial, enclose
from ..kernel._documents import Condition, Coordinate, File
from ..kernel._errors import Refusal
from ..kernel._functions import above
from ..kernel._leaves import Chunk, Subject, sum_up, sweep, volume
from ..kernel._models import TINY, UP, Array, Model, add
from ..kernel._program import Program
from ..kernel._statement import Hypothesis, Wording
from ..kernel._trees import Tree
from ._forms import Product, coefficients, made_of, normal_forms
from ._means import euclidean, mean_square_root


class Proof(NamedTuple):
    """What follows: a bound, the curve over the slabs, and the sentence around it.

    `article` is `a` where there may be other solutions than the one spoken of. For a
    range, `interval` holds its two ends. `wording` is that of the statement.
    """

    bound: float
    curve: list[float]
    sentence: str
    article: str = "the"
    interval: tuple[float, ...] = ()
    wording: Wording = Wording()


class Case:
    """A problem with a network, the trees and parameters, and the hypotheses so far."""

    def __init__(self, subject: Subject, algebra: Algebra, trees: Mapping[str, Tree],
                 parameters: Mapping[str, Any],
                 files: Mapping[str, File] | None = None):  # fmt: skip
        self.subject, self.algebra = subject, algebra
        self.problem = subject.problem
        self.trees, self.parameters, self.files = trees, parameters, files or {}
        self.names = self.problem.names
        self.hypotheses: list[Hypothesis] = []

    def passed(self, name: str, detail: str, status: str = "checked") -> None:
        """Notes a hypothesis that holds."""
        self.hypotheses.append(Hypothesis(name, status, detail))

    def require(self, truth: bool, name: str, reason: str) -> None:
        """Refuses unless the truth is exactly True."""
        if truth is not True:
            raise Refusal(reason, name)

    def evolution(self, time: Coordinate) -> dict[Product, Polynomial]:
        """The coefficients of the one equation for the one field.

        The time derivative, which must have coefficient exactly 1, is left out.
        """
        parts = self.single()
        reason = f"the coefficient of the derivative in {time.name} is not exactly 1"
        rate = parts.pop(self.term(time.name, 1), None)
        self.require(rate == ONE, "equation", reason)
        return parts

    def single(self) -> dict[Product, Polynomial]:
        """The coefficients of the one equation for the one field."""
        one = len(self.problem.fields) == len(self.problem.residual.outputs) == 1
        self.require(one, "equation", "there is more than one field or equation")
        return self.equation()

    def forms(self, program: Program, name: str = "",
              value: Polynomial = ZERO) -> dict[str, Polynomial]:  # fmt: skip
        """A program's outputs in normal form, with a coordinate replaced by a value."""
        return normal_forms(program, self.algebra, {name: value} if name else {})

    def equation(self, output: str = "0", fields: bool = False) -> dict[Product, Any]:
        """The coefficients of one equation.

        Operations that are not defined everywhere may depend on coordinates alone, or
        with `fields` also on the fields themselves, and the coefficients too.
        """
        self.algebra.partial.clear()
        form = self.forms(self.problem.residual)[output]
        for argument in self.algebra.partial:
            for kind, *key in (d for d in argument.depends if d != "weight"):
                allowed = kind == "coordinate" or (fields and not any(key[0][1]))
                reason = "a divisor, root or logarithm depends on an unknown function"
                self.require(bool(allowed), "equation", reason)
        try:
            return {(): form} if fields else coefficients(form)
        except Refusal as refusal:
            raise Refusal(refusal.reason, "equation") from None

    def time(self, velocity: bool = False) -> Coordinate:
        """The coordinate of the one initial condition, with its velocity or without."""
        found = self.problem.of_kind("initial")
        single = "there is not exactly one initial condition"
        self.require(len(found) == 1, "time", single)
        second = self.problem.of_kind("velocity") if velocity else []
        if velocity:
            missing = "the first derivative in time is not given at the start"
            self.require(len(second) == 1, "time", missing)
        others = [c for c in self.problem.conditions if c not in (found + second)]
        clash = any(c.coordinate == found[0].coordinate for c in others)
        self.require(not clash, "time", "time has another condition beside the initial")
        axis = self.axis(found[0].coordinate)
        self.passed("time", f"the initial condition is at the lower end of {axis.name}")
        return axis

    def axis(self, name: str) -> Coordinate:
        """The coordinate of this name."""
        return self.problem.coordinates[self.problem.index(name)]

    def term(self, name: str = "", order: int = 0) -> Product:
        """The first field, or a derivative of it, as a product of one factor."""
        orders = tuple(order if own == name else 0 for own in self.names)
        return (((self.problem.fields[0], orders), 1),)

    def smooth(self, kinks: bool = False) -> None:
        """No corner in the network; nor in equation and data, unless `kinks` may be."""
        programs = [self.subject.network, self.problem.residual]
        programs += [c.values for c in self.problem.conditions if c.values is not None]
        tested = programs[:1] if kinks else programs
        corner = any(program.uses("max0") for program in tested)
        self.require(not corner, "smooth", "max0 is not differentiable everywhere")
        partial = [
            program
            for program in programs[2:]
            if any(program.uses(name) for name in ("div", "sqrt", "log"))
        ]
        if partial:
            self.sweep(lambda chunk: tuple(
                model.bound for p in partial for model in chunk.data(p).values()
            ))  # fmt: skip
        what = (
            "the network is smooth and the rest is defined"
            if kinks
            else ("every operation is defined and smooth")
        )
        self.passed("smooth", f"{what} on every leaf")

    def matches(self, condition: Condition, side: str) -> bool:
        """Whether the network equals the data on a face, exactly, by substitution."""
        axis = self.axis(condition.coordinate)
        network = self.forms(self.subject.network, axis.name, axis.end(side))
        data = self.forms(condition.values)
        return all(network[field] == data[field] for field in self.problem.fields)

    def moves(self, axis: Coordinate) -> bool:
        """Whether value and velocity of the network are the initial ones, exactly.

        With axis = lower + s the difference to u0 + s v0 must have only monomials with
        a square of s: their other factors are smooth, so both derivatives vanish.
        """
        key = ("step",)
        step = self.algebra.atom(key, frozenset({key}))
        network = self.forms(self.subject.network, axis.name, axis.lower + step)
        start, speed = (
            self.forms(self.problem.of_kind(kind)[0].values)
            for kind in ("initial", "velocity")
        )
        atom = self.algebra.atoms[key]
        return all(
            dict(monomial).get(atom, 0) >= 2
            for f in self.problem.fields
            for monomial in (network[f] - start[f] - step * speed[f]).terms
        )

    def sides(self, axis: str) -> dict[str, Condition]:
        """The Dirichlet conditions of a coordinate by side."""
        found = [c for c in self.problem.of_kind("dirichlet") if c.coordinate == axis]
        return {side: c for c in found for side in c.sides}

    def is_periodic(self, axis: str) -> bool:
        """Whether a coordinate has a periodic condition, and no other.

        **Raises:** `Refusal` where it has others too.
        """
        periodic = any(c.coordinate == axis for c in self.problem.of_kind("periodic"))
        clash = periodic and bool(self.sides(axis))
        self.require(not clash, "walls", f"{axis} is periodic and has Dirichlet data")
        return periodic

    def wall(self, axis: str, side: str) -> None:
        """The network equals the Dirichlet data on a face."""
        sides = self.sides(axis)
        missing = f"{axis} has no Dirichlet condition on its {side} end"
        self.require(side in sides, "walls", missing)
        differs = f"the network is not equal to the data on the {side} end of {axis}"
        self.require(self.matches(sides[side], side), "walls", differs)

    def repeats(self, program: Program, axis: str) -> bool:
        """Whether a program's outputs do not change when the coordinate is shifted.

        The shift is by the length of the domain, in normal form, so that the outputs
        have a smooth periodic continuation to the real line.
        """
        key = ("coordinate", axis)
        here = self.algebra.atom(key, frozenset({key}))
        shifted = self.forms(program, axis, here + self.axis(axis).length)
        return shifted == self.forms(program)

    def seam(self, axis: str, data: Iterable[Program] = ()) -> None:
        """Network, equation and some data are periodic on the real line."""
        corner = f"the network is not periodic in {axis} (a corner or jump at the seam)"
        self.require(self.repeats(self.subject.network, axis), "walls", corner)
        reason = f"the equation is not periodic in {axis}"
        self.require(self.repeats(self.problem.residual, axis), "walls", reason)
        for program in data:
            reason = f"the initial data are not periodic in {axis} (a corner or jump)"
            self.require(self.repeats(program, axis), "data", reason)

    def closes(self, axis: Coordinate, data: Program) -> None:
        """The initial data agree at both ends of a periodic coordinate, exactly."""
        ends = [self.forms(data, axis.name, axis.end(s)) for s in ("lower", "upper")]
        jump = f"the initial data jump at the seam of {axis.name}"
        self.require(ends[0] == ends[1], "data", jump)

    def corners(self) -> None:
        """The data of meeting faces agree exactly where they meet."""
        faces = [
            (c, side, axis)
            for c in self.problem.conditions
            for axis in self.problem.coordinates
            if c.coordinate == axis.name and c.kind in ("initial", "dirichlet")
            for side in c.sides
        ]
        for one, one_side, one_axis in faces:
            for two, two_side, two_axis in faces:
                if one_axis.name >= two_axis.name:
                    continue
                first = self.forms(one.values, two_axis.name, two_axis.end(two_side))
                second = self.forms(two.values, one_axis.name, one_axis.end(one_side))
                edge = f"{one_axis.name} {one_side}, {two_axis.name} {two_side}"
                self.require(first == second, "data", f"the data differ at {edge}")
        self.passed("data", "the data of meeting faces agree exactly")

    def initial_defect(self, axis: Coordinate, norm: str = "Linf") -> float:
        """An upper bound of the initial error in a norm, Linf, L1 or L2."""
        condition = self.problem.of_kind("initial")[0]
        given, name = "initial" in self.trees, "initial defect"
        if self.matches(condition, "lower"):
            reason = "a tree `initial` is given, but the defect is zero by substitution"
            self.require(not given, name, reason)
            self.passed(name, "zero by substitution")
            return 0.0
        reason = "the initial defect is not zero by substitution: give a tree `initial`"
        self.require(given, name, reason)
        tree, others = self.trees["initial"], [n for n in self.names if n != axis.name]

        def size(chunk: Chunk) -> tuple[Array, ...]:
            defects = self.defect(chunk, condition)
            if norm == "Linf":
                return (defects[0].bound,)
            return (euclidean([mean_square_root(model) for model in defects]),)

        (values,) = sweep(self.subject, tree, others, size, {axis.name: axis.lower})
        bound, box = float(values.max()), arb(volume(self.subject, others))
        if norm == "L1":
            bound = above(arb(sum_up(values * tree.volumes)) * box)
        elif norm == "L2":
            squares = values * values * tree.volumes * UP + TINY
            bound = above((arb(sum_up(squares)) * box).sqrt())
        self.passed(name, f"enclosed on {tree.leaves} leaves: at most {bound!r}")
        return bound

    def defect(self, chunk: Chunk, condition: Condition) -> list[Model]:
        """The network minus the data, field by field."""
        mine, data = chunk.data(self.subject.network), chunk.data(condition.values)
        return [add(mine[f], data[f], -1) for f in self.problem.fields]

    def sweep(self, quantity: Any, orders: Any = None) -> list:
        """Quantities on the leaves of the tree `residual`."""
        tree = self.trees["residual"]
        return sweep(self.subject, tree, self.names, quantity, orders=orders)

    def solvable(self, detail: str, status: str = "cited") -> None:
        """Notes why the solution exists and is unique."""
        self.passed("solution", detail, status)


def positive(a: Polynomial) -> bool:
    """Whether a constant is proved to be positive."""
    return not a.depends and bool(enclose(a) > 0)


def only_coordinates(a: Polynomial) -> bool:
    """Whether a normal form is a function of the coordinates alone."""
    return not made_of(a, "derivative") and "weight" not in a.depends
