"""The equation of Black and Scholes for a European call of strike one, in the time to
maturity. It starts a quarter before maturity, where the price is smooth: the payoff has
a corner, which a smooth ansatz would carry along.
"""

import jax.numpy as jnp
from jax.scipy.special import erf

import certax as cx


def price(s, tau, rate, volatility, root):
    spread = volatility * jnp.sqrt(tau)
    high = (jnp.log(s) + (rate + volatility**2 / 2) * tau) / spread
    low = (jnp.log(s) + (rate - volatility**2 / 2) * tau) / spread
    discount = jnp.exp(-rate * tau)
    return s * normal(high / root) - discount * normal(low / root)


def normal(x):
    """The distribution function of the normal distribution at sqrt(2) x."""
    return (1 + erf(x)) / 2


def residual(v, s, rate, volatility):
    diffusion = (volatility * s) ** 2 / 2
    return v.tau - diffusion * v.ss - rate * s * v.s + rate * v


constants = {
    "rate": "1/20",
    "volatility": "2/5",
    "root": "sqrt(2)",
    "start": "1/4",
    "low": "1/2",
    "high": "2",
}

problem = cx.Problem(
    name="black-scholes",
    domain=cx.Box(s=("1/2", 2), tau=("1/4", 1)),
    constants=constants,
    residual=residual,
    conditions=(
        cx.Initial(
            lambda s, start, rate, volatility, root: price(
                s, start, rate, volatility, root
            ),
            at="tau",
        ),
        cx.Dirichlet(
            "s",
            lambda tau, low, rate, volatility, root: price(
                low, tau, rate, volatility, root
            ),
            side="lower",
        ),
        cx.Dirichlet(
            "s",
            lambda tau, high, rate, volatility, root: price(
                high, tau, rate, volatility, root
            ),
            side="upper",
        ),
    ),
)
