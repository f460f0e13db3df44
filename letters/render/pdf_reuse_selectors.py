"""What the selectors of a print style ask for: part of `pdf_reuse_styles`.

The question is answered from the parsed style, and "no" is said wherever the answer is not plain.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import tinycss2
from tinycss2.ast import (
    AtRule,
    CurlyBracketsBlock,
    FunctionBlock,
    LiteralToken,
    Node,
    ParenthesesBlock,
    QualifiedRule,
    SquareBracketsBlock,
)

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
        if isinstance(node, FunctionBlock):
            yield from _every(node.arguments)
        elif isinstance(node, ParenthesesBlock | SquareBracketsBlock | CurlyBracketsBlock):
            yield from _every(node.content)
