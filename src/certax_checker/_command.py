"""The commands `verify` and `derive`."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import flint
import numpy as np

from ._check import blank, check
from .kernel._errors import Malformed, Missing, Refusal
from .kernel._reader import JSON_BYTES, WEIGHT_BYTES, File, parse_json, read_file

PRECISION = 128


def environment() -> str:
    """What is wrong with the arithmetic of this machine, or an empty text."""
    one, unit, small = np.ones(8), np.full(8, 2.0**-53), np.full(8, 2.0**-1022)
    nearest = (one + unit == one).all() and (one + 3 * unit == one + 4 * unit).all()
    nearest = nearest and (-one - unit == -one).all() and (one + 1.5 * unit > one).all()
    double = np.full(8, 2.0**53 + 2) + (1 - 2.0**-16) == 2.0**53 + 2
    third = (one / 3 == np.full(8, 6004799503160661 * 2.0**-54)).all()
    if not nearest or not double.all() or not third or one.dtype != np.dtype("<f8"):
        return "floating-point arithmetic is not IEEE double precision to nearest"
    if not (small * 0.5 > 0).all() or not (small * 0.5 * 2 == small).all():
        return "subnormal numbers are flushed to zero"
    if sys.byteorder != "little":
        return "the byte order is not little-endian"
    root = flint.arb(2).sqrt()
    if not (root.rad() < 2.0**-100 and root * root > 1.99 and root * root < 2.01):
        return "python-flint does not compute"
    return ""


def _path(text: str, limit: int) -> File:
    path = Path(text)
    return read_file(path.parent, path.name, limit)


def _count(text: str) -> int:
    if not text.isdigit() or not 1 <= int(text) <= 4096:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 4096")
    return int(text)


def _pins(options: argparse.Namespace, data: File, report: dict[str, Any]) -> str:
    """Why the certificate is not about what the caller pins, or an empty text."""
    hashes = report["hashes"]
    if options.sha256 is not None and options.sha256.lower() != data.digest:
        return "the certificate does not have the pinned hash"
    files = options.problem, options.weights
    if report["claim"] == "trainability" and files != (None, None):
        return "a claim about training names no problem and no weights file"
    if options.weights is not None:
        if _path(options.weights, WEIGHT_BYTES).digest != hashes.get("weights"):
            return "the certificate's weights are not the pinned ones"
    if options.problem is not None:
        pinned = _path(options.problem, JSON_BYTES)
        try:
            mine = parse_json(pinned.data, pinned.name)
        except Malformed as error:
            raise Missing(error.reason, pinned.name) from None
        name = parse_json(data.data, "certificate")["problem"]["file"]
        beside = read_file(Path(options.certificate).parent, name, JSON_BYTES)
        same = beside.digest == hashes.get("problem")
        if not same or parse_json(beside.data, "problem") != mine:
            return "the certificate's problem is not the pinned one"
    return ""


def summary(result: dict[str, Any], pinned: bool) -> str:
    """The result of `verify` for a reader."""
    head = "ACCEPTED" if result["accepted"] else "REJECTED: " + result["reason"]
    lines = [head + (f" ({result['where']})" if result["where"] else "")]
    if result["accepted"]:
        note = "about the problem and net described above; compare them with yours"
        lines += ["", result["statement"], *([] if pinned else ["", note]), ""]
    for entry in result["hypotheses"]:
        lines.append(f"{entry['status']:>9}  {entry['name']}: {entry['detail']}")
    return "\n".join(lines)


def main(arguments: list[str] | None = None, workers: int = 1) -> int:
    """Runs a command, in so many processes by default, and returns the exit status."""
    parser = argparse.ArgumentParser(prog="certax_checker", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    verify = commands.add_parser("verify", help="check a certificate")
    verify.add_argument("certificate")
    for pin in ("--problem", "--weights", "--sha256"):
        verify.add_argument(pin)
    verify.add_argument("--json", action="store_true")
    derive = commands.add_parser("derive", help="derive a bound")
    derive.add_argument("certificate")
    for command in (verify, derive):
        command.add_argument("--workers", type=_count, default=workers, metavar="N")
    options = parser.parse_args(arguments)
    draft = options.command == "derive"
    flint.ctx.prec = PRECISION
    wrong = environment()
    if wrong:
        print(f"certax_checker: {wrong}", file=sys.stderr)
        return 3
    report, status = blank(draft), 1
    pins = [] if draft else [options.problem, options.weights, options.sha256]
    pinned = any(pin is not None for pin in pins)
    try:
        data = _path(options.certificate, JSON_BYTES)
        report["hashes"]["certificate"] = data.digest
        check(data.data, Path(options.certificate).parent, draft, report,
              options.workers)  # fmt: skip
        if pinned and report["accepted"]:
            reason = _pins(options, data, report)
            if reason:
                report.update(accepted=False, reason=reason, where="pin")
        status = 0 if report["accepted"] else 1
    except Refusal as refusal:
        report.update(accepted=False, reason=refusal.reason, where=refusal.where)
        unusable = (Missing, Malformed) if draft else Missing
        status = 2 if isinstance(refusal, unusable) else 1
    except (ArithmeticError, LookupError) as error:
        # Never an acceptance, whatever in the files led there.
        report.update(accepted=False, reason=f"the check broke down: {error!r}")
        status = 1
    except MemoryError:
        report.update(accepted=False, reason="the memory does not suffice")
        status = 3
    if not report["accepted"]:
        report.update(statement="", verdict="")
    if draft or options.json:
        print(json.dumps(report))
    else:
        print(summary(report, pinned))
    return status
