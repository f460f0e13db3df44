"""Which declarations apply to which elements of a letter's page (CSS Cascade 4, 6).

Elements are those of a page with everything a letter can hold (`specimen.py`). A rule that may
apply in some letter or at some moment (a link that the mouse is on) is tried both ways.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations, count
from typing import Any

from cssselect2 import ElementWrapper
from lxml import html
from tinycss2.ast import Declaration, IdentToken, Node

from letters import document as tree
from letters.render.allowed.rules import ReadSheet
from letters.render.allowed.selectors import Selector
from letters.render.allowed.special import COUNTERS
from letters.render.allowed.values import colour, significant

MOST_UNCERTAIN = 40
"""Colour rules of a sheet that apply in some letters only; every two of them are tried together."""

DARK, LIGHT, PRINT = (
    "(prefers-color-scheme: dark)", "(prefers-color-scheme: light)", "print",
)  # fmt: skip
BY_BROWSERS = ("a", "mark", "h1", "h2", "h3")
"""Elements that browsers give a look of their own."""

ALWAYS = ("all", "screen", "only screen", "")


@dataclass(frozen=True, eq=False)
class Applied:
    """One selector of a rule with the rule's declarations, by property."""

    selector: Selector
    said: Mapping[str, tuple[Sequence[Node], Declaration]]
    conditions: frozenset[str]
    order: int

    @property
    def is_certain(self) -> bool:
        """Whether it applies in every letter, where its conditions hold."""
        return self.selector.wide[1]


@dataclass(frozen=True, eq=False)
class PageElement:
    """An element of the page, or all that the same rules apply to in the same place."""

    name: str
    tag: str
    parent: PageElement | None
    applied: tuple[Applied, ...]
    has_words: bool
    classes: frozenset[str] = frozenset()

    @property
    def chain(self) -> Iterator[PageElement]:
        """It and what it stands in, from the inside out."""
        element: PageElement | None = self
        while element:
            yield element
            element = element.parent


@dataclass(frozen=True)
class PageState:
    """A moment at which a page is looked at."""

    conditions: frozenset[str]
    forced: frozenset[Applied]
    is_dark: bool

    def holds(self, applied: Applied) -> bool:
        """Whether a rule applies now."""
        known = {DARK: self.is_dark, LIGHT: not self.is_dark}
        return (applied.is_certain or applied in self.forced) and all(
            known.get(each, each in self.conditions or each in ALWAYS)
            for each in applied.conditions
        )


def applied_rules(sheet: ReadSheet) -> list[Applied]:
    """Every selector of a sheet with what it asks for, in the sheet's order."""
    order = count()
    return [
        Applied(selector, longhands(rule.declarations), frozenset(rule.conditions), next(order))
        for rule in sheet.rules
        for selector in rule.selectors
    ]


SIDES = ("top", "right", "bottom", "left")


def longhands(
    declarations: Iterable[Declaration],
) -> dict[str, tuple[Sequence[Node], Declaration]]:
    """Declarations by property; of one that is written twice, the one that wins."""
    found: dict[str, tuple[Sequence[Node], Declaration]] = {}
    for declaration in declarations:
        tokens = significant(declaration.value)
        name = declaration.name if declaration.name.startswith("--") else declaration.lower_name
        for longhand, value in _expanded(name, tokens):
            if longhand not in found or declaration.important or not found[longhand][1].important:
                found[longhand] = value, declaration
    return found


def _expanded(name: str, tokens: list[Node]) -> Iterator[tuple[str, Sequence[Node]]]:
    yield name, tokens
    if name == "background":
        yield "background-color", _colour_of(tokens)
    if name in ("margin", "padding") and tokens:
        right = tokens[1] if len(tokens) > 1 else tokens[0]
        bottom = tokens[2] if len(tokens) > 2 else tokens[0]
        left = tokens[3] if len(tokens) > 3 else right
        for side, token in zip(SIDES, (tokens[0], right, bottom, left), strict=True):
            yield f"{name}-{side}", [token]


def _colour_of(tokens: list[Node]) -> list[Node]:
    for token in tokens:
        is_variable = token.type == "function" and token.lower_name == "var"
        if is_variable or colour(token) is not None:
            return [token]
    return [IdentToken(0, 0, "transparent")]


# The page.


