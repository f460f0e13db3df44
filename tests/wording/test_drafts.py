"""Drafts show what is still to come, and are never refused for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from letters.document import Gap, Paragraph, passages
from letters.errors import ProblemsFound
from letters.model import Round
from tests.builders import LABELS, a_round, messages, set_letter

LEAD = "[lead: to be added]"
CHECKED = "[checked: to be added]"
OUTCOME = "[outcome: to be added]"


def with_required() -> Round:
    """A round whose records must name a lead and say whether the force was checked."""
    fields = {
        "lead": {"type": "text", "required": True},
        "checked": {"type": "yes-no", "required": True},
        "annex": {"type": "text"},
        "waiting": {"type": "number"},
        "findings": {"type": "rich text"},
    }
    return a_round(fields=fields)


def draft(root: Path, body: str, **letter: Any) -> list[str]:
    """The words of a draft's body; the record holds nothing but what is given."""
    known = {"missing": ("lead", "checked", "outcome"), "outcome": None, "round_": with_required()}
    document = set_letter(root, body, drafts=True, **(known | letter))
    texts = [passage.text for passage in passages(document)]
    return texts[texts.index("Subject") + 1 : texts.index("Yours sincerely")]


CASES: list[tuple[str, list[str]]] = [
    ("Ask {{ lead }}.", [f"Ask {LEAD}."]),
    ("Ask {{ contact_phone }}.", ["Ask [contact phone: to be added]."]),
    ("{{ lead | upper | trim }}", [LEAD]),
    ("{{ lead | default('nobody') }}", ["nobody"]),
    ("{{ [contact_name, lead] | join(', ') }}", [LEAD]),
    ("{{ [contact_name, lead] | sort | first }}", ["Robin Hale"]),
    ("{{ waiting | grouped }}", ["[waiting: to be added]"]),
    ("{{ lead ~ ', ' ~ annex }}", ["[lead, annex: to be added]"]),
    ("> {{ findings }}", ["[findings: to be added]"]),
    ("[{{ lead }}](mailto:{{ lead }})", [LEAD]),
    ("{% include outcome_wording %}\n\nAfter.", [OUTCOME, "After."]),
    ("> {% include outcome_wording %}", [OUTCOME]),
    ("It is so{% if checked %} and good{% endif %}.", [f"It is so {CHECKED}."]),
    ("It is {% if checked %}good {% endif %}so.", [f"It is {CHECKED} so."]),
    ("{% if checked %}\nGood.\n{% endif %}\n\nAfter.", [CHECKED, "After."]),
    ("{% if not checked %}\nBad.\n{% endif %}\n\nAfter.", [CHECKED, "Bad.", "After."]),
    ("{% if checked %}\nGood.\n{% else %}\nBad.\n{% endif %}", [CHECKED, "Bad."]),
    ("{% if checked and outcome == 'in-place' %}\nx\n{% endif %}", [f"{CHECKED} {OUTCOME}"]),
    ("{% if annex %}\nx\n{% endif %}\n\nAfter.", ["After."]),
    ("{% if waiting > 3 %}\nx\n{% endif %}\n\nAfter.", ["After."]),
    ("{% set good = checked %}{% if good %}\nx\n{% endif %}\n\nAfter.", [f"{CHECKED} After."]),
    ("{{ 'good' if checked else 'bad' }}", [CHECKED]),
    ("Before.\n\n{{ 'x' if annex else '' }}", ["Before."]),
    ("{% for name in [lead, contact_name] %}\n- {{ name }}\n{% endfor %}", [LEAD, "Robin Hale"]),
    ("- a\n{% if checked %}\n- b\n{% endif %}\n- c", [f"a {CHECKED}", "c"]),
    (
        "| a | b |\n| - | - |\n{% if checked %}\n| c | d |\n{% endif %}\n| e | f |",
        ["a", "b", CHECKED, "", "e", "f"],
    ),
]


@pytest.mark.parametrize(("body", "expected"), CASES)
def test_what_is_to_come_is_marked(tmp_path: Path, body: str, expected: list[str]) -> None:
    assert draft(tmp_path, body) == expected


@pytest.mark.parametrize("body", [body for body, _ in CASES if "{{ lead }}" in body])
def test_the_same_letter_is_refused_when_it_is_meant_to_be_finished(
    tmp_path: Path, body: str
) -> None:
    with pytest.raises(ProblemsFound) as found:
        set_letter(tmp_path, body, round_=with_required())
    assert "has no value in the letter to Fenmark Police." in messages(found.value)[0]


def test_a_gap_names_its_field(tmp_path: Path) -> None:
    document = set_letter(tmp_path, "{{ contact_phone }}", drafts=True)
    (paragraph,) = document.slots["letter_body"]
    assert isinstance(paragraph, Paragraph)
    assert paragraph.content == (Gap("[contact phone: to be added]", "contact_phone"),)


def test_a_draft_bears_its_mark_and_a_letter_does_not(tmp_path: Path) -> None:
    assert set_letter(tmp_path, "Text.", drafts=True).draft == "DRAFT"
    assert set_letter(tmp_path, "Text.").draft == ""


def test_gaps_in_labels(tmp_path: Path) -> None:
    labels = {**LABELS, "closing": "Yours, {{ lead }}"}
    files: dict[str, str | None] = {"labels": "".join(f"{k}: {v}\n" for k, v in labels.items())}
    document = set_letter(tmp_path, "Text.", files=files, drafts=True)
    assert document.texts["closing_label"] == f"Yours, {LEAD}"
    assert document.texts["lead"] == ""


def test_a_draft_with_faulty_wording_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProblemsFound, match="not a placeholder"):
        set_letter(tmp_path, "{{ laed }}", drafts=True)


def test_a_finished_record_makes_the_same_words_as_a_draft(tmp_path: Path) -> None:
    body = "{{ lead }}{% if lead %}, indeed{% endif %}.\n\n{% include outcome_wording %}"
    finished = set_letter(tmp_path, body, {"lead": "Ann"})
    as_draft = set_letter(tmp_path, body, {"lead": "Ann"}, drafts=True)
    assert passages(finished) == passages(as_draft)
