"""A layout's web page: the letter as one self-contained HTML file, and the page the PDF is made of.

`templates/<layout>/` holds `letter.html` (slots and landmarks), `print.css` (the PDF's looks),
`screen.css` (the web letter's looks), and the images and fonts these two name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass, field, fields, replace
from functools import cached_property, lru_cache
from itertools import chain, repeat
from pathlib import Path

from jinja2 import Template, TemplateError, TemplateSyntaxError
from lxml import html as markup
from markupsafe import Markup, escape

from letters import document as tree
from letters.errors import Place, Problem, ProblemsFound, RenderError, in_order
from letters.files import digest, relative
from letters.render.allowed import too_large
from letters.render.allowed.cascade import WORDS, specimen_letter
from letters.render.assets import Assets, Crest, crest_of, data_url, shown_in
from letters.render.markup import (
    Placeholders,
    environment,
    markup_problems,
    names_in,
    slots_in,
    syntax_problem,
    with_everything,
)
from letters.render.stylesheet import Stylesheet
from letters.render.unbroken import unbroken
from letters.sources.tables import read_text
from letters.wording.bounds import excess_of

ImageAddress = Callable[[tree.Figure], str]
"""Gives the address under which a page finds a figure's image."""

TIGHT = "tight"
"""Class of a page whose letter is set closer, within what the layout's rules for it say."""

SIDE_BY_SIDE, ROOM = "side-by-side", "room-to-sign"
"""Classes of signatories in columns, and of the room in which one signs by hand."""

HIGH = "high"
"""Class of a table's row that may break over pages."""

HOUSE_RULES = (
    f".{SIDE_BY_SIDE} {{ display: grid; grid-template-columns: 1fr 1fr; column-gap: 8mm }} "
    f".{ROOM} {{ padding-top: 18mm }} "
    ".reference { margin: 0 0 8pt } .copied-to-line { margin: 0 } "
    ".keep-with-next { break-after: avoid } "
    ".sign-off + .copied-to { margin-top: 14pt } "
    f"tr.{HIGH} {{ break-inside: auto }}"
)
"""What later blocks and styles look like in layouts that do not say so."""

_NARROW = f"@media (max-width: 30rem) {{ .{SIDE_BY_SIDE} {{ grid-template-columns: 1fr }} }}"

NUMBERS = ("1", "a", "i")
"""The `type` of numbered lists by depth; see `document.list_label`."""


def blocks_html(blocks: Iterable[tree.Block], address: ImageAddress, depth: int = 0) -> Markup:
    """Blocks as HTML; `depth` counts the lists around them."""
    return _joined((_block(block, address, depth) for block in blocks), by="\n")


def _block(block: tree.Block, address: ImageAddress, depth: int) -> Markup:
    match block:
        case tree.Heading(level, content):
            return _element(f"h{level}", inlines_html(unbroken(content)))
        case tree.Paragraph(content, style=style):
            return _element("p", inlines_html(unbroken(content)), css_class=_css_class(style))
        case tree.Quote(inner):
            return _element("blockquote", blocks_html(inner, address, depth))
        case tree.List():
            return _list(block, address, depth)
        case tree.Table():
            return _table(block)
    return _of_signatory(block, address)


def _of_signatory(block: tree.Figure | tree.Columns | tree.Room, address: ImageAddress) -> Markup:
    match block:
        case tree.Columns(columns):
            inside = (_element("div", blocks_html(each, address)) for each in columns)
            return _element("div", _joined(inside, by="\n"), css_class=SIDE_BY_SIDE)
        case tree.Room():
            return _element("div", Markup(""), css_class=ROOM)
        case tree.Figure(alt=alt):
            return Markup('<p class="figure"><img src="{}" alt="{}"></p>').format(
                address(block), alt
            )


def _css_class(style: str) -> str:
    """A style's name as a CSS class: "Copied To" is `copied-to`."""
    return style.lower().replace(" ", "-")


def _element(tag: str, content: Markup, **attributes: str) -> Markup:
    names = ((name.removeprefix("css_"), value) for name, value in attributes.items() if value)
    written = "".join(f' {name}="{escape(value)}"' for name, value in names)
    return Markup(f"<{tag}{written}>{content}</{tag}>")  # noqa: S704  (each part is escaped)


