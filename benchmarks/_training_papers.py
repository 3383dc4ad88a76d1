"""Rates and floors that are proved for training, beside those that are reached."""

from dataclasses import replace

from ._figure import Figure

runs_of_each = 25


def neuro_tron() -> list[Figure]:
    """Two hundred runs: eight setups with reduced sizes, each with 25 nets of its own;
    and how errors grow with the bound θ of the attack.
    """
    import jax

    with jax.enable_x64(True):
        return _stuck() + _linear()


def _stuck() -> list[Figure]:
    import numpy as np

    from certax.papers.poisoned_nets import _experiments as papers, _runs

    stuck = {name: 0 for name in ("neuro-tron", "sgd", "sgd-published")}
    of_setups = []
    for setup in papers.small.setups:
        # The middle of what is swept.
        one = replace(
            setup, bounds=setup.bounds[3:4], probabilities=setup.probabilities[3:4]
        )
        nothing = np.stack([np.eye(setup.weights)] * runs_of_each)
        row = {}
        for name in stuck:
            record = _runs.train(one, name, "alternating", runs_of_each, 0, nothing)
            row[name] = int(record.stuck.sum())
            stuck[name] += row[name]
        of_setups.append({"setup": setup.key, "runs": runs_of_each} | row)
    total = runs_of_each * len(of_setups)
    details = {"runs": total, "stuck": stuck, "setups": of_setups}
    return [
        Figure(
            f"Neuro-Tron: runs of {total} that are stuck, beside "
            f"{stuck['sgd']} of SGD and {stuck['sgd-published']} of SGD as published",
            0,
            stuck["neuro-tron"],
            details=details,
        )
    ]


def _linear() -> list[Figure]:
    import numpy as np

    from certax.papers.poisoned_nets import _experiments as papers, _runs

    figures, runs = [], 8
    for setup in papers.small.setups[:4]:
        known = papers.proved(setup, runs, 0)
        metrics = [np.eye(setup.weights) if c is None else c.metric for c in known]
        record = _runs.train(
            setup, "neuro-tron", "alternating", runs, 0, np.stack(metrics)
        )
        found = papers.measured(setup, record)
        said = papers.guaranteed(setup, "alternating", record, known)
        details = {"θ": list(setup.bounds), **found, **said}
        name = f"Neuro-Tron, {setup.law.name} inputs"
        figures.append(
            Figure(
                f"{name}: R² of the error against the bound of the attack",
                0.99,
                found["R²"],
                at_least=True,
                details=details,
            )
        )
        if "of" in said:
            pairs = zip(found["error"], said["guaranteed floor"], strict=True)
            figures.append(
                Figure(
                    f"{name}: largest error over its guaranteed floor",
                    1,
                    max(error / floor for error, floor in pairs if floor),
                    details=details,
                )
            )
    return figures


def rates() -> list[Figure]:
    """Fitted over proved exponents, and how many inequalities are violated."""
    import jax

    with jax.enable_x64(True):
        return [*_gate(), *_above()]


def _gate() -> list[Figure]:
    from certax.papers.relu_gate import _experiments as papers
    from certax.papers.relu_gate._runs import Runs

    clean, attacked = {}, {}
    for d, b, steps in papers.small.rates:
        runs = Runs(d, b, steps, papers.small.runs)
        clean[f"batch {b}"] = papers.rate(runs, 0)
        for bound, chance in papers.small.attacks:
            row = papers.poisoned(runs, bound, chance, 0)
            attacked[f"batch {b}, θ = {bound:g}, β = {chance:g}"] = row
    made = []
    for words, rows in (("without attack", clean), ("under attack", attacked)):
        off = max(abs(row["exponents differ by"]) for row in rows.values())
        made.append(
            Figure(
                f"GLM-Tron {words}: how far the fitted exponent is from that of "
                "1 - λ₁²/c_b, at most, over batches",
                0.1,
                off,
                details=rows,
            )
        )
        made.append(_violated(f"GLM-Tron {words}", rows))
    return made


def _above() -> list[Figure]:
    from certax.papers import _shallow_experiments as papers
    from certax.papers._shallow import Task

    made = []
    for loss in ("squared", "logistic"):
        rows, off = {}, 0.0
        for activation in ("sigmoid", "tanh"):
            flat = Task(activation, loss, outer=0.1)
            steep = Task(activation, loss, outer=2.0, alternating=True)
            for task, share, where in ((flat, 20, "above"), (steep, 0.05, "below")):
                weight = papers.regularization(task, 0, share)
                for run in (papers.descent, papers.stochastic, papers.diffusion):
                    row = run(task, weight, papers.small, 0)
                    rows[f"{activation}, {run.__name__}, {where} ρ"] = row
                    if where == "above":
                        off = max(off, abs(row.get("rates differ by", 0)))
        made.append(
            Figure(
                f"Gradient descent far above ρ, {loss} loss: how far the fitted rate "
                "is from the proved one, at most",
                0.1,
                off,
                details=rows,
            )
        )
        made.append(_violated(f"Regularized nets, {loss} loss", rows))
    return made


def _violated(words: str, rows: dict) -> Figure:
    return Figure(
        f"{words}: runs along which an inequality of a theorem is violated, "
        f"of {len(rows)}",
        0,
        sum(not row["all hold"] for row in rows.values()),
        details={name: row["least margin"] for name, row in rows.items()},
    )
