"""The names an expression of a template reads: those it prints and those that only decide."""

from __future__ import annotations

from collections.abc import Iterator

from jinja2 import nodes

LOOP = "loop"
OUTCOME_WORDING = "outcome_wording"
DECIDING = (nodes.Compare, nodes.Test, nodes.Not)
"""Expressions that answer yes or no."""

REACHING = (nodes.Getattr, nodes.Call, nodes.Include)
"""Expressions `grammar` refuses as a whole, but for `loop.index` and the like."""


def read_names(expression: nodes.Node) -> Iterator[nodes.Name]:
    """Every name in an expression, in order; `loop` and assigned names are not read."""
    if isinstance(expression, nodes.Name):
        if expression.ctx == "load" and expression.name != LOOP:
            yield expression
    elif not isinstance(expression, REACHING):
        for child in expression.iter_child_nodes():
            yield from read_names(child)


def printed_names(expression: nodes.Node) -> Iterator[nodes.Name]:
    """The names whose values can become text; conditions inside the expression are left out."""
    if isinstance(expression, nodes.CondExpr):
        yield from printed_names(expression.expr1)
        if expression.expr2:
            yield from printed_names(expression.expr2)
    elif isinstance(expression, nodes.Name):
        yield from read_names(expression)
    elif not isinstance(expression, DECIDING):
        for child in expression.iter_child_nodes():
            yield from printed_names(child)


def deciding_names(expression: nodes.Node) -> list[nodes.Name]:
    """The names that only decide what an expression prints."""
    printed = {id(name) for name in printed_names(expression)}
    return [name for name in read_names(expression) if id(name) not in printed]


def answers(expression: nodes.Node) -> bool:
    """Whether an expression can print yes or no."""
    if isinstance(expression, DECIDING):
        return True
    if isinstance(expression, nodes.CondExpr):
        return any(answers(each) for each in (expression.expr1, expression.expr2) if each)
    return any(answers(child) for child in expression.iter_child_nodes())