def _joined(parts: Iterable[Markup], by: str = "") -> Markup:
    """Parts of HTML as one. Markup's own `join` looks at each for a second time."""
    return Markup(by.join(parts))  # noqa: S704  (each part is escaped)


def _list(block: tree.List, address: ImageAddress, depth: int) -> Markup:
    inside = (blocks_html(item, address, depth + 1) for item in block.items)
    # The division becomes the list body of the tagged PDF.
    entries = _joined((_element("li", _element("div", item)) for item in inside), by="\n")
    level = f"level-{depth + 1}"
    if block.start is None:
        return _element("ul", entries, css_class=level)
    start = "" if block.start == 1 else str(block.start)
    return _element("ol", entries, css_class=level, type=NUMBERS[depth], start=start)


def _table(block: tree.Table) -> Markup:
    head, *body = (_row(row, block.aligns, header=not n) for n, row in enumerate(block.rows))
    if not body:  # PDF/UA knows no table head without a body
        return _element("table", _element("tbody", head))
    rows = _element("tbody", _joined(body, by="\n"))
    return _element("table", _element("thead", head) + rows)


def _row(
    row: tuple[tuple[tree.Inline, ...], ...], aligns: tuple[str, ...], *, header: bool
) -> Markup:
    tag, scope = ("th", "col") if header else ("td", "")
    cells = (
        _element(tag, inlines_html(unbroken(content)), scope=scope, css_class=align)
        for content, align in zip(row, chain(aligns, repeat("")), strict=False)
    )
    return _element("tr", _joined(cells), css_class="" if header or not tree.is_high(row) else HIGH)


def inlines_html(content: Iterable[tree.Inline]) -> Markup:
    """Inline content as HTML."""
    return _joined(map(_inline, content))


def _inline(inline: tree.Inline) -> Markup:
    match inline:
        case tree.Text(text):
            return escape(text)
        case tree.Gap(text):
            return _element("mark", escape(text), css_class="gap")
        case tree.Break():
            return Markup("<br>")
        case tree.Emphasis(content):
            return _element("em", inlines_html(content))
        case tree.Strong(content):
            return _element("strong", inlines_html(content))
        case tree.Link(href, content):
            return _element("a", inlines_html(content), href=href)
        case tree.Language(code, content):
            return _element("span", inlines_html(content), lang=code)


PAGE, PRINT, SCREEN = "letter.html", "print.css", "screen.css"

_TITLE = re.compile(r"(?<=>)\s*{{\s*document_title\s*}}\s*(?=</)")

LARGEST_LAYOUT = 5_000_000
"""Bytes of a page or style sheet, with the pictures that are written into it."""

_LONGEST_TAG = 20_000
"""Characters of a tag; one that is never closed holds the rest of the page, and its reader tries
each attribute again from every one before."""

_LONG_TAG = re.compile(rf"<[^<>]{{{_LONGEST_TAG}}}")

MOST_ON_PAGE = ((2_000, "<", "tags"), (5_000, "=", "attributes"))
"""How much a page may hold; the shipped one has 40 tags."""

_LETTER = "\ue000"
"""Stands for the words of a letter where only the layout's own are asked for."""


