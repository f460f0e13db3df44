"""Words of a Word letter that are there and cannot be seen."""

from __future__ import annotations

from collections.abc import Iterator

from letters.render.docx.looks import look_faults
from letters.render.docx.sight import Sight, may_hide
from letters.validators.docx.package import Parts, W, words
from letters.validators.finding import Finding, quoted


def look_findings(parts: Parts) -> Iterator[Finding]:
    """Words struck out, turned round, moved off the page, or drawn as signs."""
    styles, settings = parts.trees["word/styles.xml"], parts.trees.get("word/settings.xml")
    for fault in look_faults(styles, (tree for _, tree in parts.printed()), settings):
        yield Finding("letters: sight", f"{fault.where} {fault.what}")


def sight_findings(parts: Parts) -> Iterator[Finding]:
    """Words that a screen reader or a search finds and a reader's eyes do not."""
    printed = [tree for _, tree in parts.printed()]
    if not may_hide(parts.styles, *printed):
        return
    sight = Sight(parts.styles, parts.theme)
    for tree in printed:
        for paragraph in tree.iter(f"{W}p"):
            for why, said in sight.unseen(paragraph, words).items():
                yield Finding("letters: sight", f"Words cannot be seen: {why}.", quoted(said))
