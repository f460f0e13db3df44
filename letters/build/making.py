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
        """Faults that one letter can have and others of its layout not: every build asks for them.

        What the letter is known to say is no placeholder left behind, though it may look like one.
        """
        from letters.validators import judge_built  # validators are slow to start

        said = "\n".join(passage.text for passage in passages(self.document))
        return judge_built(self.artifact.name, self.artifact.content, said)

    @cached_property
    def all_findings(self) -> tuple[Finding, ...]:
        """Faults by every rule of ours and of the standards: publication asks for them."""
        from letters.validators import judge

        return judge(self.artifact.name, self.artifact.content)


def make_files(render: Render, document: Document, formats: Iterable[str]) -> dict[str, LetterFile]:
    """The files of a typeset letter, by format. Raises RenderError where one cannot be made."""
    return {each: LetterFile(document, render(document, each)) for each in formats}