@dataclass(frozen=True, eq=False)
class WebLayout:
    """A layout's letter.html and stylesheets, read and ready. Load it once, render many letters."""

    file: str
    source: str = field(repr=False)
    print_css: Stylesheet
    screen_css: Stylesheet
    assets: Assets

    @classmethod
    def load(cls, folder: Path, root: Path) -> WebLayout:
        """Read the layout in `folder`; problems name files relative to `root`.

        Raises ProblemsFound where a file is missing or is not text, or where letter.html is not
        a template.
        """
        problems: list[Problem] = []
        page, print_css, screen_css = (
            read_text(folder / name, root, problems, LARGEST_LAYOUT) or ""
            for name in (PAGE, PRINT, SCREEN)
        )
        file = relative(folder / PAGE, root)
        problems += _too_large(page, file) or _syntax(page, file)
        for name, text in ((PRINT, print_css), (SCREEN, screen_css)):
            problems += too_large(relative(folder / name, root), text)
        if problems:
            raise ProblemsFound(problems)
        return cls(
            file,
            page,
            Stylesheet(relative(folder / PRINT, root), print_css),
            Stylesheet(relative(folder / SCREEN, root), screen_css),
            Assets.load(folder, root),
        )

    def __getstate__(self) -> dict[str, object]:
        """What another process needs; it prepares the rest itself."""
        return {each.name: getattr(self, each.name) for each in fields(self)}

    def problems(self, names: Collection[str]) -> tuple[Problem, ...]:
        """Every fault that shows without a letter; `names` are the wording's placeholders.

        A layout renders only once nothing is found: unknown and misspelt placeholders, slots that
        are missing, doubled, tags and addresses that would load or run something,
        images and fonts that are not there, styles that could add, hide or move words.
        """
        markup = markup_problems(self.source, self.file)
        found = [*Placeholders(self.source, self.file).problems(names), *markup]
        for sheet, printed in ((self.print_css, True), (self.screen_css, False)):
            problems = [*sheet.problems(self.assets, printed=printed)]
            found += problems or (() if markup else sheet.page_problems(specimen_page(self.source)))
            if printed and self.tightens and not (problems or markup):
                found += sheet.page_problems(_tight(specimen_page(self.source)))
        return in_order(dict.fromkeys(found))

    @property
    def tightens(self) -> bool:
        """Whether print.css says how much closer a letter may be set to save a page."""
        return f".{TIGHT}" in self.print_css.text

    def web_page(self, document: tree.Document) -> str:
        """The letter as one HTML file that needs no other: styles and images are inside it."""
        return self._page(
            document,
            _inline_image,
            stylesheet=Markup(_house_rules(document) + self._screen),  # noqa: S704  (the layout's own, checked by `problems`)
            letter_information=_information(document),
            for_print=False,
        )

    def print_page(self, document: tree.Document, *, tight: bool = False) -> str:
        """The page the PDF is made of; its looks are `print.css` and come separately.

        `tight` asks for the rules by which the layout saves a page.
        """
        body = tree.tied_to_closing(document.slots["letter_body"])
        tied = replace(document, slots={**document.slots, "letter_body": body})
        page = self._page(
            tied, figure_address, stylesheet="", letter_information="", for_print=True
        )
        return _tight(page) if tight else page

    def own_words(self, document: tree.Document) -> tuple[str, ...]:
        """List the words that the printed page holds beside the letter, piece by piece.

        Labels of page numbers are among them; the numbers themselves, and the marks of a draft, are
        not.
        """
        letter = (tree.Paragraph((tree.Text(_LETTER),)),)
        slots = {name: letter if blocks else () for name, blocks in document.slots.items()}
        bare = replace(document, slots=slots, draft="", handling="")
        body = markup.document_fromstring(self.print_page(bare)).find("body")
        pieces = (str(piece).strip() for piece in ([] if body is None else body.itertext()))
        return tuple(piece for piece in pieces if piece not in ("", _LETTER))

    def _page(self, document: tree.Document, address: ImageAddress, **page: object) -> str:
        slots = {name: blocks_html(document.slots[name], address) for name in tree.SLOTS}
        page |= {
            "document_title": document.title,
            "document_language": document.language,
            "draft_mark": _draft_mark(document),
        }
        try:
            return self._template.render({**document.texts, **slots, **page})
        except TemplateError as error:
            what = f"The page cannot be filled: {(error.message or 'unknown').rstrip('.')}."
            problem = Problem(Place(self.file), what, "Use only placeholders of the wording.")
            raise RenderError(problem) from error

    @cached_property
    def names(self) -> frozenset[str]:
        """The placeholders it prints or asks about, but for titles printed as they are."""
        return names_in(_TITLE.sub("", self.source))

    @cached_property
    def slots(self) -> tuple[str, ...]:
        """The slots in the page's order."""
        return slots_in(self.source)

    @property
    def shown_files(self) -> tuple[str, ...]:
        """The pictures of the folder that PDF and web page show, by name."""
        sheets = (self.print_css.text, self.screen_css.text)
        shown = (name for css in sheets for name in shown_in(css, self.assets.pictures))
        return tuple(dict.fromkeys(shown))

    @cached_property
    def crest(self) -> Crest | None:
        """The letterhead's picture; None where the style sheets name no file."""
        name = crest_of(self.print_css.text, self.screen_css.text, self.assets.pictures)
        return Crest(name, self.assets.files[name], self.assets.pictures[name]) if name else None

    @cached_property
    def _template(self) -> Template:
        return environment().from_string(self.source)

    @cached_property
    def _screen(self) -> str:
        return self.screen_css.with_addresses(self.assets.inline, self.assets.picture)


