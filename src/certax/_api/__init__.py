from ..reports import write_report as report
from ._run import run as run
from ._verbs import certify as certify
from ._verbs import load as load
from ._verbs import save as save
from ._verbs import solve as solve

__all__ = ["certify", "load", "report", "run", "save", "solve"]
