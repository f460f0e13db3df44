"""What an earlier version stored holds for good: approvals, the ledger, builds and publications.

`tests/frozen/project` was approved, built and published by commit 137bb9c, and `verdicts.json` is
what that version said of it; see `tests/frozen/README.md`. Neither is ever made again.
"""

from __future__ import annotations

import json
import shutil
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from letters import (
    BuildOptions,
    ProblemsFound,
    Project,
    UsageError,
    approve_letters,
    build_round,
    round_status,
)
from letters.cli import cli
from letters.gate import results
from letters.publish import Publication, publish, withdraw
from letters.publish.manifest import audit, publications_in
from letters.verify import verify
from tests.builders import changed, write

pytestmark = pytest.mark.xdist_group("frozen")

FROZEN = Path(__file__).parent / "frozen"
SAID: dict[str, Any] = json.loads((FROZEN / "verdicts.json").read_text(encoding="utf-8"))

PUBLISHED, UNDER_WAY = "2018-custody-keys", "2019-moorings"
LEDGER = f"rounds/{PUBLISHED}/published.json"
OUT = f"out/{PUBLISHED}"
SITE = f"{OUT}/site"
DAMAGED = f"out/{UNDER_WAY}/letters/quarrow.pdf"
RECORDS = f"rounds/{PUBLISHED}/assessments.csv"

EMBARGOED = datetime(2018, 3, 14, 9, 29, tzinfo=UTC)
NOW = datetime(2020, 1, 15, 9, 0, tzinfo=UTC)
LATER = datetime(2031, 11, 5, 12, 0, tzinfo=UTC)
LATER_WRITTEN = (b"5 November 2031", b"2031-11-05")

MADE_AGAIN = {"built": {"built", "out of date"}, "draft": {"draft", "out of date"}}
"""States that another version of the tool may say otherwise, until it has built once."""

WITH_DS_STORE = {
    "quarrow": "76937252237cff4ae8b3efeaefb7433da0b0bf997be03fc366aa92ff82d2ef56",
    "pennimoor": "d5bbaa4be0d68d6c4e421ae790c95ffe489b4eedb1ddaf297442bf32d3e4a033",
    "dyfrwyn": "2c9aecf7f1e01b58d1b91f91ef4438b5a8be45eca381da1142a29ba09839f5d4",
    "eskerlow-and-fallowhythe": "066cf2cf87f6c223cc3c34feb2454cf031f442758e209b3a1e901535694ce792",
    "corrane": "4518da4232dcc8e7a60066351667ed26db8c149deb0499683143bb18b62be43e",
}
"""What 137bb9c said its letters are made of where their layout held a certain `.DS_Store`."""

Facts = dict[str, Any]


def copy_of(source: Path, folder: Path) -> Path:
    return shutil.copytree(source, folder / "project")


@pytest.fixture
def frozen(tmp_path: Path) -> Path:
    """The project as the earlier version left it."""
    return copy_of(FROZEN / "project", tmp_path)


@pytest.fixture(scope="module")
def built_states(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Facts]:
    """The project once this version has built it, and what became of each letter. Read only."""
    root = copy_of(FROZEN / "project", tmp_path_factory.mktemp("frozen"))
    return root, states_of_build(root)


@pytest.fixture
def rebuilt(built_states: tuple[Path, Facts], tmp_path: Path) -> Path:
    """A copy of the project that this version has built."""
    return copy_of(built_states[0], tmp_path)


# What a version says, as facts: states, names, yes or no. No sentence of the tool is among them.


def statuses(root: Path) -> Facts:
    """Of each letter its outcome, its approvals, what became of it, whether it is published."""
    return {
        each.round.id: {
            letter.id: {
                "outcome": letter.outcome,
                "state": letter.state,
                "published": letter.published,
                "approved": bool(letter.approval and letter.approval.approved),
                "by": list(letter.approval.by) if letter.approval else [],
                "at": [at.isoformat() for at in letter.approval.at] if letter.approval else [],
                "voided": list(letter.approval.voided) if letter.approval else [],
                "moved": list(letter.approval.moved) if letter.approval else [],
            }
            for letter in round_status(each)
        }
        for each in Project.load(root).rounds
    }


