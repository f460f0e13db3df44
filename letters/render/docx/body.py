"""The block tree as WordprocessingML blocks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple
from xml.sax.saxutils import escape, quoteattr

from letters.document import (
    KEPT,
    Block,
    Break,
    Columns,
    Emphasis,
    Figure,
    Gap,
    Heading,
    Inline,
    Language,
    Link,
    List,
    Paragraph,
    Quote,
    Room,
    Strong,
    Table,
    Text,
    is_high,
    plain,
    tied_to_closing,
)
from letters.render.docx.crest import figure
from letters.render.docx.package import R, Relationship
from letters.render.docx.side_by_side import side_by_side
from letters.render.docx.stylesheet import (
    CONTINUED,
    HEADINGS,
    LIST_LEVELS,
    REQUIRED,
    RUN_RANK,
    Indent,
    ListStyle,
    StyleSheet,
    later_ids,
)  # fmt: skip
from letters.render.unbroken import unbroken

_LANGUAGES = {"en": "en-GB", "cy": "cy-GB", "gd": "gd-GB", "kw": "kw-GB", "ga": "ga-IE"}
_BREAK = "<w:r><w:br/></w:r>"
_MARKS = ("Gap", "Hyperlink", "Strong", "Emphasis")

"""The character styles, the one that a run names first; it can name one only."""


def word_language(code: str) -> str:
    """A language as Word writes it: with its country."""
    return _LANGUAGES.get(code, code)


@dataclass(frozen=True)
class CharacterStyle:
    """A character style's id, and its properties for the runs that have another style already."""

    id: str
    properties: Mapping[str, str]


class CharacterStyles:
    """What the character styles of a layout look like, alone and together."""

    def __init__(self, styles: StyleSheet) -> None:
        self._looks = {mark: CharacterStyle(styles.id(mark), styles.looks(mark)) for mark in _MARKS}
        self.of = lru_cache(maxsize=None)(self._of)

    def _of(self, marks: frozenset[str], language: str, bold: bool) -> str:
        """The properties of a run with `marks`.

        A run names one style, so the looks of the others are written out. So is Strong where the
        paragraph is `bold` already: Word would take the two together as not bold.
        """
        looks = [self._looks[mark] for mark in _MARKS if mark in marks]
        properties = {"lang": f"<w:lang w:val={quoteattr(language)}/>"} if language else {}
        for look in looks[1:]:
            properties = {**look.properties, **properties}
        if bold and "Strong" in marks:
            properties |= {"b": "<w:b/>", "bCs": "<w:bCs/>"}
        if looks:
            properties["rStyle"] = f"<w:rStyle w:val={quoteattr(looks[0].id)}/>"
        xml = "".join(properties[name] for name in sorted(properties, key=RUN_RANK.__getitem__))
        return f"<w:rPr>{xml}</w:rPr>" if xml else ""


@dataclass
class BodyRelations:
    """What a letter's body leads to: its links and images, each related once."""

    links: dict[str, str] = field(default_factory=dict)
    images: dict[bytes, str] = field(default_factory=dict)

    def link(self, address: str) -> str:
        """The id of the relationship to a web address."""
        return self.links.setdefault(address, f"rIdLetterLink{len(self.links) + 1}")

    def image(self, png: bytes) -> str:
        """The id of the relationship to an image."""
        return self.images.setdefault(png, f"rIdLetterImage{len(self.images) + 1}")

    def media(self) -> dict[str, bytes]:
        """Each image under its name in the package."""
        return {f"media/letter{n}.png": png for n, png in enumerate(self.images, 1)}

    def __str__(self) -> str:
        links = [Relationship(i, f"{R}/hyperlink", a, True) for a, i in self.links.items()]
        ids = zip(self.images.values(), self.media(), strict=True)
        images = [Relationship(i, f"{R}/image", name, False) for i, name in ids]
        return "".join(map(str, links + images))


