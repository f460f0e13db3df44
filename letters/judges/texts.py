"""What is wrong with words in any format: what a template left behind, Welsh read out as English,
names that say nothing."""

from __future__ import annotations

import re
from collections.abc import Iterator

from letters.judges.finding import Finding, quoted

_LEFT_BEHIND = re.compile(
    r"\{\{.{0,60}|\{%.{0,60}|\{#.{0,60}|«\w+»|\bMERGEFIELD\b.{0,40}|[\ufffd\ue000-\uf8ff]"
    r"|[\U000f0000-\U0010ffff]"
)
_FILE_NAME = re.compile(r"[\w .-]+\.(png|jpe?g|gif|svg|webp|tiff?|bmp|emf|wmf)", re.IGNORECASE)
_EMPTY_NAMES = {"", "image", "picture", "photo", "graphic", "img", "figure", "logo"}
_WORD = re.compile(r"[\w’']+")
_WELSH = frozenset(
    """
    ac ar bod bu byddai byddwn chi chwi cyfer dan ddangos ddim diolch dros dŵr dyma ei ein eich eu
    fel gan gennym gyda gyfer hon hwn hyn heddlu i'r iawn llythyr mae maent mewn nad neu ni nid
    oedd oes o'r a'r â'r oherwydd pan rhag roedd rydym rydyn sef sy'n sydd tân tŷ trwy wedi wrth
    y ym yma yn yng yr yw
    """.split()  # noqa: SIM905  (a list of words reads best as words)
)
_WELSH_WINDOW = 10
_WELSH_ENOUGH = 4


def left_behind(words: str, where: str = "") -> Iterator[Finding]:
    """What merging left in the text: placeholders, tags of a template, unknown characters."""
    found = _LEFT_BEHIND.search(words)
    if found:
        what = f"A placeholder or sign of the template was left behind: {quoted(found[0])}."
        yield Finding("letters: placeholders", what, where)


def is_welsh(words: str) -> bool:
    """Whether a run of `words` is Welsh prose, by its small words.

    Names and offices ("Heddlu Gwent", "Prif Gwnstabl") are left alone, as WCAG 2.2 3.1.2 leaves
    proper names.
    """
    signs = [word.replace("’", "'") in _WELSH for word in _WORD.findall(words)]
    window = range(max(1, len(signs) - _WELSH_WINDOW + 1))
    return any(sum(signs[n : n + _WELSH_WINDOW]) >= _WELSH_ENOUGH for n in window)


def unmarked_welsh(rule: str, words: str, language: str, where: str = "") -> Iterator[Finding]:
    """Welsh prose that `language` says is something else."""
    if not language.lower().startswith("cy") and is_welsh(words):
        what = "Welsh words are not marked as Welsh, so they are read out as if they were English."
        yield Finding(rule, what, where or quoted(words))


def poor_alternative(rule: str, alternative: str | None, where: str) -> Iterator[Finding]:
    """An image whose alternative text is missing or says nothing."""
    if alternative is None or not alternative.strip():
        yield Finding(rule, "An image has no alternative text.", where)
    elif _FILE_NAME.fullmatch(alternative.strip()) or alternative.strip().lower() in _EMPTY_NAMES:
        what = (
            f"The alternative text of an image, {quoted(alternative)}, does not say what it shows."
        )
        yield Finding(rule, what, where)