@lru_cache(maxsize=2)
def specimen_page(source: str) -> str:
    """The page with everything that a letter can hold, whatever its conditions say."""
    letter = specimen_letter()
    filled = {name: blocks_html(letter.slots[name], lambda _: "") for name in tree.SLOTS}
    filled |= {"draft_mark": _draft_mark(letter), "letter_information": _information(letter)}
    return with_everything(source, {**filled, "stylesheet": ""}, WORDS)


def _too_large(source: str, file: str) -> list[Problem]:
    """A problem where reading the page would take too long, at the line where it becomes so."""
    jinja = environment()
    for most, sign, things in MOST_ON_PAGE:
        parts = source.split(sign, most + 1)
        if len(parts) > most + 1:
            line = source[: -len(parts[-1]) or None].count("\n") + 1
            what = f"The page has more than {most:,} {things}."
            return [Problem(Place(file, line), what, "Take out what no letter needs.")]
    if long := _LONG_TAG.search(source):
        line = source.count("\n", 0, long.start()) + 1
        what = f"The tag '{long[0][:20].strip()} …' has more than {_LONGEST_TAG:,} characters."
        return [Problem(Place(file, line), what, "Close it with '>', or shorten it.")]
    found = excess_of(jinja, source)
    return [Problem(Place(file, found.line), found.what, found.fix)] if found else []


def _syntax(source: str, file: str) -> Iterable[Problem]:
    try:
        environment().parse(source)
    except TemplateSyntaxError as error:
        yield syntax_problem(error, file)


def _tight(page: str) -> str:
    return re.sub(r"<html\b", f'<html class="{TIGHT}"', page, count=1)


def _house_rules(document: tree.Document) -> str:
    """The rules of what few letters hold; the others' pages are as their layouts make them."""
    slots = [each for each in document.layout.order if isinstance(each, str)]
    is_usual = slots == [each for each in tree.SLOTS if each in slots]
    if is_usual and not any(_is_later(met.block) for met in document.walk()):
        return ""
    return f"{HOUSE_RULES} {_NARROW}\n"


def _is_later(block: tree.Block) -> bool:
    if isinstance(block, tree.Paragraph):
        return block.style in tree.LATER_STYLES
    if isinstance(block, tree.Table):
        return any(map(tree.is_high, block.rows[1:]))
    return isinstance(block, tree.Columns | tree.Room)


def _draft_mark(document: tree.Document) -> Markup:
    marks = (("draft-mark", document.draft), ("handling", document.handling))
    return Markup("\n").join(
        Markup('<p class="{}">{}</p>').format(css_class, words)
        for css_class, words in marks
        if words
    )


def _information(document: tree.Document) -> Markup:
    """The web letter's opening block: who wrote to whom, and when."""
    if not document.information:
        return Markup("")
    title = document.texts["letter_information_label"]
    rows = Markup("\n").join(
        Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(
            label, Markup("<br>").join(map(escape, lines))
        )
        for label, lines in document.information
    )
    return Markup(
        '<section class="letter-information" aria-labelledby="letter-information">\n'
        '<p class="title" id="letter-information">{}</p>\n<dl>\n{}\n</dl>\n</section>'
    ).format(title, rows)


def _inline_image(figure: tree.Figure) -> str:
    return data_url(figure.image, "image/png")


def figure_address(figure: tree.Figure) -> str:
    """Where the PDF's page finds a figure; equal images have equal addresses."""
    return f"letters:figure/{digest(figure.image)}.png"
