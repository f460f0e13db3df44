"""What a letter is made of, as digests: one family, each of which answers one question.

| digest | the question | kept in |
| --- | --- | --- |
| `versions_digest` | Would the same input give the same bytes? | the others; a cluster's workers |
| `project_digest` | Has anything in the project changed since everything was built? | build.json |
| `LetterDigests.of` | Would this file of a letter come out as it is? | build.json |
| `LetterDigests.templates` | Are these the templates that had no problem? | build.json |
| `letter_digest` | Does the letter say what it said? | published.json, the preview's memory |
| `templates_digest` | Are these the wording and layout published? | published.json, the manifest |

A published letter's digests hold nothing of this program or its libraries, so that another version
of them changes no publication. What an approval binds is `letters.approvals.content`: a letter's
content as text, without its looks.
"""

from __future__ import annotations

import json
import os
import re
import sys
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from letters.build.record import (
    PART,
    BuildRecord,
    BuiltFile,
    BuiltLetter,
    LocalFolder,
    State,
    not_writable,
    sole_build,
    trial_of,
)
from letters.document import SLOTS
from letters.errors import LettersError
from letters.files import FILE, REGISTERS, digest, own_files, relative
from letters.render import FORMATS

if TYPE_CHECKING:  # a build with nothing to do loads no model
    from letters.document import Document
    from letters.model import Letter, Round, Value
    from letters.project import ProjectRound

LIBRARIES = frozenset(
    {"assessment-letters", "babel", "cssselect2", "docxtpl", "fonttools", "jinja2", "lxml"}
    | {"markdown-it-py", "markupsafe", "pikepdf", "pillow", "pydyf", "python-docx", "tinycss2"}
    | {"tinyhtml5", "uharfbuzz", "weasyprint"}
)
"""Libraries whose version can change a letter's bytes."""

ROOMS = (
    "document.py",
    "build/letter.py",
    "merge.py",
    "pictures.py",
    "validators/**/*.py",
    "render/**/*",
    "wording/**/*.py",
)
"""The files of this package that decide what a letter is."""

_INSTALLED = re.compile(r"(?P<name>.+)-(?P<version>[^-]+)\.(dist|egg)-info")
_OWN = Path(__file__).parents[1]


@lru_cache(maxsize=1)
def versions_digest() -> str:
    """Digest of this package's own files and of the versions of Python and the libraries.

    Read from the names of the folders in which libraries are installed: asking each library would
    mean starting it.
    """
    python = f"python {sys.version_info.major}.{sys.version_info.minor} {zlib.ZLIB_RUNTIME_VERSION}"
    return digest("\n".join([python, *sorted(_libraries()), *_own_files()]).encode())


def _libraries() -> set[str]:
    found = set()
    for folder in sys.path:
        for entry in _names(folder):
            match = _INSTALLED.fullmatch(entry)
            name = match["name"].lower().replace("_", "-") if match else ""
            if match and name in LIBRARIES:
                found.add(f"{name} {match['version']}")
    return found


def _names(folder: str) -> list[str]:
    try:
        return os.listdir(folder or ".")  # noqa: PTH208  (a path may name an archive)
    except OSError:
        return []


def _own_files() -> list[str]:
    """This package's files that decide what a letter is, each with its digest."""
    files = (path for room in ROOMS for path in sorted(_OWN.glob(room)))
    files = (path for path in files if path.is_file() and path.suffix != ".pyc")
    return [f"{path.relative_to(_OWN).as_posix()} {digest(path.read_bytes())}" for path in files]


ELSEWHERE = frozenset(
    {"outcomes", "recipients", "sheet", "signatories", "signatory", "wording", "layout", "people"}
    | {"response_days", "summary", "publication_types", "national_report", "claims", "quotations"}
    | {"not_claims", "retired_terms", "named_exceptions", "answers", "register_", "ignored_columns"}
)
"""What of a round reaches a letter by another way, in its own values or as files, or not at all."""

NO_PART = {"html": ("print.css",), "pdf": ("screen.css",)}
"""The files of a layout a format has no part in. The pages of both layouts decide whether what they
print is approved, and so whether a letter of any format is a draft."""

_INCLUDE = re.compile(r"include\s+(?:'([^'\n]*)'|\"([^\"\n]*)\"|outcome_wording)")


