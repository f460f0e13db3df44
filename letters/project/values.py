"""Text as recorded to a typed value, by the type of its field."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import NoReturn

from letters.errors import Refused, did_you_mean, shortened
from letters.model import FieldType, RecordField, RichText, Value
from letters.project.dates import read_date, written
from letters.sources.numberformats import Shown
from letters.sources.tables import Cell

_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_THOUSANDS = re.compile(r"-?[0-9]{1,3}([, \u00a0\u202f][0-9]{3})+(\.[0-9]+)?")
_DECIMAL_COMMA = re.compile(r"-?[0-9]+,[0-9]+")
_LEADING = re.compile(r"\+?(-?)0*(?=[0-9])")
_BULLET = re.compile(r"[ \t]*([•·‣◦]|[▪▫●○■□➢](?=[ \t\u00a0])|[o–—](?=\t))")
"""A bullet that came with text pasted from Word or a web page; Markdown makes nothing of it."""
_SPACES = re.compile(" {2,}")
_YES = frozenset(("yes", "y", "true"))
_NO = frozenset(("no", "n", "false"))


def read_value(cell: Cell, field: RecordField) -> Value:
    """The value of `cell` for `field`; None where it is empty. Raises Refused."""
    return None if cell.is_empty else _READERS[field.type](cell, field)


def words_of(cell: Cell) -> str:
    """The words a cell shows, without space around them. Raises Refused.

    A number reads as Excel shows it, £1,204.50 or 012, if that is known and nothing is lost in it.
    """
    if cell.shown is None:
        return _plain(cell)
    if not cell.shown.is_exact:
        raise Refused(_otherwise(cell, cell.shown), "Format the column as Text and type it again.")
    return cell.shown.text


def read_yes_no(text: str) -> bool:
    """True for yes, y or true, False for no, n or false, in any case; raises Refused."""
    if text.casefold() in _YES:
        return True
    if text.casefold() in _NO:
        return False
    raise Refused(f"'{shortened(text)}' is neither yes nor no.", "Write yes or no.")


def one_line(text: str) -> str:
    """`text` without space around it, and with single spaces in it, as every format shows it.

    Raises Refused where it has several lines or a tab.
    """
    text = text.strip()
    if "\n" in text:
        before = shortened(text.split("\n")[0], keep_end=True)
        what = f"The text breaks into lines after '{before}'."
        raise Refused(what, "Write it on one line; paragraphs need a field of type 'rich text'.")
    if "\t" in text:
        before = shortened(text.split("\t")[0], keep_end=True)
        raise Refused(f"A tab stands after '{before}'.", "Put a space in its place.")
    return _SPACES.sub(" ", text)


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


def _otherwise(cell: Cell, shown: Shown) -> str:
    if shown.text:
        return f"The cell shows {shown.text} and holds {cell.text}."
    what = f"The cell holds the number {cell.text} in the format '{shown.format}';"
    return f"{what} what Excel shows cannot be known."


def _text(cell: Cell, _: RecordField) -> Value:
    text = words_of(cell)
    if found := _BULLET.match(text):
        what = f"The text begins with the bullet '{found[1]}'."
        raise Refused(what, "Delete it; a list needs a field of type 'rich text'.")
    return one_line(text)


def _rich_text(cell: Cell, _: RecordField) -> Value:
    text = words_of(cell)
    for line in text.split("\n"):
        if found := _BULLET.match(line):
            what = (
                f"The bullet '{found[1]}' before '{shortened(line[found.end() :])}' makes no list."
            )
            fix = "Begin each item with '- ', and leave an empty line before the first."
            raise Refused(what, fix)
    if not cell.text_line:
        return RichText(text, replace(cell.place, line=0))
    blank = cell.text[: cell.text.index(text)].count("\n")
    return RichText(text, replace(cell.place, line=cell.text_line + blank))


def _yes_no(cell: Cell, _: RecordField) -> Value:
    return read_yes_no(_plain(cell))


def _date(cell: Cell, _: RecordField) -> Value:
    if isinstance(cell.value, date):
        return cell.value
    return read_date(one_line(cell.value))


def _number(cell: Cell, _: RecordField) -> Value:
    if cell.shown and not cell.shown.is_exact:
        fix = "Type the number that is meant, or format the cell as General."
        raise Refused(_otherwise(cell, cell.shown), fix)
    written = _plain(cell)
    text = _in_figures(written)
    if _NUMBER.fullmatch(text):
        if text != written:
            hyphen = ", with a hyphen" if "\u2212" in written else ""
            raise Refused(
                f"'{written}' would not be printed as it is written.", f"Write {text}{hyphen}."
            )
        return Decimal(text)
    return _refuse_number(written, text)


def _in_figures(text: str) -> str:
    """`text` as letters print numbers: in 0 to 9, with no plus or nought before, `-` for minus."""
    figures = (str(unicodedata.decimal(sign, sign)) for sign in text.replace("\u2212", "-"))
    return _LEADING.sub(r"\1", "".join(figures), count=1)


def _refuse_number(written: str, text: str) -> NoReturn:
    if _THOUSANDS.fullmatch(text):
        plain = re.sub(r"[^\d.-]", "", text)
        raise Refused(f"'{written}' has a thousands separator.", f"Write {plain}.")
    if _DECIMAL_COMMA.fullmatch(text):
        raise Refused(f"'{written}' has a decimal comma.", f"Write {text.replace(',', '.')}.")
    if _NUMBER.fullmatch(text.removesuffix("%").strip()):
        number = text.removesuffix("%").strip()
        raise Refused(
            f"'{written}' is a percentage, not a number.",
            f"Write {number}; the wording prints the '%'.",
        )
    what = f"'{shortened(written)}' is not a number."
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
