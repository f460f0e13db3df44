"""The images and fonts of a layout's folder: read once, and nothing outside it is ever opened."""

from __future__ import annotations

import base64
import os
import tempfile
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from pathlib import Path
from typing import NamedTuple
from urllib.parse import unquote, unquote_to_bytes, urlsplit
from xml.sax.saxutils import escape

import tinycss2
from tinycss2.ast import Declaration, DimensionToken, FunctionBlock, Node, StringToken, URLToken

from letters.errors import Place, Problem, ProblemsFound, Refused, did_you_mean
from letters.files import own_files, relative, special_files
from letters.pictures import LONGEST, MOST, Picture, points, ready
from letters.render.allowed import too_large
from letters.sources.tables import LARGEST_FILE, PUT_FILE, SPECIAL

MEDIA_TYPES = {
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".otf": "font/otf",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".ttf": "font/ttf",
    ".webp": "image/webp",
    ".woff": "font/woff",
    ".woff2": "font/woff2",
}
"""Files a layout may use, by the ending of their names."""

MOST_FILES = 200
"""Pictures and fonts of a layout."""


@dataclass(frozen=True, slots=True)
class Assets:
    """A layout's images and fonts, by their path from its folder.

    `files` holds fonts as they are, `pictures` every image made ready for letters, and `faults`
    what is wrong with those that cannot be.
    """

    folder: str
    files: Mapping[str, bytes] = field(repr=False)
    pictures: Mapping[str, Picture] = field(default_factory=dict, repr=False)
    faults: Mapping[str, Problem] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path, root: Path) -> Assets:
        """Read every image and font in `folder`. Raises OSError where the system refuses.

        Raises ProblemsFound for pipes and devices, and for more than letters can hold.
        """
        paths = [path for path in own_files(folder, folder) if path.suffix.lower() in MEDIA_TYPES]
        _refuse_much(folder, root, paths)
        files = {relative(path, folder): path.read_bytes() for path in paths}
        _refuse_points(relative(folder, root), files)
        pictures, faults = {}, {}
        for name in [each for each in files if media_type(each).startswith("image/")]:
            try:
                pictures[name] = ready(files[name])
            except Refused as found:
                place = Place(f"{relative(folder, root)}/{name}")
                faults[name] = Problem(place, f"'{name}' {found.what}", found.fix)
        return cls(relative(folder, root), files, pictures, faults)

    def problem(self, address: str, place: Place) -> Problem | None:
        """Why a page may not load `address`, or None where it may."""
        if address.startswith("data:"):
            return _picture_inside(address, place)
        if not _inside(address):
            what = f"'{address}' is not in the layout’s folder, and letters load nothing else."
            fix = f"Copy the file to {self.folder}/ and write its name alone."
            return Problem(place, what, fix)
        if unquote(address) in self.files:
            return self.faults.get(unquote(address))
        what = f"{self.folder}/ has no image or font '{address}'."
        return Problem(place, what, did_you_mean(address, self.files) or self._fix())

    def _fix(self) -> str:
        return f"Put it there, or name one of these: {', '.join(self.files) or 'none yet'}."

    def read(self, address: str) -> bytes:
        """The bytes of the file `address` names. Raises KeyError where there is none."""
        picture = self.picture(address)
        return picture.content if picture else self.files[unquote(address)]

    def picture(self, address: str) -> Picture | None:
        """The image that `address` names, as letters show it."""
        return self.pictures.get(unquote(address))

    def media_type(self, address: str) -> str:
        """What the file is that `address` names: an image by its bytes, a font by its name."""
        picture = self.picture(address)
        return picture.media_type if picture else media_type(address)

    def inline(self, address: str) -> str:
        """`address` as a `data:` URL that holds the file."""
        if address.startswith("data:"):
            return address
        return data_url(self.read(address), self.media_type(address))


def _refuse_much(folder: Path, root: Path, paths: Sequence[Path]) -> None:
    problems = [
        Problem(Place(relative(path, root)), SPECIAL, PUT_FILE) for path in special_files(folder)
    ]
    place = Place(relative(folder, root))
    fix = "Take out those that no letter shows."
    if len(paths) > MOST_FILES:
        what = f"The folder has more than {MOST_FILES} pictures and fonts."
        problems.append(Problem(place, what, fix))
    if sum(path.stat().st_size for path in paths) > LARGEST_FILE:
        what = f"The pictures and fonts are larger than {LARGEST_FILE // 1_000_000} MB together."
        problems.append(Problem(place, what, fix))
    if problems:
        raise ProblemsFound(problems)


