"""How far a change reaches, and which letters show every branch."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from letters import Project, RoundTemplates
from letters.approvals import Approvals
from letters.build.fingerprints import letter_digest
from letters.changes.diff import (
    branches,
    reach_sentence,
    reached,
    smallest_set,
    typeset_all,
)
from letters.document import Document, Origin
from letters.merge import letters_of


def documents(folder: Path) -> dict[str, Document]:
    project_round = Project.load(folder).round(None)
    round_templates, approvals = RoundTemplates.load(project_round), Approvals.load(project_round)
    return {d.id: d for d in typeset_all(round_templates, approvals, letters_of(project_round))}


def digests(folder: Path) -> dict[str, str]:
    return {id_: letter_digest(document) for id_, document in documents(folder).items()}


def edit(path: Path, old: str, new: str) -> None:
    words = path.read_text(encoding="utf-8")
    assert old in words
    path.write_text(words.replace(old, new), encoding="utf-8")


@pytest.mark.parametrize(
    ("file", "old", "new", "letters"),
    [
        ("outcomes/in-place.md", "pleased", "glad", ["ashmere"]),
        ("outcomes/not-yet.md", "**not yet**", "*not yet*", ["dunhollow"]),
        ("letter.md", "We have assessed", "We assessed", ["ashmere", "dunhollow", "westerlyn"]),
        ("letter.md", "We have", "{# a note\n#}\nWe have", []),
        ("labels.yaml", "closing: ", "closing: Ever ", ["ashmere", "dunhollow", "westerlyn"]),
    ],
)
def test_a_change_reaches_the_letters_that_say_it(
    starter: Path, file: str, old: str, new: str, letters: list[str]
) -> None:
    before = digests(starter)
    edit(starter / "templates/first-wording" / file, old, new)
    assert reached(before, digests(starter)) == tuple(letters)


def test_a_letter_that_comes_or_goes_is_reached() -> None:
    assert reached({"a": "1", "b": "2"}, {"b": "2", "c": "3"}) == ("c", "a")


@pytest.mark.parametrize(
    ("names", "total", "sentence"),
    [
        ([], 43, "changes none of 43 letters"),
        (["Kent"], 43, "changes 1 of 43 letters: Kent"),
        (["Kent", "Essex"], 43, "changes 2 of 43 letters: Kent, Essex"),
        (["Kent", "Essex"], 2, "changes all 2 letters"),
        (["Kent"], 1, "changes 1 of 1 letter: Kent"),
    ],
)
def test_the_sentence(names: list[str], total: int, sentence: str) -> None:
    assert reach_sentence(names, total) == sentence


def test_looks_are_no_part_of_a_letters_digest_but_every_word_is(starter: Path) -> None:
    document = documents(starter)["ashmere"]
    same = replace(document, slots=dict(document.slots))
    assert letter_digest(same) == letter_digest(document)
    for changed in (
        replace(document, draft="DRAFT – OFFICIAL"),
        replace(document, handling="OFFICIAL"),
        replace(document, texts={**document.texts, "page_label": "Tudalen"}),
        replace(document, slots={**document.slots, "letter_body": ()}),
        replace(document, information=()),
    ):
        assert letter_digest(changed) != letter_digest(document)


def spots(*lines: int) -> frozenset[Origin]:
    return frozenset(Origin("templates/w/letter.md", line) for line in lines)


@pytest.mark.parametrize(
    ("shown", "chosen"),
    [
        ({}, ()),
        ({"a": spots(1), "b": spots(1)}, ("a",)),
        ({"a": spots(1), "b": spots(1, 2)}, ("b",)),
        ({"a": spots(1, 2), "b": spots(2, 3), "c": spots(3, 1)}, ("a", "b")),
        # The greedy choice c becomes needless once a and b are taken.
        (
            {"a": spots(1, 2, 3), "b": spots(4, 5, 6), "c": spots(2, 3, 4, 5)},
            ("a", "b"),
        ),
    ],
)
def test_the_smallest_set(shown: dict[str, frozenset[Origin]], chosen: tuple[str, ...]) -> None:
    assert smallest_set(shown) == chosen


def test_the_set_of_the_example_shows_every_branch(example_project: Path) -> None:
    shown = {id_: branches(document) for id_, document in documents(example_project).items()}
    chosen = smallest_set(shown)
    everything = frozenset[Origin]().union(*shown.values())
    assert frozenset[Origin]().union(*(shown[id_] for id_ in chosen)) == everything
    assert len(everything) > 20
    assert len(chosen) <= 8
