"""CSV to a table: UTF-8, UTF-16 or Windows text, each record known by its true first line."""

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from letters.errors import Place, Problem, shortened, until_too_many
from letters.files import relative
from letters.sources.tables import (
    Cell,
    SourceTable,
    checked,
    header_at,
    is_readable,
    macintosh,
    plain_lines,
    read_bytes,
    refusal,
    too_large,
)

Record = tuple[int, list[str]]

_SAVE_AS = "Save the file as 'CSV UTF-8 (comma delimited)'"
_SEPARATOR_LINE = re.compile(r'"?sep=.?"?,*(?=\n)', re.IGNORECASE)


def read_csv(path: Path, root: Path, problems: list[Problem], key: str = "") -> SourceTable | None:
    """The table in the CSV file at `path`; None where it has no header or cannot be read.

    Its header is the first row, or one under a title that has the column `key`.
    Rows with more or fewer values than the header are problems; what they hold is kept.
    """
    content = read_bytes(path, root, problems)
    if content is None:
        return None
    place = Place(relative(path, root))
    text = _decoded(content, place, problems)
    if text is None or not is_readable(text, place, problems):
        return None
    text = _SEPARATOR_LINE.sub("", text, count=1) if _SEPARATOR_LINE.match(text) else text
    return _table([*_records(text, place, problems)], place, problems, key)


def _decoded(content: bytes, place: Place, problems: list[Problem]) -> str | None:
    """The text, with line ends as `\\n`. Excel on Windows saves plain CSV as cp1252."""
    is_utf16 = content.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if is_utf16 else ("utf-8-sig", "cp1252"):
        try:
            text = plain_lines(content.decode(encoding))
        except UnicodeDecodeError as error:
            line = content.count(b"\n", 0, error.start) + 1
            continue
        if encoding == "cp1252":
            problems += _in_macintosh(text, place)
        return text
    what = "The line's characters cannot be read."
    problems.append(Problem(replace(place, line=line), what, f"{_SAVE_AS}."))
    return None


def _in_macintosh(text: str, place: Place) -> Iterator[Problem]:
    """A problem at the first word that shows that the whole file is Macintosh text."""
    for number, row in enumerate(text.split("\n"), 1):
        if found := macintosh(row):
            word, meant = found
            what = f"The text holds '{word}', which probably stands for '{meant}'"
            what = f"{what}: the file was saved as 'Macintosh' text."
            yield Problem(replace(place, line=number), what, f"{_SAVE_AS}.")
            return


def _records(text: str, place: Place, problems: list[Problem]) -> Iterator[Record]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            record = next(reader, None)
        except csv.Error as error:
            problems.append(_fault(error, replace(place, line=line)))
            return
        if record is None:
            return
        if any(value.strip() for value in record):
            yield line, record


def _fault(error: csv.Error, place: Place) -> Problem:
    if "field limit" in str(error):
        what = f"A value of this record is longer than {csv.field_size_limit():,} characters."
        return Problem(place, what, "Close its quotation mark if one is open, or shorten it.")
    if "expected after" in str(error):
        return Problem(
            place,
            "Text follows a closing quotation mark in this record.",
            "Write a quotation mark inside a quoted value twice.",
        )
    return Problem(
        place,
        "A quotation mark is opened in this record and not closed.",
        "Close it, and write a quotation mark inside a quoted value twice.",
    )


def _table(
    records: list[Record], place: Place, problems: list[Problem], key: str
) -> SourceTable | None:
    if not records:
        if not any(problem.place.file == place.file for problem in problems):
            problems.append(
                Problem(place, "The file is empty.", "Write its content, or restore it.")
            )
        return None
    first, *written = records[header_at([values for _, values in records], key) :]
    header = _cells(first, place, problems)
    if _is_parted_otherwise(header, problems):
        return None
    if fault := too_large(len(header), len(written)):
        problems.append(Problem(header[0].place, *fault))
        return None
    while header[-1].is_empty and not _reaches(len(header) - 1, written):
        header.pop()
    told = until_too_many(written, problems, place.file)
    rows = [_row(record, header, place, problems) for record in told]
    return SourceTable(tuple(header), tuple(rows), replace(place, line=first[0]))


def _reaches(column: int, records: list[Record]) -> bool:
    return any(value.strip() for _, record in records for value in record[column:])


def _is_parted_otherwise(header: list[Cell], problems: list[Problem]) -> bool:
    for sign, name in ((";", "';'"), ("\t", "tabs")):
        if len(header) == 1 and sign in header[0].text:
            what = f"The columns are parted by {name}, not by commas."
            fix = (
                f"{_SAVE_AS}; where Excel parts them so again, save it as 'Excel Workbook (.xlsx)',"
                " which is read as it is, and delete this one."
            )
            problems.append(Problem(header[0].place, what, fix))
            return True
    return False


def _row(
    record: Record, header: list[Cell], place: Place, problems: list[Problem]
) -> tuple[Cell, ...]:
    line, values = record
    here = replace(place, line=line)
    while len(values) > len(header) and not values[-1].strip():
        values.pop()
    if len(values) > len(header):
        surplus = shortened(values[-1])
        what = f"The row has {_count(values)} for {len(header)} columns; '{surplus}' is surplus."
        fix = "Put a value that holds a comma in double quotes."
        problems.append(Problem(here, what, fix))
    if len(values) < len(header):
        what = f"The row has {_count(values)} for {len(header)} columns."
        problems.append(Problem(here, what, "Add a comma for each value left empty."))
    values = values[: len(header)] + [""] * (len(header) - len(values))
    return tuple(_cells((line, values), place, problems, header))


def _count(values: list[str]) -> str:
    return f"{len(values)} value{'s' if len(values) != 1 else ''}"


def _cells(
    record: Record, place: Place, problems: list[Problem], header: list[Cell] | None = None
) -> list[Cell]:
    line, values = record
    cells, text_line = [], line
    for n, value in enumerate(values):
        here = Place(place.file, line, field=header[n].text if header else "")
        fault = refusal(value)
        refused = Problem(here, *fault) if fault else None
        problems += [refused] if refused else []
        cells.append(Cell(checked(value, here, problems), here, text_line, refused=refused))
        text_line += value.count("\n")
    return cells
