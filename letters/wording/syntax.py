"""Jinja's complaints about a template, in the words of somebody who writes letters."""

from __future__ import annotations

import re
from dataclasses import replace

from jinja2 import TemplateSyntaxError

from letters.errors import Place, Problem, nearest

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
        "'{got}' stands where '{want}' belongs.",
        _WHERE,
    ),
    (
        r"expected token '(?P<want>.+)', got '(?P<got>.+)'",
        "'{got}' stands where '{want}' belongs.",
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
        return f"{{% {tag} %}} stands here, {why}.", "Delete it, or write the tag it belongs to."
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
