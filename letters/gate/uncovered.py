"""Numbers that are printed, and that no claim and no entry of `not_claims` covers."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from letters.errors import Place
from letters.gate.candidate import Candidate
from letters.gate.claims import (
    ClaimContext,
    Claimed,
    claim_problems,
    spans,
    standing,
    standing_problems,
)
from letters.gate.numerals import NUMBERS, Token
from letters.gate.patterns import TokenText, endings
from letters.gate.printed import Occurrence, clause, sentences
from letters.gate.quantities import Quantity, Sort
from letters.gate.report import PrintedText, Report, comparable
from letters.gate.sentences import Sentence, heads
from letters.model import REPORT, Claim, FieldType, Measure, NotClaim, Nouns, Round


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A number as printed, its whole sentence, where it stands, and in which text."""

    said: Quantity
    sentence: str
    place: Place
    printed_in: str


def uncovered(
    texts: Mapping[str, PrintedText], claims: Collection[Claim], reading: ClaimContext
) -> Iterator[Uncovered]:
    """Every quantity of the texts of a round that nothing covers, the same sentence once a text."""
    read = [Claimed.read(claim, reading) for claim in claims]
    for kind, text in texts.items():
        own = [each for each in read if each.claim.printed_in == kind]
        covered = [spot for each in own for spot in standing(each, text.report, reading)]
        told: set[tuple[str, int]] = set()
        for base, sentence in _with_places(text):
            for said in _open(sentence, base, covered, reading):
                if (sentence, said.start) not in told:
                    told.add((sentence, said.start))
                    yield Uncovered(said, sentence, text.place_of(sentence), kind)


def _with_places(text: PrintedText) -> Iterator[tuple[int, str]]:
    """Each sentence of a text, and where it begins among all of them."""
    at = 0
    for sentence in sentences(text.report.text):
        yield at, sentence
        at += len(sentence) + 1


def _open(
    sentence: str, base: int, covered: list[Occurrence], reading: ClaimContext
) -> Iterator[Quantity]:
    said = reading.sentence(sentence)
    for each in said.main:
        is_claimed = any(spot.touches(each, base) for spot in covered)
        is_set_aside = is_claimed or reading.set_aside(sentence, each)
        if not is_set_aside and states_a_number(each, said, reading.nouns):
            yield each


_TO = frozenset(("to", "for"))
_DUTY = frozenset(("should", "must", "ought", "needs", "need", "will", "to", "can", "may"))


def states_a_number(said: Quantity, sentence: Sentence, nouns: Nouns) -> bool:
    """Whether a quantity is one that somebody has to answer for.

    'Several' of other things says no number, nor does 'each'; 'every force should' states no fact,
    and 'to every force' counts none.
    """
    tokens = sentence.tokens
    first = next(n for n, token in enumerate(tokens) if token.start >= said.start)
    last = next((n for n, token in enumerate(tokens) if token.start >= said.end), len(tokens))
    has_figures = any(token.kind in NUMBERS for token in tokens[first:last])
    if said.sort in (Sort.VAGUE, Sort.UNREADABLE) and not has_figures:
        return bool(endings(TokenText(tokens, heads(nouns)), last, "of? PRE NOUN"))
    if said.is_share and said.number == 1 and not has_figures and said.left_out is None:
        before, after = _word(tokens, first - 1), _word(tokens, last)
        return not (tokens[first].text == "each" or before in _TO or after in _DUTY)
    return True


def _word(tokens: tuple[Token, ...], at: int) -> str:
    return tokens[at].text if 0 <= at < len(tokens) else ""


def lines_of(texts: Mapping[str, PrintedText]) -> Iterator[str]:
    """Every sentence of the texts."""
    return (line for text in texts.values() for line in sentences(text.report.text))


def covers_nothing(entry: NotClaim, lines: Collection[str], reading: ClaimContext) -> bool:
    """Whether an entry of `not_claims` covers no quantity of any line."""
    alone = replace(reading, not_claims=(entry,))
    return not any(
        alone.set_aside(line, said)
        for line in map(comparable, lines)
        if any(spans(entry, line))
        for said in reading.sentence(line).quantities
    )


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
    number: Uncovered, report: Report, round_: Round, reading: ClaimContext
) -> Iterator[Claim]:
    """The claims of a number that stand there and that the records bear out.

    None where the sentence names nothing that the round assesses: 'two things' may be two forces by
    chance.
    """
    said = reading.sentence(number.sentence)
    nouns = heads(reading.nouns) | {"them", "those"}
    words = tuple(dict.fromkeys((number.sentence, clause(number.sentence, number.said))))
    found: list[Mapping[str, object]] = []
    if number.said.is_share or said.counted or any(t.text in nouns for t in said.tokens):
        found += groups(round_)
    if number.said.number >= LEAST_MEASURE or number.said.decimals:
        found += measures(round_)
    for group in found:
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


LEAST_MEASURE = 10
"""The least whole number that is proposed as a sum or average: smaller ones come by chance."""


def measures(round_: Round) -> Iterator[Mapping[str, object]]:
    """What a number may say of the round's number fields."""
    for name, declared in round_.fields.items():
        if declared.type is FieldType.NUMBER:
            yield from ({each.value: name} for each in Measure)


def _first_true(
    number: Uncovered,
    words: tuple[str, ...],
    group: Mapping[str, object],
    report: Report,
    reading: ClaimContext,
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
    facts |= {measure.value: name for measure, name in claim.measures.items()}
    if claim.printed_in != REPORT:
        facts["printed_in"] = claim.printed_in
    return facts


def _counted(claim: Claim) -> str:
    facts = {k: v for k, v in _facts(claim).items() if k not in ("sentence", "printed_in")}
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
