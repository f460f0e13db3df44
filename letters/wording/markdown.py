"""Markdown as wordings use it: CommonMark and tables, with language spans. Text to a token tree.

What letters do not use (code, raw HTML, rules, images) is still recognised, so that it can be
refused rather than vanish. Reference links are not: their definitions would leave no trace.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from markdown_it import MarkdownIt
from markdown_it.rules_inline import StateInline
from markdown_it.tree import SyntaxTreeNode

LANGUAGE_TAG = re.compile(
    r"[A-Za-z]{2,3}(-[A-Za-z]{3}){0,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|\d{3}))?"
    r"(-([A-Za-z0-9]{5,8}|\d[A-Za-z0-9]{3}))*"
)
"""The language tags of BCP 47 (RFC 5646, section 2.1) without extensions and private use."""

_SPAN = re.compile(r"\[([^\[\]]+)\]\{([^{}\s]+)\}")

DEEPEST = 100
"""Nesting beyond which the parser drops text; far more than the levels letters may have."""


class _Parser(MarkdownIt):
    """Leaves link addresses as written; they are judged once their values are known."""

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


def _parser() -> MarkdownIt:
    parser = _Parser("commonmark", {"maxNesting": DEEPEST}).enable("table")
    # Without `text_join` an escaped `\*\*` stays apart from asterisks that were left over.
    parser.disable(["reference", "text_join"])
    parser.inline.ruler.before("link", "language", _language)
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
