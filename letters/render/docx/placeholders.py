"""The placeholders of a whole Word layout: the names it uses, and what is wrong with them."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from typing import NamedTuple

from lxml import etree

from letters.document import SLOTS
from letters.errors import Place, Problem, did_you_mean, nearest
from letters.render.docx.package import Element, WordPackage, w
from letters.render.docx.parts import LayoutParts, WordPart
from letters.render.docx.tidy import PlaceholderTag, TagScan, paragraphs, scan

Say = Callable[[str, str], None]
"""Notes a problem: what is wrong, and what to do."""

_NAME = r"[A-Za-z_]\w*"
_ASKED = re.compile(
    rf"(?:if|elif)\s+((?:not\s+)?{_NAME}(?:\s+(?:and|or)\s+(?:not\s+)?{_NAME})*)", re.ASCII
)
_WORDS = {"if", "elif", "and", "or", "not"}


class Conditions:
    """Follows the conditions of one part in reading order."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._open: list[PlaceholderTag] = []

    def follow(self, tag: PlaceholderTag) -> list[str]:
        """Check one statement; the names it asks about."""
        word = tag.content.partition(" ")[0]
        asked = _ASKED.fullmatch(tag.content)
        if tag.prefix in ("", "p") and (asked or tag.content in ("else", "endif")):
            self._begin(tag) if word == "if" else self._go_on(tag)
            names = re.findall(_NAME, asked[0] if asked else "")
            return [name for name in names if name not in _WORDS]
        self._say(
            f"{tag.text} is not a statement that a layout may hold.",
            "Use only {% if name %}, {% elif name %}, {% else %} and {% endif %}.",
        )
        return []

    def finish(self) -> None:
        """Say what was left open."""
        for tag in self._open:
            self._say(f"{tag.text} is never closed.", f"Add {_endif(tag)} after it.")

    def _begin(self, tag: PlaceholderTag) -> None:
        self._open.append(tag)

    def _go_on(self, tag: PlaceholderTag) -> None:
        if not self._open:
            self._say(f"{tag.text} has no {{% if … %}} before it.", "Add one, or remove it.")
            return
        begun = self._open[-1]
        if tag.content == "endif":
            self._open.pop()
        if tag.prefix != begun.prefix or _home(tag) is not _home(begun):
            self._say(
                f"{tag.text} is apart from its {begun.text}.",
                "Put both in one paragraph, or write {%p … %} for both, each alone in a paragraph.",
            )


def _home(tag: PlaceholderTag) -> Element | None:
    """What must be the same for the tags of one condition, or the file would break."""
    return tag.paragraph.getparent() if tag.prefix else tag.holder


def _endif(tag: PlaceholderTag) -> str:
    return f"{{%{tag.prefix} endif %}}"


MARK = "draft_mark"
FILTERS = ("capitalize", "lower", "trim", "upper")
_PRINT = re.compile(r"([A-Za-z_]\w*)((?:\s*\|\s*[A-Za-z_]\w*)*)", re.ASCII)


class PrintedPlaceholders:
    """Checks the placeholders of one part that print something."""

    def __init__(self, part: WordPart, is_header: bool, say: Say) -> None:
        self._part = part
        self._is_header = is_header
        self._say = say
        self.slots: list[str] = []
        self.marks = 0

    def follow(self, tag: PlaceholderTag) -> list[str]:
        """Check one placeholder; the names of texts it prints."""
        found = _PRINT.fullmatch(tag.content)
        if not found:
            self._say(
                f"{tag.text} asks for more than a name.",
                "Write only a name between the braces, such as {{ force_name }}.",
            )
            return []
        self._filters(tag, found[2])
        return self._named(tag, found[1])

    def _named(self, tag: PlaceholderTag, name: str) -> list[str]:
        if name == MARK:
            self._mark(tag)
        elif name in SLOTS:
            self._slot(tag, name)
        elif tag.prefix == "p":
            fix = did_you_mean(name, SLOTS) or f"Write {{{{ {name} }}}}."
            self._say(f"{tag.text} is not a slot.", fix)
        elif tag.prefix:
            self._say(f"{tag.text} would remove what is round it.", f"Write {{{{ {name} }}}}.")
        else:
            return [name]
        return []

    def _filters(self, tag: PlaceholderTag, filters: str) -> None:
        for name in re.findall(r"\w+", filters):
            if name not in FILTERS:
                fix = f"Use one of these or none: {', '.join(FILTERS)}."
                self._say(f"The filter '{name}' in {tag.text} is not allowed.", fix)

    def _slot(self, tag: PlaceholderTag, name: str) -> None:
        self.slots.append(name)
        if tag.prefix != "p" or tag.content != name:
            self._say(
                f"{tag.text} would put whole paragraphs inside a line of text.",
                f"Write {{{{p {name} }}}}, alone in its paragraph.",
            )
        if self._part.label != "body":
            self._say(f"{tag.text} is in the {self._part.label}.", "Move it to the body.")
        elif next(tag.paragraph.iterancestors(w("txbxContent")), None) is not None:
            self._say(f"{tag.text} is in a text box.", "Move it out of the text box.")

    def _mark(self, tag: PlaceholderTag) -> None:
        self.marks += 1
        if tag.prefix != "r" or tag.content != MARK:
            self._say(f"{tag.text} would not show the draft mark.", "Write {{r draft_mark }}.")
        if not self._is_header:
            self._say(
                f"{tag.text} is in the {self._part.label}, where no mark can be shown.",
                "Move it to the headers.",
            )
        if tag.after:
            self._say(
                f"The text '{tag.after}' after {tag.text} would lose its look.",
                "Move {{r draft_mark }} to the end of its paragraph.",
            )


