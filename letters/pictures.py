"""A picture file as letters can show it: looked over once, and converted where a format could not.

Word, the PDF and browsers agree on PNG and JPEG with eight bits for each of grey, or red, green
and blue; PDF/A knows no inks (CMYK) beside the colours of a screen (ISO 19005-2, 6.2.4.3). The
points of a file of that kind are left as they are; what it says beside them is taken out.
"""

import io
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache

from PIL import Image, ImageChops, ImageCms, ImageFile, ImageOps, WebPImagePlugin

from letters.errors import Refused
from letters.files import digest

PNG, JPEG = "image/png", "image/jpeg"
LONGEST = 2000
"""Points of a longer side: at 60 mm, the widest that letters show, 850 to the inch."""
MOST = 50_000_000
"""Points of a picture that is opened at all; each takes up to four bytes, several times over."""

_READ = ("PNG", "JPEG", "GIF", WebPImagePlugin.WebPImageFile.format)
"""The kinds that are opened, by Pillow's names, which knows the last once its module is loaded."""
_LOCK = threading.Lock()
_PLAIN = {"1", "L", "LA", "P", "RGB", "RGBA"}
_TURNED = 0x0112
"""The entry of a photograph's EXIF that says how it is to be turned."""

PLACEHOLDER_CREST = "d84c6761724630e8a3fb91a6346791a0a78ce50ddb7084a5242d277762224a5d"
_PLACEHOLDERS = frozenset(
    {
        PLACEHOLDER_CREST,
        "3ad37dd9bafd087e86bfbcc5d313d643fbff00a51ea8c7287a632177e2b94664",
        "155d98a38cf287ff39120b077bec0ab7c42ab89f0c8d2f6a847247ca6519312e",
        "017e449b0278668a8d9bc9ea0b3c7f91f52cfa204f9da1da629d0877cdf17e44",
        "f14bbbb1818bf969e5b9f92fb06d500f6aa6fb84b826be097fbf97be7d346375",
    }
)
"""SHA-256 of every picture marked as a placeholder that `letters new` writes, or once wrote."""


UNFINISHED = " (placeholder)"
"""The end of the placeholder crest's alternative text; that of a finished one has none."""


def is_placeholder(content: bytes) -> bool:
    """Whether a picture is one of those that `letters new` writes, to be replaced."""
    return digest(content) in _PLACEHOLDERS


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture ready for letters: its bytes, its media type, width and height in points.

    `blank_left` and `blank_above` count its columns and rows of nothing (see-through, or white)
    before its first mark.
    """

    content: bytes
    media_type: str
    width: int
    height: int
    blank_left: int = 0
    blank_above: int = 0


@lru_cache(maxsize=32)
def ready(content: bytes) -> Picture:
    """The picture in a file, its own points where every format can show them, else made a PNG.

    Without what cameras and programs write beside the points: places, names, times, remarks.

    Inks become the colours of a screen, sixteen bits eight; a photograph is turned as its camera
    says; of a moving picture the first is taken; a longer side of more than `LONGEST` points
    becomes that long. Raises Refused for SVG, for more than `MOST` points, and for what cannot be
    read to its end.
    """
    image = _opened(content)
    if _is_plain(image, content):
        content = without_remarks(content)
    else:
        content = _png(_plain(image))
        image = _opened(content)
    left, above = _blank(image)
    kind = PNG if image.format == "PNG" else JPEG
    return Picture(content, kind, image.width, image.height, left, above)


_PNG_REMARKS = (b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"tIME")
_JPEG_REMARKS = (0xE1, 0xED, 0xFE)
"""Markers of Exif and XMP, of IPTC's captions, of comments (ITU-T T.81, B.1.1.3)."""

_SCAN = 0xDA
"""The marker behind which a JPEG holds nothing but points."""


def without_remarks(content: bytes) -> bytes:
    """A PNG or JPEG without what it says beside its points; anything else as it is."""
    is_png = content.startswith(b"\x89PNG")
    if not is_png and not content.startswith(b"\xff\xd8\xff"):
        return content
    at = 8 if is_png else 2
    kept = [content[:at]]
    while at + 4 <= len(content):
        if is_png:  # each chunk: its length, its name, itself, four bytes to check it
            end, kind = at + 12 + int.from_bytes(content[at : at + 4]), content[at + 4 : at + 8]
            is_remark, is_last = kind in _PNG_REMARKS, kind == b"IEND"
        else:  # each segment: its marker, which may be spaced out, its length, itself
            while content[at + 1] == 0xFF:
                at += 1
            end, marker = at + 2 + int.from_bytes(content[at + 2 : at + 4]), content[at + 1]
            is_remark, is_last = marker in _JPEG_REMARKS, marker == _SCAN
        if is_last:
            return b"".join((*kept, content[at:end] if is_png else content[at:]))
        if not is_remark:
            kept.append(content[at:end])
        at = end
    return content


