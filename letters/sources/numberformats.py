"""A number and its format to what Excel shows (ECMA-376 part 1, 18.8.31), in English Excel.

Formats that write plain figures are followed: places, grouping, scale, signs, currencies and words
round the figures. What a fraction, a power of ten or a condition shows is not known here.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Context, Decimal
from functools import lru_cache

GENERAL = "General"
UNKNOWN = "[not written out]"
"""The format of a cell whose workbook does not say which it is."""

_FIGURES = {0: GENERAL, 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%"}
_OTHERS = {11: "0.00E+00", 12: "# ?/?", 13: "# ??/??", 48: "##0.0E+0", 49: "@"}
_DAYS = {14: "dd/mm/yyyy", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 22: "dd/mm/yyyy h:mm"}
_TIMES = {18: "h:mm AM/PM", 19: "h:mm:ss AM/PM", 20: "h:mm", 21: "h:mm:ss"}
_SPANS = {45: "mm:ss", 46: "[h]:mm:ss", 47: "mmss.0"}
_EAST_ASIAN_DAYS = dict.fromkeys((*range(27, 37), *range(50, 59)), "yyyy-mm-dd")
_BRACKETED = {
    37: "#,##0_);(#,##0)",
    38: "#,##0_);[Red](#,##0)",
    39: "#,##0.00_);(#,##0.00)",
    40: "#,##0.00_);[Red](#,##0.00)",
    41: '_(* #,##0_);_(* (#,##0);_(* "-"_);_(@_)',
    43: '_(* #,##0.00_);_(* (#,##0.00);_(* "-"??_);_(@_)',
}
BUILT_IN: Mapping[int, str] = (
    _FIGURES | _OTHERS | _DAYS | _TIMES | _SPANS | _EAST_ASIAN_DAYS | _BRACKETED
)
"""Formats that a workbook names by number alone (18.8.30).

