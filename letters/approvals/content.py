"""What a signature binds: a letter's content as plain text, one line a fact, and its digest.

The text is kept beside the approvals, so that a person can read what was signed and see, line by
line, what is different now. Its digest answers one question: are these the words approved? Those of
what a letter is made of are in `letters.build.fingerprints`.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from letters import document as tree
from letters.document import (
    passages_of as as_passages,
)
from letters.files import digest
from letters.model import Letter
from letters.people import Person, Signatory
from letters.pictures import UNFINISHED

FORM = "letter content, form 2"
"""The first line. Another way of writing content would get another number: a digest is for ever."""

FIRST_FORM = "letter content, form 1"
"""Content without the layout's own words, as approvals before them were given for it."""

LABELS = ("from", "to", "sent_on", "letter_information", "page", "of")
"""Labels that a finished letter prints outside its passages."""

_PASSAGE = re.compile(
    r"(?P<kind>heading \d|paragraph|quote|table heading|table cell|figure)"
    r"(?: \[(?P<label>[^\]]+)\])?:(?: (?P<text>.*))?"
)
"""A line of the text that approvals bind, such as `table cell [2.1]: Yes`."""


def content_text(
    letter: Letter, document: tree.Document, published: tree.Document | None = None
) -> str:
    """All that `document`, the letter laid out as finished, says; nothing of its looks.

    Parts with an empty line between: facts by name (to whom, from whom, when), the passages in
    reading order, where links lead, and the words that the layout prints round the letter.
    `published` is the letter as published, where its round keeps something private; its passages
    follow if they differ. Clock, machine and looks have no part in it.
    """
    return _content(FORM, letter, document, published)


def first_form(
    letter: Letter, document: tree.Document, published: tree.Document | None = None
) -> str:
    """The same without the layout's own words, as approvals of the first form are bound to it."""
    alone = replace(document, layout=tree.LayoutWords())
    published = published and replace(published, layout=tree.LayoutWords())
    return _content(FIRST_FORM, letter, alone, published)


def unapproved_words(document: tree.Document) -> tuple[str, ...]:
    """The layout's own words that an approval of the first form does not cover.

    A picture's alternative text had no part in it.
    """
    inside = (passage.text for passage in as_passages(document.layout.own))
    return (*inside, *(line for place, line in layout_lines(document) if place != tree.PICTURE))


def layout_lines(document: tree.Document) -> Iterator[tuple[str, str]]:
    """What a layout prints outside the letter, by place, but for what content holds anyway.

    That is the sender's name, the title, and the labels of page numbers. A finished
    crest in the place of the placeholder makes no other letter.
    """
    texts = document.texts
    page = re.compile(
        rf"{re.escape(texts['page_label'])} ?\d* ?{re.escape(texts['of_label'])} ?\d*"
    )
    for place, line in document.layout.furniture:
        if line not in (document.title, texts["sender_name"]) and not page.fullmatch(line):
            yield place, line.removesuffix(UNFINISHED) if place == tree.PICTURE else line


def _content(
    form: str, letter: Letter, document: tree.Document, published: tree.Document | None
) -> str:
    parts = [
        [form, *_facts(letter, document)],
        [_line(passage) for passage in tree.passages(document)],
        [f"link: {href}" for href in _links(document)],
    ]
    if lines := [f"{place}: {_one_line(line)}" for place, line in layout_lines(document)]:
        parts.append(lines)
    if published and tree.passages(published) != tree.passages(document):
        parts.append(["published"])
        parts.append([_line(passage) for passage in tree.passages(published)])
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def text_digest(text: str) -> str:
    """SHA-256 of content kept as text."""
    return digest(text.encode())


def facts_of(text: str) -> list[str]:
    """The first part of a content text: the letter's facts, a line each."""
    return text.split("\n\n")[0].splitlines()[1:]


def passages_of(text: str) -> tuple[tree.Passage, ...]:
    """The passages of a content text; none where it holds none."""
    part = text.split("\n\n")[1:2]
    lines = (_PASSAGE.fullmatch(line) for line in "".join(part).split("\n"))
    return tuple(
        tree.Passage(line["kind"], line["label"] or "", line["text"] or "")
        for line in lines
        if line
    )


def rest_of(text: str) -> list[str]:
    """What is after the passages: links, and the edition as published."""
    return "\n\n".join(text.split("\n\n")[2:]).splitlines()


def _line(passage: tree.Passage) -> str:
    label = f" [{passage.label}]" if passage.label else ""
    return f"{passage.kind}{label}: {_one_line(passage.text)}".rstrip(" ")


def _one_line(text: str) -> str:
    return " ".join(text.splitlines())


def _facts(letter: Letter, document: tree.Document) -> Iterator[str]:
    for name, words in _named(letter, document):
        if words:
            yield f"{name}: {_one_line(words)}"


def _named(letter: Letter, document: tree.Document) -> Iterator[tuple[str, str | None]]:
    round_ = letter.round
    yield "letter", letter.id
    yield "language", document.language
    yield "title", document.title
    yield "outcome", letter.outcome
    yield "sent", letter.sent.isoformat()
    yield "published", round_.published_on.isoformat() if round_.published_on else None
    yield from _people("addressee", letter.addressees)
    yield from ((f"salutation {n}", words) for n, words in enumerate(letter.salutation, 1))
    yield "delivery", letter.delivery
    yield from _people("copied to", letter.copied_to)
    for n, each in enumerate(letter.signed, 1):
        yield from _signatory("signatory" if n == 1 else f"signatory {n}", each.person)
    yield from _contact(letter)
    yield from ((f"label {name}", document.texts[f"{name}_label"]) for name in LABELS)


def _people(role: str, people: Sequence[Person]) -> Iterator[tuple[str, str | None]]:
    for n, person in enumerate(people, 1):
        yield f"{role} {n} name", person.name
        yield f"{role} {n} honours", person.honours
        yield f"{role} {n} office", person.office
        yield f"{role} {n} organisation", person.organisation
        yield from ((f"{role} {n} postal {m}", line) for m, line in enumerate(person.postal, 1))
        yield f"{role} {n} e-mail", person.email


def _signatory(role: str, signatory: Signatory) -> Iterator[tuple[str, str | None]]:
    yield f"{role} name", signatory.name
    yield f"{role} honours", signatory.honours
    yield from ((f"{role} office {n}", words) for n, words in enumerate(signatory.offices, 1))
    yield from ((f"{role} address {n}", line) for n, line in enumerate(signatory.address, 1))
    yield f"{role} phone", signatory.phone
    yield f"{role} e-mail", signatory.email


def _contact(letter: Letter) -> Iterator[tuple[str, str | None]]:
    contact = letter.round.contact
    if contact:
        yield "contact name", contact.name
        yield "contact e-mail", contact.email
        yield "contact phone", contact.phone


def _links(document: tree.Document) -> Iterator[str]:
    """Where links lead, slot by slot as typesetting fills them: their order is signed too."""
    for met in tree.walk(chain.from_iterable(document.slots.values())):
        for inline in tree.inlines(chain.from_iterable(tree.contents(met.block))):
            if isinstance(inline, tree.Link):
                yield inline.href
