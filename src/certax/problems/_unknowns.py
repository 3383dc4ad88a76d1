"""Coefficients that are to be found: where they may stand."""

from collections.abc import Collection, Sequence

from .._core import CertaxError, Program, TracedCondition


def check_unknowns(
    unknowns: Sequence[str],
    constants: Collection[str],
    residual: Program,
    conditions: Sequence[TracedCondition],
) -> None:
    """**Raises:** `CertaxError` for one that is no coefficient of an equation."""
    parts = [residual, *(c.residual for c in conditions)]
    used = {i.name for p in parts if p for i in p.of_kind("constant")}
    data = [c.values for c in conditions if c.values is not None]
    built_in = {i.name for p in data for i in p.of_kind("constant")}
    for name in unknowns:
        reason = "is not used in an equation"
        if name in constants:
            reason = "is among the constants too"
        elif name in built_in:
            reason = "stands in data that are built into the net"
        elif name in used:
            continue
        raise CertaxError(
            f"The unknown {name!r} {reason}.",
            value=name,
            remedy="An unknown stands in the residual or in Neumann, Robin and "
            "general conditions.",
        )