def _refuse_points(folder: str, files: Mapping[str, bytes]) -> None:
    """Raise ProblemsFound where the pictures together take too long to be made ready."""
    pictures = (name for name in files if media_type(name).startswith("image/"))
    if sum(filter(lambda each: each <= MOST, (points(files[n]) for n in pictures))) > MOST:
        what = f"The pictures have more than {MOST // 1_000_000} million points together."
        fix = f"Save them with at most {LONGEST:,} points on their longer sides."
        raise ProblemsFound([Problem(Place(folder), what, fix)])


def _picture_inside(address: str, place: Place) -> Problem | None:
    """Why a picture that is written into a style sheet itself cannot be shown as it is."""
    about, _, written = address.partition(",")
    content = unquote_to_bytes(written)
    if about.lower().rstrip().endswith(";base64"):
        content = _unpacked(content)
    try:
        why = "" if ready(content).content == content else "cannot be shown by every format."
    except Refused as found:
        why = found.what
    fix = "Save it as a file in the layout’s folder, and write its name instead."
    return Problem(place, f"The picture written out in 'data:' {why}", fix) if why else None


def _unpacked(written: bytes) -> bytes:
    try:
        return base64.b64decode(written)
    except ValueError:
        return b""  # no picture: the message says so


def _inside(address: str) -> bool:
    """Whether an address is a plain relative path that stays in its folder."""
    try:
        parts = urlsplit(address)
    except ValueError:  # such as an unclosed IPv6 bracket
        return False
    path = unquote(address)
    if parts.scheme or parts.netloc or "\\" in path or path.startswith("/"):
        return False
    return ".." not in path.split("/")


def media_type(name: str) -> str:
    """The media type of a file, by the ending of its name."""
    return MEDIA_TYPES[Path(name).suffix.lower()]


def data_url(content: bytes, media_type: str) -> str:
    """`content` as a `data:` URL."""
    return f"data:{media_type};base64,{base64.b64encode(content).decode('ascii')}"


FOLDER = Path(__file__).parent / "fonts"

ALIASES = ("Arial", "Helvetica", "Liberation Sans", "sans-serif")
"""Names by which layouts ask for the bundled font."""


@lru_cache(maxsize=1)
def bundled_characters() -> frozenset[str]:
    """The characters that every face of the bundled font draws."""
    from fontTools.ttLib import TTFont  # type: ignore[import-untyped]

    faces = []
    for path in sorted(FOLDER.glob("*.ttf")):
        with TTFont(path, lazy=True) as font:
            faces.append({*font.getBestCmap()})
    return frozenset(map(chr, set.intersection(*faces)))


@contextmanager
def only_bundled_fonts() -> Iterator[None]:
    """While this lasts, Fontconfig knows the bundled fonts alone.

    Fontconfig reads its settings when the engine is imported and when a font configuration is
    made; afterwards the variable is put back, for the sake of programs started later.
    """
    before = os.environ.get("FONTCONFIG_FILE")
    with tempfile.TemporaryDirectory(prefix="letters-fonts-", ignore_cleanup_errors=True) as folder:
        settings = Path(folder) / "fonts.conf"
        settings.write_text(_settings(folder), encoding="utf-8")
        os.environ["FONTCONFIG_FILE"] = str(settings)
        try:
            yield
        finally:
            if before is None:
                del os.environ["FONTCONFIG_FILE"]
            else:
                os.environ["FONTCONFIG_FILE"] = before


def _settings(cache: str) -> str:
    aliases = "".join(
        f"<alias binding='same'><family>{name}</family><prefer><family>Arimo</family></prefer>"
        "</alias>"
        for name in ALIASES
    )
    return (
        "<?xml version='1.0'?><!DOCTYPE fontconfig SYSTEM 'urn:fontconfig:fonts.dtd'>"
        f"<fontconfig><dir>{escape(str(FOLDER))}</dir><cachedir>{escape(cache)}</cachedir>"
        f"{aliases}</fontconfig>"
    )


OFF = 0.005
"""How far, as a share, a picture's proportions may be off: less than a point's rounding shows."""


class Crest(NamedTuple):
    """The crest's name in the layout's folder, the file's own bytes, and the picture it holds."""

    name: str
    content: bytes
    picture: Picture


