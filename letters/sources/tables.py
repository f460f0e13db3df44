"""Rows and columns, whatever file they come from, and text as it came, without characters that
nobody sees."""

from __future__ import annotations

import lzma
import re
import struct
import unicodedata
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import date
from html import unescape
from pathlib import Path
from typing import Any, TypeVar

from letters.errors import Place, Problem, shortened
from letters.files import is_inside, is_special, relative
from letters.sources.numberformats import ShownNumber

RETYPE = "Delete it and type the text again."

_BIDIRECTIONAL = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_TAGS = "\U000e0001\U000e0020-\U000e007f"
_NO_WIDTH = "\u034f\u180b-\u180f\u200b\u2060-\u2064\u206a-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
_MORE_WITHOUT_WIDTH = "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0100-\U000e01ef"
_BLANK = "\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"

_JOINING = (
    "\u0600-\u06ff\u0700-\u077f\u0780-\u07ff\u0840-\u085f\u0860-\u08ff\u0900-\u0dff\u1000-\u109f"
    "\u1780-\u17b3\u17b6-\u17ff\u1800-\u180a\u1810-\u18af\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc"
)
"""Letters of scripts that are written with joiners: Arabic, Syriac, N'Ko, those of India, Burmese,
Khmer, Mongolian (The Unicode Standard, 23.2)."""

_UNSEEN = re.compile(
    f"[{_BIDIRECTIONAL}{_TAGS}{_NO_WIDTH}{_MORE_WITHOUT_WIDTH}{_BLANK}]"
    rf"|(?<!\w)\u00ad|\u00ad(?!\w)"
    f"|(?<![{_JOINING}])[\u200c\u200d]|[\u200c\u200d](?![{_JOINING}])"
)
_NAMES = {"\ufeff": "ZERO WIDTH NO-BREAK SPACE"}


def unseen(text: str) -> tuple[str, str] | None:
    """What nobody would see in `text`, by number and name, and what to do; None where nothing.

    Refused are bidirectional controls, tag characters, characters without width or ink, a soft
    hyphen outside a word, and a joiner that is not between letters of a script with joiners.
    """
    if text.isascii() or not (match := _UNSEEN.search(text)):
        return None
    return f"The text holds {named(match[0])}, which no reader sees.", RETYPE


def unseen_problems(file: str, source: str) -> list[Problem]:
    """The same for each line of a page or style sheet, which may write them as `&#8238;`."""
    rows = enumerate(source.split("\n"), 1)
    faults = ((number, unseen(row) or unseen(unescape(row))) for number, row in rows)
    return [Problem(Place(file, number), *fault) for number, fault in faults if fault]


def named(character: str) -> str:
    """A character by its number and name: `U+202E RIGHT-TO-LEFT OVERRIDE`."""
    name = _NAMES.get(character) or unicodedata.name(character, "")
    return f"U+{ord(character):04X} {name}".rstrip()


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
    shown: ShownNumber | None = None
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
class SourceTable:
    """A header and the rows under it, each as long as the header; blank rows are left out."""

    header: tuple[Cell, ...]
    rows: tuple[tuple[Cell, ...], ...]
    place: Place


TITLES = 10
"""Rows above a header in which a title may be: further down it is sought no more."""


def column_name(written: str) -> str:
    """The name of a column as it is compared: in any case, with spaces or underscores."""
    return "_".join(written.casefold().replace("_", " ").split())


def header_at(rows: Sequence[Iterable[str]], key: str) -> int:
    """Which row is the header: the first, unless that of the column `key` follows a title."""
    for n, row in enumerate(rows[:TITLES] if key else ()):
        if any(column_name(each) == key for each in row):
            return n
    return 0


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
    words = re.split("[ \n\t]+", text)  # other spaces may be what is not composed: U+2000, U+2001
    word = next(w for w in words if unicodedata.normalize("NFC", w) != w)
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


LARGEST = 100_000_000
"""Bytes that the parts of a Word or Excel file may unpack to: a small file can hold gigabytes."""

MOST_PARTS = 10_000
"""Parts of such a file; Word and Excel write some dozens."""

LARGEST_FILE = 50_000_000
"""Bytes of any file that is read: records of some 100,000 letters."""

MOST_LINES, LONGEST_LINE = 1_000_000, 1_000_000
"""Lines of a text, and characters of one: their readers take long for what they find empty."""

LARGEST_TEMPLATE = 500_000
"""Bytes of a text that letters are made of: a wording's file, its labels, a layout's page."""

