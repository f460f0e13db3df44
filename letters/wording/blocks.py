"""Blocks: Markdown's block tokens become the tree's blocks."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from markdown_it.rules_block.table import escapedSplit
from markdown_it.tree import SyntaxTreeNode

from letters.document import Block, Heading, Inline, List, Paragraph, Quote, Table
from letters.model import RichText
from letters.wording.inlines import BlockContext, RunningText, first_line, is_gap, spliced
from letters.wording.markdown import line_traps
from letters.wording.runtime import IncludedText, PrintedValue
from letters.wording.source_map import VALUES, is_value

Row = tuple[tuple[Inline, ...], ...]

MOST_COLUMNS = 20
"""Columns of a table: more of them are narrower than a word of seven letters on a page."""


def table(setting: BlockContext, node: SyntaxTreeNode) -> Table:
    """The table of a token; rows that are cut or padded by Markdown are problems."""
    fields: list[str] = []
    header, *body = _row_nodes(node)
    rows = [_row(setting, row, fields) for row in (header, *body)]
    if len(rows[0]) > MOST_COLUMNS:
        what = f"The table has more than {MOST_COLUMNS} columns, which no page holds."
        setting.problem(first_line(header), what, "Split it, or exchange rows and columns.")
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


def _row(setting: BlockContext, row: SyntaxTreeNode, fields: list[str]) -> Row:
    cells = []
    for cell in row.children:
        running = RunningText(setting, row)
        inline = cell.children[0] if cell.children else None
        cells.append(running.content(inline.children if inline else ()))
        fields += running.fields
    return tuple(cells)


def _check_header(setting: BlockContext, row: SyntaxTreeNode, cells: Row) -> None:
    if not all(cells):
        what = "A column of the table has no heading."
        setting.problem(first_line(row), what, "Write a word for each column.")


def _check_width(setting: BlockContext, row: SyntaxTreeNode, width: int, cells: Row) -> None:
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


DEEPEST_LIST, DEEPEST_QUOTE = 3, 2  # levels that layouts have styles for
LETTERS = 26
"""Items a lettered list can have before Word and web pages label them differently."""

_EMPTY = "This text prints nothing."

_REFUSED: Mapping[str, tuple[str, str]] = {
    "code_block": (
        "The line begins with four spaces or more, which marks program code.",
        "Begin it below the first word of its paragraph or list item.",
    ),
    "fence": (
        "Three backticks or tildes mark program code, which letters do not hold.",
        "Delete them.",
    ),
    "html_block": (
        "A tag of HTML stands in the text.",
        r"Delete it, or write '\<' if the sign is meant.",
    ),
    "hr": (
        "The line would be a ruled line, which letters do not hold.",
        r"Delete it, or write '\' before its first sign if it is text.",
    ),
}


def blocks(setting: BlockContext, nodes: Sequence[SyntaxTreeNode]) -> tuple[Block, ...]:
    """The blocks of neighbouring tokens."""
    out: list[Block] = []
    for number, node in enumerate(nodes):
        if number:
            _check_list_under_text(setting, nodes[number - 1], node)
        if node.type in _REFUSED:
            setting.problem(first_line(node), *_REFUSED[node.type])
        else:
            out += _MAKERS[node.type](setting, node)
    return tuple(out)


def _check_list_under_text(
    setting: BlockContext, before: SyntaxTreeNode, node: SyntaxTreeNode
) -> None:
    if before.type != "paragraph" or not node.type.endswith("_list") or setting.lists:
        return
    if before.map and before.map[1] == first_line(node):
        what = "A list begins directly under a line of text."
        setting.problem(first_line(node), what, "Put an empty line before it.")


def _paragraph(setting: BlockContext, node: SyntaxTreeNode) -> Sequence[Block]:
    inline = node.children[0]
    if held := _held(setting, inline.content):
        return spliced(setting, held)
    for trap in line_traps(inline.content):
        setting.problem(first_line(node) + trap.line, trap.what, trap.fix)
    content, fields = _words(setting, node)
    return (Paragraph(content, setting.origin(node, fields)),) if content else ()


def _words(setting: BlockContext, node: SyntaxTreeNode) -> tuple[tuple[Inline, ...], list[str]]:
    """The running text of a block and the fields in it; a problem where it prints nothing."""
    before = len(setting.run.problems)
    running = RunningText(setting, node)
    content = running.content(node.children[0].children if node.children else ())
    if not content and len(setting.run.problems) == before:
        _prints_nothing(setting, node)
    return content, running.fields


def _held(setting: BlockContext, source: str) -> PrintedValue | None:
    """The included file or rich text that is all a paragraph holds."""
    if not is_value(source):
        return None
    printed = setting.run.find(source)
    return printed if isinstance(printed.value, IncludedText | RichText) else None


def _prints_nothing(setting: BlockContext, node: SyntaxTreeNode) -> None:
    holds_values = bool(node.children and VALUES.search(node.children[0].content))
    if holds_values and setting.run.drafts:
        return  # what is to come may fill it
    what = f"This text prints nothing in {setting.run.name}." if holds_values else _EMPTY
    setting.problem(first_line(node), what, "Put it in {% if … %} … {% endif %}, or delete it.")


def _heading(setting: BlockContext, node: SyntaxTreeNode) -> Sequence[Block]:
    level = int(node.tag[1])
    if fault := _heading_fault(setting, node, level):
        setting.problem(first_line(node), *fault)
        return ()
    content, fields = _words(setting, node)
    return (Heading(level, content, setting.origin(node, fields)),) if content else ()


def _is_underlined(node: SyntaxTreeNode) -> bool:
    return node.markup in ("=", "-")


def _heading_fault(
    setting: BlockContext, node: SyntaxTreeNode, level: int
) -> tuple[str, str] | None:
    signs = "#" * level
    if _is_underlined(node):
        what = f"The '{node.markup}' under this text would make it a heading."
        return what, "Write '## ' before a heading; put an empty line before dashes."
    if setting.lists or setting.quotes:
        what = "A heading stands in a list or quotation."
        return what, f"Put it before them, or write '\\{signs}' if the sign is meant."
    if setting.inside == "rich text":
        what = "A heading stands in rich text."
        return what, "Use bold words; the wording holds the headings."
    if level == 1 and setting.inside:
        what = "A heading of the first level stands in an included file."
        return what, "Write '## '; the subject opens letter.md."
    if level > 3:
        return f"A heading with '{signs}' is too deep.", "Use '##' and '###'."
    return None


def _quote(setting: BlockContext, node: SyntaxTreeNode) -> Sequence[Block]:
    inner = setting.in_quote()
    if inner.quotes > DEEPEST_QUOTE:
        what = "Quotations stand in one another more than twice."
        setting.problem(first_line(node), what, "Use fewer '>'.")
        return ()
    inside = blocks(inner, node.children)
    if not node.children:
        _prints_nothing(setting, node)
    return (Quote(inside, setting.container_origin(node)),) if inside else ()


def _list(setting: BlockContext, node: SyntaxTreeNode) -> Sequence[Block]:
    inner = setting.in_list()
    if inner.lists > DEEPEST_LIST:
        what = "The list is deeper than three levels."
        setting.problem(first_line(node), what, "Write it flatter.")
        return ()
    start = _start(setting, node)
    items = tuple(_item(inner, item) for item in node.children)
    return (List(start, items, setting.container_origin(node)),)


def _item(setting: BlockContext, node: SyntaxTreeNode) -> tuple[Block, ...]:
    before = len(setting.run.problems)
    inside = blocks(setting, node.children)
    in_words = inside and isinstance(inside[0], Paragraph)
    if not in_words and len(setting.run.problems) == before:
        what = "A list item does not begin with words."
        setting.problem(first_line(node), what, "Write words directly behind its label.")
    return inside


def _start(setting: BlockContext, node: SyntaxTreeNode) -> int | None:
    """The number of a list's first item; None for bullets."""
    if node.type == "bullet_list":
        return None
    start, count = int(node.attrs.get("start", 1)), len(node.children)
    line, lettered = first_line(node), setting.lists == 1
    if node.markup == ")":
        setting.problem(line, "Letters print '1.' for '1)'.", "Write '1.'.")
    if start == 0 and setting.lists:
        setting.problem(line, "Only numbers of the first level can begin at 0.", "Begin with 1.")
    if lettered and start + count - 1 > LETTERS:
        what = "A list labelled with letters passes 'z'."
        setting.problem(line, what, "Split it, or move it to the first level, which has numbers.")
    return start


def _table(setting: BlockContext, node: SyntaxTreeNode) -> Sequence[Table]:
    return (table(setting, node),)


_MAKERS: Mapping[str, Callable[[BlockContext, SyntaxTreeNode], Sequence[Block]]] = {
    "paragraph": _paragraph,
    "heading": _heading,
    "blockquote": _quote,
    "bullet_list": _list,
    "ordered_list": _list,
    "table": _table,
}
