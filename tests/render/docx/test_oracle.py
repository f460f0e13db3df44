"""A Word letter, part by part, is the file that docxtpl's own rendering makes of the layout.

What docxtpl has no means for is done to its document with python-docx, which it stands on: links,
the picture of the signature, lists that begin their own numbering, and the letter's properties.
"""

from __future__ import annotations

import io
import posixpath
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import docx
import pytest
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls
from docxtpl import DocxTemplate
from lxml import etree
from markupsafe import Markup

from letters import Project, RoundTemplates
from letters.document import SLOTS, Document
from letters.errors import Place
from letters.files import digest
from letters.merge import letters_of
from letters.pictures import PLACEHOLDER_CREST, UNFINISHED
from letters.project import ProjectRound
from letters.render.docx import WordLayout
from letters.render.docx.body import Body, LayoutFacts
from letters.render.docx.layout import prepare, sandbox, template_sources
from letters.render.docx.package import R, WordPackage
from letters.render.docx.parts import text_parts
from letters.render.docx.stylesheet import Numbering, StyleSheet
from tests.builders import unzipped, zipped
from tests.render.documents import DOCUMENTS
from tests.render.docx.layouts import ROOT, SHIPPED

TYPES = "[Content_Types].xml"
CORE = "docProps/core.xml"
PROGRAM = "docProps/app.xml"
PROGRAM_TYPE = "application/vnd.openxmlformats-officedocument.extended-properties+xml"
PROGRAM_XML = (
    b'<Properties xmlns="http://schemas.openxmlformats.org/officeDocument/2006/extended-properties">'
    b"<Application>assessment-letters</Application></Properties>"
)
FINISHED = "word/media/letter-crest.png"
PROPERTIES = ("title", "subject", "author", "language", "created", "modified")


def by_docxtpl(document: Document, file: bytes) -> bytes:
    """`file` filled in by docxtpl itself, given the same texts and the same blocks."""
    body = Body(facts(file))
    write = dict.fromkeys(SLOTS, body.blocks) | {"letter_body": body.before_closing}
    slots = {slot: Markup(write[slot](document.slots[slot])) for slot in SLOTS}
    template = DocxTemplate(io.BytesIO(file))
    template.render({**document.texts, **slots, "draft_mark": ""}, sandbox(), autoescape=True)
    main = template.docx.part
    relate(main, body)
    number(main, body)
    describe(template.docx, document)
    content = io.BytesIO()
    template.save(content)
    return content.getvalue()


def facts(file: bytes) -> LayoutFacts:
    """What blocks must know of a layout: its styles, numbers and widths."""
    package = WordPackage.read(file)
    parts = text_parts(package)
    numbers, styles = (package.one(parts.main.name, kind) for kind in ("numbering", "styles"))
    sheet = StyleSheet(package.xml(styles), Numbering(package.xml(numbers)))
    return prepare(package, parts, sheet, template_sources(parts)).facts


def relate(main: Any, body: Body) -> None:
    """The links and images of the blocks, under the ids that the blocks name."""
    for address, id_ in body.related.links.items():
        main.rels.add_relationship(f"{R}/hyperlink", address, id_, is_external=True)
    images = zip(body.related.images.items(), body.related.media(), strict=True)
    for (png, id_), name in images:
        image = Part(PackURI(f"/word/{name}"), "image/png", png, main.package)
        main.rels.add_relationship(f"{R}/image", image, id_)


def number(main: Any, body: Body) -> None:
    """The numbering of the lists in the blocks."""
    for xml in body.numbers:
        instance = parse_xml(xml.replace("<w:num ", f"<w:num {nsdecls('w')} ", 1))
        main.numbering_part.element.append(instance)


def describe(file: Any, document: Document) -> None:
    """The letter's properties in place of the layout's, and the name of the program."""
    for name in PROPERTIES:
        value = getattr(document, name)
        is_date = isinstance(value, date)
        setattr(file.core_properties, name, midnight(value) if is_date else value)
    package = file.part.package
    program = Part(PackURI(f"/{PROGRAM}"), PROGRAM_TYPE, PROGRAM_XML, package)
    package.relate_to(program, f"{R}/extended-properties")


def midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def compare(ours: bytes, theirs: bytes) -> None:
    """Hold two Word files against each other part by part."""
    our_parts, their_parts = unzipped(ours), unzipped(theirs)
    assert our_parts.keys() == their_parts.keys()
    for name in our_parts:
        assert meant(name, our_parts) == meant(name, their_parts), name
    assert properties(ours) == properties(theirs)


