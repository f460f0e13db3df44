"""Who must be among those who approve, each once, and never in the future."""

from __future__ import annotations

from pathlib import Path

import pytest

from letters import Project
from tests.approvals.test_approvals import ENTRY, LATER, ROUND, change, problems, run, words
from tests.builders import approve

RECORDS = "rounds/first-round/assessments.csv"
HALE = ("people:\n", "people:\n  hale:\n    name: Robin Hale\n")
KIM = ("people:\n", "people:\n  kim:\n    name: Kim Adeyo\n")
SECOND = (
    "signatories:\n",
    "signatory: lowe\nsignatories:\n  hale:\n    name: Robin Hale\n    offices: [Inspector]\n"
    "    signature: signature.png\n",
)
REFUSED = (
    "Robin Hale does not sign this letter; Marian Lowe does."
    " Have Marian Lowe approve it: --by lowe."
)


@pytest.fixture
def project(starter: Path) -> Path:
    """The starter project, with one more person who may approve, and signs nothing."""
    change(starter, ROUND, *HALE)
    return starter


def test_a_new_project_asks_for_the_signatory(starter: Path) -> None:
    assert "approval: signatory\n" in (starter / ROUND).read_text("utf-8")
    assert Project.load(starter).round().round.approval == "signatory"


def test_a_letter_is_not_approved_by_somebody_else(project: Path) -> None:
    for forces, count in ((["ashmere"], "1 problem.\n"), ([], "2 problems.\n")):
        status, said = run(project, "approve", *forces, "--by", "hale")
        assert status == 1
        assert said.startswith(f"rounds/first-round ashmere: {REFUSED}\n")
        assert said.endswith(count)
    assert not (project / ENTRY).exists()
    assert run(project, "approve", "ashmere", "--by", "lowe")[0] == 0
    assert words(project) == {"ashmere": "approved", "dunhollow": "not yet"}


def test_a_round_that_does_not_say_so_takes_anyone(project: Path) -> None:
    change(project, ROUND, "approval: signatory\n", "")
    assert run(project, "approve", "ashmere", "--by", "hale") == (
        0,
        "ashmere: approved\n1 approved\n",
    )
    change(project, ROUND, "people:\n", "approval: anyone\npeople:\n")
    assert words(project) == {"ashmere": "approved", "dunhollow": "not yet"}


def test_each_signatory_approves_their_own_letters(project: Path) -> None:
    change(project, ROUND, *SECOND)
    change(project, RECORDS, "force,outcome", "signatory,force,outcome")
    path = project / RECORDS
    text = path.read_text("utf-8")
    for force, who in (("ashmere", "lowe"), ("dunhollow", "hale"), ("westerlyn", "")):
        text = text.replace(f"\n{force},", f"\n{who},{force},")
    path.write_text(text, "utf-8")
    assert run(project, "approve", "--by", "hale") == (
        0,
        "ashmere: left to its signatory\ndunhollow: approved\nwesterlyn: awaiting\n"
        "1 left to its signatory, 1 approved, 1 awaiting\n",
    )
    assert words(project) == {"ashmere": "not yet", "dunhollow": "approved"}


def test_two_are_not_enough_where_neither_signs_the_letter(project: Path) -> None:
    change(project, ROUND, *KIM)
    change(project, ROUND, "people:\n", "approvals_needed: 2\npeople:\n")
    for by in ("hale", "kim"):
        approve(project, "ashmere", by=by)
    reason = (
        "its signatory, Marian Lowe, has not approved it. Have it approved:"
        " letters approve --by lowe."
    )
    said = run(project, "status")[1]
    assert (
        "Ashmere Constabulary         yes     Plan in place  needs signatory  not built\n" in said
    )
    assert f"ashmere: {reason}\n" in said
    assert run(project, "build", "ashmere", "--only", "html") == (
        0,
        f"ashmere: draft\n1 draft; 1 files in out/first-round/letters/\nashmere draft: {reason}\n",
    )
    assert (
        f"{ENTRY} ashmere: The letter to Ashmere Constabulary was not approved by its signatory,"
        " Marian Lowe. Have it approved: letters approve ashmere --by lowe.\n"
    ) in run(project, "check", "--publication")[1]
    approve(project, "ashmere", by="lowe")
    assert words(project)["ashmere"] == "approved"


def test_a_signatory_must_be_one_of_the_people(project: Path) -> None:
    change(project, ROUND, *(text.replace("hale", "holt") for text in SECOND))
    assert problems(project) == [
        f"{ROUND}:32 approval: 'holt' signs letters, and is not one of the people who may approve."
        " List them under 'people' with the same id."
    ]


def test_what_is_no_rule_is_named(project: Path) -> None:
    change(project, ROUND, "approval: signatory", "approval: signatories")
    assert problems(project) == [
        f"{ROUND}:27: 'signatories' does not say who must approve."
        " Use one of anyone, signatory; did you mean 'signatory'?"
    ]


# Each once


def test_the_same_person_counts_once_whatever_the_times_are(project: Path) -> None:
    change(project, ROUND, "people:\n", "approvals_needed: 2\npeople:\n")
    approve(project, "ashmere", by="lowe", at=LATER)
    approve(project, "ashmere", by="lowe")  # the clock was set back
    assert words(project)["ashmere"] == "1 of 2"
    line = "  - by: lowe\n    at: '2026-03-05T16:00:00+00:00'\n"
    change(project, ENTRY, line, f"{line}{line.replace('05T', '04T')}{line}")
    assert words(project)["ashmere"] == "1 of 2"
    approve(project, "ashmere", by="hale")
    assert words(project)["ashmere"] == "approved"


# Not in the future


def test_an_approval_dated_in_the_future_is_refused(project: Path) -> None:
    approve(project, "ashmere", by="lowe")
    change(project, ENTRY, "'2026-02-27T09:30:00+00:00'", "'2999-01-01T12:00:00+00:00'")
    line = (
        f"{ENTRY}:8 ashmere: This approval is dated 1 January 2999 at 12:00, which is still to"
        " come. See that all clocks are right; then delete it here, and have it given again.\n"
    )
    assert run(project, "build") == (1, f"{line}1 problem.\nfirst-round: nothing was written.\n")
    assert run(project, "approve", "--by", "lowe") == (1, f"{line}1 problem.\n")
    assert line in run(project, "check", "--publication")[1]
