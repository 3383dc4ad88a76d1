"""How figures look: one style for what is proved, another for what is measured.

The colors are those of Okabe and Ito and of ColorBrewer that color-blind readers can
tell apart; proved and measured lines differ in their dashes too.
"""

import html
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

ink, gray, faint = "#1d2430", "#6b7280", "#e3e6ea"
proved_color, measured_color = "#0072b2", "#c4500a"
proved_fill = "rgba(0, 114, 178, 0.16)"
line_colors = (ink, "#c4500a", "#0072b2", "#6c4a92")

proved_line = {"color": proved_color, "width": 2.5}
measured_line = {"color": measured_color, "width": 1.75, "dash": "5px,3px"}

font = "-apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif"

# What other pages need of the style.
palette = {"ink": ink, "gray": gray, "faint": faint, "font": font}

Width = Literal["full", "half", "third"]


@dataclass(frozen=True)
class Figure:
    """A figure of the page.

    - `plot`: data and layout as JSON for plotly.js.
    - `label`: what a reader who cannot see it is told.
    - `height`: in CSS pixels; together with `width` it fixes the space on the page.
    """

    key: str
    title: str
    caption: str
    label: str
    plot: str
    height: int
    width: Width = "full"


def axis(title: str, **options: Any) -> dict[str, Any]:
    """An axis with thin lines and no box."""
    return {
        "title": {"text": html.escape(title), "standoff": 8, "font": {"size": 13}},
        "tickfont": {"size": 12},
        "exponentformat": "power",
        "gridcolor": faint,
        "linecolor": gray,
        "showline": True,
        "ticks": "outside",
        "ticklen": 4,
        "tickcolor": gray,
        "zeroline": False,
        "automargin": True,
        **options,
    }


def log_axis(title: str, **options: Any) -> dict[str, Any]:
    """A logarithmic axis; `figure` chooses which powers of ten have ticks. Plotly draws
    them larger than other numbers.
    """
    return axis(
        title,
        type="log",
        **{"tickfont": {"size": 10}, **options},
    )


def color_bar(horizontal: bool = False, **options: Any) -> dict[str, Any]:
    """A thin bar as long as the plot, on its right or on top of it."""
    place = {"orientation": "h", "xpad": 0, "ypad": 4} if horizontal else {"ypad": 0}
    return {
        "thickness": 10,
        "len": 1,
        "outlinewidth": 0,
        "ticklen": 3,
        "tickcolor": gray,
        "tickfont": {"size": 12},
        "exponentformat": "power",
        "nticks": 6,
        **place,
        **options,
    }


def numbers(values: Any) -> np.ndarray:
    """Values for plotly.js, in single precision: they are only drawn."""
    return np.asarray(values, dtype=np.float32)


def positive(values: Any) -> np.ndarray:
    """Values for a logarithmic axis: what is not positive becomes a gap."""
    values = np.asarray(values, dtype=np.float64)
    return numbers(np.where(values > 0, values, np.nan))


def figure(
    key: str,
    title: str,
    traces: list[dict[str, Any]],
    *,
    x: dict[str, Any],
    y: dict[str, Any],
    caption: str,
    label: str,
    height: int = 320,
    width: Width = "full",
    legend: bool = False,
    legend_place: dict[str, float] | None = None,
    **layout: Any,
) -> Figure:
    """Assembles a figure; plotly checks every property's name and value."""
    import plotly.graph_objects as go

    x, y = _with_ticks(x, traces, "x"), _with_ticks(y, traces, "y")
    plot = go.Figure(
        data=traces,
        layout={
            "template": {},
            "xaxis": x,
            "yaxis": y,
            "height": height,
            "autosize": True,
            "margin": {"l": 8, "r": 8, "t": 32 if legend else 10, "b": 8},
            "font": {"family": font, "size": 13, "color": ink},
            "paper_bgcolor": "rgba(0,0,0,0)",
            "plot_bgcolor": "rgba(0,0,0,0)",
            "dragmode": False,
            "hovermode": "closest",
            "hoverlabel": {"font": {"family": font}},
            "showlegend": legend,
            "legend": {
                "orientation": "h",
                "x": 0,
                "y": 1,
                "xanchor": "left",
                "yanchor": "bottom",
                "bgcolor": "rgba(0,0,0,0)",
                **(legend_place or {}),
            },
            **layout,
        },
    )
    return Figure(key, title, caption, label, str(plot.to_json()), height, width)


def _with_ticks(
    options: dict[str, Any], traces: list[dict[str, Any]], letter: str
) -> dict[str, Any]:
    """A logarithmic axis with about six ticks, at powers of ten."""
    if options.get("type") != "log":
        return options
    exponents = [np.log10(trace[letter]) for trace in traces]
    ends = options.get("range") or np.concatenate(exponents)
    if not np.any(np.isfinite(ends)):
        return options
    return {
        **options,
        "dtick": max(1, round(float(np.nanmax(ends) - np.nanmin(ends)) / 6)),
    }
