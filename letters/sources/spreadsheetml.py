"""XLSX to cells: what the sheets of a SpreadsheetML package hold (ECMA-376 part 1, 18).

Only sheets, texts and styles are read: a pivot table, a chart or a comment is no part of a table.
Elements are known by their local names, so Strict workbooks are read as others are.
"""

import io
import posixpath
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import cached_property
from itertools import groupby
from math import isfinite

from lxml import etree

from letters.sources.numberformats import BUILT_IN, GENERAL, UNKNOWN, is_span, is_timed
from letters.sources.tables import plain_lines

Held = str | float | bool | date | time | timedelta | None
"""What a cell holds; a `datetime` is a day with a time."""

Run = tuple[str, bool]
"""Words of a cell, and whether they are struck through."""

OpenRun = tuple[str, bool | None]
"""The same; None leaves it to the style of the cell."""

_ESCAPE = re.compile(r"_x[0-9A-Fa-f]{4}_")
_ESCAPES = re.compile(f"(?:{_ESCAPE.pattern})+")
_REFERENCE = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_FARTHEST_ROW, _FARTHEST_COLUMN = 1_048_576, 16_384
"""The last row and column of a worksheet that Excel opens."""
_END_OF_DAYS = 2_958_466  # 1 January 10000
_OFF = ("0", "false")


class TextsMissing(ValueError):  # noqa: N818  (reads as what it is)
    """Cells lead to texts in a part that the workbook does not have."""


@dataclass(frozen=True, slots=True)
class Style:
    """How a cell shows what it holds."""

    number_format: str = GENERAL
    is_struck: bool = False


@dataclass(frozen=True, slots=True)
class SheetCell:
    """A cell that holds something.

    `runs` are its words where it holds text, else nothing. `is_error` marks an error of Excel such
    as `#N/A`, `is_waiting` a formula without a result, `is_struck` a cell all of whose content is
    struck through.
    """

    row: int
    column: int
    value: Held
    number_format: str = GENERAL
    runs: tuple[Run, ...] = ()
    is_error: bool = False
    is_waiting: bool = False
    is_struck: bool = False

    @property
    def struck(self) -> tuple[str, ...]:
        """The words that are struck through, those that stand together as one text."""
        joined = groupby(self.runs, key=lambda run: run[1])
        texts = ("".join(words for words, _ in runs).strip() for is_off, runs in joined if is_off)
        return tuple(filter(None, texts))


@dataclass(frozen=True, slots=True)
class Worksheet:
    """A worksheet: its name, whether it shows, and its part of the package."""

    name: str
    is_visible: bool
    part: str


