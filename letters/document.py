"""The block tree: what a letter says, in no format. Every block knows its origin."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import NamedTuple
from unicodedata import combining, normalize

SLOTS = (
    "letter_sender",
    "letter_addressees",
    "letter_delivery",
    "letter_copies",
    "letter_date",
    "letter_salutation",
    "letter_subject",
    "letter_body",
    "letter_closing",
    "letter_signature",
    "letter_signatory",
)
"""The slots of a layout, in the letter's reading order; each holds blocks."""

LATER_STYLES = {"Reference": "Date", "Copied To Line": "Copied To"}
"""Styles that Word layouts of earlier versions lack, each with the one that serves in its place."""

BULLETS = ("•", "–", "▪")
"""Bullets of the three list levels, the same in every format."""


@dataclass(frozen=True, slots=True)
class Origin:
    """Where a block comes from: file (relative to the project), line, and the fields at work.

    `fields` are the placeholders printed in it, `because` those of the conditions and loops that
    put it there.
    """

    file: str = ""
    line: int = 0
    fields: tuple[str, ...] = ()
    because: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Text:
    """Literal text; `field` names the placeholder that printed it, if any."""

    text: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Break:
    """A new line inside a paragraph."""


@dataclass(frozen=True, slots=True)
class Gap:
    """A value that is not there yet, visibly marked; only in drafts."""

    text: str
    field: str = ""


@dataclass(frozen=True, slots=True)
class Emphasis:
    """Italic text."""

    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Strong:
    """Bold text."""

    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Link:
    """Text that leads to `href` (http, https, mailto or tel)."""

    href: str
    content: tuple[Inline, ...]


@dataclass(frozen=True, slots=True)
class Language:
    """Text in another language; `code` is a BCP 47 tag such as `cy`."""

    code: str
    content: tuple[Inline, ...]


Inline = Text | Break | Gap | Emphasis | Strong | Link | Language


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is the letter's subject and stands once."""

    level: int
    content: tuple[Inline, ...]
    origin: Origin = Origin()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph; `style` names a layout's style where it is not ordinary text ("Addressee")."""

    content: tuple[Inline, ...]
    origin: Origin = Origin()
    style: str = ""


@dataclass(frozen=True, slots=True)
class Quote:
    """A block quotation."""

    blocks: tuple[Block, ...]
    origin: Origin = Origin()


@dataclass(frozen=True, slots=True)
class List:
    """A list; `start` is the first number, or None for bullets."""

    start: int | None
    items: tuple[tuple[Block, ...], ...]
    origin: Origin = Origin()


@dataclass(frozen=True, slots=True)
class Table:
    """A table whose first row is the header; `aligns` holds left, right, center or ''."""

    rows: tuple[tuple[tuple[Inline, ...], ...], ...]
    aligns: tuple[str, ...]
    origin: Origin = Origin()


@dataclass(frozen=True, slots=True)
class Figure:
    """An image (PNG) that stands alone in its paragraph; `alt` says what it shows."""

    image: bytes = field(repr=False)
    name: str
    alt: str
    origin: Origin = Origin()


@dataclass(frozen=True, slots=True)
class Room:
    """Room to sign by hand, in the place of the image of a signature."""

    origin: Origin = Origin()


@dataclass(frozen=True, slots=True)
class Columns:
    """Blocks side by side, read column by column: those who sign a letter together."""

    columns: tuple[tuple[Block, ...], ...]
    origin: Origin = Origin()


Block = Heading | Paragraph | Quote | List | Table | Figure | Room | Columns


PICTURE = "alternative text of a picture in Word"
"""The place, among a layout's own words, of what a screen reader says of its pictures."""


@dataclass(frozen=True, slots=True)
class LayoutWords:
    """What a letter's layout says besides the slots.

    `order` is the letter as it is read: names of slots, and between them the layout's own blocks.
    `in_word` is the same with the pictures of the Word layout, whose alternative texts are read out
    there; pages draw theirs without words. `furniture` are its words outside the letter, each with
    its place, such as "web page".
    """

    order: tuple[str | Block, ...] = SLOTS
    in_word: tuple[str | Block, ...] = SLOTS
    furniture: tuple[tuple[str, str], ...] = ()
    printed: tuple[str, ...] = ()
    """All of its words on printed pages, piece by piece, as the pages' makers draw them."""

    @property
    def own(self) -> tuple[Block, ...]:
        """The layout's own blocks inside the letter."""
        return tuple(each for each in self.order if not isinstance(each, str))


