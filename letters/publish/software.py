"""What a publication was made with: this tool, its engines and its typeface."""

from __future__ import annotations

import re
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files

from letters.files import digest

ENGINES = ("weasyprint", "docxtpl", "pikepdf", "Jinja2", "markdown-it-py")


def software() -> dict[str, str]:
    """Each part's name and version; fonts with their digest, since they travel in every PDF."""
    own = {name: _version(name) for name in ("assessment-letters", *ENGINES)}
    fonts = sorted(p.name for p in (files("letters.render") / "fonts").iterdir())
    return own | {f"font {name}": _font(name) for name in fonts if name.endswith(".ttf")}


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "not installed as a package"


def _font(name: str) -> str:
    content = (files("letters.render") / "fonts" / name).read_bytes()
    # The name table says it in plain letters, which saves starting a font library.
    said = re.search(rb"V\0e\0r\0s\0i\0o\0n\0 ((?:\0[0-9.])+)", content)
    number = said[1].replace(b"\0", b"").decode() if said else "unknown"
    return f"{number}, SHA-256 {digest(content)}"
