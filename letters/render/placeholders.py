"""The placeholders of a layout's letter.html: what it may print, and what it forgot or misspelt.

A layout prints placeholders and asks, with `{% if … %}`, whether one is filled. It has no loops,
no calls and no words of its own logic: those belong to the wording.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from jinja2 import StrictUndefined, TemplateSyntaxError, nodes
from jinja2.sandbox import SandboxedEnvironment

from letters.document import SLOTS
from letters.errors import Place, Problem, did_you_mean

PAGE_NAMES = (
    "document_title",
    "document_language",
    "stylesheet",
    "letter_information",
    "draft_mark",
    "for_print",
)
"""Names a layout has besides the slots and the wording's own placeholders."""

ONCE = (*SLOTS, "stylesheet", "draft_mark")
"""What a layout must print exactly once."""

FILTERS = ("upper", "lower", "capitalize", "title")
"""Filters a layout may put on a placeholder."""

ALLOWED = (
    nodes.Template,
    nodes.Output,
    nodes.TemplateData,
    nodes.Name,
    nodes.If,
    nodes.And,
    nodes.Or,
    nodes.Not,
    nodes.Filter,
)


def environment() -> SandboxedEnvironment:
    """Jinja as layouts get it: sandboxed, escaping, strict, with nothing to call."""
    jinja = SandboxedEnvironment(
        autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    jinja.filters = {name: jinja.filters[name] for name in FILTERS}
    jinja.globals.clear()
    return jinja


class Placeholders:
    """The placeholders of one layout page; `file` names it in problems."""

    def __init__(self, source: str, file: str) -> None:
        """Raises jinja2.TemplateSyntaxError where the page is no template."""
        self._file = file
        self._tree = environment().parse(source)

    def problems(self, names: Collection[str]) -> Iterator[Problem]:
        """Everything wrong with the placeholders; `names` are those of the wording."""
        known = {*names, *SLOTS, *PAGE_NAMES}
        meant = ""
        for node in self._tree.find_all(nodes.Node):
            if isinstance(node, nodes.Name) and node.name not in known:
                problem = self._unknown(node, known)
                meant += problem.fix
                yield problem
            elif not isinstance(node, ALLOWED):
                what = "A layout holds placeholders and '{% if … %}', and nothing else of Jinja."
                yield self._problem(node, what, "Write the placeholder's name alone.")
            elif isinstance(node, nodes.Filter) and node.name not in FILTERS:
                what = f"A layout may not use the filter '{node.name}'."
                yield self._problem(node, what, f"Use one of {', '.join(FILTERS)}, or none.")
        yield from self._counts(meant)
        yield from self._hidden(self._tree, frozenset())

    def _unknown(self, node: nodes.Name, known: Collection[str]) -> Problem:
        what = f"'{node.name}' is not a placeholder."
        fix = did_you_mean(node.name, sorted(known))
        return self._problem(node, what, fix or "Use a placeholder of the wording, or a slot.")

    def _problem(self, node: nodes.Node, what: str, fix: str) -> Problem:
        return Problem(Place(self._file, node.lineno or 0), what, fix)

    def _printed(self) -> Iterator[nodes.Name]:
        for output in self._tree.find_all(nodes.Output):
            yield from (node for node in output.nodes if isinstance(node, nodes.Name))

    def _counts(self, meant: str) -> Iterator[Problem]:
        """Names printed not once; those that a misspelt one `meant` are not named again."""
        printed = list(self._printed())
        for name in ONCE:
            found = [node for node in printed if node.name == name]
            if not found and f"'{name}'" not in meant:
                what = f"'{{{{ {name} }}}}' does not stand on the page."
                yield Problem(Place(self._file), what, "Put it in, once, with no filter.")
            for node in found[1:]:
                what = f"'{{{{ {name} }}}}' stands on the page more than once."
                yield self._problem(node, what, "Take out all but one.")

    def _hidden(self, node: nodes.Node, asked: frozenset[str]) -> Iterator[Problem]:
        """Slots that a condition on something else could take away."""
        if isinstance(node, nodes.Name) and node.name in SLOTS and asked - {node.name}:
            what = f"A condition could take '{{{{ {node.name} }}}}' out of the letter."
            yield self._problem(node, what, "Move the slot out of the '{% if … %}'.")
        test = node.test if isinstance(node, nodes.If) else None
        inside = asked | _condition(test) if test else asked
        for child in node.iter_child_nodes():
            yield from self._hidden(child, asked if child is test else inside)


def _condition(test: nodes.Node) -> set[str]:
    """What a condition asks for: the one name it names, or something more."""
    return {test.name} if isinstance(test, nodes.Name) else {"more"}


def syntax_problem(error: TemplateSyntaxError, file: str) -> Problem:
    """A template's syntax error as a problem with its line."""
    message = (error.message or "it is not a template").rstrip(".")
    what = f"The placeholders cannot be read here: {message}."
    return Problem(Place(file, error.lineno), what, "Look for a missing brace or '{% endif %}'.")
