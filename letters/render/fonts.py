"""The PDF's fonts: Arimo, bundled, and none of the machine's.

Arimo has Arial's metrics and all Welsh letters (SIL Open Font License, `fonts/OFL.txt`). The four
files are Arimo 1.341 cut at weights 400 and 700 with fontTools' instancer: the engine would
otherwise cut the variable font anew for each letter, six times slower.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from xml.sax.saxutils import escape

FOLDER = Path(__file__).parent / "fonts"

ALIASES = ("Arial", "Helvetica", "Liberation Sans", "sans-serif")
"""Names by which layouts ask for the bundled font."""


@lru_cache(maxsize=1)
def bundled_characters() -> frozenset[str]:
    """The characters that every face of the bundled font draws."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]  # the engine brings it

    faces = []
    for path in sorted(FOLDER.glob("*.ttf")):
        with TTFont(path, lazy=True) as font:
            faces.append({*font.getBestCmap()})
    return frozenset(map(chr, set.intersection(*faces)))


@contextmanager
def only_bundled_fonts() -> Iterator[None]:
    """While this lasts, Fontconfig knows the bundled fonts alone.

    Fontconfig reads its settings when the engine is imported and when a font configuration is
    made; afterwards the variable is put back, for the sake of programs started later.
    """
    before = os.environ.get("FONTCONFIG_FILE")
    with tempfile.TemporaryDirectory(prefix="letters-fonts-", ignore_cleanup_errors=True) as folder:
        settings = Path(folder) / "fonts.conf"
        settings.write_text(_settings(folder), encoding="utf-8")
        os.environ["FONTCONFIG_FILE"] = str(settings)
        try:
            yield
        finally:
            if before is None:
                del os.environ["FONTCONFIG_FILE"]
            else:
                os.environ["FONTCONFIG_FILE"] = before


def _settings(cache: str) -> str:
    aliases = "".join(
        f"<alias binding='same'><family>{name}</family><prefer><family>Arimo</family></prefer>"
        "</alias>"
        for name in ALIASES
    )
    return (
        "<?xml version='1.0'?><!DOCTYPE fontconfig SYSTEM 'urn:fontconfig:fonts.dtd'>"
        f"<fontconfig><dir>{escape(str(FOLDER))}</dir><cachedir>{escape(cache)}</cachedir>"
        f"{aliases}</fontconfig>"
    )
