"""A letter and its wording become a `Document`: Markdown's blocks become the blocks of its tree."""

from collections.abc import Callable, Iterator, Mapping, Sequence

from jinja2.exceptions import UndefinedError
from markdown_it.tree import SyntaxTreeNode

from letters.document import (
    Block,
    Document,
    Heading,
    Inline,
    List,
    Origin,
    Paragraph,
    Quote,
    Table,
    Text,
    plain,
)
from letters.errors import Place, ProblemsFound
from letters.merge import signatory_values
from letters.model import FieldType, Letter, RichText, Round, Value
from letters.wording.files import (
    LETTER,
    MEANINGS,
    WHERE_USED,
    Label,
    information,
    lacking_labels,
    outcome_file,
    outer_slots,
)
from letters.wording.inlines import BlockContext, RunningText, first_line, is_gap, spliced, tidy
from letters.wording.markdown import cells_of, line_traps, misnumbered, parsed
from letters.wording.rewriter import MARKS, VALUES, SourceMap, is_value
from letters.wording.runtime import (
    MOST_CHARACTERS,
    IncludedText,
    LetterRun,
    PrintedValue,
    TooMuchText,
)
from letters.wording.style import style_problems
from letters.wording.vocabulary import RECOMMENDATION, SUBJECT, Vocabulary, joined
from letters.wording.wordings import Wording, label_name

Row = tuple[tuple[Inline, ...], ...]

MOST_COLUMNS = 20
"""Columns of a table: more of them are narrower than a word of seven letters on a page."""


def table(setting: BlockContext, node: SyntaxTreeNode) -> Table:
    """The table of a token; rows that are cut or padded by Markdown are problems."""
    fields: list[str] = []
    header, *body = (row for part in node.children for row in part.children)
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
    count = len(cells_of(source))
    waits = count == 1 and is_gap(cells[0])
    if count != width and not waits:
        what = f"The table has {width} columns, this row {count}."
        setting.problem(first_line(row), what, r"Give each row as many cells; '|' in text is '\|'.")


DEEPEST_LIST, DEEPEST_QUOTE = 3, 2  # levels that layouts have styles for
LETTERS = 26  # items of a lettered list, before Word and web pages label them differently

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
        "A tag of HTML is in the text.",
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


def _heading_fault(
    setting: BlockContext, node: SyntaxTreeNode, level: int
) -> tuple[str, str] | None:
    signs = "#" * level
    if node.markup in ("=", "-"):  # under the text
        what = f"The '{node.markup}' under this text would make it a heading."
        return what, "Write '## ' before a heading; put an empty line before dashes."
    if setting.lists or setting.quotes:
        what = "A heading is in a list or quotation."
        return what, f"Put it before them, or write '\\{signs}' if the sign is meant."
    if setting.inside == "rich text":
        what = "A heading is in rich text."
        return what, "Use bold words; the wording holds the headings."
    if level == 1 and setting.inside:
        what = "A heading of the first level is in an included file."
        return what, "Write '## '; the subject opens letter.md."
    if level > 3:
        return f"A heading with '{signs}' is too deep.", "Use '##' and '###'."
    return None


def _quote(setting: BlockContext, node: SyntaxTreeNode) -> Sequence[Block]:
    inner = setting.in_quote()
    if inner.quotes > DEEPEST_QUOTE:
        what = "Quotations are in one another more than twice."
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
    for trap in misnumbered(node):
        setting.problem(first_line(node) + trap.line, trap.what, trap.fix)
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


def split_subject(
    run: LetterRun, blocks: Sequence[Block], letter: Place
) -> tuple[Heading, tuple[Block, ...]]:
    """The heading that opens a letter, and its body; problems where the headings are not sound.

    `letter` is the place of letter.md.
    """
    found = [block for block in blocks if isinstance(block, Heading) and block.level == 1]
    body = tuple(block for block in blocks if block not in found)
    _check_subject(run, blocks, found, letter)
    _check_levels(run, body)
    return (found[0] if found else Heading(1, (), Origin())), body


def _check_subject(
    run: LetterRun, blocks: Sequence[Block], found: Sequence[Heading], letter: Place
) -> None:
    if not found:
        if not run.problems:
            fix = "Begin letter.md with a line '# ' and the subject."
            run.problem(letter, "The letter has no subject.", fix)
    elif blocks[0] is not found[0]:
        what = "Text is before the subject."
        run.problem(_place(blocks[0]), what, "Begin letter.md with the heading '# '.")
    for extra in found[1:]:
        what = "A second heading of the first level is here."
        run.problem(_place(extra), what, "Write '## '; only the subject has one '#'.")


def _check_levels(run: LetterRun, body: Sequence[Block]) -> None:
    level = 1
    for block in body:
        if isinstance(block, Heading):
            if block.level > level + 1:
                what = "The heading skips a level."
                run.problem(_place(block), what, f"Write '{'#' * (level + 1)} '.")
            level = block.level


def _place(block: Block) -> Place:
    return Place(block.origin.file, block.origin.line)


def typeset(letter: Letter, wording: Wording, *, drafts: bool = False) -> Document:
    """The words of a letter as a block tree, ready for any format.

    With `drafts`, a value that is not there yet becomes a visible gap, as does a condition that
    reads a required field which holds nothing; the document bears the label `draft`. Raises
    ProblemsFound, located in the wording or the record, naming the letter where it matters.
    """
    wording.refuse(letter.round, letter.outcome)
    return _Typesetter(letter, wording, drafts).document()


