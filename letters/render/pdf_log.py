"""What the PDF engine says while it works, as problems with their places.

WeasyPrint logs a missing character, image or font and carries on; a letter with a hole in it must
not be made. Every line of level WARNING or above therefore becomes a problem.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from letters.document import (
    Block,
    Document,
    Figure,
    Gap,
    Heading,
    Inline,
    Origin,
    Paragraph,
    Table,
    Text,
)
from letters.errors import Place, Problem
from letters.render.html import WebLayout, figure_address
from letters.render.html_blocks import every_block

_AT = re.compile(r" at (\d+):\d+")
_IGNORED = re.compile(r"Ignored `(?P<rule>.*)` at \d+:\d+, (?P<why>.*?)\.?", re.DOTALL)
_PADDING = re.compile(r"'\s*([^']*?)\s*'")
_IMAGE = re.compile(r"Failed to load image at '(?P<address>[^']*)'")


class _Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)


@contextmanager
def engine_log() -> Iterator[list[logging.LogRecord]]:
    """What the engine logs while this lasts, at WARNING and above; none of it is printed."""
    logger, lines = logging.getLogger("weasyprint"), _Lines()
    propagate, logger.propagate = logger.propagate, False
    logger.addHandler(lines)
    try:
        yield lines.records
    finally:
        logger.removeHandler(lines)
        logger.propagate = propagate


def log_problem(record: logging.LogRecord, layout: WebLayout, document: Document | None) -> Problem:
    """A line of the engine's log, in plain words."""
    message = record.getMessage()
    if message.startswith(".notdef") and isinstance(record.args, tuple):
        return _missing_character(str(record.args[0]), layout, document)
    if found := _IMAGE.match(message):
        return _unreadable_image(found["address"], layout, document)
    at = _AT.search(message)
    place = Place(layout.print_css.file, int(at[1])) if at else Place(layout.file)
    if found := _IGNORED.fullmatch(message):
        what = f"The PDF cannot use '{found['rule']}': {found['why']}."
        return Problem(place, what, "Correct it, or take it out.")
    words = _AT.sub("", _PADDING.sub(r"'\1'", message)).rstrip(".")
    what = f"The PDF engine stumbled here: {words}."
    return Problem(place, what, "Change the layout so that it has nothing to say.")


def _missing_character(character: str, layout: WebLayout, document: Document | None) -> Problem:
    name = unicodedata.name(character, "a character without a name").lower()
    what = f"The PDF’s font has no '{character}' (U+{ord(character):04X}, {name})."
    fix = "Write it another way."
    for origin, field, text in _texts(document):
        if character in text:
            return Problem(Place(origin.file, origin.line, field=field), what, fix)
    return Problem(Place(layout.file), what, fix)


def _unreadable_image(address: str, layout: WebLayout, document: Document | None) -> Problem:
    fix = "Save it again as PNG."
    for block in _blocks(document):
        if isinstance(block, Figure) and figure_address(block) == address:
            place = Place(block.origin.file, block.origin.line)
            return Problem(place, f"The image '{block.name}' cannot be read.", fix)
    name = address.removeprefix("letters:layout/")
    return Problem(Place(f"{layout.assets.folder}/{name}"), "This image cannot be read.", fix)


def _texts(document: Document | None) -> Iterator[tuple[Origin, str, str]]:
    """Every text of a letter with its origin and the field that printed it."""
    for block in _blocks(document):
        for content in _contents(block):
            for inline in _inlines(content):
                if isinstance(inline, Text | Gap):
                    yield block.origin, inline.field, inline.text


def _blocks(document: Document | None) -> Iterator[Block]:
    return every_block(document) if document else iter(())


def _contents(block: Block) -> Iterator[tuple[Inline, ...]]:
    if isinstance(block, Heading | Paragraph):
        yield block.content
    elif isinstance(block, Table):
        for row in block.rows:
            yield from row


def _inlines(content: tuple[Inline, ...]) -> Iterator[Inline]:
    for inline in content:
        yield inline
        yield from _inlines(getattr(inline, "content", ()))
