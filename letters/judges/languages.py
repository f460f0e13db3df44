"""Whether the formats of one letter say that they are in the same language."""

from __future__ import annotations

import io
from collections import Counter
from collections.abc import Callable, Mapping
from pathlib import PurePath

from lxml import etree
from pikepdf import Pdf, PdfError

from letters.judges.docx.parts import read_parts
from letters.judges.docx.properties import default_language
from letters.judges.finding import Finding, quoted

_RULE = "letters: one language"


def language_findings(files: Mapping[str, bytes]) -> dict[str, Finding]:
    """The files of one letter whose language is another than that of the others, by name.

    A country makes no difference: Word writes 'cy-GB' where others write 'cy'. A file that names no
    language, or cannot be read, is left to its own judge.
    """
    named = {name: language for name, file in files.items() if (language := _named(name, file))}
    if not named:
        return {}
    agreed = Counter(map(_plain, named.values())).most_common(1)[0][0]
    other = next(name for name, language in named.items() if _plain(language) == agreed)
    return {
        name: Finding(_RULE, _differs(language, other, named[other]))
        for name, language in named.items()
        if _plain(language) != agreed
    }


def _differs(language: str, other: str, its: str) -> str:
    return f"The file says that it is in {quoted(language)}; {other} says {quoted(its)}."


def _plain(language: str) -> str:
    return language.partition("-")[0].lower()


def _named(name: str, content: bytes) -> str:
    return _READERS[PurePath(name).suffix.lower()](content).strip()


def _of_word(content: bytes) -> str:
    parts = read_parts(content)
    return "" if isinstance(parts, Finding) else default_language(parts)


def _of_page(content: bytes) -> str:
    page = etree.HTML(content, etree.HTMLParser(encoding="utf-8")) if content.strip() else None
    return "" if page is None else page.get("lang", "")


def _of_pdf(content: bytes) -> str:
    try:
        with Pdf.open(io.BytesIO(content)) as pdf:
            return str(pdf.Root.get("/Lang", ""))
    except PdfError:
        return ""


_READERS: Mapping[str, Callable[[bytes], str]] = {
    ".docx": _of_word,
    ".html": _of_page,
    ".pdf": _of_pdf,
}
