"""Rules about words, and how a finding is said."""

import pytest

from letters.render.words import heading_findings, is_welsh, left_behind, poor_alternative, quoted
from letters.validators import Finding, validate

LEFT = "A sign of the template was left behind: "


@pytest.mark.parametrize(
    ("words", "sign"),
    [
        ("Dear {{ salutation }}", "'{{ salutation }}'"),
        ("{{p letter_body }}", "'{{p letter_body }}'"),
        ("{{ force_name }} Police", "'{{ force_name }}'"),
        ("{{r draft_mark }}", "'{{r draft_mark }}'"),
        ("{{ page_label }} 1", "'{{ page_label }}'"),
        ("{% if outcome == 'in-place' %}", "'{% if outcome == 'in-place' %}'"),
        ("«force_name»", "'«force_name»'"),
        ("MERGEFIELD force_name", "'MERGEFIELD force_name'"),
    ],
)
def test_a_sign_of_the_template_is_found(words: str, sign: str) -> None:
    assert [finding.what for finding in left_behind(words)] == [f"{LEFT}{sign}."]


@pytest.mark.parametrize(
    "words",
    [
        "a {{ box }} of theirs",
        "{{ annex_b }}",
        "100 % of {officers}",
        "{% raw %}",
        "« le rapport »",
        "Tŷ’r Heddlu – ‘yes’ £5",
        "",
    ],
)
def test_words_of_a_record_are_its_own(words: str) -> None:
    assert list(left_behind(words)) == []


@pytest.mark.parametrize("character", ["\ufffd", "\ue000", "\U000f0001"])
def test_a_character_without_meaning_is_found(character: str) -> None:
    (finding,) = left_behind(f"Dear {character}")
    assert finding.what == f"The text holds a character that stands for no letter: '{character}'."


@pytest.mark.parametrize(
    ("words", "welsh"),
    [
        ("diolch am ddangos y storfa yn Nhŷ’r Heddlu i ni, sy’n ddiogel rhag tân a dŵr", True),
        ("Mae’r heddlu wedi dweud wrth ein harolygwyr bod y gwaith ar y gweill", True),
        ("Heddlu Bro Ŵydden / Bro Ŵydden Police", False),
        ("Drwy’r post ac e-bost / By post and email", False),
        ("Comisiynydd yr Heddlu a Throseddu", False),
        ("We found that the force had a plan in place.", False),
        ("", False),
    ],
)
def test_welsh_prose_is_told_from_names(words: str, welsh: bool) -> None:
    assert is_welsh(words) is welsh


@pytest.mark.parametrize("alternative", [None, "", "  ", "crest.PNG", "IMG_1234.jpeg", "Image"])
def test_an_alternative_text_must_say_something(alternative: str | None) -> None:
    assert len(list(poor_alternative("rule", alternative, "page 1"))) == 1


@pytest.mark.parametrize("alternative", ["Signature of Ada Lark", "The crest of the inspectorate"])
def test_an_alternative_text_that_does(alternative: str) -> None:
    assert list(poor_alternative("rule", alternative, "page 1")) == []


@pytest.mark.parametrize(
    ("levels", "said"),
    [
        ([1, 2, 3, 2], []),
        ([], ["The letter has no headings of level 1; it needs exactly one."]),
        ([2, 1], ["The first heading is not the one of level 1."]),
        ([1, 1], ["The letter has 2 headings of level 1; it needs exactly one."]),
        ([1, 3], ["A heading of level 3 follows one of level 1: a level is left out."]),
    ],
)
def test_the_order_of_headings(levels: list[int], said: list[str]) -> None:
    found = heading_findings("rule", [(level, "Words") for level in levels])
    assert [finding.what for finding in found] == said


def test_an_empty_heading_is_found() -> None:
    (finding,) = heading_findings("rule", [(1, "Words"), (2, " ")])
    assert finding.what == "A heading of level 2 is empty."


def test_a_finding_says_where_what_and_which_rule() -> None:
    finding = Finding("PDF/UA-1 7.3", "An image has no alternative text.", "page 2")
    assert str(finding) == "page 2: An image has no alternative text. (PDF/UA-1 7.3)"
    assert str(Finding("PDF", "It is damaged.")) == "It is damaged. (PDF)"


def test_a_long_quotation_is_cut() -> None:
    assert quoted("a  b\n" + "c" * 99) == "'a b " + "c" * 55 + "…'"


PAGE = """<!DOCTYPE html><html lang="en-GB"><head><meta charset="utf-8"><title>Letter</title></head>
<body><main><h1>Subject</h1><p>We quote {{ sent_date }}.</p></main></body></html>"""


def test_what_the_letter_is_known_to_say_is_no_placeholder() -> None:
    content = PAGE.encode()
    (finding,) = validate("letter.html", content)
    assert finding.what == LEFT + "'{{ sent_date }}'."
    assert validate("letter.html", content, written="We quote {{ sent_date }}.") == ()
    assert validate("letter.html", content, written="We quote {{ sent_date }}.") == ()


def test_only_the_three_formats_are_judged() -> None:
    with pytest.raises(KeyError):
        validate("letter.odt", b"")
