"""The styles that letters share: part of `reuse`, with its conditions.

An element's style is known by its place where the selectors of the print style ask for no more than
that. This is read from the parsed style, and "no" is said wherever the answer is not plain.
"""

from __future__ import annotations

import copy
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any
from xml.etree.ElementTree import Element

import tinycss2
import weasyprint
import weasyprint.css
import weasyprint.html
from tinycss2.ast import (
    AtRule,
    CurlyBracketsBlock,
    FunctionBlock,
    LiteralToken,
    Node,
    QualifiedRule,
    SquareBracketsBlock,
)
from weasyprint.css.properties import INITIAL_VALUES

NAMED = frozenset({"alt", "content", "href", "src"})
"""Attributes that differ from letter to letter: styles may ask whether they are there, no more."""

_PLAIN_PSEUDO = frozenset({"is", "where", "not", "lang"})
_WITHOUT_SELECTORS = frozenset({"page", "font-face", "counter-style", "charset", "namespace"})


def asks_for_neighbours_only(css: str) -> bool:
    """Whether an element's own tag and attributes, those of the element before it, whether it is
    the first, second or last, and the same of the elements around it, tell which selectors match.
    """
    return _rules_are_plain(
        tinycss2.parse_stylesheet(css, skip_comments=True, skip_whitespace=True)
    )


def _rules_are_plain(rules: Iterable[Node]) -> bool:
    return all(_rule_is_plain(rule) for rule in rules)


def _rule_is_plain(rule: Node) -> bool:
    if isinstance(rule, QualifiedRule):
        is_nested = any(isinstance(node, CurlyBracketsBlock) for node in rule.content)
        return not is_nested and all(map(_selector_is_plain, _selectors(rule.prelude)))
    if not isinstance(rule, AtRule):
        return False
    if rule.lower_at_keyword == "media":
        return _rules_are_plain(
            tinycss2.parse_rule_list(rule.content or (), skip_comments=True, skip_whitespace=True)
        )
    return rule.lower_at_keyword in _WITHOUT_SELECTORS


def _selectors(prelude: Iterable[Node]) -> Iterator[list[Node]]:
    """The parts of a list of selectors."""
    part: list[Node] = []
    for node in prelude:
        if isinstance(node, LiteralToken) and node.value == ",":
            yield part
            part = []
        else:
            part.append(node)
    yield part


def _selector_is_plain(nodes: list[Node]) -> bool:
    signs = [node.value for node in _every(nodes) if isinstance(node, LiteralToken)]
    outer = [node.value for node in nodes if isinstance(node, LiteralToken)]
    if signs.count("+") > 1 or signs.count("+") != outer.count("+"):
        return False
    return not {"~", "~=", "&", "||"} & set(signs) and all(map(_is_plain, _every(nodes)))


def _is_plain(node: Node) -> bool:
    if isinstance(node, FunctionBlock):
        return node.lower_name in _PLAIN_PSEUDO
    if isinstance(node, SquareBracketsBlock):
        parts = [each for each in node.content if each.type != "whitespace"]
        return len(parts) == 1 or NAMED.isdisjoint(
            getattr(each, "lower_value", "") for each in parts
        )
    name = getattr(node, "lower_value", "")
    return name != "empty" and not name.endswith("-of-type")


def _every(nodes: Iterable[Node]) -> Iterator[Node]:
    """Nodes and all within them."""
    for node in nodes:
        yield node
        for part in ("arguments", "content"):
            yield from _every(getattr(node, part, None) or ())


_NOTES = {"footnote-call", "footnote-marker", "note-call", "note-marker", "note-callback"}
"""Pseudo-elements of notes, which the engine works out for every element of every letter."""

Style = Any
"""A style of WeasyPrint, which has no types."""

find_stylesheets = weasyprint.css.find_stylesheets


@dataclass(eq=False, slots=True)
class _ElementPlace:
    """Where an element stands: the styles it has there, and the places in it."""

    styles: dict[str | None, Style] = field(default_factory=dict)
    below: dict[object, _ElementPlace] = field(default_factory=dict)


class Styles:
    """The styles that letters of one layout share; beyond `most` places, all are forgotten.

    `count` is how many places are known, `lasting` the ids of styles that stay.
    """

    def __init__(self, print_css: str, most: int) -> None:
        self.lasting: set[int] = set()
        self.by_rules: dict[object, Style] = {}
        self._by_place = _ElementPlace() if asks_for_neighbours_only(print_css) else None
        self.count, self._most = 0, most
        self._sheets: list[Any] = []

    def style_for(self, html: Any, sheets: list[Any], *others: Any) -> _SharedStyles:
        """Stands in for the engine's `StyleFor`."""
        return _SharedStyles(self, html, sheets, *others)

    def places(self, root: Element, sheets: list[Any]) -> dict[Element, _ElementPlace]:
        """The place of each element below `root`; none where places do not tell the style."""
        self._sheets = self._sheets or sheets
        if self._by_place is None or [each[0] for each in sheets] != [s[0] for s in self._sheets]:
            return {}
        if self.count > self._most:
            self._by_place, self.count = _ElementPlace(), 0
        return dict(self._walk([root], self._by_place))

    def _walk(
        self, elements: Iterable[Element], above: _ElementPlace
    ) -> Iterator[tuple[Element, _ElementPlace]]:
        for element, key in _told_apart(elements):
            place = above.below.get(key)
            if place is None:
                place = above.below[key] = _ElementPlace()
                self.count += 1
            yield element, place
            if len(element):
                yield from self._walk(element, place)


