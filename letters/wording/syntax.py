"""The templates of a wording: sandboxed Jinja whose output is sentinels and marked lines, and its
complaints in the words of somebody who writes letters."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import NamedTuple

from jinja2 import BaseLoader, Environment, StrictUndefined, TemplateSyntaxError, nodes
from jinja2.environment import Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from letters.errors import Place, Problem, nearest
from letters.wording.bounds import excess_of
from letters.wording.lists import PartsAsFilters
from letters.wording.rewriter import (
    END,
    LOOP,
    REACHING,
    TURNS,
    Sentinels,
    TemplateRewriter,
    includes_as_values,
    is_include,
)
from letters.wording.runtime import (
    ARGUMENTS,
    FILTERS,
    TESTS,
    IncludedText,
    LetterRun,
    TemplateCalls,
)

TAGS = ("if", "elif", "else", "endif", "for", "endfor", "set", "include")
"""The tags a wording may use."""

_END = {"if": "endif", "for": "endfor"}
_WHERE = "Look at the tags on this line."

_WORDS: tuple[tuple[str, str, str], ...] = (
    (
        r"[Uu]nexpected end of template, expected 'end of (print|statement)",
        "A tag begins here and never ends.",
        "Close it: {{ … }} or {% … %}.",
    ),
    (
        r"Missing end of comment tag",
        "A note begins here and never ends.",
        "Close it: {# … #}.",
    ),
    (
        r"Missing end of raw directive",
        "{% raw %} is never closed.",
        "Delete it, or write {% endraw %} after the text it is for.",
    ),
    (
        r"got '='$",
        "One '=' does not compare.",
        "Write == to ask whether two values are equal.",
    ),
    (
        r"expected token 'end of print statement', got '(?P<got>.+)'",
        "The placeholder does not end before '{got}'.",
        "Write one name between the braces, words joined by '_': {{ force_name }}.",
    ),
    (
        r"expected token 'end of statement block', got '(?P<got>.+)'",
        "The tag does not end before '{got}'.",
        "Close it with %}, or write 'elif' for 'else if'.",
    ),
    (
        r"Expected an expression, got 'end of print statement'",
        "The braces hold no placeholder.",
        "Write a name between them: {{ force_name }}.",
    ),
    (
        r"Expected an expression|unexpected 'end of (statement block|print statement)'",
        "The tag ends too early.",
        "Write what it is about, such as {% if contact_phone %}.",
    ),
    (
        r"unexpected '(?P<got>.+)', expected '(?P<want>.+)'",
        "'{got}' is where '{want}' belongs.",
        _WHERE,
    ),
    (
        r"expected token '(?P<want>.+)', got '(?P<got>.+)'",
        "'{got}' is where '{want}' belongs.",
        _WHERE,
    ),
    (
        r"unexpected '\}'|unexpected '\{'",
        "Braces do not match.",
        "Open with {{ and close with }}, or open with {% and close with %}.",
    ),
    (
        r"unexpected char (?P<got>.+) at \d+",
        "The character {got} has no place inside a tag.",
        "Delete it; a text inside a tag begins and ends with the same straight quote.",
    ),
    (
        r"unexpected '(?P<got>.+)'",
        "'{got}' has no place there.",
        _WHERE,
    ),
)


def syntax_problem(error: TemplateSyntaxError, text: str, place: Place) -> Problem:
    """The problem that a template cannot be read; `place` is that of its first line."""
    what, fix = _unclosed(error) or _unknown_tag(error) or _in_words(error)
    line = error.lineno
    if opened := _opened(error):
        line = _line_of(opened, text, error.lineno)
    elif "never ends" in what:
        line = _last_opening(text, error.lineno)
    return Problem(replace(place, line=place.line + line - 1), what, fix)


def _opened(error: TemplateSyntaxError) -> str:
    """The tag that is still open where the template ends, such as `if`."""
    message = error.message or ""
    found = re.search(r"needs to be closed is '(\w+)'", message)
    return found[1] if found and message.startswith("Unexpected end of template") else ""


def _unclosed(error: TemplateSyntaxError) -> tuple[str, str] | None:
    tag = _opened(error)
    if not tag:
        return None
    if tag == "set":
        return "{% set %} has no value.", "Write {% set name = … %}."
    if tag not in _END:
        return f"{{% {tag} %}} is not used in wordings.", _tags(tag)
    return f"{{% {tag} %}} is never closed.", f"Write {{% {_END[tag]} %}} where it ends."


def _unknown_tag(error: TemplateSyntaxError) -> tuple[str, str] | None:
    found = re.match(r"Encountered unknown tag '(\w+)'", error.message or "")
    if not found:
        return None
    tag = found[1]
    if tag in TAGS:
        inner = re.search(r"needs to be closed is '(\w+)'", error.message or "")
        why = f"while {{% {inner[1]} %}} is still open" if inner else "but nothing is open"
        return f"{{% {tag} %}} is here, {why}.", "Delete it, or write the tag it belongs to."
    return f"{{% {tag} %}} is not used in wordings.", _tags(tag)


def _tags(tag: str) -> str:
    meant = nearest(tag, TAGS)
    return f"Did you mean {{% {meant} %}}?" if meant else "Use if, for, set or include."


def _in_words(error: TemplateSyntaxError) -> tuple[str, str]:
    for pattern, what, fix in _WORDS:
        if found := re.search(pattern, error.message or ""):
            return _filled(what, found), fix
    return "The tag cannot be read.", f"{_WHERE} Jinja says: {error.message}."


def _filled(what: str, found: re.Match[str]) -> str:
    words = {"end of print statement": "}}", "end of statement block": "%}", "name": "a name"}
    for name, value in found.groupdict().items():
        if value != "name" or name == "want":
            value = words.get(value, value)
        what = what.replace(f"{{{name}}}", value)
    return what


def _line_of(tag: str, text: str, last: int) -> int:
    """The line of the tag that is open at the end: openings and ends are paired off."""
    open_: list[int] = []
    for found in re.finditer(r"\{%[-+]?\s*(\w+)", text):
        if found[1] == tag:
            open_.append(text.count("\n", 0, found.start()) + 1)
        elif found[1] == _END.get(tag) and open_:
            open_.pop()
    return open_[-1] if open_ else last


def _last_opening(text: str, last: int) -> int:
    """The line of the last tag or note that begins without an end."""
    for found in reversed(list(re.finditer(r"\{\{|\{%|\{#", text))):
        end = {"{{": "}}", "{%": "%}", "{#": "#}"}[found[0]]
        if end not in text[found.end() :]:
            return text.count("\n", 0, found.start()) + 1
    return last


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
    yield from _faults(tree, frozenset())


def _faults(node: nodes.Node, turning: frozenset[str]) -> Iterator[TemplateFault]:
    """What is wrong with a node; `turning` are the names of the loops round it."""
    if isinstance(node, nodes.Getattr) and _is_known(node, turning):
        return
    if fault := _fault(node):
        yield TemplateFault(node.lineno, *fault)
    if isinstance(node, nodes.For) and isinstance(node.target, nodes.Name):
        turning |= {node.target.name}
    if not isinstance(node, REACHING):
        for child in node.iter_child_nodes():
            yield from _faults(child, turning)


def _is_known(node: nodes.Getattr, turning: frozenset[str]) -> bool:
    """Whether it is a loop's word, or a part of what a loop turns over: the wording looks it up."""
    is_part = isinstance(node.node, nodes.Name) and node.node.name in turning
    return is_part or bool(turning and _is_loop_word(node))


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
    return f"'{node.name}' cannot take what is in its brackets.", fix


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


