"""Numbers that are printed and that nobody answers for keep the gate shut."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from letters.cli import cli
from tests.rounds.lost_property import FOLDER, LETTER, REPORT, ROUND_YAML, Publishable

FIX = " Claim it, or list its words under 'not_claims', with the reason."
LAST = "and are getting on."


def entry(words: str) -> tuple[str, str]:
    """A change of round.yaml that sets some words aside."""
    return "quotations:", f"not_claims:\n  - words: {words}\n    reason: Sheds.\nquotations:"


def claimed(round_: Publishable) -> list[str]:
    """What speaks against the round, all of it of the condition about numbers."""
    refusal = round_.refusal(judged=False)
    assert list(refusal) == ["claimed"] * bool(refusal)
    return refusal.get("claimed", [])


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("Four forces keep a shed.", "Four"),
        ("Nearly half of forces keep a shed.", "Nearly half"),
        ("None of the forces keeps a shed.", "None of the forces"),
        ("All six forces keep a shed.", "All six forces"),
        ("Every force keeps a shed.", "Every force"),
        ("Several forces keep a shed.", "Several"),
        ("In 2016 we saw 1,204 sheds.", "1,204 sheds"),
        ("On average a shed holds 11.5 bicycles.", "11.5"),
        ("Dozens of sheds and a dozen-odd huts.", "a dozen-odd"),
    ],
)
def test_a_number_in_the_report_needs_a_claim(tmp_path: Path, sentence: str, said: str) -> None:
    round_ = Publishable(tmp_path, after={REPORT: (LAST, f"{LAST} {sentence}")})
    assert claimed(round_) == [f"{REPORT}: No claim covers '{said}': '{sentence}'{FIX}"]


@pytest.mark.parametrize(
    "sentence",
    [
        "We met on 5 October 2017 at 09:30, for three hours.",
        "See page 12, paragraph 4 and Figure 3.",
        "We wrote to every force. Every force should number its sheds.",
        "Each force has answered. Several sheds leak.",
        "It cost £17 million in 2016-17, as twenty-first century sheds do.",
        "Call 01632 960148 or write to sheds4@inspectorate.example.",
        "The share rose by 3 percentage points.",
    ],
)
def test_dates_times_money_and_duties_need_none(tmp_path: Path, sentence: str) -> None:
    round_ = Publishable(tmp_path, after={REPORT: (LAST, f"{LAST} {sentence}")})
    assert claimed(round_) == []


def test_words_set_aside_need_no_claim(tmp_path: Path) -> None:
    sentence = "We saw 30 sheds and 40 huts."
    round_ = Publishable(tmp_path, after={REPORT: (LAST, f"{LAST} {sentence}")})
    round_.change({ROUND_YAML: entry("30 sheds")})
    assert claimed(round_) == [f"{REPORT}: No claim covers '40 huts': '{sentence}'{FIX}"]
    round_.change({ROUND_YAML: ("words: 30 sheds", "words: 30 sheds and 40 huts")})
    assert claimed(round_) == []


def test_a_claim_covers_its_own_text_only(tmp_path: Path) -> None:
    release = "  file: report.txt\n  press_release: {file: news.txt}\n"
    round_ = Publishable(tmp_path, after={ROUND_YAML: ("  file: report.txt\n", release)})
    news = round_.root / FOLDER / "news.txt"
    news.write_text("Two-thirds of forces had started.", encoding="utf-8")
    assert claimed(round_) == [
        f"{FOLDER}/news.txt: No claim covers 'Two-thirds': 'Two-thirds of forces had started.'{FIX}"
    ]


def test_the_summary_and_the_wording_are_read_too(tmp_path: Path) -> None:
    summary = '{{ all }} forces had made progress."'
    wording = ("Please write to", "Three forces have two sheds. Please write to")
    round_ = Publishable(tmp_path, before={LETTER: wording})
    round_.change({ROUND_YAML: (summary, summary.replace('."', ', and five had not."'))})
    sentence = "Three forces have two sheds."
    assert claimed(round_) == [
        f"{ROUND_YAML}:8 summary: No claim covers 'five': '~ of ~ forces had made progress, and"
        f" five had not.'{FIX}",
        f"{LETTER}:11: No claim covers 'Three': '{sentence}'{FIX}",
        f"{LETTER}:11: No claim covers 'two sheds': '{sentence}'{FIX}",
    ]


def test_a_claim_may_stand_in_the_letters_and_in_the_summary(tmp_path: Path) -> None:
    claims = """\
  - sentence: Four forces have a shed
    counts: started
    printed_in: letters
  - sentence: all six forces
    counts: [not-started, started, in-place]
    printed_in: summary
