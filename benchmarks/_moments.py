"""Stationary moments of Langevin Monte Carlo where they are known."""

from ._figure import Figure

chains, draws, thinning, seed = 400, 300, 10, 0


def lmc_moments() -> list[Figure]:
    """The largest deviation of means and second moments, in standard errors.

    Nine moments a figure: of nine right ones the largest is above 3 in about one of
    forty cases.
    """
    import jax

    from certax.papers.langevin import moments, targets

    figures = []
    for name, target in targets.items():
        for kind, step in (("plain", 0.1), ("adjusted", 0.35)):
            with jax.enable_x64(True):
                found = moments(
                    target,
                    step,
                    adjusted=kind == "adjusted",
                    chains=chains,
                    draws=draws,
                    thinning=thinning,
                    seed=seed,
                )
            figures.append(
                Figure(
                    f"{kind} Langevin steps of {step:g}, {name} Gaussian: largest "
                    "deviation of its moments in standard errors",
                    3,
                    found["largest deviation"],
                    details={"chains": chains, **found},
                )
            )
    return figures