def points(content: bytes) -> int:
    """How many points a picture has, by the head of its file; 0 where that cannot be read."""
    try:
        with _strictly():
            width, height = Image.open(io.BytesIO(content), formats=_READ).size
    except Exception:
        return 0  # `ready` says what is wrong with it
    return width * height


def ready_png(content: bytes) -> Picture:
    """The same, and always a PNG. Raises Refused."""
    picture = ready(content)
    return picture if picture.media_type == PNG else ready(_png(_opened(picture.content)))


def alike(one: bytes, other: bytes) -> bool:
    """Whether two files show the same, point for point; programs pack a picture anew."""
    if one == other:
        return True
    try:
        images = [_opened(ready(each).content).convert("RGBA") for each in (one, other)]
    except Refused:
        return False
    same_size = images[0].size == images[1].size
    return same_size and ImageChops.difference(*images).getbbox(alpha_only=False) is None


_INK = 128
"""Of 255: what is darker than this on white paper hides dark words on it."""

_INKED = 0.02
"""The share of a picture's points from which it is dark; a few points are no more than dust."""


def is_dark(content: bytes) -> bool:
    """Whether dark words could not be read on a picture; one that cannot be read counts as dark."""
    try:
        image = _opened(ready(content).content).convert("RGBA")
    except Refused:
        return True
    paper = Image.new("RGBA", image.size, "white")
    paper.alpha_composite(image)
    shades = paper.convert("L").histogram()
    return sum(shades[:_INK]) > _INKED * image.width * image.height


def _opened(content: bytes) -> Image.Image:
    """The image, decoded to its end. Raises Refused."""
    if _is_svg(content):
        raise Refused("is an SVG drawing, which Word cannot show.", "Save it as a PNG image.")
    try:
        with _strictly():
            image = Image.open(io.BytesIO(content), formats=_READ)
            if image.width * image.height > MOST:
                raise _too_large()
            image.load()
    except (Image.DecompressionBombWarning, Image.DecompressionBombError):
        raise _too_large() from None
    except Refused:
        raise
    except Exception as cause:  # Pillow meets a damaged image with almost any of them
        what = "is not an image that can be read."
        raise Refused(what, "Save it as a PNG or JPEG image.") from cause
    return image


@contextmanager
def _strictly() -> Iterator[None]:
    """While this lasts, half a picture is none, whatever the PDF engine has told Pillow."""
    with _LOCK, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
        try:
            yield
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = before


def _too_large() -> Refused:
    what = f"has more than {MOST // 1_000_000} million points."
    return Refused(what, f"Save it with at most {LONGEST:,} points on its longer side.")


def _is_svg(content: bytes) -> bool:
    head = content[:1000].lstrip(b"\xef\xbb\xbf \t\r\n")
    return head.startswith(b"\x1f\x8b") or (head.startswith(b"<") and b"<svg" in content[:4000])


def _is_plain(image: Image.Image, content: bytes) -> bool:
    moves = getattr(image, "is_animated", False)
    deep = image.format == "PNG" and content[24] > 8  # IHDR's bit depth
    turned = image.getexif().get(_TURNED, 1) != 1
    fits = max(image.size) <= LONGEST
    kept = image.format in ("PNG", "JPEG") and image.mode in _PLAIN
    return kept and fits and not (moves or deep or turned)


def _plain(image: Image.Image) -> Image.Image:
    """The image as letters show it, with nothing else that its file holds."""
    image = ImageOps.exif_transpose(image)
    if image.mode in ("CMYK", "YCCK"):
        image = _from_inks(image)
    elif image.mode.startswith("I"):
        image = image.convert("I").point(lambda value: value / 256).convert("L")
    elif image.mode not in ("L", "LA", "RGB", "RGBA"):
        image = image.convert("RGBA" if image.has_transparency_data else "RGB")
    if max(image.size) > LONGEST:
        image.thumbnail((LONGEST, LONGEST), Image.Resampling.LANCZOS)
    return image


def _from_inks(image: Image.Image) -> Image.Image:
    """CMYK as red, green and blue, by the file's own profile where it has one that can be used."""
    profile = image.info.get("icc_profile")
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            screen = ImageCms.createProfile("sRGB")
            found = ImageCms.profileToProfile(image, source, screen, outputMode="RGB")
        except (ImageCms.PyCMSError, OSError, ValueError):
            found = None
        if found is not None:
            return found
    return image.convert("RGB")


def _png(image: Image.Image) -> bytes:
    """The image as PNG without times, places, profiles or remarks."""
    bare = Image.new(image.mode, image.size)
    bare.paste(image)
    out = io.BytesIO()
    bare.save(out, "PNG")
    return out.getvalue()


def _blank(image: Image.Image) -> tuple[int, int]:
    """Columns at the left and rows above that show nothing on white paper."""
    colours = image.convert("RGBA")
    paper = Image.new("RGBA", image.size, "white")
    paper.alpha_composite(colours)
    drawn = ImageChops.invert(paper.convert("L")).getbbox()
    return (drawn[0], drawn[1]) if drawn else (0, 0)
