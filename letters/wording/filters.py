"""The filters and tests a wording may use. Each reads a value as the letter would print it.

Nothing else of Jinja's own is offered: its filters print None as "None" and dates as figures, and
some (`safe`, `escape`, `attr`, `map`, `format`) open ways round the sandbox or the escaping. A
value that is not there stays not there (None) through every filter but `default`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from decimal import Decimal
from typing import TypeAlias

from jinja2 import Undefined, pass_context
from jinja2.runtime import Context

from letters.model import Value
from letters.wording.language import grouped_number
from letters.wording.run import Run

Given: TypeAlias = Value | int | float | list["Given"]
"""What a filter may meet: a placeholder's value, a number or a list written in the template."""


def run_of(context: Context) -> Run:
    """The run that a template is rendered for."""
    run = context["_run"]
    assert isinstance(run, Run)  # noqa: S101  (the one that `Templates.render` puts there)
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
    return tuple(value) if isinstance(value, list) else value  # type: ignore[arg-type]


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
    return glue.join(known) if known and len(known) == len(words) else None


def _first(value: Given) -> Given:
    return next(iter(several(value)), None)


def _last(value: Given) -> Given:
    return next(reversed(several(value)), None)


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
    "trim": _texts(str.strip),
    "upper": _texts(str.upper),
}

ARGUMENTS = {"default": (1,), "join": (0, 1)}
"""How many texts or names a filter takes in brackets; the others take none."""

TESTS: dict[str, Callable[..., bool]] = {
    "defined": has_value,
    "none": lambda value: not has_value(value),
}
