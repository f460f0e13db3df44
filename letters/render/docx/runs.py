"""Words as WordprocessingML: runs, their looks, links."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from xml.sax.saxutils import escape, quoteattr

from letters.document import Break, Emphasis, Gap, Inline, Language, Link, Strong, Text
from letters.render.docx.names import R
from letters.render.docx.package import Relationship
from letters.render.docx.stylesheet import RUN_RANK, StyleSheet

_LANGUAGES = {"en": "en-GB", "cy": "cy-GB", "gd": "gd-GB", "kw": "kw-GB", "ga": "ga-IE"}
_BREAK = "<w:r><w:br/></w:r>"
_MARKS = ("Gap", "Hyperlink", "Strong", "Emphasis")
"""The character styles, the one that a run names first; it can name one only."""


def word_language(code: str) -> str:
    """A language as Word writes it: with its country."""
    return _LANGUAGES.get(code, code)


@dataclass(frozen=True)
class Look:
    """A character style's id, and its properties for the runs that have another style already."""

    id: str
    properties: Mapping[str, str]


class Looks:
    """What the character styles of a layout look like, alone and together."""

    def __init__(self, styles: StyleSheet) -> None:
        self._looks = {mark: Look(styles.id(mark), styles.looks(mark)) for mark in _MARKS}
        self.of = lru_cache(maxsize=None)(self._of)

    def _of(self, marks: frozenset[str], language: str, bold: bool) -> str:
        """The properties of a run with `marks`.

        A run names one style, so the looks of the others are written out. So is Strong where the
        paragraph is `bold` already: Word would take the two together as not bold.
        """
        looks = [self._looks[mark] for mark in _MARKS if mark in marks]
        properties = {"lang": f"<w:lang w:val={quoteattr(language)}/>"} if language else {}
        for look in looks[1:]:
            properties = {**look.properties, **properties}
        if bold and "Strong" in marks:
            properties |= {"b": "<w:b/>", "bCs": "<w:bCs/>"}
        if looks:
            properties["rStyle"] = f"<w:rStyle w:val={quoteattr(looks[0].id)}/>"
        xml = "".join(properties[name] for name in sorted(properties, key=RUN_RANK.__getitem__))
        return f"<w:rPr>{xml}</w:rPr>" if xml else ""


@dataclass
class Related:
    """What a letter's body leads to: its links and images, each related once."""

    links: dict[str, str] = field(default_factory=dict)
    images: dict[bytes, str] = field(default_factory=dict)

    def link(self, address: str) -> str:
        """The id of the relationship to a web address."""
        return self.links.setdefault(address, f"rIdLetterLink{len(self.links) + 1}")

    def image(self, png: bytes) -> str:
        """The id of the relationship to an image."""
        return self.images.setdefault(png, f"rIdLetterImage{len(self.images) + 1}")

    def media(self) -> dict[str, bytes]:
        """Each image under its name in the package."""
        return {f"media/letter{n}.png": png for n, png in enumerate(self.images, 1)}

    def __str__(self) -> str:
        links = [Relationship(i, f"{R}/hyperlink", a, True) for a, i in self.links.items()]
        ids = zip(self.images.values(), self.media(), strict=True)
        images = [Relationship(i, f"{R}/image", name, False) for i, name in ids]
        return "".join(map(str, links + images))


@dataclass(frozen=True)
class Words:
    """Writes inline content; `bold` says that the paragraph is bold by its style."""

    looks: Looks
    related: Related

    def runs(
        self,
        content: tuple[Inline, ...],
        bold: bool = False,
        marks: frozenset[str] = frozenset(),
        language: str = "",
    ) -> str:
        """Inline content as runs."""
        return "".join(self._run(inline, bold, marks, language) for inline in content)

    def _run(self, inline: Inline, bold: bool, marks: frozenset[str], language: str) -> str:
        match inline:
            case Text(text):
                return self._text(text, self.looks.of(marks, language, bold))
            case Gap(text):
                return self._text(text, self.looks.of(marks | {"Gap"}, language, bold))
            case Break():
                return _BREAK
            case Emphasis(content):
                return self.runs(content, bold, marks | {"Emphasis"}, language)
            case Strong(content):
                return self.runs(content, bold, marks | {"Strong"}, language)
            case Language(code, content):
                return self.runs(content, bold, marks, word_language(code))
            case Link(href, content):
                runs = self.runs(content, bold, marks | {"Hyperlink"}, language)
                link = self.related.link(href)
                return f'<w:hyperlink r:id="{link}" w:history="1">{runs}</w:hyperlink>'

    def _text(self, text: str, properties: str) -> str:
        return f'<w:r>{properties}<w:t xml:space="preserve">{escape(text)}</w:t></w:r>'