def _told_apart(elements: Iterable[Element]) -> Iterator[tuple[Element, object]]:
    """Elements side by side, each with what a selector may ask of it and of its neighbours."""
    beside = [element for element in elements if isinstance(element.tag, str)]
    last = len(beside) - 1
    before: object = None
    for at, element in enumerate(beside):
        kind = (element.tag, *_attributes(element))
        yield element, (kind, before, min(at, 2), at == last)
        before = kind


def _attributes(element: Element) -> Iterator[object]:
    for name, value in element.attrib.items():
        yield (name, None) if name in NAMED else (name, value)


class _SharedStyles(weasyprint.css.StyleFor):  # type: ignore[misc]  # the engine has no types
    """Gives elements of one place, or of equal rules and equal parents, one style across letters.

    Pages, `html` and `body` get styles of their own, which the engine changes as it lays out.
    """

    def __init__(
        self, styles: Styles, html: Any, sheets: list[Any], hints: bool, fonts: Any, targets: Any
    ) -> None:
        self._shared, self._targets = styles, targets
        self._stands_for: dict[int, Style] = {}
        places = styles.places(html.etree_element, sheets)
        new = {element: place for element, place in places.items() if not place.styles}
        page = _Unknown(html, places, new, self._give) if places else html
        super().__init__(page, sheets, hints, fonts, targets)
        if places and not new:
            for element, place in places.items():
                self._give(element, place)
        for (element, pseudo), style in self.get_computed_styles().items():
            if element in new:
                new[element].styles[pseudo] = self._stands_for.get(id(style), style)

    def set_computed_styles(
        self,
        element: Any,
        parent: Any,
        root: Any = None,
        pseudo_type: Any = None,
        base_url: Any = None,
        target_collector: Any = None,
    ) -> None:
        """Set an element's style: one worked out before, where there is one."""
        own = self.get_computed_styles()
        above = own[parent, None] if parent is not None else None
        cascaded = self.get_cascaded_styles().get((element, pseudo_type), {})
        rules = _of_page(cascaded) if isinstance(element, tuple) else _frozen(cascaded.items())
        key = (id(self._stands_for.get(id(above), above)), pseudo_type, rules)
        known = self._shared.by_rules.get(key)
        if known is None:
            super().set_computed_styles(
                element, parent, root, pseudo_type, base_url, target_collector
            )
            known = self._shared.by_rules[key] = own[element, pseudo_type]
            self._shared.lasting.add(id(known))
            if _is_changed(element):
                for name in INITIAL_VALUES:
                    known[name]
        self._set(element, pseudo_type, known)

    def _give(self, element: Element, place: _ElementPlace) -> None:
        for pseudo, style in place.styles.items():
            self._set(element, pseudo, style)

    def _set(self, element: Any, pseudo: str | None, known: Style) -> None:
        own = self.get_computed_styles()
        if pseudo is None and _is_changed(element):
            own[element, pseudo] = known.copy()
            self._stands_for[id(own[element, pseudo])] = known
            return
        own[element, pseudo] = known
        if self._targets and known["anchor"]:
            self._targets.collect_anchor(known["anchor"])


class _Unknown:
    """Takes the place of a page, for the engine to try its selectors on: of elements whose styles
    are known, `give` sets them when their turn comes."""

    def __init__(self, html: Any, places: Any, new: Any, give: Any) -> None:
        self.base_url = html.base_url
        self.etree_element = html.etree_element if new else Element("html")
        self.wrapper_element = self
        self._html, self._places, self._new, self._give = html, places, new, give

    def iter_subtree(self) -> Iterator[Any]:
        """The elements whose styles are not known."""
        for wrapper in self._html.wrapper_element.iter_subtree() if self._new else ():
            element = wrapper.etree_element
            if element in self._new:
                yield wrapper
            else:
                self._give(element, self._places[element])


@lru_cache(maxsize=1)
def _browser_style() -> Any:
    """The engine's own stylesheet, without the rules of notes."""
    sheet = copy.copy(weasyprint.html.UA_STYLESHEET)
    sheet.matcher = copy.copy(sheet.matcher)
    rules = sheet.matcher.other_selectors
    sheet.matcher.other_selectors = [rule for rule in rules if rule[3] not in _NOTES]
    return sheet


def without_notes(page: Any, forms: bool = False) -> list[Any]:
    """Stands in for the engine's list of its own stylesheets."""
    del page, forms  # no letter has forms
    return [_browser_style()]


def sheets_of_page(wrapper: Any, *others: Any) -> Any:
    """Stands in for the engine's `find_stylesheets`, which goes through a page without any."""
    root = wrapper.etree_element
    has_any = any(True for _ in root.iter("link")) or any(
        (style.text or "").strip() for style in root.iter("style")
    )
    return find_stylesheets(wrapper, *others) if has_any else ()


def _of_page(rules: Any) -> object:
    """The rules of a page, told apart by the values that the stylesheet holds."""
    return tuple((name, id(value)) for name, (value, _weight) in rules.items())


def _frozen(rules: Any) -> Any:
    """Rules made such that they can be looked up, and found again by their equals."""
    found = tuple(rules)
    try:
        hash(found)
    except TypeError:  # some hold lists and sets
        return _hashable(found)
    return found


def _hashable(value: Any) -> Any:
    if isinstance(value, list | tuple):
        return tuple(_hashable(part) for part in value)
    if isinstance(value, set):
        return frozenset(value)
    return value if value.__hash__ else id(value)


def _is_changed(element: Any) -> bool:
    """Whether the engine changes this element's style: a page's, or that of the whole document."""
    return isinstance(element, tuple) or element.tag in ("html", "body")
