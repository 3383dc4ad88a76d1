"""Numbers as text. A proved number is copied digit by digit and never rounded again."""

_superscripts = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")
missing = "—"


def proved(decimal: str) -> str:
    """A bound as printed: `8.12e-4` becomes `8.12 × 10⁻⁴`, with the same digits."""
    mantissa, _, exponent = decimal.partition("e")
    if not exponent:
        return mantissa
    return f"{mantissa} × 10{str(int(exponent)).translate(_superscripts)}"


def measured(value: float | None) -> str:
    """A measured number with three digits."""
    if value is None:
        return missing
    if value == 0 or 1e-2 <= abs(value) < 1e4:
        return f"{value:.3g}"
    mantissa, _, exponent = f"{value:.2e}".partition("e")
    return proved(f"{mantissa.rstrip('0').rstrip('.')}e{exponent}")


def norm(name: str) -> str:
    """`L1`, `L2`, `Linf`, `H1` as readers know them."""
    return {"L1": "L¹", "L2": "L²", "Linf": "supremum", "H1": "H¹"}.get(name, name)


def ratio(value: float | None) -> str:
    """How many times larger the proved number is, such as `2.6 times`."""
    return missing if value is None else f"{value:.3g} times"


def seconds(value: float | None) -> str:
    if value is None:
        return missing
    if value < 100:
        return f"{value:.1f} s" if value >= 1 else f"{value:.2g} s"
    minutes, rest = divmod(round(value), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min {rest} s"


def size(value: int) -> str:
    """Bytes in decimal units."""
    number = float(value)
    for unit in ("bytes", "kB", "MB"):
        if number < 1000:
            return f"{number:.3g} {unit}"
        number /= 1000
    return f"{number:.3g} GB"


def count(value: int | None) -> str:
    """An integer with thin spaces between thousands."""
    return missing if value is None else f"{value:,}".replace(",", "\u202f")
