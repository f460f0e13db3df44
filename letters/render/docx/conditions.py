"""Conditions in a Word layout: {% if name %} … {% endif %}, in a line or round paragraphs."""

from __future__ import annotations

import re
from collections.abc import Callable

from letters.render.docx.names import Element
from letters.render.docx.tags import Tag

Say = Callable[[str, str], None]
"""Notes a problem: what is wrong, and what to do."""

_NAME = r"[A-Za-z_]\w*"
_ASKED = re.compile(
    rf"(?:if|elif)\s+((?:not\s+)?{_NAME}(?:\s+(?:and|or)\s+(?:not\s+)?{_NAME})*)", re.ASCII
)
_WORDS = {"if", "elif", "and", "or", "not"}


class Conditions:
    """Follows the conditions of one part in reading order."""

    def __init__(self, say: Say) -> None:
        self._say = say
        self._open: list[Tag] = []

    def follow(self, tag: Tag) -> list[str]:
        """Check one statement; the names it asks about."""
        word = tag.content.partition(" ")[0]
        asked = _ASKED.fullmatch(tag.content)
        if tag.prefix in ("", "p") and (asked or tag.content in ("else", "endif")):
            self._begin(tag) if word == "if" else self._go_on(tag)
            names = re.findall(_NAME, asked[0] if asked else "")
            return [name for name in names if name not in _WORDS]
        self._say(
            f"{tag.text} is not a statement that a layout may hold.",
            "Use only {% if name %}, {% elif name %}, {% else %} and {% endif %}.",
        )
        return []

    def finish(self) -> None:
        """Say what was left open."""
        for tag in self._open:
            self._say(f"{tag.text} is never closed.", f"Add {_endif(tag)} after it.")

    def _begin(self, tag: Tag) -> None:
        self._open.append(tag)

    def _go_on(self, tag: Tag) -> None:
        if not self._open:
            self._say(f"{tag.text} has no {{% if … %}} before it.", "Add one, or remove it.")
            return
        begun = self._open[-1]
        if tag.content == "endif":
            self._open.pop()
        if tag.prefix != begun.prefix or _home(tag) is not _home(begun):
            self._say(
                f"{tag.text} stands apart from its {begun.text}.",
                "Put both in one paragraph, or write {%p … %} for both, each alone in a paragraph.",
            )


def _home(tag: Tag) -> Element | None:
    """What must be the same for the tags of one condition, or the file would break."""
    return tag.paragraph.getparent() if tag.prefix else tag.holder


def _endif(tag: Tag) -> str:
    return f"{{%{tag.prefix} endif %}}"
