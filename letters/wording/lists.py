"""Lists that a record holds, in a wording: `{% for cause in causes %} … {{ cause.deadline }}`."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal

from jinja2 import Environment, nodes
from jinja2.visitor import NodeTransformer

from letters.errors import nearest
from letters.model import Entry, FieldType, RecordField, Value
from letters.wording.rewriter import LOOP, read_names

PART_OF = "_part_of"
"""The filter that a part of an entry is read with; no wording can write it."""

Lists = Mapping[str, Mapping[str, RecordField]]
"""The fields of the entries of each list of a round."""

Fault = tuple[int, str, str]
"""A line of a template, what is wrong there, and what to do."""


def part_of(entry: object, name: str) -> Value:
    """Return a part of an entry of a list; None where it holds nothing."""
    return entry.values.get(name) if isinstance(entry, Entry) else None


def total(entries: Iterable[object], name: str) -> Decimal:
    """Return the sum of a number over entries; those without it add nothing."""
    parts = (part_of(each, name) for each in entries)
    return sum((part for part in parts if isinstance(part, Decimal)), Decimal(0))


class PartsAsFilters(NodeTransformer):
    """Writes `cause.deadline` of a loop's entry as a filter, which the rest of Jinja allows."""

    def __init__(self, environment: Environment) -> None:
        self.environment = environment

    def visit_Getattr(self, node: nodes.Getattr) -> nodes.Node:  # noqa: N802
        """A part of an entry; `loop.index` and the like are Jinja's own."""
        if isinstance(node.node, nodes.Name) and node.node.name == LOOP:
            return node
        args = [nodes.Const(node.attr)]
        new = nodes.Filter(node.node, PART_OF, args, [], None, None, lineno=node.lineno)
        return new.set_environment(self.environment)


def yes_no_printed(name: str) -> tuple[str, str]:
    """Return what is wrong where yes or no is printed, and what to do."""
    what = f"{{{{ {name} }}}} is yes or no, which is not text."
    return what, f"Write {{% if {name} %}} … {{% endif %}}."


def rich_within(name: str) -> tuple[str, str]:
    """Return what is wrong where rich text is printed within a sentence, and what to do."""
    what = f"'{name}' is rich text, which can only be printed as it is."
    return what, f"Write {{{{ {name} }}}}."


def part_faults(tree: nodes.Template, lists: Lists) -> Iterator[Fault]:
    """Yield parts that entries do not have, lists that are printed whole, sums of no number."""
    return _faults(tree, lists, {})


def _faults(node: nodes.Node, lists: Lists, turning: Mapping[str, str]) -> Iterator[Fault]:
    """Parts of entries that their lists do not have; lists printed whole, or summed over no number.

    `turning` has the list that each loop round a node goes through, by the name it gives an entry.
    """
    if isinstance(node, nodes.Output):
        for printed in node.nodes:
            yield from _printed_part(printed, lists, turning)
    if isinstance(node, nodes.Call | nodes.Getattr):
        yield from _reached(node, lists, turning)
        return
    if isinstance(node, nodes.Filter) and node.name == "sum":
        yield from _no_sum(node, lists)
    if isinstance(node, nodes.For) and isinstance(node.target, nodes.Name):
        over = next((n.name for n in read_names(node.iter) if n.name in lists), "")
        turning = {**turning, node.target.name: over}
    for child in node.iter_child_nodes():
        yield from _faults(child, lists, turning)


def _reached(node: nodes.Node, lists: Lists, turning: Mapping[str, str]) -> Iterator[Fault]:
    """What is wrong with a part of an entry; a call is refused as a whole, elsewhere."""
    if not isinstance(node, nodes.Getattr) or not isinstance(node.node, nodes.Name):
        return
    if node.node.name != LOOP:
        yield from _no_part(node, lists, turning)


def _no_part(node: nodes.Getattr, lists: Lists, turning: Mapping[str, str]) -> Iterator[Fault]:
    assert isinstance(node.node, nodes.Name)  # noqa: S101  (asked before)
    over = turning.get(node.node.name, "")
    parts = lists.get(over, {})
    if not over:
        what = f"'.{node.attr}' reaches into a value."
        fix = "Write a placeholder's one name, its words joined by '_': {{ force_name }}."
        yield (node.lineno, what, fix)
    elif node.attr not in parts:
        what = (
            f"'{node.node.name}.{node.attr}' is not there: an entry of '{over}' has no such field."
        )
        meant = nearest(node.attr, parts)
        fix = f"Did you mean '{node.node.name}.{meant}'?" if meant else f"Use {', '.join(parts)}."
        yield (node.lineno, what, fix)


def _printed_part(
    expression: nodes.Expr, lists: Lists, turning: Mapping[str, str]
) -> Iterator[Fault]:
    if isinstance(expression, nodes.Name) and (
        expression.name in lists or turning.get(expression.name)
    ):
        what = f"{{{{ {expression.name} }}}} is a list or an entry of one, which is not text."
        fix = "Print its parts: {% for cause in causes %} {{ cause.title }} {% endfor %}."
        yield (expression.lineno, what, fix)
    reached: list[nodes.Node] = [expression, *expression.find_all(nodes.Getattr)]
    for node in reached:
        if not isinstance(node, nodes.Getattr) or not isinstance(node.node, nodes.Name):
            continue
        part = lists.get(turning.get(node.node.name, ""), {}).get(node.attr)
        name = f"{node.node.name}.{node.attr}"
        if part and part.type is FieldType.YES_NO and not isinstance(expression, nodes.CondExpr):
            yield (node.lineno, *yes_no_printed(name))
        if part and part.type is FieldType.RICH_TEXT and node is not expression:
            yield (node.lineno, *rich_within(name))


def _no_sum(node: nodes.Filter, lists: Lists) -> Iterator[Fault]:
    of = node.node.name if isinstance(node.node, nodes.Name) else ""
    parts = lists.get(of, {})
    named = node.args[0] if node.args else None
    part = str(named.value) if isinstance(named, nodes.Const) else ""
    numbers = [name for name, each in parts.items() if each.type is FieldType.NUMBER]
    if part not in numbers:
        what = f"'sum' needs a list and a number field of its entries; '{part}' of '{of}' is none."
        fix = f"Use {', '.join(numbers)}." if numbers else "Write {{ causes | sum('devices') }}."
        yield (node.lineno, what, fix)
