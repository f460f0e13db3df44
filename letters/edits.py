"""Word letters that someone has edited by hand since they were built."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher

from letters.document import Passage
from letters.render.readback import read_docx

SHOWN = 5
"""How many changed places a message quotes."""


def changed_words(edited: bytes, rendered: bytes) -> str:
    """How the edited Word letter differs from the one rendered now, in words.

    Such as `'four of the five plans' for 'three of the five plans'`; says so where no word differs.
    """
    try:
        passages = read_docx(edited)
    except Exception:
        return "it can no longer be read as a Word letter"
    changes = list(_changes(_words(read_docx(rendered)), _words(passages)))
    if not changes:
        return "no word differs, only looks or properties"
    rest = len(changes) - SHOWN
    more = [f"and {rest} more"] if rest > 0 else []
    return "it says " + "; ".join(changes[:SHOWN] + more)


def _words(passages: tuple[Passage, ...]) -> list[str]:
    return [word for passage in passages for word in f"{passage.label} {passage.text}".split()]


def _changes(built: list[str], edited: list[str]) -> Iterator[str]:
    for kind, a, b, c, d in SequenceMatcher(None, built, edited, autojunk=False).get_opcodes():
        if kind != "equal":
            was, now = " ".join(built[a:b]), " ".join(edited[c:d])
            yield f"'{now}' for '{was}'" if was and now else _one_sided(was, now)


def _one_sided(was: str, now: str) -> str:
    return f"'{now}' more" if now else f"'{was}' no more"
