"""A Word letter that came back: its words with tracked changes accepted, and who changed which."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from lxml import etree

from letters.document import Passage, as_read
from letters.errors import shortened
from letters.files import digest
from letters.project.values import written
from letters.render.docx.package import (
    Element,
    NotReadable,
    WordPackage,
    child,
    packed,
    r,
    w,
    xml_bytes,
    zipped,
)
from letters.render.readback import read_docx
from letters.render.readback.docx import words
from letters.word.remarks import accept, author_of, day_of, remarks

_SIGN = 0x10F000
"""First of the characters that stand for tracked changes while a letter is read; its own letters
in this private plane, if it has any, are left out."""

LARGEST_BODY, MOST_WORDS = 20_000_000, 50_000
"""Bytes of the XML of a letter's text, and its words: more would take minutes to compare."""
_LONG = "A letter is shorter; send back the letter alone."

_PICTURES = (w("drawing"), w("pict"), w("object"))


@dataclass(frozen=True, slots=True)
class Editor:
    """Who changed words of a Word letter, and when, where Word noted it."""

    name: str
    day: date | None

    def __str__(self) -> str:
        return f"{self.name}, {written(self.day)}" if self.day else self.name


@dataclass(frozen=True, slots=True)
class TrackedSpan:
    """Where somebody put words in, or took some out: there `start` and `end` are one.

    Positions count the letter's characters that are no spaces.
    """

    start: int
    end: int
    editor: Editor


@dataclass(frozen=True, slots=True)
class ReturnedLetter:
    """What came back: the letter's passages without its pictures, who changed them, what else is
    in it that no wording or record holds, and what Word calls the file.
    """

    passages: tuple[Passage, ...]
    tracked: tuple[TrackedSpan, ...]
    title: str
    looks: tuple[str, ...]
    pictures: tuple[tuple[str, str], ...]
    """Pictures and text boxes: a digest, and the words of the paragraph each stands in."""
    boxes: tuple[str, ...]
    around: tuple[str, ...]
    """The words of headers, footers and notes."""

    @classmethod
    def read(cls, content: bytes, boxes: Collection[str] | None = None) -> ReturnedLetter:
        """Read a Word file; words of text boxes count only if they are among `boxes`, where given.

        Raises NotReadable if `content` is none.
        """
        package = WordPackage.read(content)
        main = package.one("", "officeDocument")
        if len(package.parts.get(main, b"")) > LARGEST_BODY:
            raise NotReadable("The file's text is larger than 20 MB.", _LONG)
        root = package.xml(main)
        if child(root, "body") is None:
            what = "The file's part 'word/document.xml' has no text."
            raise NotReadable(what, "Open the file in Word and save it again.")
        pictures, found = tuple(_pictures(package, main, root)), tuple(_boxes(root))
        if boxes is not None:
            _without_boxes(root, boxes)
        editors = _signed(root)
        accept(root)
        package.parts[main] = xml_bytes(root)
        signed = zipped({name: packed(part, 0) for name, part in package.parts.items()})
        passages, tracked = _apart(read_docx(signed), editors)
        if sum(each.text.count(" ") for each in passages) > MOST_WORDS:
            raise NotReadable(f"The file has more than {MOST_WORDS:,} words.", _LONG)
        looks = tuple(str(each) for each in remarks(content) if each.done.startswith("changed"))
        around = tuple(sorted(filter(None, map(_without_numbers, words(content).values()))))
        return cls(passages, tracked, _title(package), looks, pictures, found, around)

    def editors(self, start: int, end: int) -> tuple[Editor, ...]:
        """Who put words in between two positions, or took some out there."""
        met = (
            each.editor
            for each in self.tracked
            if each.start <= end and each.end >= start and not _only_touches(each, start, end)
        )
        return tuple(dict.fromkeys(met))

    def extras(self, built: ReturnedLetter) -> Iterator[str]:
        """What is in the letter beside words and was not in it when it was `built`."""
        known = Counter(each for each, _ in built.pictures)
        for each, about in self.pictures:
            known[each] -= 1
            if known[each] < 0:
                yield f"A picture was put into {_paragraph(about)}. Put it into the layout by hand."
        for _ in range(sum((known - Counter(self._digests)).values())):
            yield "A picture was taken out. The layout holds pictures; change it by hand."
        for text in (Counter(self.boxes) - Counter(built.boxes)).elements():
            yield f"A text box says '{shortened(text)}'. Put its words into a paragraph."
        for text in (Counter(self.around) - Counter(built.around)).elements():
            what = f"A header, footer or note says '{shortened(text)}'."
            yield f"{what} The layout holds those; change letter.docx by hand."

    @property
    def _digests(self) -> list[str]:
        return [each for each, _ in self.pictures]


