"""What the judges find in the letters of a publication, for its accessibility statement."""

from __future__ import annotations

from collections.abc import Mapping

from letters.publish.facts import Standard
from letters.publish.letterfiles import DOWNLOADS
from letters.validators import judge

ALONE = "letters: web"
"""The rule that a web letter needs nothing but itself; pages of a site share a stylesheet."""


def standards(files: Mapping[str, bytes]) -> tuple[Standard, ...]:
    """What the judges find, format by format."""
    return tuple(
        _standard(format_, {p: c for p, c in files.items() if p.endswith(f".{format_}")})
        for format_ in (*DOWNLOADS, "html")
    )


def _standard(format_: str, files: Mapping[str, bytes]) -> Standard:
    found = {
        f"{path.rpartition('/')[2]}: {finding}": None
        for path, content in files.items()
        for finding in judge(path, content)
        if finding.rule != ALONE
    }
    return Standard(format=format_, files=len(files), findings=tuple(found))
