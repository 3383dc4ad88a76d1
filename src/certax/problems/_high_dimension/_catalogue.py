"""The zoo in any number of dimensions."""

from collections.abc import Callable, Mapping

from ..._core import CertaxError
from . import _elliptic, _parabolic
from ._statement import HighDimensionalProblem

_makers: dict[str, Callable[[int], HighDimensionalProblem]] = {
    "sine-gordon-ball": _elliptic.sine_gordon_ball,
    "sine-gordon-ball-three-body": _elliptic.sine_gordon_ball_three_body,
    "allen-cahn-ball": _elliptic.allen_cahn_ball,
    "allen-cahn-terminal": _parabolic.allen_cahn_terminal,
    "semilinear-heat-terminal": _parabolic.semilinear_heat_terminal,
    "sine-gordon-terminal": _parabolic.sine_gordon_terminal,
    "hamilton-jacobi-bellman": _parabolic.hamilton_jacobi_bellman,
    "black-scholes-basket": _parabolic.black_scholes_basket,
}
high_dimensional_names: tuple[str, ...] = tuple(_makers)
_usual_dimension = 100


def high_dimensional_problem(
    name: str, settings: Mapping[str, str] | None = None
) -> HighDimensionalProblem:
    """A problem of the high-dimensional zoo.

    **Arguments:**

    - `settings`: `{"d": "100000"}`; 100 dimensions without.

    **Raises:** `CertaxError` for another setting, and a dimension that is none.
    """
    settings = settings or {}
    for key in settings:
        if key != "d":
            raise CertaxError(
                f"The problem {name!r} has no constant {key!r}.",
                value=key,
                remedy="It has d, the dimension.",
            )
    text = str(settings.get("d", _usual_dimension))
    if not (text.isdecimal() and len(text) <= 12):
        raise CertaxError(
            f"The dimension is {text}.",
            value=text,
            remedy="Give a whole number, such as problem.d=1000.",
        )
    return _makers[name](int(text))


def high_dimensional_summary(name: str) -> str:
    """One sentence about a problem."""
    return " ".join((_makers[name].__doc__ or "").split())
