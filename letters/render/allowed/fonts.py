"""Fonts of a layout: whether each letter and digit is drawn as itself, as far as a file can tell.

What is seen: characters that share a shape, have an empty or tiny one, or one that bears another
character's name; substitutions that readers' programs make by themselves and that turn letters into
others (OpenType GSUB); tables that draw other shapes (Apple's, Graphite's, colours, variations);
and where letters are put, see `placing`.
What is not: a shape that is drawn as another letter's and called by the right name, and hinting
programs that bend shapes. In the PDF, a reader of the pages sees those.
"""

from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from io import BytesIO
from typing import Any
from unicodedata import category, normalize

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


LETTERS = frozenset(
    character
    for character in map(chr, range(0x21, 0x180))
    if category(character) in ("Lu", "Ll", "Nd")
)
"""Latin letters and digits: those of English and Welsh, and of names."""

TEXT = LETTERS | {*map(chr, [*range(0x20, 0x180), *range(0x2010, 0x2027)])}
"""Those with the spaces and signs that stand between them."""

ALIKE = (
    {"Đ", "Ð"}, {"I", "l"}, {"O", "0"}, {"i", "ı"}, {"j", "ȷ"}, {"Ş", "Ș"}, {"ş", "ș"}, {"Ţ", "Ț"},
    {"ţ", "ț"},
)  # fmt: skip
"""Characters that sound fonts draw alike, or one for the other under an accent or in a language."""

REFUSED_TABLES = {
    "morx": "Apple’s substitutions",
    "mort": "Apple’s substitutions",
    "Silf": "Graphite’s substitutions",
    "fvar": "several shapes of each letter in one file",
    "SVG ": "pictures in the place of letters",
    "COLR": "pictures in the place of letters",
    "CBDT": "pictures in the place of letters",
    "sbix": "pictures in the place of letters",
}
"""Tables that draw other shapes than those looked at here."""

BY_THEMSELVES = frozenset({
    "abvm", "blwm", "calt", "ccmp", "clig", "curs", "dist", "fina", "init", "isol", "Ital", "liga",
    "lnum", "locl", "ltra", "ltrm", "mark", "medi", "pnum", "rand", "rclt", "rlig", "rvrn", "tnum",
    "valt", "vert",
})  # fmt: skip
"""Features that programs apply without being asked, or as sheets may ask (OpenType)."""

LARGEST = 10_000_000
"""Bytes of a font file. Arimo has 400,000; fonts with Chinese about 10 million."""

WIDEST = 1.6
"""The greatest width of a sign, as a share of the font's square: no word has room in it."""

SMALLEST = 0.08
"""The least height of a letter or digit, as a share of the font's square."""


@lru_cache(maxsize=16)
def font_faults(content: bytes) -> tuple[str, ...]:
    """What is wrong with a font file, as sentences; none where each letter is drawn as itself."""
    if len(content) > LARGEST:
        return (f"This font has more than {LARGEST:,} bytes.",)
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    try:
        with TTFont(BytesIO(content), lazy=True, fontNumber=0) as font:
            return tuple(dict.fromkeys(_faults(font)))
    except Exception:  # a damaged font makes the library raise anything
        return ("This font cannot be read.",)


def _faults(font: Any) -> Iterator[str]:
    for tag, what in REFUSED_TABLES.items():
        if tag in font:
            yield f"This font holds {what}."
    unicode = [each for each in font["cmap"].tables if each.isUnicode() and each.format != 14]
    tables = [each.cmap for each in unicode]
    characters = {chr(code): name for cmap in tables for code, name in cmap.items()}
    if not LETTERS & {*characters}:
        yield "This font has no Latin letters."
    for cmap in tables:
        for code, name in cmap.items():
            if characters[chr(code)] != name and chr(code) in LETTERS:
                yield f"This font draws '{chr(code)}' in two ways."
    yield from _shared(characters)
    yield from _misnamed(font, characters)
    yield from _unseen(font, characters)
    yield from _substituted(font, characters)
    yield from placing_faults(font, characters, TEXT)


def _shared(characters: dict[str, str]) -> Iterator[str]:
    drawn: dict[str, str] = {}
    for character in sorted(LETTERS & {*characters}):
        other = drawn.setdefault(characters[character], character)
        if other != character and not _alike(other, character):
            yield f"This font draws '{other}' and '{character}' alike."


def _alike(one: str, other: str) -> bool:
    return any({one, other} <= pair for pair in ALIKE) or _plain(one) == _plain(other)


def _plain(text: str) -> str:
    return normalize("NFKC", text)


def _misnamed(font: Any, characters: dict[str, str]) -> Iterator[str]:
    """A shape whose name says another character (Adobe Glyph List)."""
    if not _has_names(font):
        return
    for character in sorted(LETTERS & {*characters}):
        meant = _named(characters[character])
        if meant and not _alike(meant, character):
            yield f"This font draws '{character}' with the shape called '{characters[character]}'."


def _has_names(font: Any) -> bool:
    return "CFF " in font or ("post" in font and font["post"].formatType != 3)


def _named(glyph: str) -> str:
    """The characters that a shape's name says, or '' for none."""
    from fontTools.agl import toUnicode  # type: ignore[import-untyped]

    return str(toUnicode(glyph))