def conditions(root: Path, now: datetime = NOW) -> Facts:
    """Whether each condition of publication holds: "yes", "no" or "none set"."""
    project = Project.load(root)
    return {
        each.round.id: {
            result.condition.name: result.word
            for result in results(project, each, now=now, out=root / "out" / each.round.id)
        }
        for each in project.rounds
    }


def faultless(root: Path) -> Facts:
    """Whether each letter's file, and each one of the site, passes the validators."""
    site = audit(root / SITE)
    verdicts = (*verify([root / "out"], but=publications_in([root / "out"])), *site.verdicts)
    return {v.path.relative_to(root).as_posix(): not v.findings for v in verdicts}


def states_of_build(root: Path) -> Facts:
    """What a build says became of each letter."""
    project = Project.load(root)
    return {
        each.round.id: {letter.id: letter.state.value for letter in build_round(project, each)}
        for each in project.rounds
    }


def exits(root: Path) -> dict[str, int]:
    """The exit status of each command, in a project that is built."""
    done = {}
    for command in SAID["exit status"]:
        arguments = [
            str(root / each) if each.startswith("out") else each for each in command.split()
        ]
        done[command] = CliRunner().invoke(cli, ["-C", str(root), *arguments]).exit_code
    return done


def known(found: Facts, said: Facts) -> Facts:
    """`found` without what the earlier version did not speak of, such as a new condition."""
    return {id_: {name: found[id_][name] for name in said[id_]} for id_ in said}


def without_state(status: Facts) -> Facts:
    return {
        id_: {letter: {**facts, "state": ""} for letter, facts in letters.items()}
        for id_, letters in status.items()
    }


def contents(folder: Path) -> dict[str, bytes]:
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def ledger(root: Path) -> Facts:
    letters = json.loads((root / LEDGER).read_text(encoding="utf-8"))["letters"]
    assert isinstance(letters, dict)
    return letters


def published(root: Path, note: str = "") -> Publication:
    project = Project.load(root)
    return publish(project, project.round(PUBLISHED), now=LATER, out=root / OUT, note=note)


# Before anything is built again


def test_every_approval_holds_for_the_same_letters(frozen: Path) -> None:
    assert without_state(statuses(frozen)) == without_state(SAID["status"])


def test_the_words_that_voided_an_approval_are_told(frozen: Path) -> None:
    letters = round_status(Project.load(frozen).round(UNDER_WAY))
    told = {each.id: each.approval.changed for each in letters if each.approval}
    (change,) = told.pop("dyfrwyn")
    assert "two" in change
    assert "three" in change
    assert {*told.values()} == {()}


def test_a_letter_is_as_it_was_or_waits_for_a_build_by_this_version(frozen: Path) -> None:
    found, said = statuses(frozen), SAID["status"]
    states = {
        (id_, letter): (facts["state"], said[id_][letter]["state"])
        for id_, letters in found.items()
        for letter, facts in letters.items()
    }
    assert len(states) == 10
    otherwise = {
        letter: (now, before)
        for letter, (now, before) in states.items()
        if now not in MADE_AGAIN.get(before, {before})
    }
    assert otherwise == {}


def test_the_validators_give_the_same_verdict_of_each_file(frozen: Path) -> None:
    assert faultless(frozen) == SAID["faultless"]


def test_the_site_is_as_its_manifest_says(frozen: Path) -> None:
    assert audit(frozen / SITE).problems == ()