Those with the machine's own currency (5 to 8, 42, 44) are left out: which sign Excel shows is known
only where the workbook writes the format out, as Excel does.
"""

_SILENT = r'"[^"]*"|\\.|_.|\*.|\[[^\]]*\]'
_PIECE = re.compile(rf"{_SILENT}|.", re.DOTALL)
_TOKEN = re.compile(
    r"\"(?P<quoted>[^\"]*)\"|\\(?P<escaped>.)|(?P<space>_.)|(?P<fill>\*.)"
    r"|\[\$(?P<currency>[^\]-]*)(?:-[^\]]*)?\]"
    r"|(?P<colour>\[(?:Black|Blue|Cyan|Green|Magenta|Red|White|Yellow|Color ?\d+)\])"
    r"|(?P<general>General)|(?P<figures>[0#?][0#?,]*(?:\.[0#?]*)?,*|\.[0#?]+,*)"
    r"|(?P<sign>[-%+$€£¥() :!^&'~{}<>=])",
    re.IGNORECASE | re.DOTALL,
)
"""The pieces of a number format (ECMA-376, 18.8.31)."""
_SPAN = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)
_TIMED = re.compile(rf"[dmyhs]|{_SPAN.pattern}", re.IGNORECASE)
_EXACTLY = Context(prec=700)  # the largest number of Excel has 309 figures


@dataclass(frozen=True, slots=True)
class ShownNumber:
    """How a cell shows a number: its format, and the text in it, empty where that is unknown.

    `number` are the figures as they read, `12.50` or `45%`, without grouping and currency.
    `is_exact` says that they are the number the cell holds: nothing is rounded, scaled, or told by
    letters or figures that belong to the format.
    """

    format: str
    text: str = ""
    number: str = ""
    is_exact: bool = False


@lru_cache(512)
def is_timed(code: str) -> bool:
    """Whether a format shows a number as a day, a time or a span of time."""
    return any(map(_TIMED.fullmatch, _PIECE.findall(_sections(code)[0])))


def is_span(code: str) -> bool:
    """Whether a format shows a number as a span, such as 26:30 hours."""
    return any(map(_SPAN.fullmatch, _PIECE.findall(code)))


@lru_cache(4096)
def shown(held: Decimal, code: str) -> ShownNumber:
    """What Excel shows of the number `held` in the format `code`."""
    section, has_minus = _section(held, _sections(code))
    tokens = _tokens(section)
    kinds = [kind for kind, _ in tokens or ()]
    percents = sum(token == ("sign", "%") for token in tokens or ())
    if tokens is None or percents > 1 or kinds.count("figures") + kinds.count("general") > 1:
        return ShownNumber(code)
    value = abs(held).scaleb(2 * percents, _EXACTLY)
    before, text, number, after = _parts(tokens, value)
    is_negative = has_minus or bool(set("-−(") & set(before))
    number = f"{'-' if is_negative and Decimal(number) else ''}{number}"
    is_exact = Decimal(number) == held.scaleb(2 * percents, _EXACTLY) and not _tells(tokens)
    text = " ".join(f"{'-' if has_minus else ''}{before}{text}{after}".split())
    return ShownNumber(code, text, number + "%" * percents, is_exact)


def _sections(code: str) -> Sequence[str]:
    """The parts of a format that semicolons separate, without that for text."""
    found = [""]
    for piece in _PIECE.findall(code):
        if piece == ";":
            found.append("")
        else:
            found[-1] += piece
    if "@" in found[-1]:
        found.pop()
    return found or (GENERAL,)


def _section(held: Decimal, sections: Sequence[str]) -> tuple[str, bool]:
    """The part that shows `held`, and whether Excel puts a minus before it."""
    if held < 0 and len(sections) > 1:
        return sections[1], False
    if held == 0 and len(sections) > 2:
        return sections[2], False
    return sections[0], held < 0


def _tokens(section: str) -> Sequence[tuple[str, str]] | None:
    """The kind and text of each sign of a section; None where one is not followed here."""
    found, end = [], 0
    while end < len(section):
        match = _TOKEN.match(section, end)
        if not match:
            return None
        kind = str(match.lastgroup)
        found.append((kind, match[kind]))
        end = match.end()
    return found


def _parts(tokens: Sequence[tuple[str, str]], value: Decimal) -> tuple[str, str, str, str]:
    """What is before the figures, the figures as shown and as a number, what is after."""
    before, text, number, after = "", "", "0", ""
    has_figures = False
    for kind, written in tokens:
        if kind in ("figures", "general"):
            has_figures = True
            text, number = (f"{value:f}",) * 2 if kind == "general" else _figures(value, written)
        elif has_figures:
            after += _literal(kind, written)
        else:
            before += _literal(kind, written)
    return before, text, number, after


def _literal(kind: str, written: str) -> str:
    if kind == "space":  # as wide as the sign that follows
        return " "
    return "" if kind in ("fill", "colour") else written


def _tells(tokens: Sequence[tuple[str, str]]) -> bool:
    """Whether letters or figures of the format's own, but for a currency, stand by the number."""
    literals = (written for kind, written in tokens if kind in ("quoted", "escaped"))
    return any(sign.isalnum() for written in literals for sign in written)


def _figures(value: Decimal, pattern: str) -> tuple[str, str]:
    """The figures of `value` in a pattern such as `#,##0.00`, as shown and as a number."""
    whole, point, decimals = pattern.partition(".")
    thousands = sum(len(part) - len(part.rstrip(",")) for part in (whole, decimals))
    whole, decimals = whole.rstrip(","), decimals.rstrip(",")
    scaled = value.scaleb(-3 * thousands, _EXACTLY)
    step = Decimal(1).scaleb(-len(decimals))
    rounded = scaled.quantize(step, ROUND_HALF_UP, _EXACTLY)
    integer, _, places = f"{rounded:f}".partition(".")
    places = "".join(_kept(places, decimals))
    slots = whole.replace(",", "")
    least = len(slots) - slots.find("0") if "0" in slots else 0
    integer = integer.lstrip("0").zfill(least)
    number = (integer or "0") + (f".{places}" if places else "")
    if "," in whole:
        integer = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ",", integer)
    return f"{integer}{point}{places}", number


def _kept(places: str, decimals: str) -> Iterator[str]:
    """The decimals that show: noughts at the end only where the pattern has `0`."""
    for n, figure in enumerate(places):
        if places[n:].strip("0") or "0" in decimals[n:]:
            yield figure
