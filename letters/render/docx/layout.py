"""The Word layout of a round: `letter.docx`, checked and prepared once (templates compiled,
unchanged parts compressed), rendered many times."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from jinja2 import StrictUndefined, Template, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment
from lxml import etree
from markupsafe import Markup

from letters.document import SLOTS, Document
from letters.errors import Place, Problem, ProblemsFound
from letters.files import relative
from letters.questions import Answers
from letters.render.assets import Crest
from letters.render.docx.body import Body, LayoutFacts, word_language
from letters.render.docx.crest import (
    handling_run,
    mark_image,
    page_mark,
    settle_crest,
    shows_placeholder,
)
from letters.render.docx.package import (
    WP,
    Element,
    NotReadable,
    Packed,
    R,
    Relationship,
    WordPackage,
    packed,
    refuse_large,
    relationships_name,
    relationships_xml,
    w,
    xml_bytes,
    zipped,
)  # fmt: skip  # fmt: skip
from letters.render.docx.parts import (
    CORE_PART,
    LayoutParts,
    clear_properties,
    core_xml,
    refuse_long,
    text_parts,
)
from letters.render.docx.placeholders import MARK, LayoutPlaceholders, unknown
from letters.render.docx.stylesheet import Numbering, StyleSheet, in_language, style_problems
from letters.render.docx.texts import residue, text_problems
from letters.render.docx.tidy import tidy
from letters.sources.tables import read_bytes

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
    slots that end a table's cell, which Word will not have empty.
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
    """The slots whose paragraph is the last of a table's cell."""
    ends = (cell[-1] for cell in root.iter(w("tc")) if len(cell) and cell[-1].tag == w("p"))
    texts = {own_words(paragraph).strip() for paragraph in ends}
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


LAYOUT_FILE = "letter.docx"
_MARK_ID = "rIdLetterDraft"
_MARK_FILE = "media/draft.png"


class WordLayout:
    """A Word layout: an ordinary Word file with placeholders and named styles."""

    def __init__(
        self,
        content: bytes,
        place: Place,
        crest: Crest | None = None,
        answers: Answers | None = None,
    ) -> None:
        """Read the file; where its users have not put a crest of their own, it gets `crest`."""
        self.file = place.file
        try:
            package = WordPackage.read(content)
            refuse_large(package)
            package.check()
            self._read(package, place, crest, answers or Answers())
        except NotReadable as found:
            raise ProblemsFound([Problem(place, found.what, found.fix)]) from found

    @classmethod
    def load(
        cls, folder: Path, root: Path, crest: Crest | None = None, answers: Answers | None = None
    ) -> WordLayout:
        """Read `folder`'s letter.docx; problems name it relative to `root`.

        `crest` is the picture of PDF and web page; `answers` say whether Word shows it too where
        the file has another one.

        Raises ProblemsFound if there is none, or if it is no Word document that can be read. All
        other problems are those of `problems`, so that they are shown together.
        """
        path = folder / LAYOUT_FILE
        place = Place(relative(path, root))
        problems: list[Problem] = []
        content = read_bytes(path, root, problems)
        if content is None:
            raise ProblemsFound(problems)
        return cls(content, place, crest, answers)

    @property
    def names(self) -> frozenset[str]:
        """The placeholders that the layout prints or asks about."""
        return self._names

    @property
    def asked(self) -> frozenset[str]:
        """Those of `names` that the layout does more with than print them as they are."""
        plain = re.compile(r"\{\{\s*\w+\s*\}\}")
        return frozenset(use.name for use in self._uses if not plain.fullmatch(use.tag))

    def _read(
        self, package: WordPackage, place: Place, crest: Crest | None, answers: Answers
    ) -> None:
        parts = text_parts(package)
        refuse_long(parts)
        questions = settle_crest(package, parts, crest, answers, place) if crest else ()
        self.shows_placeholder = shows_placeholder(package, parts)
        numbering_part = package.one(parts.main.name, "numbering")
        numbering = Numbering(package.xml(numbering_part) if numbering_part else None)
        styles = StyleSheet(_styles(package, parts.main.name), numbering)
        tidy(package, parts)
        reading = LayoutPlaceholders(package, parts, place)
        self._uses = (*reading.uses, *reading.idle_uses)
        self._names = frozenset(use.name for use in reading.uses)
        self.slots = reading.slots
        self._faults = [
            *reading.problems(),
            *style_problems(styles, place),
            *residue(package, parts, place),
            *text_problems(package, parts, styles, answers, place),
            *questions,
        ]
        self._prepared = None if self._faults else self._prepare(package, parts, styles, place)

    def _prepare(
        self, package: WordPackage, parts: LayoutParts, styles: StyleSheet, place: Place
    ) -> PreparedLayout | None:
        sources = template_sources(parts)
        self._faults += trial_problems(parts, sources, self._names, place)
        return None if self._faults else prepare(package, parts, styles, sources)

    def problems(self, names: Collection[str]) -> tuple[Problem, ...]:
        """Everything that is wrong with the layout for letters whose texts have `names`."""
        return (*self._faults, *unknown(self._uses, names))

    def render(self, document: Document) -> bytes:
        """The letter as a Word file. The same letter gives the same bytes on every day.

        Raises ProblemsFound where the layout has problems.
        """
        if self._prepared is None or not self._names <= {*document.texts, *SLOTS, MARK}:
            raise ProblemsFound(self.problems(document.texts))
        return zipped(_LetterParts(self._prepared, document).all())