def page_elements(page: str, rules: Sequence[Applied]) -> list[PageElement]:
    """The elements of a page with the rules that may apply to each, parents first."""
    root = ElementWrapper.from_html_root(html.document_fromstring(page))
    found: list[PageElement] = []
    plain = [each for each in rules if not each.selector.pseudo]
    counters = [each for each in rules if each.selector.pseudo == "after"]
    _gather(root, None, (plain, counters), {}, found)
    return found


def _gather(
    wrapper: Any,
    parent: PageElement | None,
    rules: tuple[Sequence[Applied], Sequence[Applied]],
    known: dict[tuple[object, ...], PageElement],
    found: list[PageElement],
) -> None:
    if not isinstance(wrapper.etree_element.tag, str):
        return
    element = _element(wrapper, parent, rules[0])
    key = (parent, element.name, element.applied, element.has_words)
    if key not in known:
        known[key] = element
        found.append(element)
        found += _counters(wrapper, element, rules[1])
    for child in wrapper.iter_children():
        if child.local_name not in ("head", "style", "script"):
            _gather(child, known[key], rules, known, found)


def _element(wrapper: Any, parent: PageElement | None, rules: Sequence[Applied]) -> PageElement:
    tag, classes = str(wrapper.local_name), frozenset(map(str, wrapper.classes))
    is_fixed = "draft-mark" in classes  # its place is the same in all letters
    applied = tuple(
        each
        for each in rules
        if each.selector.wide[0](wrapper) and (not is_fixed or each.selector.exact(wrapper))
    )
    name = "".join([tag, *(f".{each}" for each in sorted(classes))])
    node = wrapper.etree_element
    texts = [node.text, *(child.tail for child in node)]
    has_words = any(text and text.strip() for text in texts)
    return PageElement(name, tag, parent, applied, has_words, classes)


def _counters(
    wrapper: Any, element: PageElement, rules: Sequence[Applied]
) -> Iterator[PageElement]:
    """The page numbers that a sheet prints behind an element."""
    if element.classes & {*COUNTERS}:
        applied = tuple(each for each in rules if each.selector.wide[0](wrapper))
        yield PageElement(f"{element.name}::after", "", element, applied, True)


def collapsed(elements: Iterable[PageElement], names: Iterable[str]) -> list[PageElement]:
    """The elements told apart by some properties alone, custom properties included.

    An element that no rule on these applies to looks like the one it stands in.
    """
    wanted = {*names}
    relevant: dict[Applied, bool] = {}
    known: dict[tuple[object, ...], PageElement] = {}
    same: dict[PageElement, PageElement] = {}
    for element in elements:
        for each in element.applied:
            if each not in relevant:
                relevant[each] = any(n in wanted or n.startswith("--") for n in each.said)
        parent = same[element.parent] if element.parent else None
        applied = tuple(each for each in element.applied if relevant[each])
        special = element.tag if element.tag in BY_BROWSERS else ""
        if parent and not (applied or special) and parent.has_words >= element.has_words:
            same[element] = parent
            continue
        key = (parent, applied, element.has_words, special, "draft-mark" in element.classes)
        same[element] = known.setdefault(key, replace(element, parent=parent, applied=applied))
    return [*known.values()]


# What wins.


Winners = dict[str, tuple[Sequence[Node], Declaration]]
"""The value of each property on an element, and the declaration it comes from."""


def winners(element: PageElement, state: PageState) -> Winners:
    """The declaration of each property that wins on an element at a moment."""
    ranks: dict[str, tuple[object, ...]] = {}
    best: Winners = {}
    for each in filter(state.holds, element.applied):
        for name, (tokens, declaration) in each.said.items():
            rank = (bool(declaration.important), each.selector.specificity, each.order)
            if name not in ranks or rank >= ranks[name]:
                ranks[name], best[name] = rank, (tokens, declaration)
    return best


def moments(elements: Iterable[PageElement]) -> list[PageState]:
    """Schemes and conditions to look at a page in.

    A page is printed in its light colours (Media Queries 5, 11.1). Each condition is tried alone,
    all together, and as they stand in one another.
    """
    known = {DARK, LIGHT, *ALWAYS}
    conditions = {frozenset(each.conditions - known) for each in _rules(elements)}
    every = frozenset[str]().union(*conditions)
    settings = {frozenset[str](), every, *conditions, *(frozenset({each}) for each in every)}
    return [
        PageState(setting, frozenset(), is_dark)
        for setting in sorted(settings, key=sorted)
        for is_dark in (False, True)
        if not (is_dark and PRINT in setting)
    ]


