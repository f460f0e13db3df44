"""`build.json`: what the last build made of each letter, so that the next one can tell."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from pathlib import Path

from letters.files import digest, write_whole
from letters.project import ProjectRound


class State(StrEnum):
    """What became of a letter."""

    BUILT = "built"
    DRAFT = "draft"
    AWAITING = "awaiting"
    FAILED = "failed"
    EDITED = "edited"


@dataclass(frozen=True, slots=True)
class BuiltFile:
    """A file as it was written: its name, SHA-256, size in bytes, and the digest of its inputs."""

    name: str
    sha256: str
    size: int
    inputs: str


@dataclass(frozen=True, slots=True)
class BuiltLetter:
    """A letter's state, its files by format, and the problem that stopped it, if any."""

    id: str
    state: State
    files: Mapping[str, BuiltFile] = field(default_factory=dict)
    problem: str = ""

    def with_files(self, earlier: BuiltLetter | None) -> BuiltLetter:
        """The same letter, still holding the files of formats that were not built this time."""
        return replace(self, files={**(earlier.files if earlier else {}), **self.files})


def read_record(folder: Path) -> dict[str, BuiltLetter]:
    """The letters of an earlier build into `folder`, by id; none where none can be read."""
    try:
        found = json.loads((folder / "build.json").read_text(encoding="utf-8"))
        return {id_: _letter(id_, entry) for id_, entry in found["letters"].items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def write_record(folder: Path, round_id: str, letters: Mapping[str, BuiltLetter]) -> None:
    """Write `build.json`: no clock, sorted by letter, so equal builds give equal files."""
    entries = {id_: _entry(letters[id_]) for id_ in sorted(letters)}
    text = json.dumps({"round": round_id, "letters": entries}, ensure_ascii=False, indent=2)
    write_whole(folder / "build.json", (text + "\n").encode())


def out_folder(project_round: ProjectRound) -> Path:
    """Where a round is built unless another folder is asked for: `out/<round>` of the project."""
    return project_round.root / "out" / project_round.round.id


def digest_on_disk(path: Path) -> str:
    """SHA-256 of a file, or nothing where it is not there."""
    return digest(path.read_bytes()) if path.is_file() else ""


def _letter(id_: str, entry: Mapping[str, object]) -> BuiltLetter:
    files = entry["files"]
    if not isinstance(files, dict):
        raise TypeError("files")
    built = {format_: BuiltFile(**file) for format_, file in files.items()}
    return BuiltLetter(id_, State(str(entry["state"])), built, str(entry["problem"]))


def _entry(letter: BuiltLetter) -> dict[str, object]:
    files = {format_: asdict(letter.files[format_]) for format_ in sorted(letter.files)}
    return {"state": letter.state.value, "files": files, "problem": letter.problem}
