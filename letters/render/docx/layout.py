"""The Word layout of a round: `letter.docx`, checked and prepared once, rendered many times."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from pathlib import Path

from markupsafe import Markup

from letters.document import SLOTS, Document
from letters.errors import Place, Problem, ProblemsFound
from letters.files import relative
from letters.questions import Answers
from letters.render.assets import Crest
from letters.render.docx.body import Body, word_language
from letters.render.docx.crest import (
    handling_run,
    mark_image,
    page_mark,
    settle_crest,
    shows_placeholder,
)
from letters.render.docx.package import (
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
    zipped,
)  # fmt: skip
from letters.render.docx.parts import CORE_PART, LayoutParts, core_xml, refuse_long, text_parts
from letters.render.docx.placeholders import MARK, LayoutPlaceholders, unknown
from letters.render.docx.prepare import (
    PreparedLayout,
    in_cell,
    prepare,
    template_sources,
    trial_problems,
)
from letters.render.docx.stylesheet import Numbering, StyleSheet, style_problems
from letters.render.docx.texts import residue, text_problems
from letters.render.docx.tidy import tidy
from letters.sources.tables import read_bytes

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
        texts = {**self._document.texts, **{slot: self._slot(slot) for slot in SLOTS}}
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
