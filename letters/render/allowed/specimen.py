"""A letter's page with everything a letter can hold, to try style sheets on without rendering."""

from __future__ import annotations

from datetime import date

from letters.document import (
    SLOTS,
    Block,
    Document,
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
    Strong,
    Table,
    Text,
)

WORDS = "Words"

DEEPEST = 3
"""How deep lists and quotations stand in one another here, in every order."""

STYLES = {
    "letter_sender": ("Sender Name", "Sender"),
    "letter_addressees": ("Addressee",),
    "letter_delivery": ("Delivery",),
    "letter_copies": ("Copied To", "Copied To"),
    "letter_date": ("Date",),
    "letter_salutation": ("Salutation",),
    "letter_closing": ("Closing",),
    "letter_signatory": ("Signatory Name", "Signatory"),
}
"""The paragraphs of each slot; see `docs/templates.md`."""


def specimen_letter() -> Document:
    """A draft letter that holds each block and inline, alone and in others."""
    slots: dict[str, tuple[Block, ...]] = {
        slot: tuple(Paragraph(_inlines(), style=style) for style in STYLES.get(slot, ()))
        for slot in SLOTS
    }
    slots["letter_subject"] = (Heading(1, _inlines()),)
    slots["letter_body"] = _body()
    slots["letter_signature"] = (Figure(b"", "signature", WORDS),)
    day = date(2000, 1, 1)
    return Document(
        "specimen", WORDS, WORDS, WORDS, "en-GB", day, day, slots, _AnyText(),
        ((WORDS, (WORDS,)),), draft=WORDS, handling=WORDS,
    )  # fmt: skip


class _AnyText(dict[str, str]):
    """Every placeholder of a layout, filled."""

    def __missing__(self, key: str) -> str:
        return WORDS


def _inlines() -> tuple[Inline, ...]:
    text = Text(WORDS)
    link = Link("https://example.org", (text, Gap(WORDS), Strong((text,)), Emphasis((text,))))
    return (
        text,
        Gap(WORDS),
        link,
        Language("cy", (text, link)),
        Strong((text, link, Gap(WORDS), Emphasis((text, link)))),
        Emphasis((text, link, Gap(WORDS), Strong((text, link)))),
    )


def _few() -> tuple[Inline, ...]:
    text = Text(WORDS)
    link = Link("https://example.org", (text,))
    return text, Gap(WORDS), link, Strong((text,)), Emphasis((text,))


def _body() -> tuple[Block, ...]:
    row = (_few(), _few(), _few())
    return (
        Paragraph(_inlines()),
        Heading(2, _few()),
        Heading(3, _few()),
        Table((row, row), ("", "right", "center")),
        *_containers(DEEPEST),
    )


def _containers(depth: int) -> tuple[Block, ...]:
    """A quotation, bullets and a numbered list, which hold each other, `depth` deep."""
    if not depth:
        return ()
    few = _few()
    inside: tuple[Block, ...] = (Paragraph(few), *_containers(depth - 1))
    if depth == DEEPEST:
        inside = (*inside, Heading(2, few), Heading(3, few), Table(((few,), (few,)), ("",)))
    return Quote(inside), List(None, (inside,)), List(1, (inside,))
