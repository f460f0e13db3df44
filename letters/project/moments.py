"""Moments of publication as people write them: a day and a time of the clock in London."""

from __future__ import annotations

import re
from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from letters.errors import Refused
from letters.project.dates import read_date, written

LONDON = ZoneInfo("Europe/London")

_TIME = re.compile(
    r"(?P<day>.*?\d)(?:\s*,\s*|\s+at\s+|\s+|T)(?P<hour>\d{1,2})[:.](?P<minute>\d{2})"
)


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
