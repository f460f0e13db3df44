"""What the looks of a Word file may not do to words: hide them, strike them out, turn them round,
print signs for letters, move them off the page, or draw words that nothing reads back.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import NamedTuple

from lxml import etree

from letters.render.docx.package import MC, VML, WP, A, Element, child, is_on, number, value, w
from letters.render.docx.pages import (
    covers,
    floating,
    framed,
    indented,
    section_faults,
    table_indented,
)
from letters.render.docx.sight import PALE, VisibleText, may_hide, visible_text
from letters.render.words import quoted

_OFF = ("0", "false", "off")
_MATHS = "{http://schemas.openxmlformats.org/officeDocument/2006/math}oMath"
SIGNS = re.compile(
    r"(wingdings|webdings|symbol|marlett|mt extra|(itc )?zapf ?dingbats|bookshelf symbol|ms outlook"
    r"|ms reference specialty|monotype sorts|bodoni ornaments|apple braille)",
    re.IGNORECASE,
)
"""Fonts that draw signs in the place of letters, as Windows, Office and macOS bring them."""

_WORD_2010 = "http://schemas.microsoft.com/office/word/2010"
_SHAPES = f"{_WORD_2010}/wordprocessingShape"
_GROUPS = f"{_WORD_2010}/wordprocessingGroup"
_CANVAS = f"{_WORD_2010}/wordprocessingCanvas"

_LIFT = 12
"""Half points: as far as words may stand above or below their line."""


class LookFault(NamedTuple):
    """What is wrong, with what (the words, a style, the page), and what to do in Word."""

    where: str
    what: str
    fix: str


class FoundLooks:
    """What the styles and the theme of a file make of the words of its parts `texts`."""

    def __init__(self, styles: Element, theme: Element | None, texts: Iterable[Element]) -> None:
        self._styles, self._theme, self._texts = styles, theme, list(texts)
        self._fonts = {} if theme is None else _theme_fonts(theme)
        self.sight = visible_text(styles, theme) if may_hide(styles, *self._texts) else None
        """How words can be seen; nothing where there is nothing by which they could be hidden."""

    def of_styles(self, also: Iterable[str] = ()) -> Iterator[LookFault]:
        """Find what the styles do that words of the parts have, and those with the ids `also`."""
        for style in _used(self._styles, self._texts, also):
            yield from self._of_style(style)

    def of_labels(self, name: str, level: Element, style: str) -> Iterator[LookFault]:
        """Find what the level of a list does to the labels of the style `name` with the id."""
        where = f"The label of the style '{name}'"
        is_bullet = value(child(level, "numFmt")) == "bullet"
        for properties in level.iterchildren(w("rPr"), w("pPr")):
            yield from _of_properties(properties, where)
            if not is_bullet:
                yield from self._signs(child(properties, "rFonts"), where)
        if why := VisibleText(self._styles, self._theme).hides(style, level=level):
            fix = "In Word: under Define New Multilevel List, Font, choose that of the text."
            yield LookFault(where, f"cannot be seen: {why}.", fix)

    def of_words(self, root: Element) -> tuple[LookFault, ...]:
        """Find what is done to words of a part where they stand, in one walk over it."""
        found: list[LookFault] = []
        unseen: dict[tuple[Element, str], str] = {}
        for element in root.iter(w("p"), w("r"), *_BLOCKS):
            if element.tag == w("r"):
                found += self._of_run(element)
                if why := self._unseen(element):
                    paragraph = next(element.iterancestors(w("p")))
                    words = unseen.get((paragraph, why), "") + _own_words(element)
                    unseen[paragraph, why] = words
            else:
                found += _of_block(element)
        found += [_hidden(words, why) for (_, why), words in unseen.items()]
        return tuple(dict.fromkeys(found))

    def _of_style(self, style: Element) -> Iterator[LookFault]:
        name = value(child(style, "name"))
        where = f"The style '{name.title() if name.islower() else name}'"
        for properties in style.iter(w("rPr"), w("pPr"), *_BLOCKS):
            yield from _of_properties(properties, where if name else "The usual style")
            fonts = child(properties, "rFonts")
            yield from self._signs(fonts, where if name else "The usual style")

    def _of_run(self, run: Element) -> Iterator[LookFault]:
        properties = child(run, "rPr")
        if properties is None:
            return
        words = _words(run)
        yield from _of_properties(properties, quoted(words))
        if words.strip():
            yield from self._signs(child(properties, "rFonts"), quoted(words))

    def _signs(self, fonts: Element | None, where: str) -> Iterator[LookFault]:
        for name in ("ascii", "hAnsi", "cs", "eastAsia"):
            themed = value(fonts, "cstheme" if name == "cs" else f"{name}Theme")
            font = self._fonts.get(themed[:5], "") or value(fonts, name)
            if SIGNS.match(font):
                what = f"prints signs for letters, in the font '{font}'."
                yield LookFault(where, what, "Choose a font that draws each letter as itself.")
                return

    def _unseen(self, run: Element) -> str:
        """Why the words of a run cannot be seen; nothing where it has none, or they can."""
        if self.sight is None or not _own_words(run).strip():
            return ""
        paragraph = next(run.iterancestors(w("p")), None)
        if paragraph is None or _SLOT.search(_words(paragraph)):
            return ""  # a letter's own blocks stand in the place of the whole paragraph
        return self.sight.why_unseen(run, paragraph)


def _theme_fonts(theme: Element) -> dict[str, str]:
    """A theme's fonts for headings and for text, by the first letters of what runs call them."""
    found = {}
    for kind in ("major", "minor"):
        for latin in theme.iterfind(f".//{{{A}}}{kind}Font/{{{A}}}latin"):
            found[kind] = str(latin.get("typeface", ""))
    return found


