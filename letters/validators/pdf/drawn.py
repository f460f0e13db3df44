"""Whether every word that a PDF reads out can be read by those who look at its pages.

Each page is drawn twice, as it is and without its words; where a character stands, the two pictures
must differ. One comparison finds words in the colour of their ground, words not painted or seen
through, cut off or covered, glyphs that draw nothing. What is not drawn at all leaves no character:
`passages` tells that.
"""

import ctypes
import io
import math
import threading
from collections.abc import Callable, Iterator
from itertools import pairwise
from typing import Any

import pypdfium2.raw as pdfium
from pikepdf import PasswordError, Pdf, PdfError
from PIL import Image, ImageChops
from pypdfium2 import PdfDocument, PdfiumError, PdfPage

from letters.render.words import Finding, quoted
from letters.validators.pdf.characters import Character, GlyphRun, read_characters

SCALE = 2
"""Dots to a point: 144 to an inch."""

LEAST = 48
"""How much, of 255, words must be darker or lighter than what they stand on."""

_CHANGED = [0] * LEAST + [255] * (256 - LEAST)
_DARK = [255] * (256 - LEAST) + [0] * LEAST
_LONGEST_NAME = 64
"""Characters of the name of a mark that are read."""

Area = tuple[int, int, int, int]
"""Left, top, right and foot of a part of a picture, in dots."""


class DrawnPage:
    """A page opened for drawing; its words are those that no artifact holds.

    `left`, `low`, `right` and `high` are its edges in points. Its pictures are in shades of grey:
    how light things are is what makes them legible.
    """

    def __init__(self, page: PdfPage) -> None:
        self._page = page
        self.left, self.low, self.right, self.high = map(float, page.get_bbox())
        self._others: list[Any] = []
        self._words: list[Any] = []
        count, get = pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject
        self._gather(page.raw, count, get, is_artifact=False)
        self.whole = self._picture()
        """The page as it is."""
        _show(self._words, is_shown=False)
        self._bare = self._picture()
        _show(self._others, is_shown=False)
        self._alone = self._picture_in(0)
        self.across_scale = self.whole.width / (self.right - self.left)
        """Dots to a point, from left to right."""
        self._down_scale = self.whole.height / (self.high - self.low)

    def across(self, x: float) -> float:
        """Turn points into dots from the left edge."""
        return (x - self.left) * self.across_scale

    def down(self, y: float) -> float:
        """Turn points into dots from the top edge."""
        return (self.high - y) * self._down_scale

    def with_words_in(self, shade: int) -> Image.Image:
        """Draw the page with all words black (0) or white (255), so that none is see-through."""
        _show(self._others, is_shown=True)
        return self._picture_in(shade)

    def seen(self, picture: Image.Image, area: Area) -> bytes:
        """Measure how much words change in each column of dots of an area, of 255.

        `picture` is the page with its words; dots that they change by less than `LEAST` count
        nothing.
        """
        with_words, without = picture.crop(area), self._bare.crop(area)
        return _columns(ImageChops.difference(with_words, without).point(_CHANGED))

    def drawn(self, area: Area) -> bytes:
        """Measure the same where words are black and nothing else is on the page."""
        return _columns(self._alone.crop(area).point(_DARK))

    def _gather(
        self, holder: Any, count: Callable[[Any], int], get: Callable[[Any, int], Any], *,
        is_artifact: bool,
    ) -> None:  # fmt: skip
        """Sort what a page or a form draws into words and all the rest."""
        for n in range(count(holder)):
            each = get(holder, n)
            kind, artifact = pdfium.FPDFPageObj_GetType(each), is_artifact or _is_artifact(each)
            if kind == pdfium.FPDF_PAGEOBJ_FORM:
                form_count, form_get = pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject
                self._gather(each, form_count, form_get, is_artifact=artifact)
            elif kind == pdfium.FPDF_PAGEOBJ_TEXT and not artifact:
                self._words.append(each)
            else:
                self._others.append(each)

    def _picture(self) -> Image.Image:
        picture: Image.Image = self._page.render(scale=SCALE, grayscale=True).to_pil()
        return picture

    def _picture_in(self, shade: int) -> Image.Image:
        """The page with its words in a shade of grey: 0 is black, 255 is white."""
        _show(self._words, is_shown=True)
        for each in self._words:
            pdfium.FPDFPageObj_SetFillColor(each, shade, shade, shade, 255)
        return self._picture()


