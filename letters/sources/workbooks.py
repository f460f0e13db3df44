"""XLSX to a table: what a reader of the sheet sees, each value known by its cell."""

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

from lxml import etree

from letters.errors import Place, Problem, did_you_mean, shortened, until_too_many
from letters.files import relative
from letters.sources.numberformats import ShownNumber, shown
from letters.sources.spreadsheetml import SheetCell, TextsMissing, WorkbookPackage, Worksheet
from letters.sources.tables import (
    BROKEN_ZIP,
    Cell,
    SourceTable,
    checked,
    column_name,
    excess,
    header_at,
    read_bytes,
    read_once,
    refusal,
    too_large,
)

_OLE = b"\xd0\xcf\x11\xe0"  # old .xls, or any workbook with a password
_SAVE_AS = "Save it from Excel as 'Excel Workbook (.xlsx)', without a password."
_OPEN = "Open it in Excel and save it as 'Excel Workbook (.xlsx)'."
_EXPORT = "Open it in Numbers and export it to Excel, as .xlsx."

_OTHER_KINDS: Mapping[str, tuple[str, str]] = {
    "content.xml": ("an OpenDocument file (.ods)", _OPEN),
    "xl/workbook.bin": ("an Excel binary workbook (.xlsb)", _OPEN),
    "Index/Document.iwa": ("an Apple Numbers spreadsheet", _EXPORT),
    "word/document.xml": ("a Word document", "Put the workbook with the records in its place."),
}
"""What a ZIP file is that has this part, and what to do with it."""

_Rows = dict[int, dict[int, Cell]]


@dataclass(frozen=True, slots=True)
class _SheetReader:
    """A sheet's name, its workbook, and the problems found in it."""

    name: str
    place: Place
    problems: list[Problem]

    def at(self, row: int, column: int, field: str = "") -> Place:
        return Place(self.place.file, cell=f"{self.name}!{_letters(column)}{row}", field=field)


def read_workbook(
    path: Path, root: Path, sheet: str | None, problems: list[Problem], key: str = ""
) -> SourceTable | None:
    """The table on `sheet` of the workbook at `path`, or on its first visible sheet.

    Its header is the first row, or one under a title that has the column `key`.

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
    tried = partial(_tried, content, place, sheet, key)
    return read_once((path, sheet, key), content, problems, tried)


def _tried(
    content: bytes, place: Place, name: str | None, key: str, problems: list[Problem]
) -> SourceTable | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            return _read(package, place, name, key, problems)
    except TextsMissing:
        what = "The workbook has lost its texts: its part sharedStrings.xml is missing."
        problems.append(Problem(place, what, "Restore it from a copy, or type the texts again."))
    except (etree.XMLSyntaxError, *BROKEN_ZIP):
        problems.append(_unreadable(content, place))
    return None


def _read(
    zipped: zipfile.ZipFile, place: Place, name: str | None, key: str, problems: list[Problem]
) -> SourceTable | None:
    if much := excess(zipped):
        what = f"The workbook holds {much}."
        problems.append(Problem(place, what, "Copy the records into a new one, and use that."))
        return None
    package = WorkbookPackage(zipped)
    sheet = _sheet(package, name, place, problems)
    if sheet is None:
        return None
    rows: dict[int, dict[int, SheetCell]] = {}
    for cell in package.cells(sheet):
        rows.setdefault(cell.row, {})[cell.column] = cell
    named = _SheetReader(sheet.name, place, problems)
    rows = _from_header(rows, key)
    merged = [area for area in package.merged(sheet) if _last_row(area) >= min(rows, default=0)]
    for area in until_too_many(merged, problems, place.file):
        _refuse_merged(named, area)
    return _table(named, {row: _cells(named, cells) for row, cells in rows.items()})


def _from_header(
    rows: dict[int, dict[int, SheetCell]], key: str
) -> dict[int, dict[int, SheetCell]]:
    """The rows of a sheet from its header on, without a title above it."""
    ordered = sorted(rows.items())
    texts = [[str(cell.value) for cell in cells.values()] for _, cells in ordered]
    return dict(ordered[header_at(texts, key) :])


def _last_row(area: str) -> int:
    """The last row of an area such as 'A1:D2'."""
    return int(re.sub(r"\D", "", area.rpartition(":")[2]) or 0)


def _sheet(
    package: WorkbookPackage, name: str | None, place: Place, problems: list[Problem]
) -> Worksheet | None:
    visible = [sheet for sheet in package.sheets if sheet.is_visible]
    known = [sheet.name for sheet in visible]
    chosen = [sheet for sheet in visible if name in (None, sheet.name)] or [
        sheet for sheet in visible if column_name(sheet.name) == column_name(name or "")
    ]
    if chosen:
        return chosen[0]
    if not known:
        fix = "Unhide the sheet with the records."
        problems.append(Problem(place, "The workbook has no visible sheet.", fix))
        return None
    fix = f"{did_you_mean(name or '', known)} The workbook has: {', '.join(known)}.".strip()
    problems.append(Problem(place, f"The workbook has no visible sheet '{name}'.", fix))
    return None


def _unreadable(content: bytes, place: Place) -> Problem:
    if content.startswith(_OLE):
        return Problem(place, "The workbook is an old .xls, or has a password.", _SAVE_AS)
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return Problem(place, "The file is not an Excel workbook.", _SAVE_AS)
    for kind, fix in _kinds(content):
        return Problem(place, f"The file is {kind}, whatever its name says.", fix)
    return Problem(place, "The workbook is damaged and cannot be read.", _SAVE_AS)


def _kinds(content: bytes) -> Iterator[tuple[str, str]]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            names = package.namelist()
    except BROKEN_ZIP:
        return
    yield from (kind for name, kind in _OTHER_KINDS.items() if name in names)


def _table(sheet: _SheetReader, rows: _Rows) -> SourceTable | None:
    filled = {row: cells for row, cells in rows.items() if cells}
    if not filled:
        what = f"The sheet '{sheet.name}' is empty."
        sheet.problems.append(Problem(sheet.place, what, "Fill it in, or name another in 'sheet'."))
        return None
    first = min(filled)
    header = filled.pop(first)
    if fault := too_large(max(header), len(filled)):
        sheet.problems.append(Problem(sheet.at(first, max(header)), *fault))
        return None
    return _under(sheet, first, header, filled)


def _under(sheet: _SheetReader, first: int, header: dict[int, Cell], rows: _Rows) -> SourceTable:
    last = max(header)
    blank = Cell("", sheet.place)
    names = tuple(header.get(n, blank) for n in range(1, last + 1))
    read = []
    for row, cells in until_too_many(rows.items(), sheet.problems, sheet.place.file):
        read.append(tuple(_named(sheet, row, n, cells, names[n - 1]) for n in range(1, last + 1)))
        for column in cells:
            if column > last and not cells[column].refused:
                sheet.problems.append(_surplus(sheet.at(row, column), cells[column]))
    return SourceTable(_placed(names, sheet, first), tuple(read), sheet.at(first, 1))


def _placed(names: tuple[Cell, ...], sheet: _SheetReader, row: int) -> tuple[Cell, ...]:
    return tuple(cell.at(sheet.at(row, n)) for n, cell in enumerate(names, 1))


def _named(sheet: _SheetReader, row: int, column: int, cells: dict[int, Cell], name: Cell) -> Cell:
    place = sheet.at(row, column, name.text)
    return cells[column].at(place) if column in cells else Cell("", place)


def _surplus(place: Place, cell: Cell) -> Problem:
    what = f"'{shortened(cell.text)}' is outside the columns of the header."
    return Problem(place, what, "Name its column in the header, or clear the cell.")


def _refuse_merged(sheet: _SheetReader, area: str) -> None:
    place = replace(sheet.place, cell=f"{sheet.name}!{area.split(':')[0]}")
    what = f"The cells {area} are merged."
    sheet.problems.append(Problem(place, what, "Unmerge them, and fill in each one."))


def _letters(column: int) -> str:
    """A column's name: A, B … Z, AA."""
    name = ""
    while column:
        column, letter = divmod(column - 1, 26)
        name = chr(ord("A") + letter) + name
    return name


