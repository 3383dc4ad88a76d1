"""The checker at scale: an even tree of 2^levels leaves for a net of nine layers."""

import json
import os
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from ._figure import Figure

levels, width, depth, degree = 20, 20, 9, 3


def checker() -> list[Figure]:
    """Seconds, memory and file size of a full check, and its ratio to the search."""
    with tempfile.TemporaryDirectory() as folder:
        draft, search, size = _draft(Path(folder), levels)
        derive = _run("derive", draft)
        certificate = _completed(draft, derive["answer"])
        verify = _run("verify", certificate, "--json")
    if not verify["answer"]["accepted"]:
        raise RuntimeError(f"the certificate was rejected: {verify['answer']}")
    details = {
        "leaves": 2**levels,
        "net": f"{depth} layers of {width}, Burgers equation, degree {degree}",
        "bound": verify["answer"]["bound"],
        "search_seconds": search,
        "derive_seconds": derive["seconds"],
    }
    name = f"checker, 2^{levels} leaves"
    return [
        Figure(f"{name}: seconds", 300, verify["seconds"], details=details),
        Figure(f"{name}: peak memory in GiB", 1, verify["bytes"] / 2**30),
        Figure(f"{name}: MB of the tree", 5, size / 1e6),
        Figure(f"{name}: check over search", 4, verify["seconds"] / search),
    ]


def _draft(folder: Path, levels: int) -> tuple[Path, float, int]:
    """Writes a draft with an even tree; seconds of its search; bytes of the tree."""
    import jax

    from certax._core import canonical, sha256
    from certax.bounds import Refinement, refine
    from certax.certificates import weights_file
    from certax.certificates._quantities import residual_quantity
    from certax.nn import Ansatz, program_of, weights_of
    from certax.problems import zoo_entry

    problem = zoo_entry("burgers").problem
    with jax.enable_x64(True):
        key = jax.random.key(0)
        net = Ansatz(
            problem.domain, problem.fields, problem.conditions, width, depth, key=key
        )
        weights = weights_of(net)
    network = program_of(net, problem.domain.names, problem.fields)
    quantity = residual_quantity(problem, network, weights)
    cuts = ((levels + 1) // 2, levels // 2)
    # With no tolerance to miss, the search only encloses the even tree.
    for even in ((1, 1), cuts):  # the first compiles
        found = refine(quantity, Refinement("supremum", 1e9, degree, even))
    files = {
        "problem.json": problem.text().encode("ascii"),
        "network.json": network.text().encode("ascii"),
        "weights.safetensors": weights_file(weights),
        "certificate.tree": found.tree.encode(degree),
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    entry = lambda name: {"file": name, "sha256": sha256(files[name])}
    draft = {
        "format": "certax-draft/1",
        "certax": "benchmark",
        "problem": entry("problem.json"),
        "network": entry("network.json"),
        "weights": entry("weights.safetensors"),
        "trees": {"residual": entry("certificate.tree") | {"leaves": 2**levels}},
        "claim": "residual",
        "theorem": "",
        "norm": "Linf",
        "parameters": {},
    }
    path = folder / "draft.json"
    path.write_text(canonical(draft))
    return path, found.seconds, len(files["certificate.tree"])


def _completed(draft: Path, answer: dict[str, Any]) -> Path:
    """The certificate that the checker's answer makes of a draft."""
    from certax._core import canonical

    whole = json.loads(draft.read_text()) | {
        "format": "certax-certificate/1",
        "bound": answer["bound"]["decimal"],
        **{key: answer[key] for key in ("curve", "verdict", "statement")},
    }
    path = draft.with_name("certificate.json")
    path.write_text(canonical(whole))
    return path


def _run(*arguments: str | Path) -> dict[str, Any]:
    """Runs the checker: its answer, seconds, and peak memory of all its processes."""
    command = [sys.executable, "-P", "-m", "certax_checker", *map(str, arguments)]
    began = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
    peak, done = [0], threading.Event()

    def watch() -> None:
        while not done.wait(0.2):
            peak[0] = max(peak[0], _proportional_bytes(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    text, _ = process.communicate()
    seconds = time.monotonic() - began
    done.set()
    watcher.join()
    return {"answer": json.loads(text), "seconds": seconds, "bytes": peak[0]}


def _proportional_bytes(root: int) -> int:
    """Memory of a process and its children; shared pages are counted once."""
    total = 0
    for entry in filter(str.isdigit, os.listdir("/proc")):
        try:
            status = Path("/proc", entry, "stat").read_text().rpartition(")")[2].split()
            if int(entry) != root and int(status[1]) != root:
                continue
            text = Path("/proc", entry, "smaps_rollup").read_text()
        except OSError:  # it has ended
            continue
        line = next(line for line in text.splitlines() if line.startswith("Pss:"))
        total += 1024 * int(line.split()[1])
    return total
