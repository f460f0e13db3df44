"""Word's list numbering: what a numbering part says, and the labels that Word makes of it."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from letters.document import list_label
from letters.render.docx.package import Element, child, number, value, w

_PRIVATE_BULLETS = {"\uf0b7": "•", "\uf0a7": "▪", "\uf0fc": "✓", "\uf02d": "–"}
"""Bullets that Word takes from its Symbol and Wingdings fonts, as the characters they show."""


class Level(NamedTuple):
    """One level of a list: number format, label text ("%1."), first number, indents in twips."""

    format: str
    text: str
    start: int
    left: int
    hanging: int

    def label(self, counters: dict[int, int]) -> str:
        """The label that Word prints when the levels stand at `counters`, "" where it has none."""
        if self.format in ("bullet", "none"):
            return _PRIVATE_BULLETS.get(self.text, self.text) if self.format == "bullet" else ""
        return re.sub("%([1-9])", lambda m: self._number(counters.get(int(m[1]) - 1, 1)), self.text)

    def _number(self, count: int) -> str:
        text = str(count)
        if self.format.endswith("Letter"):  # after z come aa, bb, cc
            text = chr(ord("a") + (count - 1) % 26) * ((count + 25) // 26)
        elif self.format.endswith("Roman"):
            text = list_label(count, 0, 2).rstrip(".")
        return text.upper() if self.format.startswith("upper") else text


class Numbering:
    """The numbering part: abstract lists and the instances (`w:num`) that use them."""

    def __init__(self, root: Element | None) -> None:
        self.root = root
        self._abstracts = {value(a, "abstractNumId"): a for a in self._all("abstractNum")}
        self._instances = {value(n, "numId"): n for n in self._all("num")}

    def _all(self, name: str) -> Iterator[Element]:
        return iter(()) if self.root is None else self.root.iterchildren(w(name))

    @property
    def next_id(self) -> int:
        """The first number that no instance has."""
        return max((int(n) for n in self._instances if n.isdecimal()), default=0) + 1

    def abstract(self, instance: str) -> str:
        """The id of the abstract list behind an instance; '' where there is none."""
        abstract = value(child(self._instances.get(instance), "abstractNumId"))
        return self._linked(abstract) if abstract in self._abstracts else ""

    def _linked(self, abstract: str) -> str:
        """An abstract list may stand for the one that a list style is bound to."""
        link = value(child(self._abstracts[abstract], "numStyleLink"))
        bound = (n for n, a in self._abstracts.items() if value(child(a, "styleLink")) == link)
        return next(bound, abstract) if link else abstract

    def level(self, instance: str, depth: int) -> Level | None:
        """What level `depth` (from 0) of an instance looks like; None where it has none."""
        override = self._override(instance, depth)
        own = child(override, "lvl")
        element = own if own is not None else self._abstract_level(instance, depth)
        return None if element is None else _level(element)

    def first(self, instance: str, depth: int) -> int | None:
        """The number an instance begins with at `depth`, where it says so itself."""
        start = child(self._override(instance, depth), "startOverride")
        return None if start is None else number(start)

    def depth_of_style(self, instance: str, style: str) -> int:
        """The level that is bound to a paragraph style; 0 where none is."""
        for level in self._levels(self.abstract(instance)):
            if value(child(level, "pStyle")) == style:
                return number(level, "ilvl")
        return 0

    def _override(self, instance: str, depth: int) -> Element | None:
        found = self._instances.get(instance)
        overrides = () if found is None else found.iterchildren(w("lvlOverride"))
        return next((o for o in overrides if number(o, "ilvl") == depth), None)

    def _abstract_level(self, instance: str, depth: int) -> Element | None:
        levels = self._levels(self.abstract(instance))
        return next((x for x in levels if number(x, "ilvl") == depth), None)

    def _levels(self, abstract: str) -> Iterator[Element]:
        found = self._abstracts.get(abstract)
        return iter(()) if found is None else found.iterchildren(w("lvl"))


def _level(element: Element) -> Level:
    indent = child(element, "pPr", "ind")
    return Level(
        format=value(child(element, "numFmt"), default="decimal"),
        text=value(child(element, "lvlText")),
        start=number(child(element, "start"), default=0),
        left=number(indent, "left", number(indent, "start")),
        hanging=number(indent, "hanging"),
    )


class Counters:
    """The labels of a document's list paragraphs, given in reading order, as Word counts them."""

    def __init__(self, numbering: Numbering) -> None:
        self._numbering = numbering
        self._counts: dict[str, dict[int, int]] = {}
        self._begun: set[tuple[str, int]] = set()

    def label(self, instance: str, depth: int) -> str:
        """The label of the next paragraph of `instance` at `depth`; '' where it has none."""
        level = self._numbering.level(instance, depth)
        if level is None:
            return ""
        counts = self._counts.setdefault(self._numbering.abstract(instance), {})
        counts[depth] = self._next(instance, depth, counts.get(depth, level.start - 1))
        for deeper in [d for d in counts if d > depth]:
            del counts[deeper]
        return level.label(counts)

    def _next(self, instance: str, depth: int, last: int) -> int:
        first = self._numbering.first(instance, depth)
        begins = first is not None and (instance, depth) not in self._begun
        self._begun.add((instance, depth))
        return first if begins and first is not None else last + 1
