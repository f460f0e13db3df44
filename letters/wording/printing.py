"""What a marked template calls while it runs: printing, asking, looping and comparing."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from jinja2 import Undefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from letters.model import RichText
from letters.project.placeholders import where_recorded
from letters.wording.filters import FILTERS, Given, is_recorded, run_of, several
from letters.wording.marking import ASK, COMPARE, EACH, PRINT, RECORDED
from letters.wording.run import Printable, Run
from letters.wording.spots import Marks, Spot, once

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


class Calls:
    """The calls of a wording's templates; `marks` tells where each stands."""

    def __init__(self, marks: Marks) -> None:
        self.marks = marks

    def filters(self) -> dict[str, Callable[..., object]]:
        """The filters of wordings, and those that only `marking` writes."""
        own: dict[str, Callable[..., object]] = {
            PRINT: self.print,
            ASK: self.ask,
            EACH: self.each,
            COMPARE: self.compare,
            RECORDED: is_recorded,
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
    run: Run, value: Given, fields: list[list[list[str]]], spot: Spot
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
        run.problem(spot.place, what, "Take out a loop that stands inside another.")


def _printable(run: Run, value: Given) -> Printable:
    if isinstance(value, Undefined):
        str(value)  # raises with the name that was never set
    if isinstance(value, RichText):
        return value
    return run.words(tuple(value) if isinstance(value, list) else value)  # type: ignore[arg-type]


def _absent(context: Context, names: Iterable[str]) -> tuple[str, ...]:
    return tuple(name for name in names if context.get(name) is None)


def _explain(run: Run, value: Given, spot: Spot, names: Sequence[str]) -> None:
    """Say why nothing can be printed; a draft only says so where no value would help."""
    if isinstance(value, bool):
        what = f"The answer to a question, yes or no, is printed in {run.name}."
        run.problem(spot.place, what, "Print text, and put the question in {% if … %}.")
    elif not names:
        run.problem(spot.place, "The braces print nothing.", "Write a placeholder or a text.")
    elif not run.drafts:
        for name in names:
            no_value(run, spot, name)


def no_value(run: Run, spot: Spot, name: str) -> None:
    """Note that a letter prints a placeholder that holds nothing, or why its value was refused."""
    if name in run.letter.refused:
        run.problems.append(run.letter.refused[name])
        return
    around = f"put the sentence in {{% if {name} %}} … {{% endif %}}"
    what = f"{{{{ {name} }}}} has no value in {run.name}."
    run.problem(spot.place, what, f"{where_recorded(name)}, or {around}.")


def _no_comparison(run: Run, spot: Spot, name: str) -> None:
    if name in run.letter.refused:
        run.problems.append(run.letter.refused[name])
        return
    what = f"'{name}' is compared but has no value in {run.name}."
    ask = f"ask first: {{% if {name} is defined and … %}}"
    run.problem(spot.place, what, f"{where_recorded(name)}, or {ask}.")


def _compare(
    context: Context,
    left: Given,
    pairs: Iterable[tuple[str, Given]],
    spot: Spot,
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


def _not_comparable(context: Context, spot: Spot, fields: Sequence[str]) -> None:
    run = run_of(context)
    absent = _absent(context, fields)
    if absent and run.drafts:
        return
    for name in absent:
        _no_comparison(run, spot, name)
    if not absent:
        run.problem(
            spot.place,
            f"Values of different kinds are compared in {run.name}.",
            "Compare a number with a number, a date with a date, text with text.",
        )