def crest_name(layout: Mapping[str, bytes]) -> str:
    """The crest's name among the files of a layout; "" where it has none."""
    print_css, screen_css = (
        layout.get(name, b"").decode("utf-8", "replace") for name in ("print.css", "screen.css")
    )
    return crest_of(print_css, screen_css, [name for name in layout if _is_picture(name)])


def crest_of(print_css: str, screen_css: str, pictures: Collection[str]) -> str:
    """Which of a layout's pictures the PDF shows, or else the web page; "" where none is named.

    Of several, the one with "crest" in its name, or the first.
    """
    for css in (print_css, screen_css):
        if names := shown_in(css, pictures):
            return next((name for name in names if "crest" in name.lower()), names[0])
    return ""


def shown_in(css: str, pictures: Collection[str]) -> list[str]:
    """Those of a layout's pictures that a style sheet names, in its order.

    None of a sheet that is too large to be read, and so stops every letter.
    """
    if too_large("", css):
        return []
    nodes = every_node(tinycss2.parse_stylesheet(css))
    return [name for address, _ in addresses(nodes) if (name := unquote(address)) in pictures]


def _is_picture(name: str) -> bool:
    try:
        return media_type(name).startswith("image/")
    except KeyError:
        return False


def every_node(nodes: list[Node]) -> Iterator[Node]:
    """Every node, from the outside in."""
    waiting = list(reversed(nodes))
    while waiting:
        node = waiting.pop()
        yield node
        parts = (getattr(node, part, None) or [] for part in ("prelude", "content", "arguments"))
        waiting += reversed(list(chain.from_iterable(parts)))


def addresses(nodes: Iterator[Node] | list[Node]) -> Iterator[tuple[str, int]]:
    """Every address of a file, and its line."""
    for node in nodes:
        if isinstance(node, URLToken):
            yield node.value, node.source_line
        for text in text_arguments(node):
            yield text.value, text.source_line


def text_arguments(node: Node) -> list[StringToken]:
    """The address in `url("…")`; other functions that load files are not on the list."""
    if isinstance(node, FunctionBlock) and node.lower_name == "url":
        return [part for part in node.arguments if isinstance(part, StringToken)]
    return []


def keep_proportions(rules: list[Node], picture: Callable[[str], Picture | None]) -> None:
    """Change each size of a picture that would squash it, and each place that would cut it off.

    A size of two lengths is a box: the picture becomes as large as fits into it. A negative place
    stays where nothing but the picture's blank edge is lost; else it becomes 0, and the box ends
    where it did. What is right already keeps its very characters.
    """
    for node in every_node(rules):
        if node.type == "qualified-rule":
            declared = tinycss2.parse_blocks_contents(node.content or [])
            _fit([each for each in declared if isinstance(each, Declaration)], picture)


def _fit(declared: list[Declaration], picture: Callable[[str], Picture | None]) -> None:
    drawn = [each for each in declared if each.lower_name in ("background", "background-image")]
    found = [
        shown
        for each in drawn
        for address, _ in addresses(every_node(each.value))
        if (shown := picture(address))
    ]
    for each in declared if len(found) == 1 else ():
        if each.lower_name == "background":
            _place(*_halves(each.value), found[0])
        elif each.lower_name == "background-size":
            _place([], _lengths(each.value), found[0])


def _halves(value: list[Node]) -> tuple[list[DimensionToken], list[DimensionToken]]:
    """The lengths before the `/` of a background, which say where, and those after: how large."""
    slash = next((n for n, each in enumerate(value) if each == "/"), len(value))
    return _lengths(value[:slash]), _lengths(value[slash:])


def _lengths(value: list[Node]) -> list[DimensionToken]:
    return [each for each in value if isinstance(each, DimensionToken)]


def _place(place: list[DimensionToken], size: list[DimensionToken], shown: Picture) -> None:
    """Fit a picture into its box, less the part of the box that lies where nothing is drawn."""
    if len(size) != 2 or size[0].unit != size[1].unit:
        return
    box, full = [each.value for each in size], (shown.width, shown.height)
    scale = min(box[0] / full[0], box[1] / full[1])
    blanks = (shown.blank_left * scale, shown.blank_above * scale)
    for n, (length, blank) in enumerate(zip(place, blanks, strict=False)):
        if length.unit == size[0].unit and blank < -length.value < box[n]:
            length.representation = "0"
            box[n] += length.value
    scale = min(box[0] / full[0], box[1] / full[1])
    for length, side in zip(size, full, strict=True):
        if abs(side * scale - length.value) > OFF * length.value:
            length.representation = f"{round(side * scale, 3):g}"