@dataclass(frozen=True)
class InlineWriter:
    """Writes inline content; `bold` says that the paragraph is bold by its style."""

    looks: CharacterStyles
    related: BodyRelations

    def runs(self, content: tuple[Inline, ...], bold: bool = False) -> str:
        """Inline content as runs."""
        return self._runs(unbroken(content), bold)

    def _runs(
        self,
        content: tuple[Inline, ...],
        bold: bool,
        marks: frozenset[str] = frozenset(),
        language: str = "",
    ) -> str:
        return "".join(self._run(inline, bold, marks, language) for inline in content)

    def _run(self, inline: Inline, bold: bool, marks: frozenset[str], language: str) -> str:
        match inline:
            case Text(text):
                return self._text(text, self.looks.of(marks, language, bold))
            case Gap(text):
                return self._text(text, self.looks.of(marks | {"Gap"}, language, bold))
            case Break():
                return _BREAK
            case Emphasis(content):
                return self._runs(content, bold, marks | {"Emphasis"}, language)
            case Strong(content):
                return self._runs(content, bold, marks | {"Strong"}, language)
            case Language(code, content):
                return self._runs(content, bold, marks, word_language(code))
            case Link(href, content):
                runs = self._runs(content, bold, marks | {"Hyperlink"}, language)
                link = self.related.link(href)
                return f'<w:hyperlink r:id="{link}" w:history="1">{runs}</w:hyperlink>'

    def _text(self, text: str, properties: str) -> str:
        return f'<w:r>{properties}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'


_NARROWEST, _WIDEST = 8, 40
"""Characters that a column is given room for, whatever it holds."""
_HEADER = "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"
_ROW = "<w:trPr><w:cantSplit/></w:trPr>"
_LOOK = (
    '<w:tblLook w:val="0420" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" '
    'w:noHBand="0" w:noVBand="1"/>'
)

_ROOM = 1020
"""Room to sign by hand above a name, in twips: 18 mm, as pages have it."""

Cell = tuple[Inline, ...]


class TableWriter:
    """Writes tables in a layout's styles."""

    def __init__(self, words: InlineWriter, ids: Mapping[str, str]) -> None:
        self._words = words
        self._ids = ids

    def table(self, table: Table, left: int, width: int) -> str:
        """A table `width` wide and `left` from the margin, in twips; its first row is the header.

        Only a high row breaks across pages, and the header row stands again on each page.
        """
        widths = _widths(table, width)
        grid = "".join(f'<w:gridCol w:w="{column}"/>' for column in widths)
        rows = (self._row(row, table.aligns, widths, n) for n, row in enumerate(table.rows))
        return (
            f"<w:tbl><w:tblPr><w:tblStyle w:val={quoteattr(self._ids['Table Grid'])}/>"
            f'<w:tblW w:w="{sum(widths)}" w:type="dxa"/><w:tblInd w:w="{left}" w:type="dxa"/>'
            f"{_LOOK}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{''.join(rows)}</w:tbl>"
        )

    def _row(
        self, row: tuple[Cell, ...], aligns: tuple[str, ...], widths: list[int], index: int
    ) -> str:
        cells = zip(row, aligns, widths, strict=True)
        inner = "".join(self._cell(cell, align, wide, index) for cell, align, wide in cells)
        properties = ("" if is_high(row) else _ROW) if index else _HEADER
        return f"<w:tr>{properties}{inner}</w:tr>"

    def _cell(self, content: Cell, align: str, width: int, row: int) -> str:
        style = quoteattr(self._ids["Table Text" if row else "Table Heading"])
        aligned = f'<w:jc w:val="{align}"/>' if align else ""
        keep = "" if row else "<w:keepNext/>"
        return (
            f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/></w:tcPr>'
            f"<w:p><w:pPr><w:pStyle w:val={style}/>{keep}{aligned}</w:pPr>"
            f"{self._words.runs(content, bold=not row)}</w:p></w:tc>"
        )


