"""What the looks of a Word file may not do to words: hide them, strike them out, turn them round,
print signs for letters, move them off the page, or draw words that nothing reads back.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from letters.render.docx.package import VML, Element, child, number, value, w
from letters.render.docx.sight import PALE, VisibleText, may_hide
from letters.render.words import quoted

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


class LookFault(NamedTuple):
    """What is wrong, with what (the words, a style, the page), and what to do in Word."""

    where: str
    what: str
    fix: str


class FoundLooks:
    """What the styles and the theme of a file make of the words of its parts `texts`."""

    def __init__(self, styles: Element, theme: Element | None, texts: Iterable[Element]) -> None:
        self._styles, self._texts = styles, list(texts)
        self.sight = VisibleText(styles, theme) if may_hide(styles, *self._texts) else None
        """How words can be seen; nothing where there is nothing by which they could be hidden."""

    def of_styles(self, also: Iterable[str] = ()) -> Iterator[LookFault]:
        """Find what the styles do that words of the parts have, and those with the ids `also`."""
        for style in _used(self._styles, self._texts, also):
            yield from _of_style(style)

    def of_words(self, root: Element) -> tuple[LookFault, ...]:
        """Find what is done to words of a part where they stand, in one walk over it."""
        found: list[LookFault] = []
        unseen: dict[tuple[Element, str], str] = {}
        for element in root.iter(w("p"), w("r"), w("tcPr")):
            if element.tag == w("r"):
                found += _of_run(element)
                if why := self._unseen(element):
                    paragraph = next(element.iterancestors(w("p")))
                    words = unseen.get((paragraph, why), "") + _own_words(element)
                    unseen[paragraph, why] = words
            else:
                found += _of_block(element)
        found += [_hidden(words, why) for (_, why), words in unseen.items()]
        return tuple(dict.fromkeys(found))

    def _unseen(self, run: Element) -> str:
        """Why the words of a run cannot be seen; nothing where it has none, or they can."""
        if self.sight is None or not _own_words(run).strip():
            return ""
        paragraph = next(run.iterancestors(w("p")), None)
        if paragraph is None or _SLOT.search(_words(paragraph)):
            return ""  # a letter's own blocks stand in the place of the whole paragraph
        return self.sight.why_unseen(run, paragraph)


_SLOT = re.compile(r"\{\{p ")
_TAG = re.compile(r"\{\{[pr] .*?\}\}|\{%.*?%\}|\{#.*?#\}")
"""What a letter does not say of a layout's words."""

_FIXES = {PALE: "In Word: give it a darker colour (Home > Font Color), or delete it."}
_FIX = "In Word: show all marks (Ctrl+*), select it and clear its formatting, or delete it."


def _hidden(words: str, why: str) -> LookFault:
    return LookFault(quoted(words), f"cannot be seen: {why}.", _FIXES.get(why, _FIX))


def _words(element: Element) -> str:
    """The words in an element, placeholders as they are written."""
    return "".join(text.text or "" for text in element.iter(w("t")))


def _own_words(run: Element) -> str:
    """What a letter says of a run's words, without those of a text box in it."""
    texts = (t for t in run.iter(w("t")) if next(t.iterancestors(w("r"))) is run)
    return _TAG.sub("", "".join(text.text or "" for text in texts))


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


def _of_style(style: Element) -> Iterator[LookFault]:
    name = value(child(style, "name"))
    where = f"The style '{name.title() if name.islower() else name}'"
    for properties in style.iter(w("rPr"), w("pPr")):
        yield from _of_properties(properties, where if name else "The usual style")
        yield from _signs(child(properties, "rFonts"), where if name else "The usual style")


def _of_run(run: Element) -> Iterator[LookFault]:
    properties = child(run, "rPr")
    if properties is None:
        return
    words = _words(run)
    yield from _of_properties(properties, quoted(words))
    if "{{" in words:
        yield from _signs(child(properties, "rFonts"), quoted(words))


def _of_block(block: Element) -> Iterator[LookFault]:
    """What the properties of a paragraph or a cell do to the words in it."""
    properties = child(block, "pPr") if block.tag == w("p") else block
    if properties is not None:
        whole = block if block.tag == w("p") else block.getparent()
        words = "" if whole is None else _words(whole)
        yield from _of_properties(properties, quoted(words) if words.strip() else "A line")


def _signs(fonts: Element | None, where: str) -> Iterator[LookFault]:
    for name in ("ascii", "hAnsi", "cs"):
        if _SIGNS.match(value(fonts, name)):
            what = f"prints signs for letters, in the font '{value(fonts, name)}'."
            yield LookFault(where, what, "Choose a font that draws each letter as itself.")
            return


def _of_properties(properties: Element, where: str) -> Iterator[LookFault]:
    for element in properties:
        rule = _RULES.get(str(element.tag))
        if rule and (found := rule(element)):
            what, fix = found
            yield LookFault(where, what, fix)


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


def page_faults(root: Element, settings: Element | None) -> tuple[LookFault, ...]:
    """Find what the pages of a part do to its words."""
    found = [fault for section in root.iter(w("sectPr")) for fault in _of_section(section)]
    return tuple(dict.fromkeys([*found, *_of_page(root, settings)]))


def _of_section(section: Element) -> Iterator[LookFault]:
    page = "The page"
    size = child(section, "pgSz")
    if size is not None and min(number(size, "w"), number(size, "h")) < _SMALLEST_PAGE:
        yield LookFault(page, "is too small for words.", "Under Layout, Size, choose A4.")
    if child(section, "lnNumType") is not None:
        what = "has numbers beside its lines, which the other formats lack."
        yield LookFault(page, what, "Under Layout, switch off line numbers.")
    start = value(child(section, "pgNumType"), "start")
    if start not in ("", "1"):
        what = f"numbers begin at {start}, but the other formats begin at 1."
        yield LookFault(page, what, "Under Page Number, Format, begin at 1.")
    for name in ("textDirection", "bidi"):
        element = child(section, name)
        if element is not None and (found := _RULES[w(name)](element)):
            yield LookFault(page, *found)


def _of_page(root: Element, settings: Element | None) -> Iterator[LookFault]:
    colour = value(child(root, "background"), "color").lower()
    is_shown = child(settings, "displayBackgroundShape")
    if (
        is_shown is not None
        and value(is_shown) not in _OFF
        and colour not in ("", "auto", "ffffff")
    ):
        what = "has a colour, on which words may not be seen."
        yield LookFault("The page", what, "Under Design, Page Colour, choose no colour.")


def unread_faults(root: Element) -> Iterator[LookFault]:
    """Find words of a finished file that are drawn and are no text; `texts` tells a layout's."""
    for path in root.iter(f"{{{VML}}}textpath"):
        what = f"'{path.get('string', '')}' is drawn, and no text that can be read back."
        yield LookFault("The WordArt", what, "Take it out, or write it as text.")
    if next(root.iter(_MATHS), None) is not None:
        yield LookFault("A formula", "is no text that can be read back.", "Write it as text.")
    for sign in root.iter(w("sym")):
        if not _SIGNS.match(value(sign, "font")):
            what = f"of the font '{value(sign, 'font')}' is no text that can be read back."
            yield LookFault("A symbol", what, "Write it as text.")
