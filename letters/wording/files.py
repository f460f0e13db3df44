"""The files of a wording's folder: Markdown, read whole, and `labels.yaml`."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from letters.errors import Place, Problem, did_you_mean
from letters.files import files_in, is_inside, relative, special_files
from letters.sources.raw import LARGEST_TEMPLATE, PUT_FILE, SPECIAL, read_text
from letters.sources.tables import checked
from letters.sources.yamls import Node, read_yaml
from letters.wording.source_map import forged
from letters.wording.templates import Source

LETTER = "letter.md"
RECOMMENDATION = "recommendation.md"
LABELS = "labels.yaml"
OUTCOMES = "outcomes/"
MOST_FILES = 500
"""Markdown files of a wording."""


def read_markdown(folder: Path, root: Path, problems: list[Problem]) -> Mapping[str, Source]:
    """Every `.md` file by its name in the folder, such as `outcomes/in-place.md`."""
    sources: dict[str, Source] = {}
    for path in special_files(folder):
        problems.append(Problem(Place(relative(path, root)), SPECIAL, PUT_FILE))
    paths = [path for path in files_in(folder) if path.suffix == ".md"]
    if len(paths) > MOST_FILES:
        what = f"The wording has more than {MOST_FILES} files."
        problems.append(Problem(Place(relative(folder, root)), what, "Join those that are short."))
        return sources
    for path in paths:
        text = _inside_text(path, folder, root, problems)
        if text is not None:
            place = Place(relative(path, root), 1)
            sources[relative(path, folder)] = Source(_checked(text, place, problems), place)
    return sources


def outcome_file(outcome: str) -> str:
    """The file that words an outcome."""
    return f"{OUTCOMES}{outcome}.md"


def _inside_text(path: Path, folder: Path, root: Path, problems: list[Problem]) -> str | None:
    if is_inside(path, folder):
        return read_text(path, root, problems, LARGEST_TEMPLATE)
    place = Place(relative(path, root))
    what = "The file leads outside the wording's folder."
    problems.append(Problem(place, what, "Put the file itself here."))
    return None


def _checked(text: str, place: Place, problems: list[Problem]) -> str:
    rows = []
    for number, row in enumerate(text.split("\n"), start=1):
        at = replace(place, line=number)
        rows.append(checked(row, at, problems))
        if forged(rows[-1]):
            what = f"The text holds '{forged(rows[-1])}', which stands for a reserved character."
            problems.append(Problem(at, what, "Delete it."))
    return "\n".join(rows)


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
