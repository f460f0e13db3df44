"""The templates of a wording: sandboxed Jinja whose output is signs and marked lines."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from jinja2 import BaseLoader, Environment, StrictUndefined, TemplateSyntaxError, nodes
from jinja2.environment import Template
from jinja2.sandbox import ImmutableSandboxedEnvironment

from letters.errors import Place, Problem
from letters.wording.bounds import excess_of
from letters.wording.rewriter import TemplateRewriter, includes_as_values
from letters.wording.runtime import TESTS, IncludedText, LetterRun, TemplateCalls
from letters.wording.source_map import END, TURNS, Sentinels
from letters.wording.syntax import syntax_problem


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
        tree = self._environment.parse(includes_as_values(source.text), name)
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
