"""CSV and XLSX: the table a person sees, each value where it stands."""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from letters.errors import Problem
from letters.sources.csvs import read_csv
from letters.sources.tables import SourceTable
from letters.sources.workbooks import read_workbook
from tests.builders import CellValue, a_workbook, saved, unzipped, with_shared_texts, zipped


def table_of(tmp_path: Path, content: str | bytes, sheet: str | None = None) -> SourceTable:
    """The table of a CSV text, or of the bytes of a workbook; there must be no problem."""
    problems: list[Problem] = []
    if isinstance(content, str):
        content = content.encode()
    is_workbook = content.startswith(b"PK")
    path = tmp_path / ("some.xlsx" if is_workbook else "some.csv")
    path.write_bytes(content)
    table = (
        read_workbook(path, tmp_path, sheet, problems)
        if is_workbook
        else read_csv(path, tmp_path, problems)
    )
    assert problems == []
    assert table is not None
    return table


def texts(table: SourceTable) -> list[list[str]]:
    return [[cell.text for cell in row] for row in (table.header, *table.rows)]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-be", "cp1252"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_csv_comes_in_many_encodings(tmp_path: Path, encoding: str, line_end: str) -> None:
    content = f"force,name{line_end}a,Régis – ‘Vale’{line_end}".encode(encoding)
    if encoding == "utf-16-be":  # its mark is no part of this codec
        content = b"\xfe\xff" + content
    assert texts(table_of(tmp_path, content)) == [["force", "name"], ["a", "Régis – ‘Vale’"]]


def test_a_csv_record_of_several_lines_is_known_by_its_first(tmp_path: Path) -> None:
    table = table_of(tmp_path, 'force,one,two\n\na,"x\ny\nz","p\nq"\nb,,\n')
    first, second = table.rows
    assert [cell.place.line for cell in first] == [3, 3, 3]
    assert [cell.text_line for cell in first] == [3, 3, 5]
    assert [str(cell.place) for cell in second] == [
        "some.csv:7 force",
        "some.csv:7 one",
        "some.csv:7 two",
    ]


def test_blank_csv_rows_and_columns_at_the_end_are_passed_by(tmp_path: Path) -> None:
    table = table_of(tmp_path, "\nforce,name,\n,,\na,b,\n , ,\n")
    assert texts(table) == [["force", "name"], ["a", "b"]]


@pytest.mark.parametrize("line", ["sep=,", "SEP=,,", '"sep=,"'])
def test_a_line_that_tells_excel_the_separator_is_passed_by(tmp_path: Path, line: str) -> None:
    table = table_of(tmp_path, f"{line}\nforce,name\na,b\n")
    assert texts(table) == [["force", "name"], ["a", "b"]]
    assert table.rows[0][0].place.line == 3


@pytest.mark.parametrize(
    "word", ["Žižek", "l’Œuvre", "muž", "Trends™", "5‰", "cœur", "ÉCOLE", "Õunapuu", "ŽŠÕ", "a†"]
)
def test_words_of_windows_text_are_not_taken_for_macintosh_text(tmp_path: Path, word: str) -> None:
    table = table_of(tmp_path, f"force\n{word}\n".encode("cp1252"))
    assert texts(table) == [["force"], [word]]


def test_quotes_and_commas_in_csv_are_text(tmp_path: Path) -> None:
    table = table_of(tmp_path, 'force\n"a, ""b"""\n')
    assert texts(table) == [["force"], ['a, "b"']]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (12.0, "12"),
        (12, "12"),
        (12.5, "12.5"),
        (0.1 + 0.2, "0.3"),
        (1e20, "100000000000000000000"),
        (-3, "-3"),
        (True, "TRUE"),
        (False, "FALSE"),
        ("012", "012"),
        ("NO", "NO"),
        ("one_x000D_\ntwo", "one\ntwo"),
        (date(2017, 10, 2), "2017-10-02"),
        (datetime(2017, 10, 2, 9, 30), "2017-10-02 09:30:00"),
    ],
)
def test_a_cell_reads_as_it_shows(tmp_path: Path, value: CellValue, text: str) -> None:
    assert texts(table_of(tmp_path, a_workbook([["force"], [value]]))) == [["force"], [text]]


