"""Broken web letters, made from good ones by editing their text."""

from collections.abc import Callable

from tests.broken_files.case import WELSH, Broken

TITLE = "Digital evidence: from seizure to return – Fennimarsh &amp; the Saltings Police</title>"

NO_ZOOM = "<meta>: The page forbids its readers to enlarge it twofold. (WCAG 2.2 1.4.4)"


def replaced(old: str, new: str) -> Callable[[bytes], bytes]:
    """Text replaced wherever it stands; it must stand somewhere."""

    def apply(content: bytes) -> bytes:
        text = content.decode()
        assert old in text
        return text.replace(old, new).encode()

    return apply


def in_latin_1(content: bytes) -> bytes:
    return content.decode().encode("latin-1", errors="replace")


HTMLS = (
    Broken(
        "no title",
        replaced(TITLE, "</title>"),
        ("The file has no title. (WCAG 2.2 2.4.2)",),
    ),
    Broken(
        "no language",
        replaced('<html lang="en-GB">', "<html>"),
        ("The file does not say which language it is in. (WCAG 2.2 3.1.1)",),
    ),
    Broken(
        "no character set",
        replaced('<meta charset="utf-8">', ""),
        ("The file does not say that it is written in UTF-8. (HTML 4.2.5.4)",),
    ),
    Broken(
        "no doctype",
        replaced("<!DOCTYPE html>", ""),
        ("The file does not begin with <!doctype html>. (HTML 13.1.1)",),
    ),
    Broken(
        "heading gap",
        replaced("<h2>What we found", "<h3>What we found"),
        (
            "'What we found': A heading of level 3 follows one of level 1: a level is"
            " left out. (WCAG 2.2 1.3.1)",
        ),
    ),
    Broken(
        "no alternative text",
        replaced(' alt="Signature of Dame Beatrix Merriden"', ""),
        ("image: An image has no alternative text. (WCAG 2.2 1.1.1)",),
    ),
    Broken(
        "script",
        replaced("</body>", "<script>1</script></body>"),
        ("<script>: The page holds a script. (letters: web)",),
    ),
    Broken(
        "link that is a script",
        replaced("</main>", '<p><a href="javascript:go()">Go</a></p></main>'),
        ("<a>: The page holds a script. (letters: web)",),
    ),
    Broken(
        "form",
        replaced("</main>", "<form></form></main>"),
        ("<form>: The page holds a form. (letters: web)",),
    ),
    Broken(
        "page that leaves by itself",
        replaced("<title>", '<meta http-equiv="refresh" content="9"><title>'),
        ("<meta>: The page leads its reader away by itself. (WCAG 2.2 2.2.1)",),
    ),
    Broken(
        "page that cannot be enlarged",
        replaced("width=device-width", "width=device-width, user-scalable=no"),
        (NO_ZOOM,),
    ),
    Broken(
        "page that can hardly be enlarged",
        replaced("width=device-width", "width=device-width, maximum-scale=1.5"),
        (NO_ZOOM,),
    ),
    Broken(
        "words hidden",
        replaced("</main>", '<p aria-hidden="true">Psst</p></main>'),
        ("'Psst': Words are hidden from some or all readers. (WCAG 2.2 1.3.1)",),
    ),
    Broken(
        "link without words",
        replaced("</main>", '<p>See <a href="https://x.example/"></a></p></main>'),
        ("'https://x.example/': A link has no words. (WCAG 2.2 2.4.4)",),
    ),
    Broken(
        "handler of events",
        replaced("<main>", '<main onclick="go()">'),
        ("<main>: The page holds a script. (letters: web)",),
    ),
    Broken(
        "image from elsewhere",
        replaced("</main>", '<img src="https://pictures.example/a.png" alt="A map"></main>'),
        (
            "<img>: The page loads something from outside itself: "
            "'https://pictures.example/a.png'. (letters: web)",
        ),
    ),
    Broken(
        "stylesheet from elsewhere",
        replaced("</style>", '@import "https://looks.example/a.css";</style>'),
        (
            "<style>: The page loads something from outside itself: "
            "'https://looks.example/a.css'. (letters: web)",
        ),
    ),
    Broken(
        "one id twice",
        replaced("<main>", '<main id="letter-information">'),
        ("2 elements have the same id, 'letter-information'. (HTML 3.2.6)",),
    ),
    Broken(
        "header cell without scope",
        replaced('<th scope="col" class="left">', '<th class="left">'),
        (
            "'Measure': A header cell does not say whether it heads its column or its"
            " row. (WCAG 2.2 1.3.1)",
        ),
    ),
    Broken(
        "no main region",
        replaced("<main>", "<div>"),
        ("The page has no main regions; it needs exactly one. (WCAG 2.2 1.3.1)",),
    ),
    Broken(
        "placeholder left",
        replaced("Yours sincerely", "{{ closing_label }}"),
        ("A sign of the template was left behind: '{{ closing_label }}'. (letters: placeholders)",),
    ),
    Broken(
        "Welsh unmarked",
        replaced(' lang="cy"', ""),
        (
            "'Our thanks go to the staff of Heddlu Bro Ŵydden who spoke t…': Welsh "
            "words are not marked as Welsh, so they are read out as if they were "
            "English. (WCAG 2.2 3.1.2)",
        ),
        WELSH,
    ),
    Broken(
        "not UTF-8",
        in_latin_1,
        ("The file is not written in UTF-8. (HTML 4.2.5.4)",),
    ),
    Broken(
        "empty",
        lambda _: b"",
        ("The file is empty. (HTML)",),
    ),
)
