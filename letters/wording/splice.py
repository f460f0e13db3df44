"""Included files and rich text: read apart, so that they cannot leave the quote or list."""

from __future__ import annotations

from letters.document import Block
from letters.model import RichText
from letters.wording.markdown import parsed
from letters.wording.run import Printed
from letters.wording.setting import Setting
from letters.wording.signs import forged


def spliced(setting: Setting, printed: Printed) -> tuple[Block, ...]:
    """The blocks of an included file or a rich-text value, as they stand in `setting`."""
    inner = setting.in_text_of(printed)
    if isinstance(printed.value, RichText) and (sign := forged(printed.value.markdown)):
        what = f"The text holds '{sign}', which stands for a reserved character."
        inner.problem(0, what, "Delete it.")
        return ()
    return inner.read(inner, parsed(inner.lines.text))
