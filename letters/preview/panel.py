"""What the side panel says of a letter: its record, where each value stands, what changed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from letters.build.output import SITE, out_folder
from letters.changes.words import Change, changes_since, passage_origins
from letters.document import Document, Origin
from letters.errors import Place, Problem
from letters.model import Letter, RichText, Value
from letters.preview.snapshot import Epoch
from letters.project import ProjectRound
from letters.project.recipients import FILE, read_recipients

Json = dict[str, object]

_OF_ROUND = {
    "sent_date": "sent",
    "published_date": "published",
    "updated_date": "updated",
    "contact": "contact",
    "signatory": "signatories",
    "outcome_title": "outcomes",
    "sender_name": "sender",
    "round_title": "title",
}
"""The keys of round.yaml that placeholders come from, by the placeholder or its first word."""


def details(epoch: Epoch, letter: Letter, document: Document) -> Json:
    """A letter's values with their places, its passages' origins, and the words that changed."""
    if epoch.round is None:
        return {}
    places, out = Places(epoch.round, letter), out_folder(epoch.round)
    earlier = {"build": out / "letters", "publication": out / SITE / "letters"}
    return {
        "record": [_row(name, letter, document, places) for name in _recorded(letter)],
        "others": [_row(name, letter, document, places) for name in _others(letter)],
        "passages": [_origin(origin) for origin in passage_origins(document)],
        "changes": {name: _changes(folder, document) for name, folder in earlier.items()},
    }


def problem_rows(problems: Iterable[Problem]) -> list[Json]:
    """Problems for the page: where, what, and what to do."""
    return [{"place": str(p.place), "what": p.what, "fix": p.fix} for p in problems]


class Places:
    """Where each value of a letter stands in the project's files."""

    def __init__(self, project_round: ProjectRound, letter: Letter) -> None:
        self._round = project_round
        self._letter = letter
        self._recipients = read_recipients(project_round.root, []).places

    def of(self, name: str) -> str:
        """The place of the value of the placeholder `name`, as problems write places."""
        found = self._letter.places.get(name) or self._round_place(name)
        return str(found.at("")) if found else self._recipient_places()

    def _round_place(self, name: str) -> Place | None:
        if name == "recommendation":
            folder = f"templates/{self._round.round.wording}"
            return None if name in self._letter.values else Place(f"{folder}/{name}.md")
        key = _OF_ROUND.get(name) or _OF_ROUND.get(name.split("_")[0])
        whole = Place(f"rounds/{self._round.round.id}/round.yaml")
        if name in self._round.round.fields or name == "outcome":
            return Place("")
        return self._round.places.get(key, whole) if key else None

    def _recipient_places(self) -> str:
        found = (self._recipients.get(r.id, Place(FILE)) for r in self._letter.recipients)
        return ", ".join(str(place.at("")) for place in found)


def _recorded(letter: Letter) -> list[str]:
    return ["outcome", *letter.round.fields]


def _others(letter: Letter) -> Iterator[str]:
    """The placeholders that do not come from the record, those that hold nothing left out."""
    own = {*_recorded(letter)}
    return (name for name, value in letter.values.items() if name not in own and value is not None)


def _row(name: str, letter: Letter, document: Document, places: Places) -> Json:
    return {
        "name": name,
        "value": _words(letter.values.get(name), document.texts, name),
        "place": places.of(name),
        "missing": name in letter.missing,
    }


def _words(value: Value, texts: Mapping[str, str], name: str) -> str:
    if isinstance(value, RichText):
        return value.markdown
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "" if value is None else texts.get(name) or str(value)


def _origin(origin: Origin) -> Json:
    place = Place(origin.file, origin.line)
    return {
        "place": str(place) if origin.file else "",
        "fields": origin.fields,
        "because": origin.because,
    }


def _changes(folder: Path, document: Document) -> list[Json] | None:
    """What differs from the letter in `folder`; None where there is none."""
    found = changes_since(folder, document)
    return None if found is None else [_change(change) for change in found]


def _change(change: Change) -> Json:
    return {
        "passage": change.passage,
        "start": change.start,
        "end": change.end,
        "was": change.was,
        "now": change.now,
        "place": str(Place(change.origin.file, change.origin.line)) if change.origin.file else "",
    }
