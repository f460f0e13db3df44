"""What letters need of a machine, looked at one by one: for its user, and for a report."""

from __future__ import annotations

import locale
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from letters.errors import LettersError
from letters.files import find_root

PACKAGE = "assessment-letters"
ROOM = 100_000_000
"""Bytes of room in which a round of some forty letters is made and published."""

EARLIEST = 2026
"""The year of the first release: a clock before it is wrong, and dates approvals wrongly."""


@dataclass(frozen=True, slots=True)
class Examined:
    """One thing that was looked at, and what was found; `fix` says what to do where it is wrong.

    What is not `needed` is for tests alone.
    """

    name: str
    found: str
    fix: str = ""
    needed: bool = True

    @property
    def is_sound(self) -> bool:
        """Whether letters can be made with it, or without it."""
        return not (self.fix and self.needed)


def examine(folder: Path) -> tuple[Examined, ...]:
    """All findings: of this machine, and of the project in `folder` or above it, if any."""
    return (
        Examined("letters", version(PACKAGE)),
        Examined("Python", f"{platform.python_version()} ({sys.executable})"),
        Examined("system", platform.platform()),
        *_libraries(),
        _tried("PDF engine", _pdf_engine),
        _tried("fonts", _fonts),
        _tried("processes", _processes),
        *_places(folder),
        *_memory(),
        _clock(),
        _locale(),
        *_for_tests(),
    )


def _libraries() -> Iterator[Examined]:
    """The libraries that the package asks for, without those of its extras."""
    names = [line for line in requires(PACKAGE) or () if "extra ==" not in line]
    for line in names:
        name = line.split(";")[0].split("[")[0]
        for sign in "<>=!~ ":
            name = name.split(sign)[0]
        try:
            yield Examined(name, version(name))
        except PackageNotFoundError:
            yield Examined(
                name, "not installed", f"Run: pip install '{line.split(';')[0].strip()}'."
            )


def _tried(name: str, look: Callable[[], str]) -> Examined:
    """What `look` finds, or what it raises."""
    try:
        return Examined(name, look())
    except LettersError as error:
        what, _, fix = str(error).partition(" Run: ")
        return Examined(
            name, what.rstrip("."), f"Run: {fix}" if fix else "Install the package again."
        )


def _pdf_engine() -> str:
    from letters.render.pdf.letter import pango_version

    return f"starts, with Pango {pango_version()} and harfbuzz-subset"


def _fonts() -> str:
    from letters.render.assets import FOLDER, bundled_characters

    faces = sorted(path.stem for path in FOLDER.glob("*.ttf"))
    if not faces:
        raise LettersError(f"no fonts in {FOLDER}. Run: pip install --force-reinstall {PACKAGE}.")
    return f"{', '.join(faces)}: {len(bundled_characters()):,} characters"


def _processes() -> str:
    from letters.build.processes import ProcessExecutor, cores

    with ProcessExecutor(echo, 1, 30.0) as executor:
        answers = list(executor.run([1]))
    if answers != [1]:
        raise LettersError("a process was started and did not answer. Run: letters build --jobs 1.")
    return f"start; {cores()} cores"


def echo() -> Callable[[int], int]:
    """Begin a process that answers with what it is asked."""
    return abs


def _places(folder: Path) -> Iterator[Examined]:
    """Whether files can be written where letters are made, and how much room there is."""
    root = find_root(folder)
    yield _place("temporary files", Path(tempfile.gettempdir()))
    if root:
        yield _place("project", root)
    else:
        yield Examined("project", f"none in {folder.resolve()}")


def _place(name: str, folder: Path) -> Examined:
    try:
        with tempfile.TemporaryFile(dir=folder):
            pass
        free = shutil.disk_usage(folder).free
    except OSError as error:
        return Examined(
            name, f"{folder}: {error.strerror}", f"Allow files to be written in {folder}."
        )
    found = f"{folder}: can be written, {free // 1_000_000:,} MB of room"
    return Examined(name, found, "" if free >= ROOM else f"Make {ROOM // 1_000_000} MB of room.")


def _memory() -> Iterator[Examined]:
    """The memory that is free, where the system tells it."""
    from letters.build.processes import MEMORY, free_memory

    if (free := free_memory()) is not None:
        fix = "" if free >= MEMORY else "Close other programs."
        yield Examined("memory", f"{free:,} MB free", fix)


def _clock() -> Examined:
    now = datetime.now(UTC)
    found = now.strftime("%Y-%m-%d %H:%M UTC")
    try:
        found = f"{found}, {now.astimezone(ZoneInfo('Europe/London')):%H:%M} in London"
    except ZoneInfoNotFoundError:
        return Examined("clock", f"{found}, no time zones", "Run: pip install tzdata.")
    return Examined("clock", found, "Set the clock." if now.year < EARLIEST else "")


def _locale() -> Examined:
    names = f"{locale.getlocale()[0] or 'C'}, text as {locale.getpreferredencoding(False)}"
    files = sys.getfilesystemencoding()
    fix = "" if files.casefold().replace("-", "") == "utf8" else "Run: export LC_ALL=C.UTF-8."
    return Examined("locale", f"{names}, names of files as {files}, {os.name}", fix)


def _for_tests() -> Iterator[Examined]:
    """Programs that only the tests use: their lack stops no letter."""
    for name, command in (("veraPDF", "verapdf"), ("LibreOffice", "soffice")):
        path = shutil.which(command)
        yield Examined(name, path or "not found; only tests need it", needed=False)
