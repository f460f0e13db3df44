"""Dates as people write them: read only where they can mean one day."""

import re
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from letters.errors import Refused, shortened

MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September",
    "October", "November", "December",
)  # fmt: skip
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")

_ISO = re.compile(r"(?P<year>\d{4})-(?P<month>\d{1,2})-(?P<day>\d{1,2})")
_WORDS = re.compile(
    r"(?:(?P<weekday>[a-z]+),?\s+)?(?P<day>\d{1,2})(?:st|nd|rd|th)?[\s-]+(?P<month>[a-z]+)\.?,?[\s-]+"
    r"(?P<year>\d{4})",
    re.IGNORECASE,
)
"""A date in words: "5 October 2017", "Thursday, 5th October 2017", "5-Oct-2017"."""
_FIGURES = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_SERIAL = re.compile(r"[2-5]\d{4}")
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
    r"(?P<day>.*?\d)(?:\s*,\s*|\s+at\s+|\s+|T)(?P<hour>\d{1,2})[:.](?P<minute>\d{2})"
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
