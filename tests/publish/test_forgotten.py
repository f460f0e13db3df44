"""What lies in out/ takes nothing from the ledger of what was published."""

import json
from pathlib import Path

import pytest

from letters import Project
from letters.ledger import read_ledger
from letters.publish import publish, withdraw
from tests.builders import approve
from tests.rounds.found_property import AFTER, LATER, a_publishable, out_of, published


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A published round, one letter of which was withdrawn."""
    approve(a_publishable(tmp_path), at=AFTER)
    published(tmp_path, now=AFTER)
    own = Project.load(tmp_path).round()
    withdraw(own, "southmoor", now=LATER, out=out_of(tmp_path), note="It named a witness.")
    return tmp_path


def stage(project: Path) -> None:
    fresh = Project.load(project)
    publish(fresh, fresh.round(), now=LATER, out=out_of(project), stage=True, note="Nothing.")


def test_what_was_staged_is_published_as_before(project: Path) -> None:
    stage(project)
    before = read_ledger(Project.load(project).round())
    assert published(project, now=LATER).withdrawn == ("southmoor",)
    assert read_ledger(Project.load(project).round()) == before


def test_a_withdrawal_takes_nothing_of_other_letters_from_the_site(project: Path) -> None:
    manifest = out_of(project) / "site/manifest.json"
    content = json.loads(manifest.read_text("utf-8"))
    for each in content["publication"]["letters"]:
        if each["id"] == "southmoor":
            each |= {"history": [], "first": "2020-01-01"}
            each["withdrawn"]["note"] = "Nothing."
    manifest.write_text(json.dumps(content), "utf-8")
    before = read_ledger(Project.load(project).round()).letters["southmoor"]
    own = Project.load(project).round()
    withdraw(own, "northmoor", now=LATER, out=out_of(project), note="It is wrong.")
    after = read_ledger(Project.load(project).round())
    assert after.letters["southmoor"] == before
    assert set(after.withdrawn) == {"northmoor", "southmoor"}
