"""`certax solve` as a user meets it: whole processes, medians over seeds."""

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median
from typing import Any

from ._figure import Figure

seeds = (0, 1, 2)


def solve(problem: str, seed: int, folder: Path, *options: str) -> dict[str, Any]:
    """Runs one solve in a process of its own; returns its summary."""
    command = [
        sys.executable,
        "-m",
        "certax.cli",
        "solve",
        problem,
        "--json",
        "--quiet",
    ]
    command += ["--seed", str(seed), "--out", str(folder), *options]
    began = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True)
    seconds = time.monotonic() - began
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(command)} failed: {done.stdout}{done.stderr}")
    return json.loads(done.stdout)["summary"] | {"process_seconds": seconds}


def verify(certificate: Path) -> float:
    """Seconds that `certax verify` takes; it must accept."""
    command = [sys.executable, "-m", "certax.cli", "verify", str(certificate), "--json"]
    began = time.monotonic()
    done = subprocess.run(command, capture_output=True, text=True)
    if not json.loads(done.stdout)["accepted"]:
        raise RuntimeError(f"the certificate was rejected: {done.stdout}")
    return time.monotonic() - began


def claimed(summary: dict[str, Any], claim: str) -> dict[str, Any]:
    return next(c for c in summary["certificates"] if c["claim"] == claim)


def largest_value(values: dict[str, float | None]) -> float:
    return max(v for v in values.values() if v is not None)


def runs(problem: str, *options: str) -> list[dict[str, Any]]:
    """The summaries for all seeds, with the time that verification takes."""
    found = []
    for seed in seeds:
        with tempfile.TemporaryDirectory() as parent:
            folder = Path(parent) / "run"
            summary = solve(problem, seed, folder, *options)
            certificate = folder / "certificate.json"
            if certificate.exists():
                summary["verify_seconds"] = verify(certificate)
            found.append(summary)
    return found


def accuracy(problem: str, seconds: float, error: float, bound: float) -> list[Figure]:
    """Time, relative error and proved bound of one problem."""
    found = runs(problem)
    solutions = [claimed(s, "solution") for s in found]
    bounds = [float(c["bound"]) if c["bound"] else float("inf") for c in solutions]
    errors = [largest_value(s["relative_l2"]) for s in found]
    times = [s["process_seconds"] for s in found]
    details = {
        "wall_seconds": [s["wall_seconds"] for s in found],
        "steps": [s["steps"] for s in found],
        "ratio": [c["ratio"] for c in solutions],
        "measured": [c["measured"] for c in solutions],
        "verdicts": [c["verdict"] for c in solutions],
        "leaves": [c["leaves"] for c in solutions],
        "verify_seconds": [s.get("verify_seconds") for s in found],
        "residual": [
            {k: c[k] for k in ("bound", "measured", "ratio", "leaves")}
            for c in (claimed(s, "residual") for s in found)
        ],
        "peak_memory_bytes": [s["peak_memory_bytes"] for s in found],
    }
    norm = solutions[0]["norm"] or "Linf"
    figures = [
        Figure(
            f"{problem}: seconds, everything included",
            seconds,
            median(times),
            details=details | {"runs": times},
        ),
        Figure(
            f"{problem}: relative L2 error, measured",
            error,
            median(errors),
            details={"runs": errors},
        ),
    ]
    if bound > 0:
        figures.append(
            Figure(
                f"{problem}: proved bound of the error, {norm}",
                bound,
                median(bounds),
                details={"runs": bounds},
            )
        )
    return figures


def burgers() -> list[Figure]:
    """The figures of the main job."""
    found = runs("burgers")
    errors = [largest_value(s["relative_l2"]) for s in found]
    l1 = [float(claimed(s, "solution")["bound"] or "inf") for s in found]
    residual = [float(claimed(s, "residual")["ratio"] or "inf") for s in found]
    parts = {k: [s["wall_seconds"][k] for s in found] for k in found[0]["wall_seconds"]}
    figures = [
        Figure(
            "burgers: seconds, everything included",
            180.0,
            median(s["process_seconds"] for s in found),
            details={"wall_seconds": [s["wall_seconds"] for s in found]},
        ),
        Figure(
            "burgers: relative L2 error, measured",
            5e-5,
            median(errors),
            details={
                "runs": errors,
                "opponent": "DeepXDE's own recipe in 55 s on "
                "two cores of another machine: 1.1e-2",
            },
        ),
        Figure(
            "burgers: proved L1 error",
            2e-3,
            median(l1),
            details={
                "runs": l1,
                "measured": [claimed(s, "solution")["measured"] for s in found],
            },
        ),
        Figure(
            "burgers: proved residual supremum over the sampled one",
            1.1,
            median(residual),
            details={"runs": residual},
        ),
        Figure(
            "burgers: seconds of certax verify",
            90.0,
            median(s["verify_seconds"] for s in found),
        ),
        Figure(
            "burgers: peak memory in GiB",
            2.0,
            max(s["peak_memory_bytes"] for s in found) / 2**30,
        ),
    ]
    for part, target in {"start": 10.0, "train": 120.0, "report": 10.0}.items():
        figures.append(
            Figure(
                f"burgers: seconds, {part}",
                target,
                median(parts[part]),
                details={"runs": parts[part]},
            )
        )
    both = [c + k for c, k in zip(parts["certify"], parts["check"], strict=True)]
    figures.append(
        Figure(
            "burgers: seconds, certificate and its confirmation",
            40.0,
            median(both),
            details={"runs": both},
        )
    )
    return figures


