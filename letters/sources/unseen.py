"""Characters that nobody sees: they reverse what follows, make equal names differ, or say nothing.

Joiners and soft hyphens stay where real words need them.
"""

import re
import unicodedata
from html import unescape

from letters.errors import Place, Problem

RETYPE = "Delete it and type the text again."

_BIDIRECTIONAL = "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069"
_TAGS = "\U000e0001\U000e0020-\U000e007f"
_NO_WIDTH = "\u034f\u180b-\u180f\u200b\u2060-\u2064\u206a-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb"
_MORE_WITHOUT_WIDTH = "\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0100-\U000e01ef"
_BLANK = "\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"

_JOINING = (
    "\u0600-\u06ff\u0700-\u077f\u0780-\u07ff\u0840-\u085f\u0860-\u08ff\u0900-\u0dff\u1000-\u109f"
    "\u1780-\u17b3\u17b6-\u17ff\u1800-\u180a\u1810-\u18af\ufb50-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc"
)
"""Letters of scripts that are written with joiners: Arabic, Syriac, N'Ko, those of India, Burmese,
Khmer, Mongolian (The Unicode Standard, 23.2)."""

_UNSEEN = re.compile(
    f"[{_BIDIRECTIONAL}{_TAGS}{_NO_WIDTH}{_MORE_WITHOUT_WIDTH}{_BLANK}]"
    rf"|(?<!\w)\u00ad|\u00ad(?!\w)"
    f"|(?<![{_JOINING}])[\u200c\u200d]|[\u200c\u200d](?![{_JOINING}])"
)
_NAMES = {"\ufeff": "ZERO WIDTH NO-BREAK SPACE"}


def unseen(text: str) -> tuple[str, str] | None:
    """What nobody would see in `text`, by number and name, and what to do; None where nothing.

    Refused are bidirectional controls, tag characters, characters without width or ink, a soft
    hyphen outside a word, and a joiner that is not between letters of a script with joiners.
    """
    if text.isascii() or not (match := _UNSEEN.search(text)):
        return None
    return f"The text holds {named(match[0])}, which nobody sees.", RETYPE


def unseen_problems(file: str, source: str) -> list[Problem]:
    """The same for each line of a page or style sheet, which may write them as `&#8238;`."""
    rows = enumerate(source.split("\n"), 1)
    faults = ((number, unseen(row) or unseen(unescape(row))) for number, row in rows)
    return [Problem(Place(file, number), *fault) for number, fault in faults if fault]


def named(character: str) -> str:
    """A character by its number and name: `U+202E RIGHT-TO-LEFT OVERRIDE`."""
    name = _NAMES.get(character) or unicodedata.name(character, "")
    return f"U+{ord(character):04X} {name}".rstrip()
