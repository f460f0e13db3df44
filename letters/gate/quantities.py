"""Quantities: what a sentence says of how many, as the counts out of a total that it allows; and
the forces that a number counts: one count, for claims, tables, charts and summary."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from functools import cached_property
from math import ceil, floor

from letters.errors import Place, Problem, did_you_mean
from letters.model import Assessment, Claim, Entry, Measure, Value
from letters.people import Recipient
from letters.project import ProjectRound
from letters.project.raw_records import lists_of

_COUNT = re.compile(r"\{\{\s*(.*?)\s*\}\}")
ALL = "all"


@dataclass(frozen=True)
class Groups:
    """The forces of a round, and the record of each that has one with an outcome."""

    recipients: tuple[Recipient, ...]
    records: Mapping[str, Assessment] = field(default_factory=dict)
    lists: frozenset[str] = frozenset()
    """The fields that hold lists: the entries of each are counted, none where there are none."""

    @classmethod
    def of(cls, project_round: ProjectRound) -> Groups:
        """The forces a round concerns; both forces of a joint letter are among them."""
        records = {
            force: record
            for record in project_round.assessments
            if record.outcome
            for force in record.forces
        }
        return cls(project_round.recipients, records, frozenset(lists_of(project_round.round)))

    @property
    def awaiting(self) -> tuple[Recipient, ...]:
        """Those without an outcome."""
        return tuple(each for each in self.recipients if each.id not in self.records)

    def outcome_of(self, force: str) -> str | None:
        """A force's outcome; None while it awaits one."""
        record = self.records.get(force)
        return record.outcome if record else None

    def counted(self, claim: Claim) -> tuple[Recipient, ...]:
        """The forces that `claim` counts, in the order of recipients.yaml."""
        among = self.whole(claim) if claim.of else self.recipients
        return tuple(each for each in among if self._is_counted(claim, each.id))

    def whole(self, claim: Claim) -> tuple[Recipient, ...]:
        """The forces a share is taken of."""
        return tuple(self._with_outcome(claim.of)) if claim.of else self.recipients

    def measured(self, claim: Claim) -> Measured:
        """What a claim of a number field says something of, in the records that it counts."""
        counted = {each.id for each in self.counted(claim)}
        records = {each.forces: each for id_, each in self.records.items() if id_ in counted}
        (measure, name), *_ = claim.measures.items()
        values = {forces: self._number(each, name) for forces, each in records.items()}
        numbers = {f: Fraction(v) for f, v in values.items() if isinstance(v, Decimal)}
        return Measured(measure, name, numbers, len(values) - len(numbers))

    def _number(self, record: Assessment, name: str) -> Value:
        """A record's number; of a list how many entries it has, or the sum of a number of them."""
        of, _, part = name.partition(".")
        value = record.values.get(of)
        if of not in self.lists:
            return value
        entries = value if isinstance(value, tuple) else ()
        held = [each.values for each in entries if isinstance(each, Entry)]
        numbers = [each.get(part) for each in held] if part else [Decimal(1)] * len(held)
        return sum((each for each in numbers if isinstance(each, Decimal)), Decimal(0))

    def _is_counted(self, claim: Claim, force: str) -> bool:
        record = self.records.get(force)
        if record is None or (claim.counts and record.outcome not in claim.counts):
            return False
        return all(as_written(record.values.get(name)) == v for name, v in claim.where.items())

    def _with_outcome(self, outcomes: Collection[str]) -> Iterator[Recipient]:
        return (each for each in self.recipients if self.outcome_of(each.id) in outcomes)


