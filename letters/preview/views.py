"""Letters as they are shown: made when asked for, and kept while nothing in them changes."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from functools import partial

from letters.approvals import Approvals
from letters.approvals.signing import as_it_stands
from letters.build.fingerprints import letter_digest
from letters.build.making import LetterFile, make_files
from letters.document import Document
from letters.errors import Problem, ProblemsFound, RenderError
from letters.preview.pages import Kept
from letters.preview.pdf_process import PdfProcess
from letters.preview.snapshot import Epoch
from letters.render import Artifact
from letters.render.stationery import Stationery

TIRED = 50
"""PDFs after which the engine forgets the letters before: it remembers lines that are no more."""

KEPT = 100
"""Letters whose files are kept in memory; others are rendered again when they are asked for."""


@dataclass(frozen=True, slots=True)
class View:
    """A letter typeset: now, or when it last could be. `problems` say why it is not of now."""

    document: Document | None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class Shown:
    """A letter's file of now, or the last that could be made; then `problems` say why."""

    file: LetterFile | None
    problems: tuple[Problem, ...] = ()


@dataclass
class _Letter:
    """What is kept of one letter: the epoch it was typeset in, and its last files by format."""

    epoch: int = 0
    view: View = View(None)
    said: str = ""
    files: dict[str, tuple[tuple[str, object], LetterFile]] = field(default_factory=dict)


class Views:
    """Typesets and renders letters of epochs, each only when asked and only if it changed.

    This is the merge and the render that `build` uses; one thread at a time is at work.
    """

    def __init__(self) -> None:
        self._letters: Kept[str, _Letter] = Kept(KEPT)
        self._pdf = PdfProcess()
        self._lock = threading.RLock()
        self._printed = 0

    def view(self, epoch: Epoch, id_: str) -> View:
        """A letter of `epoch` as a document, unfinished ones as drafts."""
        with self._lock:
            return self._typeset(epoch, id_).view

    def file(self, epoch: Epoch, id_: str, format_: str) -> Shown:
        """A letter of `epoch` as a file; `format_` is "pdf", "docx" or "html"."""
        with self._lock:
            letter = self._typeset(epoch, id_)
            document, stationery = letter.view.document, epoch.stationery
            if document is None or stationery is None:
                return Shown(None, letter.view.problems)
            problems = letter.view.problems
            key = (letter.said, _layout(stationery, format_))
            if letter.files.get(format_, (None,))[0] != key:
                try:
                    made = make_files(partial(self._render, stationery), document, [format_])
                    letter.files[format_] = key, made[format_]
                except RenderError as error:
                    problems += (error.problem,)
            return Shown(letter.files.get(format_, (None, None))[1], problems)

    def rest(self) -> None:
        """Let the PDF engine forget, from time to time; for when nobody waits."""
        with self._lock:
            if self._printed >= TIRED:
                self._pdf.forget()
                self._printed = 0

    def close(self) -> None:
        """End what works in the background."""
        self._pdf.close()

    def _render(self, stationery: Stationery, document: Document, format_: str) -> Artifact:
        if format_ != "pdf":
            return stationery.render(document, format_)
        self._printed += 1
        return self._pdf.print(document, stationery.web)

    def _typeset(self, epoch: Epoch, id_: str) -> _Letter:
        letter = self._letters.get(id_)
        if letter is None:
            letter = _Letter()
            self._letters.put(id_, letter)
        if letter.epoch != epoch.number:
            letter.view = _typeset(epoch, id_, letter.view.document)
            letter.said = letter_digest(letter.view.document) if letter.view.document else ""
            letter.epoch = epoch.number
        return letter


def _typeset(epoch: Epoch, id_: str, earlier: Document | None) -> View:
    letter = epoch.letters[id_]
    if epoch.stationery is None or epoch.round is None:
        return View(earlier)
    try:
        return View(as_it_stands(epoch.stationery, Approvals.load(epoch.round), letter))
    except ProblemsFound as found:
        return View(earlier, found.problems)


def _layout(stationery: Stationery, format_: str) -> object:
    return stationery.word if format_ == "docx" else stationery.web
