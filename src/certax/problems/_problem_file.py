"""`problem.json`: a statement as data, and read again."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from .._core import (
    AbstractShape,
    Box,
    CertaxError,
    Program,
    TracedCondition,
    shape_from_json,
)
from ._compatibility import check_conditions
from ._regions import Region, regions_from, regions_json


def problem_json(
    name: str,
    domain: AbstractShape,
    fields: Sequence[str],
    residual: Program,
    conditions: Sequence[TracedCondition],
    unknowns: Sequence[str],
    regions: Sequence[Region],
) -> dict[str, Any]:
    """The parts of a problem as data."""
    more: dict[str, Any] = {}
    if unknowns:
        more["unknowns"] = list(unknowns)
    if regions:
        more["regions"] = regions_json(regions)
    if not isinstance(domain, Box):
        more["shape"] = domain.as_json()
    ends = zip(domain.names, domain.lower, domain.upper, strict=True)
    return more | {
        "format": "certax-problem/1",
        "name": name,
        "coordinates": [{"name": n, "lower": lo, "upper": hi} for n, lo, hi in ends],
        "fields": list(fields),
        "residual": residual.as_json(),
        "conditions": [c.as_json() for c in conditions],
    }


def read_problem(text: str) -> dict[str, Any]:
    """The parts of a problem from the content of its file; no user code is run.

    **Raises:** `CertaxError` if the text is not a problem of this version.
    """
    try:
        data = json.loads(text)
        if data["format"] != "certax-problem/1":
            raise CertaxError(
                f"The problem file has the format {data['format']!r}.",
                value=str(data["format"]),
                remedy="This version reads certax-problem/1.",
            )
        residual = Program.from_json(data["residual"])
        regions = data.get("regions")
        statement = {
            "name": data["name"],
            "domain": _domain_from(data),
            "fields": tuple(data["fields"]),
            "residual": residual,
            "conditions": tuple(
                TracedCondition.from_json(c) for c in data["conditions"]
            ),
            "unknowns": tuple(data.get("unknowns", ())),
            "regions": regions_from(regions, len(residual.outputs)) if regions else (),
        }
        check_conditions(statement["domain"], residual, statement["conditions"])
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise CertaxError(
            f"The problem file cannot be read: {type(error).__name__}: {error}.",
            remedy="It must be a problem.json that certax wrote.",
        ) from None
    return statement


def _domain_from(data: Mapping[str, Any]) -> AbstractShape:
    box = Box(**{c["name"]: (c["lower"], c["upper"]) for c in data["coordinates"]})
    if "shape" not in data:
        return box
    shape = shape_from_json(data["shape"])
    if (shape.names, shape.lower, shape.upper) != (box.names, box.lower, box.upper):
        raise CertaxError(
            "The problem file gives its shape another box than its own.",
            remedy="It must be a problem.json that certax wrote.",
        )
    return shape
