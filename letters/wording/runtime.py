"""What a template calls while it runs, and one letter on its way: printing, asking, looping."""

import operator
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, TypeAlias

from jinja2 import Undefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from letters.document import Break, Gap, Inline, Text
from letters.errors import Place, Problem, the_letter
from letters.model import Letter, RichText, Value
from letters.wording.lists import PART_OF, part_of, total
from letters.wording.missing import uncompared, unprinted
from letters.wording.rewriter import (
    ASK,
    COMPARE,
    EACH,
    MOST,
    PRINT,
    RECORDED,
    VALUE,
    Sentinels,
    SourceLocation,
    once,
)
from letters.wording.vocabulary import grouped_number, joined, written_date


@dataclass(frozen=True, slots=True)
class IncludedText:
    """The merged text of an included file, signs and all."""

    text: str


Printable = str | RichText | IncludedText | None
"""What a sign can stand for; None is a gap in a draft."""


@dataclass(frozen=True, slots=True)
class PrintedValue:
    """A value in the place of its sign."""

    value: Printable
    spot: SourceLocation
    fields: tuple[str, ...]

    @property
    def field(self) -> str:
        """The placeholders as one word for the reader of the tree."""
        return ", ".join(self.fields)


MOST_CHARACTERS = 500_000
"""Characters that the values of a letter may print together, or be joined to."""

DEEPEST_LIST = 3
"""Lists in one another that are still written out."""


class TooMuchText(Exception):  # noqa: N818  (never leaves this room)
    """A letter prints or joins more than `MOST_CHARACTERS`."""


@dataclass
class LetterRun:
    """The typesetting of one letter. `and_` and `gap` are labels; `missing` matters in drafts."""

    letter: Letter
    drafts: bool
    and_: str = "and"
    gap: str = ""
    printed: list[PrintedValue] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    turns: int = 0
    characters: int = 0

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

    def sign(self, value: Printable, spot: SourceLocation, fields: Iterable[str]) -> str:
        """A new sign that stands for `value`; nothing once a letter has printed absurdly much."""
        if len(self.printed) == MOST:
            what = f"More than {MOST} values are printed in {self.name}."
            self.problem(spot.place, what, "Print less; a loop may repeat itself.")
        if len(self.printed) >= MOST:
            return ""
        self.characters += len(value) if isinstance(value, str) else 0
        if self.characters > MOST_CHARACTERS:
            raise TooMuchText
        self.printed.append(PrintedValue(value, spot, once(fields)))
        return chr(VALUE + len(self.printed) - 1)

    def find(self, sign: str) -> PrintedValue:
        """What a sign stands for."""
        return self.printed[ord(sign) - VALUE]

    def awaited(self, names: Iterable[str]) -> tuple[str, ...]:
        """Those of `names` that a draft still waits for."""
        return tuple(n for n in once(names) if self.drafts and n in self.letter.missing)

    def words(self, value: Value | float, depth: int = 0) -> str | None:
        """A plain value as the letter's language writes it; None where it is not text.

        `depth` counts the lists round it; what stands deeper than three of them is no text.
        """
        if isinstance(value, bool) or value is None:
            return None
        if isinstance(value, date):
            return written_date(value, self.language)
        if isinstance(value, Decimal):
            return f"{value:f}"
        if isinstance(value, tuple | list):
            return self._several(value, depth + 1) if depth < DEEPEST_LIST else None
        return str(value) if isinstance(value, str | int | float) else None

    def _several(self, values: Iterable[Value], depth: int) -> str | None:
        words = [self.words(value, depth) for value in values]
        known = [word for word in words if word is not None]
        return joined(known, self.and_) if len(known) == len(words) else None

    def gap_for(self, fields: Iterable[str]) -> Gap:
        """The mark a draft bears where `fields` print nothing yet."""
        names = tuple(fields)
        words = ", ".join(names).replace("_", " ")
        return Gap(f"[{words}: {self.gap}]", ", ".join(names))

    def inlines(self, printed: PrintedValue) -> Iterator[Inline]:
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


Given: TypeAlias = Value | int | float | list["Given"]
"""What a filter may meet: a placeholder's value, a number or a list written in the template."""


def run_of(context: Context) -> LetterRun:
    """The run that a template is rendered for."""
    run = context["_run"]
    assert isinstance(run, LetterRun)  # noqa: S101  (the one that `Templates.render` puts there)
    return run


