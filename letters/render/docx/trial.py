"""A layout's parts filled in once for trial: the last check before real letters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jinja2 import TemplateError
from lxml import etree
from markupsafe import Markup

from letters.document import SLOTS
from letters.errors import Place, Problem
from letters.render.docx.parts import Parts
from letters.render.docx.prints import MARK
from letters.render.docx.templates import sandbox

_TRIALS = (("text", Markup("<w:p/>")), ("", Markup("")))
"""Every placeholder full, and every one empty: the two sides of each condition."""


def trial_problems(
    parts: Parts, sources: Mapping[str, str], names: frozenset[str], place: Place
) -> Iterator[Problem]:
    """A problem for each part that would break the file."""
    for part in parts.texts:
        source = sources.get(part.name, "<none/>")
        if not all(_is_sound(source, names, *trial) for trial in _TRIALS):
            what = "The placeholders cannot be filled in without breaking the file."
            fix = "Delete them and type each again, in one go."
            yield Problem(Place(place.file, cell=part.label), what, fix)


def _is_sound(source: str, names: frozenset[str], text: str, blocks: Markup) -> bool:
    texts = {**dict.fromkeys(names, text), **dict.fromkeys(SLOTS, blocks), MARK: Markup("")}
    try:
        etree.fromstring(sandbox().from_string(source).render(texts).encode())
    except (TemplateError, etree.XMLSyntaxError):
        return False
    return True
