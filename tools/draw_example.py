"""Draws the pictures of the example's invented bodies: `python -m tools.draw_example`.

A crest and three signatures, by geometry alone: no font, no chance, nothing of any real body. They
are finished pictures; those of the starter say that they are placeholders.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from math import cos, hypot, pi, radians, sin
from pathlib import Path

from PIL import Image, ImageDraw

EXAMPLE = Path(__file__).parents[1] / "letters/example/project"
ROUND = "rounds/2019-digital-evidence"
NAVY, INK = (29, 52, 97), (17, 22, 48)
DRAWN, CLEAR = 255, 0
DPI = 300
FINER = 4
"""How many times larger pictures are drawn, so that their edges become smooth."""

Point = tuple[float, float]


class Sheet:
    """A see-through sheet to draw on with one ink, in its own points."""

    def __init__(self, width: int, height: int, ink: tuple[int, int, int]) -> None:
        self.size, self.ink = (width, height), ink
        self.cover = Image.new("L", (width * FINER, height * FINER))
        self.pen = ImageDraw.Draw(self.cover)

    def shape(self, points: Sequence[Point], fill: int = DRAWN) -> None:
        """Fill a shape, or clear it."""
        self.pen.polygon([(x * FINER, y * FINER) for x, y in points], fill=fill)

    def stroke(self, points: Sequence[Point], width: float, fill: int = DRAWN) -> None:
        """Draw a line with round ends and corners, or clear it."""
        scaled = [(x * FINER, y * FINER) for x, y in points]
        self.pen.line(scaled, fill=fill, width=round(width * FINER), joint="curve")
        radius = width * FINER / 2
        for x, y in (scaled[0], scaled[-1]):
            self.pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=fill)

    def done(self) -> Image.Image:
        """The sheet in its own size."""
        image = Image.new("RGB", self.size, self.ink)
        image.putalpha(self.cover.resize(self.size, Image.Resampling.BOX))
        return image


def arc(centre: Point, radius: float, begin: float, end: float) -> list[Point]:
    """Points of a part of a circle; angles in degrees, clockwise from the right."""
    turns = [radians(begin + (end - begin) * n / 90) for n in range(91)]
    return [(centre[0] + radius * cos(turn), centre[1] + radius * sin(turn)) for turn in turns]


def crest() -> Image.Image:
    """A gate with three towers under two rings, a quill across it: Quillgate House."""
    sheet, middle = Sheet(472, 472, NAVY), (236.0, 236.0)
    sheet.stroke(arc(middle, 158, 0, 360), 9)
    sheet.stroke(arc(middle, 142, 0, 360), 3)
    _gate(sheet)
    _quill(sheet, (322, 128), (166, 322))
    for n in range(3):
        wave = [(150 + x, 334 + 11 * n + 3 * sin(x / 172 * 6 * pi)) for x in range(173)]
        sheet.stroke(wave[14 * n : len(wave) - 14 * n], 4)
    return sheet.done()


def _gate(sheet: Sheet) -> None:
    for left, top, width in ((160, 198, 42), (270, 198, 42), (206, 168, 60)):
        sheet.shape([(left, top), (left + width, top), (left + width, 318), (left, 318)])
        tooth = width / 5
        for n in (0, 2, 4):
            begin = left + n * tooth
            sheet.shape([(begin, top - 12), (begin + tooth, top - 12), (begin + tooth, top + 1),
                         (begin, top + 1)])  # fmt: skip
    sheet.shape([(202, 240), (270, 240), (270, 318), (202, 318)])
    sheet.shape([*arc((236, 270), 21, 180, 360), (257, 318), (215, 318)], CLEAR)
    for x in (181, 291):
        sheet.shape([*arc((x, 232), 6, 180, 360), (x + 6, 252), (x - 6, 252)], CLEAR)


def _quill(sheet: Sheet, tip: Point, nib: Point) -> None:
    """A feather from its tip to its nib, with a rim of nothing round it."""
    length = hypot(nib[0] - tip[0], nib[1] - tip[1])
    along = (nib[0] - tip[0]) / length, (nib[1] - tip[1]) / length
    across = -along[1], along[0]

    def at(far: float, side: float) -> Point:
        return (
            tip[0] + along[0] * far + across[0] * side,
            tip[1] + along[1] * far + across[1] * side,
        )

    vane = [(0.78 * length * n / 60, 23 * sin(pi * (n / 60) ** 0.8)) for n in range(61)]
    outline = [at(far, side) for far, side in vane]
    outline += [at(far, -0.7 * side) for far, side in reversed(vane)]
    sheet.stroke([*outline, outline[0]], 16, CLEAR)
    sheet.stroke([at(0.7 * length, 0), at(length, 0)], 16, CLEAR)
    sheet.shape(outline)
    sheet.stroke([at(18, 0), at(0.74 * length, 0)], 3, CLEAR)
    for far in (0.34, 0.5, 0.64):
        sheet.stroke([at(far * length, 3), at(far * length - 16, 26)], 3, CLEAR)
    sheet.stroke([at(0.7 * length, 0), at(length, 0)], 5)


SIGNATURES: dict[str, tuple[Point, ...]] = {
    "merriden": (
        (40, 120), (62, 48), (80, 116), (104, 44), (116, 122), (140, 92), (158, 78), (150, 112),
        (182, 82), (196, 112), (212, 84), (226, 112), (244, 86), (258, 112), (286, 40), (290, 108),
        (318, 84), (330, 110), (352, 86), (364, 108), (392, 92), (440, 100), (492, 70),
    ),
    "okoro-lind": (
        (72, 78), (58, 112), (96, 118), (112, 66), (70, 52), (54, 84), (96, 100), (140, 52),
        (136, 116), (164, 82), (182, 112), (206, 84), (196, 112), (228, 90), (246, 112), (262, 84),
        (282, 112), (318, 36), (312, 116), (346, 112), (366, 84), (378, 112), (404, 86), (420, 112),
        (448, 40), (446, 112), (486, 104),
    ),
    "tarrow": (
        (48, 62), (120, 46), (176, 56), (112, 58), (96, 122), (120, 122), (160, 84), (148, 112),
        (180, 112), (196, 82), (206, 96), (226, 84), (222, 112), (250, 82), (262, 96), (284, 84),
        (302, 112), (326, 84), (314, 112), (346, 86), (366, 112), (384, 84), (404, 112), (426, 80),
        (470, 88), (410, 134), (180, 140), (90, 136),
    ),
}  # fmt: skip
"""Where the pen of each signatory goes."""


def signature(path: Sequence[Point]) -> Image.Image:
    """A line through all points, thin where the pen is fast, on nothing."""
    sheet = Sheet(531, 177, INK)
    line = _curve(path)
    for before, after in pairwise(line):
        speed = hypot(after[0] - before[0], after[1] - before[1])
        sheet.stroke([before, after], max(2.0, 4.6 - speed * 0.5))
    return sheet.done()


def _curve(path: Sequence[Point], steps: int = 24) -> list[Point]:
    """A smooth line through points (Catmull and Rom's spline)."""
    around = [path[0], *path, path[-1]]
    line = []
    for p, q, r, s in zip(around, around[1:], around[2:], around[3:], strict=False):
        for n in range(steps):
            t = n / steps
            line.append((_between(t, p[0], q[0], r[0], s[0]), _between(t, p[1], q[1], r[1], s[1])))
    return [*line, path[-1]]


def _between(t: float, p: float, q: float, r: float, s: float) -> float:
    return 0.5 * (
        2 * q + (r - p) * t + (2 * p - 5 * q + 4 * r - s) * t**2 + (3 * q - p - 3 * r + s) * t**3
    )


def pictures() -> dict[str, Image.Image]:
    """Every picture by its file in the example project."""
    drawn = {f"{ROUND}/signature-{id_}.png": signature(path) for id_, path in SIGNATURES.items()}
    return {"templates/letterhead/crest.png": crest(), **drawn}


def main() -> None:
    """Write every picture."""
    for name, image in pictures().items():
        (EXAMPLE / name).parent.mkdir(parents=True, exist_ok=True)
        image.save(EXAMPLE / name, "PNG", optimize=True, dpi=(DPI, DPI))
        print(name)


if __name__ == "__main__":
    main()