_CLOSING = {"{{": "}}", "{%": "%}", "{#": "#}"}
_OPENING = {"}}": "{{", "%}": "{%"}
_BESIDE = {
    "sectPr": "a section break", "drawing": "a picture", "pict": "a picture",
    "object": "an embedded object", "fldChar": "a field", "fldSimple": "a field",
    "br": "a line or page break", "tab": "a tab", "footnoteReference": "a footnote",
    "endnoteReference": "a footnote", "bookmarkStart": "a bookmark", "bookmarkEnd": "a bookmark",
}  # fmt: skip
"""What else a paragraph may hold that its slot would take away."""


_NAMED = re.compile(r"\{\{\s*(\w+)\s*\}\}")


class PlaceholderUse(NamedTuple):
    """A name that a layout prints or asks about, in which tag, and where."""

    name: str
    tag: str
    place: Place


class PartReading:
    """The placeholders of one part."""

    def __init__(self, part: WordPart, is_header: bool, file: str) -> None:
        self.part = part
        self.place = Place(file, cell=part.label)
        self.uses: list[PlaceholderUse] = []
        self.problems: list[Problem] = []
        self.prints = PrintedPlaceholders(part, is_header, self._say)
        self._conditions = Conditions(self._say)
        for paragraph in paragraphs(part.root):
            self._paragraph(paragraph, scan(paragraph))
        self._conditions.finish()
        self._attributes(part.root)

    def _say(self, what: str, fix: str) -> None:
        self.problems.append(Problem(self.place, what, fix))

    def _paragraph(self, paragraph: Element, found: TagScan) -> None:
        for braces, near in found.strays:
            self._stray(braces, near)
        for tag in found.tags:
            self._tag(tag)
            if tag.prefix == "p":
                self._alone(paragraph, tag, found)

    def _stray(self, braces: str, near: str) -> None:
        if braces in _CLOSING:
            fix = f"End it with '{_CLOSING[braces]}'."
            self._say(f"'{braces}' is never closed in '{near}'.", fix)
        else:
            fix = f"Begin with '{_OPENING[braces]}'."
            self._say(f"'{braces}' ends what was never begun in '{near}'.", fix)

    def _tag(self, tag: PlaceholderTag) -> None:
        if tag.kind == "{#":
            self._comment(tag)
            return
        reader = self.prints if tag.kind == "{{" else self._conditions
        self.uses += [PlaceholderUse(name, tag.text, self.place) for name in reader.follow(tag)]

    def _comment(self, tag: PlaceholderTag) -> None:
        if tag.prefix or tag.content.startswith("-") or tag.content.endswith("-"):
            self._say(f"{tag.text} would remove what is round it.", "Write {# … #}.")

    def _alone(self, paragraph: Element, tag: PlaceholderTag, found: TagScan) -> None:
        others = [t.text for t in found.tags if t is not tag]
        words = found.literal.strip()
        beside = [f"'{words}'"] if words else []
        for lost in [*beside, *others, *_beside(paragraph)]:
            fix = f"Give {tag.text} a paragraph of its own."
            self._say(f"The paragraph of {tag.text} also holds {lost}, which would be lost.", fix)

    def _attributes(self, root: Element) -> None:
        for element in root.iter(etree.Element):
            texts = [str(v) for v in element.attrib.values()] + [element.tail or ""]
            if element.tag != w("t"):
                texts.append(element.text or "")
            for text in texts:
                if "{{" in text or "{%" in text or "{#" in text:
                    self._say(
                        f"'{text}' is in a field or in the properties of a picture or link.",
                        "Use placeholders in ordinary text only.",
                    )


