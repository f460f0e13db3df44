"""Sentences as inspectorates print them, each at every count of 43 that matters to it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tools.measure_claims import (
    ALL,
    FILES,
    PASSES,
    RIGHT,
    Case,
    as_table,
    figures,
    problems,
    read_cases,
    verdict,
)

ROOT = Path(__file__).parents[2]
CASES = [case for file in FILES for case in read_cases(ROOT / file)]
MOST_ALARMS, MOST_UNREAD = 0.02, 0.10


def edges(case: Case) -> set[int]:
    """None, all, the counts at which truth changes, and one in the middle of what is false."""
    true = case.true_at
    near = {
        n
        for n in range(ALL + 1)
        if (n in true) != (n + 1 in true) or (n in true) != (n - 1 in true)
    }
    return near | {0, 17, ALL}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.sentence)
def test_a_sentence_passes_where_it_is_true_and_there_alone(case: Case) -> None:
    found = {count: problems(case, count) for count in sorted(edges(case))}
    assert {count for count, refusals in found.items() if not refusals} == edges(
        case
    ) & case.true_at
    refusals = [each.what for all_ in found.values() for each in all_]
    assert refusals
    assert all(f"'{case.sentence}'" in what for what in refusals)


@pytest.mark.long
def test_at_every_count_nothing_false_passes_and_little_true_is_refused() -> None:
    verdicts = [verdict(case) for case in CASES]
    words = [each.word for each in verdicts]
    assert [each.case.sentence for each in verdicts if each.word == PASSES] == []
    assert words.count("false alarm") <= MOST_ALARMS * len(CASES)
    assert words.count("not read") <= MOST_UNREAD * len(CASES)


@pytest.mark.long
def test_the_page_gives_the_figures_of_today() -> None:
    table = as_table(figures(verdict(case) for case in CASES))
    assert table in (ROOT / "docs/claims.md").read_text(encoding="utf-8")


def test_the_sentences_are_of_every_kind() -> None:
    groups = {case.group for case in CASES}
    assert len(CASES) > 450
    assert {"all but", "none", "bounds", "near", "words", "of", "odds", "per cent"} < groups
    assert {"ranges", "majority", "vague", "only", "other", "nouns"} < groups


def test_a_case_that_is_misjudged_is_seen(tmp_path: Path) -> None:
    head = "group\tsentence\ttrue\tcounted\tleft out\tone\tmany\taside\n"
    path = tmp_path / "cases.tsv"
    path.write_text(head + "x\tSeventeen forces had begun\t16\t\t\tforce\tforces\t\n", "utf-8")
    (case,) = read_cases(path)
    found = verdict(case)
    assert (found.word, found.counts) == (PASSES, (17,))
    assert found.word != RIGHT
