"""Sentinels for values and lines while a wording passes through Jinja and Markdown: where they came
from, and how a parsed template is rewritten to print them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TypeAlias

from jinja2 import Environment, nodes
from jinja2.visitor import NodeTransformer

from letters.document import Origin
from letters.errors import Place, Problem, ProblemsFound
from letters.model import RichText

VALUE = 0xF0000
"""First of the signs that stand for a printed value (plane 15)."""

MARK = 0x100000
"""First of the signs that name a line of a template (plane 16, first half)."""

PART = 0x108000
"""First of the signs with which an included file begins (plane 16, second half)."""

END = chr(0x10FFFD)
"""The sign with which every included file ends."""

MOST = 0x7FF0
"""How many signs of a kind there can be."""

VALUES = re.compile("([\U000f0000-\U000fffff])")
MARKS = re.compile("[\U00100000-\U00107fff]")
TURNS = re.compile("([\U00108000-\U0010ffff])")
RESERVED = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")

_MARKED = re.compile("([\U00100000-\U00107fff])[^\\S\n]*(?=[^\\s\U00100000-\U00107fff])")
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,6})|([0-9]{1,7}));")


def is_value(character: str) -> bool:
    """Whether `character` is one sign that stands for a printed value."""
    return len(character) == 1 and VALUE <= ord(character) < MARK


def marks_before_words(line: str) -> list[str]:
    """The marks of a line that stand directly before visible text."""
    return _MARKED.findall(line)


def forged(text: str) -> str:
    """The first character, or HTML reference to one, that could be taken for a sign; or ''."""
    if found := RESERVED.search(text):
        return f"U+{ord(found[0]):04X}"
    for reference in _REFERENCE.finditer(text):
        number = int(reference[1], 16) if reference[1] else int(reference[2])
        if number > 0x10FFFF or RESERVED.match(chr(number)):
            return reference[0]
    return ""


@dataclass(frozen=True, slots=True)
class SourceLocation:
    """A line of a file and the fields of the conditions and loops round it."""

    place: Place
    because: tuple[str, ...] = ()


class Sentinels:
    """Gives every spot of a wording's templates its sign, and finds the spot of a sign."""

    def __init__(self) -> None:
        self._spots: list[SourceLocation] = []
        self._numbers: dict[SourceLocation, int] = {}

    def mark(self, spot: SourceLocation) -> str:
        """The sign that says: the text after me stands at `spot`."""
        return chr(MARK + self._number(spot))

    def part(self, spot: SourceLocation) -> str:
        """The sign that says: a file included at `spot` begins here."""
        return chr(PART + self._number(spot))

    def spot(self, sign: str) -> SourceLocation:
        """The spot that a mark or part sign names."""
        number = ord(sign)
        return self._spots[number - (PART if number >= PART else MARK)]

    def _number(self, spot: SourceLocation) -> int:
        if spot not in self._numbers:
            if len(self._spots) == MOST:
                what = f"The wording has more than {MOST} lines."
                raise ProblemsFound([Problem(spot.place, what, "Make it shorter.")])
            self._numbers[spot] = len(self._spots)
            self._spots.append(spot)
        return self._numbers[spot]


class SourceMap:
    """The lines of a text that is about to be read as Markdown, each with its spots."""

    def __init__(
        self, text: str, spots: Iterable[tuple[SourceLocation, ...]], fields: tuple[str, ...] = ()
    ):
        self.text = text
        self.rows = text.split("\n")
        self._spots = list(spots)
        self._fields = fields

    @classmethod
    def merged(cls, text: str, marks: Sentinels, because: tuple[str, ...] = ()) -> SourceMap:
        """Lines of merged wording: its marks become spots; `because` holds for all of them."""
        spots = []
        for row in text.split("\n"):
            found = (marks.spot(sign) for sign in marks_before_words(row))
            spots.append(tuple(_with(spot, because) for spot in found))
        return cls(MARKS.sub("", text), spots)

    @classmethod
    def recorded(cls, value: RichText, field: str, because: tuple[str, ...]) -> SourceMap:
        """Lines of a rich-text field, printed where `because` holds."""
        place = value.place
        rows = value.markdown.split("\n")
        numbers = range(place.line, place.line + len(rows)) if place.line else [0] * len(rows)
        spots = [(SourceLocation(replace(place, line=number), because),) for number in numbers]
        return cls(value.markdown, spots, (field,) if field else ())

    def place(self, line: int) -> Place:
        """The place of a line (from 0); of the nearest line above or below that has one."""
        above, below = self._spots[line::-1], self._spots[line + 1 :]
        return next((spots[0].place for spots in (*above, *below) if spots), Place(""))

    def origin(self, first: int, last: int, fields: Iterable[str] = ()) -> Origin:
        """The origin of a block on lines `first` to before `last` that prints `fields`."""
        place = self.place(first)
        spots = [spot for row in self._spots[first:last] for spot in row]
        because = (name for spot in spots for name in spot.because)
        return Origin(place.file, place.line, once((*fields, *self._fields)), once(because))


