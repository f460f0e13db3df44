"""What a letter says and how it is set, as one digest that no version of this tool changes."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import fields, is_dataclass
from datetime import date

from letters.document import SLOTS, Document
from letters.files import digest

_NOWHERE_PRINTED = ("origin", "field")
"""Where a block or word comes from: moving a line of the wording changes no letter."""


def substance(document: Document, printed: Collection[str]) -> str:
    """Digest of a typeset letter: words, structure, emphasis, pictures, title and dates.

    `printed` are the placeholders that the letter's layouts print themselves.
    """
    parts = {
        "letter": [document.id, document.title, document.author, document.subject],
        "language": document.language,
        "days": [document.created, document.modified],
        "texts": {name: text for name, text in document.texts.items() if name in printed},
        "information": document.information,
        "slots": [[name, document.slots[name]] for name in SLOTS],
    }
    return digest(json.dumps(_plain(parts), ensure_ascii=False, sort_keys=True).encode())


def _plain(part: object) -> object:
    """`part` as JSON knows it; a block or inline begins with its name."""
    match part:
        case dict():
            return {key: _plain(value) for key, value in part.items()}
        case list() | tuple():
            return [_plain(each) for each in part]
        case bytes():
            return digest(part)
        case date():
            return part.isoformat()
    if is_dataclass(part):
        kept = (each.name for each in fields(part) if each.name not in _NOWHERE_PRINTED)
        return [type(part).__name__, *(_plain(getattr(part, name)) for name in kept)]
    return part
