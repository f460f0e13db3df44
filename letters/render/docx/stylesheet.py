"""The styles of a Word layout, by the names a Word user sees."""

import re
from collections.abc import Iterator
from typing import NamedTuple
from xml.sax.saxutils import quoteattr

from lxml import etree

from letters.document import BULLETS, LATER_STYLES, list_label
from letters.errors import Place, Problem, did_you_mean
from letters.render.docx.package import Element, W, child, is_on, number, value, w

_PRIVATE_BULLETS = {"\uf0b7": "•", "\uf0a7": "▪", "\uf0fc": "✓", "\uf02d": "–"}
"""Bullets that Word takes from its Symbol and Wingdings fonts, as the characters they show."""


_FORMATS = (
    "decimal", "lowerLetter", "upperLetter", "lowerRoman", "upperRoman", "bullet", "none"
)  # fmt: skip
"""The formats whose numbers are worked out here (ST_NumberFormat)."""


class Level(NamedTuple):
    """One level of a list: number format, label text ("%1."), first number, indents in twips.

    `plain` says that all numbers of its label are Arabic (`w:isLgl`), `picture` that a picture
    is in the place of the label.
    """

    format: str
    text: str
    start: int
    left: int
    hanging: int
    plain: bool = False
    picture: bool = False

    def label(self, counters: dict[int, int]) -> str:
        """The label that Word prints when the levels stand at `counters`, "" where it has none.

        What no other format can print stands in pointed brackets: a picture, 'First', '01'.
        """
        if self.picture:
            return "‹picture›"
        if self.format == "bullet":
            return _PRIVATE_BULLETS.get(self.text, self.text)
        if self.format == "none":  # without its number; words round that are printed
            left = re.sub("%[1-9]", "", self.text).strip()
            return left if any(map(str.isalnum, left)) else ""
        return re.sub("%([1-9])", lambda m: self._number(counters.get(int(m[1]) - 1, 1)), self.text)

    def _number(self, count: int) -> str:
        text = str(count)
        if self.plain:
            return text
        if self.format not in _FORMATS:
            return f"‹{self.format} {text}›"
        if self.format.endswith("Letter"):  # after z come aa, bb, cc
            text = chr(ord("a") + (count - 1) % 26) * ((count + 25) // 26)
        elif self.format.endswith("Roman"):
            text = list_label(count, 0, 2).rstrip(".")
        return text.upper() if self.format.startswith("upper") else text


class Numbering:
    """The numbering part: abstract lists and the instances (`w:num`) that use them."""

    def __init__(self, root: Element | None) -> None:
        self.root = root
        self._abstracts = {value(a, "abstractNumId"): a for a in self._all("abstractNum")}
        self._instances = {value(n, "numId"): n for n in self._all("num")}

    def _all(self, name: str) -> Iterator[Element]:
        return iter(()) if self.root is None else self.root.iterchildren(w(name))

    @property
    def next_id(self) -> int:
        """The first number that no instance has."""
        return max((int(n) for n in self._instances if n.isdecimal()), default=0) + 1

    def abstract(self, instance: str) -> str:
        """The id of the abstract list behind an instance; '' where there is none."""
        abstract = value(child(self._instances.get(instance), "abstractNumId"))
        return self._linked(abstract) if abstract in self._abstracts else ""

    def _linked(self, abstract: str) -> str:
        """An abstract list may stand for the one that a list style is bound to."""
        link = value(child(self._abstracts[abstract], "numStyleLink"))
        bound = (n for n, a in self._abstracts.items() if value(child(a, "styleLink")) == link)
        return next(bound, abstract) if link else abstract

    def level(self, instance: str, depth: int) -> Level | None:
        """What level `depth` (from 0) of an instance looks like; None where it has none."""
        element = self.element(instance, depth)
        return None if element is None else _level(element)

    def element(self, instance: str, depth: int) -> Element | None:
        """The same as it is written."""
        own = child(self._override(instance, depth), "lvl")
        return own if own is not None else self._abstract_level(instance, depth)

    def first(self, instance: str, depth: int) -> int | None:
        """The number an instance begins with at `depth`, where it says so itself."""
        start = child(self._override(instance, depth), "startOverride")
        return None if start is None else number(start)

    def depth_of_style(self, instance: str, style: str) -> int:
        """The level that is bound to a paragraph style; 0 where none is."""
        for level in self._levels(self.abstract(instance)):
            if value(child(level, "pStyle")) == style:
                return number(level, "ilvl")
        return 0

    def _override(self, instance: str, depth: int) -> Element | None:
        found = self._instances.get(instance)
        overrides = () if found is None else found.iterchildren(w("lvlOverride"))
        return next((o for o in overrides if number(o, "ilvl") == depth), None)

    def _abstract_level(self, instance: str, depth: int) -> Element | None:
        levels = self._levels(self.abstract(instance))
        return next((x for x in levels if number(x, "ilvl") == depth), None)

    def _levels(self, abstract: str) -> Iterator[Element]:
        found = self._abstracts.get(abstract)
        return iter(()) if found is None else found.iterchildren(w("lvl"))


def _level(element: Element) -> Level:
    indent = child(element, "pPr", "ind")
    return Level(
        format=value(next(element.iter(w("numFmt")), None), default="decimal"),
        text=value(child(element, "lvlText")),
        start=number(child(element, "start"), default=0),
        left=number(indent, "left", number(indent, "start")),
        hanging=number(indent, "hanging"),
        plain=is_on(child(element, "isLgl")),
        picture=child(element, "lvlPicBulletId") is not None,
    )


class Counters:
    """The labels of a document's list paragraphs, given in reading order, as Word counts them."""

    def __init__(self, numbering: Numbering) -> None:
        self._numbering = numbering
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()

    def label(self, instance: str, depth: int) -> str:
        """The label of the next paragraph of `instance` at `depth`; '' where it has none."""
        level = self._numbering.level(instance, depth)
        if level is None:
            return ""
        counts = self._counts.setdefault(self._numbering.abstract(instance), {})
        counts[depth] = self._next(instance, depth, counts.get(depth, level.start - 1))
        for deeper in [d for d in counts if d > depth]:
            del counts[deeper]
        return level.label(counts)

    def _next(self, instance: str, depth: int, last: int) -> int:
        first = self._numbering.first(instance, depth)
        begins = first is not None and (instance, depth) not in self._begun
        self._begun.add((instance, depth))
        return first if begins and first is not None else last + 1


HEADINGS = ("Heading 1", "Heading 2", "Heading 3")
LETTER_STYLES = (
    "Sender Name", "Sender", "Addressee", "Delivery", "Copied To", "Date", "Salutation",
    "Closing", "Figure", "Signatory Name", "Signatory",
)  # fmt: skip
LIST_LEVELS = {
    f"List {kind}{depth}": (n, label)
    for kind, labels in (("Bullet", BULLETS), ("Number", ("1.", "a.", "i.")))
    for n, (depth, label) in enumerate(zip(("", " 2", " 3"), labels, strict=True))
}
"""Each list style with its level (from 0) and the label that its first paragraph must have."""

CONTINUED = ("List Continue", "List Continue 2", "List Continue 3")
REQUIRED = {
    "paragraph": (
        *LETTER_STYLES, *HEADINGS, "Quote", *LIST_LEVELS, *CONTINUED, "Table Heading", "Table Text",
    ),
    "character": ("Emphasis", "Strong", "Hyperlink", "Gap"),
    "table": ("Table Grid",),
}  # fmt: skip
"""The styles that a layout must offer, by kind."""

_SAVED_AS = {"sender": "envelope return", "addressee": "envelope address"}
"""The names that LibreOffice gives to two of the styles when it saves a Word file."""

_RUN_ORDER = (
    "rStyle", "rFonts", "b", "bCs", "i", "iCs", "caps", "smallCaps", "strike", "dstrike",
    "outline", "shadow", "emboss", "imprint", "noProof", "snapToGrid", "vanish", "webHidden",
    "color", "spacing", "w", "kern", "position", "sz", "szCs", "highlight", "u", "effect", "bdr",
    "shd", "fitText", "vertAlign", "rtl", "cs", "em", "lang", "eastAsianLayout", "specVanish",
    "oMath",
)  # fmt: skip
RUN_RANK = {name: rank for rank, name in enumerate(_RUN_ORDER)}
"""The order in which a run's properties must stand (CT_RPr)."""


class Indent(NamedTuple):
    """How far a paragraph stands from the margin, and its first line before that, in twips."""

    left: int = 0
    hanging: int = 0


class ListStyle(NamedTuple):
    """How a list style is numbered: instance, the abstract list behind it, and level."""

    instance: str
    abstract: str
    level: int


class StyleSheet:
    """The styles part of a layout, with the numbering its list styles use."""

    def __init__(self, root: Element, numbering: Numbering) -> None:
        self.root = root
        self.numbering = numbering
        self._by_id = {value(s, "styleId"): s for s in root.iterchildren(w("style"))}
        self._by_name = {
            value(child(s, "name")).lower(): s for s in self._by_id.values() if _is_named(s)
        }

    def find(self, name: str) -> Element | None:
        """The style a user knows as `name`; capitals do not matter, as in Word."""
        wanted = name.lower()
        return self._by_name.get(wanted, self._by_name.get(_SAVED_AS.get(wanted, wanted)))

    def names(self) -> Iterator[tuple[str, str]]:
        """Every style's name as a user sees it, and its kind."""
        for style in self._by_name.values():
            name = value(child(style, "name"))
            yield (name.title() if name.islower() else name), value(style, "type")

    def id(self, name: str) -> str:
        """The id by which paragraphs name a style."""
        return value(self.find(name), "styleId")

    def name(self, style: str) -> str:
        """The name, in lower case, of the style with an id; '' for the style of ordinary text."""
        return value(child(self._by_id.get(style), "name")).lower()

    def _chain(self, style: Element | None) -> Iterator[Element]:
        """A style, then the one it is based on, and so on."""
        seen: set[str] = set()
        while style is not None and value(style, "styleId") not in seen:
            yield style
            seen.add(value(style, "styleId"))
            style = self._by_id.get(value(child(style, "basedOn")))

    def numbered(self, style: str) -> tuple[str, int] | None:
        """The list instance and level that the style with an id is numbered by."""
        for each in self._chain(self._by_id.get(style)):
            found = child(each, "pPr", "numPr")
            if found is not None:
                return self._instance(each, found)
        return None

    def _instance(self, style: Element, numbered: Element) -> tuple[str, int] | None:
        instance = value(child(numbered, "numId"), default="0")
        level = child(numbered, "ilvl")
        if level is None:
            depth = self.numbering.depth_of_style(instance, value(style, "styleId"))
        else:
            depth = number(level)
        return None if instance == "0" else (instance, depth)

    def label(self, paragraph: Element) -> str:
        """The first label that Word prints before a paragraph numbered as this one; '' if none."""
        own = child(paragraph, "pPr", "numPr")
        style = value(child(paragraph, "pPr", "pStyle"), default=self.id("Normal"))
        instance, depth = self.numbered(style) or ("0", 0)
        instance = value(child(own, "numId"), default=instance)
        level = self.numbering.level(instance, number(child(own, "ilvl"), default=depth))
        return "" if level is None or instance == "0" else level.label({})

    def list_style(self, name: str) -> ListStyle | None:
        """How the list style `name` is numbered; None where it is not."""
        found = self.numbered(self.id(name))
        abstract = self.numbering.abstract(found[0]) if found else ""
        return ListStyle(found[0], abstract, found[1]) if found and abstract else None

    def level(self, name: str) -> Level | None:
        """What the numbering of the list style `name` looks like."""
        found = self.numbered(self.id(name))
        return self.numbering.level(*found) if found else None

    def indent(self, name: str) -> Indent:
        """How far the paragraphs of a style stand from the margin."""
        for style in self._chain(self.find(name)):
            found = child(style, "pPr", "ind")
            if found is not None:
                left = number(found, "left", number(found, "start"))
                return Indent(left, number(found, "hanging"))
        level = self.level(name)
        return Indent(level.left, level.hanging) if level else Indent()

    def space_after(self) -> int:
        """The space that ordinary text leaves below it, in twips."""
        for style in self._chain(self.find("Normal")):
            found = child(style, "pPr", "spacing")
            if found is not None and found.get(w("after")):
                return number(found, "after")
        defaults = child(self.root, "docDefaults", "pPrDefault", "pPr", "spacing")
        return number(defaults, "after")

    def looks(self, name: str) -> dict[str, str]:
        """The run properties of a character style, each as XML, by their names."""
        looks: dict[str, str] = {}
        for style in reversed(list(self._chain(self.find(name)))):
            properties = child(style, "rPr")
            for look in () if properties is None else properties:
                looks[etree.QName(look).localname] = _bare(look)
        return {name: xml for name, xml in looks.items() if name in RUN_RANK}

    @property
    def language(self) -> str:
        """The language of text that names none."""
        return value(child(self.root, "docDefaults", "rPrDefault", "rPr", "lang"))


def _is_named(style: Element) -> bool:
    return bool(value(child(style, "name")))


def _bare(look: Element) -> str:
    """A property as XML without the declaration of its namespace, which the letter has."""
    own = {etree.QName(key).localname: str(v) for key, v in look.attrib.items() if _is_own(key)}
    attributes = "".join(f" w:{name}={quoteattr(text)}" for name, text in own.items())
    return f"<w:{etree.QName(look).localname}{attributes}/>"


def _is_own(attribute: str | bytes) -> bool:
    return str(attribute).startswith(f"{{{W}}}")


def in_language(root: Element, code: str) -> Element:
    """The styles with `code` as the language of all text that names none; changes `root`."""
    parent = root
    for name in ("docDefaults", "rPrDefault", "rPr", "lang"):
        parent = _made(parent, name)
    parent.set(w("val"), code)
    for style in root.iterchildren(w("style")):
        if value(style, "default") in ("1", "true") and value(style, "type") == "paragraph":
            _forget_language(child(style, "rPr"))
    return root


def _made(parent: Element, name: str) -> Element:
    found = parent.find(w(name))
    if found is not None:
        return found
    made = etree.Element(w(name))
    first = name in ("docDefaults", "rPrDefault")
    parent.insert(0 if first else len(parent), made)
    return made


def _forget_language(properties: Element | None) -> None:
    language = child(properties, "lang")
    if properties is not None and language is not None:
        properties.remove(language)


def style_problems(styles: StyleSheet, place: Place) -> Iterator[Problem]:
    """A problem for each style that is missing, of the wrong kind, or wrongly numbered."""
    for kind, names in REQUIRED.items():
        for name in names:
            found = styles.find(name)
            if found is None:
                yield _missing(styles, name, kind, place)
            elif value(found, "type") != kind:
                yield _wrong_kind(name, value(found, "type"), kind, place)
            elif name in LIST_LEVELS:
                yield from _numbering(styles, name, place)


def label_problems(root: Element, styles: StyleSheet, place: Place) -> Iterator[Problem]:
    """Labels that Word prints before lines of a header or footer, or before empty lines."""
    for paragraph in root.iter(w("p")):
        words = "".join(text.text or "" for text in paragraph.iter(w("t"))).strip()
        if words and root.tag not in (w("hdr"), w("ftr")):
            continue  # the letter's words are read back with their labels
        if label := styles.label(paragraph):
            named = f"'{words}'" if words else "An empty line"
            what = f"{named} is numbered, so Word prints '{label}' before it."
            yield Problem(place, what, "In Word: under Paragraph, choose no numbering or bullets.")


def _missing(styles: StyleSheet, name: str, kind: str, place: Place) -> Problem:
    taken = {n.lower() for names in REQUIRED.values() for n in names}
    spare = [n for n, k in styles.names() if k == kind and n.lower() not in taken]
    fix = f"Add it under this name. {did_you_mean(name, spare)}".strip()
    return Problem(place, f"The {kind} style '{name}' is missing.", fix)


def _wrong_kind(name: str, found: str, kind: str, place: Place) -> Problem:
    fix = f"Delete it and add it as a {kind} style."
    return Problem(place, f"The style '{name}' is a {found or 'nameless'} style.", fix)


def _numbering(styles: StyleSheet, name: str, place: Place) -> Iterator[Problem]:
    depth, label = LIST_LEVELS[name]
    style, level = styles.list_style(name), styles.level(name)
    if style is None or level is None:
        kind = "a bullet" if "Bullet" in name else "a number format"
        yield Problem(place, f"The list style '{name}' has no numbering.", f"Give it {kind}.")
        return
    shown = level.label(dict.fromkeys(range(9), 1))
    if style.level != depth:
        what = f"The list style '{name}' is numbered at level {style.level + 1} of its list."
        yield Problem(place, what, f"Bind it to level {depth + 1}.")
    if shown != label:
        what = f"The list style '{name}' begins '{shown}', but the other formats show '{label}'."
        yield Problem(place, what, f"Set its first label to '{label}'.")


def later_ids(styles: StyleSheet) -> dict[str, str]:
    """The ids of `LATER_STYLES`, or of what serves in their place, by the name of the style."""
    found = ((name, styles.find(name)) for name in LATER_STYLES)
    return {
        name: styles.id(name if element is not None else LATER_STYLES[name])
        for name, element in found
    }