def once(names: Iterable[str]) -> tuple[str, ...]:
    """The names in order, each once."""
    return tuple(dict.fromkeys(names))


def _with(spot: SourceLocation, because: tuple[str, ...]) -> SourceLocation:
    return SourceLocation(spot.place, once((*because, *spot.because))) if because else spot


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


PRINT, ASK, EACH, COMPARE, INCLUDE = "_print", "_ask", "_each", "_compare", "_include"
RECORDED = "_recorded"
FIELDS_OF = "_fields_of_"

Args: TypeAlias = Sequence[nodes.Expr]

_INCLUDE = re.compile(
    r"""\{%([-+]?)(\s*)include(\s+)('[^'\n]*'|"[^"\n]*"|outcome_wording)(\s*)([-+]?)%\}"""
)
"""An `include` of a file named in quotes, or of the outcome's wording."""
_SENTENCE_THEN_TAG = re.compile(
    r"^(?!(?:[ \t]*\{([%#])(?:(?!\1\}).)*\1\})+[ \t]*$)(.*[^-+])([%#]\})$", re.MULTILINE
)
"""A line with words before the tag that ends it: Jinja would swallow the end of such a line."""


def includes_as_values(source: str) -> str:
    r"""`{% include x %}` as `{{ x | _include }}`, and every line that prints keeps its end.

    Jinja strips the indentation before a tag and the line end after it. That would move an
    included text out of its list item; round a value it keeps both. And it would join a sentence
    that ends in `{% endif %}` to the next paragraph; so only tags alone on a line lose its end.
    """
    return _INCLUDE.sub(_as_value, _SENTENCE_THEN_TAG.sub(r"\2+\3", source))


def _as_value(tag: re.Match[str]) -> str:
    before, a, b, name, c, after = tag.groups()
    left, right = before.replace("+", ""), after.replace("+", "")
    return f"{{{{{left}{a}{name}{b}|{INCLUDE}{c}{right}}}}}"


def is_include(expression: nodes.Node) -> bool:
    """Whether an expression was an include tag."""
    return isinstance(expression, nodes.Filter) and expression.name == INCLUDE


