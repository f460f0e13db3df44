"""Signature images: PNG files in the round's own folder."""

from __future__ import annotations

import io
import warnings
from pathlib import Path, PurePosixPath

from PIL import Image

from letters.errors import Place, Problem, did_you_mean
from letters.files import is_inside
from letters.sources.raw import read_bytes

BLANK = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c63f80f0001010100b138f6140000000049454e44ae426082"
)
"""A white point: it takes the place of an image that cannot be had, so that drafts can be made."""


def read_signature(
    name: str, folder: Path, root: Path, place: Place, problems: list[Problem]
) -> bytes:
    """The PNG file `name` in the round's `folder`; `BLANK` and a problem where it is none."""
    path = _inside(name, folder)
    if path is None:
        what = f"signature '{name}' leads outside the round's folder."
        problems.append(Problem(place, what, "Put the image in that folder and give its name."))
    elif not path.is_file():
        known = [each.relative_to(folder).as_posix() for each in sorted(folder.rglob("*.png"))]
        fix = did_you_mean(name, known) or "Put the image there, or correct its name."
        problems.append(Problem(place, f"There is no signature image '{name}'.", fix))
    elif (content := read_bytes(path, root, problems)) is not None:
        kind = _kind(content)
        if kind == "PNG":
            return content
        what = f"signature '{name}' is {kind}."
        problems.append(Problem(place, what, "Save it as a PNG image."))
    return BLANK


def _inside(name: str, folder: Path) -> Path | None:
    is_plain = not PurePosixPath(name).is_absolute() and not set(name) & set("\\:\0")
    path = folder / name
    return path if is_plain and is_inside(path, folder) and path != folder else None


def _kind(content: bytes) -> str:
    """What an image file holds: `PNG` only where it can be decoded to the end."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            image = Image.open(io.BytesIO(content))
            kind = f"{image.format}"
            image.load()
    except Exception:  # Pillow meets a damaged image with almost any of them
        return "not an image that can be read"
    return kind if kind == "PNG" else f"a {kind} image"