class LetterDigests:
    """The digests of a round's letters. Make one for each build: it reads the templates again."""

    def __init__(self, project_round: ProjectRound) -> None:
        self._round = project_round
        templates = project_round.root / "templates"
        self._wording = _contents(templates / project_round.round.wording, project_round.root)
        self._layout = _contents(templates / project_round.round.layout, project_round.root)
        self._shared = digest(f"{versions_digest()} {_round_words(project_round.round)}".encode())
        self._used = lru_cache(maxsize=None)(self._used_wording)
        self._looks = lru_cache(maxsize=None)(self._layout_of)

    def of(self, letter: Letter, format_: str, *, drafts: bool) -> str:
        """Digest of record, recipients, round, wording in use, layout, images, fonts, libraries."""
        parts = (self._words(letter), str(drafts), self._looks(format_))
        return digest("\n".join(parts).encode())

    def _words(self, letter: Letter) -> str:
        """Digest of what decides a letter's words and signature, whatever the format."""
        parts = [self._shared, self._used(letter.outcome)]
        parts += [digest(each.image) for each in letter.signed]
        parts.append(self._approved(letter.id))
        for each in fields(letter):
            if each.name == "values":
                parts += [
                    f"{name} {_words(value)}" for name, value in sorted(letter.values.items())
                ]
            elif each.name not in ("places", "round"):
                parts.append(repr(getattr(letter, each.name)))
        return digest("\n".join(parts).encode())

    def _approved(self, letter_id: str) -> str:
        """Who approved which content: it decides whether these words are a draft."""
        entry = self._round.signed.get(letter_id)
        return f"{entry.digest} {[each.by for each in entry.counted]}" if entry else ""

    def layout(self) -> str:
        """Digest of all that decides whether words of letters can be seen on their pages."""
        return digest(f"{versions_digest()} {self._looks('pdf')}".encode())

    def templates(self) -> str:
        """Digest of all that decides whether anything is wrong with the round's templates."""
        in_use = sorted({each.outcome for each in self._round.assessments if each.outcome})
        files = (*_listed(self._wording), *_listed(self._layout))
        parts = (versions_digest(), repr(self._round.round), repr(in_use), *files)
        return digest("\n".join(parts).encode())

    def _used_wording(self, outcome: str | None) -> str:
        used = used_files(self._wording, outcome)
        return digest("\n".join(_listed({name: self._wording[name] for name in used})).encode())

    def _layout_of(self, format_: str) -> str:
        if format_ == "docx":
            from letters.questions import PICTURE
            from letters.render.assets import crest_name  # a build with nothing to do needs none

            names = {"letter.docx", "letter.html", crest_name(self._layout)} & {*self._layout}
            given = self._round.round.answers
            pictures = (each for each in given if each.question.startswith(PICTURE))
            answers = [f"{each.question} {each.answer}" for each in pictures]
        else:
            names, answers = {*self._layout} - {*NO_PART.get(format_, ())}, []
        files = _listed({name: self._layout[name] for name in names})
        return digest("\n".join([*files, *answers]).encode())


def used_files(wording: Mapping[str, bytes], outcome: str | None) -> list[str]:
    """The files of a wording that a letter with `outcome` is made of, by what includes what.

    All outcomes' files are left out that the letter cannot reach. A name that cannot be told from
    the text (it is written with escapes) stands for every file.
    """
    found: set[str] = set()
    waiting = ["letter.md", "labels.yaml", "recommendation.md", "style.yaml"]
    while waiting:
        name = waiting.pop()
        if name in wording and name not in found:
            found.add(name)
            waiting += _included(wording[name].decode("utf-8", "replace"), outcome, wording)
    return sorted(found)


def _included(text: str, outcome: str | None, wording: Mapping[str, bytes]) -> Iterator[str]:
    for single, double in _INCLUDE.findall(text):
        name = single or double
        if "\\" in name:
            yield from wording
        yield name or f"outcomes/{outcome}.md"


def _contents(folder: Path, root: Path) -> dict[str, bytes]:
    """Every file of a folder by its name in it."""
    return {relative(path, folder): path.read_bytes() for path in own_files(folder, root)}


def _listed(files: Mapping[str, bytes]) -> list[str]:
    return [f"{name} {digest(content)}" for name, content in sorted(files.items())]


def _round_words(round_: Round) -> str:
    names = [name for name in type(round_).model_fields if name not in ELSEWHERE]
    return "\n".join(f"{name} {getattr(round_, name)!r}" for name in names)


def _words(value: Value) -> str:
    return repr(getattr(value, "markdown", value))


def project_digest(root: Path, round_id: str, *, drafts: bool) -> str:
    """Digest of every file of a project that a round can be made of, and of what makes it.

    "" where recipients.yaml is no file: what is wrong with it is told where it is read.
    """
    if not (root / FILE).is_file():
        return ""
    folders = (root / "rounds" / round_id, root / "templates", root / REGISTERS)
    files = [root / FILE, *(path for folder in folders for path in own_files(folder, root))]
    lines = [f"{relative(path, root)} {digest(path.read_bytes())}" for path in files]
    return digest("\n".join([versions_digest(), str(drafts), *lines]).encode())


