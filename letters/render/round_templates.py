"""A round's wording and layouts, read and prepared once: what its letters are rendered with, and
what a layout says itself, round the slots.

The letter's own words come from its wording and are approved; a layout can add others. They are
found by filling each slot with a sign, in the Word file and the pages as they are made, so that
nothing a layout can do is missed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache, partial
from pathlib import Path
from typing import TypeGuard, TypeVar

from letters import document as tree
from letters.document import Document
from letters.errors import Place, Problem, ProblemsFound, did_you_mean
from letters.model import Letter
from letters.project import ProjectRound
from letters.questions import PICTURE, Answers
from letters.render import Artifact
from letters.render.docx import WordLayout
from letters.render.html import WebLayout
from letters.render.pdf.letter import render_pdf
from letters.render.readback import read_page, read_word
from letters.wording import Wording, text_names, typeset, unsigned

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


T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class RoundTemplates:
    """What the letters of a round are made with. Load it once, render many letters."""

    wording: Wording
    word: WordLayout
    web: WebLayout

    @classmethod
    def load(
        cls,
        project_round: ProjectRound,
        *,
        earlier: RoundTemplates | None = None,
        page_too: bool = True,
    ) -> RoundTemplates:
        """Read `templates/` for a round; layouts are taken from `earlier`, which had the same.

        Raises ProblemsFound with every fault of wording and layouts that can be seen without a
        letter: missing files and styles, unknown placeholders, syntax errors. Unless `page_too`,
        whoever asks takes care that a sound page is known to be one before any letter is made:
        `page_problems` tells, and takes half of the time.
        """
        problems: list[Problem] = []
        root, round_ = project_round.root, project_round.round
        wording = _loaded(Wording.load, _folder(project_round, "wording", problems), root, problems)
        word, web = (earlier.word, earlier.web) if earlier else _layouts(project_round, problems)
        if wording:
            in_use = {a.outcome for a in project_round.assessments if a.outcome}
            problems += wording.problems(round_, in_use)
        if web and not earlier and (page_too or problems):
            problems += page_problems(web, text_names(round_))
        if problems or not (wording and word and web):
            raise ProblemsFound(problems)
        return cls(wording, word, web)

    @property
    def printed(self) -> frozenset[str]:
        """The placeholders that the layouts may print themselves, and words besides."""
        return frozenset((*re.findall(r"\w+", self.web.source), *self.word.names))

    def typeset(self, letter: Letter, *, drafts: bool = False) -> Document:
        """The letter's words as a block tree, and its layout's; a draft is not signed.

        Raises ProblemsFound.
        """
        document = typeset(letter, self.wording, drafts=drafts)
        return self.draft_of(letter, document) if drafts else self.laid_out(document)

    def draft_of(self, letter: Letter, document: Document) -> Document:
        """The letter as a draft: marked as one, and not signed."""
        return self.laid_out(unsigned(document, letter.round.handling))

    def laid_out(self, document: Document) -> Document:
        """The document with what its layout says round the slots.

        Raises ProblemsFound where Word and web layout do not say the same.
        """
        return replace(document, layout=layout_words(document, self.word, self.web))

    def render(self, document: Document, format_: str) -> Artifact:
        """A typeset letter as a file: "docx", "pdf" or "html".

        Raises RenderError where an engine cannot make the file as the letter asks.
        """
        return Artifact.named(document.id, format_, self._content(document, format_))

    def _content(self, document: Document, format_: str) -> bytes:
        if format_ == "docx":
            return self.word.render(document)
        if format_ == "html":
            return self.web.web_page(document).encode()
        return render_pdf(document, self.web)


@lru_cache(maxsize=4)
def page_problems(web: WebLayout, names: frozenset[str]) -> tuple[Problem, ...]:
    """What is wrong with a layout's page and styles, as `WebLayout.problems` finds it; kept."""
    return web.problems(names)


def _layouts(
    project_round: ProjectRound, problems: list[Problem]
) -> tuple[WordLayout | None, WebLayout | None]:
    """The layouts of a round; all that is wrong with them is a problem."""
    folder, names = _folder(project_round, "layout", problems), text_names(project_round.round)
    answers = Answers(project_round.round, project_round.places)
    web = _loaded(WebLayout.load, folder, project_round.root, problems)
    load_word = partial(WordLayout.load, crest=web.crest if web else None, answers=answers)
    word = _loaded(load_word, folder, project_round.root, problems)
    problems += word.problems(names) if word else ()
    problems += _other_order(word, web) if word and web else ()
    problems += answers.idle(PICTURE) if word and web else ()
    return word, web


def _other_order(word: WordLayout, web: WebLayout) -> Iterator[Problem]:
    """The first slot that the page has elsewhere than the Word file, if both have the same ones."""
    if sorted(web.slots) != sorted(word.slots):  # told by what is missing or there twice
        return
    for n, (ours, theirs) in enumerate(zip(web.slots, word.slots, strict=True)):
        if ours != theirs:
            before = f"after '{{{{ {web.slots[n - 1]} }}}}'" if n else "first"
            what = f"'{{{{ {ours} }}}}' comes {before}; in letter.docx '{{{{p {theirs} }}}}' does."
            fix = "Put the slots into the same order in both: readers meet them so."
            yield Problem(Place(web.file), what, fix)
            return


def _folder(project_round: ProjectRound, key: str, problems: list[Problem]) -> Path | None:
    """The folder of templates/ that `round.yaml` names under `key`."""
    templates = project_round.root / "templates"
    name: str = getattr(project_round.round, key)
    if name and Path(name).name == name and (templates / name).is_dir():
        return templates / name
    place = project_round.places.get(key, Place(f"rounds/{project_round.round.id}/round.yaml"))
    known = sorted(path.name for path in templates.glob("[!.]*") if path.is_dir())
    fix = did_you_mean(name, known) or f"Name one of these: {', '.join(known)}."
    problems.append(Problem(place.at(key), f"templates/ has no folder '{name}'.", fix))
    return None


def _loaded(
    load: Callable[[Path, Path], T], folder: Path | None, root: Path, problems: list[Problem]
) -> T | None:
    if folder is None:
        return None
    try:
        return load(folder, root)
    except ProblemsFound as found:
        problems += found.problems
        return None
