"""A document in its formats: DOCX, PDF and HTML, and the text read back from each."""

from __future__ import annotations

from dataclasses import dataclass, field

from letters.files import output_name

FORMATS = {
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
}
"""Every format of a letter, by the ending of its file name, with its media type."""


@dataclass(frozen=True, slots=True)
class Artifact:
    """A letter in one format: file name, media type and bytes."""

    name: str
    media_type: str
    content: bytes = field(repr=False)

    @classmethod
    def named(cls, letter: str, format_: str, content: bytes) -> Artifact:
        """The file of the letter with this id, in one of FORMATS."""
        return cls(output_name(letter, format_), FORMATS[format_], content)