def _beside(paragraph: Element) -> Iterator[str]:
    found = set()
    for element in paragraph.iter(etree.Element):
        name = etree.QName(element).localname
        parent = element.getparent()
        if name == "tab" and (parent is None or parent.tag != w("r")):
            continue
        found.add(_BESIDE.get(name, ""))
    return iter(sorted(found - {""}))


class LayoutPlaceholders:
    """The placeholders of all parts."""

    def __init__(self, package: WordPackage, parts: LayoutParts, place: Place) -> None:
        self._package = package
        self._parts = parts
        self._place = place
        self._readings = [
            PartReading(part, part.name in parts.headers, place.file) for part in parts.texts
        ]
        self.uses = tuple(use for reading in self._readings for use in reading.uses)
        self.idle_uses = tuple(_property_uses(package, place))
        """Names in the layout's own properties, which each letter's replace."""
        self.slots = tuple(slot for reading in self._readings for slot in reading.prints.slots)
        """The slots in the file's order."""

    def problems(self) -> list[Problem]:
        """What is wrong with them, whatever names the letters have."""
        problems = [problem for reading in self._readings for problem in reading.problems]
        return [*problems, *self._slots(), *self._marks(), *self._elsewhere()]

    def _slots(self) -> Iterator[Problem]:
        counts = Counter(slot for r in self._readings for slot in r.prints.slots)
        place = Place(self._place.file, cell="body")
        for slot in SLOTS:
            tag = f"{{{{p {slot} }}}}"
            if not counts[slot]:
                fix = f"Add {tag} in a paragraph of its own."
                yield Problem(place, f"The slot {tag} is missing.", fix)
            if counts[slot] > 1:
                yield Problem(
                    place, f"The slot {tag} is there {_times(counts[slot])}.", "Keep one."
                )

    def _marks(self) -> Iterator[Problem]:
        for label in self._parts.missing_headers:
            yield Problem(
                self._place,
                f"The layout has no {label}, so a draft could not be marked on its pages.",
                f"Add one that holds {{{{r {MARK} }}}}.",
            )
        for reading in self._readings:
            marks = reading.prints.marks
            if reading.part.name in self._parts.headers and marks != 1:
                found = f"is there {_times(marks)}" if marks else "is missing"
                fix = "Keep one." if marks else "Add it at the end of a paragraph of this header."
                yield Problem(reading.place, f"{{{{r {MARK} }}}} {found}.", fix)

    def _elsewhere(self) -> Iterator[Problem]:
        """Charts and the like, which nobody fills in."""
        texts = {part.name for part in self._parts.texts}
        main = self._parts.main.name
        for kind in ("header", "footer"):  # one that no page shows does no harm
            texts |= {name for _, name in self._package.related(main, kind)}
        for name, content in sorted(self._package.parts.items()):
            text = name.startswith("word/") and name.endswith(".xml")
            if text and name not in texts and b"{{" in content:
                what = f"The file's part '{name}' holds a placeholder that is never filled in."
                fix = "Move it to the body, a header, a footer or a note."
                yield Problem(self._place, what, fix)


def _property_uses(package: WordPackage, place: Place) -> Iterator[PlaceholderUse]:
    here = Place(place.file, cell="document properties")
    for kind in ("core-properties", "extended-properties", "custom-properties"):
        if name := package.one("", kind):
            for text in package.xml(name).itertext():
                for tag in _NAMED.finditer(str(text)):
                    yield PlaceholderUse(tag[1], tag[0], here)


def _times(count: int) -> str:
    return "twice" if count == 2 else f"{count} times"


def unknown(uses: Collection[PlaceholderUse], names: Collection[str]) -> Iterator[Problem]:
    """A problem for each use of a name that letters do not have."""
    known = sorted({*names, *SLOTS, MARK})
    for use in uses:
        if use.name not in known:
            near = nearest(use.name, known)
            fix = f"Did you mean {{{{ {near} }}}}?" if near else "Remove it, or correct the name."
            yield Problem(use.place, f"{use.tag} is not a placeholder.", fix)
