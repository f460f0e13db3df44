"""What templates of a round may name, and dates, numbers and names as its language writes them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_decimal

from letters.model import FieldType, RecordField, Round
from letters.project.references import placeholders

RECOMMENDATION = "recommendation"
SUBJECT = "subject"


@dataclass(frozen=True)
class Vocabulary:
    """Names of placeholders; those that hold yes or no, rich text, one of some words, or a list."""

    names: frozenset[str]
    yes_no: frozenset[str]
    rich: frozenset[str]
    choices: Mapping[str, tuple[str, ...]]
    lists: Mapping[str, Mapping[str, RecordField]] = field(default_factory=dict)

    @classmethod
    def of(cls, round_: Round) -> Vocabulary:
        """The vocabulary of a round: its placeholders and `recommendation`."""
        choices = {name: f.choices for name, f in round_.fields.items() if f.choices}
        own = {RECOMMENDATION} - set(round_.fields)
        return cls(
            frozenset(placeholders(round_)) | own,
            _of_type(round_, FieldType.YES_NO),
            _of_type(round_, FieldType.RICH_TEXT) | own,
            {"outcome": tuple(round_.outcomes), **choices},
            {name: each.fields for name, each in round_.fields.items() if each.fields},
        )

    @property
    def plain(self) -> frozenset[str]:
        """Names whose values are plain text."""
        return self.names - self.yes_no - self.rich - frozenset(self.lists)

    def with_names(self, *names: str) -> Vocabulary:
        """The same and more plain names."""
        return replace(self, names=self.names.union(names))


def _of_type(round_: Round, type_: FieldType) -> frozenset[str]:
    return frozenset(name for name, each in round_.fields.items() if each.type is type_)


@lru_cache(32)
def locale_of(language: str) -> Locale | None:
    """The CLDR locale of a language tag such as `en-GB`, else of its first part; or None."""
    for tag in (language, language.split("-")[0]):
        try:
            return Locale.parse(tag, sep="-")
        except (UnknownLocaleError, ValueError):
            continue
    return None


@lru_cache(256)
def written_date(day: date, language: str) -> str:
    """`day` as letters write it: "2 October 2017", "2 Hydref 2017"."""
    return format_date(day, "d MMMM y", locale=_locale(language))


def grouped_number(number: Decimal, language: str) -> str:
    """`number` with its thousands apart, every decimal kept: "1,204.50"."""
    decimals = f"{number:f}".partition(".")[2]
    pattern = "#,##0" + ("." + "0" * len(decimals) if decimals else "")
    return format_decimal(number, pattern, locale=_locale(language))


def joined(names: Sequence[str], and_: str) -> str:
    """Several names as one phrase: "A", "A and B", "A, B and C"."""
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {and_} {names[-1]}"


def _locale(language: str) -> Locale:
    return locale_of(language) or Locale("en", "GB")
