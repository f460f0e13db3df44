"""Quotations in letters: their words against registered digests, and retired terms outside them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from letters.errors import Place, Problem
from letters.files import digest
from letters.gate.report import TextBlock, emphasised, folded
from letters.model import Quotation, RetiredTerm

_QUOTED = re.compile(
    r"“(?P<double>[^”]*)”"
    r"|‘(?P<single>.*?)’(?!\w)"
    r"|\"(?P<straight>[^\"]*)\""
    r"|(?<!\w)'(?P<apostrophes>.*?)'(?!\w)"
)
"""Words between quotation marks of a pair; an apostrophe inside a word ends nothing."""
_SHOWN = 60  # characters of a quotation in a message


@dataclass(frozen=True, slots=True)
class QuotedWords:
    """Words that a letter quotes: a block quotation, words in quotation marks, a title in italics.

    `text` is folded, so that its digest does not depend on the form of its quotation marks.
    """

    text: str
    place: Place

    @property
    def sha256(self) -> str:
        """The digest that a quotation is registered under."""
        return digest(self.text.encode())


def pieces(spots: Iterable[TextBlock]) -> Iterator[QuotedWords]:
    """Everything that a letter's blocks quote, in reading order."""
    for is_quote, group in groupby(spots, key=lambda spot: spot.is_quote):
        blocks = list(group)
        if is_quote:
            yield QuotedWords(folded(" ".join(spot.text for spot in blocks)), blocks[0].place)
        for spot in blocks:
            for text in (*emphasised(spot.content), *_in_marks(spot.text)):
                yield QuotedWords(folded(text), spot.place_of(text))


def quotation_problems(
    quotations: Iterable[Quotation], quoted: Iterable[QuotedWords], places: Iterable[Place]
) -> Iterator[Problem]:
    """Quotations that letters print in other words than their source, or not at all.

    `quoted` are the pieces of all letters, `places` those of the quotations in round.yaml.
    """
    found = list(dict.fromkeys(quoted))
    for quotation, place in zip(quotations, places, strict=True):
        own = [piece for piece in found if piece.text.startswith(folded(quotation.begins))]
        if not own:
            what = f"No letter quotes '{quotation.begins}', registered from {quotation.source}."
            yield Problem(place, what, "Restore it in the wording, or take the quotation out here.")
        for piece in own:
            if piece.sha256 != quotation.sha256:
                what = f"'{_short(piece.text)}' is not the text registered from {quotation.source}."
                fix = f"Restore its words; if these are the source's, register {piece.sha256}."
                yield Problem(piece.place, what, fix)


def term_problems(
    terms: Iterable[RetiredTerm], spots: Iterable[TextBlock], registered: frozenset[str]
) -> Iterator[Problem]:
    """Retired terms outside quotations; `registered` are the digests of quotations.

    A title in italics is a quotation where it is registered as one.
    """
    blocks = [(spot, _own_words(spot, registered)) for spot in spots if not spot.is_quote]
    for term in terms:
        pattern = _pattern(term)
        for spot, words in blocks:
            if match := pattern.search(words):
                yield _retired(match[0], term, spot.place_of(match[0]))


def text_problems(terms: Iterable[RetiredTerm], text: str, place: Place) -> Iterator[Problem]:
    """Retired terms outside quotation marks in a text of round.yaml."""
    words = folded(_QUOTED.sub(" ~ ", text))
    for term in terms:
        if match := _pattern(term).search(words):
            yield _retired(match[0], term, place)


def _retired(words: str, term: RetiredTerm, place: Place) -> Problem:
    what = f"The retired term '{words}' stands outside a quotation."
    return Problem(place, what, f"Write '{term.instead}'.")


def _pattern(term: RetiredTerm) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w){re.escape(folded(term.term))}(?!\w)", re.IGNORECASE)


def _own_words(spot: TextBlock, registered: frozenset[str]) -> str:
    """What a block says itself: without what stands in quotation marks, or is a known title."""
    words = folded(_QUOTED.sub(" ~ ", spot.text))
    for title in map(folded, emphasised(spot.content)):
        if digest(title.encode()) in registered:
            words = words.replace(title, "~")
    return words


def _in_marks(text: str) -> Iterator[str]:
    for match in _QUOTED.finditer(text):
        yield next(part for part in match.groups() if part is not None)


def _short(text: str) -> str:
    return text if len(text) <= _SHOWN else f"{text[: _SHOWN - 1].rstrip()}…"
