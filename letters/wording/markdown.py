"""Markdown as wordings use it: CommonMark and tables, with language spans. Text to a token tree.

What letters do not use (code, raw HTML, rules, images) is still recognised, so that it can be
refused rather than vanish. Reference links are not: their definitions would leave no trace.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.rules_block.table import escapedSplit
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

LANGUAGE_TAG = re.compile(
    r"[A-Za-z]{2,3}(-[A-Za-z]{3}){0,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|\d{3}))?"
    r"(-([A-Za-z0-9]{5,8}|\d[A-Za-z0-9]{3}))*"
)
"""The language tags of BCP 47 (RFC 5646, section 2.1) without extensions and private use."""

_SPAN = re.compile(r"\[([^\[\]]+)\]\{([^{}\s]+)\}")

_BARE_ADDRESS = re.compile(
    r"(?:https?://|www\.|mailto:|(?<![\w.+-])[\w.+-]+@[\w-]+\."
    r"|(?<![a-z0-9.-])[a-z0-9-]+(?:\.[a-z0-9-]+)*\.[a-z]{2,}/)[^\s<>\[\]`]*",
    re.IGNORECASE,
)
"""An address of the web or of e-mail that is not marked as a link."""

_AFTER_ADDRESS = "?!.,:;*_~'\"’”)"
"""Signs that do not belong to an address which they end, but to its sentence or to Markdown."""

DEEPEST = 100
"""Nesting beyond which the parser drops text; far more than the levels letters may have."""


LONGEST = 10_000
"""Characters of a paragraph, heading or cell. Some marks take time with the square of their number;
1,600 words are no paragraph of a letter."""

DEEPEST_MARKS = 10
"""Marks inside one another, such as a bold word in a link."""

TOO_LONG, TOO_DEEP = "too_long", "too_deep"
"""The types of tokens that stand in the place of words over these bounds."""


class _Parser(MarkdownIt):
    """Leaves link addresses as written; they are looked at once their values are known."""

    def validateLink(self, url: str) -> bool:  # noqa: ARG002, N802
        """Every address passes."""
        return True

    def normalizeLink(self, url: str) -> str:  # noqa: N802
        """The address itself."""
        return url


def _language(state: StateInline, silent: bool) -> bool:
    """`[Heddlu Gwent]{cy}`: a span in another language."""
    match = _SPAN.match(state.src, state.pos, state.posMax)
    if not match or not LANGUAGE_TAG.fullmatch(match[2]):
        return False
    if not silent:
        end = state.posMax
        state.push("language_open", "span", 1).attrs = {"lang": match[2]}
        state.pos, state.posMax = match.start(1), match.end(1)
        state.md.inline.tokenize(state)
        state.posMax = end
        state.push("language_close", "span", -1)
    state.pos = match.end()
    return True


def _address(state: StateInline, silent: bool) -> bool:
    """`https://example.org/_report_/x`: the signs of a bare address are its own, as typed.

    An asterisk may also end what an earlier one began.
    """
    sign = state.src[state.pos]
    is_open = sign == "*" and any(each.marker == ord("*") for each in state.delimiters)
    if sign not in "_*~" or is_open:
        return False
    end = state.pos + state.scanDelims(state.pos, sign == "*").length
    if not any(first < state.pos and end < last for first, last in _addresses(state.src)):
        return False
    if not silent:
        # As escaped signs are: Markdown has no part in them, nor has what looks for its leftovers.
        state.push("text_special", "", 0).content = sign * (end - state.pos)
    state.pos = end
    return True


@lru_cache(8)  # asked again for each sign of a text
def _addresses(text: str) -> list[tuple[int, int]]:
    """Where the bare addresses of a text begin and end."""
    return [
        (match.start(), match.start() + len(match[0].rstrip(_AFTER_ADDRESS)))
        for match in _BARE_ADDRESS.finditer(text)
    ]


def _bound_length(state: StateCore) -> None:
    """Before the words of blocks are read: those that are too long are not."""
    for token in state.tokens:
        if token.type == "inline" and len(token.content) > LONGEST:
            _empty(token, TOO_LONG)


def _bound_depth(state: StateCore) -> None:
    """Once the words are read: marks that stand too deep in one another are left out."""
    for token in state.tokens:
        if max((child.level for child in token.children or ()), default=0) > DEEPEST_MARKS:
            _empty(token, TOO_DEEP)


def _empty(token: Token, kind: str) -> None:
    token.content, token.children = "", [Token(kind, "", 0)]


def _parser() -> MarkdownIt:
    parser = _Parser("commonmark", {"maxNesting": DEEPEST}).enable("table")
    # Without `text_join` an escaped `\*\*` stays apart from asterisks that were left over.
    parser.disable(["reference", "text_join"])
    parser.core.ruler.before("inline", "length", _bound_length)
    parser.core.ruler.after("inline", "depth", _bound_depth)
    parser.inline.ruler.before("link", "language", _language)
    parser.inline.ruler.before("emphasis", "address", _address)
    return parser


_PARSER = _parser()


@lru_cache(512)  # values are single signs here, so equal branches of a wording give equal text
def parsed(text: str) -> Sequence[SyntaxTreeNode]:
    """The top blocks of a Markdown text."""
    return SyntaxTreeNode(_PARSER.parse(text)).children


def normalized_link(address: str) -> str:
    """`address` as a URL: characters that URLs cannot hold are percent-encoded."""
    return _PLAIN.normalizeLink(address)


_PLAIN = MarkdownIt("commonmark")


_SIGN = "[\U000f0000-\U000fffff]"


class Trap(NamedTuple):
    """A trap on a line of a paragraph (from 0)."""

    line: int
    what: str
    fix: str


_UNDER_TEXT = re.compile(r"\s*(\d{1,9}[.)]|[-*+])(?:\s|$)")
_BY_PLACEHOLDER = re.compile(rf"\s*{_SIGN}+[.)]\s")

_DASHES = re.compile(r"\s*\|?\s*:?-+:?\s*(\|\s*:?-+:?\s*)+\|?\s*$|\s*\|\s*:?-+:?\s*\|\s*$")
"""The line under the head of a table, which makes the lines round it one."""

_LINES: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (
        re.compile(r"\s*#{1,6}[^#\s]"),
        "The line begins with '#' but is no heading.",
        r"Put a space after '#', or write '\#' if the sign is meant.",
    ),
    (
        re.compile(r"\s*\[[^\]]+\]:(\s|$)"),
        "Link addresses at the foot of a text are not used in wordings.",
        "Put the address behind the words: [words](https://…).",
    ),
    (
        re.compile(r"\s*\|.*\|\s*$"),
        "The line looks like a table's row but is in no table.",
        "Leave no empty line between rows, and put a row of dashes under the heading.",
    ),
)

_LEFTOVERS: tuple[tuple[re.Pattern[str], str, str], ...] = (
    (
        re.compile(r"\]\(|\]\s+\((?:https?|mailto|tel):"),
        "A link is not complete.",
        "Write [words](https://…), with no space before or inside the round brackets.",
    ),
    (
        re.compile(r"\]\{"),
        "The braces after ']' hold no language tag.",
        "Write a tag such as cy: [geiriau]{cy}.",
    ),
    (
        re.compile(r"\]\[|\[\^"),
        "Reference links and footnotes are not used in wordings.",
        "Put the address behind the words: [words](https://…).",
    ),
    (
        re.compile(r"\*\*"),
        "'**' is in the text and makes nothing bold.",
        r"Put no space inside the asterisks: **bold**; or write '\*\*'.",
    ),
    (
        re.compile(r"~~"),
        "'~~' is in the text; letters cross nothing out.",
        r"Delete it, or write '\~\~'.",
    ),
)


def line_traps(source: str) -> Iterator[Trap]:
    """Traps in the lines of a paragraph's source."""
    rows = source.split("\n")
    if broken := _broken_table(rows):
        yield broken
        return
    for number, row in enumerate(rows):
        if number == 0 and _BY_PLACEHOLDER.match(row):
            yield _by_placeholder()
        found = _UNDER_TEXT.match(row)
        if number and found:
            yield _under_text(number, found[1])
        for pattern, what, fix in _LINES:
            if pattern.match(row):
                yield Trap(number, what, fix)
                break


