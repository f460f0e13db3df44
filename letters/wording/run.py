"""One letter on its way through the templates: what was printed, and what went wrong."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from letters.document import Break, Gap, Inline, Text
from letters.errors import Place, Problem, the_letter
from letters.model import Letter, RichText, Value
from letters.wording.language import joined, written_date
from letters.wording.signs import MOST, VALUE
from letters.wording.spots import Spot, once


@dataclass(frozen=True, slots=True)
class Part:
    """The merged text of an included file, signs and all."""

    text: str


Printable = str | RichText | Part | None
"""What a sign can stand for; None is a gap in a draft."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A value in the place of its sign."""

    value: Printable
    spot: Spot
    fields: tuple[str, ...]

    @property
    def field(self) -> str:
        """The placeholders as one word for the reader of the tree."""
        return ", ".join(self.fields)


@dataclass
class Run:
    """The typesetting of one letter. `and_` and `gap` are labels; `missing` matters in drafts."""

    letter: Letter
    drafts: bool
    and_: str = "and"
    gap: str = ""
    printed: list[Printed] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    turns: int = 0

    @property
    def language(self) -> str:
        """The letter's language."""
        return self.letter.round.language

    @property
    def name(self) -> str:
        """The letter as problems name it."""
        return the_letter(self._addressed)

    @property
    def _addressed(self) -> str:
        return joined([recipient.name for recipient in self.letter.recipients], "and")

    def problem(self, place: Place, what: str, fix: str) -> None:
        """Note that something is wrong at `place`: in this letter, if `what` names it."""
        letters = (self._addressed,) if self.name in what else ()
        self.problems.append(Problem(place, what, fix, letters))

    def sign(self, value: Printable, spot: Spot, fields: Iterable[str]) -> str:
        """A new sign that stands for `value`; nothing once a letter has printed absurdly much."""
        if len(self.printed) == MOST:
            what = f"More than {MOST} values are printed in {self.name}."
            self.problem(spot.place, what, "Print less; a loop may repeat itself.")
        if len(self.printed) >= MOST:
            return ""
        self.printed.append(Printed(value, spot, once(fields)))
        return chr(VALUE + len(self.printed) - 1)

    def find(self, sign: str) -> Printed:
        """What a sign stands for."""
        return self.printed[ord(sign) - VALUE]

    def awaited(self, names: Iterable[str]) -> tuple[str, ...]:
        """Those of `names` that a draft still waits for."""
        return tuple(n for n in once(names) if self.drafts and n in self.letter.missing)

    def words(self, value: Value | float) -> str | None:
        """A plain value as the letter's language writes it; None where it is not text."""
        if isinstance(value, bool) or value is None:
            return None
        if isinstance(value, date):
            return written_date(value, self.language)
        if isinstance(value, Decimal):
            return f"{value:f}"
        if isinstance(value, tuple | list):
            return self._several(value)
        return str(value) if isinstance(value, str | int | float) else None

    def _several(self, values: Iterable[Value]) -> str | None:
        words = [self.words(value) for value in values]
        known = [word for word in words if word is not None]
        return joined(known, self.and_) if len(known) == len(words) else None

    def gap_for(self, fields: Iterable[str]) -> Gap:
        """The mark a draft bears where `fields` print nothing yet."""
        names = tuple(fields)
        words = ", ".join(names).replace("_", " ")
        return Gap(f"[{words}: {self.gap}]", ", ".join(names))

    def inlines(self, printed: Printed) -> Iterator[Inline]:
        """A printed plain value as inline content: its lines, or a gap."""
        if printed.value is None:
            yield self.gap_for(printed.fields)
        if isinstance(printed.value, str):
            yield from lines_of(printed.value, printed.field)


def lines_of(text: str, field_: str = "") -> Iterator[Inline]:
    """Literal text, a break for each new line in it."""
    lines = filter(None, (line.strip(" \t") for line in text.splitlines()))
    for number, line in enumerate(lines):
        if number:
            yield Break()
        yield Text(line, field_)