def _texts(change: Callable[[str], str]) -> Callable[[Context, Given], Given]:
    @pass_context
    def changed(context: Context, value: Given) -> Given:
        words = run_of(context).words(_firm(value))
        return None if words is None else change(words)

    return changed


def _firm(value: Given) -> Value | float:
    """A list becomes a tuple, which is how several names are held."""
    if isinstance(value, Undefined):
        str(value)  # raises: Jinja's strict placeholder for a name that was never set
    return tuple(value) if isinstance(value, list) else value  # type: ignore[return-value]


def several(value: Given) -> tuple[Given, ...]:
    """A list's members; one value is a list of itself, None an empty one."""
    if value is None:
        return ()
    return tuple(value) if isinstance(value, list | tuple) else (_firm(value),)


def _capitalize(text: str) -> str:
    return text[:1].upper() + text[1:]


@pass_context
def _join(context: Context, value: Given, between: Given = "") -> Given:
    words = [run_of(context).words(_firm(each)) for each in several(value)]
    known = [word for word in words if word is not None]
    glue = run_of(context).words(_firm(between)) or ""
    if sum(map(len, known)) + len(glue) * len(known) > MOST_CHARACTERS:
        raise TooMuchText
    return glue.join(known) if known and len(known) == len(words) else None


def _first(value: Given) -> Given:
    return next(iter(several(value)), None)


def _last(value: Given) -> Given:
    return next(reversed(several(value)), None)


@pass_context
def _sum(context: Context, value: Given, part: Given) -> Given:
    return total(several(value), run_of(context).words(_firm(part)) or "")


def _length(value: Given) -> Given:
    return len(several(value))


@pass_context
def _sort(context: Context, value: Given) -> Given:
    """Members in the order of their words; those that are not there come last."""
    words = run_of(context).words
    keyed: Iterable[Given] = sorted(several(value), key=lambda each: _key(words(_firm(each))))
    return list(keyed)


def _key(words: str | None) -> tuple[bool, str]:
    return words is None, (words or "").casefold()


def _default(value: Given, other: Given) -> Given:
    return value if has_value(value) else other


@pass_context
def _grouped(context: Context, value: Given) -> Given:
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return value
    return grouped_number(Decimal(value), run_of(context).language)


def has_value(value: Given) -> bool:
    """Whether something is recorded: not None, not a name that was never set."""
    return value is not None and not isinstance(value, Undefined)


def is_recorded(value: Given) -> bool:
    """Whether a condition that names a value holds: a recorded number does, 0 included."""
    return True if isinstance(value, Decimal) else bool(value)


FILTERS: dict[str, Callable[..., object]] = {
    "capitalize": _texts(_capitalize),
    "default": _default,
    "first": _first,
    "grouped": _grouped,
    "join": _join,
    "last": _last,
    "length": _length,
    "lower": _texts(str.lower),
    "sort": _sort,
    "sum": _sum,
    "trim": _texts(str.strip),
    "upper": _texts(str.upper),
}

ARGUMENTS = {"default": (1,), "join": (0, 1), "sum": (1,)}
"""How many texts or names a filter takes in brackets; the others take none."""

TESTS: dict[str, Callable[..., bool]] = {
    "defined": has_value,
    "none": lambda value: not has_value(value),
}


MOST_TURNS = 5_000
"""Turns all loops of a letter may take together."""

COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "eq": operator.eq,
    "ne": operator.ne,
    "lt": operator.lt,
    "lteq": operator.le,
    "gt": operator.gt,
    "gteq": operator.ge,
    "in": lambda left, right: left in right,
    "notin": lambda left, right: left not in right,
}


