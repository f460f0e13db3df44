"""Values of style sheets: what fits where, and how that is said to the person who wrote them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import tinycss2
from tinycss2.ast import FunctionBlock, HashToken, IdentToken, Node, URLToken
from tinycss2.color4 import Color, parse_color

from letters.render.allowed.selectors import Selector

Rgb = tuple[float, float, float]
Rgba = tuple[float, float, float, float]

PX = {
    "px": 1, "pt": 4 / 3, "mm": 96 / 25.4, "cm": 96 / 2.54, "in": 96, "pc": 16, "q": 96 / 101.6,
    "em": 16, "rem": 16, "ex": 8, "ch": 9,
}  # fmt: skip
"""Pixels in a unit (CSS Values 4, 5.2); what follows the font is taken at its usual size."""

OF_THE_FONT = frozenset({"em", "ex", "ch"})
"""Units that grow small without an end where elements are inside one another."""


@dataclass(frozen=True, slots=True)
class DeclarationContext:
    """Where a declaration stands: in a rule for elements, in `@page`, or in a margin box."""

    selector: Selector | None = None
    box: str = ""
    """The margin box (`top-center`), or 'page', or '' in a rule."""

    def on(self, *classes: str) -> bool:
        """Whether it is for elements of one of `classes` alone."""
        return self.selector is not None and self.selector.on(*classes)


Fits = Callable[[Sequence[Node], DeclarationContext], bool]


@dataclass(frozen=True, slots=True)
class Values:
    """Some values: the test, and the words for documentation and messages."""

    said: str
    fits: Fits


def significant(tokens: Sequence[Node]) -> list[Node]:
    """The tokens of a value without spaces and comments."""
    return [token for token in tokens if token.type not in ("whitespace", "comment")]


def written(tokens: Sequence[Node]) -> str:
    """A value in one line, single spaces between its parts."""
    return " ".join(str(tinycss2.serialize(tokens)).split())


def word(token: Node) -> str:
    """The keyword, in lower case; '' for what is none."""
    return str(token.lower_value) if isinstance(token, IdentToken) else ""


def length(token: Node) -> float | None:
    """A length in pixels; None for what is none, and for `vw`, `calc()` and their like."""
    if token.type == "number" and token.value == 0:
        return 0.0
    if token.type == "dimension" and token.lower_unit in PX:
        return float(token.value) * PX[token.lower_unit]
    return None


def has_address(token: Node) -> bool:
    """Whether it names a file: `url(…)`, in quotes or not."""
    is_function = isinstance(token, FunctionBlock) and token.lower_name == "url"
    return isinstance(token, URLToken) or is_function


def share(token: Node) -> float | None:
    """A percentage, or None."""
    return float(token.value) if token.type == "percentage" else None


def colour(token: Node) -> Rgba | None:
    """A colour whose red, green and blue are known (0 to 1, and how opaque), or None."""
    is_function = isinstance(token, FunctionBlock) and token.lower_name in _COLOUR_FUNCTIONS
    if not (is_function or isinstance(token, HashToken | IdentToken)):
        return None
    return _colour(str(token.serialize()))


@lru_cache(maxsize=1000)
def _colour(text: str) -> Rgba | None:
    found = parse_color(text)
    if not isinstance(found, Color):
        return None
    red, green, blue, alpha = (min(1.0, max(0.0, part or 0.0)) for part in found.to("srgb"))
    return red, green, blue, alpha


_COLOUR_FUNCTIONS = ("rgb", "rgba", "hsl", "hsla")


def sides(tokens: Sequence[Node]) -> tuple[float, float, float, float]:
    """Top, right, bottom and left of a shorthand, in pixels; 0 for what is no length."""
    four = [length(token) or 0.0 for token in tokens[:4]] or [0.0]
    top, right = four[0], four[min(1, len(four) - 1)]
    return top, right, four[2] if len(four) > 2 else top, four[3] if len(four) > 3 else right


def bounds(low: float, high: float) -> str:
    """Two lengths as words."""
    return f"a length from {low:g}px to {high:g}px"


# Values, from the plain to the composed.


def keywords(*allowed: str, count: int = 1) -> Values:
    """One keyword (or up to `count`) of those."""

    def fits(tokens: Sequence[Node], _: DeclarationContext) -> bool:
        return 1 <= len(tokens) <= count and all(word(token) in allowed for token in tokens)

    return Values(", ".join(f"`{each}`" for each in allowed), fits)


def lengths(
    low: float,
    high: float,
    *words: str,
    percent: tuple[float, float] | None = None,
    count: int = 1,
    without: frozenset[str] = frozenset(),
) -> Values:
    """A length (or up to `count`) in pixels from `low` to `high`, a share, or a keyword."""

    def one(token: Node) -> bool:
        px, part = length(token), share(token)
        if px is not None:
            return low <= px <= high and getattr(token, "lower_unit", "") not in without
        if part is not None:
            return percent is not None and percent[0] <= part <= percent[1]
        return word(token) in words

    def fits(tokens: Sequence[Node], _: DeclarationContext) -> bool:
        return 1 <= len(tokens) <= count and all(map(one, tokens))

    said = [bounds(low, high)] if high else ["`0`"]
    if percent:
        low_, high_ = percent
        said.append(f"{low_:g}%" if low_ == high_ else f"{low_:g}% to {high_:g}%")
    if without:
        said[0] += f" (not in {', '.join(sorted(without))})"
    return Values(", ".join([*said, *(f"`{each}`" for each in words)]), fits)


def numbers(low: float, high: float, *words: str) -> Values:
    """A number from `low` to `high`, or a keyword."""

    def fits(tokens: Sequence[Node], _: DeclarationContext) -> bool:
        if len(tokens) != 1:
            return False
        (token,) = tokens
        return word(token) in words or (token.type == "number" and low <= token.value <= high)

    said = f"a number from {low:g} to {high:g}"
    return Values(", ".join([said, *(f"`{each}`" for each in words)]), fits)


def texts(*allowed: str) -> Values:
    """Exactly one of these texts, however it is spaced."""
    known = {each.replace(" ", "").lower() for each in allowed}

    def fits(tokens: Sequence[Node], _: DeclarationContext) -> bool:
        return written(tokens).replace(" ", "").lower() in known

    return Values(", ".join(f"`{each}`" for each in allowed), fits)


def colours(*words: str, opaque: bool = False) -> Values:
    """One colour in #hex, rgb(), hsl() or by its name, or a keyword."""

    def fits(tokens: Sequence[Node], _: DeclarationContext) -> bool:
        if len(tokens) != 1:
            return False
        found = colour(tokens[0])
        return word(tokens[0]) in words or (found is not None and (not opaque or found[3] == 1))

    said = "an opaque colour" if opaque else "a colour"
    said += " (`#rrggbb`, `rgb()`, `hsl()`, a name, `var()`)"
    return Values(", ".join([said, *(f"`{each}`" for each in words)]), fits)


STYLES = ("none", "solid", "dotted", "dashed", "double", "hidden", "inset", "outset", "ridge")


def edges(widest: float, *words: str, count: int = 3) -> Values:
    """The width, style and colour of a line up to `widest` pixels."""

    def one(token: Node) -> bool:
        px = length(token)
        if px is not None:
            return 0 <= px <= widest
        return word(token) in (*STYLES, *words, "thin", "medium", "thick") or bool(colour(token))

    def fits(tokens: Sequence[Node], _: DeclarationContext) -> bool:
        return 1 <= len(tokens) <= count and all(map(one, tokens))

    return Values(f"a width up to {widest:g}px, a style, a colour", fits)


def only(condition: Callable[[DeclarationContext], bool], whose: str, values: Values) -> Values:
    """Those values, where `condition` holds."""
    return Values(
        f"{values.said} ({whose})",
        lambda tokens, where: condition(where) and values.fits(tokens, where),
    )


def either(*choices: Values) -> Values:
    """Any of several."""
    return Values(
        "; ".join(choice.said for choice in choices),
        lambda tokens, where: any(choice.fits(tokens, where) for choice in choices),
    )
