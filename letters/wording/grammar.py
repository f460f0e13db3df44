"""What a template may hold, whatever the round: placeholders, conditions, loops, known filters."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from jinja2 import nodes

from letters.errors import nearest
from letters.wording.filters import ARGUMENTS, FILTERS, TESTS
from letters.wording.marking import is_include
from letters.wording.names import LOOP, REACHING

LOOP_WORDS = frozenset(("first", "last", "index", "index0", "length"))


class TemplateFault(NamedTuple):
    """A mistake on a line of a template (from 1)."""

    line: int
    what: str
    fix: str


_ALLOWED = (
    nodes.Template, nodes.Output, nodes.TemplateData, nodes.If, nodes.For, nodes.Assign,
    nodes.Name, nodes.Const, nodes.List, nodes.Tuple, nodes.Filter, nodes.Keyword, nodes.Test,
    nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not, nodes.CondExpr, nodes.Concat,
)  # fmt: skip

_TAGS: dict[type[nodes.Node], str] = {
    nodes.Macro: "macro", nodes.Extends: "extends", nodes.Import: "import",
    nodes.FromImport: "from", nodes.Block: "block", nodes.CallBlock: "call",
    nodes.FilterBlock: "filter", nodes.With: "with", nodes.Scope: "autoescape",
}  # fmt: skip

_REUSE = (
    "Put words that are used twice in a file of their own and include it: {% include 'x.md' %}."
)
_SUM = "Record the result as a field of its own; join texts with ~."


def grammar_faults(tree: nodes.Template) -> Iterator[TemplateFault]:
    """Everything in a template that wordings do not use."""
    yield from _faults(tree, in_loop=False)


def _faults(node: nodes.Node, *, in_loop: bool) -> Iterator[TemplateFault]:
    if isinstance(node, nodes.Getattr) and in_loop and _is_loop_word(node):
        return
    if fault := _fault(node):
        yield TemplateFault(node.lineno, *fault)
    if not isinstance(node, REACHING):
        for child in node.iter_child_nodes():
            yield from _faults(child, in_loop=in_loop or isinstance(node, nodes.For))


def _fault(node: nodes.Node) -> tuple[str, str] | None:
    if isinstance(node, nodes.Filter):
        return _filter(node)
    if isinstance(node, nodes.Test):
        return _test(node)
    if isinstance(node, nodes.For | nodes.Assign):
        return _target(node)
    if isinstance(node, nodes.CondExpr) and not node.expr2:
        return "An 'if' between braces has no 'else'.", "Add else and a text, or use {% if … %}."
    if isinstance(node, _ALLOWED):
        return None
    return _refused(node)


def _is_loop_word(node: nodes.Getattr) -> bool:
    return isinstance(node.node, nodes.Name) and node.node.name == LOOP and node.attr in LOOP_WORDS


def _filter(node: nodes.Filter) -> tuple[str, str] | None:
    if is_include(node):
        return None
    if node.name in FILTERS:
        return _arguments(node, ARGUMENTS.get(node.name, (0,)))
    if node.node is None:
        return None  # inside {% filter %}, which is refused itself
    known = sorted(FILTERS)
    return f"'{node.name}' is not a filter of wordings.", _one_of(node.name, known)


def _test(node: nodes.Test) -> tuple[str, str] | None:
    if node.name in TESTS:
        return _arguments(node, (0,))
    return f"'is {node.name}' is not a test of wordings.", _one_of(node.name, sorted(TESTS))


def _arguments(node: nodes.Filter | nodes.Test, counts: tuple[int, ...]) -> tuple[str, str] | None:
    named = node.kwargs or node.dyn_args or node.dyn_kwargs
    if len(node.args) in counts and not named:
        return None
    fix = "Write nothing in brackets after it."
    if 1 in counts:
        fix = f"Write one text or placeholder in the brackets: {node.name}('…')."
    return f"'{node.name}' cannot take what stands in its brackets.", fix


def _one_of(word: str, known: list[str]) -> str:
    meant = nearest(word, known)
    return f"Did you mean '{meant}'?" if meant else f"Use one of {', '.join(known)}."


def _target(node: nodes.For | nodes.Assign) -> tuple[str, str] | None:
    if isinstance(node.target, nodes.Name):
        return None
    tag = "for" if isinstance(node, nodes.For) else "set"
    return f"{{% {tag} %}} names more than one thing.", "Write one name."


def _refused(node: nodes.Node) -> tuple[str, str]:
    tag = _TAGS.get(type(node))
    if tag:
        return f"{{% {tag} %}} is not used in wordings.", _REUSE
    if isinstance(node, nodes.Include):
        what = "{% include %} does not name one file in quotes."
        return what, "Write {% include 'x.md' %} or {% include outcome_wording %}."
    if isinstance(node, nodes.AssignBlock):
        return "{% set %} has no value.", "Write {% set name = … %}."
    if isinstance(node, nodes.Getattr):
        return _dotted(node)
    return _expression(node)


def _dotted(node: nodes.Getattr) -> tuple[str, str]:
    what = f"'.{node.attr}' reaches into a value."
    return what, "Write a placeholder's one name, its words joined by '_': {{ force_name }}."


def _expression(node: nodes.Node) -> tuple[str, str]:
    if isinstance(node, nodes.Call):
        return "A function is called.", "Use a placeholder, with a filter where it needs one."
    if isinstance(node, nodes.Getitem | nodes.Slice):
        return "Square brackets reach into a value.", "Use the filters first and last."
    if isinstance(node, nodes.BinExpr | nodes.UnaryExpr):
        return "A wording does no sums.", _SUM
    return "This is not used in wordings.", "Use placeholders, filters and conditions."
