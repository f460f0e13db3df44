"""A font of the layout that puts letters elsewhere than where they are read."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import pytest
from fontTools.feaLib.builder import (  # type: ignore[import-untyped]
    addOpenTypeFeaturesFromString,
)
from fontTools.pens.transformPen import TransformPen  # type: ignore[import-untyped]
from fontTools.pens.ttGlyphPen import TTGlyphPen  # type: ignore[import-untyped]
from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

from letters.render.allowed.fonts import font_faults

FONTS = sorted((Path(__file__).parents[3] / "letters/render/fonts").glob("*.ttf"))
REGULAR = next(path for path in FONTS if path.stem == "Arimo-Regular")
Change = Callable[[TTFont], None]


def drawn(letter: str, *shapes: tuple[str, int, int]) -> Change:
    """Draw a letter as the shapes of others, each so far to the right and above."""

    def change(font: TTFont) -> None:
        glyphs, names = font.getGlyphSet(), font.getBestCmap()
        pen = TTGlyphPen(glyphs)
        for other, right, above in shapes:
            glyphs[names[ord(other)]].draw(TransformPen(pen, (1, 0, 0, 1, right, above)))
        name = names[ord(letter)]
        font["glyf"][name] = glyph = pen.glyph()
        glyph.recalcBounds(font["glyf"])
        font["hmtx"][name] = (font["hmtx"][name][0], glyph.xMin)

    return change


def feature(text: str) -> Change:
    return lambda font: addOpenTypeFeaturesFromString(font, text)


def flat(font: TTFont) -> None:
    font["hhea"].ascent, font["hhea"].descent = 100, 0


def kerned(font: TTFont) -> None:
    """An older table of kerning."""
    from fontTools.ttLib.tables._k_e_r_n import (  # type: ignore[import-untyped]
        KernTable_format_0,
        table__k_e_r_n,
    )

    pairs = KernTable_format_0()
    pairs.coverage, pairs.kernTable = 1, {("n", "o"): -1100}
    font["kern"] = table__k_e_r_n("kern")
    font["kern"].version, font["kern"].kernTables = 0, [pairs]


def as_mark(font: TTFont) -> None:
    font["GDEF"].table.GlyphClassDef.classDefs["n"] = 3


BESIDE = "This font draws '{}' beside its place, or more than it.".format
MOVES = "This font moves '{}' away from its place.".format
ATTACKS: dict[str, tuple[Change, tuple[str, ...]]] = {
    "words beside a sign": (
        drawn("!", ("!", 0, 0), ("n", 3000, 0), ("o", 4200, 0)),
        (BESIDE("!"),),
    ),
    "a sign far to the left": (drawn("?", ("?", -20000, 0)), (BESIDE("?"),)),
    "a sign on the line above": (drawn("?", ("?", 0, 3000)), (BESIDE("?"),)),
    "flat lines": (
        flat,
        ("This font sets lines on each other: its lines have hardly any height.",),
    ),
    "letters set on one another": (
        feature("feature kern { pos n o -1139; } kern;"),
        (MOVES("n"), MOVES("o")),
    ),
    "a class of letters": (
        feature("feature kern { pos [n] [o e] -1139; } kern;"),
        (MOVES("n"),),
    ),
    "a letter taken away": (
        feature("feature kern { pos t <-20000 0 0 0>; } kern;"),
        (MOVES("t"),),
    ),
    "by the older table": (kerned, (MOVES("n"), MOVES("o"))),
    "a letter as an accent": (as_mark, (MOVES("n"),)),
    "a letter on another": (
        feature(
            "markClass [n] <anchor 0 0> @TOP;"
            "feature mark { pos base o <anchor 0 0> mark @TOP; } mark;"
        ),
        (MOVES("n"),),
    ),
    "kerning": (feature("feature kern { pos A V -300; } kern;"), ()),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_a_font_that_puts_letters_elsewhere_is_refused(name: str) -> None:
    change, said = ATTACKS[name]
    with TTFont(REGULAR) as font:
        change(font)
        content = BytesIO()
        font.save(content)
    assert font_faults(content.getvalue()) == said


@pytest.mark.parametrize("path", FONTS, ids=lambda path: path.stem)
def test_sound_fonts_pass(path: Path) -> None:
    assert font_faults(path.read_bytes()) == ()
