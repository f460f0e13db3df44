"""`build.json`: what the last build made of each letter, so that the next one can tell.

While a build runs, each finished letter is a line of `build.part` beside it; a build that was cut
off leaves these lines behind, and the next one goes on from there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, TextIO

from letters.errors import Place, Problem, ProblemsFound, UsageError
from letters.files import (
    LEADS_OUT,
    NO_LINK,
    digest,
    find_root,
    half_written,
    is_inside,
    is_output_name,
    is_seal,
    read_file,
    read_json,
    refuse_outside,
    relative,
    seal,
    sole_use,
    write_whole,
)

if TYPE_CHECKING:
    from letters.project import ProjectRound
    from letters.render import Artifact


SITE = "site"
"""The folder of a round's publication, beside that of its letters."""

STAGED, NOTE = "staged", "staged.json"
"""The folder of what is staged, and the note without which nothing is."""


class OutputFolder(Protocol):
    """Files by path, `/` between folders. Every method may raise OSError."""

    def read(self, name: str) -> bytes | None:
        """The content of a file; None where there is none."""

    def write(self, name: str, content: bytes) -> None:
        """Write a file whole, or leave what was there."""

    def remove(self, name: str) -> None:
        """Delete a file if it is there."""


@dataclass(frozen=True, slots=True)
class LocalFolder:
    """A folder of this machine, or one that several machines share.

    Nothing outside it is touched: a path that leads out, links followed, raises ProblemsFound.
    """

    path: Path

    def read(self, name: str) -> bytes | None:
        """The content of a file; None where there is none."""
        try:
            return read_file(self._inside(name))
        except (FileNotFoundError, NotADirectoryError):
            return None

    def write(self, name: str, content: bytes) -> None:
        """Write a file whole, or leave what was there."""
        write_whole(self._inside(name), content)

    def remove(self, name: str) -> None:
        """Delete a file if it is there."""
        self._inside(name).unlink(missing_ok=True)

    def _inside(self, name: str) -> Path:
        path = self.path / name
        if not is_inside(path.parent, self.path):
            raise ProblemsFound([Problem(Place(str(path)), LEADS_OUT, NO_LINK)])
        return path


@dataclass(frozen=True, slots=True)
class RemoteFolder:
    """A store at an address of fsspec, such as `s3://bucket/letters`; its own driver is needed."""

    address: str

    def read(self, name: str) -> bytes | None:
        """The content of a file; None where there is none."""
        files, path = self._open(name)
        try:
            content: bytes = files.cat_file(path)
        except FileNotFoundError:
            return None
        return content

    def write(self, name: str, content: bytes) -> None:
        """Write a file; such stores show it whole or not at all."""
        files, path = self._open(name)
        files.makedirs(files._parent(path), exist_ok=True)
        files.pipe_file(path, content)

    def remove(self, name: str) -> None:
        """Delete a file if it is there."""
        files, path = self._open(name)
        if files.exists(path):
            files.rm_file(path)

    def _open(self, name: str) -> tuple[Any, str]:
        import fsspec

        files, root = fsspec.core.url_to_fs(self.address)
        return files, f"{root.rstrip('/')}/{name}"


def output_folder(project_round: ProjectRound, out: Path | str | None) -> OutputFolder:
    """Where a round is built: `out/<round>` of the project, another folder, or an address.

    Raises UsageError for an address where fsspec is not installed.
    """
    if isinstance(out, str) and "://" in out:
        _require_fsspec(out)
        return RemoteFolder(out)
    if out:
        refuse_outside(_links(Path(out)), Path(out))
        return LocalFolder(Path(out))
    return LocalFolder(out_folder(project_round))


def out_folder(project_round: ProjectRound) -> Path:
    """Where a round is built unless another folder is asked for: `out/<round>` of the project.

    Raises ProblemsFound where it, or anything in it, is a link that leads out.
    """
    return out_of(project_round.root, project_round.round.id)


def out_of(root: Path, round_id: str) -> Path:
    """Find the same for the project in `root`."""
    out = root / "out"
    folder = out / round_id
    refuse_outside([out, folder, out / SITE], root, root)
    inside = (folder, folder / TRIAL, folder / EDITIONS)
    refuse_outside([link for each in inside for link in _links(each)], folder, root)
    return folder


def _links(folder: Path) -> list[Path]:
    return [path for path in folder.iterdir() if path.is_symlink()] if folder.is_dir() else []


EDITED, NUMBERS = "edited", "numbers"
"""The folder of Word letters that people edited, kept when letters are made again; and the name of
the files that say what the records of a round do in numbers."""

TRIAL, EDITIONS = ".checked", ".editions"
"""The folders of letters that `check` makes for trial, and of editions made to be published."""


def trial_folder(project_round: ProjectRound) -> LocalFolder:
    """Where `check` makes letters for trial; the next build takes them from there."""
    return trial_of(out_folder(project_round))


