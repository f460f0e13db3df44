"""What the templates of a round may name, and what kind of value each name holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from letters.model import FieldType, Round
from letters.project.placeholders import placeholders

RECOMMENDATION = "recommendation"
SUBJECT = "subject"


@dataclass(frozen=True)
class Vocabulary:
    """Names of placeholders; those that hold yes or no, rich text, or one of a few words."""

    names: frozenset[str]
    yes_no: frozenset[str]
    rich: frozenset[str]
    choices: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, round_: Round) -> Vocabulary:
        """The vocabulary of a round: its placeholders and `recommendation`."""
        choices = {name: f.choices for name, f in round_.fields.items() if f.choices}
        own = {RECOMMENDATION} - set(round_.fields)
        return cls(
            frozenset(placeholders(round_)) | own,
            _of_type(round_, FieldType.YES_NO),
            _of_type(round_, FieldType.RICH_TEXT) | own,
            {"outcome": tuple(round_.outcomes), **choices},
        )

    @property
    def plain(self) -> frozenset[str]:
        """Names whose values are plain text."""
        return self.names - self.yes_no - self.rich

    def with_names(self, *names: str) -> Vocabulary:
        """The same and more plain names."""
        return Vocabulary(self.names.union(names), self.yes_no, self.rich, self.choices)


def _of_type(round_: Round, type_: FieldType) -> frozenset[str]:
    return frozenset(name for name, field in round_.fields.items() if field.type is type_)
