"""Proving with the checker, and being refused by it."""

from material import certificate_from, derive, uniform_tree, verify, write_draft

SLABS = {"slabs": 8}
TUBE = {"logarithmic_norm": "2", "tube": "0.001"}


def prove(folder, problem, candidate, theorem, *, levels=(2, 2), degree=9, start=None,
          norm="Linf", parameters=SLABS, walls=None):  # fmt: skip
    """Derives, and where something is proved has the certificate verified."""
    draft = write_draft(
        folder, problem, *candidate, uniform_tree(levels, degree), start,
        theorem=theorem, norm=norm, parameters=parameters, walls=walls,
    )  # fmt: skip
    report = derive(draft)
    if report["accepted"]:
        assert verify(certificate_from(draft, report))["accepted"]
    return report


def refused(report, where, text):
    """The report is a refusal that names the hypothesis and the reason."""
    assert not report["accepted"] and report["statement"] == ""
    assert report["where"] == where, report
    assert text in report["reason"]
    assert report["hypotheses"][-1]["status"] == "failed"
    return True


def number(report):
    """The derived bound."""
    value = float.fromhex(report["bound"]["hex"])
    assert float(report["bound"]["decimal"]) >= value
    return value