class TemplateRewriter(NodeTransformer):
    """Marks one template. `place` is its first line, `source` its text."""

    def __init__(
        self, environment: Environment, marks: Sentinels, place: Place, source: str
    ) -> None:
        self.environment = environment
        self.marks = marks
        self.first = place
        self.rows = source.split("\n")
        self.because: tuple[str, ...] = ()
        self.meaning: dict[str, tuple[str, ...]] = {}
        self.turning: set[str] = set()

    def visit_Output(self, node: nodes.Output) -> list[nodes.Node]:  # noqa: N802
        """Text with marks, values as signs, includes as statements of their own."""
        return [piece for child in node.nodes for piece in self._pieces(child)]

    def _pieces(self, child: nodes.Expr) -> list[nodes.Node]:
        if isinstance(child, nodes.TemplateData):
            return [self._text(self._marked(child.data, child.lineno), child.lineno)]
        if is_include(child):
            assert isinstance(child, nodes.Filter)  # noqa: S101  (for the type checker)
            return self._included(child.node or child, child.lineno)
        return [self._printed(child)]

    def _marked(self, text: str, line: int) -> str:
        rows = text.split("\n")
        return "\n".join(self._mark(line + n) + row for n, row in enumerate(rows))

    def _printed(self, expression: nodes.Expr) -> nodes.Output:
        decided = self._fields(deciding_names(expression))
        printed = self._field_list(printed_names(expression))
        with self._within(decided):
            mark = nodes.Const(self._mark(expression.lineno))
            args = [mark, printed, _consts(decided)]
        return self._filtered(self._changed(expression), PRINT, args)

    def _included(self, name: nodes.Expr, line: int) -> list[nodes.Node]:
        if isinstance(name, nodes.Name) and name.name == OUTCOME_WORDING:
            return [self._outcome_wording(name, line)]
        return self._part(name, line)

    def _outcome_wording(self, name: nodes.Name, line: int) -> nodes.Node:
        outcome = nodes.Name("outcome", "load", lineno=line)
        awaiting = nodes.Test(outcome, "none", [], [], None, None, lineno=line)
        gap = self._printed(nodes.Name("outcome", "load", lineno=line))
        with self._within(("outcome",)):
            part = self._part(name, line)
        return self._set(nodes.If(awaiting, [gap], [], part, lineno=line))

    def _part(self, name: nodes.Expr, line: int) -> list[nodes.Node]:
        begin = self._mark(line) + self.marks.part(self._spot(line))
        include = self._set(nodes.Include(name, True, False, lineno=line))
        return [self._text(begin, line), include, self._text(END, line)]

    def visit_If(self, node: nodes.If) -> list[nodes.Node]:  # noqa: N802
        """Branches know the conditions above them; a draft asks for what they wait for."""
        branches = [node, *node.elif_]
        asked = self._fields(name for each in branches for name in read_names(each.test))
        before = self.because
        for branch in branches:
            self.because = once((*self.because, *self._fields(read_names(branch.test))))
            branch.test = self._truth(branch.test)
            branch.body = self._body(branch.body)
        node.else_ = self._body(node.else_)
        self.because = before
        return [self._asked(node, asked), node]

    def _asked(self, node: nodes.If, fields: tuple[str, ...]) -> nodes.Node:
        mark = nodes.Const(self._mark(node.lineno))
        end = nodes.Const(self._end_of_gap(node.lineno))
        return self._filtered(_consts(fields), ASK, [mark, end])

    def _end_of_gap(self, line: int) -> str:
        """What follows a draft's gap: a new paragraph or line; nothing where a sentence goes on."""
        row = self.rows[line - 1].strip()
        if not (row.startswith("{%") and row.endswith("%}") and row.count("{%") == 1):
            return ""
        return "\n" if line > 1 and self.rows[line - 2].strip() else "\n\n"

    def visit_For(self, node: nodes.For) -> nodes.Node:  # noqa: N802
        """Each turn also carries the fields its value was read from."""
        assert isinstance(node.target, nodes.Name)  # noqa: S101  (`grammar` refuses others)
        name, members = node.target.name, _members(node.iter)
        all_fields = self._fields(read_names(node.iter))
        each = nodes.List([self._field_list(read_names(member)) for member in members])
        self.meaning[name] = all_fields
        mark = nodes.Const(self._mark(node.lineno))
        with self._within(self._fields([*read_names(node.iter), *_tested(node)])):
            node.iter = self._filter(self._changed(node.iter), EACH, [each, mark])
            node.target = nodes.Tuple(
                [node.target, nodes.Name(FIELDS_OF + name, "store")], "store", lineno=node.lineno
            )
            node.test = self._truth(node.test) if node.test else None
            self.turning.add(name)
            node.body = self._body(node.body)
            self.turning.discard(name)
        node.else_ = self._body(node.else_)
        return self._set(node)

    def visit_Assign(self, node: nodes.Assign) -> nodes.Node:  # noqa: N802
        """A name that is set means the fields it was made from."""
        assert isinstance(node.target, nodes.Name)  # noqa: S101  (`grammar` refuses others)
        self.meaning[node.target.name] = self._fields(read_names(node.node))
        node.node = self._changed(node.node)
        return node

    def visit_Compare(self, node: nodes.Compare) -> nodes.Node:  # noqa: N802
        """A comparison that can meet a missing value without stopping."""
        pairs = [nodes.List([nodes.Const(o.op), self._changed(o.expr)]) for o in node.ops]
        args = [nodes.List(pairs), nodes.Const(self._mark(node.lineno)),
                _consts(self._fields(read_names(node)))]  # fmt: skip
        return self._filter(self._changed(node.expr), COMPARE, args)

    def visit_And(self, node: nodes.And) -> nodes.Node:  # noqa: N802
        """`a and b`: b where a is recorded, else a."""
        left, right = self._changed(node.left), self._changed(node.right)
        return nodes.CondExpr(self._recorded(left), right, left, lineno=node.lineno)

    def visit_Or(self, node: nodes.Or) -> nodes.Node:  # noqa: N802
        """`a or b`: a where it is recorded, else b."""
        left, right = self._changed(node.left), self._changed(node.right)
        return nodes.CondExpr(self._recorded(left), left, right, lineno=node.lineno)

    def visit_Not(self, node: nodes.Not) -> nodes.Node:  # noqa: N802
        """`not a` holds where a is not recorded."""
        return nodes.Not(self._truth(node.node), lineno=node.lineno)

    def visit_CondExpr(self, node: nodes.CondExpr) -> nodes.Node:  # noqa: N802
        """`b if a else c`, which asks whether a is recorded."""
        node.test, node.expr1 = self._truth(node.test), self._changed(node.expr1)
        node.expr2 = self._changed(node.expr2) if node.expr2 else None
        return node

    def _truth(self, test: nodes.Node) -> nodes.Expr:
        """A condition: whether what it names is recorded, as 0 is and `no` is not."""
        return self._recorded(self._changed(test))

    def _recorded(self, value: nodes.Expr) -> nodes.Expr:
        return self._filter(value, RECORDED, [])

    def visit_Concat(self, node: nodes.Concat) -> nodes.Node:  # noqa: N802
        """`a ~ b` as `[a, b] | join`, which knows dates and missing values."""
        return self._filter(nodes.List([self._changed(each) for each in node.nodes]), "join", [])

    def _changed(self, expression: nodes.Node) -> nodes.Expr:
        changed: nodes.Expr = self.visit(expression)
        return changed

    def _body(self, body: Sequence[nodes.Node]) -> list[nodes.Node]:
        return [new for node in body for new in self.visit_list(node)]

    @contextmanager
    def _within(self, fields: Iterable[str]) -> Iterator[None]:
        before = self.because
        self.because = once((*before, *fields))
        yield
        self.because = before

    def _fields(self, names: Iterable[nodes.Name]) -> tuple[str, ...]:
        """The placeholders behind `names`: a name that was set stands for what it was made of."""
        return once(f for name in names for f in self.meaning.get(name.name, (name.name,)))

    def _field_list(self, names: Iterable[nodes.Name]) -> nodes.List:
        """The same, as an expression: a loop's name asks the turn where its value comes from."""
        out: list[nodes.Expr] = []
        for name in names:
            if name.name in self.turning:
                out.append(nodes.Name(FIELDS_OF + name.name, "load", lineno=name.lineno))
            else:
                out.append(_consts(self._fields([name])))
        return nodes.List(out)

    def _spot(self, line: int) -> SourceLocation:
        place = self.first
        at = Place(place.file, place.line + line - 1, place.cell, place.field)
        return SourceLocation(at, self.because)

    def _mark(self, line: int) -> str:
        return self.marks.mark(self._spot(line))

    def _text(self, text: str, line: int) -> nodes.Node:
        return self._set(nodes.Output([nodes.TemplateData(text)], lineno=line))

    def _filter(
        self, expression: nodes.Expr, name: str, args: Sequence[nodes.Expr]
    ) -> nodes.Filter:
        line = expression.lineno
        new = nodes.Filter(expression, name, list(args), [], None, None, lineno=line)
        new.set_environment(self.environment)
        return new

    def _filtered(
        self, expression: nodes.Expr, name: str, args: Sequence[nodes.Expr]
    ) -> nodes.Output:
        output = nodes.Output([self._filter(expression, name, args)], lineno=expression.lineno)
        output.set_environment(self.environment)
        return output

    def _set(self, node: nodes.Node) -> nodes.Node:
        return node.set_environment(self.environment)


def _members(iterated: nodes.Node) -> Sequence[nodes.Node]:
    return iterated.items if isinstance(iterated, nodes.List | nodes.Tuple) else [iterated]


def _tested(node: nodes.For) -> Iterator[nodes.Name]:
    return read_names(node.test) if node.test else iter(())


def _consts(names: Iterable[str]) -> nodes.List:
    return nodes.List([nodes.Const(name) for name in names])
