"""Programs as text, for people."""

from ._programs import Program

_signs = {"add": ("+", 1), "sub": ("-", 1), "mul": ("*", 2), "div": ("/", 2)}


def infix(program: Program) -> dict[str, str]:
    """Each output as a formula, constants by name and numbers by value."""
    values: list = []
    for item in program.inputs:
        literal = item.kind == "constant" and item.name.startswith("literal.")
        text = item.value if literal else item.name.replace(".", "_")
        strength = 4 if text.isidentifier() or text.isdigit() else 0
        values.append((text, strength))
    for op, arguments, extra in program.ops:
        values.append(_operation(op, [values[a] for a in arguments], extra))
    return {name: values[index][0] for name, index in program.outputs.items()}


def _operation(op: str, args: list, extra: int | None):
    match op:
        case "stack":
            return list(args)
        case "index":
            return args[0][extra or 0]
        case "broadcast":
            return [args[0]] * (extra or 1)
        case _ if any(isinstance(a, list) for a in args):
            return (f"{op}(...)", 4)
        case "neg":
            return (f"-{_wrapped(args[0], 2)}", 1)
        case "ipow":
            return (f"{_wrapped(args[0], 4)}^{extra}", 3)
        case _ if op in _signs:
            sign, strength = _signs[op]
            left = _wrapped(args[0], strength)
            # a - (b + c) and a / (b c) need their brackets.
            right = _wrapped(args[1], strength + (op in ("sub", "div")))
            space = " " if strength == 1 else ""
            return (f"{left}{space}{sign}{space}{right}", strength)
        case _:
            return (f"{op}({', '.join(a[0] for a in args)})", 4)


def _wrapped(value: tuple[str, int], least: int) -> str:
    text, strength = value
    return text if strength >= least else f"({text})"
