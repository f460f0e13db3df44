"""A round's wording without its layouts: enough to know what letters say."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from letters.document import Document
from letters.model import Letter, Round
from letters.wording.typesetting import typeset
from letters.wording.wordings import Wording


@dataclass(frozen=True, slots=True)
class WordingOnly:
    """What finished letters are typeset with where nothing is rendered."""

    wording: Wording

    @classmethod
    def load(cls, root: Path, round_: Round) -> WordingOnly:
        """Read the wording of a round of the project `root`. Raises ProblemsFound."""
        return cls(Wording.load(root / "templates" / round_.wording, root))

    def typeset(self, letter: Letter) -> Document:
        """A finished letter's words as a block tree. Raises ProblemsFound."""
        return typeset(letter, self.wording)
