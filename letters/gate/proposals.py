"""Entries for round.yaml that close the numbers no claim covers, ready to be read and pasted."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from letters.errors import Place
from letters.gate.candidate import Candidate
from letters.gate.claims import Reading, claim_problems, standing_problems
from letters.gate.printed import clause
from letters.gate.report import Report
from letters.gate.sentences import heads
from letters.gate.uncovered import Uncovered, uncovered
from letters.model import REPORT, Claim, FieldType, Round

MOST_READINGS = 3
"""How many ways in which the records bear a sentence out are named."""


@dataclass(frozen=True, slots=True)
class Proposal:
    """An uncovered number, the claims of it that the records bear out, else what to set aside."""

    number: Uncovered
    claims: tuple[Claim, ...]

    @property
    def entry(self) -> str:
        """What to write under `claims` or `not_claims`, as YAML."""
        if not self.claims:
            return _yaml({"words": clause(self.number.sentence, self.number.said), "reason": "…"})
        first, *others = self.claims
        comments = "".join(f"\n    # or {_counted(each)}" for each in others[: MOST_READINGS - 1])
        return _yaml(_facts(first)) + comments


def open_numbers(candidate: Candidate) -> tuple[Proposal, ...]:
    """The numbers of a round that nothing covers, each with the claims that records bear out."""
    round_, reading, texts = candidate.project_round.round, candidate.reading, candidate.texts
    return tuple(
        Proposal(
            number, tuple(_true_claims(number, texts[number.printed_in].report, round_, reading))
        )
        for number in uncovered(texts, round_.claims, reading)
    )


def _true_claims(
    number: Uncovered, report: Report, round_: Round, reading: Reading
) -> Iterator[Claim]:
    """The claims of a number that stand there and that the records bear out.

    None where the sentence names nothing that the round assesses: 'two things' may be two forces by
    chance.
    """
    said = reading.sentence(number.sentence)
    nouns = heads(reading.nouns) | {"them", "those"}
    if not (number.said.is_share or said.counted or any(t.text in nouns for t in said.tokens)):
        return
    words = tuple(dict.fromkeys((number.sentence, clause(number.sentence, number.said))))
    for group in groups(round_):
        if claim := _first_true(number, words, group, report, reading):
            yield claim


def groups(round_: Round) -> Iterator[Mapping[str, object]]:
    """The groups of records a number may count: runs of outcomes, and values of fields."""
    outcomes = tuple(round_.outcomes)
    for length in range(1, len(outcomes) + 1):
        for start in range(len(outcomes) - length + 1):
            yield {"counts": outcomes[start : start + length]}
    for name, declared in round_.fields.items():
        choices = ("yes", "no") if declared.type is FieldType.YES_NO else declared.choices
        yield from ({"where": {name: choice}} for choice in choices)


def _first_true(
    number: Uncovered,
    words: tuple[str, ...],
    group: Mapping[str, object],
    report: Report,
    reading: Reading,
) -> Claim | None:
    """The claim of a group, by the first words that stand there and that the records bear out."""
    for sentence in words:
        claim = Claim.model_validate(
            {"sentence": sentence, "printed_in": number.printed_in, **group}
        )
        place = Place("")
        if not (
            claim_problems(claim, reading, place)
            or standing_problems(claim, report, reading, place)
        ):
            return claim
    return None


def _facts(claim: Claim) -> dict[str, object]:
    facts: dict[str, object] = {"sentence": claim.sentence}
    if claim.counts:
        facts["counts"] = list(claim.counts)
    if claim.where:
        facts["where"] = dict(claim.where)
    if claim.printed_in != REPORT:
        facts["printed_in"] = claim.printed_in
    return facts


def _counted(claim: Claim) -> str:
    facts = {key: value for key, value in _facts(claim).items() if key in ("counts", "where")}
    return ", ".join(f"{key}: {_value(value)}" for key, value in facts.items())


def _yaml(facts: dict[str, object]) -> str:
    lines = [f"{key}: {_value(value)}" for key, value in facts.items()]
    return "  - " + "\n    ".join(lines)


def _value(value: object) -> str:
    """A value as flow YAML: text in quotation marks, ids as they are."""
    match value:
        case list():
            return f"[{', '.join(value)}]"
        case dict():
            return f"{{{', '.join(f'{key}: {_value(each)}' for key, each in value.items())}}}"
    text = str(value)
    is_plain = text.replace("-", "").replace(" ", "").isalpha()
    return text if is_plain else json.dumps(text, ensure_ascii=False)
