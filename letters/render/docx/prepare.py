"""A Word layout made ready for letters: templates compiled, unchanged parts compressed."""

import posixpath
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree
from markupsafe import Markup

from letters.document import SLOTS
from letters.errors import Place, Problem
from letters.render.docx.body import LayoutFacts
from letters.render.docx.package import (
    WP,
    Element,
    Packed,
    WordPackage,
    packed,
    relationships_name,
    relationships_xml,
    w,
    xml_bytes,
)  # fmt: skip
from letters.render.docx.parts import LayoutParts, clear_properties
from letters.render.docx.placeholders import MARK
from letters.render.docx.stylesheet import StyleSheet, in_language

DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def template_sources(parts: LayoutParts) -> dict[str, str]:
    """The parts that hold placeholders, by name, with each placeholder where Jinja can see it."""
    from docxtpl import DocxTemplate  # costs a quarter of a second, and only letters need it

    patch: Callable[[str], str] = DocxTemplate("").patch_xml
    return {
        part.name: DECLARATION + patch(etree.tostring(part.root, encoding="unicode"))
        for part in parts.texts
        if part is parts.main or "{" in own_words(part.root)
    }


def own_words(element: Element) -> str:
    """The text under an element, as its runs have it."""
    return "".join(text.text or "" for text in element.iter(w("t")))


def sandbox() -> ImmutableSandboxedEnvironment:
    """The environment of layouts: strict, sandboxed, every text literal."""
    return ImmutableSandboxedEnvironment(
        autoescape=True, undefined=StrictUndefined, finalize=_with_breaks
    )


def _with_breaks(text: object) -> object:
    """A text of several lines, with Word's line breaks; blocks are left as they are."""
    if not isinstance(text, str) or isinstance(text, Markup) or "\n" not in text:
        return text
    return Markup('</w:t><w:br/><w:t xml:space="preserve">').join(text.splitlines())


_TRIALS = (("text", Markup("<w:p/>")), ("", Markup("")))
"""Every placeholder full, and every one empty: the two sides of each condition."""


def trial_problems(
    parts: LayoutParts, sources: Mapping[str, str], names: frozenset[str], place: Place
) -> Iterator[Problem]:
    """A problem for each part that would break the file."""
    for part in parts.texts:
        source = sources.get(part.name, "<none/>")
        if not all(_is_sound(source, names, *trial) for trial in _TRIALS):
            what = "The placeholders cannot be filled in without breaking the file."
            fix = "Delete them and type each again, in one go."
            yield Problem(Place(place.file, cell=part.label), what, fix)


def _is_sound(source: str, names: frozenset[str], text: str, blocks: Markup) -> bool:
    texts = {**dict.fromkeys(names, text), **dict.fromkeys(SLOTS, blocks), MARK: Markup("")}
    try:
        etree.fromstring(sandbox().from_string(source).render(texts).encode())
    except (TemplateError, etree.XMLSyntaxError):
        return False
    return True


_EMPTY = Markup("<w:p/>")
_PNG = "image/png"


@dataclass(frozen=True)
class PreparedLayout:
    """What is left to do for each letter, and everything that is done already.

    `relationships` holds those that the body and the headers have already, as XML; `in_cells` the
    slots that stand in a table's cell, which Word will not have empty.
    """

    main: str
    templates: dict[str, Template]
    packed: dict[str, Packed]
    relationships: dict[str, str]
    numbering: str
    numbering_parts: tuple[str, str]
    styles: str
    styles_in: Callable[[str], Packed]
    language: str
    headers: tuple[str, ...]
    in_cells: frozenset[str]
    facts: LayoutFacts

    @property
    def media(self) -> str:
        """The folder of the package that a letter's images go to."""
        return posixpath.dirname(self.main)


def prepare(
    package: WordPackage, parts: LayoutParts, styles: StyleSheet, sources: Mapping[str, str]
) -> PreparedLayout:
    """Prepare a layout that has no problems; `sources` are its parts as Jinja templates."""
    _clean(package, parts)
    environment = sandbox()
    templates = {name: environment.from_string(source) for name, source in sources.items()}
    main = parts.main.name
    numbering, style_part = package.one(main, "numbering"), package.one(main, "styles")
    editable = (main, *parts.headers)
    relations = {n: "".join(map(str, package.relationships(n))) for n in editable}
    changing = {*templates, numbering, style_part, *map(relationships_name, editable)}
    return PreparedLayout(
        main=main,
        templates=templates,
        packed=_fixed(package, changing, relations, parts.headers),
        relationships=relations,
        numbering=numbering,
        numbering_parts=_halves(package.xml(numbering)),
        styles=style_part,
        styles_in=_styles_in(package.parts[style_part]),
        language=styles.language,
        headers=parts.headers,
        in_cells=_in_cells(parts.main.root),
        facts=LayoutFacts.of(styles, parts.text_width(), _last_drawing(parts)),
    )


def _clean(package: WordPackage, parts: LayoutParts) -> None:
    """Take out what belongs to the layout's makers, and say that letters hold PNG images."""
    clear_properties(package)
    package.declare("Default", "Extension", "png", _PNG)
    for part in parts.texts:
        package.parts[part.name] = xml_bytes(part.root)


def _fixed(
    package: WordPackage, changing: set[str], relations: dict[str, str], headers: tuple[str, ...]
) -> dict[str, Packed]:
    """The parts that are the same in every finished letter."""
    fixed = {n: packed(c) for n, c in package.parts.items() if n not in changing}
    for name in headers:
        if relations[name]:
            content = relationships_xml(relations[name])
            fixed[relationships_name(name)] = packed(content)
    return fixed


def _halves(root: Element) -> tuple[str, str]:
    """The numbering part before and after the place where list instances go."""
    marker = etree.Element(w("num"))
    last = root.find(w("numIdMacAtCleanup"))
    root.insert(len(root) if last is None else root.index(last), marker)
    marker.set("here", "")
    text = etree.tostring(root, encoding="unicode")
    before, _, rest = text.partition("<w:num here")
    return DECLARATION + before, rest.partition("/>")[2]


def _styles_in(styles: bytes) -> Callable[[str], Packed]:
    """The styles part by the letter's language, compressed once for each."""

    @lru_cache(maxsize=8)
    def styles_in(code: str) -> Packed:
        return packed(xml_bytes(in_language(etree.fromstring(styles), code)))

    return styles_in


def _in_cells(root: Element) -> frozenset[str]:
    """The slots whose paragraph stands in a cell of a table."""
    texts = {
        own_words(p).strip()
        for p in root.iter(w("p"))
        if (parent := p.getparent()) is not None and parent.tag == w("tc")
    }
    return frozenset(slot for slot in SLOTS if f"p {slot}" in {t.strip("{} ") for t in texts})


def _last_drawing(parts: LayoutParts) -> int:
    """The highest number of the layout's drawings, those of its draft marks included.

    No two drawings of a file may have the same.
    """
    found = (d.get("id", "") for p in parts.texts for d in p.root.iter(f"{{{WP}}}docPr"))
    own = max((int(n) for n in found if n.isdecimal()), default=0)
    return own + len(parts.headers)


def in_cell(blocks: Markup) -> Markup:
    """Blocks as a cell of a table must have them: a paragraph at the end."""
    return blocks if blocks.endswith("</w:p>") else blocks + _EMPTY
