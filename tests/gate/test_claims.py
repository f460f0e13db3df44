"""Numbers read from sentences, and whether records bear them out."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from letters.errors import Place
from letters.gate.claims import ClaimContext, claim_problems
from letters.gate.numerals import in_words
from letters.gate.printed import unstated
from letters.gate.quantities import Groups, Quantity, Relation
from letters.gate.report import comparable
from letters.gate.sentences import read_sentence
from letters.model import Assessment, Claim, Nouns
from tests.builders import invented_forces
from tests.rounds.lost_property import RECORDS_YAML, REPORT, ROUND_YAML, Publishable

PLACE = Place("round.yaml", 1)
FORCES = Nouns()


deterministic = settings(deadline=None, derandomize=True)


def said(sentence: str, nouns: Nouns = FORCES) -> list[Quantity]:
    return list(read_sentence(comparable(sentence), nouns).quantities)


def one(sentence: str) -> Quantity:
    (quantity,) = said(sentence)
    return quantity


COUNTS = st.integers(0, 99)
FRAMES = st.sampled_from(
    (
        "{} forces had made progress",
        "Only {} forces had made progress in December 2016",
        "On 5 October 2017, {} of the forces had a plan, within six months",
        "We found that {} had started, up from none",
    )
)


@deterministic
@given(COUNTS)
def test_a_number_in_words_reads_back(number: int) -> None:
    assert one(f"{in_words(number)} forces").number == number


@deterministic
@given(st.integers(100, 10**6))
def test_a_larger_number_reads_back(number: int) -> None:
    assert one(f"{in_words(number)} forces").number == number


@deterministic
@given(st.integers(1, 9), st.integers(1, 99))
def test_hundreds_in_words_read_back(hundreds: int, rest: int) -> None:
    words = f"{in_words(hundreds)} hundred and {in_words(rest)}"
    assert one(f"{words} services were visited").number == 100 * hundreds + rest


@deterministic
@given(COUNTS, st.sampled_from(("-", " ", "\u2011")), st.booleans())
def test_words_are_read_however_they_are_written(number: int, joint: str, capital: bool) -> None:
    words = in_words(number).replace("-", joint)
    sentence = f"{words.capitalize() if capital else words} forces"
    printed = sentence.split(" forces")[0].replace("\u2011", "-")
    assert one(sentence) == Quantity(printed, 0, len(printed), number=Fraction(number))


@deterministic
@given(COUNTS, COUNTS, st.sampled_from(("{} forces had made progress", "only {} of the forces")))
def test_another_number_is_another_claim(true: int, printed: int, frame: str) -> None:
    for words in (in_words(printed), str(printed)):
        assert one(frame.format(words)).holds(true, 100) == (true == printed)


@deterministic
@given(FRAMES.filter(lambda frame: "none" not in frame), st.integers(1, 99))
def test_dates_and_spans_of_time_are_no_numbers_of_forces(frame: str, number: int) -> None:
    assert one(frame.format(in_words(number))).number == number


@deterministic
@given(st.text(max_size=80))
def test_any_text_can_be_read(text: str) -> None:
    assert all(quantity.words for quantity in said(text))


READ: list[tuple[str, str, Fraction | int, bool, Relation, int | None]] = [
    ("17 forces", "17", 17, False, Relation.EXACTLY, None),
    ("1,204 forces", "1,204", 1204, False, Relation.EXACTLY, None),
    ("a hundred forces", "a hundred", 100, False, Relation.EXACTLY, None),
    ("seventeen of the 43 forces", "seventeen of the 43", 17, False, Relation.EXACTLY, 43),
    ("17 out of 43", "17 out of 43", 17, False, Relation.EXACTLY, 43),
    ("nine out of ten forces", "nine out of ten", Fraction(9, 10), True, Relation.EXACTLY, None),
    ("one in every three", "one in every three", Fraction(1, 3), True, Relation.EXACTLY, None),
    ("no force had", "no force", 0, False, Relation.EXACTLY, None),
    ("none of them", "none of them", 0, False, Relation.EXACTLY, None),
    ("all 43 forces", "all 43 forces", 1, True, Relation.EXACTLY, 43),
    ("every police force", "every police force", 1, True, Relation.EXACTLY, None),
    ("both forces", "both forces", 2, False, Relation.EXACTLY, None),
    ("Not all forces", "Not all forces", 1, True, Relation.LESS, None),
    ("half of forces", "half", Fraction(1, 2), True, Relation.EXACTLY, None),
    ("two-thirds of forces", "two-thirds", Fraction(2, 3), True, Relation.EXACTLY, None),
    ("three quarters of forces", "three quarters", Fraction(3, 4), True, Relation.EXACTLY, None),
    ("a fifth of the 43", "a fifth of the 43", Fraction(1, 5), True, Relation.EXACTLY, 43),
    ("74% of forces", "74%", Fraction(74, 100), True, Relation.EXACTLY, None),
    ("39.5 per cent", "39.5 per cent", Fraction(395, 1000), True, Relation.EXACTLY, None),
    ("forty per cent", "forty per cent", Fraction(2, 5), True, Relation.EXACTLY, None),
    ("more than half of those", "more than half", Fraction(1, 2), True, Relation.MORE, None),
    ("at least ten forces", "at least ten", 10, False, Relation.AT_LEAST, None),
    ("ten forces or more", "ten forces or more", 10, False, Relation.AT_LEAST, None),
    ("no more than ten", "no more than ten", 10, False, Relation.AT_MOST, None),
    ("fewer than ten forces", "fewer than ten", 10, False, Relation.LESS, None),
    ("nearly two thirds", "nearly two thirds", Fraction(2, 3), True, Relation.NEARLY, None),
    ("just over half", "just over half", Fraction(1, 2), True, Relation.JUST_OVER, None),
    ("about a third", "about a third", Fraction(1, 3), True, Relation.ABOUT, None),
    ("the majority still have", "the majority", Fraction(1, 2), True, Relation.MORE, None),
    ("most forces", "most forces", Fraction(1, 2), True, Relation.MORE, None),
    ("most of the 43 forces", "most of the 43", Fraction(1, 2), True, Relation.MORE, 43),
    ("a minority of forces", "a minority", Fraction(1, 2), True, Relation.LESS, None),
]


@pytest.mark.parametrize(("sentence", "words", "number", "is_share", "relation", "whole"), READ)
def test_a_sentence_states_one_number(
    sentence: str,
    words: str,
    number: Fraction | int,
    is_share: bool,
    relation: Relation,
    whole: int | None,
) -> None:
    read = one(sentence)
    stated = (read.words, read.number, read.is_share, read.relation, read.whole)
    assert stated == (words, number, is_share, relation, whole)


@pytest.mark.parametrize(
    "sentence",
    [
        "within six months",
        "on 5 October 2017 at 09:30",
        "in 2016",
        "in 2016/17 and 2017–18",
        "the second half of the year",
        "the first quarter of 2017",
        "a third force has written to us",
        "£17 million",
        "Recommendation 3 on page 12",
        "a 12-page plan",
        "the twenty-first force",
        "no one had asked",
        "all elements were already in place",
        "up by 3 percentage points",
    ],
)
def test_some_numbers_count_no_forces(sentence: str) -> None:
    assert said(sentence) == []


def test_a_round_may_count_services() -> None:
    nouns = Nouns(one="service", many="services")
    assert [q.words for q in said("Every fire service", nouns)] == ["Every fire service"]
    assert [q.words for q in said("most fire services", nouns)] == ["most fire services"]


HOLDS = [
    ("three quarters", 32, 43, True),
    ("three quarters", 31, 43, False),
    ("three quarters", 33, 43, True),
    ("three quarters", 34, 43, False),
    ("two-thirds", 29, 43, True),
    ("two-thirds", 30, 43, False),
    ("more than half", 17, 32, True),
    ("more than half", 16, 32, False),
    ("the majority", 22, 43, True),
    ("the majority", 21, 43, False),
    ("74%", 32, 43, True),
    ("75%", 32, 43, False),
    ("74.4%", 32, 43, True),
    ("74.5%", 32, 43, False),
    ("half", 0, 0, False),
    ("all 43 forces", 43, 43, True),
    ("all forces", 42, 43, False),
    ("no force", 0, 43, True),
    ("about a third", 14, 43, True),
    ("nearly three quarters", 32, 43, True),
    ("nearly three quarters", 33, 43, False),
    ("nearly three quarters", 33, 44, False),
    ("nearly three quarters", 32, 44, True),
    ("just over half", 22, 43, True),
    ("just over half", 24, 43, False),
    ("up to a third", 14, 43, True),
    ("up to a third", 15, 43, False),
    ("at least seventeen", 17, 43, True),
    ("at least seventeen", 16, 43, False),
    ("fewer than seventeen", 17, 43, False),
]


@pytest.mark.parametrize(("words", "count", "whole", "holds"), HOLDS)
def test_a_number_holds_or_does_not(words: str, count: int, whole: int, holds: bool) -> None:
    assert one(words).holds(count, whole) is holds


NATIONAL = {"insufficient-information": 11, "not-started": 15, "started": 15, "in-place": 2}


def a_national_round() -> ClaimContext:
    """The count of 2017 over invented forces, the first two of them those with all in place."""
    ids = [f"force-{n}" for n in range(1, 44)]
    names = ["Larkby Constabulary", "Brackensey Police", *(f"Moor {n} Police" for n in ids[2:])]
    outcomes = [outcome for outcome, n in reversed(NATIONAL.items()) for _ in range(n)]
    forces = invented_forces(ids, names)
    records = {
        id_: Assessment((id_,), outcome, (), {"visited": outcome == "started"}, PLACE, {})
        for id_, outcome in zip(ids, outcomes, strict=True)
    }
    return ClaimContext(Groups(tuple(forces.values()), records), FORCES, forces, {})


PROGRESS = ("started", "in-place")
PLANNED = ("not-started", "started", "in-place")
TRUE = [
    Claim(sentence="seventeen forces had made progress", counts=PROGRESS),
    Claim(sentence="only two forces already have plans in place", counts=("in-place",)),
    Claim(sentence="three quarters of police forces have detailed plans", counts=PLANNED),
    Claim(sentence="more than half of those have shown progress", counts=PROGRESS, of=PLANNED),
    Claim(sentence="the majority still have work to do", counts=tuple(NATIONAL)[:2]),
    Claim(
        sentence="only two forces, Larkby Constabulary and Brackensey Police",
        counts=("in-place",),
    ),
    Claim(sentence="Larkby and Brackensey, 2 of the 43 forces", counts=("in-place",)),
    Claim(sentence="Only Larkby and Brackensey have plans in place", counts=("in-place",)),
    Claim(sentence="Seventeen forces, including Larkby Constabulary", counts=PROGRESS),
    Claim(sentence="fifteen forces were visited", where={"visited": "yes"}),
    Claim(sentence="all 17 forces", counts=PROGRESS, of=PROGRESS),
    Claim(sentence="15 of the 17 forces", where={"visited": "yes"}, of=PROGRESS),
    Claim(sentence="seventeen forces, Larkby among them", counts=PROGRESS),
    Claim(sentence="forces such as Larkby had made progress", counts=PROGRESS),
]


@pytest.mark.parametrize("claim", TRUE, ids=lambda claim: claim.sentence)
def test_the_records_bear_a_true_claim_out(claim: Claim) -> None:
    assert claim_problems(claim, a_national_round(), PLACE) == ()


@pytest.mark.parametrize("number", [n for n in range(100) if n != 17])
def test_changing_the_number_alone_makes_a_claim_false(number: int) -> None:
    sentence = f"{in_words(number)} forces had made progress"
    (problem,) = claim_problems(
        Claim(sentence=sentence, counts=PROGRESS), a_national_round(), PLACE
    )
    assert str(problem) == (
        f"round.yaml:1: '{sentence}' is not what the records say:"
        f" it says '{in_words(number)}', they count 17."
        " Correct a record, or have the sentence corrected."
    )


CORRECT = "Correct a record, or have the sentence corrected."
FALSE = [
    (
        Claim(sentence="a third of forces had made progress", counts=PROGRESS),
        "it says 'a third', they count 17 of 43 (39.5%)",
    ),
    (
        Claim(sentence="17 of the 44 forces had made progress", counts=PROGRESS),
        "it says there are 44, they count 43",
    ),
    (
        Claim(sentence="only two forces, Larkby and Moor force-3", counts=("in-place",)),
        "it names Moor force-3 Police, which is at 'started';"
        " it leaves out Brackensey Police, which is at 'in-place'",
    ),
    (
        Claim(sentence="15 of the 32 forces", where={"visited": "yes"}, of=PROGRESS),
        "it says there are 32, they count 17",
    ),
    (
        Claim(sentence="Only Larkby Constabulary has a plan in place", counts=("in-place",)),
        "it leaves out Brackensey Police, which is at 'in-place'",
    ),
    (
        Claim(sentence="forces such as Moor force-9 have plans", counts=("in-place",)),
        "it names Moor force-9 Police, which is at 'started'",
    ),
]


@pytest.mark.parametrize(("claim", "fault"), FALSE, ids=lambda case: getattr(case, "sentence", ""))
def test_a_false_claim_is_quoted_with_what_is_true(claim: Claim, fault: str) -> None:
    assert list(map(str, claim_problems(claim, a_national_round(), PLACE))) == [
        f"round.yaml:1: '{claim.sentence}' is not what the records say: {fault}. {CORRECT}"
    ]


UNCLEAR = [
    (
        "three quarters of forces have plans, and more than half of those have shown progress",
        "holds 2 numbers: 'three quarters', 'more than half'."
        " Claim each part of the sentence that holds one of them, or list what is no count of this"
        " round under 'not_claims', with the reason.",
    ),
    (
        "forces have work to do",
        "holds no number and names no one in recipients.yaml."
        " Quote the part of the sentence that holds the number.",
    ),
]


@pytest.mark.parametrize(("sentence", "said"), UNCLEAR)
def test_a_claim_must_hold_one_number(sentence: str, said: str) -> None:
    claim = Claim(sentence=sentence, counts=PROGRESS)
    assert list(map(str, claim_problems(claim, a_national_round(), PLACE))) == [
        f"round.yaml:1: '{sentence}' {said}"
    ]


def test_a_number_in_a_name_is_no_number() -> None:
    reading = a_national_round()
    first = reading.forces["force-1"].model_copy(update={"name": "Seven Skerries Police"})
    named = ClaimContext(reading.groups, FORCES, {**reading.forces, "force-1": first}, {})
    claim = Claim(sentence="Only two forces, Seven Skerries and Brackensey", counts=("in-place",))
    assert claim_problems(claim, named, PLACE) == ()


def test_a_joint_letter_counts_for_both_its_forces(tmp_path: Path) -> None:
    groups = Groups.of(Publishable(tmp_path).round)
    started = groups.counted(Claim(sentence="x", counts=("started",)))
    assert [force.id for force in started] == [
        "avonby-and-sedgemoor",
        "swinford",
        "northholt",
        "southholt",
    ]


def test_a_value_counts_within_its_outcomes(tmp_path: Path) -> None:
    visited = ("- force: sedgemoor\n", "- force: sedgemoor\n  visited: yes\n")
    round_ = Publishable(tmp_path, before={RECORDS_YAML: visited}).round
    claim = Claim(sentence="x", counts=("in-place", "started"), where={"visited": "yes"})
    assert [force.id for force in Groups.of(round_).counted(claim)] == ["sedgemoor"]


REFERENCES = [
    (
        ("counts: [started, in-place]", "counts: [started, in-plaice]"),
        "38 claims: 'in-plaice' is not an outcome of this round."
        " Use one of not-started, started, in-place; did you mean 'in-place'?",
    ),
    (
        ("    of: [started, in-place]", "    of: [begun]"),
        "45 claims: 'begun' is not an outcome of this round."
        " Use one of not-started, started, in-place.",
    ),
    (
        ("    counts: [started, in-place]\n", ""),
        "37 claims: The claim does not say what it counts."
        " List outcomes under 'counts', or values under 'where'.",
    ),
    (
        ("counts: in-place", "where: {visitd: yes}"),
        "42 claims: 'visitd' is not a field of this round. Did you mean 'visited'?",
    ),
    (
        ("counts: in-place", "where: {finding: yes}"),
        "42 claims: 'finding' is of type 'text', whose values cannot be counted."
        " Name a field of type yes-no or choice.",
    ),
    (
        ("counts: in-place", "where: {visited: maybe}"),
        "42 claims: 'maybe' is not a value of 'visited'. Use one of yes, no.",
    ),
    (
        ("counts: in-place", "counts: in-place\n    printed_in: press relase"),
        "43 claims: 'press relase' is no place where claims are printed."
        " Use one of national report, press release, summary, letters, elsewhere;"
        " did you mean 'press release'?",
    ),
    (
        ("file: report.txt", "file: reprot.txt"),
        "35 national_report: The round's folder has no file 'reprot.txt'."
        " Did you mean 'report.txt'?",
    ),
    (
        ("file: report.txt", "file: report.odt"),
        "35 national_report: 'report.odt' is in no form that can be read."
        " Name a file that ends in .pdf, .docx, .html or .txt.",
    ),
    (
        ("file: report.txt", "file: ../round.txt"),
        "35 national_report: The round's folder has no file '../round.txt'. Put it there.",
    ),
    (
        ("file: report.txt", "file: report.txt\n  press_release:\n    file: news.html"),
        "37 national_report: The round's folder has no file 'news.html'. Put it there.",
    ),
    (
        ("retired_terms:", "named_exceptions:\n  - name: X\n    reason: Y\n    letters: wiltmer\n"
         "retired_terms:"),
        "56 named_exceptions: 'wiltmer' is not a force of this round. Use one of"
        " avonby-and-sedgemoor, sedgemoor, wiltmere, swinford, northholt, southholt;"
        " did you mean 'wiltmere'?",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("change", "message"), REFERENCES)
def test_what_round_yaml_refers_to_must_be_there(
    tmp_path: Path, change: tuple[str, str], message: str
) -> None:
    round_ = Publishable(tmp_path, after={ROUND_YAML: change})
    assert list(map(str, round_.project.problems)) == [f"{ROUND_YAML}:{message}"]


def test_a_digest_must_be_one(tmp_path: Path) -> None:
    round_ = Publishable(tmp_path)
    digest = round_.round.round.quotations[1].sha256
    round_.change({ROUND_YAML: (digest, "5d1f")})
    assert list(map(str, round_.project.problems)) == [
        f"{ROUND_YAML}:52 quotations: '5d1f' is not a SHA-256 digest."
        " Write 64 hexadecimal digits; 'letters check --publication' names them."
    ]


def test_a_part_of_a_word_is_not_the_sentence(tmp_path: Path) -> None:
    round_ = Publishable(tmp_path, before={REPORT: ("Five of", "Twenty-five of")})
    assert list(round_.refusal(judged=False)) == ["printed", "claimed"]


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("In 2013, three forces had no plan", "In 2013"),
        ("By 2030 three forces had no plan", "By 2030"),
        ("In 2017, three forces had no plan", ""),
        ("Since 2013, three forces have had no plan", ""),
        ("Last year, three forces had no plan", "Last year"),
        ("Since our last inspection, three forces have had no plan", ""),
        ("Three forces may have no plan", "forces may"),
    ],
)
def test_a_claim_of_another_time_is_none_of_this_round(sentence: str, words: str) -> None:
    line = comparable(sentence)
    (number,) = read_sentence(line, Nouns(one="force", many="forces")).main
    assert unstated(line, number, 2017) == words
