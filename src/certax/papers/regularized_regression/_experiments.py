"""All rows of arXiv 2210.11452 at two scales."""

from functools import partial

from .. import _shallow_experiments

experiments = partial(_shallow_experiments.experiments, "squared")