def _widths(table: Table, width: int) -> list[int]:
    """The columns' widths: shares of `width` by their longest cells, within reason."""
    shares = [_share(column) for column in zip(*table.rows, strict=True)]
    return [width * share // sum(shares) for share in shares]


def _share(column: tuple[Cell, ...]) -> int:
    return min(max(max(len(plain(cell)) for cell in column), _NARROWEST), _WIDEST)


class LayoutFacts(NamedTuple):
    """What the body needs to know of its layout, gathered once."""

    ids: dict[str, str]
    indents: dict[str, Indent]
    lists: dict[str, ListStyle]
    looks: CharacterStyles
    next_number: int
    last_drawing: int
    measure: int
    space_after: int

    @classmethod
    def of(cls, styles: StyleSheet, measure: int, last_drawing: int) -> LayoutFacts:
        """Gather it from a layout whose styles are complete."""
        names = [*REQUIRED["paragraph"], *REQUIRED["table"]]
        return cls(
            ids={name: styles.id(name) for name in names} | later_ids(styles),
            indents={name: styles.indent(name) for name in REQUIRED["paragraph"]},
            lists={name: found for name in LIST_LEVELS if (found := styles.list_style(name))},
            looks=CharacterStyles(styles),
            next_number=styles.numbering.next_id,
            last_drawing=last_drawing,
            measure=measure,
            space_after=styles.space_after(),
        )


@dataclass(frozen=True)
class BlockPosition:
    """Where a block stands: inside how many lists, and whether inside a quotation."""

    lists: int = 0
    quoted: bool = False


TOP = BlockPosition()


class ItemLabel(NamedTuple):
    """What the first paragraph of a list item needs to bear the item's label."""

    style: str
    instance: str
    level: int
    own: bool
    """The instance is this list's own, not the one its style names."""

    @property
    def xml(self) -> str:
        """The paragraph property."""
        level, instance = f'<w:ilvl w:val="{self.level}"/>', f'<w:numId w:val="{self.instance}"/>'
        return f"<w:numPr>{level}{instance}</w:numPr>"


class Body:
    """Writes the blocks of one letter, and gathers what they need elsewhere in the file."""

    def __init__(self, layout: LayoutFacts) -> None:
        self._layout = layout
        self._label: ItemLabel | None = None
        self._keep = ""
        self._after = ""
        """The block that ended just now and leaves too little space below it: a list, a table."""
        self._room = 0
        self._figures = 0
        self.related = BodyRelations()
        self.numbers: list[str] = []
        self._words = InlineWriter(layout.looks, self.related)
        self._tables = TableWriter(self._words, layout.ids)

    def blocks(self, blocks: tuple[Block, ...], where: BlockPosition = TOP) -> str:
        """Blocks in reading order."""
        return "".join(self._block(block, where) for block in blocks)

    def before_closing(self, blocks: tuple[Block, ...]) -> str:
        """The letter's body: its last lines go with the closing, if that needs a new page."""
        return self.blocks(tied_to_closing(blocks))

    def _block(self, block: Block, where: BlockPosition) -> str:
        match block:
            case Heading(level, content):
                runs = self._words.runs(content, bold=True)
                return self._styled(runs, HEADINGS[min(level, 3) - 1], where)
            case Paragraph():
                return self._words_of(block, where)
            case Quote(blocks):
                return self.blocks(blocks, BlockPosition(where.lists, True))
            case List():
                return self._list(block, where)
            case Table():
                return self._table(block, where)
        return self._of_signatory(block, where)

    def _words_of(self, block: Paragraph, where: BlockPosition) -> str:
        runs = self._words.runs(block.content)
        if block.style != KEPT:
            return self._paragraph(runs, block.style, where)
        self._keep = "<w:keepNext/>"
        return self._paragraph(runs, "", where)

    def _of_signatory(self, block: Figure | Columns | Room, where: BlockPosition) -> str:
        match block:
            case Figure():
                return self._styled(self._picture(block), "Figure", where)
            case Columns(columns):
                return side_by_side([self.blocks(each) for each in columns], self._layout.measure)
            case Room():
                self._room = _ROOM
                return ""

    def _paragraph(self, runs: str, style: str, where: BlockPosition) -> str:
        if where.quoted:
            return self._styled(runs, "Quote", where)
        if style or not where.lists:
            return self._p(runs, style, self._spacing())
        if self._label is None:
            return self._p(runs, CONTINUED[where.lists - 1], self._spacing())
        label, self._label = self._label, None
        return self._p(runs, label.style, (label.xml if label.own else "") + self._spacing())

    def _styled(self, runs: str, style: str, where: BlockPosition) -> str:
        """A paragraph whose style says what it is, so that a list can only move and label it."""
        label, self._label = self._label, None
        number = label.xml if label else ""
        spacing = "" if style in HEADINGS else self._spacing()
        self._after = ""
        return self._p(runs, style, number + spacing + self._indent(label, where))

    def _indent(self, label: ItemLabel | None, where: BlockPosition) -> str:
        if not where.lists:
            return ""
        base = self._layout.indents[label.style if label else CONTINUED[where.lists - 1]]
        left = base.left + self._layout.indents["Quote"].left * where.quoted
        hanging = f' w:hanging="{base.hanging}"' if label else ""
        return f'<w:ind w:left="{left}"{hanging}/>'

    def _spacing(self) -> str:
        """A table or list leaves too little space below it, so the text after it brings its own."""
        after, self._after = self._after, ""
        room, self._room = self._room, 0
        before = room or (self._layout.space_after if after else 0)
        return f'<w:spacing w:before="{before}"/>' if before else ""

    def _p(self, runs: str, style: str, properties: str = "") -> str:
        named = f"<w:pStyle w:val={quoteattr(self._layout.ids[style])}/>" if style else ""
        all_properties = named + self._keep + properties
        self._keep = ""
        return f"<w:p>{f'<w:pPr>{all_properties}</w:pPr>' if all_properties else ''}{runs}</w:p>"

    def _list(self, block: List, where: BlockPosition) -> str:
        kind = "List Bullet" if block.start is None else "List Number"
        style = kind + (f" {where.lists + 1}" if where.lists else "")
        found = self._layout.lists[style]
        own = block.start is not None
        instance = self._number(found, block.start or 0) if own else found.instance
        label = ItemLabel(style, instance, found.level, own)
        inside = BlockPosition(where.lists + 1, where.quoted)
        items = "".join(self._item(item, label, inside) for item in block.items)
        self._after = self._after or ("list" if where == TOP else "")
        return items

    def _item(self, blocks: tuple[Block, ...], label: ItemLabel, where: BlockPosition) -> str:
        self._label = label
        if not _begins_with_a_line(blocks):
            return self._paragraph("", "", where) + self.blocks(blocks, where)
        return self.blocks(blocks, where)

    def _number(self, style: ListStyle, start: int) -> str:
        """A numbering instance of this list's own: without one it would count on from the last."""
        instance = str(self._layout.next_number + len(self.numbers))
        override = f'<w:lvlOverride w:ilvl="{style.level}"><w:startOverride w:val="{start}"/>'
        self.numbers.append(
            f'<w:num w:numId="{instance}"><w:abstractNumId w:val="{style.abstract}"/>'
            f"{override}</w:lvlOverride></w:num>"
        )
        return instance

    def _table(self, block: Table, where: BlockPosition) -> str:
        left = self._layout.indents[CONTINUED[where.lists - 1]].left if where.lists else 0
        left += self._layout.indents["Quote"].left * where.quoted
        between = self._between_tables() if self._after == "table" else ""
        self._after = "table"
        return between + self._tables.table(block, left, self._layout.measure - left)

    def _between_tables(self) -> str:
        """Word would join two tables into one but for a paragraph, here just a gap."""
        height = max(self._layout.space_after, 20)
        spacing = f'<w:spacing w:before="0" w:after="0" w:line="{height}" w:lineRule="exact"/>'
        return f"<w:p><w:pPr>{spacing}</w:pPr></w:p>"

    def _picture(self, block: Figure) -> str:
        self._figures += 1
        number = self._layout.last_drawing + self._figures
        return figure(block.image, self.related.image(block.image), number, block.name, block.alt)


def _begins_with_a_line(blocks: tuple[Block, ...]) -> bool:
    """Whether a list item's first block is a paragraph of some kind, which can bear the label."""
    if not blocks:
        return False
    first = blocks[0]
    return _begins_with_a_line(first.blocks) if isinstance(first, Quote) else _is_line(first)


def _is_line(block: Block) -> bool:
    return isinstance(block, Heading | Paragraph | Figure)
