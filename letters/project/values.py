"""Text as recorded to a typed value, by the type of its field."""

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import NoReturn
from zoneinfo import ZoneInfo

from letters.errors import Refused, did_you_mean, shortened, some
from letters.model import FieldType, RecordField, RichText, Value
from letters.sources.numberformats import ShownNumber
from letters.sources.tables import Cell

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_ISO = re.compile(r"(?P<year>[0-9]{4})-(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})")
_WORDS = re.compile(
    r"(?:(?P<weekday>[a-z]+),?\s+)?(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?[\s-]+"
    r"(?P<month>[a-z]+)\.?,?[\s-]+(?P<year>[0-9]{4})",
    re.IGNORECASE,
)
"""A date in words: "5 October 2017", "Thursday, 5th October 2017", "5-Oct-2017"."""
_FIGURES = re.compile(r"([0-9]{1,2})[/.-]([0-9]{1,2})[/.-]([0-9]{4})")
_SERIAL = re.compile(r"[2-5][0-9]{4}")
_EXCEL_EPOCH = date(1899, 12, 30)

HOW = "Write it like 2 October 2017 or 2017-10-02."


def read_date(text: str) -> date:
    """The day `text` names: `2017-10-02`, `2 October 2017`, `2 Oct 2017`, `Monday 2 October 2017`.

    Raises Refused for days that do not exist, a weekday that does not fit, figures such as
    `03/04/2017`, which nations read differently, and anything else.
    """
    if match := _ISO.fullmatch(text):
        return _day(text, int(match["year"]), int(match["month"]), int(match["day"]))
    if match := _WORDS.fullmatch(text):
        return _named(text, match)
    if match := _FIGURES.fullmatch(text):
        raise _figures(text, *map(int, match.groups()))
    if _SERIAL.fullmatch(text):
        meant = _EXCEL_EPOCH + timedelta(days=int(text))
        raise Refused(
            f"'{text}' is a number; as an Excel date it is {written(meant)}.",
            f"Write {meant} if that is meant.",
        )
    raise Refused(f"'{shortened(text)}' is not a date.", HOW)


