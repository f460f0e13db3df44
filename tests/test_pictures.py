"""Pictures of every kind: kept, converted the same way every time, or refused in plain words."""

import base64
import io
from pathlib import Path

import pytest
from PIL import Image, ImageCms, ImageFile, PngImagePlugin

from letters import Project, check_project
from letters.errors import Refused
from letters.merge import merge_letter
from letters.pictures import JPEG, LONGEST, PNG, alike, ready, ready_png
from letters.render.round_templates import RoundTemplates
from letters.validators import validate
from tests.builders import changed

NAVY, WHITE = (29, 52, 97), (255, 255, 255)


def a_picture(mode: str = "RGB", size: tuple[int, int] = (60, 20)) -> Image.Image:
    """White, its left half navy."""
    image = Image.new("RGB", size, WHITE)
    image.paste(NAVY, (0, 0, size[0] // 2, size[1]))
    return image.convert(mode)


def saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def turned() -> Image.Exif:
    exif = Image.Exif()
    exif[0x0112] = 6  # the right side is the top: turn it clockwise
    return exif


def deep_grey() -> Image.Image:
    deep = a_picture("L").convert("I").point(lambda value: value * 257)
    return deep.convert("I;16")


def moving(kind: str) -> bytes:
    return saved(a_picture(), kind, save_all=True, append_images=[Image.new("RGB", (60, 20))])


KEPT = {
    "PNG": saved(a_picture(), "PNG"),
    "grey": saved(a_picture("L"), "PNG"),
    "palette": saved(a_picture().quantize(8), "PNG"),
    "see-through": saved(a_picture("RGBA"), "PNG"),
    "black and white": saved(a_picture("1"), "PNG"),
    "JPEG": saved(a_picture(), "JPEG"),
    "progressive JPEG": saved(a_picture(), "JPEG", progressive=True),
    "grey JPEG": saved(a_picture("L"), "JPEG"),
}
CONVERTED = {
    "inks": saved(a_picture("CMYK"), "JPEG", quality=95),
    "inks with a profile that is none": saved(
        a_picture("CMYK"), "JPEG", quality=95, icc_profile=b"no profile"
    ),
    "inks with a profile of other colours": saved(
        a_picture("CMYK"),
        "JPEG",
        quality=95,
        icc_profile=ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes(),
    ),
    "sixteen bits": saved(deep_grey(), "PNG"),
    "turned by its camera": saved(a_picture(size=(60, 20)), "JPEG", exif=turned(), quality=95),
    "WebP": saved(a_picture(), "WEBP", lossless=True),
    "GIF": saved(a_picture(), "GIF"),
    "moving GIF": moving("GIF"),
    "moving PNG": moving("PNG"),
    "huge": saved(a_picture(size=(6000, 2000)), "PNG"),
}


@pytest.mark.parametrize("name", KEPT)
def test_what_every_format_shows_is_left_as_it_is(name: str) -> None:
    assert ready(KEPT[name]).content == KEPT[name]


@pytest.mark.parametrize("name", CONVERTED)
def test_the_rest_becomes_a_plain_png_that_shows_the_same(name: str) -> None:
    picture = ready(CONVERTED[name])
    image = Image.open(io.BytesIO(picture.content))
    assert (image.format, image.mode in ("L", "RGB", "RGBA"), image.info) == ("PNG", True, {})
    shape = (20, 60) if name.startswith("turned") else (60, 20)
    assert picture.width / picture.height == pytest.approx(shape[0] / shape[1], rel=0.01)
    assert max(image.size) <= LONGEST
    colours = image.convert("RGB")
    first, last = colours.getpixel((1, 1)), colours.getpixel((image.width - 2, image.height - 2))
    assert isinstance(first, tuple)
    assert isinstance(last, tuple)
    assert sum(first) < 300 < 700 < sum(last)


@pytest.mark.parametrize("name", CONVERTED)
def test_what_is_ready_stays_as_it_is(name: str) -> None:
    once = ready(CONVERTED[name]).content
    assert ready(once).content == once


@pytest.mark.parametrize("lenient", [False, True])
@pytest.mark.parametrize(
    ("content", "said"),
    [
        (
            b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>",
            "is an SVG drawing, which Word cannot show. Save it as a PNG image.",
        ),
        (
            saved(Image.new("1", (9000, 6000)), "PNG"),
            "has more than 50 million points. "
            "Save it with at most 2,000 points on its longer side.",
        ),
        (
            saved(Image.new("1", (20000, 20000)), "PNG"),
            "has more than 50 million points. "
            "Save it with at most 2,000 points on its longer side.",
        ),
        (
            saved(a_picture(), "TIFF"),
            "is not an image that can be read. Save it as a PNG or JPEG image.",
        ),
        (
            saved(a_picture(), "JPEG")[:-60],
            "is not an image that can be read. Save it as a PNG or JPEG image.",
        ),
        (b"", "is not an image that can be read. Save it as a PNG or JPEG image."),
    ],
)
def test_what_cannot_be_shown_is_refused(
    content: bytes, said: str, lenient: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", lenient)  # as the PDF engine sets it
    with pytest.raises(Refused) as refused:
        ready(content)
    assert str(refused.value) == said


REMARK = "Taken by Briony Tallow"


def with_remarks(kind: str) -> bytes:
    """A picture whose file says more than it shows."""
    exif = Image.Exif()
    exif[0x013B] = REMARK  # the artist
    if kind == "JPEG":
        return saved(a_picture(), "JPEG", quality=95, exif=exif, comment=REMARK.encode())
    remarks = PngImagePlugin.PngInfo()
    remarks.add_text("Author", REMARK)
    remarks.add_itxt("Comment", REMARK, zip=True)
    return saved(a_picture(), "PNG", exif=exif, pnginfo=remarks)


@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_what_a_picture_says_beside_its_points_is_in_no_letter(kind: str) -> None:
    content = with_remarks(kind)
    bare = ready(content).content
    opened = Image.open(io.BytesIO(bare))
    opened.load()
    assert (opened.info.get("comment"), opened.info.get("Author"), dict(opened.getexif())) == (
        None,
        None,
        {},
    )
    assert REMARK.encode() not in bare
    assert opened.tobytes() == Image.open(io.BytesIO(content)).tobytes()
    assert bare == saved(a_picture(), kind, **({"quality": 95} if kind == "JPEG" else {}))


def test_a_signature_is_a_png_in_the_end() -> None:
    made = ready_png(KEPT["JPEG"])
    assert (made.media_type, made.width, made.height) == (PNG, 60, 20)
    assert ready(KEPT["JPEG"]).media_type == JPEG
    assert ready_png(KEPT["palette"]).content == KEPT["palette"]


def test_blank_edges_are_counted() -> None:
    image = Image.new("RGBA", (50, 40))
    image.paste((255, 255, 255, 255), (5, 5, 50, 40))
    image.paste((0, 0, 0, 255), (12, 7, 20, 20))
    picture = ready(saved(image, "PNG"))
    assert (picture.blank_left, picture.blank_above) == (12, 7)


def test_pictures_are_alike_by_what_they_show() -> None:
    packed = saved(a_picture(), "PNG", compress_level=1)
    assert packed != KEPT["PNG"]
    assert alike(packed, KEPT["PNG"])
    assert alike(saved(a_picture("RGBA"), "PNG"), KEPT["PNG"])
    assert not alike(saved(a_picture(size=(60, 21)), "PNG"), KEPT["PNG"])
    assert not alike(b"a drawing of Windows", KEPT["PNG"])


LAYOUT = "templates/letterhead"


def with_crest(root: Path, name: str, content: bytes) -> Path:
    """The starter with another file as the crest of its PDF and web page."""
    (root / LAYOUT / name).write_bytes(content)
    for sheet in ("print.css", "screen.css"):
        path = root / LAYOUT / sheet
        path.write_text(changed(path.read_text("utf-8"), "crest.png", name), "utf-8")
    return root


def inside(content: bytes, kind: str) -> str:
    return f"data:image/{kind};base64,{base64.b64encode(content).decode()}"


@pytest.mark.parametrize("name", ["inks", "sixteen bits", "turned by its camera", "WebP"])
def test_a_crest_of_any_kind_is_built_and_its_pdf_is_sound(name: str, starter: Path) -> None:
    root = with_crest(starter, "badge.jpg", CONVERTED[name])
    assert [str(each) for each in check_project(Project.load(root))] == []
    round_ = Project.load(root).round()
    round_templates = RoundTemplates.load(round_)
    document = round_templates.typeset(merge_letter(round_, "ashmere"))
    for format_ in ("pdf", "html"):
        file = round_templates.render(document, format_)
        assert validate(file.name, file.content) == ()
    assert inside(ready(CONVERTED[name]).content, "png") in file.content.decode()


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        (
            "badge.svg",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            f"{LAYOUT}/badge.svg: 'badge.svg' is an SVG drawing, which Word cannot show. "
            "Save it as a PNG image.",
        ),
        (
            "badge.png",
            saved(Image.new("1", (9000, 6000)), "PNG"),
            f"{LAYOUT}/badge.png: 'badge.png' has more than 50 million points. "
            "Save it with at most 2,000 points on its longer side.",
        ),
        (
            "badge.jpg",
            b"a badge",
            f"{LAYOUT}/badge.jpg: 'badge.jpg' is not an image that can be read. "
            "Save it as a PNG or JPEG image.",
        ),
    ],
)
def test_check_refuses_a_crest_that_cannot_be_shown(
    name: str, content: bytes, said: str, starter: Path
) -> None:
    root = with_crest(starter, name, content)
    assert [str(each) for each in check_project(Project.load(root))] == [said]


def test_a_picture_that_no_style_sheet_names_is_nobodys_business(starter: Path) -> None:
    (starter / LAYOUT / "sketch.svg").write_bytes(b"<svg xmlns='http://www.w3.org/2000/svg'/>")
    assert check_project(Project.load(starter)) == ()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (CONVERTED["inks"], "cannot be shown by every format."),
        (b"<svg/>", "is an SVG drawing, which Word cannot show."),
        (b"a badge", "is not an image that can be read."),
    ],
)
def test_check_refuses_a_picture_written_out_in_a_style_sheet(
    content: bytes, why: str, starter: Path
) -> None:
    path = starter / LAYOUT / "print.css"
    text = path.read_text("utf-8")
    path.write_text(changed(text, "crest.png", inside(content, "jpeg")), "utf-8")
    line = text[: text.index("crest.png")].count("\n") + 1
    assert [str(each) for each in check_project(Project.load(starter))] == [
        f"{LAYOUT}/print.css:{line}: The picture written out in 'data:' {why} "
        "Save it as a file in the layout’s folder, and write its name instead."
    ]


def test_a_sound_picture_written_out_in_a_style_sheet_is_shown(starter: Path) -> None:
    path = starter / LAYOUT / "print.css"
    address = inside(KEPT["JPEG"], "jpeg")
    path.write_text(changed(path.read_text("utf-8"), "crest.png", address), "utf-8")
    assert check_project(Project.load(starter)) == ()


def test_a_signature_may_be_a_jpeg_of_inks(starter: Path) -> None:
    (folder,) = (path.parent for path in starter.glob("rounds/*/signature.png"))
    (folder / "signature.jpg").write_bytes(CONVERTED["inks"])
    path = folder / "round.yaml"
    path.write_text(changed(path.read_text("utf-8"), "signature.png", "signature.jpg"), "utf-8")
    assert check_project(Project.load(starter)) == ()
    round_ = Project.load(starter).round()
    round_templates = RoundTemplates.load(round_)
    document = round_templates.typeset(merge_letter(round_, "ashmere"))
    for format_ in ("docx", "pdf", "html"):
        file = round_templates.render(document, format_)
        assert validate(file.name, file.content) == ()
