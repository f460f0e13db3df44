"""A withdrawn letter comes back by new approvals, whatever clocks say."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from letters import Project
from letters.approvals.signing import revoke_letters
from letters.ledger import read_ledger
from letters.publish import withdraw
from letters.status import publication_notes
from tests.builders import approve
from tests.rounds.found_property import AFTER, LATER, a_publishable, out_of, published

LEDGER = "rounds/2026-found-property/published.json"


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A round that was approved on a computer whose clock was a day ahead, and published."""
    approve(a_publishable(tmp_path), at=LATER + timedelta(days=1))
    published(tmp_path, now=LATER)
    return tmp_path


def taken(project: Path, force: str) -> None:
    own = Project.load(project).round()
    withdraw(own, force, now=LATER, out=out_of(project), note="It named a witness.")


def comes_back(project: Path) -> bool:
    """Whether the letter would be published again, as `status` tells it."""
    return "brings it back" in publication_notes(Project.load(project).round())["southmoor"]


def test_an_approval_known_when_it_was_withdrawn_brings_no_letter_back(project: Path) -> None:
    taken(project, "southmoor")
    assert not comes_back(project)
    done = published(project, now=LATER + timedelta(days=2), note="Nothing.")
    assert done.withdrawn == ("southmoor",)
    own = Project.load(project).round()
    ledger = read_ledger(own)
    assert ledger.letters["southmoor"].known == ("kite 2026-04-21T12:00:00+00:00",)
    assert ledger.letters["northmoor"].known is None
    assert "known" not in json.loads((project / LEDGER).read_text("utf-8"))["letters"]["northmoor"]
    assert b"2026-04-21" not in (out_of(project) / "site/manifest.json").read_bytes()


def test_what_was_known_stays_so_when_another_letter_is_withdrawn(project: Path) -> None:
    taken(project, "southmoor")
    known = read_ledger(Project.load(project).round()).letters["southmoor"].known
    taken(project, "northmoor")
    assert read_ledger(Project.load(project).round()).letters["southmoor"].known == known
    assert not comes_back(project)


def test_a_new_approval_brings_it_back_though_the_clock_is_behind(project: Path) -> None:
    taken(project, "southmoor")
    fresh = Project.load(project)
    revoke_letters(fresh, fresh.round(), ["southmoor"], by="kite")
    assert not comes_back(project)
    approve(project, "southmoor", at=AFTER)
    assert comes_back(project)
    done = published(project, now=LATER, note="It was right.")
    assert (done.changed, done.withdrawn) == (("southmoor",), ())
    assert read_ledger(Project.load(project).round()).letters["southmoor"].known is None


def test_an_older_ledger_goes_by_the_clock_as_before(project: Path) -> None:
    taken(project, "southmoor")
    path = project / LEDGER
    content = json.loads(path.read_text("utf-8"))
    del content["letters"]["southmoor"]["known"]
    path.write_text(json.dumps(content), "utf-8")
    assert comes_back(project)
    fresh = Project.load(project)
    revoke_letters(fresh, fresh.round(), ["southmoor"], by="kite")
    approve(project, "southmoor", at=AFTER)
    assert not comes_back(project)
