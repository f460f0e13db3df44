"""The draft of a letter: marked as one, and not signed."""

from __future__ import annotations

from dataclasses import replace

from letters.document import Document


def unsigned(document: Document, handling: str | None) -> Document:
    """`document` as a draft: marked on each page, with `handling` too, and without a signature."""
    return replace(
        document,
        draft=document.texts["draft_label"],
        handling=handling or "",
        slots={**document.slots, "letter_signature": ()},
    )