quotations:"""
    wording = ("Please write to", "Four forces have a shed. Please write to")
    round_ = Publishable(tmp_path, before={LETTER: wording})
    round_.change({ROUND_YAML: ("quotations:", claims)})
    round_.change({ROUND_YAML: ('made progress."', 'made progress; we saw all six forces."')})
    assert claimed(round_) == []
    round_.change({ROUND_YAML: ("Four forces have a shed", "Four forces have sheds")})
    assert list(round_.refusal(judged=False)) == ["printed", "claimed"]


@pytest.mark.parametrize("words", ["40 huts", "Two-thirds", "getting on"])
def test_an_entry_that_covers_nothing_is_told(tmp_path: Path, words: str) -> None:
    round_ = Publishable(tmp_path, after={ROUND_YAML: entry(words)})
    assert claimed(round_) == [
        f"{ROUND_YAML}:47 not_claims: '{words}' covers no number that is printed."
        " Delete the entry, or quote the number with some of the words round it."
    ]


def test_a_number_alone_covers_a_line_of_its_own_only(tmp_path: Path) -> None:
    report = (LAST, f"{LAST}\n\n1,204\n\nWe saw 1,204 sheds.")
    round_ = Publishable(tmp_path, after={REPORT: report, ROUND_YAML: entry("1,204")})
    assert claimed(round_) == [
        f"{REPORT}: No claim covers '1,204 sheds': 'We saw 1,204 sheds.'{FIX}"
    ]


def test_a_vague_word_is_a_question(tmp_path: Path) -> None:
    claim = "  - sentence: Several forces keep a shed\n    counts: started\nquotations:"
    round_ = Publishable(tmp_path, after={REPORT: (LAST, f"{LAST} Several forces keep a shed.")})
    round_.change({ROUND_YAML: ("quotations:", claim)})
    question = "claim 'Several forces keep a shed': 'Several', counted 4 of 6"
    said = f"{ROUND_YAML}:46 claims: 'Several forces keep a shed' says no number, but 'Several'."
    asked = (
        f"{said} The records count 4 of 6. Is that 'Several'? Write the answer under 'answers' in"
        f' round.yaml: - {{question: "{question}", answer: yes or no, date: …, reason: …}}'
    )
    assert round_.refusal(judged=False) == {"numbers": [asked]}
    answer = (
        f'answers:\n  - question: "{question}"\n    answer: yes\n    date: 1 October 2017\n'
        "    reason: Four is several.\nquotations:"
    )
    round_.change({ROUND_YAML: ("quotations:", answer)})
    assert claimed(round_) == []
    round_.change({ROUND_YAML: ("answer: yes", "answer: no")})
    assert round_.refusal(judged=False) == {
        "numbers": [
            f"{said} The records count 4 of 6."
            " It was answered that this is not 'Several'. Have it corrected."
        ]
    }
    round_.change({ROUND_YAML: ("counts: started\nanswers", "counts: not-started\nanswers")})
    first, second = round_.refusal(judged=False)["numbers"]
    assert "'Several', counted 1 of 6" in first
    assert second.endswith("is asked no more; this answers nothing any more. Delete the entry.")


def test_the_command_writes_entries(tmp_path: Path) -> None:
    new = f"{LAST} Four forces keep a shed, and 30 sheds leak."
    round_ = Publishable(tmp_path, after={REPORT: (LAST, new)})
    run = CliRunner().invoke(cli, ["-C", str(round_.root), "claims"])
    assert (run.exit_code, run.output) == (
        1,
        f"""\
claims:
  # The records bear these out. Read each before you paste it.
  # {REPORT}: 'Four'
  - sentence: Four forces keep a shed
    counts: [started]
not_claims:
  # The records do not. Give the reason, or have them corrected.
  # {REPORT}: '30 sheds'
  - words: "30 sheds leak"
    reason: "…"
2 numbers are printed and neither claimed nor set aside.
""",
    )
    claims = "  - sentence: Four forces keep a shed\n    counts: [started]\nnot_claims:\n"
    aside = "  - words: 30 sheds leak\n    reason: Sheds.\nquotations:"
    round_.change({ROUND_YAML: ("quotations:", claims + aside)})
    run = CliRunner().invoke(cli, ["-C", str(round_.root), "claims"])
    assert (run.exit_code, run.output) == (
        0,
        "Every number that is printed is claimed or set aside.\n",
    )