def _styles(package: WordPackage, main: str) -> Element:
    name = package.one(main, "styles")
    if name:
        return package.xml(name)
    raise NotReadable("The file has no styles.", "Open it in Word and save it again.")


class _LetterParts:
    """The parts of one letter's file."""

    def __init__(self, layout: PreparedLayout, document: Document) -> None:
        self._layout = layout
        self._document = document
        self._body = Body(layout.facts)

    def all(self) -> Mapping[str, Packed]:
        """Every part by its name, compressed."""
        texts = {**self._document.texts, **{slot: self._slot(slot) for slot in self._order()}}
        return {
            **self._layout.packed,
            **{name: self._filled(name, texts) for name in self._layout.templates},
            **self._related(),
            **self._draft(),
            self._layout.numbering: packed(self._numbering()),
            self._layout.styles: self._layout.styles_in(word_language(self._document.language)),
            CORE_PART: packed(core_xml(self._document)),
        }

    def _filled(self, name: str, texts: Mapping[str, str]) -> Packed:
        """A part with its placeholders filled in, and each header with a draft mark of its own."""
        marked = {**texts, MARK: self._mark(name)}
        return packed(self._layout.templates[name].render(marked).encode())

    def _order(self) -> Iterator[str]:
        """The slots as the file holds them: what is written depends on what is before it."""
        yield from (each for each in self._document.layout.in_word if isinstance(each, str))
        yield from (slot for slot in SLOTS if slot not in self._document.layout.in_word)

    def _slot(self, slot: str) -> Markup:
        write = self._body.before_closing if slot == "letter_body" else self._body.blocks
        blocks = Markup(write(self._document.slots.get(slot, ())))  # noqa: S704
        return in_cell(blocks) if slot in self._layout.in_cells else blocks

    def _mark(self, part: str) -> Markup:
        """The draft mark as a run, where there is one."""
        word = self._document.draft
        if not word or part not in self._layout.headers:
            return Markup("")
        number = self._layout.facts.last_drawing - self._layout.headers.index(part)
        picture = page_mark(mark_image(word), _MARK_ID, number, word)
        return Markup(handling_run(self._document.handling) + picture)  # noqa: S704

    def _related(self) -> dict[str, Packed]:
        """The body's links and images."""
        main, folder = self._layout.main, self._layout.media
        relations = self._layout.relationships[main] + str(self._body.related)
        images = self._body.related.media()
        return {
            relationships_name(main): packed(relationships_xml(relations)),
            **{f"{folder}/{name}": packed(png, level=0) for name, png in images.items()},
        }

    def _draft(self) -> dict[str, Packed]:
        """The draft mark's image, and each header's relationship to it."""
        word = self._document.draft
        if not word:
            return {}
        relation = str(Relationship(_MARK_ID, f"{R}/image", _MARK_FILE, False))
        headers = {
            relationships_name(n): packed(
                relationships_xml(self._layout.relationships[n] + relation)
            )
            for n in self._layout.headers
        }
        image = packed(mark_image(word), level=0)
        return {**headers, f"{self._layout.media}/{_MARK_FILE}": image}

    def _numbering(self) -> bytes:
        before, after = self._layout.numbering_parts
        return (before + "".join(self._body.numbers) + after).encode()
