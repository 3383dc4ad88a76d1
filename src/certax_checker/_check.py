"""Checks a claim: from the files to the derived bound and the statement."""

import math
import time
from fractions import Fraction
from pathlib import Path
from typing import Any, NamedTuple

from . import __version__
from ._certificate import Certificate, read_certificate
from ._shapes import read_posed_problem
from .equations._case import Case, Proof
from .equations._evaluation import evaluated
from .kernel._algebra import Algebra
from .kernel._documents import OPEN, Problem, read_network
from .kernel._errors import Malformed, Missing, Refusal
from .kernel._leaves import Subject
from .kernel._numbers import decimal, round_down, round_up, signed_decimal
from .kernel._statement import Hypothesis, render, verdict
from .kernel._trees import read_tree
from .theorems import (
    barrier,
    certified_barrier,
    comparison_ode,
    elliptic_energy,
    elliptic_gradient,
    energy,
    hamilton_jacobi,
    l1_contraction,
    maximum_principle,
    navier_stokes,
    newton_kantorovich,
    newton_kantorovich_supremum,
    ode_tube,
    oleinik,
    residual,
    schrodinger,
    semilinear_barrier,
    stationary_hamilton_jacobi,
    transport,
    wave,
    wave_supremum,
)
from .theorems.network_claims import prove_lipschitz, prove_range

THEOREMS: dict[str, Any] = {
    "ode-tube": ode_tube,
    "comparison-ode": comparison_ode,
    "l1-contraction": l1_contraction,
    "oleinik": oleinik,
    "maximum-principle": maximum_principle,
    "transport": transport,
    "hamilton-jacobi": hamilton_jacobi,
    "stationary-hamilton-jacobi": stationary_hamilton_jacobi,
    "barrier": barrier,
    "energy": energy,
    "wave": wave,
    "wave-supremum": wave_supremum,
    "navier-stokes": navier_stokes,
    "schrodinger": schrodinger,
    "certified-barrier": certified_barrier,
    "semilinear-barrier": semilinear_barrier,
    "elliptic-energy": elliptic_energy,
    "elliptic-gradient": elliptic_gradient,
    "newton-kantorovich": newton_kantorovich,
    "newton-kantorovich-supremum": newton_kantorovich_supremum,
}

LIFTING = ("l1-contraction", "energy", "wave", "wave-supremum")


NETWORK_CLAIMS: dict[str, Any] = {"range": prove_range, "lipschitz": prove_lipschitz}


MOST_WITH_DERIVATIVES = 5
"""Coordinates of problems about whose solutions something is claimed."""

DIGITS = 6
"""Significant digits of the ends of a range."""


class Derived(NamedTuple):
    """What was derived from a certificate or draft; `posed` says in words on what the
    problem is posed, if not on a box.
    """

    certificate: Certificate
    case: Case
    proof: Proof
    posed: str


def derive(data: bytes, folder: Path, draft: bool, report: dict[str, Any],
           started: list[Case], workers: int = 1) -> Derived:  # fmt: skip
    """Derives the bound; fills in the report and the case as far as it comes.

    **Raises:** `Refusal` where nothing is proved.
    """
    certificate = read_certificate(data, folder, draft)
    report.update(
        norm=certificate.norm, theorem=certificate.theorem, claim=certificate.claim
    )
    files, algebra = certificate.files, Algebra()
    report["hashes"].update({key: file.digest for key, file in files.items()})
    problem, posed = read_posed_problem(files["problem"].data, "problem", algebra)
    few = len(problem.coordinates) <= MOST_WITH_DERIVATIVES
    if not few and certificate.parameters.get("method") != "linear":
        reason = "in more than five coordinates only linear bounds are known"
        raise Refusal(reason, "coordinates")
    network, tensors = read_network(
        files["network"].data, files["weights"], problem, algebra
    )
    trees = _trees(certificate, problem)
    report["leaves"] = trees["residual"].leaves
    subject = Subject(problem, network, tensors, workers=workers)
    case = Case(subject, algebra, trees, certificate.parameters, files)
    started.append(case)
    if not few and certificate.claim not in NETWORK_CLAIMS:
        raise Refusal("more than five coordinates", "coordinates")
    if certificate.claim == "residual":
        known = set(certificate.parameters) <= set(residual.PARAMETERS)
        if certificate.theorem or not known or len(trees) > 1:
            reason = "a residual claim has no theorem, and no parameter but slabs"
            raise Malformed(reason, "theorem")
        reason = "the problem has no one residual on its domain"
        case.require(not set(OPEN) & set(problem.foreign), "problem", reason)
        proof = residual.prove(case, certificate.norm)
    elif certificate.claim in NETWORK_CLAIMS:
        proof = _network(case, certificate)
    else:
        proof = _solution(case, certificate)
    if certificate.evaluation is not None:
        reason = "evaluations are bounded in at most five coordinates"
        case.require(few, "evaluation", reason)
        claim, norm = certificate.claim, certificate.norm
        proof = evaluated(case, subject, certificate.evaluation, claim, norm, proof)
    numbers = [proof.bound, *proof.curve, *proof.interval]
    if not all(math.isfinite(value) for value in numbers):
        raise Refusal("the derived bound is not finite", "bound")
    return Derived(certificate, case, proof, posed)


