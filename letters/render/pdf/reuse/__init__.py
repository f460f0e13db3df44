"""What letters of one layout have in common, worked out by the PDF engine once.

A round's letters share most of their words and all of their looks. The engine works out the style
of each element, the lines of each paragraph and the lengths of each box anew for every letter; here
it is given what it worked out before, wherever what goes in is the same. The bytes of a PDF do not
change, and a test proves it on every letter of the example.

This reaches into the engine's inner names: it is used with the versions that have them all and no
others, not where a print style makes styles depend on the letter, nor where
`LETTERS_PLAIN_RENDER=1` is set. Letters are then drawn plainly, and the rest of the package knows
`reuse_for` alone.
"""

import os
import re
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext

KNOWN = ("70.0", "0.13.0")
"""The versions of WeasyPrint and pydyf whose inner names are known."""

PLAIN = "LETTERS_PLAIN_RENDER"
"""The environment variable that turns all of this off."""

_PARTICULAR = re.compile(
    r"\.tight\b|note|first-letter|first-line|ellipsis|line-clamp|\d[dsl]?v(?:w|h|i|b|min|max)\b",
    re.IGNORECASE,
)
"""What in a print style makes styles depend on one letter's pages, or changes lines as they are
drawn."""


def reuse_for(print_css: str, page: str) -> Callable[[], AbstractContextManager[None]]:
    """What to surround the drawing of each letter with this print style by, one at a time.

    `page` is the layout's letter.html.
    """
    if not can_reuse(print_css):
        return nullcontext
    from letters.render.pdf.reuse.remembered import Reuse  # the engine may lack what it names

    return Reuse(print_css, page=page).active


def can_reuse(print_css: str) -> bool:
    """Whether letters with this print style may be given what others were."""
    import pydyf
    import weasyprint

    is_known = (weasyprint.__version__, pydyf.__version__) == KNOWN
    return is_known and os.environ.get(PLAIN) != "1" and not _PARTICULAR.search(print_css)
