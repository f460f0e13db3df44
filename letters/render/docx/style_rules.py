"""The styles and numbering that a Word layout must offer, and what is wrong where it does not."""

from __future__ import annotations

from collections.abc import Iterator

from letters.errors import Place, Problem, did_you_mean
from letters.render.docx.names import value
from letters.render.docx.stylesheet import LIST_LEVELS, REQUIRED, StyleSheet


def style_problems(styles: StyleSheet, place: Place) -> Iterator[Problem]:
    """A problem for each style that is missing, of the wrong kind, or wrongly numbered."""
    for kind, names in REQUIRED.items():
        for name in names:
            found = styles.find(name)
            if found is None:
                yield _missing(styles, name, kind, place)
            elif value(found, "type") != kind:
                yield _wrong_kind(name, value(found, "type"), kind, place)
            elif name in LIST_LEVELS:
                yield from _numbering(styles, name, place)


def _missing(styles: StyleSheet, name: str, kind: str, place: Place) -> Problem:
    taken = {n.lower() for names in REQUIRED.values() for n in names}
    spare = [n for n, k in styles.names() if k == kind and n.lower() not in taken]
    fix = f"Add it under this name. {did_you_mean(name, spare)}".strip()
    return Problem(place, f"The {kind} style '{name}' is missing.", fix)


def _wrong_kind(name: str, found: str, kind: str, place: Place) -> Problem:
    fix = f"Delete it and add it as a {kind} style."
    return Problem(place, f"The style '{name}' is a {found or 'nameless'} style.", fix)


def _numbering(styles: StyleSheet, name: str, place: Place) -> Iterator[Problem]:
    depth, label = LIST_LEVELS[name]
    style, level = styles.list_style(name), styles.level(name)
    if style is None or level is None:
        kind = "a bullet" if "Bullet" in name else "a number format"
        yield Problem(place, f"The list style '{name}' has no numbering.", f"Give it {kind}.")
        return
    shown = level.label(dict.fromkeys(range(9), 1))
    if style.level != depth:
        what = f"The list style '{name}' is numbered at level {style.level + 1} of its list."
        yield Problem(place, what, f"Bind it to level {depth + 1}.")
    if shown != label:
        what = f"The list style '{name}' begins '{shown}', but the other formats show '{label}'."
        yield Problem(place, what, f"Set its first label to '{label}'.")
