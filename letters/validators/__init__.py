"""Validators of finished files: the fast ones that every build runs, and veraPDF where it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePath

from letters.validators.docx import judge_docx
from letters.validators.finding import Finding
from letters.validators.html import judge_html
from letters.validators.pdf import judge_pdf
from letters.validators.pdf.passages import Meant
from letters.validators.texts import is_written

_JUDGES: Mapping[str, Callable[[bytes], tuple[Finding, ...]]] = {
    ".docx": judge_docx,
    ".html": judge_html,
    ".pdf": judge_pdf,
}
FORMATS = tuple(_JUDGES)
"""The endings of the files that can be judged."""


def judge(
    name: str, content: bytes, *, written: str = "", letter: Meant | None = None
) -> tuple[Finding, ...]:
    """The rules that a finished file breaks; none for a sound one.

    `name` ends in .docx, .html or .pdf, which says how to read `content`; KeyError otherwise.
    `written` is what the letter is known to say: a record may speak of `{{ sent_date }}`, which
    would else be taken for a placeholder left behind. Where the whole `letter` is known, a PDF is
    held against it too.
    """
    if _ending(name) == ".pdf":
        return _unwritten(judge_pdf(content, letter=letter), written)
    return _unwritten(_JUDGES[_ending(name)](content), written)


def judge_built(
    name: str, content: bytes, written: str, letter: Meant | None = None
) -> tuple[Finding, ...]:
    """The same for a file that was made this moment, in half the time: our own rules alone.

    What the standards ask beyond them (colours, metadata, font programs) is the same in every
    letter of a layout: `judge` one of them, and `verify` the rest.
    """
    if _ending(name) == ".pdf":
        return _unwritten(judge_pdf(content, profiles=(), letter=letter), written)
    return judge(name, content, written=written)


def _ending(name: str) -> str:
    return PurePath(name).suffix.lower()


def _unwritten(findings: tuple[Finding, ...], written: str) -> tuple[Finding, ...]:
    return tuple(finding for finding in findings if not is_written(finding, written))


__all__ = ["FORMATS", "Finding", "Meant", "judge", "judge_built"]