def states(elements: Sequence[PageElement]) -> list[PageState]:
    """All moments, with the rules that apply now and then: none, each alone, and every two."""
    uncertain = uncertain_rules(elements)
    forced = [frozenset(few) for n in (0, 1, 2) for few in combinations(uncertain, n)]
    return [replace(moment, forced=few) for moment in moments(elements) for few in forced]


def uncertain_rules(elements: Iterable[PageElement]) -> list[Applied]:
    """The rules that apply in some letters or at some moments only."""
    return [each for each in _rules(elements) if not each.is_certain]


def _rules(elements: Iterable[PageElement]) -> dict[Applied, None]:
    return dict.fromkeys(each for element in elements for each in element.applied)


WORDS = "Words"

DEEPEST = 3
"""How deep lists and quotations stand in one another here, in every order."""

STYLES = {
    "letter_sender": ("Sender Name", "Sender"),
    "letter_addressees": ("Addressee",),
    "letter_delivery": ("Delivery",),
    "letter_copies": ("Copied To", "Copied To", "Copied To Line", "Copied To Line"),
    "letter_date": ("Date", "Reference"),
    "letter_salutation": ("Salutation",),
    "letter_closing": ("Closing",),
    "letter_signatory": ("Signatory Name", "Signatory"),
}
"""The paragraphs of each slot; see `docs/templates.md`."""


def specimen_letter() -> tree.Document:
    """A draft letter that holds each block and inline, alone and in others."""
    slots: dict[str, tuple[tree.Block, ...]] = {
        slot: tuple(tree.Paragraph(_inlines(), style=style) for style in STYLES.get(slot, ()))
        for slot in tree.SLOTS
    }
    slots["letter_subject"] = (tree.Heading(1, _inlines()),)
    slots["letter_body"] = _body()
    signing = (tree.Figure(b"", "signature", WORDS), *slots["letter_signatory"])
    slots["letter_signatory"] += (tree.Columns((signing, (tree.Room(), *signing[1:]))),)
    slots["letter_signature"] = (tree.Figure(b"", "signature", WORDS),)
    day = date(2000, 1, 1)
    return tree.Document(
        "specimen", WORDS, WORDS, WORDS, "en-GB", day, day, slots, _AnyText(),
        ((WORDS, (WORDS,)),), draft=WORDS, handling=WORDS,
    )  # fmt: skip


class _AnyText(dict[str, str]):
    """Every placeholder of a layout, filled."""

    def __missing__(self, key: str) -> str:
        return WORDS


def _inlines() -> tuple[tree.Inline, ...]:
    text = tree.Text(WORDS)
    link = tree.Link(
        "https://example.org",
        (text, tree.Gap(WORDS), tree.Strong((text,)), tree.Emphasis((text,))),
    )
    return (
        text,
        tree.Gap(WORDS),
        link,
        tree.Language("cy", (text, link)),
        tree.Strong((text, link, tree.Gap(WORDS), tree.Emphasis((text, link)))),
        tree.Emphasis((text, link, tree.Gap(WORDS), tree.Strong((text, link)))),
    )


def _few() -> tuple[tree.Inline, ...]:
    text = tree.Text(WORDS)
    link = tree.Link("https://example.org", (text,))
    return text, tree.Gap(WORDS), link, tree.Strong((text,)), tree.Emphasis((text,))


def _body() -> tuple[tree.Block, ...]:
    row = (_few(), _few(), _few())
    return (
        tree.Paragraph(_inlines()),
        tree.Paragraph(_few(), style=tree.KEPT),
        tree.Heading(2, _few()),
        tree.Heading(3, _few()),
        tree.Table((row, row), ("", "right", "center")),
        *_containers(DEEPEST),
    )


def _containers(depth: int) -> tuple[tree.Block, ...]:
    """A quotation, bullets and a numbered list, which hold each other, `depth` deep."""
    if not depth:
        return ()
    few = _few()
    inside: tuple[tree.Block, ...] = (tree.Paragraph(few), *_containers(depth - 1))
    if depth == DEEPEST:
        inside = (
            *inside,
            tree.Heading(2, few),
            tree.Heading(3, few),
            tree.Table(((few,), (few,)), ("",)),
        )
    return tree.Quote(inside), tree.List(None, (inside,)), tree.List(1, (inside,))
