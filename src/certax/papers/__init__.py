"""Papers: what they say, what we get, and why they differ."""

from ._paper import (
    Experiment as Experiment,
    Paper as Paper,
    Request as Request,
    Section as Section,
    Statement as Statement,
)
from ._verbs import find as find, papers as papers, run as run
