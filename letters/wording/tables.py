"""Tables: a header row of words, and rows of as many cells."""

from __future__ import annotations

from collections.abc import Iterator

from markdown_it.rules_block.table import escapedSplit
from markdown_it.tree import SyntaxTreeNode

from letters.document import Inline, Table
from letters.wording.inlines import Running, is_gap
from letters.wording.setting import Setting, first_line

Row = tuple[tuple[Inline, ...], ...]


def table(setting: Setting, node: SyntaxTreeNode) -> Table:
    """The table of a token; rows that are cut or padded by Markdown are problems."""
    fields: list[str] = []
    header, *body = _row_nodes(node)
    rows = [_row(setting, row, fields) for row in (header, *body)]
    _check_header(setting, header, rows[0])
    for row, cells in zip(body, rows[1:], strict=True):
        _check_width(setting, row, len(rows[0]), cells)
    aligns = tuple(
        str(cell.attrs.get("style", "")).removeprefix("text-align:") for cell in header.children
    )
    return Table(tuple(rows), aligns, setting.origin(node, fields))


def _row_nodes(node: SyntaxTreeNode) -> Iterator[SyntaxTreeNode]:
    for part in node.children:
        yield from part.children


def _row(setting: Setting, row: SyntaxTreeNode, fields: list[str]) -> Row:
    cells = []
    for cell in row.children:
        running = Running(setting, row)
        inline = cell.children[0] if cell.children else None
        cells.append(running.content(inline.children if inline else ()))
        fields += running.fields
    return tuple(cells)


def _check_header(setting: Setting, row: SyntaxTreeNode, cells: Row) -> None:
    if not all(cells):
        what = "A column of the table has no heading."
        setting.problem(first_line(row), what, "Write a word for each column.")


def _check_width(setting: Setting, row: SyntaxTreeNode, width: int, cells: Row) -> None:
    source = setting.lines.rows[first_line(row)].lstrip("> ").rstrip()
    count = len(_cells(source))
    waits = count == 1 and is_gap(cells[0])
    if count != width and not waits:
        what = f"The table has {width} columns, this row {count}."
        setting.problem(first_line(row), what, r"Give each row as many cells; '|' in text is '\|'.")


def _cells(source: str) -> list[str]:
    cells: list[str] = escapedSplit(source)
    if cells and not cells[0]:
        cells = cells[1:]
    if cells and not cells[-1]:
        cells = cells[:-1]
    return cells
