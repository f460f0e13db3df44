"""A layout's stylesheet: what it loads, what in it cannot be kept, and its text with addresses."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import tinycss2
from tinycss2.ast import Declaration, FunctionBlock, Node, URLToken
from tinycss2.serializer import serialize_string_value

from letters.errors import Place, Problem
from letters.pictures import Picture
from letters.render.allowed.appearance import page_problems
from letters.render.allowed.fonts import font_faults
from letters.render.allowed.rules import ReadSheet, read_sheet
from letters.render.allowed.special import family_names
from letters.render.assets import Assets, addresses, every_node, keep_proportions, text_arguments
from letters.sources.tables import unseen_problems

HOUSE_FONTS = {"arial", "arimo", "helvetica", "liberation sans"}
"""Names under which the PDF finds the built-in font, which has Arial's metrics."""

GENERIC_FONTS = {"sans-serif", "inherit", "initial", "unset"}


@dataclass(frozen=True, slots=True)
class Stylesheet:
    """CSS as it is in `file` (relative to the project)."""

    file: str
    text: str

    def problems(self, assets: Assets, *, printed: bool) -> Iterator[Problem]:
        """Everything in the stylesheet that a letter could not keep, in order of lines.

        `printed` is for the stylesheet of the PDF, whose fonts must be at hand.
        """
        if "</" in self.text:
            yield self._problem(self._line("</"), "The stylesheet holds '</'.", "Take it out.")
        yield from unseen_problems(self.file, self.text)
        sheet = read_sheet(self.file, self.text)
        yield from sheet.problems
        if not sheet.is_whole:
            return
        nodes = list(every_node(tinycss2.parse_stylesheet(self.text)))
        for node in nodes:
            yield from self._of_the_machine(node)
        for address, line in addresses(nodes):
            if address.lower().startswith("data:") and (address, line) in sheet.fonts:
                continue  # read_sheet has refused it, and it is no picture
            if found := assets.problem(address, Place(self.file, line)):
                yield found
        yield from self._font_problems(sheet, assets)
        if printed:
            yield from self._unprintable(nodes, sheet.families)

    def page_problems(self, page: str) -> tuple[Problem, ...]:
        """What the rules do to words on `page`, which holds everything a letter can.

        Ask once `problems` has found nothing.
        """
        return page_problems(self.file, self.text, page)

    def with_addresses(
        self,
        address: Callable[[str], str],
        picture: Callable[[str], Picture | None] = lambda _: None,
    ) -> str:
        """The stylesheet with each address of a file replaced, and each `picture` in proportion."""
        rules = tinycss2.parse_stylesheet(self.text)
        keep_proportions(rules, picture)
        for node in every_node(rules):
            _readdress(node, address)
        return str(tinycss2.serialize(rules))

    def _line(self, text: str) -> int:
        return self.text[: self.text.index(text)].count("\n") + 1

    def _problem(self, line: int, what: str, fix: str) -> Problem:
        return Problem(Place(self.file, line), what, fix)

    def _of_the_machine(self, node: Node) -> Iterator[Problem]:
        if isinstance(node, FunctionBlock) and node.lower_name == "local":
            what = "'local()' takes a font from the machine, so letters differ from one to another."
            fix = "Copy the font file to the layout’s folder and name it with 'url()'."
            yield self._problem(node.source_line, what, fix)

    def _font_problems(self, sheet: ReadSheet, assets: Assets) -> Iterator[Problem]:
        """Fonts of the layout that draw letters as others."""
        for address, line in sheet.fonts:
            place = Place(self.file, line)
            if address.startswith("data:") or assets.problem(address, place):
                continue
            for fault in font_faults(assets.read(address)):
                what = f"'{address}': {fault}"
                yield Problem(place, what, "Use a font that draws each letter as itself.")

    def _unprintable(self, nodes: list[Node], families: set[str]) -> Iterator[Problem]:
        known = HOUSE_FONTS | GENERIC_FONTS | families
        for declaration in _declarations(nodes):
            names = family_names(declaration.value)
            if declaration.lower_name == "font-family" and known.isdisjoint(
                name.lower() for name in names
            ):
                what = f"The PDF has no font '{names[0]}'."
                fix = "Use Arial, or add the font’s file to the layout with '@font-face'."
                yield self._problem(declaration.source_line, what, fix)


def _readdress(node: Node, address: Callable[[str], str]) -> None:
    if isinstance(node, URLToken):
        node.representation = f"url({_string(address(node.value))})"
    for text in text_arguments(node):
        text.representation = _string(address(text.value))


def _string(text: str) -> str:
    """A text in quotes, so that nothing in an address ends it."""
    return f'"{serialize_string_value(text)}"'


def _declarations(nodes: list[Node]) -> Iterator[Declaration]:
    """The declarations of every block."""
    for node in nodes:
        if node.type in ("qualified-rule", "at-rule", "{} block"):
            parts = tinycss2.parse_blocks_contents(node.content or [])
            yield from (part for part in parts if isinstance(part, Declaration))