_BLOCKS = (w("tcPr"), w("trPr"), w("tblPr"))
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


def _of_block(block: Element) -> Iterator[LookFault]:
    """What the properties of a paragraph or a cell do to the words in it."""
    properties = child(block, "pPr") if block.tag == w("p") else block
    if properties is not None:
        whole = block if block.tag == w("p") else block.getparent()
        words = "" if whole is None else _words(whole)
        yield from _of_properties(properties, quoted(words) if words.strip() else "A line")


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
    if abs(number(element, point=2)) <= _LIFT:
        return None
    fix = "Under Font, Advanced, set the position to at most 6 points."
    return "is far above or below its line.", fix


def _turned(element: Element) -> tuple[str, str] | None:
    if value(element) in ("", "lrTb", "lr", "tb"):
        return None
    return "runs up or down the page.", "Set the text direction to horizontal."


def _on_its_side(element: Element) -> tuple[str, str] | None:
    if value(element, "vert", "0") in _OFF:
        return None
    return "is turned on its side.", "Clear its formatting."


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
    w("ind"): indented,
    w("framePr"): framed,
    w("tblpPr"): floating,
    w("tblInd"): table_indented,
    w("hidden"): _switch("is in a hidden row.", "Delete the row and insert it again."),
    w("tcFitText"): _switch("is squeezed to a width.", "Under Cell Options, clear 'Fit text'."),
    w("cs"): _switch("is marked as of another script.", "Clear its formatting."),
    "{http://schemas.microsoft.com/office/word/2012/wordml}collapsed": _switch(
        "is folded, so what comes after it is not shown until a reader unfolds it.",
        "Under Paragraph, clear 'Collapsed by default'.",
    ),
    w("textDirection"): _turned,
    w("eastAsianLayout"): _on_its_side,
}


def page_faults(root: Element, settings: Element | None) -> tuple[LookFault, ...]:
    """Find what the pages of a part do to its words."""
    found = [fault for section in root.iter(w("sectPr")) for fault in _of_section(section)]
    return tuple(dict.fromkeys([*found, *_of_page(root, settings)]))


def _of_section(section: Element) -> Iterator[LookFault]:
    page = "The page"
    yield from (LookFault(page, *found) for found in section_faults(section))
    if child(section, "lnNumType") is not None:
        what = "has numbers beside its lines, which the other formats lack."
        yield LookFault(page, what, "Under Layout, switch off line numbers.")
    start = value(child(section, "pgNumType"), "start")
    if start not in ("", "1"):
        what = f"numbers begin at {start}, but the other formats begin at 1."
        yield LookFault(page, what, "Under Page Number, Format, begin at 1.")
    numbers = child(section, "pgNumType")
    if value(numbers, "chapStyle") or value(numbers, "fmt") in ("cardinalText", "ordinalText"):
        what = "numbers say more than a number."
        yield LookFault(page, what, "Under Page Number, Format, choose '1, 2, 3'.")
    for name in ("textDirection", "bidi"):
        element = child(section, name)
        if element is not None and (found := _RULES[w(name)](element)):
            yield LookFault(page, *found)


def _of_page(root: Element, settings: Element | None) -> Iterator[LookFault]:
    ground, page = child(root, "background"), "The page"
    if ground is not None and is_on(child(settings, "displayBackgroundShape")):
        fix = "Under Design, Page Colour, choose no colour."
        colours = (value(ground, "color").lower(), value(ground, "themeColor"))
        if colours[0] not in ("", "auto", "ffffff") or colours[1] not in ("", "background1"):
            yield LookFault(page, "has a colour, on which words may not be seen.", fix)
        elif len(ground):
            yield LookFault(page, "has a picture behind its words, which nothing reads.", fix)
    mapped = child(settings, "clrSchemeMapping")
    colours = value(mapped, "bg1", "light1"), value(mapped, "t1", "dark1")
    if root.tag == w("document") and colours != ("light1", "dark1"):
        what = "has the colours of words and paper changed about."
        yield LookFault(page, what, "Under Design, Colours, choose a set with dark words.")
    for name in covers(root):
        where = f"The drawing {quoted(name)}" if name else "A drawing"
        fix = "Under Wrap Text, choose 'Behind Text' or 'Square'."
        yield LookFault(where, "lies over words.", fix)


