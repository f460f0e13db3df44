"""Letters as they are shown: made when asked for, and kept while nothing in them changes."""

import struct
import threading
import zlib
from collections import OrderedDict
from collections.abc import Iterable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Generic, TypeVar

from pypdfium2 import PdfDocument

from letters.approvals import Approvals
from letters.approvals.signing import as_it_stands
from letters.build.fingerprints import letter_digest
from letters.build.letter import LetterFile, make_files
from letters.build.record import SITE, out_folder
from letters.changes.words import WordChange, changes_since, passage_origins
from letters.document import Document, Origin
from letters.errors import Place, Problem, ProblemsFound, RenderError
from letters.files import FILE, digest
from letters.model import Entry, Letter, RichText, Value
from letters.preview.pdf_process import PdfProcess
from letters.preview.snapshot import Snapshot
from letters.project import ProjectRound
from letters.project.recipients import read_recipients
from letters.render import Artifact
from letters.render.round_templates import RoundTemplates

GREY, COLOUR = (0, 1), (2, 3)
"""PNG's number for each kind of picture, and its bytes a point."""

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def png(width: int, height: int, points: bytes) -> bytes:
    """A PNG of `points`, three bytes (red, green, blue) each, without loss.

    Rows are stored unfiltered and packed lightly, a third of the time that encoders take who look
    for the smallest file; a page without colour is stored in grey.
    """
    kind, points = _plainest(points)
    row = width * kind[1]
    rows = b"".join([b"\0" + points[n : n + row] for n in range(0, len(points), row)])
    head = struct.pack(">IIBBBBB", width, height, 8, kind[0], 0, 0, 0)
    packed = zlib.compress(rows, 1)
    return SIGNATURE + _chunk(b"IHDR", head) + _chunk(b"IDAT", packed) + _chunk(b"IEND", b"")


def _plainest(points: bytes) -> tuple[tuple[int, int], bytes]:
    red = points[0::3]
    is_grey = red == points[1::3] and red == points[2::3]
    return (GREY, red) if is_grey else (COLOUR, points)


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(kind + content)
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


K = TypeVar("K")
V = TypeVar("V")


class LruCache(Generic[K, V]):
    """At most `most` values by key. What was not asked for the longest is forgotten first."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._values: OrderedDict[K, V] = OrderedDict()
        self._lock = threading.Lock()

    def __len__(self) -> int:
        return len(self._values)

    def get(self, key: K) -> V | None:
        """The value kept for `key`, if it still is."""
        with self._lock:
            if key in self._values:
                self._values.move_to_end(key)
            return self._values.get(key)

    def put(self, key: K, value: V) -> None:
        """Keep `value` under `key`."""
        with self._lock:
            self._values[key] = value
            self._values.move_to_end(key)
            while len(self._values) > self._most:
                self._values.popitem(last=False)


PICTURES_KEPT = 60
"""Pictures kept in memory; the page a browser is about to ask for is always among the last."""

NARROWEST, WIDEST = 300, 2400
"""Widths, in points of the screen, that pages are drawn at."""


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A page as shown: the id of its picture, its width and height in points of the screen."""

    id: str
    width: int
    height: int


class Pages:
    """Draws pages and keeps the pictures drawn last, by id."""

    def __init__(self) -> None:
        self._pictures: LruCache[str, Future[bytes]] = LruCache(PICTURES_KEPT)
        self._encoders = ThreadPoolExecutor(2, "encoder")
        self._drawn: LruCache[tuple[str, int], tuple[PagePicture, ...]] = LruCache(PICTURES_KEPT)
        self._lock = threading.Lock()

    def draw(self, pdf: bytes, width: int) -> tuple[PagePicture, ...]:
        """A picture of each page, `width` points wide.

        Equal pages have equal ids, so that a page that did not change is neither encoded nor
        fetched again. Pictures are encoded while the next page is drawn and the browser is told.
        """
        key = (digest(pdf), min(max(width, NARROWEST), WIDEST))
        with self._lock:  # the drawing library serves one thread at a time
            drawn = self._drawn.get(key)
            if drawn is None or any(self._pictures.get(page.id) is None for page in drawn):
                drawn = self._draw_all(pdf, key[1])
                self._drawn.put(key, drawn)
            return drawn

    def picture(self, id_: str) -> bytes | None:
        """The PNG of a page drawn lately."""
        picture = self._pictures.get(id_)
        return picture.result() if picture else None

    def _draw_all(self, pdf: bytes, width: int) -> tuple[PagePicture, ...]:
        with PdfDocument(pdf) as document:
            return tuple(self._draw(document, n, width) for n in range(len(document)))

    def _draw(self, document: PdfDocument, number: int, width: int) -> PagePicture:
        page = document[number]
        bitmap = page.render(scale=width / page.get_width(), rev_byteorder=True)
        image = bitmap.to_pil()
        points = image.tobytes()
        picture = PagePicture(digest(points)[:32], image.width, image.height)
        bitmap.close()
        page.close()
        if self._pictures.get(picture.id) is None:
            encoded = self._encoders.submit(png, image.width, image.height, points)
            self._pictures.put(picture.id, encoded)
        return picture