def _columns(dots: Image.Image) -> bytes:
    return dots.resize((dots.width, 1), Image.Resampling.BOX).tobytes()


def _show(objects: list[Any], *, is_shown: bool) -> None:
    for each in objects:
        pdfium.FPDFPageObj_SetIsActive(each, is_shown)


def _is_artifact(found: Any) -> bool:
    return any(
        _mark_name(pdfium.FPDFPageObj_GetMark(found, n)) == "Artifact"
        for n in range(pdfium.FPDFPageObj_CountMarks(found))
    )


def _mark_name(mark: Any) -> str:
    name, length = (pdfium.FPDF_WCHAR * _LONGEST_NAME)(), ctypes.c_ulong()
    pdfium.FPDFPageObjMark_GetName(mark, name, ctypes.sizeof(name), length)
    return bytes(name)[: max(0, length.value - 2)].decode("utf-16-le", errors="replace")


RULE = "letters: sight"

SMALLEST = 4.0
"""Points below which letters cannot be read."""

LARGEST = 1700.0
"""Points of a page's longer side up to which it is drawn: a picture of it takes 6 MB."""

_INSIDE = 0.1
"""How much of a character's width, on either side, may hold ink of its neighbours."""

_LEAST_SEEN = 0.25
"""Share of a character's dots that must be seen: edges that a cover leaves free do not count."""

_OVERLAP_ACROSS, _OVERLAP_DOWN = 0.6, 0.6
"""Shares of the smaller of two characters from which they stand over one another."""

_MARGIN = 1.0
"""Points that a character may hang out of the page: fonts keep their letters' feet short of it."""

_NOT_PAINTED, _STENCIL = (3, 7), (4, 5, 6)
"""Ways of drawing text that paint nothing, and that make a stencil of it (PDF 1.7, table 106)."""