@dataclass(frozen=True)
class Measured:
    """The values of a number field by the forces of their record, and how many hold none."""

    measure: Measure
    field: str
    values: Mapping[tuple[str, ...], Fraction]
    missing: int

    @cached_property
    def value(self) -> Fraction | None:
        """What is claimed of them; None where there are none."""
        numbers = sorted(self.values.values())
        if not numbers:
            return None
        middle = (numbers[(len(numbers) - 1) // 2] + numbers[len(numbers) // 2]) / 2
        return {
            Measure.SUM: sum(numbers, Fraction(0)),
            Measure.AVERAGE: sum(numbers, Fraction(0)) / len(numbers),
            Measure.MEDIAN: middle,
            Measure.HIGHEST: numbers[-1],
            Measure.LOWEST: numbers[0],
        }[self.measure]

    @cached_property
    def holders(self) -> frozenset[str]:
        """The forces that have the highest or lowest value."""
        return frozenset(id_ for ids, n in self.values.items() if n == self.value for id_ in ids)

    @property
    def said(self) -> str:
        """It in words: "the average of 'weeks' is 11.5"."""
        if self.value is None:
            return f"no record holds '{self.field}'"
        hold = "holds" if self.missing == 1 else "hold"
        without = f" ({self.missing} of the records {hold} none)" if self.missing else ""
        is_end = self.measure in (Measure.HIGHEST, Measure.LOWEST)
        of = "" if is_end else "of "
        return f"the {self.measure} {of}'{self.field}' is {in_figures(self.value)}{without}"


def in_figures(number: Fraction) -> str:
    """A number as people write it: 18,406 or 11.53, with two decimals at most."""
    if number.denominator == 1:
        return f"{number.numerator:,}"
    return f"{float(number):,.2f}".rstrip("0").rstrip(".")


def as_written(value: Value) -> str:
    """A value of a yes-no, choice or list field as `where` in `round.yaml` writes it."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return "yes"  # a list with entries; one without is no value
    return "" if value is None else str(value)


def outcome_counts(project_round: ProjectRound) -> dict[str, int]:
    """Forces (not letters: a joint letter is of two) by outcome, in the order of round.yaml."""
    groups = Groups.of(project_round)
    found = Counter(groups.outcome_of(force) for force in groups.records)
    return {outcome: found[outcome] for outcome in project_round.round.outcomes}


def with_counts(text: str, counts: Mapping[str, int]) -> str:
    """`text` with `{{ started + in-place }}` as the number of forces with one of these outcomes.

    `{{ all }}` is every force assessed. KeyError for what is no outcome.
    """
    known = {**counts, ALL: sum(counts.values())}
    return _COUNT.sub(lambda match: str(sum(known[name] for name in _names(match[1]))), text)


def without_counts(text: str) -> str:
    """`text` with a sign in place of each count, which the records make."""
    return _COUNT.sub("~", text)


def summary_problems(project_round: ProjectRound) -> tuple[Problem, ...]:
    """Counts in the summary that name no outcome of the round."""
    round_ = project_round.round
    known = [*round_.outcomes, ALL]
    place = project_round.places.get("summary", Place(f"rounds/{round_.id}/round.yaml"))
    return tuple(
        Problem(place.at("summary"), f"'{name}' is not an outcome that can be counted.", fix)
        for text in round_.summary
        for match in _COUNT.finditer(text)
        for name in _names(match[1])
        if name not in known
        for fix in [did_you_mean(name, known) or f"Use one of {', '.join(known)}."]
    )


def _names(expression: str) -> list[str]:
    return [name.strip() for name in expression.split("+")]


POINTS = Fraction(2, 100)
"""How far a share in words may be off: two percentage points, or HALF a force if that is more."""
HALF = Fraction(1, 2)


class Sort(StrEnum):
    """What a quantity is given in, or why it says no number."""

    COUNT = "count"
    SHARE = "share"
    PERCENT = "per cent"
    VAGUE = "vague"
    UNREADABLE = "unreadable"


class Relation(StrEnum):
    """How a number is related to what it counts."""

    EXACTLY = "exactly"
    MORE = "more than"
    LESS = "less than"
    AT_LEAST = "at least"
    AT_MOST = "at most"
    NEARLY = "nearly"
    JUST_UNDER = "just under"
    BARELY = "barely"
    JUST_OVER = "just over"
    ABOUT = "about"
    BETWEEN = "between"
    MAJORITY = "majority"


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number as a sentence states it, in the words from `start` to `end` of its text.

    `number` is a count, or a share (1 is all) where `sort` says so; `high` the end of a range.
    `is_strict` is it after 'exactly'; `decimals` are those of a percentage as printed. `whole` is
    the number of those it is said to be part of ("17 of the 43"), where the sentence names it.
    `left_out` are those that 'all but three' leaves out, `excluded` those of them that are named.
    `is_again` is the same fact in other figures ("35% (15)"), `is_elsewhere` a number of another
    time or of a comparison, `is_of_others` one of what the round does not assess, whose noun is the
    last of `words`. Of a VAGUE or UNREADABLE one only the words are known.
    """

    words: str
    start: int
    end: int
    sort: Sort = Sort.COUNT
    number: Fraction = Fraction(0)
    high: Fraction | None = None
    relation: Relation = Relation.EXACTLY
    is_strict: bool = False
    decimals: int = 0
    whole: int | None = None
    left_out: int | None = None
    excluded: tuple[frozenset[str], ...] = ()
    is_again: bool = False
    is_elsewhere: bool = False
    is_of_others: bool = False

    @property
    def is_share(self) -> bool:
        """Whether it is a share of a total."""
        return self.sort in (Sort.SHARE, Sort.PERCENT)

    @property
    def is_number(self) -> bool:
        """Whether it says a number that can be held against a count."""
        return self.sort not in (Sort.VAGUE, Sort.UNREADABLE)

    @property
    def fact(self) -> tuple[object, ...]:
        """What it says, whatever its words; without the total, which a part may leave unsaid."""
        if not self.is_number:
            return self.sort, self.words.casefold()
        said = (self.sort, self.number, self.high, self.relation, self.is_strict, self.decimals)
        return (*said, self.left_out, self.excluded)

    def holds(self, count: int, whole: int) -> bool:
        """Whether `count` out of `whole` is what the sentence says."""
        return count in self.allowed(whole)

    def allowed(self, whole: int) -> range:
        """The counts out of `whole` of which it is true; none where it says no number."""
        if not self.is_number or (self.is_share and not whole):
            return range(0)
        if self.left_out is not None:
            return _whole_numbers(Fraction(whole - self.left_out), Fraction(whole - self.left_out))
        if self.relation is Relation.EXACTLY and self.sort is Sort.PERCENT:
            return self._rounded(whole)
        unit = whole if self.is_share else 1
        number = self.number * unit
        high = number if self.high is None else self.high * unit
        return _ALLOWED[self.relation](_AllowedCounts(number, high, self._slack(whole), whole))

    def holds_value(self, value: Fraction) -> bool:
        """Whether a value of records is what the sentence says; halves are rounded up or down.

        A number without a word such as 'about' may be rounded to as many decimals as it has, but
        one after 'exactly' may not.
        """
        if self.sort not in (Sort.COUNT, Sort.PERCENT):
            return False
        unit = 100 if self.sort is Sort.PERCENT else 1
        number = self.number * unit
        high = number if self.high is None else self.high * unit
        off = Fraction(0) if self.is_strict else Fraction(1, 2 * 10**self.decimals)
        return {
            Relation.EXACTLY: abs(value - number) <= off,
            Relation.MORE: number < value and (high == number or value < high),
            Relation.LESS: value < number,
            Relation.AT_LEAST: value >= number,
            Relation.AT_MOST: value <= number,
            Relation.NEARLY: number * (1 - NEARLY) <= value < number,
            Relation.JUST_UNDER: number * (1 - JUST) <= value < number,
            Relation.BARELY: number <= value <= number * (1 + JUST),
            Relation.JUST_OVER: number < value <= number * (1 + JUST),
            Relation.ABOUT: abs(value - number) <= number / 10,
            Relation.BETWEEN: number <= value <= high,
            Relation.MAJORITY: False,
        }[self.relation]

    def _rounded(self, whole: int) -> range:
        """The counts whose percentage is printed so; halves are rounded up or down."""
        off = Fraction(0) if self.is_strict else Fraction(1, 200 * 10**self.decimals)
        return _whole_numbers((self.number - off) * whole, (self.number + off) * whole)

    def _slack(self, whole: int) -> Fraction:
        is_all = self.is_share and self.number in (0, 1)
        if not self.is_share or self.is_strict or is_all:
            return Fraction(0)
        if self.sort is Sort.PERCENT and self.relation is Relation.MAJORITY:
            return Fraction(whole, 200 * 10**self.decimals)
        return max(POINTS * whole, HALF)


@dataclass(frozen=True, slots=True)
class _AllowedCounts:
    """A quantity in counts, and how far from it another count may be."""

    number: Fraction
    high: Fraction
    slack: Fraction
    whole: int

    def near(self, part: Fraction) -> Fraction:
        """How far a count may be from 'nearly' or 'just' the number: a part of it, and a half."""
        return max(part * self.number + HALF, POINTS * self.whole)

    @property
    def about(self) -> Fraction:
        """How far a count may be from 'about' the number."""
        return self.slack or max(self.number / 10, Fraction(1))


def _whole_numbers(low: Fraction, high: Fraction) -> range:
    return range(max(ceil(low), 0), floor(high) + 1)


def _above(number: Fraction) -> Fraction:
    return Fraction(floor(number) + 1)


def _below(number: Fraction) -> Fraction:
    return Fraction(ceil(number) - 1)


NEARLY, JUST = Fraction(1, 10), Fraction(1, 20)

_ALLOWED: Mapping[Relation, Callable[[_AllowedCounts], range]] = {
    Relation.EXACTLY: lambda b: _whole_numbers(b.number - b.slack, b.number + b.slack),
    Relation.MORE: lambda b: _whole_numbers(
        _above(b.number), Fraction(b.whole) if b.high == b.number else _below(b.high)
    ),
    Relation.LESS: lambda b: _whole_numbers(Fraction(0), _below(b.number)),
    Relation.AT_LEAST: lambda b: _whole_numbers(b.number, Fraction(b.whole)),
    Relation.AT_MOST: lambda b: _whole_numbers(Fraction(0), b.number),
    Relation.NEARLY: lambda b: _whole_numbers(b.number - b.near(NEARLY), _below(b.number)),
    Relation.JUST_UNDER: lambda b: _whole_numbers(b.number - b.near(JUST), _below(b.number)),
    Relation.BARELY: lambda b: _whole_numbers(b.number, b.number + b.near(JUST)),
    Relation.JUST_OVER: lambda b: _whole_numbers(_above(b.number), b.number + b.near(JUST)),
    Relation.ABOUT: lambda b: _whole_numbers(b.number - b.about, b.number + b.about),
    Relation.BETWEEN: lambda b: _whole_numbers(b.number, b.high),
    Relation.MAJORITY: lambda b: _whole_numbers(b.number - b.slack, b.number + b.near(JUST)),
}
