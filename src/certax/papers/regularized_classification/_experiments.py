"""All rows of arXiv 2309.09258 at two scales."""

from functools import partial

from .. import _shallow_experiments

experiments = partial(_shallow_experiments.experiments, "logistic")
