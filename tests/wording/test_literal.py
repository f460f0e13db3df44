"""A plain value comes out as itself wherever it is printed, and changes nothing round it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from letters.document import Break, Document, Gap, Link, Text, passages
from letters.wording import Wording, typeset
from tests.builders import a_letter, a_wording, rich

POSITIONS = {
    "alone": "{{ lead }}",
    "at the start": "{{ lead }} is here.",
    "in the middle": "It is {{ lead }} here.",
    "at a line's start": "We saw\n{{ lead }}\nthere.",
    "at a line's end": "We saw {{ lead }}\nthere.",
    "before a hard break": "We saw {{ lead }}\\\nthere.",
    "in bold": "It is **{{ lead }}** here.",
    "in italics": "It is *{{ lead }}* here.",
    "inside a word": "a**{{ lead }}**b",
    "in a heading": "## About {{ lead }}\n\nText.",
    "in an item": "- {{ lead }}\n- other",
    "in a numbered item": "3. {{ lead }}\n4. other",
    "in an inner item": "- a\n\n  1. b\n\n     {{ lead }}",
    "in a cell": "| a | b |\n| --- | :-: |\n| {{ lead }} | c |",
    "in a header cell": "| {{ lead }} | b |\n| --- | --- |\n| c | d |",
    "in a quotation": "> {{ lead }}\n> more",
    "in link text": "[{{ lead }}](https://fens.example/)",
    "in a language span": "[{{ lead }}]{cy}",
    "twice": "{{ lead }} {{ lead }}",
    "beside another": "{{ lead }}{{ contact_name }}",
    "in an included file": "> {% include 'part.md' %}",
    "changed by a filter": "It is {{ [lead, 'x'] | join(' ') }} here.",
    "joined": "It is {{ lead ~ '.' }} here.",
    "in a condition": "It is {% if lead %}{{ lead }}{% endif %} here.",
    "in a loop": "{% for name in [lead, contact_name] %}\n- {{ name }}\n{% endfor %}",
}

AWKWARD = {
    "asterisks": "A*b*_c_ & <d> {{x}} {% y %} {# z #}",
    "a heading": "# Head",
    "a number": "1. First",
    "a dash": "- x",
    "a quotation": "> q",
    "a pipe": "a | b",
    "backticks": "`a` b",
    "one backtick": "a ` b",
    "a new line": "l1\nl2",
    "an empty line": "p1\n\np2",
    "four spaces": "    code",
    "many spaces": "a   b",
    "a backslash": "a\\",
    "a link": "a [b](https://c.example) d",
    "an entity": "R&amp;D &copy; &#65;",
    "a rule": "---",
    "a tag": "<b>x</b><script>alert(1)</script>",
    "an address": "<https://a.example>",
    "an underline": "x\n===",
    "a year": "2017.",
    "an image": "![a](b)",
    "tildes": "~~~",
    "brackets": "Yard (Old).",
    "a span": "[x]{cy}",
    "equals": "===",
    "a plus": "+",
    "a fence": "```",
    "a definition": "[a]: https://b.example",
    "a tab": "a\tb",
    "quotes": "“a” ‘b’ \"c\" 'd'",
    "Welsh": "Tŷ’r Heddlu, dŵr",
    "a filter": "{{ ''.__class__.__mro__ }}",
    "a percentage": "50% %(x)s {0}",
}
FILES: dict[str, str | None] = {"part": "It is {{ lead }} here.\n\nMore.\n"}


def one_space(text: str) -> str:
    return " ".join(text.split())


def words(document: Document) -> list[tuple[str, str, str]]:
    return [(p.kind, p.label, one_space(p.text)) for p in passages(document)]


def expected_words(wording: Wording, value: str) -> list[tuple[str, str, str]]:
    """The letter of a harmless value, with the awkward one written over it."""
    harmless = words(typeset(a_letter({"lead": "QQQ"}), wording))
    return [(kind, label, text.replace("QQQ", one_space(value))) for kind, label, text in harmless]


def shape(node: Any) -> Any:
    """What a tree is made of, its texts left out."""
    if isinstance(node, tuple):
        return [shape(child) for child in node if not isinstance(child, Text | Break)]
    if isinstance(node, Link):
        return "Link", node.href, shape(node.content)
    names = ("blocks", "items", "rows", "content")
    inner = [shape(getattr(node, name)) for name in names if hasattr(node, name)]
    return type(node).__name__, getattr(node, "start", None), getattr(node, "level", None), inner


@pytest.mark.parametrize("position", POSITIONS.values(), ids=POSITIONS)
def test_awkward_values_are_printed_as_they_are(tmp_path: Path, position: str) -> None:
    wording = a_wording(tmp_path, position, **FILES)
    plain = typeset(a_letter({"lead": "QQQ"}), wording)
    for value in AWKWARD.values():
        document = typeset(a_letter({"lead": value}), wording)
        assert words(document) == expected_words(wording, value)
        assert shape(document.slots["letter_body"]) == shape(plain.slots["letter_body"])


@pytest.fixture(scope="module")
def every_position(tmp_path_factory: pytest.TempPathFactory) -> Wording:
    body = "\n\n".join(POSITIONS.values())
    return a_wording(tmp_path_factory.mktemp("wording"), body, **FILES)


PIECES = st.sampled_from(
    [*AWKWARD.values(), "Kent", "Ŵŷ", "’", "*", "_", "\\", "`", "|", "\n", " "]
)
TEXT = st.characters(codec="utf-8", exclude_categories=("Cc", "Cs", "Co", "Cn", "Zl", "Zp"))
VALUES = st.one_of(st.lists(PIECES, max_size=6).map("".join), st.text(TEXT, max_size=20))


@given(VALUES)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_any_value_is_printed_as_it_is(every_position: Wording, value: str) -> None:
    value = f"K{value}."
    document = typeset(a_letter({"lead": value}), every_position)
    plain = typeset(a_letter({"lead": "QQQ"}), every_position)
    assert words(document) == expected_words(every_position, value)
    assert shape(document.slots["letter_body"]) == shape(plain.slots["letter_body"])


@pytest.mark.parametrize("value", AWKWARD.values(), ids=AWKWARD)
def test_values_round_the_body_are_literal(tmp_path: Path, value: str) -> None:
    wording = a_wording(tmp_path, "Text.")
    letter = a_letter({"signatory_name": value, "force_name": value}, delivery=value)
    document = typeset(replace(letter, salutation=(value,)), wording)
    assert document.title == f"Subject – {one_space(value)}"
    assert document.texts["force_name"] == value
    assert ("paragraph", "", f"Dear {one_space(value)}") in words(document)
    assert ("figure", "", f"Signature of {one_space(value)}") in words(document)


def test_new_lines_in_a_value_are_breaks(tmp_path: Path) -> None:
    wording = a_wording(tmp_path, "At {{ lead }}.")
    (paragraph,) = typeset(a_letter({"lead": "1 Fen Lane\nMarshton"}), wording).slots["letter_body"]
    assert getattr(paragraph, "content", None) == (
        Text("At "),
        Text("1 Fen Lane", "lead"),
        Break(),
        Text("Marshton", "lead"),
        Text("."),
    )


def test_placeholders_in_rich_text_are_text(tmp_path: Path) -> None:
    wording = a_wording(tmp_path, "{{ findings }}")
    letter = a_letter({"findings": rich("{{ force_name }} {% if %} {# x #} *y*")})
    assert words(typeset(letter, wording))[-5][2] == "{{ force_name }} {% if %} {# x #} y"


@pytest.mark.parametrize(
    ("address", "value", "href"),
    [
        ("{{ lead }}", "https://a b.example/ŵ?x=1&y=2#z", "https://a%20b.example/%C5%B5?x=1&y=2#z"),
        (
            "https://fens.example/{{ lead }}?x=1",
            "a/b?c&d",
            "https://fens.example/a%2Fb%3Fc%26d?x=1",
        ),
        ("https://fens.example/?q={{ lead }}", "50%", "https://fens.example/?q=50%25"),
        ("mailto:{{ lead }}", "a.b+c@fens.example", "mailto:a.b+c@fens.example"),
        ("tel:{{ lead }}", "01632 960148", "tel:01632%20960148"),
    ],
)
def test_values_in_addresses(tmp_path: Path, address: str, value: str, href: str) -> None:
    wording = a_wording(tmp_path, f"[x]({address})")
    (paragraph,) = typeset(a_letter({"lead": value}), wording).slots["letter_body"]
    assert getattr(paragraph, "content", None) == (Link(href, (Text("x"),)),)


def test_nothing_of_a_finished_letter_is_a_gap(every_position: Wording) -> None:
    document = typeset(a_letter({"lead": "x"}), every_position)
    assert not any(isinstance(block, Gap) for block in document.slots["letter_body"])
    assert not any("to be added" in text for _, _, text in words(document))
