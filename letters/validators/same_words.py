"""Whether the formats of one letter say the same, word for word, and in the same language."""

import io
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from pathlib import PurePath

from lxml import etree
from pikepdf import Pdf, PdfError

from letters.document import Document, Passage, as_read, passages, word_passages
from letters.errors import LettersError
from letters.render.readback import read_docx, read_html, read_page, read_pdf, read_word
from letters.render.round_templates import WEB, WORD
from letters.render.words import Finding, quoted
from letters.validators.docx import default_language, read_parts

_ONE_LANGUAGE = "letters: one language"


def language_findings(files: Mapping[str, bytes]) -> dict[str, Finding]:
    """The files of one letter whose language is another than that of the others, by name.

    A country makes no difference: Word writes 'cy-GB' where others write 'cy'. A file that names no
    language, or cannot be read, is left to its own validator.
    """
    named = {name: language for name, file in files.items() if (language := _language(name, file))}
    if not named:
        return {}
    agreed = Counter(map(_plain, named.values())).most_common(1)[0][0]
    other = next(name for name, language in named.items() if _plain(language) == agreed)
    return {
        name: Finding(_ONE_LANGUAGE, _differs(language, other, named[other]))
        for name, language in named.items()
        if _plain(language) != agreed
    }


def _differs(language: str, other: str, its: str) -> str:
    return f"The file says that it is in {quoted(language)}; {other} says {quoted(its)}."


def _plain(language: str) -> str:
    return language.partition("-")[0].lower()


def _language(name: str, content: bytes) -> str:
    return _LANGUAGES[PurePath(name).suffix.lower()](content).strip()


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


_LANGUAGES: Mapping[str, Callable[[bytes], str]] = {
    ".docx": _of_word,
    ".html": _of_page,
    ".pdf": _of_pdf,
}


_READERS: Mapping[str, Callable[[bytes], tuple[Passage, ...]]] = {
    ".docx": read_docx,
    ".html": read_html,
    ".pdf": read_pdf,
}
_RULE = "letters: one wording"
_SHOWN = 5  # words round a difference, in a message


def compare_formats(files: Mapping[str, bytes]) -> dict[str, tuple[Finding, ...]]:
    """Where the formats of one letter differ in their words or their language, by the name of the
    file that stands alone.

    `files` maps file names to contents. Two files that differ are told of the second; of three, the
    one that differs from the other two. One that cannot be read back is left to its own validator.
    """
    found = _differing(files)
    for name, finding in language_findings(files).items():
        found[name] = (*found.get(name, ()), finding)
    return found


def _differing(files: Mapping[str, bytes]) -> dict[str, tuple[Finding, ...]]:
    read = {name: text for name, content in files.items() if (text := _read(name, content))}
    if len(read) < 2:
        return {}
    agreed = _agreed(list(read.values()))
    other = next(name for name, text in read.items() if text == agreed)
    return {
        name: tuple(_differences(agreed, text, other))
        for name, text in read.items()
        if text != agreed
    }


def unlike_letter(name: str, content: bytes, letter: Document) -> tuple[Finding, ...]:
    """Where a Word file or web page says something else than its letter and layout.

    PDFs are held against them by their tags and pages. A file that cannot be read back is left to
    its own validator.
    """
    suffix = PurePath(name).suffix.lower()
    if suffix == ".pdf":
        return ()
    is_word = suffix == ".docx"
    try:
        text = read_word(content) if is_word else read_page(content)
    except LettersError:
        return ()
    wanted, place = (word_passages(letter), WORD) if is_word else (passages(letter), WEB)
    round_it = {as_read(line) for line in text.furniture}
    furniture = {as_read(line) for where, line in letter.layout.furniture if where == place}
    allowed = furniture | {as_read(line) for line in _about(letter)}
    return (
        *_unlike(_with_words(wanted), _with_words(text.flow)),
        *(
            Finding(_RULE, f"{quoted(line)} is round the letter, and not its layout's.")
            for line in sorted(round_it - allowed)
        ),
        *(
            Finding(_RULE, f"{quoted(line)} of the layout is missing.")
            for line in sorted(furniture - round_it)
        ),
    )


def _unlike(wanted: tuple[Passage, ...], found: tuple[Passage, ...]) -> Iterator[Finding]:
    return _differences(wanted, found, "the letter") if wanted != found else iter(())


def _with_words(text: Iterable[Passage]) -> tuple[Passage, ...]:
    return tuple(passage for passage in _as_read(text) if passage.text)


def _as_read(text: Iterable[Passage]) -> tuple[Passage, ...]:
    """Passages in the form in which words are compared."""
    return tuple(Passage(p.kind, p.label, as_read(p.text)) for p in text)


def _about(letter: Document) -> Iterator[str]:
    """What web pages say of a letter above it, and the marks of a draft."""
    yield letter.draft
    yield letter.handling
    yield letter.texts.get("letter_information_label", "")
    for label, lines in letter.information:
        yield label
        yield " ".join(lines)


def _read(name: str, content: bytes) -> tuple[Passage, ...]:
    """What a file says, in the form in which words are compared; nothing if it cannot be read."""
    try:
        return _with_words(_READERS[PurePath(name).suffix.lower()](content))
    except LettersError:
        return ()


def _agreed(texts: list[tuple[Passage, ...]]) -> tuple[Passage, ...]:
    """What most files say; the first where no two agree."""
    return Counter(texts).most_common(1)[0][0]


def _differences(
    agreed: tuple[Passage, ...], text: tuple[Passage, ...], other: str
) -> Iterator[Finding]:
    changes = SequenceMatcher(None, agreed, text, autojunk=False).get_opcodes()
    changed = [change for change in changes if change[0] != "equal"]
    for _, a, b, c, d in changed[:_SHOWN]:
        ours, theirs = text[c:d], agreed[a:b]
        if len(ours) == len(theirs):
            for mine, its in zip(ours, theirs, strict=True):
                yield _difference(mine, its, other)
        else:
            yield Finding(_RULE, _one_sided(ours, theirs, other))


def _difference(mine: Passage, its: Passage, other: str) -> Finding:
    if mine.text == its.text:
        what = f"This is a {_named(mine)} here and a {_named(its)} in {other}."
        return Finding(_RULE, what, quoted(mine.text))
    ours, theirs = _apart(mine.text, its.text)
    what = f"The words differ: {quoted(ours)} here is {quoted(theirs)} in {other}."
    return Finding(_RULE, what, quoted(mine.text))


def _named(passage: Passage) -> str:
    label = f" labelled {quoted(passage.label)}" if passage.label else ""
    return passage.kind + label


def _apart(mine: str, its: str) -> tuple[str, str]:
    """The words where two passages part, with a word on either side."""
    ours, theirs = mine.split(" "), its.split(" ")
    matcher = SequenceMatcher(None, ours, theirs, autojunk=False)
    changes = [change for change in matcher.get_opcodes() if change[0] != "equal"]
    _, a, b, c, d = changes[0]
    return " ".join(ours[max(0, a - 1) : b + 1]), " ".join(theirs[max(0, c - 1) : d + 1])


def _one_sided(ours: tuple[Passage, ...], theirs: tuple[Passage, ...], other: str) -> str:
    mine, its = (" ".join(p.text for p in side) for side in (ours, theirs))
    if not ours:
        return f"Text of {other} is not here: {quoted(its)}."
    if not theirs:
        return f"Text is here that {other} does not have: {quoted(mine)}."
    return f"The words differ: {quoted(mine)} here is {quoted(its)} in {other}."
