"""What a letter must be in a file with tags: its passages, each with the containers it stands in.

Passages alone do not tell one list from its two halves.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import unquote

from letters import document as tree
from letters.files import digest


@dataclass(frozen=True, slots=True)
class OutlineEntry:
    """A passage with its spaces folded, the containers round it, and its links.

    `within` names containers from the outermost on: "item 2 of list 1", "quotation 1", "row 3 of
    table 1"; each kind is counted from the beginning of the letter. A link is its address and its
    words.
    """

    passage: tree.Passage
    within: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()


@dataclass(slots=True)
class Container:
    """A list, quotation or table, its items or rows so far, and its number.

    It has a number once a passage of it is met.
    """

    kind: str
    parts: int = 0
    number: int = 0


@dataclass(slots=True)
class Containers:
    """Counts containers of a letter, and leaves out those without a passage."""

    _counts: Counter[str] = field(default_factory=Counter)

    def named(self, path: Iterable[tuple[str, Container]]) -> tuple[str, ...]:
        """Name the containers round a passage: of each its part ("item 2", or none) and itself."""
        names = []
        for part, container in path:
            if not container.number:
                self._counts[container.kind] += 1
                container.number = self._counts[container.kind]
            names.append(f"{part} of {container.kind} {container.number}".removeprefix(" of "))
        return tuple(names)


Path = tuple[tuple[str, Container], ...]
"""Containers round a passage from the outermost on, each with the part of it: "item 2"."""

Content = tuple[tree.Inline, ...]


def outline(document: tree.Document) -> tuple[OutlineEntry, ...]:
    """List a letter's passages in order, with containers and links."""
    containers = Containers()
    places = _places(document.blocks(), ())
    return tuple(
        OutlineEntry(folded(passage), containers.named(path), tuple(_links(content)))
        for passage, (path, content) in zip(tree.passages(document), places, strict=True)
    )


def folded(passage: tree.Passage) -> tree.Passage:
    """Fold the spaces of a passage, as pages show them."""
    return tree.Passage(passage.kind, passage.label, tree.as_read(passage.text))


def _places(blocks: Iterable[tree.Block], path: Path) -> Iterator[tuple[Path, Content]]:
    """For each passage the containers round it, and its content."""
    for block in blocks:
        match block:
            case tree.Quote(inner):
                yield from _places(inner, (*path, ("", Container("quotation"))))
            case tree.Columns(columns):
                for column in columns:
                    yield from _places(column, path)
            case tree.List(items=items):
                yield from _items(items, path)
            case tree.Table(rows):
                yield from _rows(rows, path)
            case _:
                yield from ((path, content) for content in tree.contents(block))


def _items(items: Iterable[tuple[tree.Block, ...]], path: Path) -> Iterator[tuple[Path, Content]]:
    container = Container("list")
    for number, item in enumerate(items, start=1):
        yield from _places(item, (*path, (f"item {number}", container)))


def _rows(rows: Iterable[tuple[Content, ...]], path: Path) -> Iterator[tuple[Path, Content]]:
    container = Container("table")
    for number, row in enumerate(rows, start=1):
        yield from (((*path, (f"row {number}", container)), cell) for cell in row)


def _links(content: Content) -> Iterator[tuple[str, str]]:
    for inline in tree.inlines(content):
        if isinstance(inline, tree.Link):
            yield inline.href, tree.as_read(tree.plain(inline.content))


RECORD = "/Letters"
"""The name under which a PDF keeps its record."""


@dataclass(frozen=True, slots=True)
class FileRecord:
    """What a finished file keeps of its letter, so that it can be held against it alone.

    `count` is how many passages have words, `digest` of all with their containers and links; `own`
    are the layout's words piece by piece, `marks` those of a draft.
    """

    count: int
    digest: str
    own: tuple[str, ...]
    marks: tuple[str, ...]


def record(document: tree.Document, own: Iterable[str]) -> FileRecord:
    """Record a letter for its finished file; `own` are words that its layout prints itself."""
    entries = outline(document)
    marks = tuple(mark for mark in (document.draft, document.handling) if mark)
    return FileRecord(with_words(entries), entries_digest(entries), tuple(own), marks)


def with_words(entries: Iterable[OutlineEntry]) -> int:
    """Count the passages that have words."""
    return sum(bool(entry.passage.text) for entry in entries)


def entries_digest(entries: Iterable[OutlineEntry]) -> str:
    """Digest passages with containers and links, however spaces and addresses are written."""
    lines = []
    for entry in entries:
        kind, label, text = entry.passage.kind, entry.passage.label, entry.passage.text
        links = [part for link in entry.links for part in (unquote(link[0]), link[1])]
        parts = [kind, label, text, *entry.within, *links]
        lines.append("\t".join("".join(part.split()) for part in parts))
    return digest("\n".join(lines).encode())
