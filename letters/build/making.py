"""The files of one letter, rendered and validated: the one place where they are made.

Apart from a build, since publication, preview, review and dispatch make them too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from letters.document import Document, passages
from letters.render import Artifact

if TYPE_CHECKING:
    from letters.validators.finding import Finding


Render = Callable[[Document, str], Artifact]
"""What turns a typeset letter into a file of a format, as `Stationery.render` does."""


@dataclass(frozen=True)
class LetterFile:
    """A letter in one format, and what validators find in it, looked for when first asked for."""

    document: Document
    artifact: Artifact

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """Every rule that the file breaks.

        Among them is each word of the file that is not the letter's or its layout's, and each that
        is missing. What the letter is known to say is no placeholder left behind, though it may
        look like one.
        """
        from letters.validators import Meant, judge  # validators are slow to start

        said = "\n".join(passage.text for passage in passages(self.document))
        meant = Meant(self.document, self.document.layout.printed)
        return judge(self.artifact.name, self.artifact.content, written=said, letter=meant)


def make_files(render: Render, document: Document, formats: Iterable[str]) -> dict[str, LetterFile]:
    """The files of a typeset letter, by format. Raises RenderError where one cannot be made."""
    return {each: LetterFile(document, render(document, each)) for each in formats}
