"""What styles, pages and fields of a Word file may not do to words: strike them out, turn them
round, print signs for letters, move them off the page, or draw words that nothing reads back.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from letters.render.docx.package import VML, Element, child, number, value, w

_OFF = ("0", "false", "off")
_MATHS = "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath"
_SIGNS = re.compile(r"(wingdings|webdings|symbol|marlett|mt extra|zapf ?dingbats)", re.IGNORECASE)
"""Fonts that draw signs in the place of letters."""

_FARTHEST = 5670
"""Ten centimetres in twips: as far as a paragraph may be set in."""

_OUTSIDE = 1134
"""Two centimetres in twips: as far as it may reach into the margin."""

_LIFT = 12
"""Half points: as far as words may stand above or below their line."""

_SMALLEST_PAGE = 4536
"""Eight centimetres in twips."""

_LARGEST_PAGE = 31680
"""The most that Word takes, in twips."""


class Fault(NamedTuple):
    """What is wrong, where in a user's words (a style, or nothing), and what to do in Word."""

    where: str
    what: str
    fix: str


def look_faults(
    styles: Element, texts: Iterable[Element], settings: Element | None, also: Iterable[str] = ()
) -> list[Fault]:
    """Find everything of the kind in a file's text parts, settings and styles.

    Looked at are the styles that its words have, and those with the ids `also`.
    """
    texts = list(texts)
    faults = [fault for style in _used(styles, texts, also) for fault in _of_style(style)]
    for root in texts:
        for element in root.iter(w("rPr"), w("pPr")):
            faults += _of_properties(element, "")
        for run in root.iter(w("r")):
            faults += _of_run(run)
        for section in root.iter(w("sectPr")):
            faults += _of_section(section)
        faults += _of_page(root, settings)
    return list(dict.fromkeys(faults))


def _used(styles: Element, texts: Iterable[Element], also: Iterable[str]) -> Iterator[Element]:
    """The styles that words of a file can have, those they are based on, the defaults of all."""
    yield from styles.iterchildren(w("docDefaults"))
    known = {value(style, "styleId"): style for style in styles.iterchildren(w("style"))}
    named = (e for root in texts for e in root.iter(w("pStyle"), w("rStyle"), w("tblStyle")))
    waiting = [*also, *(value(each) for each in named)]
    waiting += [id_ for id_, style in known.items() if value(style, "default") in ("1", "true")]
    seen: set[str] = set()
    while waiting:
        id_ = waiting.pop()
        if id_ in known and id_ not in seen:
            seen.add(id_)
            yield known[id_]
            waiting.append(value(child(known[id_], "basedOn")))


def _of_style(style: Element) -> Iterator[Fault]:
    name = value(child(style, "name"))
    where = f"The style '{name.title() if name.islower() else name}'"
    for properties in style.iter(w("rPr"), w("pPr")):
        yield from _of_properties(properties, where if name else "The usual style")
        yield from _signs(child(properties, "rFonts"), where if name else "The usual style")


def _of_run(run: Element) -> Iterator[Fault]:
    if "{{" in "".join(text.text or "" for text in run.iter(w("t"))):
        yield from _signs(child(run, "rPr", "rFonts"), "A placeholder’s text")


def _signs(fonts: Element | None, where: str) -> Iterator[Fault]:
    for name in ("ascii", "hAnsi", "cs"):
        if _SIGNS.match(value(fonts, name)):
            what = f"prints signs for letters, in the font '{value(fonts, name)}'."
            yield Fault(where, what, "Choose a font that draws each letter as itself.")
            return


def _of_properties(properties: Element, where: str) -> Iterator[Fault]:
    for element in properties:
        rule = _RULES.get(str(element.tag))
        if rule and (found := rule(element)):
            what, fix = found
            yield Fault(where or "Text", what, fix)


Rule = Callable[[Element], tuple[str, str] | None]


def _switch(what: str, fix: str) -> Rule:
    return lambda element: None if value(element) in _OFF else (what, fix)


