"""Files to bytes and text: only inside the project, and every refusal in plain words."""

import lzma
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from letters.errors import Place, Problem
from letters.files import is_inside, relative

LARGEST = 100_000_000
"""Bytes that the parts of a Word or Excel file may unpack to: a small file can hold gigabytes."""

MOST_PARTS = 10_000
"""Parts of such a file; Word and Excel write some dozens."""

BROKEN_ZIP = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, LookupError,
    NotImplementedError, OSError, OverflowError, RuntimeError, ValueError,
)  # fmt: skip
"""What `zipfile` raises for a damaged or locked file."""

MISSING = "There is no such file."
LOCKED = "The file cannot be opened; it may be open in another program."


def read_bytes(path: Path, root: Path, problems: list[Problem]) -> bytes | None:
    """The content of `path`, or None and a problem: outside the project, missing, held open."""
    place = Place(relative(path, root))
    if not is_inside(path, root):
        problems.append(
            Problem(place, "The file leads outside the project.", "Put the file itself here.")
        )
        return None
    try:
        return path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        problems.append(Problem(place, MISSING, "Create it, or correct the name that leads here."))
    except IsADirectoryError:
        problems.append(
            Problem(place, "This is a folder.", "Put a file of this name in its place.")
        )
    except OSError:
        # Windows tells a folder from a locked file no better than "permission denied".
        problems.append(
            Problem(place, LOCKED, "Close it there, or allow it to be read; try again.")
        )
    return None


def read_text(path: Path, root: Path, problems: list[Problem]) -> str | None:
    """The text of a UTF-8 file, line ends as `\\n`; None and a problem where it is not UTF-8."""
    content = read_bytes(path, root, problems)
    if content is None:
        return None
    try:
        return plain_lines(content.decode("utf-8-sig"))
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