@dataclass(frozen=True, slots=True)
class Document:
    """A typeset letter, ready for any format.

    `slots` maps each of `SLOTS` to its blocks (possibly none). `texts` maps every flat placeholder
    a layout may print (`force_name`, `page_label` and so on) to plain text. `information` is the
    web letter's opening table: label and lines, in order. `created` and `modified` date the file.
    """

    id: str
    title: str
    author: str
    subject: str
    language: str
    created: date
    modified: date
    slots: Mapping[str, tuple[Block, ...]]
    texts: Mapping[str, str]
    information: tuple[tuple[str, tuple[str, ...]], ...]
    draft: str = ""
    """The mark across each page ("DRAFT"); empty on a finished letter."""
    handling: str = ""
    """A marking at the head of each page of a draft, such as "OFFICIAL"; empty for none."""
    layout: LayoutWords = LayoutWords()
    """What the layout says itself; nothing where the wording is typeset alone."""

    def blocks(self, order: tuple[str | Block, ...] = ()) -> Iterator[Block]:
        """The blocks of the letter and its layout in reading order, or in another `order`."""
        for each in order or self.layout.order:
            yield from self.slots[each] if isinstance(each, str) else (each,)

    def walk(self) -> Iterator[BlockInContext]:
        """Every block of the letter in reading order, as `walk`."""
        return walk(self.blocks())


@dataclass(frozen=True, slots=True)
class Passage:
    """What a reader meets next: the kind of block, the label of its list item, its words.

    `kind` is "heading 1" to "heading 3", "paragraph", "quote", "table heading", "table cell" or
    "figure" (whose words are its alternative text). `label` is "•", "3.", "b.", "iv." on the first
    passage of a list item, else "".
    """

    kind: str
    label: str
    text: str


@dataclass(frozen=True, slots=True)
class WholeText:
    """All that a finished file says: the letter in reading order, the lines round it, and the
    alternative texts of pictures there."""

    flow: tuple[Passage, ...]
    furniture: tuple[str, ...]
    pictures: tuple[str, ...] = ()


def inlines(content: Iterable[Inline]) -> Iterator[Inline]:
    """Inline content in reading order, what is inside emphasis, links and the like included."""
    for inline in content:
        yield inline
        if isinstance(inline, Emphasis | Strong | Link | Language):
            yield from inlines(inline.content)


def plain(content: Iterable[Inline]) -> str:
    """The words of inline content; a line break reads as one space."""
    return "".join(
        " " if isinstance(inline, Break) else inline.text
        for inline in inlines(content)
        if isinstance(inline, Break | Text | Gap)
    )


class BlockInContext(NamedTuple):
    """A block as a reader meets it: whether inside a quotation, and which label it begins with."""

    block: Block
    is_quoted: bool
    label: str


def walk(
    blocks: Iterable[Block], *, is_quoted: bool = False, depth: int = 0
) -> Iterator[BlockInContext]:
    """Every block in reading order: a quotation or a list, then each block in it.

    The label of a list item goes to the first block in it that holds words of its own; `depth`
    counts the lists around.
    """
    for block in blocks:
        yield BlockInContext(block, is_quoted, "")
        if isinstance(block, Quote):
            yield from walk(block.blocks, is_quoted=True, depth=depth)
        elif isinstance(block, Columns):
            for column in block.columns:
                yield from walk(column, is_quoted=is_quoted, depth=depth)
        elif isinstance(block, List):
            for n, item in enumerate(block.items):
                label = list_label(block.start, n, depth)
                for met in walk(item, is_quoted=is_quoted, depth=depth + 1):
                    holds = not isinstance(met.block, Quote | List)
                    yield met._replace(label=label or met.label) if holds else met
                    label = "" if holds else label


KEPT = "Keep With Next"
"""Style of the paragraphs that go with the closing, if that needs a new page."""

_LINE = 100
"""Characters: a paragraph of more has two lines at least, in layouts of 60 to 95 a line."""


def tied_to_closing(blocks: tuple[Block, ...], lines: int = 2) -> tuple[Block, ...]:
    """A letter's body whose last two lines at least go with its closing: no page for a signature.

    Headings and tables keep themselves to what is round them.
    """
    return _tied(blocks, lines)[0]


