"""The names an expression of a template reads: those it prints and those that only decide."""

from __future__ import annotations

from collections.abc import Iterator

from jinja2 import nodes

LOOP = "loop"
OUTCOME_WORDING = "outcome_wording"
DECIDING = (nodes.Compare, nodes.Test, nodes.Not)


def read_names(expression: nodes.Node) -> Iterator[nodes.Name]:
    """Every name in an expression, in order; `loop` and assigned names are not read."""
    if isinstance(expression, nodes.Name):
        if expression.ctx == "load" and expression.name != LOOP:
            yield expression
        return
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
