"""What a layout's style sheets and page may hold, so that no word is added, hidden or moved unseen.

Nothing here renders. Everything is a list of what is allowed, with bounds and reasons; whatever is
not on it is a problem with its line. `docs/styles.md` shows the lists and is held against them.
"""

import re
from itertools import islice

from letters.errors import Place, Problem

MOST_RULES = 2_000
"""Rules in one sheet, and as many other brackets. Each selector is tried on a letter's page, and
the shipped sheets have about 70 rules. 300,000 empty ones would keep a command busy for minutes."""

MOST_COMMAS = 5_000
"""Commas in one sheet: each may part two selectors."""

MOST_SEMICOLONS = 5_000
"""Semicolons in one sheet: each ends a declaration, and may be a problem of its own."""

MOST_CHARACTERS = 1_000_000
"""Characters in one sheet, pictures in `data:` addresses included."""


def too_large(file: str, text: str) -> list[Problem]:
    """A problem where reading a sheet would take too long, at the line where it becomes so."""
    fix = "Take out rules that nothing uses; put pictures into files of their own."
    for most, signs, things in (
        (MOST_RULES, r"{", "rules"),
        (MOST_RULES, r"[(\[]", "brackets"),
        (MOST_COMMAS, r",", "commas"),
        (MOST_SEMICOLONS, r";", "semicolons"),
        (MOST_CHARACTERS, r"(?s).", "characters"),
    ):
        over = next(islice(re.finditer(signs, text), most, None), None)
        if over:
            line = text.count("\n", 0, over.start()) + 1
            what = f"The style sheet has more than {most:,} {things}."
            return [Problem(Place(file, line), what, fix)]
    return []