def _cells(sheet: _SheetReader, row: dict[int, SheetCell]) -> dict[int, Cell]:
    """The cells of a row that hold something, in their order."""
    filled = {n: cell for n, cell in sorted(row.items()) if _holds_something(cell)}
    struck = None
    if len(filled) > 1 and all(cell.is_struck for cell in filled.values()):
        place = sheet.at(next(iter(filled.values())).row, min(filled))
        struck = Problem(place, "The row is struck through.", "Delete it, or take the line off it.")
        sheet.problems.append(struck)
    return {n: _cell(sheet, cell, struck) for n, cell in filled.items()}


def _holds_something(cell: SheetCell) -> bool:
    return cell.is_waiting or bool(str(cell.value).strip())


def _cell(sheet: _SheetReader, cell: SheetCell, refused: Problem | None) -> Cell:
    """A cell of a table; `refused` is what is wrong with its row, if anything is."""
    place = sheet.at(cell.row, cell.column)
    if refused is None and (fault := _fault(cell)):
        refused = Problem(place, *fault)
        sheet.problems.append(refused)
    if cell.is_waiting or cell.is_error:
        return Cell("", place, refused=refused)
    value, seen = _value(cell)
    if isinstance(value, str):
        value = checked(value, place, sheet.problems)
    return Cell(value, place, shown=seen, refused=refused)


def _fault(cell: SheetCell) -> tuple[str, str] | None:
    """What is wrong with a cell, and what to do."""
    if cell.is_waiting:
        fix = "Open the workbook in Excel and save it, or type the value."
        return "The cell's formula was never calculated.", fix
    if cell.is_error:
        what = f"The cell shows the Excel error '{cell.value}'."
        return what, "Correct its formula, or type the value."
    if cell.is_struck:
        return "The cell is struck through.", "Clear it, or take the line off it."
    if cell.struck:
        words = " and ".join(f"'{shortened(each)}'" for each in cell.struck)
        are = "are" if len(cell.struck) > 1 or " " in cell.struck[0] else "is"
        return f"{words} {are} struck through.", "Delete the words, or take the line off them."
    if isinstance(cell.value, str):
        return refusal(cell.value)
    return None


def _value(cell: SheetCell) -> tuple[str | date, ShownNumber | None]:
    """What a cell holds, and how a number or time shows that shows otherwise."""
    match cell.value:
        case bool(value):
            return str(value).upper(), None
        case float(value):
            return _number(Decimal(f"{value:.15g}"), cell.number_format)
        case datetime() as value if value.time() == time():
            return value.date(), None
        case datetime() | time() | timedelta() as value:
            return str(value), ShownNumber(cell.number_format)
    return cell.value or "", None


def _number(held: Decimal, code: str) -> tuple[str, ShownNumber | None]:
    """A number as it is held, and how it shows: a field of numbers prints 12.5 where a cell shows
    12.50, as letters approved before do; a field of texts prints what shows."""
    seen = shown(held, code)
    is_percentage = "%" in code
    number = f"{held.scaleb(2) if is_percentage else held:f}{'%' if is_percentage else ''}"
    return number, None if seen.is_exact and seen.text == number else seen
