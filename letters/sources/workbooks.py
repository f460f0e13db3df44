"""XLSX to a table: what a reader of the sheet sees, each value known by its cell."""

from __future__ import annotations

import io
import re
import warnings
import zipfile
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import cache, partial
from pathlib import Path

from openpyxl import Workbook, load_workbook
from openpyxl.cell.cell import Cell as SheetCell
from openpyxl.cell.cell import MergedCell
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from letters.errors import Place, Problem, did_you_mean, shortened
from letters.files import relative
from letters.sources.raw import excess, plain_lines, read_bytes, read_once
from letters.sources.tables import Cell, Table
from letters.sources.texts import checked

_OLE = b"\xd0\xcf\x11\xe0"  # old .xls, or any workbook with a password
_SAVE_AS = "Save it from Excel as 'Excel Workbook (.xlsx)', without a password."

_AS_WRITTEN = frozenset(("general", "@", "0"))
"""Formats that show a number as it is written (`0` only a whole one)."""

Grid = Mapping[tuple[int, int], SheetCell | MergedCell]


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet with calculated values; `formulas` reads the same cells with formulas as written."""

    name: str
    cells: Grid
    formulas: Callable[[], Grid]
    place: Place
    problems: list[Problem]

    def at(self, row: int, column: int, field: str = "") -> Place:
        cell = f"{self.name}!{get_column_letter(column)}{row}"
        return Place(self.place.file, cell=cell, field=field)


def read_workbook(
    path: Path, root: Path, sheet: str | None, problems: list[Problem]
) -> Table | None:
    """The table on `sheet` of the workbook at `path`, or on its first visible sheet.

    Hidden rows and columns are read like others: a filter must not drop a record. None where
    there is no header or the file cannot be read.
    """
    content = read_bytes(path, root, problems)
    if content is None:
        return None
    place = Place(relative(path, root))
    if not content:
        problems.append(Problem(place, "The file is empty.", "Write its content, or restore it."))
        return None
    return read_once((path, sheet), content, problems, partial(_tried, content, place, sheet))


def _tried(content: bytes, place: Place, name: str | None, problems: list[Problem]) -> Table | None:
    try:
        return _read(content, place, name, problems)
    except Exception:  # openpyxl meets a damaged file with almost any of them
        problems.append(_unreadable(content, place))
        return None


def _read(content: bytes, place: Place, name: str | None, problems: list[Problem]) -> Table | None:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        if much := excess(package):
            what = f"The workbook holds {much}."
            problems.append(Problem(place, what, "Copy the records into a new one, and use that."))
            return None
    workbook = _opened(content, calculated=True)
    worksheet = _worksheet(workbook, name, place, problems)
    if worksheet is None:
        return None

    @cache
    def formulas() -> Grid:
        has_any = _has_formulas(content)
        return _opened(content, calculated=False)[worksheet.title]._cells if has_any else {}

    # The public iterators visit every empty cell up to the farthest one: a million rows at worst.
    sheet = _Sheet(worksheet.title, worksheet._cells, formulas, place, problems)
    for area in worksheet.merged_cells.ranges:
        _refuse_merged(sheet, str(area))
    return _table(sheet)


def _opened(content: bytes, *, calculated: bool) -> Workbook:
    with warnings.catch_warnings():
        # openpyxl warns of features it drops on saving; nothing is saved here.
        warnings.simplefilter("ignore")
        return load_workbook(io.BytesIO(content), data_only=calculated)


def _has_formulas(content: bytes) -> bool:
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        sheets = (n for n in package.namelist() if n.startswith("xl/worksheets/"))
        return any(re.search(rb"<(\w+:)?f[\s/>]", package.read(name)) for name in sheets)


def _worksheet(
    workbook: Workbook, name: str | None, place: Place, problems: list[Problem]
) -> Worksheet | None:
    visible = [sheet for sheet in workbook.worksheets if sheet.sheet_state == "visible"]
    known = [sheet.title for sheet in visible]
    chosen = [sheet for sheet in visible if name in (None, sheet.title)]
    if chosen:
        return chosen[0]
    fix = f"{did_you_mean(name or '', known)} The workbook has: {', '.join(known)}.".strip()
    problems.append(Problem(place, f"The workbook has no visible sheet '{name}'.", fix))
    return None


def _unreadable(content: bytes, place: Place) -> Problem:
    if content.startswith(_OLE):
        return Problem(place, "The workbook is an old .xls, or has a password.", _SAVE_AS)
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return Problem(place, "The file is not an Excel workbook.", _SAVE_AS)
    return Problem(place, "The workbook is damaged and cannot be read.", _SAVE_AS)


def _table(sheet: _Sheet) -> Table | None:
    rows: dict[int, dict[int, Cell]] = {}
    for (row, column), cell in sorted(sheet.cells.items()):
        read = _cell(sheet, row, column, cell)
        if read.refused or not read.is_empty:
            rows.setdefault(row, {})[column] = read
    if not rows:
        what = f"The sheet '{sheet.name}' is empty."
        sheet.problems.append(Problem(sheet.place, what, "Fill it in, or name another in 'sheet'."))
        return None
    first = min(rows)
    header = rows.pop(first)
    return _under(sheet, first, header, rows)


def _under(
    sheet: _Sheet, first: int, header: dict[int, Cell], rows: dict[int, dict[int, Cell]]
) -> Table:
    last = max(header)
    blank = Cell("", sheet.place)
    names = tuple(header.get(n, blank) for n in range(1, last + 1))
    read = []
    for row, cells in rows.items():
        read.append(tuple(_named(sheet, row, n, cells, names[n - 1]) for n in range(1, last + 1)))
        for column in cells:
            if column > last and not cells[column].refused:
                sheet.problems.append(_surplus(sheet.at(row, column), cells[column]))
    return Table(_placed(names, sheet, first), tuple(read), sheet.at(first, 1))


def _placed(names: tuple[Cell, ...], sheet: _Sheet, row: int) -> tuple[Cell, ...]:
    return tuple(cell.at(sheet.at(row, n)) for n, cell in enumerate(names, 1))


def _named(sheet: _Sheet, row: int, column: int, cells: dict[int, Cell], name: Cell) -> Cell:
    place = sheet.at(row, column, name.text)
    return cells[column].at(place) if column in cells else Cell("", place)


def _surplus(place: Place, cell: Cell) -> Problem:
    what = f"'{shortened(cell.text)}' stands outside the columns of the header."
    return Problem(place, what, "Name its column in the header, or clear the cell.")


def _refuse_merged(sheet: _Sheet, area: str) -> None:
    place = replace(sheet.place, cell=f"{sheet.name}!{area.split(':')[0]}")
    what = f"The cells {area} are merged."
    sheet.problems.append(Problem(place, what, "Unmerge them, and fill in each one."))


def _cell(sheet: _Sheet, row: int, column: int, cell: SheetCell | MergedCell) -> Cell:
    place = sheet.at(row, column)
    if cell.value is None and cell.data_type != "str":
        formula = sheet.formulas().get((row, column))
        if formula is None or formula.data_type != "f":
            return Cell("", place)
        fix = "Open the workbook in Excel and save it, or type the value."
        return _refused(sheet, Problem(place, "The cell's formula was never calculated.", fix))
    if cell.data_type == "e":
        what = f"The cell shows the Excel error '{cell.value}'."
        return _refused(sheet, Problem(place, what, "Correct its formula, or type the value."))
    value = _value(cell)
    text = checked(value, place, sheet.problems) if isinstance(value, str) else value
    return Cell(text, place, number_format=_altering_format(cell))


def _refused(sheet: _Sheet, problem: Problem) -> Cell:
    sheet.problems.append(problem)
    return Cell("", problem.place, refused=problem)


def _altering_format(cell: SheetCell | MergedCell) -> str:
    """The format of a number or time that Excel may show otherwise than `_value` writes it."""
    value = cell.value
    if isinstance(value, bool) or not isinstance(value, int | float | datetime | time | timedelta):
        return ""
    if isinstance(value, datetime) and value.time() == time():
        return ""
    is_plain = cell.number_format.casefold() in _AS_WRITTEN
    is_rounded = cell.number_format == "0" and isinstance(value, float) and value % 1 != 0
    return cell.number_format if is_rounded or not is_plain else ""


def _value(cell: SheetCell | MergedCell) -> str | date:
    """What a cell holds: a number as it is kept, with at most Excel's 15 digits.

    How a number shows in the sheet is another matter; `Cell.number_format` tells of it.
    """
    value = cell.value
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, int | float):
        return _number(value, is_percentage="%" in str(cell.number_format))
    if isinstance(value, datetime):
        return value.date() if value.time() == time() else value.isoformat(" ")
    if isinstance(value, date):
        return value
    return "" if value is None else plain_lines(str(value).replace("_x000D_", "\r"))


def _number(value: float, *, is_percentage: bool) -> str:
    """A number with the 15 digits Excel keeps, and without a needless `.0`."""
    number = Decimal(f"{value * 100 if is_percentage else value:.15g}")
    text = f"{number:f}"
    return f"{text}%" if is_percentage else text
