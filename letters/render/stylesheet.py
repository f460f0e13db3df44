"""A layout's stylesheet: what it loads, what in it cannot be kept, and its text with addresses."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import tinycss2
from tinycss2.ast import AtRule, Declaration, FunctionBlock, Node, ParseError, StringToken, URLToken

from letters.errors import Place, Problem
from letters.render.assets import Assets

LOADING = {"url", "src", "image", "image-set", "-webkit-image-set"}
"""Functions whose text arguments are addresses of files."""

HOUSE_FONTS = {"arial", "arimo", "helvetica", "liberation sans"}
"""Names under which the PDF finds the built-in font, which has Arial's metrics."""

GENERIC_FONTS = {"sans-serif", "inherit", "initial", "unset"}


@dataclass(frozen=True, slots=True)
class Stylesheet:
    """CSS as it stands in `file` (relative to the project)."""

    file: str
    text: str

    def problems(self, assets: Assets, *, printed: bool) -> Iterator[Problem]:
        """Everything in the stylesheet that a letter could not keep, in order of lines.

        `printed` is for the stylesheet of the PDF, whose fonts must be at hand and whose text must
        not be see-through (PDF/A and assistive technology lose it).
        """
        nodes = list(_walk(tinycss2.parse_stylesheet(self.text)))
        if "</" in self.text:
            yield self._problem(self._line("</"), "The stylesheet holds '</'.", "Take it out.")
        for node in (*nodes, *_parts(nodes)):
            yield from self._unreadable(node)
        for address, line in _addresses(nodes):
            if found := assets.problem(address, Place(self.file, line)):
                yield found
        if printed:
            yield from self._unprintable(nodes)

    def with_addresses(self, address: Callable[[str], str]) -> str:
        """The stylesheet with each address of a file replaced."""
        rules = tinycss2.parse_stylesheet(self.text)
        for node in _walk(rules):
            _readdress(node, address)
        return str(tinycss2.serialize(rules))

    def _line(self, text: str) -> int:
        return self.text[: self.text.index(text)].count("\n") + 1

    def _problem(self, line: int, what: str, fix: str) -> Problem:
        return Problem(Place(self.file, line), what, fix)

    def _unreadable(self, node: Node) -> Iterator[Problem]:
        if isinstance(node, ParseError):
            what = "The stylesheet cannot be read here."
            fix = "Look for a missing colon, semicolon, quote, bracket or brace."
            yield self._problem(node.source_line, what, fix)
        elif isinstance(node, AtRule) and node.lower_at_keyword == "import":
            what, fix = "'@import' loads another stylesheet.", "Write its rules into this file."
            yield self._problem(node.source_line, what, fix)
        elif isinstance(node, FunctionBlock) and node.lower_name == "local":
            what = "'local()' takes a font from the machine, so letters differ from one to another."
            fix = "Copy the font file to the layout’s folder and name it with 'url()'."
            yield self._problem(node.source_line, what, fix)

    def _unprintable(self, nodes: list[Node]) -> Iterator[Problem]:
        known = HOUSE_FONTS | GENERIC_FONTS | set(_own_fonts(nodes))
        for declaration in _declarations(nodes):
            line = declaration.source_line
            if declaration.lower_name == "opacity":
                what = "'opacity' makes text that an accessible PDF cannot keep."
                yield self._problem(line, what, "Use a lighter colour instead.")
            elif declaration.lower_name in ("font", "font-family"):
                names = _family_names(declaration)
                if names and known.isdisjoint(name.lower() for name in names):
                    what = f"The PDF has no font '{names[0]}'."
                    fix = "Use Arial, or add the font’s file to the layout with '@font-face'."
                    yield self._problem(line, what, fix)


def _walk(nodes: list[Node]) -> Iterator[Node]:
    """Every node, from the outside in."""
    for node in nodes:
        yield node
        for part in ("prelude", "content", "arguments"):
            yield from _walk(getattr(node, part, None) or [])


def _addresses(nodes: list[Node]) -> Iterator[tuple[str, int]]:
    for node in nodes:
        if isinstance(node, URLToken):
            yield node.value, node.source_line
        for text in _text_arguments(node):
            yield text.value, text.source_line


def _text_arguments(node: Node) -> list[StringToken]:
    if isinstance(node, FunctionBlock) and node.lower_name in LOADING:
        return [part for part in node.arguments if isinstance(part, StringToken)]
    return []


def _readdress(node: Node, address: Callable[[str], str]) -> None:
    if isinstance(node, URLToken):
        node.representation = f'url("{address(node.value)}")'
    for text in _text_arguments(node):
        text.representation = f'"{address(text.value)}"'


def _parts(nodes: list[Node]) -> Iterator[Node]:
    """What stands in every block: declarations, and what cannot be read as such."""
    for node in nodes:
        if node.type in ("qualified-rule", "at-rule", "{} block"):
            parts = tinycss2.parse_blocks_contents(node.content or [])
            yield from (part for part in parts if isinstance(part, Declaration | ParseError))


def _declarations(nodes: list[Node]) -> Iterator[Declaration]:
    return (part for part in _parts(nodes) if isinstance(part, Declaration))


def _own_fonts(nodes: list[Node]) -> Iterator[str]:
    """Names of the fonts the stylesheet brings along with `@font-face`."""
    for node in nodes:
        if isinstance(node, AtRule) and node.lower_at_keyword == "font-face":
            for declaration in _declarations([node]):
                if declaration.lower_name == "font-family":
                    yield from (name.lower() for name in _family_names(declaration))


def _family_names(declaration: Declaration) -> list[str]:
    """The families a `font` or `font-family` names, in order."""
    tokens = declaration.value
    if declaration.lower_name == "font":
        sizes = [n for n, t in enumerate(tokens) if t.type in ("dimension", "percentage", "number")]
        tokens = tokens[sizes[-1] + 1 :] if sizes else []
    families = [""]
    for token in tokens:
        if token.type == "literal" and token.value == ",":
            families.append("")
        elif token.type in ("ident", "string"):
            families[-1] += f" {token.value}"
    return [name.strip() for name in families if name.strip()]
