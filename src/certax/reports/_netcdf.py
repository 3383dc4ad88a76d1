"""`solution.nc`: the answer on a grid, readable by every tool of the sciences."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from jaxtyping import Float64

from .._core import CertaxError, write_atomically

if TYPE_CHECKING:
    import xarray

Values = Float64[np.ndarray, "..."]


@dataclass(frozen=True)
class VariableNames:
    """What the variables that belong to one field are called."""

    value: str
    reference: str
    error: str
    lower: str
    upper: str


def variable_names(field: str, single: bool) -> VariableNames:
    """`u`, `u_reference`, `error`, `u_lower`, `u_upper`; with several fields the error
    carries the field's name too.
    """
    return VariableNames(
        value=field,
        reference=f"{field}_reference",
        error="error" if single else f"{field}_error",
        lower=f"{field}_lower",
        upper=f"{field}_upper",
    )


def write_solution(
    path: Path,
    coordinates: Mapping[str, Values],
    fields: Mapping[str, Values],
    *,
    reference: Mapping[str, Values] | None = None,
    residual: Values | Mapping[str, Values] | None = None,
    bounds: Mapping[str, tuple[Values, Values]] | None = None,
    attributes: Mapping[str, str | int | float] | None = None,
) -> Path:
    """Writes a NetCDF4 file, whole or not at all.

    **Arguments:**

    - `coordinates`: for each name, in order, the grid's values, shape `(n_i,)`.
    - `fields`: for each name the approximate solution, shape `(n_1, ..., n_d)`; so are
        all the others.
    - `reference`: the reference solution of some of the fields; the variable `error`
        is the difference field − reference.
    - `residual`: of the equation, or of each by name (`residual_0`, ...).
    - `bounds`: proved lower and upper bounds, for claims in the supremum norm only.
    - `attributes`: of the file, such as the certificate's hash.

    **Returns:** the path.

    **Raises:** `CertaxError` if a shape does not fit or two names collide.
    """
    import xarray

    dimensions = tuple(coordinates)
    shape = tuple(len(values) for values in coordinates.values())
    variables: dict[str, Any] = {}

    def add(name: str, values: Values, long_name: str) -> None:
        values = np.asarray(values, dtype=np.float64)
        if values.shape != shape:
            raise CertaxError(
                f"The variable {name} has the shape {values.shape}, the grid {shape}.",
                value=values.shape,
                remedy="Evaluate it on the grid, coordinates in their order.",
            )
        if name in variables or name in coordinates:
            raise CertaxError(
                f"Two variables of the file would be called {name}.",
                value=name,
                remedy="Rename the field or the coordinate.",
            )
        variables[name] = (dimensions, values, {"long_name": long_name, "units": "1"})

    for field, values in fields.items():
        names = variable_names(field, single=len(fields) == 1)
        add(names.value, values, f"approximate solution {field}")
        if reference is not None and field in reference:
            add(names.reference, reference[field], f"reference solution {field}")
            difference = np.asarray(values) - np.asarray(reference[field])
            add(names.error, difference, f"{field} minus its reference")
        if bounds is not None and field in bounds:
            lower, upper = bounds[field]
            add(names.lower, lower, f"proved lower bound of the solution {field}")
            add(names.upper, upper, f"proved upper bound of the solution {field}")
    if isinstance(residual, Mapping):
        for key, values in residual.items():
            add(f"residual_{key}", values, f"residual of equation {key}")
    elif residual is not None:
        add("residual", residual, "residual of the equation")

    dataset = xarray.Dataset(
        variables,
        coords={
            name: (name, np.asarray(values), {"long_name": name, "units": "1"})
            for name, values in coordinates.items()
        },
        attrs={"Conventions": "CF-1.11", **(attributes or {})},
    )
    content = dataset.to_netcdf(None, engine="h5netcdf", format="NETCDF4")
    return write_atomically(Path(path), bytes(content))


def read_solution(path: Path) -> "xarray.Dataset":
    """Reads a `solution.nc` into memory; the file is closed again.

    **Raises:** `CertaxError` if it is not there or is no NetCDF4 file.
    """
    import xarray

    path = Path(path)
    if not path.is_file():
        raise CertaxError(
            f"There is no file {path}.",
            value=str(path),
            remedy="Name the solution.nc of a run folder.",
        )
    try:
        return xarray.load_dataset(path, engine="h5netcdf")
    except (OSError, ValueError, KeyError) as error:
        raise CertaxError(
            f"{path} is not a NetCDF4 file: {error}.",
            value=str(path),
            remedy="Write it again with this version of certax.",
        ) from None