def text_names(round_: Round) -> frozenset[str]:
    """The names a layout may print: plain placeholders, each label as `<label>_label`, the title.

    They are the keys of `Document.texts`. Yes-no and rich-text fields are not among them.
    """
    labels = {f"{key}_label" for key in MEANINGS}
    own = {"document_title", "sender_name"}
    return (Vocabulary.of(round_).plain - {RECOMMENDATION}) | labels | own


class _Typesetter:
    def __init__(self, letter: Letter, wording: Wording, drafts: bool) -> None:
        self.letter = letter
        self.wording = wording
        self.run = LetterRun(letter, drafts)
        self.values: dict[str, Value] = dict(letter.values)
        self.values.setdefault(RECOMMENDATION, wording.recommendation)

    def document(self) -> Document:
        labels = self._first_labels()
        subject, body = self._body()
        labels |= self._labels({SUBJECT: plain(subject.content)})
        self.run.problems += lacking_labels(self.letter, labels)
        self.run.problems += style_problems(self.wording.style, self.letter, (subject, *body))
        if self.run.problems:
            raise ProblemsFound(self.run.problems)
        return self._finished(subject, body, labels)

    def _first_labels(self) -> dict[str, Label]:
        """The labels that other words are made of: `and` joins names, `gap` fills a draft."""
        first = {key: self._label(key, self.values) for key in ("gap", "and")}
        self.run.gap, self.run.and_ = plain(first["gap"]), plain(first["and"])
        greeted = joined(self.letter.salutation, self.run.and_)
        self.values["salutation"] = greeted
        return first

    def _labels(self, subject: Mapping[str, Value]) -> dict[str, Label]:
        known = (key for key in (*MEANINGS, *WHERE_USED) if key in self.wording.labels)
        others = [key for key in known if key not in ("gap", "and")]
        return {key: self._label(key, {**self.values, **subject}) for key in others}

    def _label(self, key: str, values: Mapping[str, Value]) -> Label:
        text = self.wording.labels[key].text
        if "{" not in text:  # most labels are the same in every letter
            return tidy([Text(text)])
        merged = MARKS.sub("", self._merged(label_name(key), values))
        pieces = [piece for piece in VALUES.split(merged) if piece]
        return tidy(inline for piece in pieces for inline in self._inlines(piece))

    def _inlines(self, piece: str) -> tuple[Inline, ...]:
        return tuple(self.run.inlines(self.run.find(piece))) if is_value(piece) else (Text(piece),)

    def _merged(self, name: str, values: Mapping[str, Value]) -> str:
        try:
            return self.wording.templates.render(name, values, self.run)
        except UndefinedError as error:
            place = self.wording.templates.place_of(error, name)
            what = f"A name is used before it is set: {error.message}."
            self.run.problem(place, what, "Set it first, in every branch: {% set name = … %}.")
            raise ProblemsFound(self.run.problems) from error
        except TooMuchText as error:
            place = self.wording.templates.place_of(error, name)
            what = f"More than {MOST_CHARACTERS:,} characters are printed in {self.run.name}."
            self.run.problem(place, what, "Print less; a text may be joined to itself.")
            raise ProblemsFound(self.run.problems) from error

    def _body(self) -> tuple[Heading, tuple[Block, ...]]:
        outcome = self.letter.outcome
        values: dict[str, Value] = {**self.values}
        values["outcome_wording"] = outcome_file(outcome) if outcome else None
        marks = self.wording.templates.marks
        lines = SourceMap.merged(self._merged(LETTER, values), marks)
        setting = BlockContext(self.run, marks, lines, blocks)
        found = blocks(setting, parsed(lines.text))
        return split_subject(self.run, found, self.wording.files[LETTER].place)

    def _finished(
        self, subject: Heading, body: tuple[Block, ...], labels: Mapping[str, Label]
    ) -> Document:
        letter, round_ = self.letter, self.letter.round
        slots = outer_slots(letter, labels, tuple(self._images(labels["signature"])))
        title = plain(labels["title"])
        return Document(
            id=letter.id,
            title=title,
            author=round_.sender.name,
            subject=plain(subject.content),
            language=round_.language,
            created=letter.sent,
            modified=round_.updated or round_.published_on or letter.sent,
            slots={**slots, "letter_subject": (subject,), "letter_body": body},
            texts=self._texts(labels, title),
            information=information(letter, labels),
            draft=plain(labels["draft"]) if self.run.drafts else "",
        )

    def _images(self, first: Label) -> Iterator[Label]:
        """What the image of each signature says to those who do not see it."""
        yield first
        for each in self.letter.signed[1:]:
            whose = signatory_values(self.letter.round, each.person)
            yield self._label("signature", self.values | whose)

    def _texts(self, labels: Mapping[str, Label], title: str) -> dict[str, str]:
        texts = {name: self.run.words(self.values.get(name)) or "" for name in self._plain_names()}
        texts |= {f"{key}_label": plain(labels[key]) for key in MEANINGS}
        return {**texts, "document_title": title, "sender_name": self.letter.round.sender.name}

    def _plain_names(self) -> list[str]:
        fields = self.letter.round.fields
        hidden = (FieldType.YES_NO, FieldType.RICH_TEXT, FieldType.LIST)
        return [
            name
            for name, value in self.values.items()
            if not isinstance(value, RichText | bool)
            and not (name in fields and fields[name].type in hidden)
            and name != RECOMMENDATION
        ]
