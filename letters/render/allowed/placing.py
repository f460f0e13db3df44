"""Where a font puts its letters: shapes beside their place, letters over others, flat lines."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from unicodedata import category

FARTHEST = 0.6
"""How far a shape may reach out of its place on either side, as a share of the font's square."""

LOWEST, HIGHEST = -0.9, 1.6
"""How far it may reach below and above its line."""

MOVED = 0.35
"""How far a font may move a letter by itself: kerning in sound fonts stays below a fifth."""

FLATTEST = 0.5
"""The least height of a line, as a share of the font's square."""


def placing_faults(font: Any, characters: Mapping[str, str], text: Iterable[str]) -> Iterator[str]:
    """Find what puts `text` elsewhere than where it is read; `characters` names their shapes."""
    shapes = {characters[each]: each for each in sorted(text, reverse=True) if each in characters}
    square = font["head"].unitsPerEm
    yield from _outside(font, shapes, square)
    if any(height < FLATTEST * square for height in _heights(font)):
        yield "This font sets lines on each other: its lines have hardly any height."
    moved = {*_marks(font), *_moved(font, MOVED * square)}
    for glyph in sorted(moved & {*shapes}, key=shapes.__getitem__):
        if category(shapes[glyph]) == "Sk":  # fonts share a bare accent with the one over letters
            continue
        yield f"This font moves '{shapes[glyph]}' away from its place."


def _outside(font: Any, shapes: Mapping[str, str], square: int) -> Iterator[str]:
    from fontTools.pens.boundsPen import BoundsPen  # type: ignore[import-untyped]

    drawn = font.getGlyphSet()
    for glyph, character in shapes.items():
        pen = BoundsPen(drawn)
        drawn[glyph].draw(pen)
        left, low, right, high = pen.bounds or (0, 0, 0, 0)
        beside = max(-left, right - drawn[glyph].width) > FARTHEST * square
        if beside or low < LOWEST * square or high > HIGHEST * square:
            yield f"This font draws '{character}' beside its place, or more than it."


def _heights(font: Any) -> Iterator[int]:
    """The height of a line as the programs that show fonts take it, each from its own table."""
    yield font["hhea"].ascent - font["hhea"].descent
    if "OS/2" in font:
        yield font["OS/2"].sTypoAscender - font["OS/2"].sTypoDescender
        yield font["OS/2"].usWinAscent + font["OS/2"].usWinDescent


def _marks(font: Any) -> Iterator[str]:
    """Shapes that are set over the one before, as accents are (OpenType GDEF, class 3)."""
    classes = getattr(font["GDEF"].table, "GlyphClassDef", None) if "GDEF" in font else None
    yield from (
        glyph for glyph, kind in (classes.classDefs if classes else {}).items() if kind == 3
    )


def _moved(font: Any, most: float) -> Iterator[str]:
    """Shapes that positioning (OpenType GPOS, and the older table of kerning) moves too far."""
    for table in font["kern"].kernTables if "kern" in font else ():
        pairs = getattr(table, "kernTable", {}).items()
        yield from (glyph for pair, wide in pairs if abs(wide) > most for glyph in pair)
    lookups = getattr(font["GPOS"].table, "LookupList", None) if "GPOS" in font else None
    for lookup in lookups.Lookup if lookups else ():
        for subtable in lookup.SubTable:
            yield from _moved_by(getattr(subtable, "ExtSubTable", subtable), most)


def _moved_by(table: Any, most: float) -> Iterator[str]:
    """Shapes that one subtable moves too far, or sets on others (GPOS, types 1 to 6)."""
    kind = type(table).__name__
    if kind == "SinglePos":
        glyphs = table.Coverage.glyphs
        values = table.Value if table.Format == 2 else [table.Value] * len(glyphs)
        pairs = zip(glyphs, values, strict=False)
        yield from (glyph for glyph, value in pairs if _is_far(value, most))
    elif kind == "PairPos":
        yield from (_pairs if table.Format == 1 else _classes)(table, most)
    elif kind == "CursivePos":
        yield from table.Coverage.glyphs
    elif kind in ("MarkBasePos", "MarkLigPos"):
        yield from table.MarkCoverage.glyphs
    elif kind == "MarkMarkPos":
        yield from table.Mark1Coverage.glyphs


def _pairs(table: Any, most: float) -> Iterator[str]:
    for glyph, pairs in zip(table.Coverage.glyphs, table.PairSet, strict=False):
        for each in pairs.PairValueRecord:
            if _is_far(each.Value1, most) or _is_far(each.Value2, most):
                yield from (glyph, each.SecondGlyph)


def _classes(table: Any, most: float) -> Iterator[str]:
    first = table.ClassDef1.classDefs
    far = {
        number
        for number, row in enumerate(table.Class1Record)
        if any(_is_far(e.Value1, most) or _is_far(e.Value2, most) for e in row.Class2Record)
    }
    yield from (glyph for glyph in table.Coverage.glyphs if first.get(glyph, 0) in far)


def _is_far(value: Any, most: float) -> bool:
    names = ("XPlacement", "YPlacement", "XAdvance", "YAdvance")
    return value is not None and any(abs(getattr(value, name, 0) or 0) > most for name in names)