def misnumbered(node: SyntaxTreeNode) -> Iterator[Trap]:
    """Items of a list that would be printed with another number than is typed before them.

    Markdown counts from the first and takes no notice of the others. A list whose items all have
    the first one's number leaves the counting to the tool.
    """
    if node.type != "ordered_list":
        return
    typed = [int(item.info) for item in node.children]
    if len(set(typed)) == 1:
        return
    for n, (item, number) in enumerate(zip(node.children, typed, strict=True)):
        if number != typed[0] + n:
            yield Trap(
                (item.map or (0, 0))[0] - (node.map or (0, 0))[0],
                f"'{number}.' would be printed as number {typed[0] + n} of its list.",
                "Number the items one after another, or write the first number before each item:"
                " they are counted then. A line of text between two items begins a new list.",
            )
            return


def leftovers(text: str) -> Iterator[tuple[str, str]]:
    """Marks of Markdown that were left in the printed text."""
    for pattern, what, fix in _LEFTOVERS:
        if pattern.search(text):
            yield what, fix


def _broken_table(rows: Sequence[str]) -> Trap | None:
    """A heading and its row of dashes that do not match make no table, nor do the rows below."""
    for number, row in enumerate(rows):
        if number and _DASHES.match(row):
            what = "The row of dashes makes no table of the line above it."
            return Trap(number, what, "Give both rows the same number of columns.")
    return None


def _by_placeholder() -> Trap:
    what = "A placeholder cannot number a list."
    return Trap(0, what, r"Write the number itself, such as '1.', or '\.' if no list is meant.")


def _under_text(number: int, label: str) -> Trap:
    what = f"The line begins with '{label}' under a line of text and makes no list."
    fix = "Put an empty line before it, or join it to the line above."
    return Trap(number, what, fix)


def cells_of(source: str) -> list[str]:
    """The cells of a row of a table, as written."""
    cells: list[str] = escapedSplit(source)
    if cells and not cells[0]:
        cells = cells[1:]
    if cells and not cells[-1]:
        cells = cells[:-1]
    return cells