def test_a_file_changed_lost_or_added_is_named(frozen: Path) -> None:
    site = frozen / SITE
    write(site / "letters/quarrow.html", "<p>Another letter.</p>")
    (site / "report/press-release.txt").unlink()
    write(site / "letters/note.txt", "A note.")
    assert [problem.place.file for problem in audit(site).problems] == [
        "letters/note.txt",
        "letters/quarrow.html",
        "report/press-release.txt",
    ]


def test_no_condition_but_that_of_the_build_waits_for_this_version(frozen: Path) -> None:
    said = SAID["conditions"]
    found = known(conditions(frozen), said)
    assert found[UNDER_WAY] == said[UNDER_WAY]
    assert {**found[PUBLISHED], "built": "yes"} == said[PUBLISHED]


def test_a_letter_can_be_withdrawn_from_the_site(frozen: Path) -> None:
    before = ledger(frozen)
    round_ = Project.load(frozen).round(PUBLISHED)
    withdraw(round_, "dyfrwyn", now=LATER, out=frozen / OUT, note="It is under review.")
    after = ledger(frozen)
    history = after["dyfrwyn"].pop("history")
    assert history[:-1] == before["dyfrwyn"].pop("history")
    assert (history[-1]["on"], after["dyfrwyn"].pop("withdrawn")["note"]) == (
        "2031-11-05",
        "It is under review.",
    )
    del before["dyfrwyn"]["withdrawn"]
    assert [each.split()[0] for each in after["dyfrwyn"].pop("known")] == ["vane", "hallorand"]
    assert after == before
    assert audit(frozen / SITE).problems == ()


def test_a_letter_that_was_withdrawn_is_not_withdrawn_again(frozen: Path) -> None:
    round_ = Project.load(frozen).round(PUBLISHED)
    with pytest.raises(ProblemsFound, match="20 June 2018"):
        withdraw(round_, "corrane", now=LATER, out=frozen / OUT, note="Once more.")
    with pytest.raises(UsageError):
        withdraw(round_, "nowhere", now=LATER, out=frozen / OUT, note="Who?")


# Once this version has built


def test_a_build_makes_the_same_letters_and_refuses_the_same(
    built_states: tuple[Path, Facts],
) -> None:
    wrong = {
        (id_, letter): (state, said)
        for id_, of_round in SAID["state after build"].items()
        for letter, said in of_round.items()
        for state in [built_states[1][id_][letter]]
        if state not in ({said, "unchanged"} if said in MADE_AGAIN else {said})
    }
    assert wrong == {}


def test_a_build_touches_no_approval_no_ledger_and_nothing_published(rebuilt: Path) -> None:
    for folder in ("rounds", SITE):
        assert contents(rebuilt / folder) == contents(FROZEN / "project" / folder)
    edited = f"out/{UNDER_WAY}/letters/corrane.docx"
    assert (rebuilt / edited).read_bytes() == (FROZEN / "project" / edited).read_bytes()


def test_after_a_build_every_state_is_as_it_was(rebuilt: Path) -> None:
    found = statuses(rebuilt)
    assert without_state(found) == without_state(SAID["status"])
    states = {
        id_: {letter: facts["state"] for letter, facts in letters.items()}
        for id_, letters in found.items()
    }
    assert states == SAID["state after build"]


def test_a_build_mends_the_damaged_file_and_no_verdict_else_changes(rebuilt: Path) -> None:
    assert not SAID["faultless"][DAMAGED]
    assert faultless(rebuilt) == {**SAID["faultless"], DAMAGED: True}


def test_after_a_build_every_condition_is_as_it_was(rebuilt: Path) -> None:
    assert known(conditions(rebuilt), SAID["conditions"]) == SAID["conditions"]


def test_before_its_time_the_embargo_alone_forbids_publication(rebuilt: Path) -> None:
    found = known(conditions(rebuilt, EMBARGOED), SAID["conditions"])
    assert found[PUBLISHED] == {**SAID["conditions"][PUBLISHED], "embargo": "no"}
    assert found[UNDER_WAY] == SAID["conditions"][UNDER_WAY]