def burgers_integral() -> list[Figure]:
    """The integral of |r|, proved over sampled."""
    ratios = []
    for seed in seeds:
        with tempfile.TemporaryDirectory() as parent:
            folder = Path(parent) / "run"
            solve("burgers", seed, folder, "--no-certify", "--budget", "120")
            command = [
                sys.executable,
                "-m",
                "certax.cli",
                "certify",
                str(folder),
                "--claim",
                "residual",
                "--norm",
                "L1",
                "--json",
                "--quiet",
            ]
            done = subprocess.run(command, capture_output=True, text=True)
            bound = float(json.loads(done.stdout)["certificates"][0]["bound"])
            from certax import load
            from certax._api._measure import residual_norms

            ratios.append(bound / residual_norms(load(folder))["L1"])
    return [
        Figure(
            "burgers: proved integral of |r| over the sampled one",
            1.3,
            median(ratios),
            details={"runs": ratios},
        )
    ]


def poisson_barrier() -> list[Figure]:
    """The sup bound over the measured error: with a correction, and the plain one."""
    ratios, plain, seconds = [], [], []
    for seed in seeds:
        with tempfile.TemporaryDirectory() as parent:
            folder = Path(parent) / "run"
            solve("poisson", seed, folder, "--no-certify", "--budget", "60")
            for theorem, found in (("barrier", plain), ("certified-barrier", ratios)):
                command = [sys.executable, "-m", "certax.cli", "certify", str(folder)]
                command += ["--theorem", theorem, "--json", "--quiet"]
                began = time.monotonic()
                done = subprocess.run(command, capture_output=True, text=True)
                entry = json.loads(done.stdout)["certificates"][0]
                found.append(float(entry["bound"]) / _error(folder))
            seconds.append(time.monotonic() - began)
    return [
        Figure(
            "poisson: proved sup bound over the measured error, solved barrier",
            50.0,
            median(ratios),
            details={"runs": ratios, "plain": plain, "seconds": seconds},
        )
    ]


def _error(folder: Path) -> float:
    """The largest measured error of a run whose problem is in the zoo."""
    from certax import load
    from certax._api._measure import error_in_norm, measuring_grid
    from certax.problems import zoo_entry

    solution = load(folder)
    entry = zoo_entry(solution.problem.name)
    grid = measuring_grid(entry.problem, entry.reference)
    error = error_in_norm(solution, grid, "Linf")
    assert error is not None
    return error


def start() -> list[Figure]:
    """Import, and the second start of `solve` up to its first training step."""
    program = "import time; t = time.perf_counter(); import certax; "
    program += "print(time.perf_counter() - t)"
    imports = []
    for _ in range(6):
        done = subprocess.run(
            [sys.executable, "-c", program], capture_output=True, text=True, check=True
        )
        imports.append(float(done.stdout))
    first_steps = []
    for seed in (0, *seeds):
        with tempfile.TemporaryDirectory() as parent:
            folder = Path(parent) / "run"
            first_steps.append(_first_step(folder, seed))
    return [
        Figure(
            "import certax, warm, seconds",
            1.0,
            median(imports[1:]),
            details={"runs": imports},
        ),
        Figure(
            "second start of solve to its first training step, seconds",
            5.0,
            median(first_steps[1:]),
            details={"runs": first_steps},
        ),
    ]


def _first_step(folder: Path, seed: int) -> float:
    command = [
        sys.executable,
        "-m",
        "certax.cli",
        "solve",
        "burgers",
        "--quiet",
        "--no-certify",
        "--max-steps",
        "1",
        "--seed",
        str(seed),
        "--out",
        str(folder),
    ]
    began = time.monotonic()
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    # The record of the random net is the first line, that after the step the second.
    metrics = folder / "metrics.jsonl"
    while time.monotonic() - began < 120:
        if metrics.exists() and len(metrics.read_bytes().splitlines()) >= 2:
            break
        time.sleep(0.05)
    seconds = time.monotonic() - began
    os.kill(process.pid, 9)
    process.wait()
    return seconds


def netbounds() -> list[Figure]:
    """Proved L2 errors of a heat and a wave net beside those that NetBounds reports.

    Its shapes of nets are not published with the figures; these are certax's own. Its
    bounds are float32 without outward rounding (Haugen et al., arXiv 2509.26122).
    """
    figures = []
    for name, theorem, reported in (
        ("heat", "energy", 5.14e-3),
        ("wave", "wave", 2.79e-2),
    ):
        with tempfile.TemporaryDirectory() as parent:
            summary = solve(name, 0, Path(parent) / "run", "--budget", "40")
        found = [c for c in summary["certificates"] if c["theorem"] == theorem]
        seconds = summary["process_seconds"]
        figures.append(
            Figure(
                f"{name}: proved L2 error, a tenth of what NetBounds reports",
                0.1 * reported,
                float(found[0]["bound"]) if found and found[0]["bound"] else None,
                details={"reported": reported, "seconds": seconds},
            )
        )
        figures.append(
            Figure(f"{name}: seconds of that, training included", 60.0, seconds)
        )
    return figures
