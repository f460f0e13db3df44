"""Numbers that are printed, and that no claim and no entry of `not_claims` covers."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from letters.errors import Place
from letters.gate.claims import Claimed, Reading, spans, standing
from letters.gate.numerals import NUMBERS, Token
from letters.gate.patterns import Text, endings
from letters.gate.printed import Occurrence, sentences
from letters.gate.quantities import Quantity, Sort
from letters.gate.report import comparable
from letters.gate.sentences import Sentence, heads
from letters.gate.texts import PrintedText
from letters.model import Claim, NotClaim, Nouns


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A number as printed, its whole sentence, where it stands, and in which text."""

    said: Quantity
    sentence: str
    place: Place
    printed_in: str


def uncovered(
    texts: Mapping[str, PrintedText], claims: Collection[Claim], reading: Reading
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
    sentence: str, base: int, covered: list[Occurrence], reading: Reading
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
        return bool(endings(Text(tokens, heads(nouns)), last, "of? PRE NOUN"))
    if said.is_share and said.number == 1 and not has_figures and said.left_out is None:
        before, after = _word(tokens, first - 1), _word(tokens, last)
        return not (tokens[first].text == "each" or before in _TO or after in _DUTY)
    return True


def _word(tokens: tuple[Token, ...], at: int) -> str:
    return tokens[at].text if 0 <= at < len(tokens) else ""


def lines_of(texts: Mapping[str, PrintedText]) -> Iterator[str]:
    """Every sentence of the texts."""
    return (line for text in texts.values() for line in sentences(text.report.text))


def covers_nothing(entry: NotClaim, lines: Collection[str], reading: Reading) -> bool:
    """Whether an entry of `not_claims` covers no quantity of any line."""
    alone = replace(reading, not_claims=(entry,))
    return not any(
        alone.set_aside(line, said)
        for line in map(comparable, lines)
        if any(spans(entry, line))
        for said in reading.sentence(line).quantities
    )