def _trees(certificate: Certificate, problem: Problem) -> dict[str, Any]:
    trees = {}
    for key, leaves in certificate.leaves.items():
        dimension = len(problem.coordinates) - (key != "residual")
        if not dimension:
            raise Malformed(f"there is no tree `{key}` over a point", key)
        data = certificate.files["tree " + key].data
        trees[key] = read_tree(data, dimension, f"tree {key}")
        if trees[key].leaves != leaves:
            raise Malformed(f"the tree {key} has not {leaves} leaves", key)
    return trees


def _solution(case: Case, certificate: Certificate) -> Proof:
    if certificate.claim != "solution" or certificate.theorem not in THEOREMS:
        raise Malformed("the claim or the theorem is not one of those known", "theorem")
    theorem = THEOREMS[certificate.theorem]
    if certificate.norm != theorem.NORM:
        raise Malformed(f"the theorem gives the norm {theorem.NORM}", "norm")
    if set(certificate.parameters) != set(theorem.PARAMETERS):
        raise Malformed(f"the parameters are not {theorem.PARAMETERS}", "parameters")
    foreign = ", ".join(case.problem.foreign)
    reason = f"the problem states what no theorem takes: {foreign}"
    case.require(not foreign, "problem", reason)
    if "walls" in case.trees and certificate.theorem not in LIFTING:
        raise Malformed("the theorem takes no tree `walls`", "walls")
    return theorem.prove(case)


def _network(case: Case, certificate: Certificate) -> Proof:
    """A claim about the network as a function."""
    if certificate.theorem or len(case.trees) > 1:
        reason = "a claim about the network has no theorem and one tree"
        raise Malformed(reason, "theorem")
    prove = NETWORK_CLAIMS[certificate.claim]
    return prove(case, certificate.norm, certificate.parameters)


def blank(draft: bool) -> dict[str, Any]:
    """A report on nothing yet."""
    report = {
        "accepted": False, "statement": "", "bound": {"decimal": "", "hex": ""},
        "norm": "", "verdict": "", "leaves": 0, "seconds": 0.0,
        "checker_version": __version__, "hashes": {}, "reason": "", "where": "",
        "hypotheses": [], "theorem": "", "claim": "", "interval": [],
    }  # fmt: skip
    return {**report, "curve": []} if draft else report


def check(data: bytes, folder: Path, draft: bool, report: dict[str, Any],
          workers: int = 1) -> None:  # fmt: skip
    """Derives or verifies, and fills in the report.

    **Raises:** `Malformed`, `Missing` as the reader does; other refusals are reported.
    """
    begin, started = time.perf_counter(), []
    try:
        derived = derive(data, folder, draft, report, started, workers)
        certificate, case, proof, posed = derived
        decimals = round_up(proof.bound), [round_up(value) for value in proof.curve]
        bound = decimals[0] if draft else certificate.bound
        interval = certificate.interval
        if draft and proof.interval:
            low, high = proof.interval
            interval = round_down(low, DIGITS), round_up(high, DIGITS)
        sentence = proof.sentence.replace("{bound}", bound)
        for mark, end in zip(("{lower}", "{upper}"), interval, strict=False):
            sentence = sentence.replace(mark, end)
        word = verdict(case.hypotheses)
        statement = render(
            case.problem, case.hypotheses, sentence, proof.article,
            certificate.files, certificate.claim, proof.wording,
        )  # fmt: skip
        if posed:
            statement += (
                f" The problem itself is posed on {posed}; this is about the box "
                "above, and that the one lies in the other is not checked."
            )
        report["bound"] = {"decimal": decimals[0], "hex": proof.bound.hex()}
        if draft:
            report["curve"] = decimals[1]
        else:
            _compare(certificate, proof, statement, word)
        # Only now: what is rejected must not be quoted as a proof.
        report["bound"]["decimal"] = bound
        report["interval"] = list(interval)
        report.update(accepted=True, statement=statement, verdict=word)
    except Refusal as refusal:
        if isinstance(refusal, (Malformed, Missing)):
            raise
        report.update(reason=refusal.reason, where=refusal.where)
        if started:
            failed = Hypothesis(refusal.where or "claim", "failed", refusal.reason)
            started[0].hypotheses.append(failed)
    finally:
        names = started[0].hypotheses if started else []
        report["hypotheses"] = [h._asdict() for h in names]
        report["seconds"] = round(time.perf_counter() - begin, 3)


def _compare(certificate: Certificate, proof: Proof, statement: str, word: str) -> None:
    """The claim follows from what was derived."""
    if not Fraction(proof.bound) <= decimal(certificate.bound):
        reason = f"the derived bound {proof.bound!r} exceeds the claimed one"
        raise Refusal(f"{reason} {certificate.bound}", "bound")
    if len(certificate.curve) != len(proof.curve):
        raise Refusal(f"the curve has not {len(proof.curve)} entries", "curve")
    for value, claimed in zip(proof.curve, certificate.curve, strict=True):
        if not Fraction(value) <= decimal(claimed):
            raise Refusal(f"{value!r} exceeds {claimed} in the curve", "curve")
    if proof.interval:
        ends = [signed_decimal(end) for end in certificate.interval]
        low, high = map(Fraction, proof.interval)
        if not (ends[0] <= low and high <= ends[1]):
            reason = (
                f"the derived range {proof.interval!r} is not within the claimed one"
            )
            raise Refusal(reason, "interval")
    if certificate.verdict != word:
        raise Refusal(f"the verdict is {word!r} and no other", "verdict")
    if certificate.statement != statement:
        raise Refusal("the statement is not the one that follows", "statement")