def _tied(blocks: tuple[Block, ...], lines: int) -> tuple[tuple[Block, ...], int]:
    out: list[Block] = []
    for block in reversed(blocks):
        tied, lines = _tied_block(block, lines) if lines > 0 else (block, 0)
        out.append(tied)
    return tuple(reversed(out)), lines


def _tied_block(block: Block, lines: int) -> tuple[Block, int]:
    match block:
        case Paragraph(content, style=""):
            return replace(block, style=KEPT), lines - (2 if len(plain(content)) > _LINE else 1)
        case Quote(inner):
            tied, lines = _tied(inner, lines)
            return replace(block, blocks=tied), lines
        case List(items=items):
            kept = []
            for item in reversed(items):
                tied, lines = _tied(item, lines) if lines > 0 else (item, 0)
                kept.append(tied)
            return replace(block, items=tuple(reversed(kept))), lines
    return block, 0


_HIGH = 1_500  # characters of a cell, times its table's columns: twenty lines, a third of a page


def is_high(row: tuple[tuple[Inline, ...], ...]) -> bool:
    """Whether a table's row may break over pages: kept whole, it may find none to stand on."""
    return any(len(plain(cell)) * len(row) > _HIGH for cell in row)


def contents(block: Block) -> Iterator[tuple[Inline, ...]]:
    """What a block says itself, passage by passage: its text, each cell, what a figure shows."""
    match block:
        case Heading(content=content) | Paragraph(content=content):
            yield content
        case Table(rows):
            yield from (cell for row in rows for cell in row)
        case Figure(alt=alt):
            yield (Text(alt),)


_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"))
"""Soft hyphen, spaces of no width, joiners, byte order mark."""


def as_read(text: str) -> str:
    """Give the words of `text` in the one form in which words are compared.

    All spaces are one space, whatever their width and whether a line may break at them; characters
    that nobody sees are left out. Formats keep, change or drop both, each in its own way.
    """
    return " ".join((text if text.isascii() else text.translate(_UNSEEN)).split())


def without_accents(text: str) -> str:
    """Give the letters of `text` without their accents, in the plain form that people type."""
    return "".join(each for each in normalize("NFKD", text) if not combining(each))


def passages(document: Document) -> tuple[Passage, ...]:
    """The whole letter as its reader meets it: what every finished file must read back."""
    return passages_of(document.blocks())


def word_passages(document: Document) -> tuple[Passage, ...]:
    """The same in the Word letter, where pictures of the layout are read too."""
    return passages_of(document.blocks(document.layout.in_word))


def fields_said(document: Document) -> frozenset[str]:
    """The placeholders that a letter prints, and those that decide which words stand in it."""
    origins = [met.block.origin for met in document.walk()]
    return frozenset(
        name for origin in origins for name in (*origin.fields, *origin.because) if name
    )


def passages_of(blocks: Iterable[Block]) -> tuple[Passage, ...]:
    """The passages of blocks, in reading order."""
    return tuple(
        Passage(kind, "" if n else met.label, plain(content))
        for met in walk(blocks)
        for n, (kind, content) in enumerate(zip(_kinds(met), contents(met.block), strict=True))
    )


def _kinds(met: BlockInContext) -> Iterator[str]:
    """The kind of each passage of a block."""
    match met.block:
        case Heading(level):
            yield f"heading {level}"
        case Paragraph():
            yield "quote" if met.is_quoted else "paragraph"
        case Table(rows):
            yield from (
                "table cell" if n else "table heading" for n, row in enumerate(rows) for _ in row
            )
        case Figure():
            yield "figure"


def list_label(start: int | None, index: int, depth: int) -> str:
    """The label of item `index` (from 0) of a list at `depth` (from 0): "•", "3.", "b.", "iv."."""
    if start is None:
        return BULLETS[depth]
    number = start + index
    return f"{(str, _letters, _roman)[depth](number)}."


def _letters(number: int) -> str:
    out = ""
    while number > 0:
        number, digit = divmod(number - 1, 26)
        out = chr(ord("a") + digit) + out
    return out


def _roman(number: int) -> str:
    out = ""
    for value, sign in (
        (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"),
        (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
    ):  # fmt: skip
        count, number = divmod(number, value)
        out += sign * count
    return out
