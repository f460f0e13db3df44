"""Sums, averages, medians and extremes of number fields, claimed in reports of every form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import pytest

from letters.errors import Place
from letters.gate.claims import ClaimContext, claim_problems, standing_problems
from letters.gate.quantities import Groups
from letters.gate.report import Report, report_text
from letters.model import Assessment, Claim, Entry, Nouns
from tests.builders import invented_forces
from tests.gate.test_printed import FORMS

PLACE = Place("round.yaml", 1)
NAMES = ("Larkby Constabulary", "Brackensey Police", "Moor Police", "Fell Police", "Tarn Police")
DEVICES = (4_000, 9_006, None, 1_200, 4_200)
WEEKS = ("8", "12.5", "9.5", "12.5", "16.2")


def a_round() -> ClaimContext:
    """Six forces with devices and weeks, three of them at 'begun'; two share a record."""
    ids = [f"force-{n}" for n in range(5)]
    forces = invented_forces([*ids, "force-5"], [*NAMES, "Mere Police"])
    records: dict[str, Assessment] = {}
    for n, id_ in enumerate(ids):
        devices = None if DEVICES[n] is None else Decimal(DEVICES[n] or 0)
        values = {"devices": devices, "weeks": Decimal(WEEKS[n])}
        outcome = "begun" if n < 3 else "not-begun"
        members = (id_, "force-5") if n == 4 else (id_,)
        record = Assessment(members, outcome, (), values, PLACE, {})
        records |= dict.fromkeys(members, record)
    return ClaimContext(Groups(tuple(forces.values()), records), Nouns(), forces, {})


def said(sentence: str, **about: object) -> list[str]:
    claim = Claim.model_validate({"sentence": sentence, **about})
    return [str(each) for each in claim_problems(claim, a_round(), PLACE)]


@pytest.mark.parametrize(
    ("sentence", "about"),
    [
        ("18,406 devices", {"sum": "devices"}),
        ("Forces seized 18,406 devices.", {"sum": "devices"}),
        ("Exactly 18,406 devices", {"sum": "devices"}),
        ("more than 18,000 devices", {"sum": "devices"}),
        ("nearly 19,000 devices", {"sum": "devices"}),
        ("about 18,000 devices", {"sum": "devices"}),
        ("at least 18,406 devices", {"sum": "devices"}),
        ("They spent £18,406 in all.", {"sum": "devices"}),
        ("The wait was 11.7 weeks on average.", {"average": "weeks"}),
        ("on average 11.74 weeks", {"average": "weeks"}),
        ("an average of 12 weeks", {"average": "weeks"}),
        ("on average 10 weeks", {"average": "weeks", "counts": ("begun",)}),
        ("13,006 devices", {"sum": "devices", "counts": ("begun",)}),
        ("a median of 12.5 weeks", {"median": "weeks"}),
        ("between 12 and 13 weeks", {"median": "weeks"}),
        ("The longest wait was 16.2 weeks.", {"highest": "weeks"}),
        ("The longest wait was 16.2 weeks, in Tarn and Mere.", {"highest": "weeks"}),
        ("the shortest was eight weeks, in Larkby", {"lowest": "weeks"}),
        ("fewer than 1,201 devices", {"lowest": "devices"}),
        ("7 weeks or more", {"lowest": "weeks"}),
        ("17 long weeks at most", {"highest": "weeks"}),
    ],
)
def test_what_the_records_bear_out_is_true(sentence: str, about: dict[str, object]) -> None:
    assert said(sentence, **about) == []


WRONG = "Correct a record, or have the sentence corrected."


@pytest.mark.parametrize(
    ("sentence", "about", "fault"),
    [
        (
            "18,460 devices",
            {"sum": "devices"},
            "it says '18,460', the sum of 'devices' is 18,406 (1 of the records holds none)",
        ),
        (
            "exactly 18,406.4 devices",
            {"sum": "devices"},
            "it says 'exactly 18,406.4', the sum of 'devices' is 18,406 (1 of the records holds"
            " none)",
        ),
        (
            "on average 11.6 weeks",
            {"average": "weeks"},
            "it says '11.6', the average of 'weeks' is 11.74",
        ),
        (
            "more than 12 weeks on average",
            {"average": "weeks"},
            "it says 'more than 12', the average of 'weeks' is 11.74",
        ),
        ("12.4 weeks", {"median": "weeks"}, "it says '12.4', the median of 'weeks' is 12.5"),
        (
            "The longest was 16.2 weeks, in Tarn.",
            {"highest": "weeks"},
            "it leaves out Mere Police, where 'weeks' is the same",
        ),
        (
            "The longest was 16.2 weeks, in Tarn, Mere and Fell.",
            {"highest": "weeks"},
            "it names Fell Police, where 'weeks' is another",
        ),
        (
            "9 weeks or more",
            {"lowest": "weeks"},
            "it says '9 weeks or more', the lowest 'weeks' is 8",
        ),
    ],
)
def test_what_they_do_not_is_refused(sentence: str, about: dict[str, object], fault: str) -> None:
    assert said(sentence, **about) == [
        f"round.yaml:1: '{sentence}' is not what the records say: {fault}. {WRONG}"
    ]


def test_a_vague_sum_is_a_question() -> None:
    (asked,) = said("well over 18,000 devices", sum="devices")
    assert asked.startswith(
        "round.yaml:1: 'well over 18,000 devices' says no number, but 'well over 18,000'. The sum"
        " of 'devices' is 18,406 (1 of the records holds none). Is that 'well over 18,000'?"
    )


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.__name__)
def test_it_stands_in_reports_of_every_form(
    form: Callable[[Path, list[str]], Path], tmp_path: Path
) -> None:
    printed = "In all, more than 18,000 devices waited 11.7 weeks on average."
    text = Report("r", report_text(form(tmp_path, ["We looked.", printed, "That is all."])))

    def standing(words: str, **about: str) -> list[str]:
        claim = Claim.model_validate({"sentence": words, **about})
        return [str(each) for each in standing_problems(claim, text, a_round(), PLACE)]

    assert standing("more than 18,000 devices", sum="devices") == []
    assert standing("waited 11.7 weeks on average", average="weeks") == []
    assert standing("18,000 devices", sum="devices") == [
        "round.yaml:1: '18,000 devices' is not what r says: it says 'more than 18,000'. Claim what"
        f" its sentence says: '{printed}'"
    ]
    (missing,) = standing("waited 11.8 weeks on average", average="weeks")
    assert "is not in r." in missing


def with_lists() -> ClaimContext:
    """The same forces with causes of concern: two of one force, one of two others."""
    causes = {0: (3, None), 1: (5,), 4: (7,)}
    forces = a_round().groups.recipients
    records: dict[str, Assessment] = {}
    for id_, record in a_round().groups.records.items():
        n = int(record.forces[0].rpartition("-")[2])
        entries = tuple(
            Entry({"devices": None if d is None else Decimal(d)}, PLACE) for d in causes.get(n, ())
        )
        records[id_] = replace(record, values={"causes": entries or None})
    groups = Groups(forces, records, frozenset({"causes"}))
    return ClaimContext(groups, Nouns(), {each.id: each for each in forces}, {})


@pytest.mark.parametrize(
    ("sentence", "about", "is_true"),
    [
        ("four causes of concern", {"sum": "causes"}, True),
        ("five causes of concern", {"sum": "causes"}, False),
        ("three causes of concern", {"sum": "causes", "counts": ("begun",)}, True),
        ("15 devices", {"sum": "causes.devices"}, True),
        ("16 devices", {"sum": "causes.devices"}, False),
        ("Four of the six forces have a cause of concern.", {"where": {"causes": "yes"}}, True),
        ("Three of the six forces have a cause of concern.", {"where": {"causes": "yes"}}, False),
    ],
)
def test_entries_of_lists_are_counted_and_summed(
    sentence: str, about: dict[str, object], is_true: bool
) -> None:
    claim = Claim.model_validate({"sentence": sentence, **about})
    found = [str(each) for each in claim_problems(claim, with_lists(), PLACE)]
    assert (found == []) is is_true, found


@pytest.mark.parametrize(
    ("sentence", "words"),
    [
        ("It is untrue that three forces had begun.", "untrue that"),
        ("We could not establish that three forces had begun.", "not establish that"),
        ("There is nothing to show that three forces had begun.", "nothing to show"),
        ("If three forces had begun, we would be glad.", "If"),
        ("Three forces had begun, critics say.", ", critics say"),
        ("Three forces, it was wrongly reported, had begun.", ", it was wrongly reported"),
        ("Three fewer forces had begun.", "fewer"),
    ],
)
def test_a_claim_that_states_no_fact_is_refused(sentence: str, words: str) -> None:
    assert said(sentence, counts=("begun",)) == [
        f"round.yaml:1: '{sentence}' does not state its number as a fact: '{words.strip(' ,')}'."
        " Quote a sentence that does, or list what is no count of this round under 'not_claims',"
        " with the reason."
    ]


@pytest.mark.parametrize(
    "sentence",
    [
        "It was not until 2018 that three forces had begun.",
        "There is no doubt that three forces had begun.",
        "It is not surprising that three forces had begun.",
        "No more than three forces had begun.",
        "It should be noted that three forces had begun.",
    ],
)
def test_a_fact_that_sounds_like_a_denial_is_a_fact(sentence: str) -> None:
    assert said(sentence, counts=("begun",)) == []
