"""The outline that a PDF's structure tree gives of its letter, in all parts of the tree."""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace

from letters.document import Passage, as_read
from letters.render.outline import Container, Containers, Entry, Path
from letters.validators.finding import quoted
from letters.validators.pdf.reading import Reading
from letters.validators.pdf.structure import Annotation, Element, Mark

_KINDS = {f"H{level}": f"heading {level}" for level in range(1, 7)}
_KINDS |= {"TH": "table heading", "TD": "table cell"}
_CONTAINERS = {"L": "list", "BlockQuote": "quotation", "Table": "table"}
_PARTS = {"LI": "item", "TR": "row"}
_DASHES = dict.fromkeys(map(ord, "\u2010\u2011"), "-")


@dataclass(frozen=True, slots=True)
class Tagged:
    """An entry of the tree, and where it stands, for a finding."""

    entry: Entry
    where: str


def tagged_entries(reading: Reading) -> list[Tagged]:
    """List all that the tree holds, in reading order.

    Content outside any paragraph, heading or cell counts as a paragraph.
    """
    return list(_Walk(reading).inside(reading.tree, "paragraph", ()))


def said(words: str) -> str:
    """Fold words as far as glyphs show them alike: no spaces, plain hyphens, whole letters."""
    plain = unicodedata.normalize("NFKC", words).translate(_DASHES)
    return "".join(c for c in plain if not c.isspace() and unicodedata.category(c) != "Cf")


class _Walk:
    """Walks the tree and gathers its entries."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._containers = Containers()

    def inside(self, element: Element, kind: str, path: Path) -> Iterator[Tagged]:
        """All that an element holds; what has no block of its own is of `kind`."""
        for part in element.parts:
            if isinstance(part, Element):
                yield from self._block(part, kind, path)
            elif isinstance(part, Mark):
                yield from self._stray(part, kind, path)

    def _block(self, element: Element, kind: str, path: Path) -> Iterator[Tagged]:
        tag = element.tag
        if tag in _KINDS:
            yield self._entry(element, _KINDS[tag], path)
        elif tag == "Figure":
            yield self._figure(element, path)
        elif tag == "P":
            yield from self._paragraph(element, kind, path)
        elif tag in _CONTAINERS:
            inner = "quote" if tag == "BlockQuote" else kind
            yield from self.inside(element, inner, (*path, ("", Container(_CONTAINERS[tag]))))
        elif tag in _PARTS and path:
            yield from self._part(element, kind, path)
        else:
            yield from self.inside(element, kind, path)

    def _part(self, element: Element, kind: str, path: Path) -> Iterator[Tagged]:
        """An item of a list, or a row of a table; the first passage of an item has its label."""
        *outer, (_, container) = path
        container.parts += 1
        within = (*outer, (f"{_PARTS[element.tag]} {container.parts}", container))
        labels = [each for each in element.children if each.tag == "Lbl"]
        label = "".join(map(self._reading.text, labels))
        rest = replace(element, parts=[part for part in element.parts if part not in labels])
        for tagged in self.inside(rest, kind, within):
            yield _labelled(tagged, label)
            label = ""

    def _entry(self, element: Element, kind: str, path: Path) -> Tagged:
        text = self._reading.text(element)
        entry = Entry(
            Passage(kind, "", text), self._containers.named(path), tuple(self._links(element))
        )
        return Tagged(entry, self._reading.where(element))

    def _figure(self, element: Element, path: Path) -> Tagged:
        passage = Passage("figure", "", as_read(element.alternative or ""))
        return Tagged(Entry(passage, self._containers.named(path)), self._reading.where(element))

    def _stray(self, mark: Mark, kind: str, path: Path) -> Iterator[Tagged]:
        stretch = self._reading.marked.get(mark)
        if stretch and stretch.words.strip():
            passage = Passage(kind, "", as_read(stretch.words))
            where = f"page {mark.page + 1}, {quoted(stretch.words)}"
            yield Tagged(Entry(passage, self._containers.named(path)), where)

    def _paragraph(self, element: Element, kind: str, path: Path) -> Iterator[Tagged]:
        figures = [inner for inner in element.walk() if inner.tag == "Figure"]
        yield from (self._figure(figure, path) for figure in figures)
        if not figures or self._reading.text(element):
            yield self._entry(element, kind, path)

    def _links(self, element: Element) -> Iterator[tuple[str, str]]:
        for link in element.walk():
            if link.tag == "Link":
                found = {part.address for part in link.parts if isinstance(part, Annotation)}
                yield " ".join(sorted(found)), self._reading.text(link)


def _labelled(tagged: Tagged, label: str) -> Tagged:
    passage = replace(tagged.entry.passage, label=label or tagged.entry.passage.label)
    return replace(tagged, entry=replace(tagged.entry, passage=passage))