_HOLDERS = {
    *map(w, (
        "document", "body", "hdr", "ftr", "footnotes", "endnotes", "footnote", "endnote", "p", "r",
        "hyperlink", "smartTag", "customXml", "sdt", "sdtContent", "tbl", "tr", "tc", "fldSimple",
        "pict", "object", "drawing", "txbxContent", "ruby", "rt", "rubyBase", "ins", "moveTo",
    )),
    *(f"{{{MC}}}{name}" for name in ("AlternateContent", "Choice", "Fallback")),
    *(f"{{{WP}}}{name}" for name in ("inline", "anchor")),
    *(f"{{{A}}}{name}" for name in ("graphic", "graphicData")),
    *(f"{{{_SHAPES}}}{name}" for name in ("wsp", "txbx")),
    *(f"{{{_GROUPS}}}{name}" for name in ("wgp", "grpSp")),
    f"{{{_CANVAS}}}wpc",
    *(
        f"{{{VML}}}{name}"
        for name in ("shape", "rect", "roundrect", "oval", "group", "textbox", "line", "polyline")
    ),
}  # fmt: skip
"""The elements whose words Word shows as they are written.

Word passes over elements of kinds that it does not know, with everything in them."""


_IN_RUNS = (w("r"), f"{{{MC}}}Choice", f"{{{MC}}}Fallback")


def misplaced(root: Element) -> Iterator[LookFault]:
    """Find words in elements where Word does not show them, or not as they are written."""
    said: dict[str, str] = {}
    for text in root.iter(w("t")):
        outer = text.getparent()
        odd = None if outer is not None and outer.tag in _IN_RUNS else outer
        while odd is None and outer is not None:
            odd, outer = None if outer.tag in _HOLDERS else outer, outer.getparent()
        if odd is not None and (text.text or "").strip():
            name = etree.QName(odd).localname
            said[name] = said.get(name, "") + (text.text or "")
    for name, words in said.items():
        what = f"is in '{name}', where Word shows no words, or not as they are written."
        yield LookFault(quoted(words), what, "In Word: delete it and type it again.")
    for words in _replaced(root):
        if not _NUMBER(words):
            what = "is shown by a field, which prints the number of a page in its place."
            yield LookFault(quoted(words), what, "In Word: press Ctrl+Shift+F9 in it.")
    if any(map(_leaves_fields_open, root.iter(w("p")))):
        what = "does not end in the paragraph it begins in, so Word may show it in place of words."
        yield LookFault("A field", what, "In Word: press Alt+F9 to see it, and delete it.")


def _replaced(root: Element) -> Iterator[str]:
    """Words that a field shows until Word puts the number of the page in their place."""
    code, is_shown = "", False
    for each in root.iter(w("p"), w("fldChar"), w("instrText"), w("t"), w("fldSimple")):
        if each.tag == w("p"):
            code, is_shown = "", False
        elif each.tag == w("instrText"):
            code += each.text or ""
        elif each.tag == w("fldChar"):
            kind = value(each, "fldCharType")
            code, is_shown = "" if kind == "begin" else code, kind == "separate"
        elif each.tag == w("fldSimple"):
            words = "".join(text.text or "" for text in each.iter(w("t")))
            yield words if _COUNTS(value(each, "instr")) else ""
        elif is_shown and _COUNTS(code):
            yield each.text or ""


_COUNTS = re.compile(r"\s*(?:page|numpages|section|sectionpages)\b", re.IGNORECASE).match
_NUMBER = re.compile(r"[\divxlcdm\s–-]*|[a-z]", re.IGNORECASE).fullmatch


def _leaves_fields_open(paragraph: Element) -> bool:
    """Whether a field begins in a paragraph and ends in another one, or nowhere."""
    marks = (e for e in paragraph.iter(w("fldChar")) if next(e.iterancestors(w("p"))) is paragraph)
    kinds = [value(mark, "fldCharType") for mark in marks]
    return kinds.count("begin") != kinds.count("end")


def unread_faults(root: Element) -> Iterator[LookFault]:
    """Find words of a finished file that are drawn and are no text; `texts` tells a layout's."""
    yield from misplaced(root)
    for path in root.iter(f"{{{VML}}}textpath"):
        what = f"'{path.get('string', '')}' is drawn, and no text that can be read back."
        yield LookFault("The WordArt", what, "Take it out, or write it as text.")
    if next(root.iter(_MATHS), None) is not None:
        yield LookFault("A formula", "is no text that can be read back.", "Write it as text.")
    for sign in root.iter(w("sym")):
        if not SIGNS.match(value(sign, "font")):
            what = f"of the font '{value(sign, 'font')}' is no text that can be read back."
            yield LookFault("A symbol", what, "Write it as text.")
