"""One cell of a workbook written anew: every other part of the file, and every other cell of its
sheet, stays as it is to the byte."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import date
from decimal import Decimal, InvalidOperation
from xml.sax.saxutils import escape

from lxml import etree

from letters.errors import Refused
from letters.sources.spreadsheetml import WorkbookPackage
from letters.sources.tables import BROKEN_ZIP, column_name, excess

_BY_HAND = "Change it in Excel by hand."

_CELL = r'<(?P<prefix>(?:\w+:)?)c(?=[\s/>])(?P<attributes>[^>]*?\br="{name}"[^>]*?)'
_REST = r"(?:/>|>(?P<inside>.*?)</(?P=prefix)c>)"
_TYPE = re.compile(r'\s+t="[^"]*"')

_EPOCHS = (date(1899, 12, 30), date(1904, 1, 1))
"""The day before the first that Excel counts, and that of old workbooks of the Macintosh."""


def set_cell(content: bytes, sheet: str, name: str, new: str | date) -> bytes:
    """A workbook with another value in the cell `name` of `sheet`.

    Raises Refused for a cell that holds a formula, and where the workbook cannot be read.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            if much := excess(package):
                raise Refused(f"The workbook holds {much}.", _BY_HAND)
            part, is_old = _part(package, sheet)
            changed = _changed(package.read(part), name, new, _EPOCHS[is_old])
            return _zipped(package, part, changed)
    except (etree.XMLSyntaxError, UnicodeDecodeError, *BROKEN_ZIP) as error:
        if isinstance(error, Refused):
            raise
        raise Refused("The workbook cannot be read.", _BY_HAND) from error


def _part(package: zipfile.ZipFile, sheet: str) -> tuple[str, bool]:
    workbook = WorkbookPackage(package)
    parts = {column_name(each.name): each.part for each in workbook.sheets}
    names = {each.filename.casefold(): each.filename for each in package.infolist()}
    part = names.get(parts.get(column_name(sheet), "").casefold(), "")
    if not part:
        raise Refused(f"The workbook has no sheet '{sheet}'.", _BY_HAND)
    main = package.read(names["xl/workbook.xml"]) if "xl/workbook.xml" in names else b""
    return part, re.search(rb'date1904="(?:1|true)"', main) is not None


def _changed(xml: bytes, name: str, new: str | date, epoch: date) -> bytes:
    text = xml.decode("utf-8")
    found = re.search(_CELL.format(name=name) + _REST, text, re.DOTALL)
    if found is None:
        raise Refused(f"The cell {name} is not where it was read.", _BY_HAND)
    prefix, inside = found["prefix"], found["inside"] or ""
    if re.search(rf"<{prefix}f[\s/>]", inside):
        what = f"The cell {name} holds a formula, whose result is not typed."
        raise Refused(what, "Change what it is worked out from, or type the value in Excel.")
    kind = re.search(r'\bt="([^"]*)"', found["attributes"])
    attributes = _TYPE.sub("", found["attributes"]).rstrip()
    cell = _cell(prefix, attributes, new, epoch, is_number=kind is None or kind[1] == "n")
    return (text[: found.start()] + cell + text[found.end() :]).encode("utf-8")


def _cell(prefix: str, attributes: str, new: str | date, epoch: date, *, is_number: bool) -> str:
    number = _number(new, epoch) if is_number else ""
    if number:
        return f"<{prefix}c{attributes}><{prefix}v>{number}</{prefix}v></{prefix}c>"
    words = escape(str(new))
    inside = f'<{prefix}is><{prefix}t xml:space="preserve">{words}</{prefix}t></{prefix}is>'
    return f'<{prefix}c{attributes} t="inlineStr">{inside}</{prefix}c>'


def _number(new: str | date, epoch: date) -> str:
    if isinstance(new, date):
        return str((new - epoch).days)
    try:
        return f"{Decimal(new):f}" if re.fullmatch(r"-?\d+(\.\d+)?", new, re.ASCII) else ""
    except InvalidOperation:
        return ""


def _zipped(package: zipfile.ZipFile, part: str, changed: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as new:
        for entry in package.infolist():
            content = changed if entry.filename == part else package.read(entry)
            new.writestr(entry, content, compress_type=entry.compress_type)
        new.comment = package.comment
    return out.getvalue()
