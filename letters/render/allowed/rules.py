"""A style sheet read rule by rule and held against the list of what is allowed."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import tinycss2
from tinycss2.ast import AtRule, Declaration, IdentToken, Node, ParseError, QualifiedRule

from letters.errors import Place, Problem, Refused
from letters.render.allowed import too_large
from letters.render.allowed.properties import (
    ALLOWED,
    AT_RULES,
    FACE,
    IN_PAGE,
    MARGIN_BOXES,
    Row,
    advice,
    danger,
)
from letters.render.allowed.selectors import Selector, read_selectors
from letters.render.allowed.special import FONT_FAMILIES, RUNNING, family_names
from letters.render.allowed.values import (
    DeclarationContext,
    colour,
    has_address,
    significant,
    word,
    written,
)

DEEPEST = 16
"""Brackets in brackets."""

_TAKE_OUT = "Take it out."
_UNREADABLE = (
    "The stylesheet cannot be read here.",
    "Look for a missing colon, semicolon, quote, bracket or brace.",
)


@dataclass(frozen=True)
class StyleRule:
    """A rule for elements, taken out of what it was nested in."""

    selectors: tuple[Selector, ...]
    declarations: tuple[Declaration, ...]
    conditions: tuple[str, ...]
    """The conditions of `@media` and `@supports` round it, in lower case."""


@dataclass
class ReadSheet:
    """A style sheet as far as it could be read, and all that is wrong with it."""

    file: str
    rules: list[StyleRule] = field(default_factory=list)
    margin_boxes: list[tuple[str, tuple[Declaration, ...]]] = field(default_factory=list)
    """The pages and the name of each margin box (' top-left' on all pages), its declarations."""
    families: set[str] = field(default_factory=set)
    variables: set[str] = field(default_factory=set)
    is_whole: bool = False
    """Whether it could be read to its end."""
    fonts: list[tuple[str, int]] = field(default_factory=list)
    """Addresses of font files, and their lines."""
    problems: list[Problem] = field(default_factory=list)

    def report(self, line: int, what: str, fix: str = _TAKE_OUT) -> None:
        """Note a problem at a line of the sheet."""
        self.problems.append(Problem(Place(self.file, line), what, fix))


def read_sheet(file: str, text: str) -> ReadSheet:
    """The rules of a style sheet, and everything in it that is not on the list.

    A sheet that is too large or too deep is not read any further.
    """
    sheet = ReadSheet(file, problems=too_large(file, text))
    if sheet.problems:
        return sheet
    nodes = tinycss2.parse_stylesheet(text, skip_comments=True, skip_whitespace=True)
    _look_deep(sheet, nodes)
    if sheet.problems:
        return sheet
    sheet.is_whole = True
    _RuleReader(sheet).read(nodes, (), ())
    _Declared(sheet).check()
    return sheet


def _look_deep(sheet: ReadSheet, nodes: Iterable[Node]) -> None:
    """Report what is nested too deep, and what cannot be read inside values and conditions."""
    below = [(node, 1) for node in nodes]
    while below:
        node, depth = below.pop()
        if depth > DEEPEST:
            what = f"Brackets are more than {DEEPEST} deep in one another here."
            sheet.report(node.source_line, what, "Look for a bracket that is not closed.")
            return
        if isinstance(node, ParseError):
            sheet.report(node.source_line, *_UNREADABLE)
        for part in ("prelude", "content", "arguments"):
            below += ((inner, depth + 1) for inner in getattr(node, part, None) or ())


class _RuleReader:
    """Takes rules out of what they are nested in; reports rules and selectors not allowed."""

    def __init__(self, sheet: ReadSheet) -> None:
        self._sheet = sheet

    def read(
        self, nodes: Sequence[Node], parents: tuple[Selector, ...], conditions: tuple[str, ...]
    ) -> None:
        """Read what is inside rules for `parents` and inside `conditions`."""
        own: list[Declaration] = []
        line = nodes[0].source_line if nodes else 0
        for node in nodes:
            if isinstance(node, Declaration):
                own.append(node)
            elif isinstance(node, QualifiedRule):
                self._rule(node, parents, conditions)
            elif isinstance(node, AtRule):
                self._at_rule(node, parents, conditions)
            elif isinstance(node, ParseError):
                self._sheet.report(node.source_line, *_UNREADABLE)
        if own and parents:
            self._sheet.rules.append(StyleRule(parents, tuple(own), conditions))
        elif own:
            self._sheet.report(line, "Declarations are here outside a rule.")

    def _rule(
        self, node: QualifiedRule, parents: tuple[Selector, ...], conditions: tuple[str, ...]
    ) -> None:
        try:
            selectors = read_selectors(node.prelude, parents)
        except Refused as refused:
            self._sheet.report(node.source_line, refused.what, refused.fix)
            return
        inside = contents(node)
        self.read(inside, selectors, conditions)

    def _at_rule(
        self, node: AtRule, parents: tuple[Selector, ...], conditions: tuple[str, ...]
    ) -> None:
        name = node.lower_at_keyword
        if name in ("media", "supports"):
            condition = re.sub(r" ?: ?", ": ", written(node.prelude).lower())
            self.read(contents(node), parents, (*conditions, condition))
        elif name == "page" and not parents:
            self._page(node)
        elif name == "font-face" and not parents:
            self._face(node)
        elif name not in AT_RULES or name in ("page", "font-face"):
            self._sheet.report(node.source_line, *_at_rule_words(name))

    def _page(self, node: AtRule) -> None:
        of = written(node.prelude).lower()
        for each in contents(node):
            box = each.lower_at_keyword if isinstance(each, AtRule) else ""
            if isinstance(each, Declaration):
                _check_declaration(self._sheet, each, DeclarationContext(box="page"), IN_PAGE)
            elif MARGIN_BOXES.fullmatch(box):
                inside = contents(each)
                self._only_declarations(inside)
                said = tuple(d for d in inside if isinstance(d, Declaration))
                self._sheet.margin_boxes.append((f"{of} {box}", said))
                for declaration in said:
                    _check_declaration(self._sheet, declaration, DeclarationContext(box=box))
            else:
                self._only_declarations([each])

    def _face(self, node: AtRule) -> None:
        inside = contents(node)
        self._only_declarations(inside)
        for each in inside:
            if not isinstance(each, Declaration):
                continue
            if each.lower_name not in FACE:
                self._sheet.report(each.source_line, f"'{quoted(each)}' {danger(each.lower_name)}.")
            elif each.lower_name == "font-family":
                self._sheet.families |= {name.lower() for name in family_names(each.value)}
            elif each.lower_name == "src":
                self._sources(each)

    def _sources(self, declaration: Declaration) -> None:
        """The files of a font; one that is in the sheet itself cannot be looked at."""
        for node in significant(declaration.value):
            arguments = significant(getattr(node, "arguments", None) or ())
            if not has_address(node):
                continue
            source = arguments[0] if arguments else node
            address = str(getattr(source, "value", ""))
            if address.lower().startswith("data:"):
                what = "A font is in the style sheet itself, where its letters are not checked."
                fix = "Save it as a file in the layout’s folder and name that with 'url()'."
                self._sheet.report(declaration.source_line, what, fix)
            self._sheet.fonts.append((address, source.source_line))

    def _only_declarations(self, nodes: Sequence[Node]) -> None:
        for node in nodes:
            if not isinstance(node, Declaration):
                what = "Something other than a property is here."
                self._sheet.report(node.source_line, what)


def contents(node: Node) -> list[Node]:
    """What stands between the braces of a rule."""
    found = tinycss2.parse_blocks_contents(
        node.content or [], skip_comments=True, skip_whitespace=True
    )
    return list(found)


def _at_rule_words(name: str) -> tuple[str, str]:
    if name == "import":  # what else is wrong with it is said where addresses are looked at
        return "'@import' loads another stylesheet.", "Write its rules into this file."
    if name == "layer":
        return "'@layer' changes which rules win.", "Write the rules in their order, without it."
    return f"'@{name}' is not on the list of what a style sheet may hold.", _TAKE_OUT


# Declarations.


def _check_declaration(
    sheet: ReadSheet, declaration: Declaration, where: DeclarationContext, names: Sequence[str] = ()
) -> None:
    """Report a declaration that is not on the list, or whose value is not."""
    name, tokens = declaration.lower_name, significant(declaration.value)
    row = ALLOWED.get(name)
    said = quoted(declaration)
    if row is None or (names and name not in names):
        fix = f"Use one of {', '.join(names)} here." if row and names else advice(name)
        sheet.report(declaration.source_line, f"'{said}' {danger(name)}.", fix)
        return
    tokens, unknown = _resolved(tokens, sheet.variables)
    if unknown:
        what = f"'{said}' asks for '{unknown}', which is no colour of this sheet."
        fix = f"Write ':root {{ {unknown}: #1d3461; }}', or the colour itself."
        sheet.report(declaration.source_line, what, fix)
    elif not _fits(row, name, tokens, where, sheet):
        what = f"'{said}' {danger(name)}."
        sheet.report(declaration.source_line, what, row.advice)


def _fits(
    row: Row, name: str, tokens: list[Node], where: DeclarationContext, sheet: ReadSheet
) -> bool:
    if name == "font-family":
        known = {*FONT_FAMILIES} | sheet.families
        return {name.lower() for name in family_names(tokens)} <= known
    return row.values.fits(tokens, where)


def quoted(declaration: Declaration) -> str:
    """A declaration as text of at most 60 characters."""
    said = f"{declaration.name}: {written(declaration.value)}"
    return said if len(said) <= 60 else f"{said[:59]}…"


def _resolved(tokens: list[Node], variables: set[str]) -> tuple[list[Node], str]:
    """A value with a colour in the place of each variable; a variable that is no colour."""
    out = []
    for token in tokens:
        if token.type == "function" and token.lower_name == "var":
            names = significant(token.arguments)
            if len(names) != 1:
                return tokens, ""
            name = str(getattr(names[0], "value", ""))
            if name not in variables:
                return [], name
            token = IdentToken(token.source_line, token.source_column, "black")
        out.append(token)
    return out, ""


class _Declared:
    """Holds the declarations of all rules against the list."""

    def __init__(self, sheet: ReadSheet) -> None:
        self._sheet = sheet

    def check(self) -> None:
        """Report each declaration that is not allowed for one of its rule's selectors."""
        for rule in self._sheet.rules:
            self._variables(rule)
        for rule in self._sheet.rules:
            for declaration in rule.declarations:
                if declaration.name.startswith("--"):
                    continue
                for selector in rule.selectors:
                    before = len(self._sheet.problems)
                    _check_declaration(self._sheet, declaration, DeclarationContext(selector))
                    if len(self._sheet.problems) > before:
                        break
            self._flex(rule)
            self._mark(rule)
        self._running()

    def _variables(self, rule: StyleRule) -> None:
        for each in rule.declarations:
            if not each.name.startswith("--"):
                continue
            tokens = significant(each.value)
            if len(tokens) == 1 and colour(tokens[0]) is not None:
                self._sheet.variables.add(each.name)
            else:
                what = f"'{quoted(each)}' is no colour, and a variable may hold nothing else."
                self._sheet.report(each.source_line, what, "Write the value where it is used.")

    def _flex(self, rule: StyleRule) -> None:
        """A row of boxes that does not wrap runs off the page."""
        said = {d.lower_name: d for d in rule.declarations}
        display = said.get("display")
        is_flex = display and [word(t) for t in significant(display.value)] == ["flex"]
        if display and is_flex and not {"flex-direction", "flex-wrap", "flex-flow"} & {*said}:
            what = "'display: flex' sets boxes in a row that may run off the page."
            fix = "Add 'flex-wrap: wrap' or 'flex-direction: column' to the same rule."
            self._sheet.report(display.source_line, what, fix)

    def _mark(self, rule: StyleRule) -> None:
        """A turned mark lies under the words of the page, in a margin box, and nowhere else."""
        said = {d.lower_name: d for d in rule.declarations}
        turned = said.get("transform")
        if not turned:
            return
        if "position" not in said or not written(said["position"].value).startswith("running("):
            what = f"'{quoted(turned)}' can lay the draft mark over words of a letter."
            fix = "Add 'position: running(draft-mark)' to the same rule, or take it out."
            self._sheet.report(turned.source_line, what, fix)
        for _, box in self._sheet.margin_boxes:
            values = {each.lower_name: each for each in box}
            content = values.get("content")
            is_its = content and "element(draft-mark)" in written(content.value)
            if content and is_its and "z-index" not in values:
                what = "The draft mark is turned, and its margin box lies over the words."
                self._sheet.report(content.source_line, what, "Add 'z-index: -1' to the box.")

    def _running(self) -> None:
        """What is moved to the edge of the page must be printed there, on every page."""
        prints: dict[str, str] = {}
        for box, said in self._sheet.margin_boxes:
            for each in said:
                if box.startswith(" ") and each.lower_name == "content":
                    prints[box] = written(each.value)
        words = " ".join(prints.values())
        printed = {name for name in RUNNING if f"element({name})" in words}
        for rule in self._sheet.rules:
            for each in rule.declarations:
                value = written(each.value)
                if each.lower_name == "position" and value.startswith("running("):
                    name = value[8:-1]
                    if name in RUNNING and name not in printed:
                        what = f"'{quoted(each)}' takes words out of the page and nothing prints "
                        what += "them."
                        fix = f"Write 'content: element({name})' in a margin box of '@page'."
                        self._sheet.report(each.source_line, what, fix)
