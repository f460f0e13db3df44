"""Quotations by the digest of their source, and retired terms outside them."""

from __future__ import annotations

from pathlib import Path

import pytest

from letters import Project, RoundTemplates, merge_letter
from letters.document import Emphasis, Inline, Text
from letters.errors import Place
from letters.files import digest
from letters.gate.conditions import quotation_problems, term_problems, text_problems
from letters.gate.printed import QuotedWords, pieces
from letters.gate.report import TextBlock, folded, spots_of
from letters.model import Quotation, RetiredTerm

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "tests/real_letters/letter-merseyside-2017-10-02.txt"
PLACE = Place("letter.md", 3)
TERM = RetiredTerm(term="abuse of authority", instead="abuse of position")


def spot(*content: Inline, is_quote: bool = False) -> TextBlock:
    return TextBlock(content, is_quote, PLACE)


def sha(text: str) -> str:
    return digest(text.encode())


def test_everything_quoted_is_a_piece() -> None:
    blocks = [
        spot(Text("In "), Emphasis((Text("A title"),)), Text(" we said ‘one thing’ and “more”.")),
        spot(Text("First paragraph,"), is_quote=True),
        spot(Text("second paragraph."), is_quote=True),
        spot(Text("The forces’ plans say \"x\" and 'y z', and the force's 'w'.")),
    ]
    assert [piece.text for piece in pieces(blocks)] == [
        "A title",
        "one thing",
        "more",
        "First paragraph, second paragraph.",
        "x",
        "y z",
        "w",
    ]


@pytest.mark.parametrize(
    "text", ["‘forces’ plans’", "'forces' plans'", "‘forces’\n   plans’", "‘forces’ plans\u00ad’"]
)
def test_the_form_of_signs_and_spaces_does_not_count(text: str) -> None:
    assert QuotedWords(folded(text), PLACE).sha256 == sha("'forces' plans'")


def refused(*quotations: Quotation, quoted: list[str]) -> list[str]:
    found = [QuotedWords(text, PLACE) for text in quoted]
    places = [Place("round.yaml", n) for n, _ in enumerate(quotations, 1)]
    return [str(problem) for problem in quotation_problems(quotations, found, places)]


SOURCE_TEXT = "Within nine months, every force should have started work on a plan."


@pytest.mark.parametrize(
    "text",
    [
        "Inside nine months, every force should have started work on a plan.",
        "By May, every force should have started work on a plan.",
        "Within nine months, every force should have begun work on a plan.",
        "Within nine months every force should have started to work on a plan.",
    ],
)
def test_a_quotation_near_its_source_is_told_whatever_its_first_words(text: str) -> None:
    quotation = Quotation(begins="Within nine months", source="2018", sha256=sha(SOURCE_TEXT))
    (said,) = refused(quotation, quoted=[SOURCE_TEXT, text, "We asked every force for a plan."])
    assert "is not the text registered from 2018. Restore its words" in said
    assert sha(text) in said


def test_titles_near_a_registered_one_are_told_unless_registered_themselves() -> None:
    texts = ["In safe hands: digital evidence 2018", "In safe hands: digital evidence 2017"]
    first, second = (Quotation(begins=t, source="us", sha256=sha(t)) for t in texts)
    assert len(refused(first, quoted=texts)) == 1
    assert refused(first, second, quoted=texts) == []
    assert refused(first, quoted=[texts[0], "In safe hands", "digital evidence 2018"]) == []


def test_a_quotation_must_be_its_source() -> None:
    quotation = Quotation(begins="All forces", source="The report", sha256=sha("All forces act."))
    assert refused(quotation, quoted=["All forces act.", "Something else"]) == []
    assert refused(quotation, quoted=["All forces act.", "All forces acted."]) == [
        "letter.md:3: 'All forces acted.' is not the text registered from The report."
        f" Restore its words; if these are the source's, register {sha('All forces acted.')}."
    ]
    assert refused(quotation, quoted=[]) == [
        "round.yaml:1: No letter quotes 'All forces', registered from The report."
        " Restore it in the wording, or take the quotation out here."
    ]


def retired(*blocks: TextBlock, registered: frozenset[str] = frozenset()) -> list[str]:
    return [str(problem) for problem in term_problems([TERM], blocks, registered)]


SAID = "letter.md:3: The retired term '{}' is outside a quotation. Write 'abuse of position'."


@pytest.mark.parametrize(
    ("text", "term"),
    [
        ("the abuse of authority is", "abuse of authority"),
        ("Abuse  of\u00a0authority is", "Abuse of authority"),
        ("‘this’ abuse of authority ‘that’", "abuse of authority"),
        ("the forces’ abuse of authority is their officers’", "abuse of authority"),
        ("it's 'so' an abuse of authority, isn't it", "abuse of authority"),
    ],
)
def test_a_retired_term_outside_quotations_is_refused(text: str, term: str) -> None:
    assert retired(spot(Text(text))) == [SAID.format(term)]


@pytest.mark.parametrize(
    "text",
    [
        "we called it ‘abuse of authority’ then",
        "we called it “an abuse of authority” then",
        'we called it "abuse of authority" then',
        "we called it 'abuse of authority' then",
        "the disabuse of authority, abuse of authorityship",
        "abuse of position",
    ],
)
def test_a_retired_term_inside_quotation_marks_may_stand(text: str) -> None:
    assert retired(spot(Text(text))) == []


def test_a_retired_term_may_stand_in_a_block_quotation() -> None:
    assert retired(spot(Text("the abuse of authority"), is_quote=True)) == []


def test_a_retired_term_may_stand_in_a_registered_title_only() -> None:
    block = spot(Text("In "), Emphasis((Text("Abuse of authority: a report"),)))
    known = frozenset((sha("Abuse of authority: a report"),))
    assert retired(block, registered=known) == []
    assert retired(block) == [SAID.format("Abuse of authority")]


def test_texts_of_the_round_are_held_to_it_too() -> None:
    assert list(text_problems([TERM], "On ‘abuse of authority’", PLACE)) == []
    (problem,) = text_problems([TERM], "On abuse of authority", PLACE)
    assert str(problem) == SAID.format("abuse of authority")


def test_the_real_letter_quotes_its_source_to_the_letter() -> None:
    source = folded(SOURCE.read_text(encoding="utf-8"))
    round_ = Project.load(ROOT).round("2017-abuse-of-position")
    letter = merge_letter(round_, "merseyside")
    blocks = list(spots_of(letter, RoundTemplates.load(round_).typeset(letter)))
    known = {quotation.sha256 for quotation in round_.round.quotations}
    quoted = [piece for piece in pieces(blocks) if piece.sha256 in known]
    assert [piece.text[:23] for piece in quoted] == [
        "PEEL: police legitimacy",
        "To address this cause o",
    ]
    assert all(piece.text in source for piece in quoted)
    assert list(term_problems(round_.round.retired_terms, blocks, frozenset(known))) == []


def test_the_old_term_may_not_come_back_into_the_real_letter() -> None:
    round_ = Project.load(ROOT).round("2017-abuse-of-position")
    letter = merge_letter(round_, "merseyside")
    blocks = list(spots_of(letter, RoundTemplates.load(round_).typeset(letter)))
    unquoted = [TextBlock(each.content, is_quote=False, place=each.place) for each in blocks]
    problems = list(term_problems(round_.round.retired_terms, unquoted, frozenset()))
    assert [problem.place.file for problem in problems] == [
        "templates/abuse-of-position/recommendation.md"
    ]
