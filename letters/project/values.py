"""Text as recorded to a typed value, by the type of its field."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal

from letters.errors import Refused, did_you_mean, shortened
from letters.model import FieldType, RecordField, RichText, Value
from letters.project.dates import read_date, written
from letters.sources.tables import Cell

_NUMBER = re.compile(r"[+-]?\d+(\.\d+)?")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}([, \u00a0\u202f]\d{3})+(\.\d+)?")
_DECIMAL_COMMA = re.compile(r"[+-]?\d+,\d+")
_YES = frozenset(("yes", "y", "true"))
_NO = frozenset(("no", "n", "false"))


def read_value(cell: Cell, field: RecordField) -> Value:
    """The value of `cell` for `field`; None where it is empty. Raises Refused."""
    return None if cell.is_empty else _READERS[field.type](cell, field)


def words_of(cell: Cell) -> str:
    """The words a cell shows, without space around them. Raises Refused.

    How a number shows depends on its format: 12 may show as 012, 12.00 or £12. Only where the
    format leaves numbers as they are can what a person saw in the cell be known.
    """
    if cell.number_format:
        raise Refused(
            f"The cell holds the number {cell.text} in the format '{cell.number_format}';"
            " what Excel shows cannot be known.",
            "Format the column as Text and type it again.",
        )
    return _plain(cell)


def read_yes_no(text: str) -> bool:
    """True for yes, y or true, False for no, n or false, in any case; raises Refused."""
    if text.casefold() in _YES:
        return True
    if text.casefold() in _NO:
        return False
    raise Refused(f"'{shortened(text)}' is neither yes nor no.", "Write yes or no.")


def one_line(text: str) -> str:
    """`text` without space around it; raises Refused where it has several lines or a tab."""
    text = text.strip()
    if "\n" in text:
        before = shortened(text.split("\n")[0], keep_end=True)
        what = f"The text breaks into lines after '{before}'."
        raise Refused(what, "Write it on one line; paragraphs need a field of type 'rich text'.")
    if "\t" in text:
        before = shortened(text.split("\t")[0], keep_end=True)
        raise Refused(f"A tab stands after '{before}'.", "Put a space in its place.")
    return text


def listed(names: Mapping[str, object] | tuple[str, ...], text: str) -> str:
    """What to write instead of `text`: one of `names`, and the nearest of them."""
    fix = f"Use one of {', '.join(names)}"
    meant = did_you_mean(text.casefold().replace(" ", "-"), names) or did_you_mean(text, names)
    return f"{fix}; {meant[0].lower()}{meant[1:]}" if meant else f"{fix}."


def _plain(cell: Cell) -> str:
    if isinstance(cell.value, date):
        raise Refused(
            f"The cell holds the date {written(cell.value)}, where text belongs.",
            "Format the cell as text and type its content again.",
        )
    return cell.value.strip()


def _text(cell: Cell, _: RecordField) -> Value:
    return one_line(words_of(cell))


def _rich_text(cell: Cell, _: RecordField) -> Value:
    text = words_of(cell)
    blank = cell.text[: cell.text.index(text)].count("\n")
    line = cell.text_line + blank if cell.text_line else 0
    return RichText(text, replace(cell.place, line=line))


def _yes_no(cell: Cell, _: RecordField) -> Value:
    return read_yes_no(_plain(cell))


def _date(cell: Cell, _: RecordField) -> Value:
    if isinstance(cell.value, date):
        return cell.value
    return read_date(one_line(cell.value))


def _number(cell: Cell, _: RecordField) -> Value:
    text = _plain(cell).replace("\u2212", "-")
    if _NUMBER.fullmatch(text):
        return Decimal(text)
    if _THOUSANDS.fullmatch(text):
        plain = re.sub(r"[^\d.+-]", "", text)
        raise Refused(f"'{text}' has a thousands separator.", f"Write {plain}.")
    if _DECIMAL_COMMA.fullmatch(text):
        raise Refused(f"'{text}' has a decimal comma.", f"Write {text.replace(',', '.')}.")
    if _NUMBER.fullmatch(text.removesuffix("%").strip()):
        number = text.removesuffix("%").strip()
        raise Refused(
            f"'{text}' is a percentage, not a number.",
            f"Write {number}; the wording prints the '%'.",
        )
    what = f"'{shortened(text)}' is not a number."
    raise Refused(what, "Write it in figures, such as 12 or 12.5.")


def _choice(cell: Cell, field: RecordField) -> Value:
    text = one_line(words_of(cell))
    if text in field.choices:
        return text
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
