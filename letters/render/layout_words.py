"""What a layout says itself, round the slots: found by filling each slot with a sign.

The letter's own words come from its wording and are approved; a layout can add others. They are
read from the Word file and the pages as they are made, so that nothing a layout can do is missed.
"""

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from typing import TypeGuard

from letters import document as tree
from letters.errors import Place, Problem, ProblemsFound
from letters.render.docx import WordLayout
from letters.render.html import WebLayout
from letters.render.readback import read_page, read_word

WORD, PRINT, WEB = "Word page head or foot", "PDF page head or foot", "web page"
"""Where a layout may print words of its own in one format alone."""

_SIGNS = {f"\U0010fff0{slot}\U0010fff1": slot for slot in tree.SLOTS}
_TITLE = "\U0010fff0title\U0010fff1"
"""Signs no input may hold: planes 15 and 16 are refused everywhere."""


@dataclass(frozen=True, slots=True)
class _PrintedValues:
    """All of a letter that its layout's own words can depend on.

    `texts` are those that the layout prints or asks about, `slots` those that hold something.
    """

    texts: tuple[tuple[str, str], ...]
    slots: tuple[str, ...]
    title: str
    language: str
    draft: str
    handling: str

    def letter(self) -> tree.Document:
        """The letter with a sign in each slot that holds something."""
        slots: dict[str, tuple[tree.Block, ...]] = {
            slot: (tree.Paragraph((tree.Text(sign),)),) if slot in self.slots else ()
            for sign, slot in _SIGNS.items()
        }
        return tree.Document(
            "", self.title, "", "", self.language, _ANY_DAY, _ANY_DAY, slots, dict(self.texts), (),
            draft=self.draft, handling=self.handling,
        )  # fmt: skip


_ANY_DAY = date(2000, 1, 1)


def layout_words(document: tree.Document, word: WordLayout, web: WebLayout) -> tree.LayoutWords:
    """The words of a letter's layout, by reading order and place.

    Letters of which a layout prints the same share them; a title that it prints as it is makes no
    difference. Raises ProblemsFound where the formats do not say the same in the same order.
    """
    title = document.title
    is_as_read = title and title == tree.as_read(title)
    if is_as_read and "document_title" not in word.asked | web.names:
        with suppress(ProblemsFound):  # told below, with its title
            return _titled(_words(_shown(document, _TITLE, word, web), word, web), title)
    return _words(_shown(document, title, word, web), word, web)


def _shown(document: tree.Document, title: str, word: WordLayout, web: WebLayout) -> _PrintedValues:
    names = word.names | web.names
    texts = {name: text for name, text in sorted(document.texts.items()) if name in names}
    texts |= {name: title for name in texts if name == "document_title"}
    slots = tuple(slot for slot in tree.SLOTS if document.slots[slot])
    own = (document.language, document.draft, document.handling)
    return _PrintedValues(tuple(texts.items()), slots, title, *own)


def _titled(words: tree.LayoutWords, title: str) -> tree.LayoutWords:
    """The same with a letter's title for its sign."""

    def block(each: str | tree.Block) -> str | tree.Block:
        match each:
            case tree.Heading(content=(tree.Text(text),)) | tree.Paragraph((tree.Text(text),)):
                return replace(each, content=(tree.Text(text.replace(_TITLE, title)),))
            case tree.Figure(alt=alt):
                return replace(each, alt=alt.replace(_TITLE, title))
        return each

    return tree.LayoutWords(
        tuple(map(block, words.order)),
        tuple(map(block, words.in_word)),
        tuple((place, line.replace(_TITLE, title)) for place, line in words.furniture),
        tuple(piece.replace(_TITLE, title) for piece in words.printed),
    )