TIRED = 50
"""PDFs after which the engine forgets the letters before: it remembers lines that are no more."""

KEPT = 100
"""Letters whose files are kept in memory; others are rendered again when they are asked for."""


@dataclass(frozen=True, slots=True)
class View:
    """A letter typeset: now, or when it last could be. `problems` say why it is not of now."""

    document: Document | None
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True, slots=True)
class ShownFile:
    """A letter's file of now, or the last that could be made; then `problems` say why."""

    file: LetterFile | None
    problems: tuple[Problem, ...] = ()


@dataclass
class _ShownLetter:
    """What is kept of one letter: the epoch it was typeset in, and its last files by format."""

    epoch: int = 0
    view: View = View(None)
    said: str = ""
    files: dict[str, tuple[tuple[str, object], LetterFile]] = field(default_factory=dict)


class Views:
    """Typesets and renders letters of epochs, each only when asked and only if it changed.

    This is the merge and the render that `build` uses; one thread at a time is at work.
    """

    def __init__(self) -> None:
        self._letters: LruCache[str, _ShownLetter] = LruCache(KEPT)
        self._pdf = PdfProcess()
        self._lock = threading.RLock()
        self._printed = 0

    def view(self, epoch: Snapshot, id_: str) -> View:
        """A letter of `epoch` as a document, unfinished ones as drafts."""
        with self._lock:
            return self._typeset(epoch, id_).view

    def file(self, epoch: Snapshot, id_: str, format_: str) -> ShownFile:
        """A letter of `epoch` as a file; `format_` is "pdf", "docx" or "html"."""
        with self._lock:
            letter = self._typeset(epoch, id_)
            document, round_templates = letter.view.document, epoch.round_templates
            if document is None or round_templates is None:
                return ShownFile(None, letter.view.problems)
            problems = letter.view.problems
            key = (letter.said, _layout(round_templates, format_))
            if letter.files.get(format_, (None,))[0] != key:
                try:
                    made = make_files(partial(self._render, round_templates), document, [format_])
                    letter.files[format_] = key, made[format_]
                except RenderError as error:
                    problems += (error.problem,)
            return ShownFile(letter.files.get(format_, (None, None))[1], problems)

    def rest(self) -> None:
        """Let the PDF engine forget, from time to time; for when nobody waits."""
        with self._lock:
            if self._printed >= TIRED:
                self._pdf.forget()
                self._printed = 0

    def close(self) -> None:
        """End what works in the background."""
        self._pdf.close()

    def _render(
        self, round_templates: RoundTemplates, document: Document, format_: str
    ) -> Artifact:
        if format_ != "pdf":
            return round_templates.render(document, format_)
        self._printed += 1
        return self._pdf.print(document, round_templates.web)

    def _typeset(self, epoch: Snapshot, id_: str) -> _ShownLetter:
        letter = self._letters.get(id_)
        if letter is None:
            letter = _ShownLetter()
            self._letters.put(id_, letter)
        if letter.epoch != epoch.number:
            letter.view = _typeset(epoch, id_, letter.view.document)
            letter.said = letter_digest(letter.view.document) if letter.view.document else ""
            letter.epoch = epoch.number
        return letter


def _typeset(epoch: Snapshot, id_: str, earlier: Document | None) -> View:
    letter = epoch.letters[id_]
    if epoch.round_templates is None or epoch.round is None:
        return View(earlier)
    try:
        return View(as_it_stands(epoch.round_templates, Approvals.load(epoch.round), letter))
    except ProblemsFound as found:
        return View(earlier, found.problems)


def _layout(round_templates: RoundTemplates, format_: str) -> object:
    return round_templates.word if format_ == "docx" else round_templates.web


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


def details(epoch: Snapshot, letter: Letter, document: Document) -> Json:
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
    """Where each value of a letter is in the project's files."""

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
    if isinstance(value, tuple) and isinstance(value[0], Entry):
        return f"{len(value)} {'entry' if len(value) == 1 else 'entries'}"
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


def _change(change: WordChange) -> Json:
    return {
        "passage": change.passage,
        "start": change.start,
        "end": change.end,
        "was": change.was,
        "now": change.now,
        "place": str(Place(change.origin.file, change.origin.line)) if change.origin.file else "",
    }