def meant(name: str, parts: Mapping[str, bytes]) -> object:
    """A part, but for what a writer of Word files is free to choose.

    That is the order of declarations, the numbers of drawings and the names of the package's own
    relationships. The core properties are read with python-docx, see `properties`.
    """
    if name == CORE:
        return None
    if name == TYPES:
        return declared(parts)
    if name.endswith(".rels"):
        return relations(name, parts[name])
    return canonical(parts[name]) if name.endswith(".xml") else parts[name]


def declared(parts: Mapping[str, bytes]) -> dict[str, str]:
    """What the package says that each part is, by its own name or by the end of it."""
    said = xml(parts[TYPES])
    found = {e.get("PartName") or e.get("Extension"): e.get("ContentType", "") for e in said}
    return {n: found.get(f"/{n}") or found[n.rpartition(".")[2]] for n in parts if n != TYPES}


def relations(name: str, part: bytes) -> set[tuple[str, ...]]:
    """Where a part's relationships lead; nobody names those of the package by their ids."""
    folder = posixpath.join("/", posixpath.dirname(posixpath.dirname(name)))
    return {
        ("" if folder == "/" else e.get("Id", ""), e.get("Type", ""), target(e, folder))
        for e in xml(part)
    }


def target(relation: etree._Element, folder: str) -> str:
    found = relation.get("Target", "")
    return found if relation.get("TargetMode") else posixpath.join(folder, found)


def properties(file: bytes) -> list[object]:
    core = docx.Document(io.BytesIO(file)).core_properties
    return [getattr(core, name) for name in PROPERTIES]


def xml(part: bytes) -> etree._Element:
    return etree.fromstring(part)


_OF_EMPTY_LINES = re.compile(
    rb'<w:bookmarkStart w:id="\d+" w:name="_Layout_space_\d+"></w:bookmarkStart>'
    rb'<w:bookmarkEnd w:id="\d+"></w:bookmarkEnd>'
)
"""What tells an empty line of a layout from one that was left in a letter."""


def canonical(part: bytes) -> bytes:
    text = _OF_EMPTY_LINES.sub(b"", etree.tostring(xml(part), method="c14n"))
    return re.sub(rb'(<wp:docPr [^>]*?id=")\d+', rb"\1N", text)


# docxtpl knows no draft mark, no language of a letter, and rewrites "{_{" in values.
@pytest.mark.parametrize("name", [n for n in DOCUMENTS if n not in ("draft", "Welsh", "escapes")])
def test_a_letter_of_every_structure(name: str) -> None:
    layout = WordLayout(SHIPPED, Place("templates/letterhead/letter.docx"))
    document = DOCUMENTS[name]
    compare(layout.render(document), by_docxtpl(document, SHIPPED))


def test_every_letter_of_the_example_as_built(example_project: Path, example_out: Path) -> None:
    (project_round,) = Project.load(example_project).rounds
    assert letters_equal(project_round, example_out / "letters") == 43


def test_every_letter_of_the_real_round() -> None:
    assert letters_equal(Project.load(ROOT).round("2017-abuse-of-position")) == 2


def letters_equal(project_round: ProjectRound, built: Path | None = None) -> int:
    """How many finished letters there are, each held against docxtpl's."""
    round_templates = RoundTemplates.load(project_round)
    folder = project_round.root / "templates" / project_round.round.layout
    layout = (folder / "letter.docx").read_bytes()
    layout = with_crest(layout, (folder / "crest.png").read_bytes())
    documents = [round_templates.typeset(x) for x in letters_of(project_round) if x.outcome]
    for document in documents:
        ours = (built / f"{document.id}.docx").read_bytes() if built else None
        theirs = by_docxtpl(document, layout)
        compare(ours or round_templates.word.render(document), theirs)
    return len(documents)


def with_crest(layout: bytes, crest: bytes) -> bytes:
    """The layout as Word has it once somebody changed its placeholder for a finished crest."""
    if digest(crest) == PLACEHOLDER_CREST:
        return layout
    parts = unzipped(layout)
    (name,) = (name for name, part in parts.items() if digest(part) == PLACEHOLDER_CREST)
    parts[FINISHED] = crest
    del parts[name]
    old, new = (each.removeprefix("word/").encode() for each in (name, FINISHED))
    for each in [each for each in parts if each.startswith("word/") and each.endswith(".rels")]:
        parts[each] = parts[each].replace(old, new)
    parts["word/document.xml"] = parts["word/document.xml"].replace(UNFINISHED.encode(), b"")
    return zipped(parts)
