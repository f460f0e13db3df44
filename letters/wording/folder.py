"""The Markdown files of a wording's folder, read whole and checked for odd characters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path

from letters.errors import Place, Problem
from letters.files import is_inside, relative
from letters.sources.raw import read_text
from letters.sources.texts import checked
from letters.wording.signs import forged
from letters.wording.templates import Source

LETTER = "letter.md"
RECOMMENDATION = "recommendation.md"
LABELS = "labels.yaml"
OUTCOMES = "outcomes/"


def read_markdown(folder: Path, root: Path, problems: list[Problem]) -> Mapping[str, Source]:
    """Every `.md` file by its name in the folder, such as `outcomes/in-place.md`."""
    sources = {}
    for path in sorted(_markdown_files(folder)):
        text = _inside_text(path, folder, root, problems)
        if text is not None:
            place = Place(relative(path, root), 1)
            sources[relative(path, folder)] = Source(_checked(text, place, problems), place)
    return sources


def outcome_file(outcome: str) -> str:
    """The file that words an outcome."""
    return f"{OUTCOMES}{outcome}.md"


def _markdown_files(folder: Path) -> Iterator[Path]:
    """Files of the folder, without those that editors hide or keep while a file is open."""
    for path in folder.rglob("*.md"):
        if not any(part.startswith((".", "~$")) for part in path.relative_to(folder).parts):
            yield path


def _inside_text(path: Path, folder: Path, root: Path, problems: list[Problem]) -> str | None:
    if is_inside(path, folder):
        return read_text(path, root, problems)
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
