"""Experiments that cost nothing."""

import math

from certax.papers import Experiment, algebraic_inclusion

calls = []


def experiments(request):
    """Two rows that note when they are computed."""

    def compute(name):
        calls.append(name)
        return {"error": 0.125, "kept": True, "bad": math.inf}

    return [
        Experiment(
            key=name,
            section="s",
            method=name + " <b>",
            settings={"n": 1},
            compute=lambda name=name: compute(name),
            says=algebraic_inclusion.paper.claims[0],
            why="because",
        )
        for name in ("one", "two")
    ]