BROKEN_ZIP = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, LookupError,
    NotImplementedError, OSError, OverflowError, RuntimeError, ValueError,
)  # fmt: skip
"""What `zipfile` raises for a damaged or locked file."""

MISSING = "There is no such file."
LOCKED = "The file cannot be opened; it may be open in another program."
SPECIAL = "This is a pipe, a socket or a device, and no file."
TOO_LARGE = "Take out what no letter needs, or split it."
PUT_FILE = "Put a file of this name in its place."


def read_bytes(
    path: Path, root: Path, problems: list[Problem], most: int = LARGEST_FILE
) -> bytes | None:
    """The content of `path`, or None and a problem: outside the project, missing, held open.

    Also for what is no file, and for more than `most` bytes.
    """
    place = Place(relative(path, root))
    if not is_inside(path, root):
        problems.append(
            Problem(place, "The file leads outside the project.", "Put the file itself here.")
        )
        return None
    try:
        if is_special(path):
            problems.append(Problem(place, SPECIAL, PUT_FILE))
            return None
        if path.stat().st_size > most:
            problems.append(Problem(place, f"The file is larger than {_size(most)}.", TOO_LARGE))
            return None
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        problems.append(Problem(place, MISSING, "Create it, or correct the name that leads here."))
    except IsADirectoryError:
        problems.append(Problem(place, "This is a folder.", PUT_FILE))
    except OSError:
        # Windows tells a folder from a locked file no better than "permission denied".
        problems.append(
            Problem(place, LOCKED, "Close it there, or allow it to be read; try again.")
        )
    return None


def _size(count: int) -> str:
    """A number of bytes as people say it: `50 MB`, `500 kB`."""
    return f"{count // 1_000_000} MB" if count >= 1_000_000 else f"{count // 1_000} kB"


def read_text(
    path: Path, root: Path, problems: list[Problem], most: int = LARGEST_FILE
) -> str | None:
    """The text of a UTF-8 file, line ends as `\\n`; None and a problem where it is not UTF-8.

    Also where it has more than `most` bytes.
    """
    content = read_bytes(path, root, problems, most)
    if content is None:
        return None
    try:
        text = plain_lines(content.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        problems.append(
            Problem(
                Place(relative(path, root), line),
                "This line is not UTF-8 text.",
                "Save the file with the encoding UTF-8.",
            )
        )
        return None
    return text if is_readable(text, Place(relative(path, root)), problems) else None


def is_readable(text: str, place: Place, problems: list[Problem]) -> bool:
    """Whether a text is short enough to be read; where it is not, that is a problem."""
    lines = text.split("\n")
    longest = max(map(len, lines))
    if len(lines) <= MOST_LINES and longest <= LONGEST_LINE:
        return True
    what, line = f"The file has more than {MOST_LINES:,} lines.", MOST_LINES + 1
    if longest > LONGEST_LINE:
        line = next(n for n, each in enumerate(lines, 1) if len(each) > LONGEST_LINE)
        what = f"The line has more than {LONGEST_LINE:,} characters."
    problems.append(Problem(replace(place, line=line), what, TOO_LARGE))
    return False


def excess(package: zipfile.ZipFile) -> str:
    """What a Word or Excel file holds too much of, as the end of a sentence; "" where nothing."""
    parts = package.infolist()
    if len(parts) > MOST_PARTS:
        return f"more than {MOST_PARTS:,} parts"
    too_large = sum(part.file_size for part in parts) > LARGEST
    return "more than 100 MB when unpacked" if too_large else ""


def plain_lines(text: str) -> str:
    """`text` with every line end as `\\n`."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file's content, what was made of it, and what is wrong in it."""

    content: str | bytes
    found: Any
    problems: tuple[Problem, ...]


Memory = dict[object, SourceFile]
"""Readings by the file, and by how it was read."""

_NOTHING: Memory = {}
_MEMORY: ContextVar[Memory] = ContextVar("memory", default=_NOTHING)


@contextmanager
def remembering(memory: Memory) -> Iterator[None]:
    """While this lasts, a file that says what it said before is not read again."""
    token = _MEMORY.set(memory)
    try:
        yield
    finally:
        _MEMORY.reset(token)


def read_once(
    file: object,
    content: str | bytes,
    problems: list[Problem],
    read: Callable[[list[Problem]], T],
) -> T:
    """What `read` makes of a file with this `content`, or made of it before."""
    memory = _MEMORY.get()
    known = memory.get(file)
    if known is None or known.content != content:
        own: list[Problem] = []
        known = SourceFile(content, read(own), tuple(own))
        if memory is not _NOTHING:
            memory[file] = known
    problems += known.problems
    found: T = known.found
    return found
