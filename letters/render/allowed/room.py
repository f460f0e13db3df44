"""Room for words: boxes that would cover other words, or push words off the page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from tinycss2.ast import Declaration, Node

from letters.errors import Place, Problem
from letters.render.allowed.cascade import Applied, Element, State, moments, winners
from letters.render.allowed.rules import Sheet, quoted
from letters.render.allowed.special import INLINE_EDGE
from letters.render.allowed.values import colour, has_address, length, share, word

MOST_SIDEWAYS = 300
"""Pixels of margins and paddings, left and right, of an element and all that it stands in."""

PAGE_WIDTH = 605.0
"""Pixels between the margins of a letter's page, for lengths that are a share of it."""

INLINE = (
    "a", "abbr", "b", "cite", "code", "em", "i", "mark", "small", "span", "strong", "sub", "sup",
    "time",
)  # fmt: skip
"""Elements inside lines, unless a sheet says otherwise."""


def room_problems(sheet: Sheet, elements: Sequence[Element]) -> list[Problem]:
    """Every box of a page that takes the room of other words, each declaration once."""
    found: dict[int, Problem] = {}
    times = moments(elements)
    beside: dict[Element, _Beside] = {}
    for element in elements:
        for declaration, what, fix in (
            *_inline(element),
            *_label_lost(element),
            *_sideways(element, beside),
            *_picture(element),
            *_drawn_up(element, elements, times),
        ):
            place = Place(sheet.file, declaration.source_line)
            found.setdefault(declaration.source_line, Problem(place, what, fix))
    return [*found.values()]


Finding = tuple[Declaration, str, str]


def _declared(element: Element, name: str) -> Iterator[tuple[Sequence[Node], Declaration]]:
    """Whatever any rule that may apply says about a property."""
    for each in element.applied:
        if name in each.said:
            yield each.said[name]


def _inline(element: Element) -> Iterator[Finding]:
    """Inside a line, the box of a few words is drawn over the lines above and below."""
    said = {word(token) for tokens, _ in _declared(element, "display") for token in tokens}
    if element.tag not in INLINE and "inline" not in said:
        return
    fix = f"Keep it up to {INLINE_EDGE:g}px above and below, or set 'display: block'."
    for name in ("padding-top", "padding-bottom", *_EDGES):
        for tokens, declaration in _declared(element, name):
            if any((length(token) or 0) > INLINE_EDGE for token in tokens) or (
                name in _EDGES and not {"medium", "thick"}.isdisjoint(map(word, tokens))
            ):
                what = f"'{quoted(declaration)}' on words inside a line ('{element.name}') can "
                yield declaration, what + "cover the lines above and below.", fix


_EDGES = tuple(f"border{side}{what}" for side in ("", "-top", "-bottom") for what in ("", "-width"))


def _label_lost(element: Element) -> Iterator[Finding]:
    """An item of a list has its label only as what it is."""
    for tokens, declaration in _declared(element, "display") if element.tag == "li" else ():
        if [word(token) for token in tokens] != ["list-item"]:
            what = f"'{quoted(declaration)}' takes the labels of list items away."
            yield declaration, what, "Leave 'display' of 'li' as it is."


def _sideways(element: Element, known: dict[Element, _Beside]) -> Iterator[Finding]:
    """Margins and paddings add up where elements stand in one another."""
    above = known[element.parent] if element.parent else (0.0, 0.0, None)
    total, widest, by = above
    for name in ("margin-left", "margin-right", "padding-left", "padding-right"):
        most, said_by = 0.0, None
        for tokens, declaration in _declared(element, name):
            if (wide := _wide(tokens[0])) > most:
                most, said_by = wide, declaration
        total += most
        if most > widest:
            widest, by = most, said_by
    known[element] = total, widest, by
    if total > MOST_SIDEWAYS and by is not None:
        what = f"Margins and paddings beside '{element.name}' and round it come to {total:.0f}px, "
        what += "which can push words off the page."
        yield by, what, f"Keep them up to {MOST_SIDEWAYS}px together."


_Beside = tuple[float, float, Declaration | None]
"""Pixels beside an element in all, the widest piece of them, and the declaration of that."""


def _wide(token: Node) -> float:
    part = share(token)
    return length(token) or 0.0 if part is None else part / 100 * PAGE_WIDTH


def _picture(element: Element) -> Iterator[Finding]:
    """A picture behind the letterhead must lie in the room that the words leave it."""
    for tokens, declaration in _declared(element, "background"):
        if not any(map(has_address, tokens)):
            continue
        left, _, width = [px for px in map(length, tokens) if px is not None][:3]
        room = [_wide(said[0]) for said, _ in _declared(element, "padding-left")]
        if not room or left + width > min(room):
            what = f"'{quoted(declaration)}' can lie behind words and hide them."
            fix = "Give '.letterhead' a 'padding-left' of the picture’s width, everywhere."
            yield declaration, what, fix


def _drawn_up(
    element: Element, elements: Sequence[Element], times: Sequence[State]
) -> Iterator[Finding]:
    """What is drawn up must find that much space below the element before it."""
    for each in element.applied:
        tokens, declaration = each.said.get("margin-top", ((), None))
        up = -(length(tokens[0]) or 0.0) if tokens else 0.0
        if up <= 0 or declaration is None or not each.selector.follows:
            continue
        space = _space_below(each, elements, times)
        if space < up:
            what = f"'{quoted(declaration)}' can draw words over the words before them."
            yield declaration, what, f"Do not draw them up by more than {space:.3g}px."
        for said, by in _declared(element, "background-color") if _is_laid_over(element) else ():
            if (found := colour(said[0])) is None or found[3]:
                what = f"'{quoted(by)}' can cover the words before '{element.name}', which is "
                yield by, what + "drawn up to them.", "Take the background out."


def _is_laid_over(element: Element) -> bool:
    """Whether its ground is painted over words that come before it (CSS 2.2, appendix E)."""
    own = {
        word(each)
        for name in ("display", "position")
        for s, _ in _declared(element, name)
        for each in s
    }
    outer = element.parent
    around = {word(each) for s, _ in _declared(outer, "display") for each in s} if outer else set()
    boxes = {"grid", "flex"}
    return bool(own & {"relative", "inline-block", *boxes} or around & boxes)


def _space_below(applied: Applied, elements: Sequence[Element], times: Sequence[State]) -> float:
    """The least margin below the elements that stand before those of a rule."""
    before = applied.selector.follows
    if before is None:
        return 0.0
    classes, tag = before.steps[-1].classes, before.tag
    spaces: list[float] = []
    for element in elements:
        if classes <= element.classes and tag in ("", element.tag):
            said = [winners(element, time).get("margin-bottom") for time in times]
            said += [a.said.get("margin-bottom") for a in element.applied if not a.is_certain]
            spaces += [length(each[0][0]) or 0.0 if each else 0.0 for each in said[: len(times)]]
            spaces += [length(each[0][0]) or 0.0 for each in said[len(times) :] if each]
    return min(spaces, default=0.0)