def test_after_a_build_commands_end_as_they_did(rebuilt: Path) -> None:
    assert exits(rebuilt) == SAID["exit status"]


# Publishing with this version


def test_publishing_again_demands_no_note_and_tells_no_change(rebuilt: Path) -> None:
    site, entries = contents(rebuilt / SITE), ledger(rebuilt)
    done = published(rebuilt)
    assert (done.letters, done.changed, done.withdrawn) == (4, (), ("corrane",))
    assert ledger(rebuilt) == entries
    after = contents(rebuilt / SITE)
    downloads = {name for name in site if name.endswith((".pdf", ".docx"))}
    assert len(downloads) == 8
    assert {name: after[name] for name in downloads} == {name: site[name] for name in downloads}
    assert [n for n, file in after.items() if any(day in file for day in LATER_WRITTEN)] == []


def test_a_ledger_that_counted_a_file_of_the_system_demands_no_note(rebuilt: Path) -> None:
    (rebuilt / "templates/river-letterhead/.DS_Store").write_bytes(b"Finder was here")
    path, entries = rebuilt / LEDGER, ledger(rebuilt)
    counted = {id_: {**entry, "made_of": WITH_DS_STORE[id_]} for id_, entry in entries.items()}
    path.write_text(json.dumps({"letters": counted}), "utf-8")
    assert published(rebuilt).changed == ()
    assert ledger(rebuilt) == entries


def test_publishing_again_keeps_each_note_where_it_stood(rebuilt: Path) -> None:
    notes = [each["note"] for entry in ledger(rebuilt).values() for each in entry["history"]]
    assert len(notes) == 4
    before = contents(rebuilt / SITE)
    published(rebuilt)
    after = contents(rebuilt / SITE)
    pages = [name for name in before if name.startswith("letters/") and name.endswith(".html")]
    assert len(pages) == 5
    for name in pages:
        said = [note for note in notes if note.encode() in before[name]]
        assert [note for note in notes if note.encode() in after[name]] == said
    assert (
        json.loads(after["manifest.json"])["publication"]["letters"]
        == (json.loads(before["manifest.json"])["publication"]["letters"])
    )


def corrected(root: Path) -> Path:
    """One record changed, its letter approved and built again."""
    path = root / RECORDS
    path.write_text(
        changed(path.read_text("utf-8"), "locked cabinet,221", "locked cabinet,222"), "utf-8"
    )
    for by in ("vane", "hallorand"):
        project = Project.load(root)
        approve_letters(project, project.round(PUBLISHED), ["quarrow"], by=by, at=LATER)
    project = Project.load(root)
    build_round(project, project.round(PUBLISHED), BuildOptions(forces=["quarrow"]))
    return root


def test_a_correction_demands_a_note_for_its_letter_alone(rebuilt: Path) -> None:
    with pytest.raises(ProblemsFound) as refused:
        published(corrected(rebuilt))
    places = [(problem.place.file, problem.place.field) for problem in refused.value.problems]
    assert places == [(LEDGER, "quarrow")]


def test_a_correction_goes_on_from_the_history_that_is_there(rebuilt: Path) -> None:
    site, before = contents(rebuilt / SITE), ledger(rebuilt)
    done = published(corrected(rebuilt), note="One more key was found.")
    assert (done.changed, done.withdrawn) == (("quarrow",), ("corrane",))
    after = ledger(rebuilt)
    new, old = after.pop("quarrow"), before.pop("quarrow")
    assert after == before
    assert new["first"] == old["first"] == "2018-03-14"
    assert new["history"] == [
        *old["history"],
        {"on": "2031-11-05", "note": "One more key was found."},
    ]
    made = contents(rebuilt / SITE)
    files = {name for name in site if name.endswith((".pdf", ".docx"))}
    assert {name for name in files if made[name] != site[name]} == {
        "letters/quarrow.pdf",
        "letters/quarrow.docx",
    }
