"""`certax report`: write the page of a run again."""

from ._options import Json, Quiet, Run
from ._reply import Reply


def report(run: Run, json_: Json = False, quiet: Quiet = False) -> Reply:
    """Write report.html of a run, from the files in its folder alone."""
    from .. import _api

    page = _api.report(run)
    return Reply("report", str(page), {"report": str(page)})