def written(day: date) -> str:
    """`day` as problems name it: `2 October 2017`."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


_MONTH = "|".join(f"{month[:3]}(?:{month[3:]})?" for month in MONTHS)
_PRINTED = re.compile(
    rf"(?<![\w/.-])(?:(?:{'|'.join(WEEKDAYS)}),?\s+)?[0-9]{{1,2}}(?:st|nd|rd|th)?\s+(?:{_MONTH})\s+"
    r"[0-9]{4}(?!\w)|(?<![\w/.-])[0-9]{1,2}/[0-9]{1,2}/[0-9]{4}(?![\w/-])"
)
"""A date in running text: "Thursday 5 October 2017", "5th Oct 2017", "04/06/2019"."""


def false_dates(text: str) -> Iterator[tuple[str, Refused]]:
    """The dates in a text that are none, or can mean several, with the reason against each."""
    for match in _PRINTED.finditer(text):
        try:
            read_date(" ".join(match[0].split()))
        except Refused as why:
            yield match[0], why


def is_between(first: date | None, day: date, last: date | None) -> bool:
    """Whether a day is none before the first and none after the last; None is no bound."""
    return (first is None or first <= day) and (last is None or day <= last)


def printed_dates(text: str) -> Iterator[tuple[int, str, date]]:
    """The dates in a text that are sound: where each begins, its words, and the day."""
    for match in _PRINTED.finditer(text):
        with suppress(Refused):
            yield match.start(), match[0], read_date(" ".join(match[0].split()))


def _day(text: str, year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise Refused(f"'{text}' is not a day of the calendar.", "Correct the date.") from None


def _named(text: str, match: re.Match[str]) -> date:
    month = _place_of(match["month"], MONTHS)
    if month is None:
        raise Refused(f"'{match['month']}' in '{text}' is not the name of a month.", HOW)
    found = _day(text, int(match["year"]), month + 1, int(match["day"]))
    _check_weekday(text, match["weekday"], found)
    return found


def _check_weekday(text: str, name: str | None, found: date) -> None:
    if name is None:
        return
    weekday = _place_of(name, WEEKDAYS)
    if weekday is None:
        raise Refused(f"'{name}' in '{text}' is not a day of the week.", HOW)
    if weekday != found.weekday():
        actual = WEEKDAYS[found.weekday()]
        raise Refused(
            f"'{text}' names the wrong weekday: {written(found)} is a {actual}.",
            "Correct the weekday or the date.",
        )


def _place_of(word: str, names: tuple[str, ...]) -> int | None:
    """Where the name that `word` is, or abbreviates with three letters or more, stands."""
    if len(word) < 3:
        return None
    return next((n for n, name in enumerate(names) if name.lower().startswith(word.lower())), None)


def _figures(text: str, first: int, second: int, year: int) -> Refused:
    readings = dict.fromkeys(_readings(first, second, year))
    if not readings:
        return Refused(f"'{text}' is not a day of the calendar.", "Correct the date.")
    days = " or ".join(written(day) for day in readings)
    isos = " or ".join(day.isoformat() for day in readings)
    if len(readings) > 1:
        return Refused(f"'{text}' can mean {days}.", f"Write {isos}.")
    return Refused(f"'{text}' writes its month in figures.", f"Write {isos} or {days}.")


def _readings(first: int, second: int, year: int) -> list[date]:
    days = []
    for day, month in ((first, second), (second, first)):
        try:
            days.append(date(year, month, day))
        except ValueError:
            continue
    return days


LONDON = ZoneInfo("Europe/London")

_TIME = re.compile(
    r"(?P<day>.*?[0-9])(?:\s*,\s*|\s+at\s+|\s+|T)(?P<hour>[0-9]{1,2})[:.](?P<minute>[0-9]{2})"
)
"""A day with a time behind it: "5 October 2017 at 00:01", "2017-10-05T00:01"."""


def read_moment(text: str) -> datetime:
    """The moment `text` names in London: `5 October 2017 at 00:01`, `2017-10-05 00:01`.

    A day alone means its first moment. Raises Refused for what is no day, no time of the clock,
    and for the times that come twice or not at all on the nights the clock is changed.
    """
    match = _TIME.fullmatch(text)
    if match is None:
        return datetime.combine(read_date(text), time(), LONDON)
    hour, minute = int(match["hour"]), int(match["minute"])
    if hour > 23 or minute > 59:
        what = f"'{match['hour']}:{match['minute']}' in '{text}' is not a time of day."
        raise Refused(what, "Write it like 5 October 2017 at 00:01.")
    moment = datetime.combine(read_date(match["day"]), time(hour, minute), LONDON)
    _check_clock(text, moment)
    return moment


def _check_clock(text: str, moment: datetime) -> None:
    if moment.utcoffset() != moment.replace(fold=1).utcoffset():
        there = moment.astimezone(UTC).astimezone(LONDON).replace(fold=0) == moment
        when = "comes twice" if there else "does not exist"
        what = f"'{text}' {when}: the clock is changed that night."
        raise Refused(what, "Choose a time before 01:00 or after 02:00.")


def written_moment(moment: datetime) -> str:
    """`moment` as it is read in London: `5 October 2017 at 00:01`."""
    there = moment.astimezone(LONDON)
    return f"{written(there.date())} at {there:%H:%M}"


_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_THOUSANDS = re.compile(r"-?[0-9]{1,3}([, \u00a0\u202f][0-9]{3})+(\.[0-9]+)?")
_DECIMAL_COMMA = re.compile(r"-?[0-9]+,[0-9]+")
_LEADING = re.compile(r"\+?(-?)0*(?=[0-9])")
_BULLET = re.compile(r"[ \t]*([•·‣◦]|[▪▫●○■□➢](?=[ \t\u00a0])|[o–—](?=\t))")
"""A bullet that came with text pasted from Word or a web page; Markdown makes nothing of it."""
_SPACES = re.compile(" {2,}")
_YES = frozenset(("yes", "y", "true"))
_NO = frozenset(("no", "n", "false"))


def read_value(cell: Cell, field: RecordField) -> Value:
    """The value of `cell` for `field`; None where it is empty. Raises Refused."""
    return None if cell.is_empty else _READERS[field.type](cell, field)


def words_of(cell: Cell) -> str:
    """The words a cell shows, without space around them. Raises Refused.

    A number reads as Excel shows it, £1,204.50 or 012, if that is known and nothing is lost in it.
    """
    if cell.shown is None:
        return _plain(cell)
    if not cell.shown.is_exact:
        raise Refused(_otherwise(cell, cell.shown), "Format the column as Text and type it again.")
    return cell.shown.text


def read_yes_no(text: str) -> bool:
    """True for yes, y or true, False for no, n or false, in any case; raises Refused."""
    if text.casefold() in _YES:
        return True
    if text.casefold() in _NO:
        return False
    raise Refused(f"'{shortened(text)}' is neither yes nor no.", "Write yes or no.")


def one_line(text: str) -> str:
    """`text` without space around it, and with single spaces in it, as every format shows it.

    Raises Refused where it has several lines or a tab.
    """
    text = text.strip()
    if "\n" in text:
        before = shortened(text.split("\n")[0], keep_end=True)
        what = f"The text breaks into lines after '{before}'."
        raise Refused(what, "Write it on one line; paragraphs need a field of type 'rich text'.")
    if "\t" in text:
        before = shortened(text.split("\t")[0], keep_end=True)
        raise Refused(f"A tab is after '{before}'.", "Put a space in its place.")
    return _SPACES.sub(" ", text)


_LISTED = 50
"""Names that a message lists: the forces of a country, not the schools of one."""


def listed(names: Mapping[str, object] | tuple[str, ...], text: str) -> str:
    """What to write instead of `text`: one of `names`, and the nearest of them."""
    fix = f"Use one of {some(list(names), _LISTED)}"
    meant = did_you_mean(text.casefold().replace(" ", "-"), names) or did_you_mean(text, names)
    return f"{fix}; {meant[0].lower()}{meant[1:]}" if meant else f"{fix}."


def _plain(cell: Cell) -> str:
    if isinstance(cell.value, date):
        raise Refused(
            f"The cell holds the date {written(cell.value)}, where text belongs.",
            "Format the cell as text and type its content again.",
        )
    return cell.value.strip()


def _otherwise(cell: Cell, shown: ShownNumber) -> str:
    if shown.text:
        return f"The cell shows {shown.text} and holds {cell.text}."
    what = f"The cell holds the number {cell.text} in the format '{shown.format}';"
    return f"{what} what Excel shows cannot be known."


def _text(cell: Cell, _: RecordField) -> Value:
    text = words_of(cell)
    if found := _BULLET.match(text):
        what = f"The text begins with the bullet '{found[1]}'."
        raise Refused(what, "Delete it; a list needs a field of type 'rich text'.")
    return one_line(text)


def _rich_text(cell: Cell, _: RecordField) -> Value:
    text = words_of(cell)
    for line in text.split("\n"):
        if found := _BULLET.match(line):
            what = (
                f"The bullet '{found[1]}' before '{shortened(line[found.end() :])}' makes no list."
            )
            fix = "Begin each item with '- ', and leave an empty line before the first."
            raise Refused(what, fix)
    if not cell.text_line:
        return RichText(text, replace(cell.place, line=0))
    blank = cell.text[: cell.text.index(text)].count("\n")
    return RichText(text, replace(cell.place, line=cell.text_line + blank))


def _yes_no(cell: Cell, _: RecordField) -> Value:
    return read_yes_no(_plain(cell))


def _date(cell: Cell, _: RecordField) -> Value:
    if isinstance(cell.value, date):
        return cell.value
    text = one_line(cell.value)
    if match := _FIGURES.fullmatch(text):  # a day that no nation reads otherwise
        days = dict.fromkeys(_readings(*map(int, match.groups())))
        if len(days) == 1:
            return next(iter(days))
    return read_date(text)


def _number(cell: Cell, _: RecordField) -> Value:
    if cell.shown and not cell.shown.is_exact:
        fix = "Type the number that is meant, or format the cell as General."
        raise Refused(_otherwise(cell, cell.shown), fix)
    written = _plain(cell)
    text = _in_figures(written)
    if _NUMBER.fullmatch(text):
        if text != written:
            hyphen = ", with a hyphen" if "\u2212" in written else ""
            raise Refused(
                f"'{written}' would not be printed as it is written.", f"Write {text}{hyphen}."
            )
        return Decimal(text)
    return _refuse_number(written, text)


def _in_figures(text: str) -> str:
    """`text` as letters print numbers: in 0 to 9, with no plus or nought before, `-` for minus."""
    figures = (str(unicodedata.decimal(sign, sign)) for sign in text.replace("\u2212", "-"))
    return _LEADING.sub(r"\1", "".join(figures), count=1)


def _refuse_number(written: str, text: str) -> NoReturn:
    if _THOUSANDS.fullmatch(text):
        plain = re.sub(r"[^\d.-]", "", text)
        raise Refused(f"'{written}' has a thousands separator.", f"Write {plain}.")
    if _DECIMAL_COMMA.fullmatch(text):
        raise Refused(f"'{written}' has a decimal comma.", f"Write {text.replace(',', '.')}.")
    if _NUMBER.fullmatch(text.removesuffix("%").strip()):
        number = text.removesuffix("%").strip()
        raise Refused(
            f"'{written}' is a percentage, not a number.",
            f"Write {number}; the wording prints the '%'.",
        )
    what = f"'{shortened(written)}' is not a number."
    raise Refused(what, "Write it in figures, such as 12 or 12.5.")


def _choice(cell: Cell, field: RecordField) -> Value:
    text = one_line(words_of(cell))
    if text in field.choices:
        return text
    alike = [each for each in field.choices if each.casefold() == text.casefold()]
    if len(alike) == 1:
        return alike[0]
    what = f"'{shortened(text)}' is not a choice of this field."
    raise Refused(what, listed(field.choices, text))


_READERS: Mapping[FieldType, Callable[[Cell, RecordField], Value]] = {
    FieldType.TEXT: _text,
    FieldType.RICH_TEXT: _rich_text,
    FieldType.YES_NO: _yes_no,
    FieldType.DATE: _date,
    FieldType.NUMBER: _number,
    FieldType.CHOICE: _choice,
}
