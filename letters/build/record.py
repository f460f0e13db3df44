"""`build.json`: what the last build made of each letter, so that the next one can tell.

While a build runs, each finished letter is a line of `build.part` beside it; a build that was cut
off leaves these lines behind, and the next one goes on from there.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from typing import Any, TextIO

from letters.build.output import PART, RECORD, LocalFolder, OutputFolder, output_path, place_in
from letters.files import digest, is_output_name, read_json


class State(StrEnum):
    """What became of a letter. `UNCHANGED` is only reported: its record stays as it was."""

    BUILT = "built"
    DRAFT = "draft"
    UNCHANGED = "unchanged"
    AWAITING = "awaiting"
    FAILED = "failed"
    EDITED = "edited"


STOPPED = (State.FAILED, State.EDITED)
"""States of letters that were asked for and not made."""


@dataclass(frozen=True, slots=True)
class BuiltFile:
    """A file as it was written: its name, SHA-256, size in bytes, and the digest of its inputs."""

    name: str
    sha256: str
    size: int
    inputs: str

    @property
    def path(self) -> str:
        """Where the file is in the output folder."""
        return output_path(self.name)

    def is_in(self, folder: OutputFolder) -> bool:
        """Whether the file is in `folder` as it was written."""
        content = folder.read(self.path)
        return content is not None and digest(content) == self.sha256


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

    def unchanged(self) -> BuiltLetter:
        """The letter as a build reports it that leaves it alone."""
        return self if self.state == State.AWAITING else replace(self, state=State.UNCHANGED)


@dataclass(frozen=True)
class BuildRecord:
    """What `build.json` holds.

    `letters` are in the order of their recipients. `templates_digest` is that of the templates in
    which nothing was found wrong; the file calls it "sound". `project_digest` is that of the
    project's files as they were when everything was built of them, and empty where something was
    left out; the file calls it "stamp". `layout_digest` is that of the layout on whose pages all
    words were seen; the file calls it "seen".
    """

    letters: Mapping[str, BuiltLetter] = field(default_factory=dict)
    templates_digest: str = ""
    project_digest: str = ""
    layout_digest: str = ""

    @classmethod
    def read(cls, folder: OutputFolder) -> BuildRecord:
        """The record of an earlier build; an empty one where none can be read.

        One that names other files than letters' is none. Raises ProblemsFound for one that is
        nested too deeply.
        """
        whole = _read_whole(folder)
        begun = {letter.id: letter for letter in _read_lines(folder)}
        if not begun:
            return whole
        return replace(whole, letters={**whole.letters, **begun}, project_digest="")

    def write(self, folder: OutputFolder, round_id: str) -> None:
        """Write `build.json`: no clock, so that equal builds give equal files."""
        content = {
            "round": round_id,
            "sound": self.templates_digest,
            "stamp": self.project_digest,
            "seen": self.layout_digest,
            "letters": {id_: _entry(letter) for id_, letter in self.letters.items()},
        }
        text = json.dumps(content, ensure_ascii=False, indent=2)
        folder.write(RECORD, f"{text}\n".encode())
        folder.remove(PART)


class Journal:
    """The letters finished so far, on disk as soon as they are; nothing for a remote store."""

    def __init__(self, folder: OutputFolder) -> None:
        self._path = folder.path / PART if isinstance(folder, LocalFolder) else None
        self._file: TextIO | None = None

    def add(self, letter: BuiltLetter) -> None:
        """Note a letter; one that a full disk does not take is made again if this build stops."""
        if self._path and letter.files:
            with suppress(OSError):
                self._file = self._file or self._path.open("a", encoding="utf-8")
                line = json.dumps({"id": letter.id, **_entry(letter)}, ensure_ascii=False)
                self._file.write(f"{line}\n")
                self._file.flush()

    def close(self) -> None:
        """Let go of the file."""
        if self._file:
            self._file.close()


_AGAIN = "Delete it, and build again."


def _read_whole(folder: OutputFolder) -> BuildRecord:
    content = folder.read(RECORD) or b""
    try:
        found = read_json(content, place_in(folder, RECORD), _AGAIN)
        letters = {id_: _letter(id_, entry) for id_, entry in found["letters"].items()}
        return BuildRecord(
            letters, *(_text(found.get(name, "")) for name in ("sound", "stamp", "seen"))
        )
    except (ValueError, KeyError, TypeError, AttributeError):
        return BuildRecord()


def _read_lines(folder: OutputFolder) -> Iterable[BuiltLetter]:
    for line in (folder.read(PART) or b"").splitlines():
        try:
            entry = read_json(line, place_in(folder, PART), _AGAIN)
            yield _letter(entry["id"], entry)
        except (ValueError, KeyError, TypeError, AttributeError):
            continue  # cut off in the middle of a line


def _letter(id_: str, entry: Mapping[str, Any]) -> BuiltLetter:
    files = {format_: _file(id_, format_, file) for format_, file in entry["files"].items()}
    return BuiltLetter(_text(id_), State(entry["state"]), files, _text(entry["problem"]))


def _file(id_: str, format_: str, file: Mapping[str, Any]) -> BuiltFile:
    if not is_output_name(file["name"], id_, format_):
        raise ValueError("no name of a letter's file")
    if not isinstance(file["size"], int):
        raise TypeError("no size")
    return BuiltFile(file["name"], _text(file["sha256"]), file["size"], _text(file["inputs"]))


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    value.encode()  # or a half of a character could not be written again
    return value


def _entry(letter: BuiltLetter) -> dict[str, object]:
    files = {format_: asdict(letter.files[format_]) for format_ in sorted(letter.files)}
    return {"state": letter.state.value, "files": files, "problem": letter.problem}
