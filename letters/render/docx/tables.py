"""Tables as WordprocessingML."""

from __future__ import annotations

from collections.abc import Mapping
from xml.sax.saxutils import quoteattr

from letters.document import Inline, Table, plain
from letters.render.docx.runs import Words

_NARROWEST, _WIDEST = 8, 40
"""Characters that a column is given room for, whatever it holds."""
_HEADER = "<w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>"
_ROW = "<w:trPr><w:cantSplit/></w:trPr>"
_LOOK = (
    '<w:tblLook w:val="0420" w:firstRow="1" w:lastRow="0" w:firstColumn="0" w:lastColumn="0" '
    'w:noHBand="0" w:noVBand="1"/>'
)

Cell = tuple[Inline, ...]


class TableWriter:
    """Writes tables in a layout's styles."""

    def __init__(self, words: Words, ids: Mapping[str, str]) -> None:
        self._words = words
        self._ids = ids

    def table(self, table: Table, left: int, width: int) -> str:
        """A table `width` wide and `left` from the margin, in twips; its first row is the header.

        A row never breaks across pages, and the header row stands again on each page.
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
        return f"<w:tr>{_ROW if index else _HEADER}{inner}</w:tr>"

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