def _unseen(font: Any, characters: dict[str, str]) -> Iterator[str]:
    """Letters with an empty or tiny shape, and letters with the very same."""
    from fontTools.pens.boundsPen import BoundsPen
    from fontTools.pens.recordingPen import (  # type: ignore[import-untyped]
        DecomposingRecordingPen,
    )

    shapes, square = font.getGlyphSet(), font["head"].unitsPerEm
    drawn: dict[str, str] = {}
    for character in sorted(LETTERS & {*characters}):
        glyph = shapes[characters[character]]
        bounds, pen = BoundsPen(shapes), DecomposingRecordingPen(shapes)
        glyph.draw(bounds)
        glyph.draw(pen)
        height = bounds.bounds[3] - bounds.bounds[1] if bounds.bounds else 0
        if height < SMALLEST * square or glyph.width < SMALLEST * square:
            yield f"This font draws nothing to be seen for '{character}'."
        other = drawn.setdefault(repr(pen.value), character)
        if other != character and not _alike(other, character):
            yield f"This font draws '{other}' and '{character}' alike."
    for character in sorted(TEXT & {*characters}):
        glyph, bounds = shapes[characters[character]], BoundsPen(shapes)
        if character in " \u00a0":
            glyph.draw(bounds)
        if bounds.bounds or glyph.width > WIDEST * square:
            yield f"This font draws more than a sign for U+{ord(character):04X} ('{character}')."


# Substitutions.


def _substituted(font: Any, characters: dict[str, str]) -> Iterator[str]:
    """Substitutions that are made unasked and turn letters into other letters, or into nothing."""
    if "GSUB" not in font:
        return
    table = font["GSUB"].table
    if getattr(table, "FeatureVariations", None):
        yield "This font holds several shapes of each letter in one file."
    if not (table.FeatureList and table.LookupList):
        return
    says = _Says(characters)
    required = set(_required(table))
    wanted = {
        index
        for n, record in enumerate(table.FeatureList.FeatureRecord)
        if record.FeatureTag in BY_THEMSELVES or n in required
        for index in record.Feature.LookupListIndex
    }
    for before, after in _all_substitutions(table.LookupList.Lookup, wanted):
        meant, said = says.text(before), says.text(after)
        if {*meant} <= TEXT and not _alike(said, meant):
            yield f"This font puts another shape in the place of '{meant}' by itself."


def _required(table: Any) -> Iterator[int]:
    """The features that programs must apply whatever they are called."""
    for record in table.ScriptList.ScriptRecord if table.ScriptList else ():
        languages = [each.LangSys for each in record.Script.LangSysRecord]
        for system in filter(None, (record.Script.DefaultLangSys, *languages)):
            yield system.ReqFeatureIndex


class _Says:
    """What a shape says: the character that has it, else what its name says."""

    def __init__(self, characters: dict[str, str]) -> None:
        self._by_glyph: dict[str, str] = {}
        for character, glyph in sorted(characters.items(), reverse=True):
            if category(character) != "Co":  # for private use: says nothing
                self._by_glyph[glyph] = character

    def text(self, glyphs: tuple[str, ...]) -> str:
        """What several shapes say together; a replacement character for one that does not say.

        Such a one cannot come of letters, or the substitution that made it would have been found.
        """
        return "".join(self._by_glyph.get(each) or _named(each) or "\ufffd" for each in glyphs)


Substitution = tuple[tuple[str, ...], tuple[str, ...]]


def _all_substitutions(lookups: list[Any], wanted: set[int]) -> Iterator[Substitution]:
    """What each lookup replaces and by what, those that others call included."""
    done: set[int] = set()
    while wanted - done:
        index = min(wanted - done)
        done.add(index)
        for subtable in lookups[index].SubTable:
            inner = getattr(subtable, "ExtSubTable", subtable)
            yield from _substitutions(inner)
            wanted |= set(_called(inner))


def _substitutions(table: Any) -> Iterator[Substitution]:
    """What one subtable replaces (OpenType GSUB, types 1 to 4 and 8)."""
    kind = type(table).__name__
    if kind == "SingleSubst":
        yield from (((before,), (after,)) for before, after in table.mapping.items())
    elif kind == "MultipleSubst":
        yield from (((before,), tuple(after)) for before, after in table.mapping.items())
    elif kind == "LigatureSubst":
        found = ((first, each) for first, all_ in table.ligatures.items() for each in all_)
        yield from (((first, *each.Component), (each.LigGlyph,)) for first, each in found)
    elif kind == "AlternateSubst":
        chosen = ((before, after) for before, all_ in table.alternates.items() for after in all_)
        yield from (((before,), (after,)) for before, after in chosen)
    elif kind == "ReverseChainSingleSubst":
        pairs = zip(table.Coverage.glyphs, table.Substitute, strict=False)
        yield from (((before,), (after,)) for before, after in pairs)


def _called(table: Any) -> Iterator[int]:
    """The lookups that a contextual one calls, in whichever of its formats."""
    below = [table]
    while below:
        each = below.pop()
        if hasattr(each, "ensureDecompiled"):
            each.ensureDecompiled()
        if type(each).__name__ == "SubstLookupRecord":
            yield each.LookupListIndex
        elif isinstance(each, list):
            below += each
        elif hasattr(each, "__dict__") and not type(each).__name__.startswith(("Cover", "Class")):
            below += vars(each).values()
