"""Files on disk: whole or not at all, by safe names, known by their digests."""

from __future__ import annotations

import errno
import hashlib
import hmac
import json
import logging
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from functools import cache
from pathlib import Path, PurePath
from secrets import token_bytes, token_hex
from typing import Any

from letters.errors import Place, Problem, ProblemsFound

log = logging.getLogger(__name__)

HALF_WRITTEN = ".half"


def write_whole(path: Path, content: bytes) -> None:
    """Write `content` to `path`, or leave what was there: a temporary name first, then replace.

    Creates missing folders. Who may read it is the system's own rule for new files (the umask).
    Raises OSError where the system refuses (disk full, file held open).
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{token_hex(4)}{HALF_WRITTEN}")
    try:
        with temporary.open("xb") as file:
            file.write(content)
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    log.debug("wrote %s, %d bytes", path, len(content))


def half_written(folder: Path, name: str = "*") -> list[Path]:
    """List what `write_whole` has begun in `folder`, or had when the system ended its process.

    Of one file, if its `name` is given.
    """
    return list(folder.glob(f".{name}.*{HALF_WRITTEN}"))


def digest(content: bytes) -> str:
    """SHA-256 of `content`, in hexadecimal."""
    return hashlib.sha256(content).hexdigest()


_KEY_SIZE = 32  # bytes; as many as SHA-256 has, more add nothing (RFC 2104)


def seal(text: str) -> str:
    """Digest of `text` that only programs of this user make; "" where no key can be kept.

    It tells what was written by a command from what somebody else has put into `out/` since. The
    key is the user's own, outside every project, so on another machine no seal is known.
    """
    key = _own_key(_state_folder())
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest() if key else ""


def is_seal(found: str, text: str) -> bool:
    """Whether `found` is the `seal` of `text`."""
    return bool(found) and hmac.compare_digest(found.encode(), seal(text).encode())


def _state_folder() -> Path:
    """Where programs of this user keep what is no project's (XDG Base Directory, Windows).

    A path that is not absolute is passed over, as that specification asks.
    """
    named = (os.environ.get(name, "") for name in ("XDG_STATE_HOME", "LOCALAPPDATA"))
    found = (Path(each) for each in named if Path(each).is_absolute())
    return next(found, Path("~/.local/state")) / "letters"


@cache
def _own_key(folder: Path) -> bytes:
    try:
        path = folder.expanduser() / "key"
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with suppress(FileExistsError):
            flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
            with os.fdopen(os.open(path, flags, 0o600), "wb") as file:
                file.write(token_bytes(_KEY_SIZE))
        key = read_file(path)
    except (OSError, RuntimeError):  # no home, or a full disk: nothing is known again then
        return b""
    return key if len(key) == _KEY_SIZE else b""


def relative(path: Path, root: Path) -> str:
    """`path` as problems and manifests name it: from `root`, with `/` between folders."""
    return path.relative_to(root).as_posix()


def is_inside(path: Path, root: Path) -> bool:
    """Whether `path` stays in the folder `root` once links and `..` are followed."""
    try:
        return path.resolve().is_relative_to(root.resolve())
    except (OSError, RuntimeError, ValueError):
        return False


def refuse_outside(paths: Iterable[Path], folder: Path, root: Path | None = None) -> None:
    """Raise ProblemsFound for each of `paths` that is itself a way out of `folder`.

    They are named from `root`, the project's folder, where there is one.
    """
    problems = [
        Problem(Place(relative(path, root) if root else str(path)), LEADS_OUT, NO_LINK)
        for path in paths
        if not is_inside(path, folder) and is_inside(path.parent, folder)
    ]
    if problems:
        raise ProblemsFound(problems)


LEADS_OUT = "This is a link that leads out of its folder, where nothing is read or written."
NO_LINK = "Delete the link, or put what it leads to in its place."

_PIECE = re.compile(r"[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*")


def output_name(letter: str, format_: str, *between: str) -> str:
    """Make the name of a letter's file: `<id>[.<language>][.<annex>].<format>`."""
    return ".".join((letter, *between, format_))


def is_output_name(name: object, letter: str, format_: str) -> bool:
    """Whether `name`, read from a file that anybody can write, is one that `output_name` makes."""
    if not isinstance(name, str) or name.count(".") > 3:
        return False
    pieces = name.split(".")
    is_plain = all(map(_PIECE.fullmatch, pieces))
    return is_plain and name == output_name(letter, format_, *pieces[1:-1])


def read_json(content: bytes, place: Place, fix: str) -> Any:
    """Read what JSON holds. Raises ValueError where it is none.

    Where it is nested so deeply that nothing can read it, raises ProblemsFound, with `fix`.
    """
    try:
        return json.loads(content)
    except RecursionError:
        what = "The file is nested too deeply to be read."
        raise ProblemsFound([Problem(place, what, fix)]) from None