@pytest.mark.parametrize(
    ("value", "code", "read", "seen"),
    [
        (12, "General", "12", None),
        (12, "@", "12", None),
        (12, "0", "12", None),
        (12.5, "0", "12.5", "13"),
        (12, "000", "12", "012"),
        (1200, "#,##0", "1200", "1,200"),
        ("012", "000", "012", None),
        (True, "000", "TRUE", None),
        (date(2017, 10, 2), "d mmmm", "2017-10-02", None),
    ],
)
def test_a_number_reads_as_its_figures_show(
    tmp_path: Path, value: CellValue, code: str, read: str, seen: str | None
) -> None:
    workbook = a_workbook([["force"], [value]], formats={"A2": code})
    ((cell,),) = table_of(tmp_path, workbook).rows
    assert cell.text == read
    assert (cell.shown.text if cell.shown else None) == seen


def test_a_date_cell_is_a_date(tmp_path: Path) -> None:
    ((cell,),) = table_of(tmp_path, a_workbook([["sent"], [date(2017, 10, 2)]])).rows
    assert cell.value == date(2017, 10, 2)
    assert str(cell.place) == "some.xlsx Assessments!A2 sent"


def test_blank_rows_and_a_late_header_keep_their_cells(tmp_path: Path) -> None:
    rows: list[list[CellValue]] = [[], [None, "force", "name"], [], [None, "a", None], [None, " "]]
    table = table_of(tmp_path, a_workbook(rows))
    assert texts(table) == [["", "force", "name"], ["", "a", ""]]
    assert str(table.rows[0][1].place) == "some.xlsx Assessments!B4 force"


def test_a_cell_far_away_costs_no_time(tmp_path: Path) -> None:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet["A1"], sheet["A1048576"] = "force", "a"
    assert texts(table_of(tmp_path, saved(workbook))) == [["force"], ["a"]]


def test_hidden_rows_are_read_and_hidden_sheets_are_not(tmp_path: Path) -> None:
    workbook = Workbook()
    lookup = workbook.worksheets[0]
    lookup.append(["lookup"])
    lookup.sheet_state = "hidden"
    records = workbook.create_sheet("Records")
    for row in (["force"], ["a"], ["b"]):
        records.append(row)
    records.row_dimensions[2].hidden = True
    assert texts(table_of(tmp_path, saved(workbook))) == [["force"], ["a"], ["b"]]


def test_a_sheet_can_be_named(tmp_path: Path) -> None:
    workbook = Workbook()
    workbook.worksheets[0].append(["first"])
    workbook.create_sheet("Records").append(["force"])
    assert texts(table_of(tmp_path, saved(workbook), "Records")) == [["force"]]


def test_a_formula_counts_by_what_it_last_showed(tmp_path: Path) -> None:
    assert texts(table_of(tmp_path, calculated(b"<f>A1</f><v>shown</v>"))) == [["shown"]]


def test_a_formula_that_shows_nothing_is_empty(tmp_path: Path) -> None:
    table = table_of(tmp_path, calculated(b'<f>IF(1,"","")</f><v></v>', beside="force"))
    assert texts(table) == [["force"]]


def calculated(cell: bytes, beside: str | None = None) -> bytes:
    """A workbook whose second cell holds a formula and its result, as Excel writes them."""
    parts = unzipped(a_workbook([[beside, "=A1"]] if beside else [["=A1"]]))
    sheet = "xl/worksheets/sheet1.xml"
    pattern = rb'(<c r="\w+")[^>]*><f>.*?</c>'
    parts[sheet] = re.sub(pattern, rb'\1 t="str">' + cell + b"</c>", parts[sheet])
    return zipped(parts)


def test_texts_may_stand_in_a_part_of_their_own(tmp_path: Path) -> None:
    content = with_shared_texts(a_workbook([["force", "name"], ["a", "Régis & Vale"]]))
    assert b"inlineStr" not in content
    assert texts(table_of(tmp_path, content)) == [["force", "name"], ["a", "Régis & Vale"]]