_MALFORMED = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What reading a page raises that makes no sense."""

_LOCK = threading.Lock()
"""The drawing library serves one thread at a time."""

_COVERED = "seen", "something covers it"
_PALE = "seen", "its colour is that of what is behind it, or it is see-through"
_CUT = "seen", "it is cut off"
_SHAPELESS = "seen", "it is faded out or cut off, or its font has no shapes for it"
_UNPAINTED = "seen", "it is not painted"
_OUTSIDE = "seen", "it is outside the page"
_OVER = "read", "other words are in the same place"
_SMALL = "read", f"its letters are smaller than {SMALLEST:g} points"
_TURNED = "read", "it is turned, mirrored or written backwards"
_CUTTING = "read", "it is a stencil for what is drawn after it"

_SPACE = Character(" ", has_shape=False, start=0, end=0)

_UNKNOWN = "seen", "it is not there"
"""Stands for a reason that is yet to be found."""

Why = tuple[str, str]
"""What a reader cannot do with words, and the reason as a clause."""


def drawn_findings(content: bytes) -> tuple[Finding, ...]:
    """Find the words of a PDF letter that those who look at its pages cannot read.

    One finding for each page and reason, which quotes the words. Artifacts (page numbers, marks of
    drafts) are left out as words, and count as what may cover words. A file that cannot be opened
    or drawn has one finding.
    """
    try:
        with Pdf.open(io.BytesIO(content)) as pdf:
            pages = read_characters(pdf)
        with _LOCK, PdfDocument(content) as drawing:
            found = [_page(number, runs, drawing) for number, runs in enumerate(pages)]
    except (PdfError, PasswordError, PdfiumError):
        return (Finding(RULE, "The file is damaged or locked: its pages cannot be drawn."),)
    except _MALFORMED:
        return (Finding(RULE, "The file is damaged: its pages make no sense."),)
    return tuple(finding for findings in found for finding in findings)


def _page(number: int, runs: list[GlyphRun], drawing: PdfDocument) -> list[Finding]:
    page = drawing[number]
    if max(page.get_size()) > LARGEST:
        return [Finding(RULE, f"Page {number + 1} is larger than A2, and was not looked at.")]
    sheet = DrawnPage(page)
    faults = [_faults(run, sheet) for run in runs]
    for place, character in _overlaps(runs):
        faults[place].setdefault(character, _OVER)
    if any(_UNKNOWN in found.values() for found in faults):
        _explain(sheet, runs, faults)
    page.close()
    words: dict[Why, list[str]] = {}
    for run, found in zip(runs, faults, strict=True):
        for why in dict.fromkeys(found.values()):
            words.setdefault(why, []).append(_words(run, found, why))
    return [
        Finding(RULE, f"{quoted(' '.join(said))} cannot be {verb} on page {number + 1}: {why}.")
        for (verb, why), said in words.items()
    ]


def _faults(run: GlyphRun, sheet: DrawnPage) -> dict[int, Why]:
    """Why characters of a run cannot be read, by their number in it; most have no entry."""
    shapes = [n for n, each in enumerate(run.characters) if each.has_shape]
    why = _of_all(run, sheet)
    if why:
        return dict.fromkeys(shapes, why)
    found = dict.fromkeys(_unseen(run, sheet, sheet.whole), _UNKNOWN)
    for n in shapes:
        if why := _of_one(run, run.characters[n], sheet):
            found[n] = why
    for n in _backwards(run):
        found.setdefault(n, _TURNED)
    return found


def _of_all(run: GlyphRun, sheet: DrawnPage) -> Why | None:
    """Why no character of a run can be read, where its state alone says so."""
    if run.mode in _NOT_PAINTED:
        return _UNPAINTED
    if run.mode in _STENCIL:
        return _CUTTING
    if not _holds(sheet.low, run.low, run.high, sheet.high):
        return _OUTSIDE
    if run.size < SMALLEST:
        return _SMALL
    if not run.is_upright:
        return _TURNED
    return _CUT if _is_cut(run.low, run.high, run.window.low, run.window.high) else None


def _of_one(run: GlyphRun, each: Character, sheet: DrawnPage) -> Why | None:
    """Why a single character cannot be read, by its place."""
    if not _holds(sheet.left, each.start, each.end, sheet.right):
        return _OUTSIDE
    return _CUT if _is_cut(each.start, each.end, run.window.left, run.window.right) else None


def _holds(least: float, low: float, high: float, most: float) -> bool:
    return least - _MARGIN <= low and high <= most + _MARGIN


def _is_cut(low: float, high: float, least: float, most: float) -> bool:
    """Whether a window (`least` to `most`) shows less than half of an extent."""
    return min(high, most) - max(low, least) < (high - low) / 2


def _unseen(run: GlyphRun, sheet: DrawnPage, picture: Image.Image | None = None) -> set[int]:
    """The characters of a run of which nothing, or little, is seen in a picture of the page.

    Without a picture: of which nothing is seen though nothing else is on the page. Looked at is the
    inner part of a character's width. A sign without a width of its own (an accent) stands on the
    character before it.
    """
    left, right = math.floor(sheet.across(run.left)), math.ceil(sheet.across(run.right))
    top, foot = math.floor(sheet.down(run.high)), math.ceil(sheet.down(run.low))
    area = (left, top, max(left + 1, right), max(top + 1, foot))
    drawn = sheet.drawn(area)
    seen = drawn if picture is None else sheet.seen(picture, area)
    begin, dots = sheet.left + left / sheet.across_scale, sheet.across_scale
    missing = set()
    for place, (_, has_shape, start, end) in enumerate(run.characters):
        edge = _INSIDE * (end - start)
        first, last = int((start + edge - begin) * dots), math.ceil((end - edge - begin) * dots)
        there = sum(seen[first:last])
        if has_shape and edge > 0 and (not there or there < _LEAST_SEEN * sum(drawn[first:last])):
            missing.add(place)
    return missing


def _explain(sheet: DrawnPage, runs: list[GlyphRun], faults: list[dict[int, Why]]) -> None:
    """Find why there is no ink: words are looked at in other colours, and alone on the page."""
    black, white = sheet.with_words_in(0), sheet.with_words_in(255)
    for run, found in zip(runs, faults, strict=True):
        unknown = [n for n, why in found.items() if why == _UNKNOWN]
        if not unknown:
            continue
        hidden = _unseen(run, sheet, black) & _unseen(run, sheet, white)
        nowhere = _unseen(run, sheet)
        for place in unknown:
            if place not in hidden:
                found[place] = _PALE
            else:
                found[place] = _SHAPELESS if place in nowhere else _COVERED


def _overlaps(runs: list[GlyphRun]) -> Iterator[tuple[int, int]]:
    """Characters that stand over others, by the number of their run and their own in it."""
    shapes = [[each for each in run.characters if each.has_shape] for run in runs]
    upwards = sorted(range(len(runs)), key=lambda n: runs[n].low)
    for at, n in enumerate(upwards):
        yield from ((n, place) for place in _crowded(runs[n]))
        for other in upwards[at + 1 :]:
            if runs[other].low >= runs[n].high:
                break
            below, above = sorted((n, other))  # in the order of painting
            if _same_height(runs[n], runs[other]) and _same_width(runs[n], runs[other]):
                yield from ((above, place) for place in _over(runs[above], shapes[below]))


def _same_height(run: GlyphRun, other: GlyphRun) -> bool:
    shared = min(run.high, other.high) - max(run.low, other.low)
    return shared > _OVERLAP_DOWN * min(run.high - run.low, other.high - other.low)


def _same_width(run: GlyphRun, other: GlyphRun) -> bool:
    return run.left < other.right and other.left < run.right


def _backwards(run: GlyphRun) -> Iterator[int]:
    """Characters that stand left of the one before them."""
    for place, (before, after) in enumerate(pairwise(run.characters), start=1):
        if after.has_shape and after.start < before.start and after.end > after.start:
            yield place


def _crowded(run: GlyphRun) -> Iterator[int]:
    """Characters that stand over the one before them."""
    for place, (before, after) in enumerate(pairwise(run.characters), start=1):
        overlaps = before.end > after.start and _meet(before, after)
        if overlaps and before.has_shape and after.has_shape:
            yield place


def _over(run: GlyphRun, others: list[Character]) -> Iterator[int]:
    for place, each in enumerate(run.characters):
        if each.has_shape and any(_meet(each, other) for other in others):
            yield place


def _meet(one: Character, other: Character) -> bool:
    """Whether two characters of one height share most of the width of one."""
    shared = min(one.end, other.end) - max(one.start, other.start)
    least = min(one.end - one.start, other.end - other.start)
    return least > 0 and shared > _OVERLAP_ACROSS * least


def _words(run: GlyphRun, found: dict[int, Why], why: Why) -> str:
    """The words of a run that hold a character with a fault."""
    words, word, is_faulty = [], "", False
    for place, each in enumerate((*run.characters, _SPACE)):
        if each.text.isspace():
            words += [word] if is_faulty else []
            word, is_faulty = "", False
        else:
            word += each.text
            is_faulty = is_faulty or found.get(place) == why
    return " ".join(words)
