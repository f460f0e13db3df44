"""What people did to a Word letter besides its words: comments, and changes that Word tracked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from letters.document import as_read
from letters.errors import shortened
from letters.project.values import written
from letters.render.docx.package import (
    Element,
    WordPackage,
    child,
    packed,
    value,
    w,
    xml_bytes,
    zipped,
)

_TRACKED = {
    w("ins"): "put in",
    w("moveTo"): "moved",
    w("del"): "took out",
    w("rPrChange"): "changed the look of",
    w("pPrChange"): "changed the look of",
}
_GONE = (w("del"), w("moveFrom"))
_MOVES = ("moveFromRangeStart", "moveFromRangeEnd", "moveToRangeStart", "moveToRangeEnd")
_MARKS = ("bookmarkStart", "bookmarkEnd", "proofErr", "commentRangeStart", "commentRangeEnd")
_BETWEEN = tuple(map(w, (*_MOVES, *_MARKS)))
"""Marks that may stand between paragraphs and are none."""
_SOMEBODY = "somebody"


@dataclass(frozen=True, slots=True)
class Remark:
    """Something a person did: `done` in words ("put in"), to the words `about`, on `day` if known.

    Of a comment, `done` is "comment" and `said` what it says.
    """

    done: str
    author: str
    day: date | None
    about: str
    said: str = ""

    def __str__(self) -> str:
        when = f" on {written(self.day)}" if self.day else ""
        about = f"'{shortened(self.about)}'" if self.about else "the paragraph"
        if self.said:
            return f"{self.author} commented{when} on {about}: '{shortened(self.said)}'"
        verb, _, rest = self.done.partition(" ")
        what = f"{self.done} {about}" if rest.startswith("the ") else f"{verb} {about} {rest}"
        return f"{self.author} {what.strip()}{when}"


def remarks(content: bytes) -> tuple[Remark, ...]:
    """The comments and tracked changes of a Word file, in reading order, comments last.

    Changes of one person that touch are one. Raises NotReadable if `content` is no Word file.
    """
    package = WordPackage.read(content)
    main = package.one("", "officeDocument")
    body = child(package.xml(main), "body")
    if body is None:
        return ()
    said = {
        value(each, "id"): each
        for _, name in package.related(main, "comments")
        for each in package.xml(name).iter(w("comment"))
    }
    return (*_tracked(body), *_comments(body, said))


def accepted(content: bytes) -> bytes:
    """A Word file without what tracked changes took out of it; what they put in stays."""
    package = WordPackage.read(content)
    main = package.one("", "officeDocument")
    root = package.xml(main)
    accept(root)
    package.parts[main] = xml_bytes(root)
    return zipped({name: packed(part) for name, part in package.parts.items()})


def accept(root: Element) -> None:
    """Take out of a part what tracked changes took out; paragraphs whose mark is gone are joined to
    the next ones, as Word joins them.
    """
    joined = [each for each in root.iter(w("p")) if _mark_is_gone(each)]
    rows = [each for each in root.iter(w("tr")) if child(each, "trPr", "del") is not None]
    for element in [*rows, *root.iter(*_GONE)]:
        if (parent := element.getparent()) is not None:
            parent.remove(element)
    for paragraph in joined:
        _join(paragraph)


def _mark_is_gone(paragraph: Element) -> bool:
    mark = child(paragraph, "pPr", "rPr")
    return any(child(mark, name) is not None for name in ("del", "moveFrom"))


def _join(paragraph: Element) -> None:
    """Put what is in a paragraph before what is in the next one; an empty one falls away."""
    parent, after = paragraph.getparent(), paragraph.getnext()
    while after is not None and after.tag in _BETWEEN:
        after = after.getnext()
    inside = [each for each in paragraph if each.tag != w("pPr")]
    if parent is None or after is None or after.tag != w("p"):
        return
    first = 1 if child(after, "pPr") is not None else 0
    for n, each in enumerate(inside):
        after.insert(first + n, each)
    parent.remove(paragraph)


def _tracked(body: Element) -> Iterator[Remark]:
    found = (_change(each) for each in body.iter(*_TRACKED))
    told = (each for each in found if each.about or each.done.startswith("changed"))
    for _, group in groupby(told, key=lambda each: (each.done, each.author, each.day)):
        several = list(group)
        about = as_read("".join(each.about for each in several))
        yield Remark(several[0].done, several[0].author, several[0].day, about)


def _change(element: Element) -> Remark:
    done = _TRACKED[str(element.tag)]
    inside = element
    if done.startswith("changed"):  # it stands in the properties of the run or paragraph it is of
        properties = element.getparent()
        owner = None if properties is None else properties.getparent()
        inside = element if owner is None else owner
    return Remark(done, author_of(element), day_of(element), _text([inside]))


def _comments(body: Element, said: dict[str, Element]) -> Iterator[Remark]:
    about: dict[str, list[Element]] = {}
    open_: list[str] = []
    for element in body.iter(w("commentRangeStart"), w("commentRangeEnd"), w("t"), w("delText")):
        id_ = value(element, "id")
        if element.tag == w("commentRangeStart"):
            open_.append(id_)
        elif element.tag == w("commentRangeEnd"):
            open_ = [each for each in open_ if each != id_]
        else:
            for each in open_:
                about.setdefault(each, []).append(element)
    for id_, comment in said.items():
        met = about.get(id_, [])
        left = [each for each in met if each.tag == w("t")]  # words taken out since say less
        words = as_read(_text(left)) or as_read(_text(met))
        yield Remark(
            "comment", author_of(comment), day_of(comment), words, as_read(_text([comment]))
        )


def _text(elements: Sequence[Element]) -> str:
    return "".join(_texts(elements))


def _texts(elements: Iterable[Element]) -> Iterator[str]:
    for element in elements:
        for each in element.iter(w("t"), w("delText"), w("p")):
            yield " " if each.tag == w("p") else each.text or ""


def author_of(element: Element) -> str:
    """Who made a change or comment, as Word noted it."""
    return shortened(as_read(value(element, "author"))) or _SOMEBODY


def day_of(element: Element) -> date | None:
    """When, where Word noted it."""
    try:
        return date.fromisoformat(value(element, "date")[:10])
    except ValueError:
        return None