def _without_numbers(text: str) -> str:
    """The words of a header or footer; Word counts its pages anew."""
    return re.sub(r"\d+", "…", as_read(text))


def _only_touches(span: TrackedSpan, start: int, end: int) -> bool:
    """Whether words put in only end where others begin."""
    return span.start < span.end and start < end and (span.end == start or span.start == end)


def _paragraph(about: str) -> str:
    return f"the paragraph '{shortened(about)}'" if about else "a paragraph of its own"


def _signed(root: Element) -> list[Editor]:
    """Put signs round what was put in and where words were taken out; whose each sign is."""
    for text in root.iter(w("t"), w("delText")):
        text.text = "".join(c for c in text.text or "" if ord(c) < _SIGN)
    editors: list[Editor] = []
    marked = list(root.iter(w("ins"), w("moveTo"), w("del"), w("moveFrom")))
    for element in marked[: (0x10FFFF - _SIGN) // 2]:
        sign = chr(_SIGN + 2 * len(editors))
        editors.append(Editor(author_of(element), day_of(element)))
        parent = element.getparent()
        if parent is None:
            continue
        if parent.tag in (w("rPr"), w("trPr"), w("numPr")):
            _sign_mark(element, sign)
        elif element.tag in (w("del"), w("moveFrom")):
            parent.insert(parent.index(element), _run(sign))
        elif texts := list(element.iter(w("t"))):
            texts[0].text = f"{sign}{texts[0].text or ''}"
            texts[-1].text = f"{texts[-1].text or ''}{chr(ord(sign) + 1)}"
    return editors


def _sign_mark(element: Element, sign: str) -> None:
    """Sign the end of a paragraph whose mark was put in or taken out."""
    paragraph = next(element.iterancestors(w("p")), None)
    if paragraph is not None:
        paragraph.append(_run(sign))


def _run(text: str) -> Element:
    run = etree.Element(w("r"))
    etree.SubElement(run, w("t")).text = text
    return run


def _apart(
    signed: Sequence[Passage], editors: Sequence[Editor]
) -> tuple[tuple[Passage, ...], tuple[TrackedSpan, ...]]:
    """The passages without signs and pictures, and what the signs say."""
    at, found, begun = 0, list[TrackedSpan](), dict[int, int]()
    passages: list[Passage] = []
    for passage in signed:
        if passage.kind == "figure":
            continue
        for character in passage.text:
            n, is_end = divmod(ord(character) - _SIGN, 2)
            if n < 0:
                at += bool(as_read(character))
            elif is_end:
                found.append(TrackedSpan(begun.pop(n, at), at, editors[n]))
            else:
                begun[n] = at
        text = as_read("".join(c for c in passage.text if ord(c) < _SIGN))
        if text or passage.text == "":
            passages.append(replace(passage, text=text))
    found += [TrackedSpan(start, start, editors[n]) for n, start in begun.items()]
    return tuple(passages), tuple(sorted(found, key=lambda each: (each.start, each.end)))


def _title(package: WordPackage) -> str:
    """The title in the file's properties; "" where it has none."""
    try:
        core = package.xml(package.one("", "core-properties"))
    except NotReadable:
        return ""
    return as_read(core.findtext("{http://purl.org/dc/elements/1.1/}title") or "")


def _pictures(package: WordPackage, main: str, root: Element) -> Iterator[tuple[str, str]]:
    targets = {each.id: each.target for each in package.relationships(main) if not each.external}
    related = dict(package.related(main, "image"))
    for element in root.iter(*_PICTURES):
        ids = [str(v) for e in element.iter() for k, v in e.attrib.items() if str(k) in _EMBEDS]
        paragraph = next(element.iterancestors(w("p")), None)
        about = "" if paragraph is None else _words_of(paragraph)
        for id_ in ids:
            content = package.parts.get(related.get(id_, ""), targets.get(id_, "").encode())
            yield digest(content), about


def _without_boxes(root: Element, known: Collection[str]) -> None:
    for box in list(root.iter(w("txbxContent"))):
        parent = box.getparent()
        if parent is not None and _words_of(box) not in known:
            parent.remove(box)


def _words_of(element: Element) -> str:
    return as_read("".join(each.text or "" for each in element.iter(w("t"))))


_EMBEDS = (r("embed"), r("link"), r("id"))


def _boxes(root: Element) -> Iterator[str]:
    """The words of text boxes, each once, though Word writes them for old readers too."""
    found = (_words_of(box) for box in root.iter(w("txbxContent")))
    yield from dict.fromkeys(filter(None, found))
