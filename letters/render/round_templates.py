"""A round's wording and layouts, read and prepared once: what its letters are rendered with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import TypeVar

from letters.document import Document
from letters.errors import Place, Problem, ProblemsFound, did_you_mean
from letters.model import Letter
from letters.project import ProjectRound
from letters.questions import PICTURE, Answers
from letters.render import Artifact
from letters.render.docx import WordLayout
from letters.render.html import WebLayout
from letters.render.layout_words import layout_words
from letters.render.pdf.letter import render_pdf
from letters.wording import Wording, text_names, typeset, unsigned

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
    problems += answers.idle(PICTURE) if word and web else ()
    return word, web


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
