"""E-mail drafts: a template's subject and text filled in, a PDF attached, nothing smuggled in."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

from letters.errors import Place, Problem, ProblemsFound, did_you_mean
from letters.files import digest, relative
from letters.sources.tables import checked, read_text

SUBJECT = "Subject:"

_PLACEHOLDER = re.compile(r"\{\{\s*(?P<name>[^{}]*?)\s*\}\}")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
"""The addresses that browsers take in a form (HTML, 4.10.5.1.5), with a dot behind the @."""
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029]")


@dataclass(frozen=True, slots=True)
class Mail:
    """What a draft says, to whom, and what is attached to it."""

    to: Sequence[tuple[str, str]]
    """Display name and address of each."""
    copies: Sequence[tuple[str, str]]
    subject: str
    text: str
    attachment: str
    content: bytes


@dataclass(frozen=True, slots=True)
class MailTemplate:
    """The template of an e-mail: a line `Subject: …`, an empty line, the text.

    `{{ name }}` prints what a letter prints for that name; there is nothing else to learn.
    """

    place: Place
    subject: str
    lines: tuple[str, ...]

    @classmethod
    def load(cls, path: Path, root: Path) -> MailTemplate:
        """Read the template at `path` of the project `root`. Raises ProblemsFound."""
        place = Place(relative(path, root))
        how = (
            "Write it: a line 'Subject: {{ round_title }} – {{ force_name }}', an empty line, the"
            " text. 'letters new' writes one that can be copied."
        )
        if not path.is_file():
            raise ProblemsFound([Problem(place, "There is no such template.", how)])
        problems: list[Problem] = []
        text = read_text(path, root, problems)
        if text is None:
            raise ProblemsFound(problems)
        first, *rest = text.split("\n")
        for number, row in enumerate(text.split("\n"), 1):
            checked(row, Place(place.file, number), problems)
        if problems:
            raise ProblemsFound(problems)
        subject = first.removeprefix(SUBJECT).strip()
        if not first.startswith(SUBJECT) or not subject:
            what = "The first line does not give the subject."
            raise ProblemsFound([Problem(Place(place.file, 1), what, "Begin with 'Subject: '.")])
        if not rest or rest[0].strip() or not "".join(rest).strip():
            what = "An empty line and the text must follow the subject."
            raise ProblemsFound([Problem(Place(place.file, 2), what, how)])
        return cls(place, subject, tuple("\n".join(rest[1:]).rstrip("\n").split("\n")))

    def problems(self, names: Collection[str]) -> tuple[Problem, ...]:
        """Placeholders that no letter has."""
        found = []
        for number, line in self._numbered():
            for match in _PLACEHOLDER.finditer(line):
                if match["name"] not in names:
                    what = f"{{{{ {match['name']} }}}} is not a placeholder."
                    fix = did_you_mean(match["name"], names) or "Correct or delete it."
                    found.append(Problem(Place(self.place.file, number), what, fix))
        return tuple(found)

    def filled(
        self, texts: Mapping[str, str], letter: str, problems: list[Problem]
    ) -> tuple[str, str]:
        """Subject and text with `texts` in place, each printed as it is.

        A placeholder that holds nothing in this letter is a problem, and so is a subject that
        would break out of its line.
        """
        lines = [self._line(n, line, texts, letter, problems) for n, line in self._numbered()]
        subject, text = lines[0], "\n".join(lines[1:]) + "\n"
        if _CONTROL.search(subject):
            what = f"The subject breaks out of its line in the e-mail to {letter}."
            fix = "Print only values of one line in it."
            problems.append(Problem(Place(self.place.file, 1), what, fix))
        return subject, text

    def _numbered(self) -> Iterator[tuple[int, str]]:
        yield 1, self.subject
        yield from enumerate(self.lines, start=3)

    def _line(
        self, number: int, line: str, texts: Mapping[str, str], letter: str, problems: list[Problem]
    ) -> str:
        for match in _PLACEHOLDER.finditer(line):
            if not texts.get(match["name"]):
                what = f"{{{{ {match['name']} }}}} has no value in the e-mail to {letter}."
                fix = f"Fill in {match['name']}, or take it out of the template."
                problems.append(Problem(Place(self.place.file, number), what, fix))
        return _PLACEHOLDER.sub(lambda match: texts.get(match["name"], ""), line)


def is_address(address: str) -> bool:
    """Whether `address` can be in the head of an e-mail as it is (RFC 5322, 3.4.1, dot-atom)."""
    return bool(_ADDRESS.fullmatch(address)) and ".." not in address


def is_one_line(text: str) -> bool:
    """Whether `text` can be in a header: a line break would begin another header."""
    return not _CONTROL.search(text)


def draft(mail: Mail) -> bytes:
    """The e-mail as an `.eml` file that mail programs open as a draft (`X-Unsent: 1`).

    Equal mails give equal bytes: no clock, no random boundary. Raises ValueError for an address
    or a header that `is_address` and `is_one_line` refuse.
    """
    heads = ["X-Unsent: 1", _people("To", mail.to)]
    if mail.copies:
        heads.append(_people("Cc", mail.copies))
    heads.append(f"Subject: {_words(mail.subject)}")
    message = EmailMessage(policy=SMTP)
    message.set_content(mail.text, cte="quoted-printable")
    message.add_attachment(
        mail.content, maintype="application", subtype="pdf", filename=mail.attachment
    )
    message.set_boundary(f"letters-{digest(mail.text.encode() + mail.content)[:32]}")
    return "".join(f"{head}\r\n" for head in heads).encode("ascii") + message.as_bytes()


def _people(header: str, people: Sequence[tuple[str, str]]) -> str:
    """A header of addresses, each on a line of its own.

    Written here and not by the standard library, which takes the quotation marks off a long name
    when it breaks the line, so that a comma in the name begins another address.
    """
    return f"{header}: " + ",\r\n ".join(_person(*each) for each in people)


def _person(name: str, address: str) -> str:
    if not is_address(address):
        raise ValueError(f"'{address}' is not an address")
    return f"{_phrase(name)}\r\n <{address}>"


def _phrase(name: str) -> str:
    """A display name: in quotation marks, but for the run of words that only encoding can carry.

    Readers differ over the space between two encoded words, so that the run is kept short.
    """
    words = _plain(name).split(" ")
    encoded = [n for n, word in enumerate(words) if _needs_encoding(word)]
    if not encoded:
        return _quoted(name)
    first, end = encoded[0], encoded[-1] + 1
    before, after = " ".join(words[:first]), " ".join(words[end:])
    run = _encoded(" ".join(words[first:end]))
    return "\r\n ".join(filter(None, (_quoted(before), run, _quoted(after))))


def _quoted(text: str) -> str:
    escaped = text.replace("\\", r"\\").replace('"', r"\"")
    return f'"{escaped}"' if text else ""


def _words(text: str) -> str:
    """A subject: as it is where it is short and plain, else in encoded words (RFC 2047)."""
    if len(_plain(text)) <= 60 and not _needs_encoding(text):
        return text
    return _encoded(text)


def _encoded(text: str) -> str:
    return Header(text, "utf-8", maxlinelen=75).encode(linesep="\r\n")


def _needs_encoding(text: str) -> bool:
    return not text.isascii() or "=?" in text


def _plain(text: str) -> str:
    if not is_one_line(text):
        raise ValueError("a header must be one line")
    return text
