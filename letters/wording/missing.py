"""What is said where a wording prints or compares what a letter does not have."""

from __future__ import annotations

from letters.model import Entry, Letter
from letters.project.references import where_recorded


def unprinted(letter: Letter, called: str, name: str) -> tuple[str, str]:
    """Return what is wrong where a placeholder that holds nothing is printed, and what to do.

    `called` is the letter as problems name it.
    """
    value = letter.values.get(name)
    if isinstance(value, tuple) and isinstance(value[0], Entry):
        what = f"An entry of '{name}' lacks what is printed here in {called}."
        return what, "Fill it in, or put the sentence in {% if … %} … {% endif %}."
    around = f"put the sentence in {{% if {name} %}} … {{% endif %}}"
    what = f"{{{{ {name} }}}} has no value in {called}."
    return what, f"{where_recorded(name)}, or {around}."


def uncompared(called: str, name: str) -> tuple[str, str]:
    """Return what is wrong where a placeholder that holds nothing is compared, and what to do."""
    ask = f"ask first: {{% if {name} is defined and … %}}"
    what = f"'{name}' is compared but has no value in {called}."
    return what, f"{where_recorded(name)}, or {ask}."
