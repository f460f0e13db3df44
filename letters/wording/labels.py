"""The words round a letter: `labels.yaml`, plain text by a fixed set of keys."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from letters.errors import Place, Problem, did_you_mean
from letters.files import relative
from letters.sources.yamls import Node, read_yaml
from letters.wording.folder import LABELS
from letters.wording.signs import forged
from letters.wording.templates import Source

MEANINGS = {
    "title": "The title of the file; {{ subject }} is the letter's subject.",
    "salutation": "The greeting; {{ salutation }} is whom the letter greets.",
    "and": "Joins the last two of several names.",
    "copied_to": "Stands before those who get a copy.",
    "closing": "The closing words.",
    "signature": "What the signature image shows, for those who cannot see it.",
    "page": "The word before the page's number.",
    "of": "The word between the page's number and the number of pages.",
    "draft": "The mark across each page of a draft.",
    "gap": "What a draft says where a value is to come.",
    "letter_information": "The heading of the web letter's opening table.",
    "from": "Who sends the letter, in that table.",
    "to": "To whom, in that table.",
    "sent_on": "When, in that table.",
}
"""Every label and what it is for; `labels.yaml` holds them all."""


def read_labels(folder: Path, root: Path, problems: list[Problem]) -> Mapping[str, Source]:
    """The labels of a wording as templates, by key.

    Unknown, missing and empty labels become problems, as do labels that are not plain text.
    """
    path = folder / LABELS
    node = read_yaml(path, root, problems)
    if node is None:
        return {}
    if not isinstance(node.value, dict):
        place = Place(relative(path, root))
        problems.append(
            Problem(place, "The file holds no labels.", "Write 'closing: …' and so on.")
        )
        return {}
    problems += _unknown(node)
    problems += _missing(node, Place(relative(path, root)))
    return {key: label for key in MEANINGS if (label := _label(node.entries.get(key), problems))}


def _unknown(node: Node) -> list[Problem]:
    return [
        Problem(
            node.keys.get(key, value.place),
            f"'{key}' is not a label.",
            did_you_mean(key, MEANINGS) or "Delete it.",
        )
        for key, value in node.entries.items()
        if key not in MEANINGS
    ]


def _missing(node: Node, place: Place) -> list[Problem]:
    return [
        Problem(place, f"The label '{key}' is missing.", f"Add it: {MEANINGS[key]}")
        for key in MEANINGS
        if key not in node.entries
    ]


def _label(node: Node | None, problems: list[Problem]) -> Source | None:
    if node is None:
        return None
    text = (node.text or "").strip()
    if not text:
        what = "The label is empty." if node.text is not None else "The label is not plain text."
        problems.append(Problem(node.place, what, "Write its words on one line."))
    if forged(text):
        what = f"The text holds '{forged(text)}', which stands for a reserved character."
        problems.append(Problem(node.place, what, "Delete it."))
    return Source(text, node.place) if text else None
