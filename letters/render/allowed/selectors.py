"""Selectors: what they ask for for certain, what they may match, and which are not allowed.

Letters differ, so a selector that asks which child an element is, or what stands beside it, may
match in one letter and not in another. Such a selector has a wider one that matches wherever the
selector itself may.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any

import tinycss2
from cssselect2 import SelectorError, compile_selector_list
from tinycss2.ast import FunctionBlock, IdentToken, LiteralToken, Node, SquareBracketsBlock

from letters.errors import Refused

PSEUDO_ELEMENTS = ("before", "after")
"""Parts of an element that a sheet may ask for; they hold no words (see `content`)."""

CERTAIN = ("root",)
"""Pseudo-classes that are the same in every letter."""

DEPENDING = (
    "active", "any-link", "empty", "first-child", "first-of-type", "focus", "focus-visible",
    "focus-within", "hover", "lang", "last-child", "last-of-type", "link", "nth-child",
    "nth-last-child", "nth-last-of-type", "nth-of-type", "only-child", "only-of-type", "visited",
    "has",
)  # fmt: skip
"""Pseudo-classes that depend on the letter or on what its reader does."""

COMBINING = ("is", "where", "not")
"""Pseudo-classes that hold selectors."""

FOCUS = ("focus", "focus-visible", "focus-within")

MOST_COMPOUNDS = 12
"""Steps from element to element in one selector; matching takes longer with each."""

_FIX = "Write tags and classes, such as '.date' or 'li > p'."


@dataclass(frozen=True, slots=True)
class Compound:
    """A step of a selector: how it follows the one before, and what it asks of an element."""

    combinator: str
    tokens: tuple[Node, ...]

    @property
    def tag(self) -> str:
        """The tag it asks for, or ''."""
        first = self.tokens[0] if self.tokens else None
        return str(first.lower_value) if isinstance(first, IdentToken) else ""

    @property
    def classes(self) -> frozenset[str]:
        """The classes it asks for by themselves."""
        pairs = pairwise(self.tokens)
        return frozenset(str(getattr(name, "value", "")) for dot, name in pairs if dot == ".")

    @property
    def pseudos(self) -> tuple[str, ...]:
        """The names behind its colons, in order."""
        pairs = pairwise(self.tokens)
        return tuple(_name(name) for colon, name in pairs if colon == ":" and name != ":")

    def always(self, classes: Iterable[str]) -> bool:
        """Whether every element it matches has one of `classes`."""
        wanted = set(classes)
        return bool(self.classes & wanted) or any(
            isinstance(node, FunctionBlock)
            and node.lower_name in ("is", "where")
            and all(steps(part)[-1].always(wanted) for part in split(node.arguments))
            for node in self.tokens
        )


@dataclass(frozen=True)
class Selector:
    """One selector of a rule, flat: what it was nested in is part of it."""

    text: str
    steps: tuple[Compound, ...]

    @property
    def pseudo(self) -> str:
        """The pseudo-element it is for, or ''."""
        return next((name for name in self.steps[-1].pseudos if name in PSEUDO_ELEMENTS), "")

    @property
    def tag(self) -> str:
        """The tag of the elements it is for, or '' where that is open."""
        return self.steps[-1].tag

    @property
    def is_picture(self) -> bool:
        """Whether it is for what has no words: pictures, and the boxes of pseudo-elements."""
        return bool(self.pseudo) or self.tag == "img"

    def on(self, *classes: str) -> bool:
        """Whether each element it is for has one of `classes`."""
        return self.steps[-1].always(classes)

    def within(self, *classes: str) -> bool:
        """Whether each element it is for has one of `classes`, or is inside one that has."""
        for step in reversed(self.steps):
            if step.always(classes):
                return True
            if step.combinator in ("+", "~"):
                return False
        return False

    @property
    def has_focus(self) -> bool:
        """Whether it is for what the keyboard is on."""
        return not set(FOCUS).isdisjoint(self.steps[-1].pseudos)

    @property
    def follows(self) -> Selector | None:
        """Of `a + b`, a selector for `a`; None for all others."""
        if self.steps[-1].combinator != "+":
            return None
        return _selector(self.steps[:-1])

    @cached_property
    def _own(self) -> Any:
        return _compiled(self.text)

    @property
    def specificity(self) -> tuple[int, int, int]:
        """How much it weighs beside others."""
        a, b, c = self._own.specificity
        return a, b, c

    def exact(self, element: Any) -> bool:
        """Whether it matches an element where that stands now, and nobody touches it."""
        return bool(self._own.test(element))

    @cached_property
    def wide(self) -> tuple[Callable[[Any], bool], bool]:
        """A test for elements that may match in some letter, and whether they match in all."""
        steps_, certain = _wide(self.steps)
        return _compiled(_written(steps_)).test, certain


ANYTHING = Selector("*", (Compound("", (LiteralToken(0, 0, "*"),)),))
"""The selector that matches every element."""


def read_selectors(
    prelude: Sequence[Node], parents: Sequence[Selector] = ()
) -> tuple[Selector, ...]:
    """The selectors of a rule that is inside a rule for `parents`.

    Raises Refused for what no layout may ask for, and for what cannot be read.
    """
    if any(parent.pseudo for parent in parents):
        raise Refused("A rule is inside a rule for '::before' or '::after'.", "Move it out.")
    around = f":is({', '.join(parent.text for parent in parents)})" if parents else ""
    found = tuple(_selector(steps(_inside(part, around))) for part in split(prelude))
    for selector in found:
        _check(selector)
    return found


def split(tokens: Iterable[Node]) -> list[list[Node]]:
    """The parts of a list of selectors, each without the spaces round it."""
    parts: list[list[Node]] = [[]]
    for node in tokens:
        if node == ",":
            parts.append([])
        elif node.type != "comment":
            parts[-1].append(node)
    return [_stripped(part) for part in parts]


def steps(tokens: Sequence[Node]) -> tuple[Compound, ...]:
    """The compounds of one selector. Raises Refused where it has none, or one is missing."""
    found: list[Compound] = []
    compound: list[Node] = []
    combinator = ""
    for node in (*tokens, *tinycss2.parse_component_value_list(" ")):
        is_combinator = node in (">", "+", "~")
        if not is_combinator and node.type != "whitespace":
            compound.append(node)
            continue
        if compound:
            found.append(Compound(combinator, tuple(compound)))
            combinator, compound = " ", []
        if is_combinator and (combinator != " " or not found):
            raise Refused(f"A selector is missing before '{node.value}'.", _FIX)
        combinator = node.value if is_combinator else combinator
    if not found or combinator != " ":
        raise Refused("A selector is missing here.", _FIX)
    return tuple(found)


def _selector(steps_: tuple[Compound, ...]) -> Selector:
    return Selector(_written(steps_), steps_)


def _written(steps_: Iterable[Compound]) -> str:
    parts = []
    for step in steps_:
        between = f" {step.combinator} " if step.combinator.strip() else step.combinator
        parts.append(between + tinycss2.serialize(step.tokens))
    return "".join(parts).strip()


def _compiled(text: str) -> Any:
    try:
        (found,) = compile_selector_list(text)
    except (SelectorError, ValueError, SyntaxError, NotImplementedError) as error:
        raise Refused(f"The selector '{text}' cannot be read.", _FIX) from error
    return found


def _inside(part: list[Node], around: str) -> list[Node]:
    """A nested selector with what is round it in its place."""
    outer = tinycss2.parse_component_value_list(around)
    if any(node == "&" for node in every(part)):
        return _replaced(part, outer)
    return [*outer, *tinycss2.parse_component_value_list(" "), *part] if outer else part


def _replaced(part: Iterable[Node], outer: list[Node]) -> list[Node]:
    out: list[Node] = []
    for node in part:
        if isinstance(node, FunctionBlock):
            arguments = _replaced(node.arguments, outer)
            node = FunctionBlock(node.source_line, node.source_column, node.name, arguments)
        out += outer if node == "&" else [node]
    return out


def every(tokens: Iterable[Node]) -> Iterator[Node]:
    """Tokens and all within them."""
    for node in tokens:
        yield node
        for part in ("arguments", "content"):
            yield from every(getattr(node, part, None) or ())


def _stripped(part: list[Node]) -> list[Node]:
    inner = [n for n, node in enumerate(part) if node.type != "whitespace"]
    return part[inner[0] : inner[-1] + 1] if inner else []


def _name(node: Node) -> str:
    return str(getattr(node, "lower_name", None) or getattr(node, "lower_value", ""))


def _check(selector: Selector) -> None:
    """Raise Refused for what a layout may not ask for."""
    if len(selector.steps) > MOST_COMPOUNDS:
        what = f"The selector '{selector.text[:60]}…' has more than {MOST_COMPOUNDS} steps."
        raise Refused(what, "Give the element a class and write that.")
    for node in every(node for step in selector.steps for node in step.tokens):
        if node.type in ("error", "{} block", "() block") or node in ("|", "||", "&", "/", "@"):
            raise Refused(f"The selector '{selector.text}' cannot be read.", _FIX)
    for step in selector.steps:
        _check_pseudos(step.tokens, selector, inner=step is not selector.steps[-1])
    selector.wide  # noqa: B018  (raises where the selector cannot be read)
    selector.specificity  # noqa: B018


def _check_pseudos(tokens: Sequence[Node], selector: Selector, *, inner: bool) -> None:
    for before, node in pairwise(tokens):
        if before != ":" or node == ":":
            continue
        name = _name(node)
        if name in PSEUDO_ELEMENTS and not inner and node is tokens[-1]:
            continue
        if name not in (*CERTAIN, *DEPENDING, *COMBINING):
            what = f"The selector '{selector.text}' asks for ':{name}', which is not on the list."
            raise Refused(what, "Take it out, or give the element a class.")
    for node in tokens:
        if isinstance(node, FunctionBlock):
            for part in split(node.arguments):
                _check_pseudos([*part, LiteralToken(0, 0, "")], selector, inner=True)


# What a selector may match.


def _wide(steps_: Sequence[Compound]) -> tuple[tuple[Compound, ...], bool]:
    """The wider selector, and whether it is the same."""
    out: list[Compound] = []
    certain = True
    combinator = ""
    for n, step in enumerate(steps_):
        beside = n + 1 < len(steps_) and steps_[n + 1].combinator in ("+", "~")
        if step.combinator not in ("+", "~"):
            combinator = step.combinator
        if beside:
            certain = False
            continue
        tokens, same = _wide_tokens(step.tokens)
        certain &= same
        out.append(Compound(combinator if out else "", tokens))
    return tuple(out), certain


def _wide_tokens(tokens: Sequence[Node]) -> tuple[tuple[Node, ...], bool]:
    out: list[Node] = []
    certain = True
    for node in tokens:
        if isinstance(node, SquareBracketsBlock):
            certain = False
        elif out and out[-1] == ":" and (isinstance(node, FunctionBlock | IdentToken)):
            kept, same = _wide_pseudo(node)
            certain &= same
            out = [*out, kept] if kept else out[:-1]
        else:
            out.append(node)
    while out and out[-1] == ":":
        out.pop()
    is_open = not out or out[0] in (".", ":") or out[0].type == "hash"
    return tuple([LiteralToken(0, 0, "*"), *out] if is_open else out), certain


def _wide_pseudo(node: Node) -> tuple[Node | None, bool]:
    name = _name(node)
    if name in CERTAIN:
        return node, True
    if name in PSEUDO_ELEMENTS:  # its box is looked at with its element
        return None, True
    if name not in COMBINING or not isinstance(node, FunctionBlock):
        return None, False
    found = [_wide(steps(part)) for part in split(node.arguments)]
    same = all(certain for _, certain in found)
    if name == "not" and not same:
        return None, False
    text = f"{name}({', '.join(_written(each) for each, _ in found)})"
    return tinycss2.parse_one_component_value(text), same