def trial_of(out: Path) -> LocalFolder:
    """The trial folder of the round whose output folder is `out`."""
    return LocalFolder(out / TRIAL)


def output_path(name: str) -> str:
    """The path in the output folder of a letter's file with this name."""
    return f"letters/{name}"


def place_in(folder: OutputFolder, name: str) -> Place:
    """Name where a file of an output folder is, from the project's folder where it is in one."""
    if not isinstance(folder, LocalFolder):
        return Place(name)
    path, root = folder.path.resolve() / name, find_root(folder.path)
    return Place(relative(path, root) if root else str(path))


def not_writable(error: OSError) -> str:
    """What to do where the system refuses a file."""
    return (
        f"{error.filename or 'out/'}: this file cannot be written: {error.strerror}."
        " Close it if it is open in another program, see that the disk has room, and build again."
    )


def _require_fsspec(address: str) -> None:
    try:
        import fsspec  # noqa: F401
    except ImportError:
        raise UsageError(
            f"Writing to '{address}' needs fsspec. Install 'assessment-letters[cluster]'."
        ) from None


LOCK = ".build.lock"


@contextmanager
def sole_build(folder: OutputFolder, on_wait: Callable[[], None]) -> Iterator[None]:
    """While this lasts, no other build writes to the folder.

    `on_wait` is called once where another build is under way. A remote store has no lock.
    """
    if not isinstance(folder, LocalFolder):
        yield
        return
    with sole_use(folder.path / LOCK, on_wait):
        for path in half_built(folder.path):
            path.unlink(missing_ok=True)
        yield


def half_built(folder: Path) -> list[Path]:
    """List the files that a build has begun to write in its folder, or had when it was killed."""
    return half_written(folder, RECORD) + half_written(folder / "letters")


RECORD, PART = "build.json", "build.part"
"""The record of a build, and its journal while it lasts; see `letters.build.record`."""


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
    """A file as it was written: its name, SHA-256, size in bytes, and the digest of its inputs.

    The `seal` says that a command of this user made it and found it sound, of a finished letter.
    """

    name: str
    sha256: str
    size: int
    inputs: str
    seal: str = ""
    last_lines: int = 0
    """Lines of text on the last of several pages of a PDF."""

    @classmethod
    def of(cls, artifact: Artifact, inputs: str) -> BuiltFile:
        """The file as it is made of `inputs`."""
        content = artifact.content
        return cls(artifact.name, digest(content), len(content), inputs)

    @property
    def is_sealed(self) -> bool:
        """Whether the file is known to be what its inputs make, and sound."""
        return is_seal(self.seal, self._sealed)

    def sealed(self) -> BuiltFile:
        """The file with its seal, for who has just made it."""
        return replace(self, seal=seal(self._sealed))

    @property
    def _sealed(self) -> str:
        return f"{self.name} {self.sha256} {self.inputs}"

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

    @property
    def is_sealed(self) -> bool:
        """Whether each of its files is known to be what its inputs make, and sound."""
        return all(file.is_sealed for file in self.files.values())

    def sealed(self) -> BuiltLetter:
        """The letter with its files sealed, if it is finished; see `BuiltFile`."""
        if self.state != State.BUILT:
            return self
        return replace(self, files={f: file.sealed() for f, file in self.files.items()})

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
    words were seen; the file calls it "seen". Where `is_sealed`, a command of this user found so.
    """

    letters: Mapping[str, BuiltLetter] = field(default_factory=dict)
    templates_digest: str = ""
    project_digest: str = ""
    layout_digest: str = ""
    is_sealed: bool = False

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

    @property
    def templates(self) -> str:
        """What the record's own seal is of."""
        return f"templates {self.templates_digest} {self.layout_digest}"

    def write(self, folder: OutputFolder, round_id: str) -> None:
        """Write `build.json`: no clock, so that equal builds give equal files."""
        content = {
            "round": round_id,
            "sound": self.templates_digest,
            "stamp": self.project_digest,
            "seen": self.layout_digest,
            "seal": seal(self.templates) if self.is_sealed else "",
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
        sound, stamp, seen, sealed = (
            _text(found.get(name, "")) for name in ("sound", "stamp", "seen", "seal")
        )
        record = BuildRecord(letters, sound, stamp, seen)
        return replace(record, is_sealed=is_seal(sealed, record.templates))
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
    texts = (_text(file["inputs"]), _text(file.get("seal", "")))  # 0.2.0 sealed none
    lines = int(file.get("last_lines", 0))  # 0.2.0 counted none
    return BuiltFile(file["name"], _text(file["sha256"]), file["size"], *texts, lines)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError("no text")
    value.encode()  # or a half of a character could not be written again
    return value


def _entry(letter: BuiltLetter) -> dict[str, object]:
    files = {format_: asdict(letter.files[format_]) for format_ in sorted(letter.files)}
    return {"state": letter.state.value, "files": files, "problem": letter.problem}
