from ..reports import write_report as report
from ._run import run as run
from ._verbs import certify as certify, load as load, save as save, solve as solve

__all__ = ["certify", "load", "report", "run", "save", "solve"]
