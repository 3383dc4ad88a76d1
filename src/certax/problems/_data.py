"""Measured data: values of some fields at points, from arrays, CSV or NetCDF."""

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from .._core import AbstractShape, Box, CertaxError
from ._problem import Problem

_outside = "Leave out what lies outside, or enlarge the domain."


@dataclass(frozen=True, init=False, eq=False)
class Data:
    """What was measured, to be fitted while a problem is solved.

    **Arguments:**

    - `points`: one array for each coordinate, in the units of the domain.
    - `values`: one array for each field that was measured; all arrays have one shape.

    **Raises:** `CertaxError` if shapes differ, or a number is not finite.

    !!! example

        ```python
        data = cx.Data(points={"x": x, "t": t}, values={"u": u})
        solution = cx.solve(problem, data=data)
        ```
    """

    points: Mapping[str, np.ndarray]
    values: Mapping[str, np.ndarray]

    def __init__(self, points: Mapping[str, Any], values: Mapping[str, Any]):
        made: list[dict[str, np.ndarray]] = []
        shapes = {}
        for group in (points, values):
            arrays = {}
            for name, given in group.items():
                array = _numbers(name, given)
                shapes[name] = array.shape
                arrays[name] = array.ravel()
            made.append(arrays)
        if not points or not values or len(set(shapes.values())) != 1:
            listed = ", ".join(f"{n} {s}" for n, s in shapes.items())
            raise CertaxError(
                f"Measured data have the shapes {listed or 'of nothing'}.",
                value=listed,
                remedy="Give every coordinate and one field or more, all of one shape.",
            )
        object.__setattr__(self, "points", made[0])
        object.__setattr__(self, "values", made[1])

    def __len__(self) -> int:
        return len(next(iter(self.points.values())))

    def check(self, problem: Problem) -> None:
        """**Raises:** `CertaxError` if data do not belong to a problem: wrong names, or
        points outside the domain.
        """
        domain = problem.domain
        known = (("coordinate", domain.names), ("field", problem.fields))
        for (kind, names), given in zip(known, (self.points, self.values), strict=True):
            missing = set(names) - set(given) if kind == "coordinate" else set()
            wrong = sorted((set(given) - set(names)) | missing)
            if wrong:
                raise CertaxError(
                    f"The measured data and the problem differ in the {kind} "
                    f"{wrong[0]!r}.",
                    value=wrong[0],
                    remedy=f"The problem has the {kind}s {', '.join(names)}.",
                )
        self._check_inside(domain)

    def _check_inside(self, domain: AbstractShape) -> None:
        ends = zip(domain.names, domain.lower_floats, domain.upper_floats, strict=True)
        for name, lower, upper in ends:
            x = self.points[name]
            outside = np.flatnonzero((x < lower) | (x > upper))
            if outside.size:
                first = outside[0]
                raise CertaxError(
                    f"The measured point number {first} has {name} = {x[first]:g}, "
                    f"outside of [{lower:g}, {upper:g}].",
                    value=float(x[first]),
                    remedy=_outside,
                )
        if isinstance(domain, Box):
            return
        points = np.stack([self.points[n] for n in domain.names], axis=-1)
        beyond = np.flatnonzero(~domain.contains(points))
        if beyond.size:
            place = ", ".join(f"{c:g}" for c in points[beyond[0]])
            raise CertaxError(
                f"The measured point number {beyond[0]}, ({place}), lies outside of "
                "the domain.",
                value=place,
                remedy=_outside,
            )

    def text(self) -> str:
        """As CSV with a head; every number reads back as the same one."""
        columns = {**self.points, **self.values}
        rows = zip(*[map(repr, c.tolist()) for c in columns.values()], strict=True)
        return "\n".join([",".join(columns), *map(",".join, rows)]) + "\n"

    @staticmethod
    def read(path: Path | str, problem: Problem) -> "Data":
        """Reads CSV with a head of names, or NetCDF (`.nc`) with variables of these.

        **Raises:** `CertaxError` if the file cannot be read or does not belong to the
        problem.
        """
        path = Path(path)
        try:
            columns = _netcdf(path) if path.suffix == ".nc" else _csv(path)
        except CertaxError:
            raise
        except (OSError, ValueError, UnicodeDecodeError) as error:
            raise CertaxError(
                f"The data file {path} cannot be read: {error}.",
                value=str(path),
                remedy="Give CSV with one column a coordinate and field, or NetCDF.",
            ) from None
        names = problem.domain.names
        absent = [n for n in names if n not in columns]
        if absent:
            has = ", ".join(columns)[:200] or "nothing"
            raise CertaxError(
                f"The data file {path} has no column {absent[0]!r}, but {has}.",
                value=absent[0],
                remedy="Its first line names the columns, with commas between: "
                f"{','.join((*names, *problem.fields))}.",
            )
        data = Data(
            {n: c for n, c in columns.items() if n in names},
            {n: c for n, c in columns.items() if n not in names},
        )
        data.check(problem)
        return data


def _numbers(name: str, given: Any) -> np.ndarray:
    try:
        stated = np.asarray(given)
    except ValueError:
        stated = np.array(["lists of different lengths"])
    if stated.dtype.kind == "c":
        raise CertaxError(
            f"The measured {name} is complex.",
            value=name,
            remedy="Give real and imaginary parts as two fields.",
        )
    try:
        array = stated.astype(np.float64)
    except (TypeError, ValueError):
        array = np.vectorize(_float, otypes=[np.float64])(stated)
    if array.size == 0 or not np.isfinite(array).all():
        wrong = np.flatnonzero(~np.isfinite(array))[:1]
        entry = [f", such as number {i}: {str(stated.flat[i])[:40]!r}" for i in wrong]
        raise CertaxError(
            f"The measured {name} is empty or has entries that are no finite numbers"
            f"{''.join(entry)}.",
            value=name,
            remedy="Leave out points with missing values.",
        )
    return array


def _float(entry: Any) -> float:
    try:
        return float(entry)
    except (TypeError, ValueError):
        return np.nan


def _csv(path: Path) -> dict[str, Any]:
    with open(path, newline="", encoding="utf-8-sig") as stream:
        head, *rows = [row for row in csv.reader(stream, strict=True) if row] or [[]]
    names = [name.strip() for name in head]
    for number, row in enumerate(rows, 2):
        if len(row) != len(names):
            raise ValueError(f"row {number} has {len(row)} entries, not {len(names)}")
    if len(set(names)) < len(names):
        raise ValueError("a column occurs twice")
    return {n: [row[i] for row in rows] for i, n in enumerate(names)}


def _netcdf(path: Path) -> dict[str, Any]:
    import xarray

    path.stat()  # A missing file is not one of an unknown format.
    try:
        opened = xarray.open_dataset(path)
    except ValueError:
        raise ValueError("it is no NetCDF") from None
    with opened as dataset:
        frame = dataset.to_dataframe().reset_index()
        counters = [str(d) for d in dataset.dims if d not in dataset.coords]
        return {str(n): frame[n].to_numpy() for n in frame if n not in counters}