class WorkbookPackage:
    """A workbook. What cannot be read raises `etree.XMLSyntaxError` or one of BROKEN_ZIP."""

    def __init__(self, package: zipfile.ZipFile) -> None:
        self._package = package
        self._names = {_name(each.filename): each for each in package.infolist()}
        self._main = self._one("", "officeDocument")

    @cached_property
    def sheets(self) -> tuple[Worksheet, ...]:
        """The worksheets in the workbook's order; sheets of charts and macros are none."""
        parts = self._related(self._main, "worksheet")
        found = ((_relation(each), each) for each in self._elements(self._main, "sheet"))
        return tuple(
            Worksheet(each.get("name", ""), each.get("state", "visible") == "visible", parts[id_])
            for id_, each in found
            if id_ in parts
        )

    def cells(self, sheet: Worksheet) -> Iterator[SheetCell]:
        """The cells of a sheet that hold something, in the file's order."""
        row = 0
        for element in self._elements(sheet.part, "row"):
            row, column = int(element.get("r") or row + 1), 0
            if row > _FARTHEST_ROW:
                raise ValueError("a row is outside the sheet")
            for each in element.iterfind("{*}c"):
                row, column = _position(each.get("r"), row, column + 1)
                cell = self._cell(each, row, column)
                if cell:
                    yield cell

    def merged(self, sheet: Worksheet) -> Iterator[str]:
        """The areas of a sheet that are one cell each, such as `A1:B2`."""
        return (each.get("ref", "") for each in self._elements(sheet.part, "mergeCell"))

    def _cell(self, element: etree._Element, row: int, column: int) -> SheetCell | None:
        kind, style = element.get("t", "n"), self._style(element.get("s"))
        written = element.findtext("{*}v") or ""
        if kind in ("s", "inlineStr", "str"):
            runs = tuple(self._runs(element, kind, written, style))
            text = plain_lines("".join(words for words, _ in runs))
            told = [is_struck for words, is_struck in runs if words.strip()]
            is_struck = bool(told) and all(told)
            return SheetCell(row, column, text, style.number_format, runs, is_struck=is_struck)
        if not written:
            is_waiting = element.find("{*}f") is not None
            return SheetCell(row, column, None, is_waiting=True) if is_waiting else None
        value = _value(kind, written, style.number_format, self._epoch)
        is_error, is_struck = kind == "e", style.is_struck
        return SheetCell(
            row, column, value, style.number_format, is_error=is_error, is_struck=is_struck
        )

    def _runs(
        self, element: etree._Element, kind: str, written: str, style: Style
    ) -> Iterator[Run]:
        """The words of a cell of text; a run without properties of its own has the cell's."""
        runs: Sequence[OpenRun] = ()
        if kind == "str":
            runs = [(_decoded(written), None)]
        elif kind == "inlineStr":
            inline = element.find("{*}is")
            runs = _text_runs(inline) if inline is not None else ()
        elif written:
            runs = self._texts[int(written)]
        yield from ((words, style.is_struck if own is None else own) for words, own in runs)

    def _style(self, number: str | None) -> Style:
        return self._styles[int(number)] if number and self._styles else Style()

    @cached_property
    def _texts(self) -> Sequence[Sequence[OpenRun]]:
        part = self._one(self._main, "sharedStrings")
        if part not in self._names:
            raise TextsMissing
        return [_text_runs(each) for each in self._elements(part, "si")]

    @cached_property
    def _styles(self) -> Sequence[Style]:
        part = self._one(self._main, "styles")
        root = next(self._elements(part, "styleSheet"), None) if part in self._names else None
        if root is None:
            return ()
        written = root.iterfind("{*}numFmts/{*}numFmt")
        own = {int(each.get("numFmtId", 0)): each.get("formatCode", "") for each in written}
        codes = {**BUILT_IN, **own}
        struck = [_is_on(font, "strike") for font in root.iterfind("{*}fonts/{*}font")]
        formats = root.iterfind("{*}cellXfs/{*}xf")
        return [_style_of(each, codes, struck) for each in formats]

    @cached_property
    def _epoch(self) -> datetime:
        properties = next(self._elements(self._main, "workbookPr"), None)
        old = properties is not None and properties.get("date1904", "0") not in _OFF
        return datetime(1904, 1, 1) if old else datetime(1899, 12, 30)

    def _one(self, part: str, kind: str) -> str:
        return next(iter(self._related(part, kind).values()), "")

    def _related(self, part: str, kind: str) -> dict[str, str]:
        """The parts that `part` leads to, by the ids of its relations of this kind."""
        folder, name = posixpath.split(part)
        relations = _name(f"{folder}/_rels/{name}.rels")
        found = self._elements(relations, "Relationship") if relations in self._names else ()
        return {
            each.get("Id", ""): _name(posixpath.join("/", folder, each.get("Target", "")))
            for each in found
            if each.get("Type", "").endswith(f"/{kind}")
        }

    def _elements(self, part: str, name: str) -> Iterator[etree._Element]:
        """The elements of this name, each forgotten once the next is read."""
        content, tag = self._content(part), f"{{*}}{name}"
        safely = {"resolve_entities": False, "remove_comments": True, "remove_pis": True}
        for _, element in etree.iterparse(content, tag=tag, **safely):
            yield element
            element.clear()
            while element.getprevious() is not None:
                del element.getparent()[0]

    def _content(self, part: str) -> io.BytesIO:
        content = self._package.read(self._names[part])
        if b"<!DOCTYPE" in content.replace(b"\0", b""):
            raise ValueError("a part declares entities, which no spreadsheet does")
        return io.BytesIO(content)


