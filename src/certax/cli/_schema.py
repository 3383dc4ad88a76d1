"""`certax schema`: the JSON Schemas of files and replies."""

import json
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Annotated, Any

import typer

from ._options import Json, Quiet
from ._reply import Reply


def schema(
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="None: list the names.")
    ] = None,
    json_: Json = False,
    quiet: Quiet = False,
) -> Reply:
    """Print the JSON Schema of a file that certax writes, or of a reply with --json."""
    if name is None:
        names = all_schema_names()
        return Reply("schema", "\n".join(names), {"names": names})
    content = read_schema(name)
    return Reply("schema", json.dumps(content, indent=2), {"schema": content})


def _schemas() -> Traversable:
    return resources.files("certax.cli") / "schemas"


def own_schema_names() -> list[str]:
    """Those committed beside this module."""
    folder = _schemas()
    names = (item.name for item in folder.iterdir())
    return sorted(n.removesuffix(".json") for n in names if n.endswith(".json"))


def all_schema_names() -> list[str]:
    from ..reports import schema_names

    return sorted({*own_schema_names(), *schema_names})


def read_schema(name: str) -> dict[str, Any]:
    """A committed schema.

    **Raises:** `CertaxError` that suggests the nearest name.
    """
    if name in own_schema_names():
        file = _schemas() / f"{name}.json"
        return json.loads(file.read_text(encoding="utf-8"))
    from .._core import CertaxError
    from .._core._configuration import nearest
    from ..reports import json_schema, schema_names

    if name in schema_names:
        return json_schema(name)
    similar = nearest(name, all_schema_names())
    names = f"The schemas are {', '.join(all_schema_names())}."
    raise CertaxError(
        f"There is no schema {name!r}.",
        value=name,
        remedy=f"Did you mean {similar!r}?" if similar else names,
    )
