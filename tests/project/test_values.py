"""What a text means, by the type of its field; test_messages has what is refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from letters.errors import Place, Refused
from letters.model import FieldType, RecordField, RichText, Value
from letters.project.values import false_dates, read_date, read_value, written
from letters.sources.tables import Cell

PLACE = Place("some.csv", 2, field="a")
DAY = date(2017, 10, 2)


@pytest.mark.parametrize(
    "text",
    [
        "2017-10-02",
        "2017-10-2",
        "2 October 2017",
        "02 october 2017",
        "2 Oct 2017",
        "2 Oct. 2017",
        "2-Oct-2017",
        "2nd October 2017",
        "2 October, 2017",
        "Monday 2 October 2017",
        "Mon, 2 Oct 2017",
        "2  October  2017",
    ],
)
def test_a_date_is_read_where_it_can_mean_one_day(text: str) -> None:
    assert read_date(text) == DAY


@pytest.mark.parametrize("day", [date(1000, 1, 1), date(2024, 2, 29), date(9999, 12, 31)])
def test_a_date_as_problems_write_it_is_read_again(day: date) -> None:
    assert read_date(written(day)) == day
    assert read_date(day.isoformat()) == day


@pytest.mark.parametrize(
    "text", ["", "Oc 2017", "2 Ma 2017", "2017", "2/10/17", "29 February 2017"]
)
def test_what_names_no_day_is_refused(text: str) -> None:
    with pytest.raises(Refused, match=r"is not|names"):
        read_date(text)


YES_NO_TEXTS = [("yes", True), ("Y", True), ("TRUE", True), ("No", False), ("n", False)]
CASES: list[tuple[FieldType, str | date, Value]] = [
    *((FieldType.YES_NO, text, value) for text, value in (*YES_NO_TEXTS, ("false", False))),
    (FieldType.TEXT, " NO ", "NO"),
    (FieldType.TEXT, "012", "012"),
    (FieldType.TEXT, "*a* {{ b }} <c>", "*a* {{ b }} <c>"),
    (FieldType.TEXT, "a  b   c", "a b c"),
    (FieldType.TEXT, "   ", None),
    (FieldType.TEXT, "", None),
    (FieldType.DATE, "2 October 2017", DAY),
    (FieldType.DATE, DAY, DAY),
    (FieldType.NUMBER, "12", Decimal(12)),
    (FieldType.NUMBER, "-12.50", Decimal("-12.50")),
    (FieldType.NUMBER, "-3", Decimal(-3)),
    (FieldType.NUMBER, "0.1", Decimal("0.1")),
    (FieldType.CHOICE, "own store", "own store"),
]


@pytest.mark.parametrize(("kind", "written", "value"), CASES)
def test_a_value_is_read_by_the_type_of_its_field(
    kind: FieldType, written: str | date, value: Value
) -> None:
    field = RecordField(type=kind, choices=("own store", "shared store"))
    assert read_value(Cell(written, PLACE), field) == value


def test_rich_text_begins_at_its_first_line_of_text() -> None:
    cell = Cell("\n \n- one\n- two\n", PLACE, text_line=5)
    value = read_value(cell, RecordField(type=FieldType.RICH_TEXT))
    assert value == RichText("- one\n- two", Place("some.csv", 7, field="a"))


def test_rich_text_of_a_workbook_has_no_line() -> None:
    place = Place("some.xlsx", cell="Sheet1!C5", field="a")
    value = read_value(Cell("*one*", place), RecordField(type=FieldType.RICH_TEXT))
    assert value == RichText("*one*", place)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("We came on 31 June 2019.", ["'31 June 2019' is not a day of the calendar."]),
        (
            "by Monday 5 October 2017, if you can",
            ["'Monday 5 October 2017' names the wrong weekday: 5 October 2017 is a Thursday."],
        ),
        ("on 04/06/2019", ["'04/06/2019' can mean 4 June 2019 or 6 April 2019."]),
        ("on 25/06/2019", ["'25/06/2019' writes its month in figures."]),
        (
            "29 Feb 2019 and Friday, 6th October 2017",
            ["'29 Feb 2019' is not a day of the calendar."],
        ),
        ("On Thursday 5 October 2017, May 2019 and 2019/20", []),
        ("https://one.example/04/06/2019/a, 1/2 and 3.4.5.2019", []),
        ("paragraph 31 June wrote in 2019", []),
    ],
)
def test_dates_in_running_text(text: str, said: list[str]) -> None:
    assert [why.what for _, why in false_dates(text)] == said
