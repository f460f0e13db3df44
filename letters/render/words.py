"""What is wrong with words in any format: what a template left behind, Welsh read out as English,
names that say nothing. Asked of layouts before any letter is made, and of finished letters."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from letters.document import as_read
from letters.project.references import BUILT_IN

_SIGN = re.compile(
    r"\{\{[pr]?\s*(\w+)[^{}]{0,40}\}\}|\{%[-pr]?\s*\w+([^%]{0,60})%\}|«(\w+)»|\bMERGEFIELD\s+(\w+)"
    r"|[\ufffd\ue000-\uf8ff\U000f0000-\U0010ffff]"
)
"""What merging leaves behind: `{{ name }}`, `{% if %}`, «name», MERGEFIELD, private characters."""
_NAMED_BY_FORM = re.compile(r"letter_\w+|\w+_(?:label|name|id)")
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
_WELSH_WINDOW = 10  # see below
_WELSH_ENOUGH = 4
"""So many Welsh words among so many in a row: names alone, such as "Heddlu Gwent", are fewer."""


def signs_left(words: str) -> Iterator[tuple[str, bool]]:
    """What merging left in a text, and whether it is a placeholder or else no character at all.

    Placeholders are told by their known names; other words in braces are a record's own.
    """
    if words.isascii() and "{" not in words and "MERGEFIELD" not in words:
        return
    for found in _SIGN.finditer(words):
        inside = " ".join(filter(None, found.groups()))
        if not inside or any(map(_is_placeholder, _WORD.findall(inside))):
            yield found[0], bool(inside)


def _is_placeholder(name: str) -> bool:
    return name in BUILT_IN or bool(_NAMED_BY_FORM.fullmatch(name))


def is_welsh(words: str) -> bool:
    """Whether a run of `words` is Welsh prose, by its small words.

    Names and offices ("Heddlu Gwent", "Prif Gwnstabl") are left alone, as WCAG 2.2 3.1.2 leaves
    proper names.
    """
    signs = _signs(words)
    window = range(max(1, len(signs) - _WELSH_WINDOW + 1)) if sum(signs) >= _WELSH_ENOUGH else ()
    return any(sum(signs[n : n + _WELSH_WINDOW]) >= _WELSH_ENOUGH for n in window)


def may_be_welsh(words: str) -> bool:
    """Whether some part of `words` could be Welsh prose: there are small words enough."""
    return sum(_signs(words)) >= _WELSH_ENOUGH


def _signs(words: str) -> list[bool]:
    """For each word, whether it is one of Welsh's small ones."""
    return [word in _WELSH for word in _WORD.findall(words.replace("’", "'"))]


def says_nothing(alternative: str) -> bool:
    """Whether an alternative text is the name of a file, or only says that there is a picture."""
    text = alternative.strip()
    return bool(_FILE_NAME.fullmatch(text)) or text.lower() in _EMPTY_NAMES


_SHOWN = 60
"""Characters of words that a message quotes."""


def quoted(words: str) -> str:
    """The words that a message is about, in quotation marks, cut where they are long."""
    line = as_read(words)
    return f"'{line if len(line) <= _SHOWN else line[: _SHOWN - 1] + '…'}'"


@dataclass(frozen=True, slots=True)
class Finding:
    """One rule that a file breaks.

    `rule` is the standard and its clause ("PDF/UA-1 7.1"), `what` a plain sentence, `where` the
    page, element or words concerned ("page 2, 'Dear Chief Constable'"), empty for the whole file.
    """

    rule: str
    what: str
    where: str = ""

    def __str__(self) -> str:
        said = f"{self.what} ({self.rule})"
        return f"{self.where}: {said}" if self.where else said

    @property
    def of_profile(self) -> bool:
        """Whether this is a rule of the standard as such, on which veraPDF decides."""
        return "PDFUA1-" in self.rule or "PDFA2A-" in self.rule


PLACEHOLDERS = "letters: placeholders"
"""The rule that a letter holds nothing of its template."""


def left_behind(words: str, where: str = "") -> Iterator[Finding]:
    """What merging left in the text: placeholders by their known names, unknown characters."""
    for sign, is_placeholder in signs_left(words):
        what = (
            f"A sign of the template was left behind: {quoted(sign)}."
            if is_placeholder
            else f"The text holds a character that stands for no letter: {quoted(sign)}."
        )
        yield Finding(PLACEHOLDERS, what, where)


def is_written(finding: Finding, written: str) -> bool:
    """Whether the sign that `finding` names is in the letter's own words."""
    sign = finding.what.partition("'")[2].rpartition("'")[0].rstrip("…")
    return finding.rule == PLACEHOLDERS and sign in " ".join(written.split())


def unmarked_welsh(rule: str, words: str, language: str, where: str = "") -> Iterator[Finding]:
    """Welsh prose that `language` says is something else."""
    if not language.lower().startswith("cy") and is_welsh(words):
        what = "Welsh words are not marked as Welsh, so they are read out as if they were English."
        yield Finding(rule, what, where or quoted(words))


def poor_alternative(rule: str, alternative: str | None, where: str) -> Iterator[Finding]:
    """An image whose alternative text is missing or says nothing."""
    if alternative is None or not alternative.strip():
        yield Finding(rule, "An image has no alternative text.", where)
    elif says_nothing(alternative):
        what = (
            f"The alternative text of an image, {quoted(alternative)}, does not say what it shows."
        )
        yield Finding(rule, what, where)


Heading = tuple[int, str]
"""A heading's level and its words."""


def heading_findings(rule: str, headings: Sequence[Heading]) -> Iterator[Finding]:
    """One heading of level 1, first of all, and no level left out on the way down."""
    levels = [level for level, _ in headings]
    if levels.count(1) != 1:
        count = levels.count(1) or "no"
        yield Finding(rule, f"The letter has {count} headings of level 1; it needs exactly one.")
    elif levels[0] != 1:
        what = "The first heading is not the one of level 1."
        yield Finding(rule, what, quoted(headings[0][1]))
    for (above, _), (level, words) in pairwise(headings):
        if level > above + 1:
            what = f"A heading of level {level} follows one of level {above}: a level is left out."
            yield Finding(rule, what, quoted(words))
    for level, words in headings:
        if not words.strip():
            yield Finding(rule, f"A heading of level {level} is empty.")
