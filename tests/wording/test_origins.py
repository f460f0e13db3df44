"""Every block knows the file, line, fields and conditions it comes from."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from letters.document import Block, Heading, List, Origin, Paragraph, Quote, Table, plain
from letters.model import Value
from letters.wording import typeset
from tests.builders import RECORD, WORDING, a_letter, a_wording, body_of, rich

LETTER = f"{WORDING}/letter.md"
PART = f"{WORDING}/parts/part.md"

VALUES: dict[str, Value] = {"lead": "Ann", "annex": "A", "checked": True}


def leaves(blocks: tuple[Block, ...]) -> Iterator[tuple[str, Origin]]:
    """The words and origin of each paragraph, heading and table."""
    for block in blocks:
        match block:
            case Paragraph(content, origin) | Heading(_, content, origin):
                yield plain(content), origin
            case Table(rows, _, origin):
                yield plain(rows[0][0]), origin
            case Quote(inner):
                yield from leaves(inner)
            case List(_, items):
                for item in items:
                    yield from leaves(item)


def origins(root: Path, body: str, values: dict[str, Value] | None = None) -> dict[str, Origin]:
    """The origin of each leaf of a letter's body, by its words."""
    files: dict[str, str | None] = {
        "parts__part": "Part.\n\n{% if annex %}\nInner {{ lead }}.\n{% endif %}\n",
        "recommendation": "First.\n\nSecond.\n",
    }
    return dict(leaves(body_of(root, body, VALUES | (values or {}), files=files)))


CASES: list[tuple[str, str, Origin]] = [
    ("a", "a", Origin(LETTER, 3)),
    ("a\nb", "a b", Origin(LETTER, 3)),
    ("a\n\nb", "b", Origin(LETTER, 5)),
    ("{# a note\nof two lines #}\nb", "b", Origin(LETTER, 5)),
    ("{% if lead\n   and annex %}\nb\n{% endif %}", "b", Origin(LETTER, 5, (), ("lead", "annex"))),
    ("a\n{%- if lead %}\n\n\nb\n{%- endif %}\n\n\nc", "c", Origin(LETTER, 11)),
    ("{{ lead }} {{ annex }} {{ lead }}", "Ann A Ann", Origin(LETTER, 3, ("lead", "annex"))),
    ("x\ny {{ lead }}", "x y Ann", Origin(LETTER, 3, ("lead",))),
    ("## {{ lead }}", "Ann", Origin(LETTER, 3, ("lead",))),
    ("> a\n>\n> {{ lead }}", "Ann", Origin(LETTER, 5, ("lead",))),
    ("- a\n- {{ lead }}", "Ann", Origin(LETTER, 4, ("lead",))),
    ("- a\n{% if checked %}\n- b\n{% endif %}\n- c", "b", Origin(LETTER, 5, (), ("checked",))),
    ("- a\n{% if checked %}\n- b\n{% endif %}\n- c", "c", Origin(LETTER, 7)),
    ("a{% if checked %} b{% endif %}.", "a b.", Origin(LETTER, 3, (), ("checked",))),
    ("{% if not checked %}a{% else %}b{% endif %}", "b", Origin(LETTER, 3, (), ("checked",))),
    (
        "{% if not lead %}a{% elif annex %}b{% endif %}",
        "b",
        Origin(LETTER, 3, (), ("lead", "annex")),
    ),
    (
        "{% if lead %}\n{% if annex %}\na\n{% endif %}\n{% endif %}",
        "a",
        Origin(LETTER, 5, (), ("lead", "annex")),
    ),
    ("{{ lead if checked else annex }}", "Ann", Origin(LETTER, 3, ("lead", "annex"), ("checked",))),
    ("{% set x = lead ~ annex %}\n{{ x }}", "AnnA", Origin(LETTER, 4, ("lead", "annex"))),
    ("{% set x = checked %}\n{% if x %}\na\n{% endif %}", "a", Origin(LETTER, 5, (), ("checked",))),
    (
        "{% for x in [lead, annex] %}\n- {{ x }}\n{% endfor %}",
        "A",
        Origin(LETTER, 4, ("annex",), ("lead", "annex")),
    ),
    ("| {{ lead }} |\n| --- |\n| b {{ annex }} |", "Ann", Origin(LETTER, 3, ("lead", "annex"))),
    ("[x](https://fens.example/{{ lead }})", "x", Origin(LETTER, 3, ("lead",))),
    ("{% include 'parts/part.md' %}", "Part.", Origin(PART, 1)),
    ("{% include 'parts/part.md' %}", "Inner Ann.", Origin(PART, 4, ("lead",), ("annex",))),
    (
        "{% if checked %}\n- {% include 'parts/part.md' %}\n{% endif %}",
        "Inner Ann.",
        Origin(PART, 4, ("lead",), ("checked", "annex")),
    ),
    (
        "{% include outcome_wording %}",
        "Your plan is in place.",
        Origin(f"{WORDING}/outcomes/in-place.md", 1, (), ("outcome",)),
    ),
    (
        "{% include outcome_wording %}\n\nb",
        "b",
        Origin(LETTER, 5),
    ),
    (
        "> {{ recommendation }}",
        "Second.",
        Origin(f"{WORDING}/recommendation.md", 3, ("recommendation",)),
    ),
]


@pytest.mark.parametrize(("body", "words", "origin"), CASES)
def test_origin_of_a_block(tmp_path: Path, body: str, words: str, origin: Origin) -> None:
    assert origins(tmp_path, body)[words] == origin


def test_rich_text_comes_from_its_record(tmp_path: Path) -> None:
    body = "{% if checked %}\n> {{ findings }}\n{% endif %}"
    found = origins(tmp_path, body, {"findings": rich("One.\n\n- Two.", line=7)})
    assert found["One."] == Origin(RECORD.file, 7, ("findings",), ("checked",))
    assert found["Two."] == Origin(RECORD.file, 9, ("findings",), ("checked",))


def test_rich_text_of_a_sheet_has_no_lines(tmp_path: Path) -> None:
    text = rich("One.\n\nTwo.")
    cell = replace(text.place, file="assessments.xlsx", line=0, cell="Sheet1!N5")
    found = origins(tmp_path, "{{ findings }}", {"findings": replace(text, place=cell)})
    assert found["Two."] == Origin("assessments.xlsx", 0, ("findings",))


def test_rich_text_in_a_sentence_names_its_field(tmp_path: Path) -> None:
    found = origins(tmp_path, "We found: {{ findings }}", {"findings": rich("all *well*.")})
    assert found["We found: all well."] == Origin(LETTER, 3, ("findings",))


def test_containers_come_from_their_first_line(tmp_path: Path) -> None:
    body = "> {{ lead }}\n> b\n\n- a\n{% if lead %}\n- b\n{% endif %}"
    quote, list_ = body_of(tmp_path, body, VALUES)
    assert quote.origin == Origin(LETTER, 3)
    assert list_.origin == Origin(LETTER, 6)


def test_the_subject_and_texts_name_their_fields(tmp_path: Path) -> None:
    wording = a_wording(tmp_path, letter="# About {{ lead }}\n")
    (subject,) = typeset(a_letter(VALUES), wording).slots["letter_subject"]
    assert subject.origin == Origin(LETTER, 1, ("lead",))
