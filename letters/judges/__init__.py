"""Validators of finished files: the fast ones that every build runs, and veraPDF where it is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import PurePath

from letters.judges.docx import judge_docx
from letters.judges.finding import Finding
from letters.judges.html import judge_html
from letters.judges.pdf import judge_pdf

_JUDGES: Mapping[str, Callable[[bytes], tuple[Finding, ...]]] = {
    ".docx": judge_docx,
    ".html": judge_html,
    ".pdf": judge_pdf,
}
FORMATS = tuple(_JUDGES)
"""The endings of the files that can be judged."""


def judge(name: str, content: bytes) -> tuple[Finding, ...]:
    """The rules that a finished file breaks; none for a sound one.

    `name` ends in .docx, .html or .pdf, which says how to read `content`; KeyError otherwise.
    """
    return _JUDGES[PurePath(name).suffix.lower()](content)


__all__ = ["FORMATS", "Finding", "judge"]