def up_to_date(
    folder: LocalFolder, formats: Collection[str], now: str
) -> tuple[BuiltLetter, ...] | None:
    """The letters of a round, in order, if all are as another build would make them, else None.

    `folder` is where they were made, `now` the `project_digest`. Raises ProblemsFound where its
    record cannot be taken for one.
    """
    record = BuildRecord.read(folder)
    if not now or record.project_digest != now or (folder.path / PART).exists():
        return None
    letters = tuple(record.letters.values())
    if not all(_is_whole(folder, letter, formats) for letter in letters):
        return None
    return tuple(each.unchanged() for each in letters)


def _is_whole(folder: LocalFolder, letter: BuiltLetter, formats: Collection[str]) -> bool:
    if letter.state == State.AWAITING:
        return not letter.files
    files = [letter.files.get(format_) for format_ in formats]
    return all(file and file.is_in(folder) for file in files)


_NOWHERE_PRINTED = ("origin", "field")
"""Where a block or word comes from: moving a line of the wording changes no letter."""


def letter_digest(document: Document, printed: Collection[str] | None = None) -> str:
    """Digest of all a typeset letter says: words, structure, emphasis, pictures, title and dates.

    `printed` are the placeholders that the letter's layouts print themselves, all unless given.
    """
    from letters.model import LATER  # with pydantic, which a build of nothing does without

    parts = {
        "letter": [document.id, document.title, document.author, document.subject],
        "language": document.language,
        "days": [document.created, document.modified],
        "texts": {
            name: text
            for name, text in document.texts.items()
            if (name in printed if printed is not None else text or name not in LATER)
        },
        "information": document.information,
        "slots": [[name, document.slots[name]] for name in SLOTS],
    }
    if document.draft:  # stored digests are of finished letters, and know no such part
        parts["draft"] = [document.draft, document.handling]
    return digest(json.dumps(_plain(parts), ensure_ascii=False, sort_keys=True).encode())


def _plain(part: object) -> object:
    """`part` as JSON knows it; a block or inline begins with its name.

    Ledgers keep digests of this: a class of the tree that is renamed is another letter to them.
    """
    match part:
        case dict():
            return {key: _plain(value) for key, value in part.items()}
        case list() | tuple():
            return [_plain(each) for each in part]
        case bytes():
            return digest(part)
        case date():
            return part.isoformat()
    if is_dataclass(part):
        kept = (each.name for each in fields(part) if each.name not in _NOWHERE_PRINTED)
        return [type(part).__name__, *(_plain(getattr(part, name)) for name in kept)]
    return part


def templates_digest(project_round: ProjectRound, *kinds: str) -> str:
    """Digest of every file, names included, of a round's "wording", "layout", or both."""
    lines = []
    for kind in kinds:
        folder = project_round.root / "templates" / getattr(project_round.round, kind)
        lines += _with_digests(folder, own_files(folder, project_round.root))
    return digest("\n".join(lines).encode())


def former_layout_digest(project_round: ProjectRound) -> str:
    """Digest of a layout as version 0.1.0 took it, files of systems and editors included.

    Ledgers of that version hold it. "" where it cannot be taken.
    """
    folder = project_round.root / "templates" / project_round.round.layout
    paths = (path for path in folder.rglob("*") if not path.name.startswith("~$"))
    try:
        files = sorted(path for path in paths if path.is_file())
        return digest("\n".join(_with_digests(folder, files)).encode())
    except OSError:  # a program keeps its lock to itself
        return ""


def _with_digests(folder: Path, paths: Iterable[Path]) -> list[str]:
    return [f"{relative(path, folder)} {digest(path.read_bytes())}" for path in paths]


def tried_letters(out: Path, formats: Collection[str], now: str) -> tuple[BuiltLetter, ...] | None:
    """The letters of a round, in order, if a check made each of them of what is there now.

    `out` is the round's output folder, `now` the `project_digest`. None where anything was built
    there before: a build looks at each such file.
    """
    trial = trial_of(out)
    if {*formats} != {*FORMATS} or up_to_date(trial, formats, now) is None:
        return None
    letters = tuple(BuildRecord.read(trial).letters.values())
    folder = LocalFolder(out)
    if BuildRecord.read(folder).letters or any(
        PurePath(file.name).name != file.name or folder.read(file.path) is not None
        for file in _files(letters)
    ):
        return None
    return letters


def take_over(out: Path, letters: Collection[BuiltLetter], on_wait: Callable[[], None]) -> None:
    """Put `tried_letters` in place, and their record. Raises LettersError where a file resists."""
    folder, trial = LocalFolder(out), trial_of(out)
    with sole_build(folder, on_wait):
        try:
            (out / "letters").mkdir(exist_ok=True)
            for file in _files(letters):
                (trial.path / file.path).replace(out / file.path)
            BuildRecord.read(trial).write(folder, out.name)
        except OSError as error:
            raise LettersError(not_writable(error)) from error


def _files(letters: Collection[BuiltLetter]) -> list[BuiltFile]:
    return [file for letter in letters for file in letter.files.values()]
