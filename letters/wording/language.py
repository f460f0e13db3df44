"""Dates, numbers and several names as a letter's language writes them (Unicode CLDR, by Babel)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import lru_cache

from babel import Locale, UnknownLocaleError
from babel.dates import format_date
from babel.numbers import format_decimal


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
