"""Which characters the glyphs of an embedded TrueType font stand for, by the font's own table.

Read here by hand: a font library takes longer over one font than the rest of the judge over the
whole file. Tables: OpenType specification, "cmap", formats 4 and 12.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

_SURROGATES = range(0xD800, 0xE000)


def drawn_characters(program: bytes) -> dict[int, set[str]]:
    """The characters of each glyph by its number; nothing where the font has no such table."""
    drawn: dict[int, set[str]] = {}
    try:
        for character, glyph in _cmap(program):
            if glyph and character not in _SURROGATES:
                drawn.setdefault(glyph, set()).add(chr(character))
    except (struct.error, ValueError):
        return {}
    return drawn


def _cmap(program: bytes) -> Iterator[tuple[int, int]]:
    (count,) = struct.unpack_from(">H", program, 4)
    tables = (struct.unpack_from(">4s4xII", program, 12 + 16 * n) for n in range(count))
    for tag, start, length in tables:
        if tag == b"cmap":
            yield from _subtables(program[start : start + length])


def _subtables(table: bytes) -> Iterator[tuple[int, int]]:
    (count,) = struct.unpack_from(">H", table, 2)
    for n in range(count):
        platform, encoding, start = struct.unpack_from(">HHI", table, 4 + 8 * n)
        if platform not in (0, 3) or (platform == 3 and encoding == 0):
            continue  # symbol fonts number their characters by a private convention
        (form,) = struct.unpack_from(">H", table, start)
        if form == 4:
            yield from _format_4(table[start:])
        elif form == 12:
            yield from _format_12(table[start:])


def _format_4(table: bytes) -> Iterator[tuple[int, int]]:
    (double,) = struct.unpack_from(">H", table, 6)
    segments = double // 2
    ends = struct.unpack_from(f">{segments}H", table, 14)
    starts = struct.unpack_from(f">{segments}H", table, 16 + double)
    deltas = struct.unpack_from(f">{segments}H", table, 16 + 2 * double)
    offsets = struct.unpack_from(f">{segments}H", table, 16 + 3 * double)
    for n, (start, end, delta, offset) in enumerate(
        zip(starts, ends, deltas, offsets, strict=True)
    ):
        at = 16 + 3 * double + 2 * n + offset
        for character in range(start, min(end, 0xFFFE) + 1):
            glyph = character
            if offset:
                (glyph,) = struct.unpack_from(">H", table, at + 2 * (character - start))
            missing = offset and not glyph
            yield character, 0 if missing else (glyph + delta) % 0x10000


def _format_12(table: bytes) -> Iterator[tuple[int, int]]:
    (groups,) = struct.unpack_from(">I", table, 12)
    for n in range(groups):
        start, end, glyph = struct.unpack_from(">III", table, 16 + 12 * n)
        for character in range(start, end + 1):
            yield character, glyph + character - start