DEVICES = frozenset(
    ("con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10)))
)
"""Names that Windows keeps for devices, whatever ending a file of such a name has."""

LONGEST_NAME = 200
"""Bytes of a file's name; file systems hold 255, and a file that is being written needs some."""

ENDING = ".docx"
"""The longest ending of a letter's files."""


def name_fault(id_: str) -> tuple[str, str] | None:
    """Why no file can be named by an id, and what to do; None where one can."""
    if id_.casefold() in DEVICES:
        what = f"'{id_}' names a device of Windows, which cannot hold files of that name."
        return what, f"Choose another id, such as {id_}-1."
    if (size := len(f"{id_}{ENDING}".encode())) > LONGEST_NAME:
        what = f"The names of files of '{id_[:20]}…' would have {size} bytes."
        return what, f"Shorten the id; {LONGEST_NAME} bytes are the most."
    return None


_SYSTEMS = ("thumbs.db", "desktop.ini")
_UNFINISHED = ("~", ".swp", ".tmp", ".part")


def is_ignored(path: str | PurePath) -> bool:
    """Whether systems and editors, not people, keep what stands at `path` from a folder.

    Hidden files and all in hidden folders, locks on open files (`~$letter.docx`, `.~lock.a.xlsx#`),
    backups and half-saved files (`letter.md~`, `*.swp`), `Thumbs.db` and `desktop.ini` in any case.
    """
    path = PurePath(path)
    name = path.name.casefold()
    kept = name in _SYSTEMS or name.endswith(_UNFINISHED)
    return kept or any(part.startswith((".", "~$")) for part in path.parts)


def files_in(folder: Path) -> list[Path]:
    """The files of a folder and those inside it, sorted, without what `is_ignored`.

    The one walk over what people write: what it leaves out counts nowhere, and is not opened, since
    it may not even be readable. A link to a file is a file; one to a folder is not followed.
    """
    found = (path for path in folder.rglob("*") if not is_ignored(path.relative_to(folder)))
    return sorted(path for path in found if path.is_file())


def is_special(path: Path) -> bool:
    """Whether a pipe, a socket or a device stands at `path`: reading it may never end."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def read_file(path: Path) -> bytes:
    """Read a file. Raises OSError where the system refuses, and for what `is_special`."""
    if is_special(path):
        raise OSError(errno.EINVAL, "it is a pipe, a socket or a device", str(path))
    return path.read_bytes()


def special_files(folder: Path) -> list[Path]:
    """Pipes, sockets and devices in a folder and those inside it, sorted."""
    return sorted(path for path in folder.rglob("*") if is_special(path))


def own_files(folder: Path, root: Path) -> list[Path]:
    """`files_in` without links that lead out of `root`, the folder itself or its project."""
    return [path for path in files_in(folder) if is_inside(path, root)]


FILE = "recipients.yaml"
REGISTERS = "registers"
"""The folder of a project's own registers; see `letters.project.recipients`."""


def find_root(path: Path) -> Path | None:
    """The project's folder: `path`, or the nearest one above it; None where there is none."""
    start = path.resolve()
    return next((f for f in (start, *start.parents) if (f / FILE).exists()), None)


def round_folders(root: Path) -> list[Path]:
    """The folders of a project's rounds, in order; hidden ones are none."""
    rounds = root / "rounds"
    if not rounds.is_dir():
        return []
    return sorted(
        folder for folder in rounds.iterdir() if folder.is_dir() and folder.name[0] not in "._~"
    )


PROJECT_LOCK = ".letters.lock"
"""The empty file in a project's folder that is locked while one of its files is changed."""

WAITING = "Another command is changing this project; waiting for it to end."
"""What a command says that has to wait for the project's lock."""

OnWait = Callable[[], None]


def tell_nobody() -> None:
    """Let a command wait unsaid: for callers that have nobody to tell."""


@contextmanager
def sole_use(path: Path, on_wait: OnWait = tell_nobody) -> Iterator[None]:
    """Hold the lock of the file `path` while this lasts; the empty file stays.

    `on_wait` is called once where another process holds it, and then it is waited for. Raises
    OSError where the file cannot be written.
    """
    from filelock import FileLock, Timeout  # a command with nothing to write needs none

    path.parent.mkdir(parents=True, exist_ok=True)
    lock = FileLock(path)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        on_wait()
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def sole_change(root: Path, on_wait: OnWait = tell_nobody) -> AbstractContextManager[None]:
    """Hold the lock of the project in `root`: approvals, withdrawals, the ledger of publications,
    the site and reviews are read, changed and written by one command at a time.
    """
    return sole_use(root / PROJECT_LOCK, on_wait)