@lru_cache(maxsize=32)
def _words(shown: _PrintedValues, word: WordLayout, web: WebLayout) -> tree.LayoutWords:
    signs = shown.letter()
    texts = {
        "Word letter": read_word(word.render(signs)),
        "PDF": read_page(web.print_page(signs)),
        "web page": read_page(web.web_page(signs)),
    }
    files = dict.fromkeys(texts, web.file) | {"Word letter": word.file}
    _refuse([p for name, text in texts.items() for p in _not_plain(text, name, files[name])])
    orders = {name: _order(text, web.file) for name, text in texts.items()}
    in_word = orders["Word letter"]
    orders["Word letter"] = tuple(each for each in in_word if not _is_picture(each))
    _refuse(_differences(orders, web.file))
    _refuse(_other_kinds(orders, web.file))
    places = zip((WORD, PRINT, WEB), texts.values(), strict=True)
    furniture = [(place, line) for place, text in places for line in text.furniture]
    furniture += [(tree.PICTURE, alt) for alt in texts["Word letter"].pictures]
    furniture += [(tree.PICTURE, each.alt) for each in in_word if _is_picture(each)]
    return tree.LayoutWords(orders["PDF"], in_word, tuple(furniture), web.own_words(signs))


def _refuse(problems: Iterable[Problem]) -> None:
    if found := tuple(problems):
        raise ProblemsFound(found)


_NOT_PLAIN = {"quote": "a quotation", "table cell": "a table", "table heading": "a table"}


def _not_plain(text: tree.WholeText, name: str, file: str) -> Iterator[Problem]:
    """Own words of a layout that are neither a paragraph nor a heading, as its blocks are."""
    for passage in text.flow:
        words = tree.as_read(passage.text)
        kind = "a list" if passage.label else _NOT_PLAIN.get(passage.kind, "")
        if kind and words and words not in _SIGNS:
            what = f"'{words}' is part of {kind} in the {name}, and comes from the layout."
            fix = "Give it the form of a plain paragraph, or say it in the wording."
            yield Problem(Place(file), what, fix)


def _other_kinds(orders: dict[str, tuple[str | tree.Block, ...]], page: str) -> Iterator[Problem]:
    """Own words of a layout that are a heading in some formats and none, or another, in others."""
    for each in zip(*orders.values(), strict=True):
        kinds = {n: _kind(block) for n, block in zip(orders, each, strict=True)}
        if len({*kinds.values()}) > 1:
            said = ", ".join(f"{kind} in the {name}" for name, kind in kinds.items())
            fix = "Make it the same in letter.html and letter.docx."
            yield Problem(Place(page), f"'{_said(each[0])}' is {said}.", fix)


def _kind(each: str | tree.Block) -> str:
    return f"a heading of level {each.level}" if isinstance(each, tree.Heading) else "a paragraph"


def _is_picture(each: str | tree.Block) -> TypeGuard[tree.Figure]:
    return isinstance(each, tree.Figure)


def _order(text: tree.WholeText, file: str) -> tuple[str | tree.Block, ...]:
    """The slots, and the layout's own blocks between them, which come from `file`."""
    return tuple(
        _SIGNS.get(words) or _block(each, words, tree.Origin(file))
        for each in text.flow
        if (words := tree.as_read(each.text))
    )


def _block(passage: tree.Passage, words: str, origin: tree.Origin) -> tree.Block:
    kind, _, level = passage.kind.partition(" ")
    if kind == "figure":
        return tree.Figure(b"", "", words, origin)
    if kind == "heading":
        return tree.Heading(int(level), (tree.Text(words),), origin)
    return tree.Paragraph((tree.Text(words),), origin)


def _differences(orders: dict[str, tuple[str | tree.Block, ...]], page: str) -> Iterator[Problem]:
    """Own words of a layout that some formats have and others lack, or have elsewhere."""
    said = {name: [_said(each) for each in order] for name, order in orders.items()}
    own = dict.fromkeys(
        words for lines in said.values() for words in lines if words not in tree.SLOTS
    )
    for words in own:
        having = [name for name, lines in said.items() if words in lines]
        lacking = [name for name in said if name not in having]
        if lacking:
            what = f"'{words}' is in the {_and(having)} and not in the {_and(lacking)}."
            fix = "Put it into letter.html and letter.docx alike, or take it out of both."
            yield Problem(Place(page), what, fix)
    if len({*map(tuple, said.values())}) > 1 and all(
        set(own) <= {*lines} for lines in said.values()
    ):
        what = "The Word letter, the PDF and the web page do not say the same in the same order."
        yield Problem(Place(page), what, "Put slots and words into the same order in both layouts.")


def _said(each: str | tree.Block) -> str:
    return each if isinstance(each, str) else tree.passages_of((each,))[0].text


def _and(names: list[str]) -> str:
    return " and the ".join(filter(None, (", the ".join(names[:-1]), names[-1])))