@dataclass(frozen=True, slots=True)
class Source:
    """A template's text and the place of its first line."""

    text: str
    place: Place


class Templates:
    """Parses every source at once; compiles one when it is first needed."""

    def __init__(self, sources: Mapping[str, Source]) -> None:
        self.sources = sources
        self.marks = Sentinels()
        self.problems: list[Problem] = []
        self.trees: dict[str, nodes.Template] = {}
        self._environment = _environment(_Compiled(self._compile), self.marks)
        for name, source in sources.items():
            self._parse(name, source)

    def _parse(self, name: str, source: Source) -> None:
        if found := excess_of(self._environment, source.text):
            place = replace(source.place, line=source.place.line + found.line - 1)
            self.problems.append(Problem(place, found.what, found.fix))
            return
        try:
            self.trees[name] = self._environment.parse(includes_as_values(source.text), name)
        except TemplateSyntaxError as error:
            self.problems.append(syntax_problem(error, source.text, source.place))

    def render(self, name: str, values: Mapping[str, object], run: LetterRun) -> str:
        """The merged text of a template: signs for values and for the files it includes."""
        template = self._environment.get_template(name)
        return cut_parts(template.render({**values, "_run": run}), self.marks, run)

    def place_of(self, error: Exception, name: str) -> Place:
        """The line of a template on which `error` stopped it."""
        line, trace = 1, error.__traceback__
        while trace:  # Jinja names templates and their lines in the frames
            if trace.tb_frame.f_code.co_filename in self.sources:
                name, line = trace.tb_frame.f_code.co_filename, trace.tb_lineno
            trace = trace.tb_next
        place = self.sources[name].place
        return Place(place.file, place.line + line - 1, place.cell, place.field)

    def _compile(self, name: str) -> nodes.Template:
        source = self.sources[name]
        parsed = self._environment.parse(includes_as_values(source.text), name)
        tree = PartsAsFilters(self._environment).visit(parsed)
        marker = TemplateRewriter(self._environment, self.marks, source.place, source.text)
        marked: nodes.Template = marker.visit(tree)
        return marked


class _Compiled(BaseLoader):
    """Hands Jinja marked trees; no file is ever opened for a template."""

    def __init__(self, marked: Callable[[str], nodes.Template]) -> None:
        self.marked = marked

    def load(self, environment, name, globals=None):  # type: ignore[no-untyped-def]
        """A template by name."""
        code = environment.compile(self.marked(name), name, name)
        return Template.from_code(environment, code, globals or {}, None)


def _environment(loader: BaseLoader, marks: Sentinels) -> Environment:
    environment = ImmutableSandboxedEnvironment(
        loader=loader,
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.globals.clear()
    environment.filters = TemplateCalls(marks).filters()
    environment.tests = dict(TESTS)
    return environment


def cut_parts(merged: str, marks: Sentinels, run: LetterRun) -> str:
    """`merged` with each included text taken out and a sign in its place."""
    texts: list[list[str]] = [[]]
    begun: list[str] = []
    for piece in TURNS.split(merged):
        if piece == END:
            spot = marks.spot(begun.pop())
            part = IncludedText("".join(texts.pop()))
            texts[-1].append(run.sign(part, spot, ()))
        elif TURNS.match(piece):
            begun.append(piece)
            texts.append([])
        else:
            texts[-1].append(piece)
    return "".join(texts[0])
