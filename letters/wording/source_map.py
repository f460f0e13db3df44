"""Signs that stand for values and lines while a wording passes through Jinja and Markdown, and
where the text they stand in came from."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from letters.document import Origin
from letters.errors import Place, Problem, ProblemsFound
from letters.model import RichText

VALUE = 0xF0000
"""First of the signs that stand for a printed value (plane 15)."""

MARK = 0x100000
"""First of the signs that name a line of a template (plane 16, first half)."""

PART = 0x108000
"""First of the signs with which an included file begins (plane 16, second half)."""

END = chr(0x10FFFD)
"""The sign with which every included file ends."""

MOST = 0x7FF0
"""How many signs of a kind there can be."""

VALUES = re.compile("([\U000f0000-\U000fffff])")
MARKS = re.compile("[\U00100000-\U00107fff]")
TURNS = re.compile("([\U00108000-\U0010ffff])")
RESERVED = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")

_MARKED = re.compile("([\U00100000-\U00107fff])[^\\S\n]*(?=[^\\s\U00100000-\U00107fff])")
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,6})|([0-9]{1,7}));")


def is_value(character: str) -> bool:
    """Whether `character` is one sign that stands for a printed value."""
    return len(character) == 1 and VALUE <= ord(character) < MARK


def marks_before_words(line: str) -> list[str]:
    """The marks of a line that stand directly before visible text."""
    return _MARKED.findall(line)


def forged(text: str) -> str:
    """The first character, or HTML reference to one, that could be taken for a sign; or ''."""
    if found := RESERVED.search(text):
        return f"U+{ord(found[0]):04X}"
    for reference in _REFERENCE.finditer(text):
        number = int(reference[1], 16) if reference[1] else int(reference[2])
        if number > 0x10FFFF or RESERVED.match(chr(number)):
            return reference[0]
    return ""


@dataclass(frozen=True, slots=True)
class SourceLocation:
    """A line of a file and the fields of the conditions and loops round it."""

    place: Place
    because: tuple[str, ...] = ()


class Sentinels:
    """Gives every spot of a wording's templates its sign, and finds the spot of a sign."""

    def __init__(self) -> None:
        self._spots: list[SourceLocation] = []
        self._numbers: dict[SourceLocation, int] = {}

    def mark(self, spot: SourceLocation) -> str:
        """The sign that says: the text after me stands at `spot`."""
        return chr(MARK + self._number(spot))

    def part(self, spot: SourceLocation) -> str:
        """The sign that says: a file included at `spot` begins here."""
        return chr(PART + self._number(spot))

    def spot(self, sign: str) -> SourceLocation:
        """The spot that a mark or part sign names."""
        number = ord(sign)
        return self._spots[number - (PART if number >= PART else MARK)]

    def _number(self, spot: SourceLocation) -> int:
        if spot not in self._numbers:
            if len(self._spots) == MOST:
                what = f"The wording has more than {MOST} lines."
                raise ProblemsFound([Problem(spot.place, what, "Make it shorter.")])
            self._numbers[spot] = len(self._spots)
            self._spots.append(spot)
        return self._numbers[spot]


class SourceMap:
    """The lines of a text that is about to be read as Markdown, each with its spots."""

    def __init__(
        self, text: str, spots: Iterable[tuple[SourceLocation, ...]], fields: tuple[str, ...] = ()
    ):
        self.text = text
        self.rows = text.split("\n")
        self._spots = list(spots)
        self._fields = fields

    @classmethod
    def merged(cls, text: str, marks: Sentinels, because: tuple[str, ...] = ()) -> SourceMap:
        """Lines of merged wording: its marks become spots; `because` holds for all of them."""
        spots = []
        for row in text.split("\n"):
            found = (marks.spot(sign) for sign in marks_before_words(row))
            spots.append(tuple(_with(spot, because) for spot in found))
        return cls(MARKS.sub("", text), spots)

    @classmethod
    def recorded(cls, value: RichText, field: str, because: tuple[str, ...]) -> SourceMap:
        """Lines of a rich-text field, printed where `because` holds."""
        place = value.place
        rows = value.markdown.split("\n")
        numbers = range(place.line, place.line + len(rows)) if place.line else [0] * len(rows)
        spots = [(SourceLocation(replace(place, line=number), because),) for number in numbers]
        return cls(value.markdown, spots, (field,) if field else ())

    def place(self, line: int) -> Place:
        """The place of a line (from 0); of the nearest line above or below that has one."""
        above, below = self._spots[line::-1], self._spots[line + 1 :]
        return next((spots[0].place for spots in (*above, *below) if spots), Place(""))

    def origin(self, first: int, last: int, fields: Iterable[str] = ()) -> Origin:
        """The origin of a block on lines `first` to before `last` that prints `fields`."""
        place = self.place(first)
        spots = [spot for row in self._spots[first:last] for spot in row]
        because = (name for spot in spots for name in spot.because)
        return Origin(place.file, place.line, once((*fields, *self._fields)), once(because))


def once(names: Iterable[str]) -> tuple[str, ...]:
    """The names in order, each once."""
    return tuple(dict.fromkeys(names))


def _with(spot: SourceLocation, because: tuple[str, ...]) -> SourceLocation:
    return SourceLocation(spot.place, once((*because, *spot.because))) if because else spot
