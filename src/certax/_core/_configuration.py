"""Settings: what may be chosen, and how files and the command line choose it."""

import difflib
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    ValidationError,
)

from ._errors import CertaxError
from ._exact import expression

Activation = Literal["tanh", "sin", "softplus", "logistic", "swish"]
NetworkKind = Literal[
    "mlp",
    "modified-mlp",
    "residual-adaptive",
    "gaussian-features",
    "fourier-features",
    "sandwich",
    "lagrangian",
]
NetworkForm = Literal["direct", "stream-function"]
OptimizerName = Literal[
    "adam",
    "soap",
    "lbfgs",
    "broyden",
    "levenberg-marquardt",
    "gauss-newton",
    "natural-gradient",
    "saddle-free",
]
RecipeName = Literal["smooth", "sharp"]
BalancingName = Literal["gradient-norm", "ntk", "relobralo"]


def _exact(value: Any) -> str:
    try:
        return expression(value)
    except CertaxError as error:
        raise ValueError(str(error)) from None


def _power_of_two(value: int) -> int:
    if value & (value - 1):
        raise ValueError("It must be a power of two.")
    return value


def _number(value: Any) -> Any:
    if isinstance(value, bool):
        raise ValueError("It must be a number.")
    return value


Whole = Annotated[int, BeforeValidator(_number)]
Positive = Annotated[float, BeforeValidator(_number), Field(gt=0, allow_inf_nan=False)]
Exact = Annotated[str, BeforeValidator(_exact)]


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class NetworkSettings(_Section):
    """The net.

    **Attributes:**

    - `width`: neurons in a hidden layer.
    - `depth`: number of hidden layers.
    - `activation`: their nonlinearity.
    - `kind`: which net; see `docs/solving.md`.
    - `form`: of the fields: the net's outputs, or velocities from a stream function.
    - `features`: how many frequencies or Gaussians, for kinds that have them.
    - `scale`: of the frequencies or Gaussians; the Lipschitz bound of a sandwich net.
    - `factorized`: whether every neuron's weights have a trained factor in front.
    - `symmetric`: whether the fields are even or odd by their formula about the middle
      of every coordinate in which the problem is its own mirror image.
    """

    width: Annotated[Whole, Field(ge=1, le=4096)] | None = None
    depth: Annotated[Whole, Field(ge=1, le=64)] | None = None
    activation: Activation | None = None
    kind: NetworkKind | None = None
    form: NetworkForm = "direct"
    features: Annotated[Whole, Field(ge=1, le=4096)] | None = None
    scale: Positive | None = None
    factorized: bool = False
    symmetric: bool | None = None


class TrainingSettings(_Section):
    """Training.

    **Attributes:**

    - `recipe`: where the points are: spread evenly, or where the residual is large.
    - `optimizer`: what minimizes the residual.
    - `balancing`: how the terms of the loss are weighed, where there are several.
    - `adam_steps`: steps of a first phase with Adam.
    - `points`: number of collocation points.
    - `windows`: pieces of the time interval that are solved one after the other.
    - `stages`: how many nets: each further one is trained on what the residual of those
      before it is.
    - `pseudo_time`: whether a steady problem is first followed as an evolution.
    - `smoothness`: beside measured data, the weight of the slopes of the fields that
      are not measured, over the length of the domain (Tikhonov's regularization).
    - `hard`: whether initial and boundary data are built into the net exactly.
    """

    recipe: RecipeName | None = None
    optimizer: OptimizerName | None = None
    balancing: BalancingName | None = None
    adam_steps: Annotated[Whole, Field(ge=1, le=10**9)] | None = None
    points: Annotated[Whole, Field(ge=1, le=10**8)] | None = None
    windows: Annotated[Whole, Field(ge=1, le=64)] = 1
    stages: Annotated[Whole, Field(ge=1, le=4)] | None = None
    pseudo_time: bool = False
    smoothness: Positive | None = None
    hard: bool = True


class CertificateSettings(_Section):
    """The certificate.

    **Attributes:**

    - `slabs`: pieces into which the time axis is cut, a power of two.
    - `degree`: of the Taylor polynomials.
    - `relative_target`: stop the search at this multiple of the measured value.
    - `budget`: seconds for the search.
    """

    slabs: (
        Annotated[Whole, Field(ge=1, le=4096), AfterValidator(_power_of_two)] | None
    ) = None
    degree: Annotated[Whole, Field(ge=0, le=15)] | None = None
    relative_target: Positive | None = None
    budget: Positive | None = None


