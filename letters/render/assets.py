"""The images and fonts of a layout's folder: read once, and nothing outside it is ever opened."""

from __future__ import annotations

import base64
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urlsplit

from letters.errors import Place, Problem, did_you_mean
from letters.files import own_files, relative

MEDIA_TYPES = {
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".otf": "font/otf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
}
"""Files a layout may use, by the ending of their names."""


@dataclass(frozen=True, slots=True)
class Assets:
    """A layout's images and fonts, by their path from its folder."""

    folder: str
    files: Mapping[str, bytes] = field(repr=False)

    @classmethod
    def load(cls, folder: Path, root: Path) -> Assets:
        """Read every image and font in `folder`. Raises OSError where the system refuses."""
        paths = (path for path in own_files(folder) if path.suffix.lower() in MEDIA_TYPES)
        files = {relative(path, folder): path.read_bytes() for path in paths}
        return cls(relative(folder, root), files)

    def problem(self, address: str, place: Place) -> Problem | None:
        """Why a page may not load `address`, or None where it may."""
        if address.startswith("data:"):
            return None
        if not _inside(address):
            what = f"'{address}' is not in the layout’s folder, and letters load nothing else."
            fix = f"Copy the file to {self.folder}/ and write its name alone."
            return Problem(place, what, fix)
        if unquote(address) in self.files:
            return None
        what = f"{self.folder}/ has no image or font '{address}'."
        return Problem(place, what, did_you_mean(address, self.files) or self._fix())

    def _fix(self) -> str:
        return f"Put it there, or name one of these: {', '.join(self.files) or 'none yet'}."

    def read(self, address: str) -> bytes:
        """The bytes of the file `address` names. Raises KeyError where there is none."""
        return self.files[unquote(address)]

    def inline(self, address: str) -> str:
        """`address` as a `data:` URL that holds the file."""
        if address.startswith("data:"):
            return address
        return data_url(self.read(address), media_type(address))


def _inside(address: str) -> bool:
    """Whether an address is a plain relative path that stays in its folder."""
    try:
        parts = urlsplit(address)
    except ValueError:  # such as an unclosed IPv6 bracket
        return False
    path = unquote(address)
    if parts.scheme or parts.netloc or "\\" in path or path.startswith("/"):
        return False
    return ".." not in path.split("/")


def media_type(name: str) -> str:
    """The media type of a file, by the ending of its name."""
    return MEDIA_TYPES[Path(name).suffix.lower()]


def data_url(content: bytes, media_type: str) -> str:
    """`content` as a `data:` URL."""
    return f"data:{media_type};base64,{base64.b64encode(content).decode('ascii')}"
