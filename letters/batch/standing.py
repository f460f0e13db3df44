"""Finding that nothing is to be done, without loading the project.

Where no file of a project has changed since all of a round was built, and each letter on disk is
as that build left it, a build can say so at once. In every other case it does its whole work.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

from letters.batch.record import PART, BuildRecord, BuiltLetter, State
from letters.batch.shelves import Folder, shelved_digest
from letters.files import FILE, digest, own_files, relative
from letters.versions import versions_digest


def stamp(root: Path, round_id: str, *, drafts: bool) -> str:
    """Digest of every file of a project that a round can be made of, and of what makes it."""
    folders = (root / "rounds" / round_id, root / "templates")
    files = [root / FILE, *(path for folder in folders for path in own_files(folder))]
    lines = [f"{relative(path, root)} {digest(path.read_bytes())}" for path in files]
    return digest("\n".join([versions_digest(), str(drafts), *lines]).encode())


def standing_letters(
    root: Path, round_id: str, formats: Collection[str], stamp: str
) -> tuple[BuiltLetter, ...] | None:
    """The letters of a round if all stand as they should, in order; None where any does not."""
    shelf = Folder(root / "out" / round_id)
    record = BuildRecord.read(shelf)
    if not stamp or record.stamp != stamp or (shelf.path / PART).exists():
        return None
    if not all(_stands(shelf, letter, formats) for letter in record.letters.values()):
        return None
    return tuple(_told(letter) for letter in record.letters.values())


def _stands(shelf: Folder, letter: BuiltLetter, formats: Collection[str]) -> bool:
    if letter.state == State.AWAITING:
        return not letter.files
    files = [letter.files.get(format_) for format_ in formats]
    return all(f and shelved_digest(shelf, f"letters/{f.name}") == f.sha256 for f in files)


def _told(letter: BuiltLetter) -> BuiltLetter:
    return letter if letter.state == State.AWAITING else replace(letter, state=State.UNCHANGED)