class TemplateCalls:
    """The calls of a wording's templates; `marks` tells where each stands."""

    def __init__(self, marks: Sentinels) -> None:
        self.marks = marks

    def filters(self) -> dict[str, Callable[..., object]]:
        """The filters of wordings, and those that only `marking` writes."""
        own: dict[str, Callable[..., object]] = {
            PRINT: self.print,
            ASK: self.ask,
            EACH: self.each,
            COMPARE: self.compare,
            RECORDED: is_recorded,
            PART_OF: part_of,
        }
        return FILTERS | own

    @pass_context
    def print(
        self, context: Context, value: Given, mark: str, fields: list[list[str]], decided: list[str]
    ) -> Markup:
        """One sign for a value. Its text never passes through Jinja or Markdown."""
        run, spot = run_of(context), self.marks.spot(mark)
        if awaited := run.awaited(decided):
            return Markup(mark + run.sign(None, spot, awaited))  # noqa: S704
        names = once(name for group in fields for name in group)
        printable = _printable(run, value)
        if printable is None:
            names = _absent(context, names) or names
            _explain(run, value, spot, names)
        return Markup(mark + run.sign(printable, spot, names))  # noqa: S704

    @pass_context
    def ask(self, context: Context, fields: list[str], mark: str, end: str) -> Markup:
        """A draft's gap where a condition reads what is still to come; else nothing."""
        run, spot = run_of(context), self.marks.spot(mark)
        gaps = [run.sign(None, spot, (name,)) for name in run.awaited(fields)]
        before, after = ("", end) if end else (" ", "")
        return Markup(f"{before}{mark}{' '.join(gaps)}{after}" if gaps else "")  # noqa: S704

    @pass_context
    def each(
        self, context: Context, value: Given, fields: list[list[list[str]]], mark: str
    ) -> Iterator[tuple[Given, list[str]]]:
        """The turns of a loop: a value, and the fields it was read from."""
        return _turns(run_of(context), value, fields, self.marks.spot(mark))

    @pass_context
    def compare(
        self,
        context: Context,
        left: Given,
        pairs: list[tuple[str, Given]],
        mark: str,
        fields: list[str],
    ) -> bool:
        """A comparison, also of values that are not there."""
        return _compare(context, left, pairs, self.marks.spot(mark), fields)


def _turns(
    run: LetterRun, value: Given, fields: list[list[list[str]]], spot: SourceLocation
) -> Iterator[tuple[Given, list[str]]]:
    values = several(value)
    flat = [once(name for group in groups for name in group) for groups in fields]
    every = once(name for names in flat for name in names)
    for turn, member in enumerate(values):
        run.turns += 1
        if run.turns > MOST_TURNS:
            break
        yield member, list(flat[turn] if len(flat) == len(values) else every)
    if run.turns == MOST_TURNS + 1:
        what = f"The loops of the wording turn more than {MOST_TURNS} times."
        run.problem(spot.place, what, "Take out a loop that is inside another.")


def _printable(run: LetterRun, value: Given) -> Printable:
    if isinstance(value, Undefined):
        str(value)  # raises with the name that was never set
    if isinstance(value, RichText):
        return value
    return run.words(tuple(value) if isinstance(value, list) else value)  # type: ignore[arg-type]


def _absent(context: Context, names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in names if context.get(name) is None)


def _explain(run: LetterRun, value: Given, spot: SourceLocation, names: Sequence[str]) -> None:
    """Say why nothing can be printed; a draft only says so where no value would help."""
    if isinstance(value, bool):
        what = f"The answer to a question, yes or no, is printed in {run.name}."
        run.problem(spot.place, what, "Print text, and put the question in {% if … %}.")
    elif not names:
        run.problem(spot.place, "The braces print nothing.", "Write a placeholder or a text.")
    elif not run.drafts:
        for name in names:
            _lacks(run, spot, name, *unprinted(run.letter, run.name, name))


def _lacks(run: LetterRun, spot: SourceLocation, name: str, what: str, fix: str) -> None:
    """Note that a placeholder holds nothing, or why its value was refused."""
    if name in run.letter.refused:
        run.problems.append(run.letter.refused[name])
    else:
        run.problem(spot.place, what, fix)


def _compare(
    context: Context,
    left: Given,
    pairs: Iterable[tuple[str, Given]],
    spot: SourceLocation,
    fields: Sequence[str],
) -> bool:
    for sign, right in pairs:
        try:
            if not COMPARISONS[sign](_exact(left), _exact(right)):
                return False
        except TypeError:
            _not_comparable(context, spot, fields)
            return False
        left = right
    return True


def _exact(value: Given) -> object:
    """0.1 written in a template equals 0.1 written in a record."""
    return Decimal(str(value)) if isinstance(value, float) else value


def _not_comparable(context: Context, spot: SourceLocation, fields: Sequence[str]) -> None:
    run = run_of(context)
    absent = _absent(context, fields)
    if absent and run.drafts:
        return
    for name in absent:
        _lacks(run, spot, name, *uncompared(run.name, name))
    if not absent:
        run.problem(
            spot.place,
            f"Values of different kinds are compared in {run.name}.",
            "Compare a number with a number, a date with a date, text with text.",
        )
