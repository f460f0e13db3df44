"""What a Word layout may print: slots, the draft mark, and plain texts of the letter."""

from __future__ import annotations

import re

from letters.document import SLOTS
from letters.errors import did_you_mean
from letters.render.docx.conditions import Say
from letters.render.docx.names import w
from letters.render.docx.parts import Part
from letters.render.docx.tags import Tag

MARK = "draft_mark"
FILTERS = ("capitalize", "lower", "trim", "upper")
_PRINT = re.compile(r"([A-Za-z_]\w*)((?:\s*\|\s*[A-Za-z_]\w*)*)", re.ASCII)


class Prints:
    """Checks the placeholders of one part that print something."""

    def __init__(self, part: Part, is_header: bool, say: Say) -> None:
        self._part = part
        self._is_header = is_header
        self._say = say
        self.slots: list[str] = []
        self.marks = 0

    def follow(self, tag: Tag) -> list[str]:
        """Check one placeholder; the names of texts it prints."""
        found = _PRINT.fullmatch(tag.content)
        if not found:
            self._say(
                f"{tag.text} asks for more than a name.",
                "Write only a name between the braces, such as {{ force_name }}.",
            )
            return []
        self._filters(tag, found[2])
        return self._named(tag, found[1])

    def _named(self, tag: Tag, name: str) -> list[str]:
        if name == MARK:
            self._mark(tag)
        elif name in SLOTS:
            self._slot(tag, name)
        elif tag.prefix == "p":
            fix = did_you_mean(name, SLOTS) or f"Write {{{{ {name} }}}}."
            self._say(f"{tag.text} is not a slot.", fix)
        elif tag.prefix:
            self._say(f"{tag.text} would remove what stands round it.", f"Write {{{{ {name} }}}}.")
        else:
            return [name]
        return []

    def _filters(self, tag: Tag, filters: str) -> None:
        for name in re.findall(r"\w+", filters):
            if name not in FILTERS:
                fix = f"Use one of these or none: {', '.join(FILTERS)}."
                self._say(f"The filter '{name}' in {tag.text} is not allowed.", fix)

    def _slot(self, tag: Tag, name: str) -> None:
        self.slots.append(name)
        if tag.prefix != "p" or tag.content != name:
            self._say(
                f"{tag.text} would put whole paragraphs inside a line of text.",
                f"Write {{{{p {name} }}}}, alone in its paragraph.",
            )
        if self._part.label != "body":
            self._say(f"{tag.text} stands in the {self._part.label}.", "Move it to the body.")
        elif next(tag.paragraph.iterancestors(w("txbxContent")), None) is not None:
            self._say(f"{tag.text} stands in a text box.", "Move it out of the text box.")

    def _mark(self, tag: Tag) -> None:
        self.marks += 1
        if tag.prefix != "r" or tag.content != MARK:
            self._say(f"{tag.text} would not show the draft mark.", "Write {{r draft_mark }}.")
        if not self._is_header:
            self._say(
                f"{tag.text} stands in the {self._part.label}, where no mark can be shown.",
                "Move it to the headers.",
            )
        if tag.after:
            self._say(
                f"The text '{tag.after}' after {tag.text} would lose its look.",
                "Move {{r draft_mark }} to the end of its paragraph.",
            )
