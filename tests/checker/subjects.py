"""Networks as the checker reads them."""

import json

from material import safetensors

from certax_checker.kernel._algebra import Algebra
from certax_checker.kernel._documents import read_network, read_problem
from certax_checker.kernel._leaves import Subject
from certax_checker.kernel._reader import File


def subject_of(stated, network, tensors, algebra=None):
    """A network that is read for a problem."""
    algebra = algebra or Algebra()
    problem = read_problem(json.dumps(stated).encode(), "problem", algebra)
    weights = File("weights", safetensors(tensors), "")
    made = read_network(json.dumps(network).encode(), weights, problem, algebra)
    return Subject(problem, *made)
