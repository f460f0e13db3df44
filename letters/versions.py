"""What letters are made by: this package and the libraries under it, as one digest."""

from __future__ import annotations

import os
import re
import sys
import zlib
from functools import lru_cache
from pathlib import Path

from letters.files import digest

LIBRARIES = frozenset(
    {"assessment-letters", "babel", "cssselect2", "docxtpl", "fonttools", "jinja2", "lxml"}
    | {"markdown-it-py", "markupsafe", "pikepdf", "pillow", "pydyf", "python-docx", "tinycss2"}
    | {"tinyhtml5", "uharfbuzz", "weasyprint"}
)
"""Libraries whose version can change a letter's bytes."""

ROOMS = (
    "document.py",
    "batch/making.py",
    "merge.py",
    "validators/**/*.py",
    "render/**/*",
    "wording/**/*.py",
)
"""The files of this package that decide what a letter is."""

_INSTALLED = re.compile(r"(?P<name>.+)-(?P<version>[^-]+)\.(dist|egg)-info")
_OWN = Path(__file__).parent


@lru_cache(maxsize=1)
def versions_digest() -> str:
    """Digest of this package's own files and of the versions of Python and the libraries.

    Read from the names of the folders in which libraries are installed: asking each library would
    mean starting it.
    """
    python = f"python {sys.version_info.major}.{sys.version_info.minor} {zlib.ZLIB_RUNTIME_VERSION}"
    return digest("\n".join([python, *sorted(_libraries()), *_own_files()]).encode())


def _libraries() -> set[str]:
    found = set()
    for folder in sys.path:
        for entry in _names(folder):
            match = _INSTALLED.fullmatch(entry)
            name = match["name"].lower().replace("_", "-") if match else ""
            if match and name in LIBRARIES:
                found.add(f"{name} {match['version']}")
    return found


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder or ".")  # noqa: PTH208  (a path may name an archive)
    except OSError:
        return []


def _own_files() -> list[str]:
    """This package's files that decide what a letter is, each with its digest."""
    files = (path for room in ROOMS for path in sorted(_OWN.glob(room)))
    files = (path for path in files if path.is_file() and path.suffix != ".pyc")
    return [f"{path.relative_to(_OWN).as_posix()} {digest(path.read_bytes())}" for path in files]
