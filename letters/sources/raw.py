"""Files to bytes and text: only inside the project, and every refusal in plain words."""

import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from letters.errors import Place, Problem
from letters.files import is_inside, is_special, relative

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
class Reading:
    """A file's content, what was made of it, and what is wrong in it."""

    content: str | bytes
    found: Any
    problems: tuple[Problem, ...]


Memory = dict[object, Reading]
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
        known = Reading(content, read(own), tuple(own))
        if memory is not _NOTHING:
            memory[file] = known
    problems += known.problems
    found: T = known.found
    return found
