"""The words of a letter, block by block, with the place where each can be changed."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from letters import document as tree
from letters.errors import Place
from letters.gate.report import comparable
from letters.model import Letter

_SOURCES = {
    "letter_addressees": "recipients.yaml",
    "letter_delivery": "recipients.yaml",
    "letter_copies": "recipients.yaml",
}


@dataclass(frozen=True, slots=True)
class Spot:
    """A block of a letter: its words, whether it stands in a block quotation, where it was written.

    `values` are the record fields printed in it, with their words and places.
    """

    content: tuple[tree.Inline, ...]
    is_quote: bool
    place: Place
    values: tuple[tuple[str, Place], ...] = ()

    @property
    def text(self) -> str:
        """Its words."""
        return tree.plain(self.content)

    def place_of(self, words: str) -> Place:
        """Where `words` were written: the record if one of its values holds them."""
        sought = comparable(words).casefold()
        values = ((comparable(text).casefold(), place) for text, place in self.values)
        holding = (place for text, place in values if sought in text)
        return next(holding, self.place)


def spots_of(letter: Letter, document: tree.Document) -> Iterator[Spot]:
    """The title of a letter and its every block but the sender, which is the same in all."""
    labels = Place(f"templates/{letter.round.wording}/labels.yaml")
    yield Spot((tree.Text(document.title),), is_quote=False, place=labels)
    for slot in tree.SLOTS:
        if slot != "letter_sender":
            file = _SOURCES.get(slot, labels.file)
            field = letter.recipients[0].id if slot in _SOURCES else ""
            default = Place(file, field=field)
            yield from _inside(document.slots[slot], letter, default)


def hrefs(content: tuple[tree.Inline, ...]) -> Iterator[str]:
    """Where the links of inline content lead."""
    for inline in tree.inlines(content):
        if isinstance(inline, tree.Link):
            yield inline.href


def emphasised(content: tuple[tree.Inline, ...]) -> Iterator[str]:
    """The words of inline content that stand in italics, as titles do."""
    for inline in tree.inlines(content):
        if isinstance(inline, tree.Emphasis):
            yield tree.plain(inline.content)


def _inside(blocks: Iterable[tree.Block], letter: Letter, default: Place) -> Iterator[Spot]:
    for block, is_quoted, _ in tree.walk(blocks):
        place = _written(block.origin, letter, default)
        for content in tree.contents(block):
            yield Spot(content, is_quoted, place, _values(content, letter))


def _written(origin: tree.Origin, letter: Letter, default: Place) -> Place:
    """Where a block was written; a cell of a record for what came from a rich-text field."""
    if origin.file.startswith("templates/"):
        return Place(origin.file, origin.line)
    recorded = (letter.places[name] for name in origin.fields if name in letter.places)
    return next(recorded, Place(origin.file, origin.line) if origin.file else default)


def _values(content: tuple[tree.Inline, ...], letter: Letter) -> tuple[tuple[str, Place], ...]:
    return tuple(
        (inline.text, letter.places[inline.field])
        for inline in tree.inlines(content)
        if isinstance(inline, tree.Text) and inline.field in letter.places
    )
