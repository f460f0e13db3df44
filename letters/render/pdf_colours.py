"""The colours of a PDF: those of screens (sRGB), as its archive standard wants them declared."""

from __future__ import annotations

import io
from importlib.resources import files

from weasyprint.css import ColorProfile


class ScreenColours(ColorProfile):  # type: ignore[misc]  # the engine has no types
    """The engine's sRGB profile, read once; its bytes are the file's, whatever was asked of it.

    The engine would write the profile out anew, and differently once its name has been read.
    """

    def __init__(self) -> None:
        self._bytes = (files("weasyprint.pdf") / "sRGB2014.icc").read_bytes()
        parts = (["r"], ["g"], ["b"])
        super().__init__(io.BytesIO(self._bytes), "sRGB2014.icc", "relative-colorimetric", parts)

    @property
    def content(self) -> bytes:
        """The profile's file."""
        return self._bytes