def _name(path: str) -> str:
    """A part's path as it is looked up: without regard to case, as Excel finds it."""
    return posixpath.normpath(path.replace("\\", "/")).lstrip("/").casefold()


def _relation(element: etree._Element) -> str:
    return next((str(id_) for key, id_ in element.items() if str(key).endswith("}id")), "")


def _position(reference: str | None, row: int, column: int) -> tuple[int, int]:
    """The row and column of a reference such as `C5`; a cell without one follows the last."""
    if reference:
        found = _REFERENCE.fullmatch(reference)
        if not found:
            raise ValueError(f"no cell is named {reference}")
        row, column = int(found[2]), 0
        for letter in found[1]:
            column = column * 26 + ord(letter) - ord("A") + 1
    if not (0 < row <= _FARTHEST_ROW and 0 < column <= _FARTHEST_COLUMN):
        raise ValueError("a cell is outside the sheet")
    return row, column


def _is_on(parent: etree._Element, name: str) -> bool:
    found = parent.find(f"{{*}}{name}")
    return found is not None and found.get("val", "1") not in _OFF


def _style_of(element: etree._Element, codes: Mapping[int, str], struck: Sequence[bool]) -> Style:
    code, font = (int(element.get(name) or 0) for name in ("numFmtId", "fontId"))
    return Style(codes.get(code, UNKNOWN), font < len(struck) and struck[font])


def _text_runs(element: etree._Element) -> tuple[OpenRun, ...]:
    """The runs of a text, without what tells how to pronounce it."""
    plain = ((_decoded(each.text or ""), None) for each in element.iterfind("{*}t"))
    return (*plain, *map(_run, element.iterfind("{*}r")))


def _run(element: etree._Element) -> OpenRun:
    own = element.find("{*}rPr")
    words = _decoded(element.findtext("{*}t") or "")
    return words, None if own is None else _is_on(own, "strike")


def _decoded(text: str) -> str:
    """`text` with Excel's escapes as the characters they stand for (18.18.93 and 22.4.2.4).

    `_x0020_` is a space and `_x005F_` a line below, so `_x005F_x0020_` is the text `_x0020_`.
    """
    return _ESCAPES.sub(_characters, text) if "_x" in text else text


def _characters(escapes: re.Match[str]) -> str:
    units = (int(unit[2:6], 16).to_bytes(2, "little") for unit in _ESCAPE.findall(escapes[0]))
    return b"".join(units).decode("utf-16-le", "surrogatepass")


def _value(kind: str, written: str, code: str, epoch: datetime) -> Held:
    if kind == "e":
        return written
    if kind == "b":
        return written not in _OFF
    if kind == "d":
        return _iso_day(written)
    number = float(written)
    if not isfinite(number):
        raise ValueError(f"{written} is no number of Excel")
    return _moment(number, code, epoch) if is_timed(code) else number


def _iso_day(written: str) -> date | time:
    """A day or time as Strict workbooks write it, such as `2017-10-02T00:00:00`."""
    if written.startswith("T") or ":" in written[:3]:
        return time.fromisoformat(written)
    return datetime.fromisoformat(written).replace(tzinfo=None)


def _moment(number: float, code: str, epoch: datetime) -> Held:
    """The day, time or span that a number shows in a format for these; Excel counts days."""
    if number < 0 or number >= _END_OF_DAYS:
        return number  # Excel shows only `#` signs
    if is_span(code):
        return timedelta(seconds=round(number * 86_400))
    days, part = divmod(number, 1)
    lasted = timedelta(milliseconds=round(part * 86_400_000))
    if not days and not lasted.days:
        return (datetime.min + lasted).time()
    # Excel counts a 29 February 1900, which never was.
    is_before = epoch.year < 1900 and number < 60
    return epoch + timedelta(days=days + is_before) + lasted
