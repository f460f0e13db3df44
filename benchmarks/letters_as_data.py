"""The example's letters, handed to other stacks as finished words: their wording is done for them.

Each letter becomes a JSON file of blocks and texts, the HTML page its PDF is made of, and the same
page with everything inside it. The Word layout becomes a docxtpl template that loops over blocks.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

import docx
from docx.text.paragraph import Paragraph

from letters import Project, RoundTemplates
from letters.document import Document, Passage, passages
from letters.merge import letters_of
from letters.render.assets import data_url

HANDED = ("letter.docx", "letter.typ", "print.css", "crest.png", "signature.png")


@dataclass(frozen=True, slots=True)
class Handed:
    """One letter for another stack."""

    id: str
    title: str
    texts: dict[str, str]
    blocks: list[dict[str, str]]


def hand_over(project: Path, folder: Path) -> list[str]:
    """Write what other stacks need into `folder`; the letters' ids."""
    (project_round,) = Project.load(project).rounds
    round_templates = RoundTemplates.load(project_round)
    layout = project / "templates" / project_round.round.layout
    folder.mkdir(parents=True, exist_ok=True)
    _write_template(layout / "letter.docx", folder / "letter.docx")
    for name in ("letter.typ",):
        (folder / name).write_bytes((Path(__file__).parent / name).read_bytes())
    css = round_templates.web.print_css.text
    (folder / "print.css").write_text(css, encoding="utf-8")
    for asset, content in round_templates.web.assets.files.items():
        (folder / asset).write_bytes(content)
    ids = []
    for letter in letters_of(project_round):
        document = round_templates.typeset(letter)
        ids.append(letter.id)
        _write_letter(document, folder)
        (folder / f"{letter.id}.png").write_bytes(letter.signature)
        page = _with_figures(round_templates.web.print_page(document), letter.signature, letter.id)
        (folder / f"{letter.id}.html").write_text(page[0], encoding="utf-8")
        whole = page[1].replace(
            "</head>", f"<style>{_inlined(round_templates, css)}</style></head>"
        )
        (folder / f"{letter.id}.whole.html").write_text(whole, encoding="utf-8")
    (folder / "ids.json").write_text(json.dumps(ids), encoding="utf-8")
    return ids


def _write_letter(document: Document, folder: Path) -> None:
    blocks = [asdict(passage) for passage in passages(document) if _has_words(passage)]
    handed = Handed(document.id, document.title, dict(document.texts), blocks)
    text = json.dumps(asdict(handed), ensure_ascii=False)
    (folder / f"{document.id}.json").write_text(text, encoding="utf-8")


def _has_words(passage: Passage) -> bool:
    return passage.kind != "figure"


def _inlined(round_templates: RoundTemplates, css: str) -> str:
    del css
    return round_templates.web.print_css.with_addresses(round_templates.web.assets.inline)


def _with_figures(page: str, png: bytes, id_: str) -> tuple[str, str]:
    """The page with its signature beside it, and with its signature in it."""
    head, found, rest = page.partition('src="letters:figure/')
    if not found:
        return page, page
    tail = rest.partition('"')[2]
    return f'{head}src="{id_}.png"{tail}', f'{head}src="{data_url(png, "image/png")}"{tail}'


def _write_template(layout: Path, path: Path) -> None:
    """A template as a user of docxtpl would make it: the layout, with a loop where words go."""
    document = docx.Document(str(layout))
    slots = [p for p in document.paragraphs if p.text.startswith("{{p letter_")]
    body = next(p for p in slots if "letter_body" in p.text)
    for paragraph in slots:
        if paragraph is not body:
            paragraph._element.getparent().remove(paragraph._element)
    for text in ("{%p for block in blocks %}", "{{ block.label }} {{ block.text }}"):
        body.insert_paragraph_before(text)
    _say(body, "{%p endfor %}")
    document.save(str(path))


def _say(paragraph: Paragraph, text: str) -> None:
    paragraph.clear()
    paragraph.add_run(text)
