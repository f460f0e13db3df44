"""Included files and rich text stay where they are put: in the paragraph, quote or list item."""

from __future__ import annotations

from pathlib import Path

import pytest

from letters.document import Passage, passages
from letters.errors import ProblemsFound
from letters.model import Value
from tests.builders import rich, set_letter

PART = "One.\n\n- two\n- three\n"
INLINE = "plain *words*"


def read(
    root: Path, body: str, values: dict[str, Value] | None = None, **files: str | None
) -> list[tuple[str, str, str]]:
    """What the reader meets between the subject and the closing."""
    document = set_letter(root, body, values, files=files)
    found = [(p.kind, p.label, p.text) for p in passages(document)]
    start = next(n for n, passage in enumerate(found) if passage[0] == "heading 1")
    return found[start + 1 : found.index(("paragraph", "", "Yours sincerely"))]


def paragraph(text: str, label: str = "", kind: str = "paragraph") -> tuple[str, str, str]:
    return kind, label, text


WHOLE = [paragraph("One."), paragraph("two", "•"), paragraph("three", "•")]
QUOTED = [("quote", label, text) for _, label, text in WHOLE]
IN_ITEM = [paragraph("a", "•"), paragraph("One."), paragraph("two", "–"), paragraph("three", "–")]
AS_ITEM = [paragraph("One.", "•"), paragraph("two", "–"), paragraph("three", "–")]

PLACES: list[tuple[str, list[tuple[str, str, str]]]] = [
    ("HERE", WHOLE),
    ("HERE\n\nb", [*WHOLE, paragraph("b")]),
    ("a\n\nHERE\n\nb", [paragraph("a"), *WHOLE, paragraph("b")]),
    ("> HERE", QUOTED),
    ("> HERE\n\nb", [*QUOTED, paragraph("b")]),
    ("- a\n\n  HERE\n\n- b", [*IN_ITEM, paragraph("b", "•")]),
    ("- HERE\n- b", [*AS_ITEM, paragraph("b", "•")]),
    ("{% if sent_date %}\nHERE\n{% endif %}\n\nb", [*WHOLE, paragraph("b")]),
]


@pytest.mark.parametrize(("body", "expected"), PLACES)
@pytest.mark.parametrize("end", ["", "\n", "\n\n"], ids=["no line end", "one", "two"])
def test_included_files(
    tmp_path: Path, body: str, expected: list[tuple[str, str, str]], end: str
) -> None:
    include = body.replace("HERE", "{% include 'parts/x.md' %}")
    assert read(tmp_path, include, parts__x=PART.rstrip() + end) == expected


@pytest.mark.parametrize(("body", "expected"), PLACES)
def test_rich_text(tmp_path: Path, body: str, expected: list[tuple[str, str, str]]) -> None:
    field = body.replace("HERE", "{{ findings }}")
    assert read(tmp_path, field, {"findings": rich(PART)}) == expected


@pytest.mark.parametrize(("body", "expected"), PLACES)
def test_the_recommendation(
    tmp_path: Path, body: str, expected: list[tuple[str, str, str]]
) -> None:
    quoted = body.replace("HERE", "{{ recommendation }}")
    assert read(tmp_path, quoted, recommendation=PART) == expected


@pytest.mark.parametrize("place", ["{{ findings }}", "{% include 'x.md' %}"])
def test_one_paragraph_in_a_sentence(tmp_path: Path, place: str) -> None:
    body = f"We saw {place}, and so on.\n\n| a | b |\n| - | - |\n| {place} | c |"
    found = read(tmp_path, body, {"findings": rich(INLINE)}, x=INLINE)
    assert found == [
        paragraph("We saw plain words, and so on."),
        paragraph("a", kind="table heading"),
        paragraph("b", kind="table heading"),
        paragraph("plain words", kind="table cell"),
        paragraph("c", kind="table cell"),
    ]


@pytest.mark.parametrize("text", ["> a", "- a\n- b", "a\n\nb", "a\n\n1. b\n\n   > c"])
def test_what_follows_rich_text_is_untouched(tmp_path: Path, text: str) -> None:
    found = read(tmp_path, "> {{ findings }}\n\nAfter.", {"findings": rich(text)})
    assert found[-1] == paragraph("After.")
    assert {kind for kind, _, _ in found[:-1]} == {"quote"}


@pytest.mark.parametrize("text", ["a\n\n</div>", "a\n\n```", "a\n\n# x", "> > > a", "a\n\n---"])
def test_rich_text_that_letters_cannot_hold_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ProblemsFound) as found:
        read(tmp_path, "> {{ findings }}\n\nAfter.", {"findings": rich(text)})
    assert {problem.place.field for problem in found.value.problems} == {"findings"}


def test_an_outcome_chooses_its_wording(tmp_path: Path) -> None:
    body = "{% include outcome_wording %}\n\nAfter."
    document = set_letter(tmp_path, body, outcome="not-yet")
    texts = [passage.text for passage in passages(document)]
    assert "You have no plan yet." in texts
    assert "Your plan is in place." not in texts


def test_a_condition_that_ends_an_included_file(tmp_path: Path) -> None:
    part = "One.{% if sent_date %} Two.{% endif %}\n"
    found = read(tmp_path, "{% include 'x.md' %}\n\nAfter.", x=part)
    assert found == [paragraph("One. Two."), paragraph("After.")]


def test_an_included_file_may_print_nothing(tmp_path: Path) -> None:
    part = "{% if lead %}\nOne.\n{% endif %}\n"
    assert read(tmp_path, "{% include 'x.md' %}\n\nAfter.", x=part) == [paragraph("After.")]


def test_loops_and_set_reach_included_files(tmp_path: Path) -> None:
    loop = "{% for n in [contact_name, sent_date] %}\n{% include 'x.md' %}\n\n{% endfor %}"
    body = "{% set end = '!' %}" + loop
    found = read(tmp_path, body, x="For {{ n }}{{ end }}\n")
    assert found == [paragraph("For Robin Hale!"), paragraph("For 2 March 2026!")]


def test_passages_are_those_of_the_document(tmp_path: Path) -> None:
    document = set_letter(tmp_path, "{% include 'x.md' %}", files={"x": "> a\n"})
    assert Passage("quote", "", "a") in passages(document)
