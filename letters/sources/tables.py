"""Rows and columns, whatever file they come from, and text as it came."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from datetime import date

from letters.errors import Place, Problem, shortened
from letters.sources.numberformats import Shown
from letters.sources.unseen import RETYPE as RETYPE
from letters.sources.unseen import unseen


@dataclass(frozen=True, slots=True)
class Cell:
    """A value and its place: text as written, or the day of a real date cell.

    `text_line` is the line where the text itself begins, which in a record of several lines is
    not always that of its place; 0 in a workbook. `shown` tells of a number that shows otherwise
    than `value` is written. `refused` is the problem of a cell that counts as empty, whatever it
    holds.
    """

    value: str | date
    place: Place
    text_line: int = 0
    shown: Shown | None = None
    refused: Problem | None = None

    @property
    def text(self) -> str:
        """The value as text; a day as `2017-10-02`."""
        return str(self.value)

    def at(self, place: Place) -> Cell:
        """The same cell, known by another place."""
        return replace(self, place=place)

    @property
    def is_empty(self) -> bool:
        """Whether nothing, or only space, is written here, or what is written is refused."""
        return self.refused is not None or not self.text.strip()


@dataclass(frozen=True, slots=True)
class Table:
    """A header and the rows under it, each as long as the header; blank rows are left out."""

    header: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    place: Place


MOST_COLUMNS, MOST_ROWS = 1_000, 200_000
"""Columns and rows of a table; a letter prints a few dozen values."""

LONGEST_VALUE = 32_767
"""Characters of a value, as many as a cell of Excel holds: some forty pages."""


def too_large(columns: int, rows: int) -> tuple[str, str] | None:
    """What is wrong with a table of so many columns and rows, and what to do."""
    fix = "Delete those that no letter needs."
    if columns > MOST_COLUMNS:
        return f"The table has more than {MOST_COLUMNS:,} columns.", fix
    return (f"The table has more than {MOST_ROWS:,} rows.", fix) if rows > MOST_ROWS else None


_MACINTOSH = re.compile(r"(?<=[a-zß-ÿ])[ŽÕÓÒŠŸÔÐÑÉŒ]|(?<=[A-Za-z])[‰ˆ‡ƒ†™](?=[a-z])|ƒ(?=[a-z])")
"""Where text of the old Macintosh encoding, read as Windows text, has signs no word has."""

_EXCEL_ERROR = re.compile(
    r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!|FIELD!|BLOCKED!|CONNECT!|BUSY!"
    r"|UNKNOWN!|GETTING_DATA)"
)
"""What Excel writes into a cell whose formula has no value; a CSV file keeps the words."""
_TOO_NARROW = re.compile("#{3,}")
_CUT_SHORT = re.compile(r"[+-]?\d(\.\d+)?E[+-]\d{2,3}")

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]")
_RESERVED = re.compile(
    "[\ud800-\udfff\ue000-\uf8ff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(chr(plane * 0x10000 + last) for plane in range(1, 15) for last in (0xFFFE, 0xFFFF))
    + "\U000f0000-\U0010ffff]"
)
_GARBLED = re.compile(
    r"[ÂÃÄÅ][^\x00-\x7f]|[âïá][^\x00-\x7f]{2}|ð[^\x00-\x7f]{3}|â€|‚Ä.|√[^\x00-\x7f]|ï¿½|\ufffd"
)
"""UTF-8 that was read as Windows or Macintosh text: "Ã©" for "é", "â€™" for an apostrophe."""


def checked(text: str, place: Place, problems: list[Problem]) -> str:
    """`text`, with each character that may not stand in a letter as U+FFFD and a problem for it.

    Refused are control characters, private-use characters and non-characters (the typesetter uses
    some as marks; no font shows them), what nobody sees (`unseen`), text that is not in Unicode's
    composed form NFC, and sequences that come of reading UTF-8 with another encoding.
    """
    if text.isascii() and text.isprintable():
        return text
    for fault in (_control, _reserved, unseen, _decomposed, _garbled):
        if found := fault(text):
            problems.append(Problem(place, *found))
            break
    return _RESERVED.sub("\ufffd", _CONTROL.sub("\ufffd", text))


def refusal(text: str) -> tuple[str, str] | None:
    """Why a value counts as empty, whatever its field is, and what to do; None where it does not.

    For what Excel wrote in its place, for characters that nobody sees, and for too many of them.
    """
    return excel_remnant(text) or unseen(text) or too_long(text)


def too_long(text: str) -> tuple[str, str] | None:
    """What is wrong with a value of more than `LONGEST_VALUE` characters, and what to do."""
    if len(text) <= LONGEST_VALUE:
        return None
    return f"The text has more than {LONGEST_VALUE:,} characters.", "Shorten it."


def excel_remnant(text: str) -> tuple[str, str] | None:
    """What is wrong, and what to do, where Excel wrote `text` in place of a value."""
    text = text.strip()
    if _EXCEL_ERROR.fullmatch(text):
        what = f"'{text}' is an error that Excel shows, not a value."
        return what, "Correct the formula it came from, or type the value."
    if _TOO_NARROW.fullmatch(text):
        what = f"'{shortened(text)}' is what Excel shows where a column is too narrow."
        return what, "Widen the column in Excel and save the file again, or type the value."
    if _CUT_SHORT.fullmatch(text):
        what = f"'{text}' is a longer number that Excel cut short."
        return what, "Format the column as Text in Excel, and type all its figures again."
    return None


def macintosh(text: str) -> tuple[str, str] | None:
    """The first word of Windows text that makes sense as Macintosh text only, and what it means."""
    words = re.split(r'[\s,;"]+', text)
    word = next(filter(_MACINTOSH.search, words), None)
    return (word, word.encode("cp1252").decode("mac_roman")) if word else None


def code_point(character: str) -> str:
    """A character's number as character maps print it: `U+00E9`."""
    return f"U+{ord(character):04X}"


def _control(text: str) -> tuple[str, str] | None:
    if not (match := _CONTROL.search(text)):
        return None
    return f"The text holds the control character {code_point(match[0])}.", RETYPE


def _reserved(text: str) -> tuple[str, str] | None:
    if not (match := _RESERVED.search(text)):
        return None
    return f"The text holds the reserved character {code_point(match[0])}.", RETYPE


def _decomposed(text: str) -> tuple[str, str] | None:
    composed = unicodedata.normalize("NFC", text)
    if composed == text:
        return None
    word = next(w for w in text.split() if unicodedata.normalize("NFC", w) != w)
    composed = unicodedata.normalize("NFC", word)
    return (
        f"'{composed}' is not in Unicode's composed form (NFC).",
        f"Type the word again: '{composed}'.",
    )


def _garbled(text: str) -> tuple[str, str] | None:
    for match in _GARBLED.finditer(text):
        if meant := _meant(match[0]):
            return (
                f"The text holds '{match[0]}', which probably stands for '{meant}'.",
                "Correct the text, and save its file as UTF-8.",
            )
        if "\ufffd" in match[0] or match[0] == "ï¿½":
            return (
                f"The text holds '{match[0]}', where a character was lost.",
                "Type the text again.",
            )
    return None


def _meant(garbled: str) -> str:
    if garbled == "â€":
        return "”"
    for encoding in ("cp1252", "mac_roman"):
        try:
            meant = garbled.encode(encoding).decode("utf-8")
        except UnicodeError:
            continue
        if meant.isprintable() or meant == "\u00a0":
            return meant
    return ""