class Configuration(_Section):
    """The settings of a run; `None` means the recipe of the problem's kind.

    **Attributes:**

    - `network`, `training`, `certificate`: see the sections.
    - `problem`: other values for the problem's constants, as exact expressions by name.

    !!! example

        ```python
        configuration = Configuration(network=NetworkSettings(width=40))
        ```
    """

    network: NetworkSettings = NetworkSettings()
    training: TrainingSettings = TrainingSettings()
    certificate: CertificateSettings = CertificateSettings()
    problem: dict[str, Exact] = {}

    def __hash__(self) -> int:
        return hash(self.model_dump_json())


def read_configuration(
    file: Path | None = None, assignments: Sequence[str] = ()
) -> Configuration:
    """The settings of a TOML file, changed by assignments.

    Decimal numbers in the section `problem` are exact: `nu = 0.001` is one thousandth.

    **Arguments:**

    - `file`: a TOML file with the sections of [`Configuration`][].
    - `assignments`: texts such as `"network.width=40"`; they win over the file, later
      ones over earlier ones.

    **Raises:** `CertaxError` for a key that does not exist, naming the nearest, and for
    a value that cannot be used.
    """
    settings = {} if file is None else _read_toml(file)
    for assignment in assignments:
        key, equals, value = assignment.partition("=")
        parts = key.strip().split(".")
        if not equals or len(parts) != 2 or not value.strip():
            raise CertaxError(
                f"{assignment!r} is not a setting.",
                value=assignment,
                remedy="Write SECTION.KEY=VALUE, such as network.width=40.",
            )
        section = settings.setdefault(parts[0], {})
        if isinstance(section, dict):
            section[parts[1]] = value.strip()
    return configuration_from(settings)


def configuration_from(settings: Mapping[str, Any]) -> Configuration:
    """A configuration from nested mappings, as in `config.json`.

    **Raises:** `CertaxError` as `read_configuration` does.
    """
    try:
        return Configuration.model_validate(settings)
    except ValidationError as error:
        raise _in_words(error) from None


def _read_toml(file: Path) -> dict[str, Any]:
    try:
        with open(file, "rb") as stream:
            return tomllib.load(stream, parse_float=_decimal)
    except OSError as error:
        raise CertaxError(
            f"The configuration file {file} cannot be read: {error.strerror}.",
            value=str(file),
            remedy="Give an existing TOML file.",
        ) from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise CertaxError(
            f"The configuration file {file} is not TOML: {error}.",
            value=str(file),
            remedy="Mend that place.",
        ) from None


def _decimal(text: str) -> str:
    """A TOML float as text: so it keeps its exact meaning."""
    return text.replace("_", "").lower().replace("e+", "e").removeprefix("+")


def known_settings() -> list[str]:
    """All settings but the problem's constants, as `section.key`."""
    return [
        f"{section}.{key}"
        for section, field in Configuration.model_fields.items()
        if section != "problem"
        for key in field.annotation.model_fields  # type: ignore[union-attr]
    ]


def nearest(word: str, known: Sequence[str]) -> str | None:
    """The known word most similar to a word, or `None` if none is similar."""
    found = difflib.get_close_matches(word, known, 1, cutoff=0.5)
    return found[0] if found else None


def _in_words(error: ValidationError) -> CertaxError:
    first = error.errors(include_url=False)[0]
    key = ".".join(str(part) for part in first["loc"])
    value = first.get("input")
    if first["type"] == "extra_forbidden":
        known = known_settings()
        if "." not in key:
            known = [name for name in Configuration.model_fields]
        similar = nearest(key, known)
        return CertaxError(
            f"There is no setting {key!r}.",
            value=key,
            remedy=(
                f"Did you mean {similar!r}?"
                if similar
                else f"The settings are {', '.join(known)}."
            ),
        )
    if first["type"] == "literal_error":
        expected = str(first.get("ctx", {}).get("expected", ""))
        known = expected.replace("'", "").replace(" or ", ", ")
        reason = f"choose from {known}"
    else:
        reason = first["msg"].removeprefix("Value error, ")
        reason = reason[:1].lower() + reason[1:].rstrip(".")
    return CertaxError(
        f"The setting {key} is {value!r}.",
        value=value if isinstance(value, str | int | float) else repr(value),
        remedy=f"{reason[:1].upper()}{reason[1:]}.",
    )