def _lifted(element: Element) -> tuple[str, str] | None:
    if abs(number(element)) <= _LIFT:
        return None
    fix = "Under Font, Advanced, set the position to at most 6 points."
    return "stands far above or below its line.", fix


def _indented(element: Element) -> tuple[str, str] | None:
    sides = [number(element, n) for n in ("left", "start", "right", "end", "firstLine", "hanging")]
    if all(-_OUTSIDE <= side <= _FARTHEST for side in sides):
        return None
    return (
        "is set in so far that words can leave the page.",
        "Under Paragraph, set indents from -2 cm to 10 cm.",
    )


def _framed(element: Element) -> tuple[str, str] | None:
    at = [number(element, name) for name in ("x", "y")]
    if all(-_OUTSIDE <= each <= _LARGEST_PAGE // 2 for each in at):
        return None
    return "stands in a frame off the page.", "Move the frame onto the page, or remove it."


def _turned(element: Element) -> tuple[str, str] | None:
    if value(element) in ("", "lrTb", "lr", "tb"):
        return None
    return "runs up or down the page.", "Set the text direction to horizontal."


_STRUCK = _switch("is struck out.", "Under Font, clear 'Strikethrough'.")
_REVERSED = _switch("runs from right to left.", "Set the text direction to left to right.")
_RULES: Mapping[str, Rule] = {
    w("strike"): _STRUCK,
    w("dstrike"): _STRUCK,
    w("rtl"): _REVERSED,
    w("bidi"): _REVERSED,
    w("webHidden"): _switch("is hidden in web layout.", "Under Font, clear 'Hidden'."),
    w("fitText"): lambda _: ("is squeezed to a width.", "Take the fitted width out."),
    w("position"): _lifted,
    w("ind"): _indented,
    w("framePr"): _framed,
    w("textDirection"): _turned,
}


def _of_section(section: Element) -> Iterator[Fault]:
    page = "The page"
    size = child(section, "pgSz")
    if size is not None and min(number(size, "w"), number(size, "h")) < _SMALLEST_PAGE:
        yield Fault(page, "is too small for words.", "Under Layout, Size, choose A4.")
    if child(section, "lnNumType") is not None:
        what = "has numbers beside its lines, which the other formats lack."
        yield Fault(page, what, "Under Layout, switch off line numbers.")
    start = value(child(section, "pgNumType"), "start")
    if start not in ("", "1"):
        what = f"numbers begin at {start}, but the other formats begin at 1."
        yield Fault(page, what, "Under Page Number, Format, begin at 1.")
    for name in ("textDirection", "bidi"):
        element = child(section, name)
        if element is not None and (found := _RULES[w(name)](element)):
            yield Fault(page, *found)


def _of_page(root: Element, settings: Element | None) -> Iterator[Fault]:
    colour = value(child(root, "background"), "color").lower()
    is_shown = child(settings, "displayBackgroundShape")
    if (
        is_shown is not None
        and value(is_shown) not in _OFF
        and colour not in ("", "auto", "ffffff")
    ):
        what = "has a colour, on which words may not be seen."
        yield Fault("The page", what, "Under Design, Page Colour, choose no colour.")


def unread_faults(root: Element) -> Iterator[Fault]:
    """Find words of a finished file that are drawn and are no text; `texts` tells a layout's."""
    for path in root.iter(f"{{{VML}}}textpath"):
        what = f"'{path.get('string', '')}' is drawn, and no text that can be read back."
        yield Fault("The WordArt", what, "Take it out, or write it as text.")
    if next(root.iter(_MATHS), None) is not None:
        yield Fault("A formula", "is no text that can be read back.", "Write it as text.")
    for sign in root.iter(w("sym")):
        if not _SIGNS.match(value(sign, "font")):
            what = f"of the font '{value(sign, 'font')}' is no text that can be read back."
            yield Fault("A symbol", what, "Write it as text.")
