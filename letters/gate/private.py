"""The condition that nothing private is published, in whatever file and place it is repeated.

Private are the fields and parts of the contact that a round keeps so, and all addresses in
recipients.yaml. Values are compared without case, accents, spaces and signs, whole words only, so
that neither a line's end nor markup between letters hides one, nor `Leicester` is found in
`Leicestershire`. Numbers of telephones are compared without the code of the country.
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, chain

from ahocorasick import Automaton

from letters.document import as_read, passages, without_accents
from letters.errors import Place, Problem, some
from letters.files import FILE as RECIPIENTS
from letters.folders import LazyFiles
from letters.gate.candidate import Candidate
from letters.gate.file_texts import FoundText, texts_of
from letters.merge import letters_of
from letters.model import Entry, FieldType, Letter, Private, RecordField, RichText, Round, Value
from letters.people import Person, Recipient
from letters.project import ProjectRound
from letters.questions import PRIVATE, Answers, asked

LEAST = 6
"""Characters, single spaces among them, of the shortest value that is looked for."""

PUBLIC = "public"
"""The answer that a value is no secret."""

NAMED = 5
"""Places that a problem names."""

_HYPHENATED = re.compile("[-\u00ad\u2010\ufffe\x02]\\s*\\n\\s*")
_DIGEST = re.compile(r"\b[0-9a-f]{64}\b")
"""SHA-256, as the tool writes it: its letters and digits say nothing."""
_NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
_SIGNS = re.compile(r"[\W_]+")
_CODE = re.compile(r"(?:0*44)?0*(?=\d{9})")
_PARTS = re.compile(r"(?<![\w.+'-])[\w.+'-]+@[\w-]+(?:\.[\w-]+)+|(?:\+|\b0)\d[\d ()./-]{7,}\d")
"""E-mail addresses and telephone numbers inside a longer text."""
_MARKDOWN = re.compile(r"(?m)^ *(?:(?:\d+[.)]|[-*+>#]+) +)+|(?<=\])\([^()\n]*\)")
"""Signs of lists, quotations and headings, and where links lead."""


@dataclass(frozen=True, slots=True)
class PrivateText:
    """A private text: the field it is kept in, and of whom; where it was read."""

    text: str
    field: str
    whose: str
    place: Place

    @property
    def question(self) -> str:
        """Name what the answer that it is public quotes."""
        return f"{PRIVATE} value '{self.text}'"


def private_texts(project_round: ProjectRound) -> Iterator[PrivateText]:
    """Yield every private text of a round, line by line, however short."""
    round_ = project_round.round
    yield from _of_signatories(project_round)
    for private in round_.private:
        if text := _of_contact(round_, private):
            place = project_round.places.get(private.value.replace("_", "."))
            file = place or Place(f"rounds/{round_.id}/round.yaml")
            yield PrivateText(text, private.value, "the round", file.at("contact"))
    for letter in letters_of(project_round):
        yield from _of_record(letter)
    people = {*project_round.present.values(), *project_round.recipients}
    for recipient in sorted(people, key=lambda each: (each.id, repr(each))):
        yield from _of_recipient(recipient)


def _of_signatories(project_round: ProjectRound) -> Iterator[PrivateText]:
    round_, kept = project_round.round, {each.value for each in project_round.round.private}
    for id_, person in round_.signatories.items():
        for name, text in (("email", person.email), ("phone", person.phone)):
            if text and f"signatory_{name}" in kept:
                whole = Place(f"rounds/{round_.id}/round.yaml")
                place = project_round.places.get(f"signatories.{id_}.{name}", whole)
                yield PrivateText(text, f"signatory_{name}", person.name, place.at("signatories"))


def _of_contact(round_: Round, private: Private) -> str | None:
    if not private.value.startswith("contact_") or round_.contact is None:
        return None
    text: str | None = getattr(round_.contact, private.value.removeprefix("contact_"))
    return text


_TEXTS = (FieldType.TEXT, FieldType.RICH_TEXT)


def _of_record(letter: Letter) -> Iterator[PrivateText]:
    whose = " and ".join(recipient.name for recipient in letter.recipients)
    for name, field in letter.round.fields.items():
        for value in _private_values(letter, name, field):
            for text in _lines(value):
                yield PrivateText(text, name, whose, letter.places[name])


def _private_values(letter: Letter, name: str, field: RecordField) -> Iterator[Value]:
    """The texts of a private field; of a list, those of its entries."""
    value = letter.values[name]
    if not field.private or value is None:
        return
    if field.type in _TEXTS:
        yield value
    elif isinstance(value, tuple):
        entries = (each for each in value if isinstance(each, Entry))
        parts = (part for each in entries for part in each.values.values())
        yield from (part for part in parts if isinstance(part, str | RichText))


def _lines(value: Value) -> Iterator[str]:
    """The lines of a text, and each address and telephone number in them."""
    text = _MARKDOWN.sub("", value.markdown if isinstance(value, RichText) else str(value))
    for line in filter(None, map(as_read, text.splitlines())):
        yield line
        yield from (match[0] for match in _PARTS.finditer(line) if match[0] != line)


def _of_recipient(recipient: Recipient) -> Iterator[PrivateText]:
    place, names = Place(RECIPIENTS, field=recipient.id), _folded(_names(recipient))
    groups = (("addressee", recipient.addressees), ("copied_to", recipient.copied_to))
    for kind, people in groups:
        for person in people:
            for field, text in _addresses(person):
                if not _stands(_key(text), *names):
                    yield PrivateText(as_read(text), f"{kind}_{field}", recipient.name, place)


def _addresses(person: Person) -> Iterator[tuple[str, str]]:
    if person.email:
        yield "email", person.email
    yield from (("postal", line) for line in person.postal)


def _names(recipient: Recipient) -> str:
    """Names that letters print, though a line of an address may repeat one, or a part of it."""
    people = (*recipient.addressees, *recipient.copied_to)
    names = (name for each in people for name in (each.name, each.office, each.organisation))
    return "\n".join(filter(None, (recipient.name, *names)))


def not_searched(candidate: Candidate) -> Iterator[str]:
    """Say what is private and cannot be looked for, a sentence for each field."""
    round_ = candidate.project_round.round
    for name, field in round_.fields.items():
        if field.private and field.type not in (*_TEXTS, FieldType.LIST):
            yield f"'{name}' is not searched for: its type is '{field.type}'."
    if Private.SIGNATURE in round_.private:
        yield "'signature' is not searched for: it is a picture."
    short: dict[str, dict[str, None]] = {}
    for kept in private_texts(candidate.project_round):
        if not _is_long(kept.text):
            short.setdefault(kept.field, {})[kept.whose] = None
    for name, whose in short.items():
        of = ", ".join(whose)
        yield f"'{name}' of {of} is not searched for: it is shorter than {LEAST} characters."


def _is_long(text: str) -> bool:
    return len(as_read(text)) >= LEAST and bool(_folded(text)[0])


def _folded(text: str) -> tuple[str, set[int]]:
    """The letters and digits of `text`, and the places among them where others stood."""
    line = _DIGEST.sub(" ", _HYPHENATED.sub("", text))
    if not line.isascii():  # a name is known without its accents too
        line = _NOT_ASCII.sub(lambda match: without_accents(match[0]), line)
    words = _SIGNS.split(as_read(line).casefold())
    return "".join(words), set(accumulate(map(len, words), initial=0))


def _key(text: str) -> str:
    """The letters and digits that are looked for."""
    key = _folded(text)[0]
    return _CODE.sub("", key, count=1) if _is_phone(key) else key


def _is_phone(key: str) -> bool:
    return key.isdecimal() and len(key) >= 9


class _Sought:
    """Keys to look for in one pass over a text."""

    def __init__(self, keys: Iterable[str]) -> None:
        self._automaton = Automaton()
        for key in filter(None, keys):
            self._automaton.add_word(key, key)
        self._automaton.make_automaton()
        # Most words of a round's letters are the same in each, and in each format.
        self.find = lru_cache(maxsize=4096)(self._find)

    def _find(self, text: str) -> tuple[str, ...]:
        """Every key that stands in `text`, each once."""
        if not len(self._automaton):
            return ()
        line, edges = _folded(text)
        found = sorted({key for _, key in self._automaton.iter(line)})
        return tuple(key for key in found if _stands(key, line, edges))


def _stands(key: str, line: str, edges: set[int]) -> bool:
    """Whether `key` is in `line` as whole words; a telephone number may follow its code."""
    start = line.find(key) if key else -1
    while start >= 0:
        end = start + len(key)
        if (_is_phone(key) or _parts(start, line, edges)) and _parts(end, line, edges):
            return True
        start = line.find(key, start + 1)
    return False


def _parts(n: int, line: str, edges: set[int]) -> bool:
    """Whether the character at `n` does not go on what is before it."""
    return n in edges or line[n - 1].isdecimal() != line[n].isdecimal()


def leaks(
    project_round: ProjectRound, texts: Iterable[FoundText], answers: Answers | None = None
) -> Iterator[Problem]:
    """Yield a problem for each private text in `texts` that was not answered to be public.

    `answers` are asked about every private text, those of the round unless given.
    """
    answers = answers or Answers(project_round.round, project_round.places)
    secret: dict[str, list[PrivateText]] = {}
    allowed = {_key(each.name) for each in project_round.round.named_exceptions}
    for kept in private_texts(project_round):
        is_public = answers.to(kept.question) == PUBLIC or _key(kept.text) in allowed
        if _is_long(kept.text) and not is_public:
            secret.setdefault(_key(kept.text), []).append(kept)
    sought, found = _Sought(secret), dict[str, dict[str, None]]()
    for text in texts:
        for key in sought.find(text.text):
            found.setdefault(key, {})[text.where] = None
    for key, places in found.items():
        yield _leak(secret[key], list(places))


def _leak(owners: list[PrivateText], places: list[str]) -> Problem:
    first = owners[0]
    whose = " and ".join(dict.fromkeys(f"{each.field} of {each.whose}" for each in owners))
    where = some(places, NAMED, "; ")
    what = f"'{first.text}' is private ({whose}), and would be published: {where}."
    fix = "Take it out there. If it is no secret,"
    return asked(first.place, what, first.question, (PUBLIC,), fix)


def private_problems(
    project_round: ProjectRound, texts: Iterable[FoundText]
) -> tuple[Problem, ...]:
    """Gather the `leaks`, and answers about texts that are private no more."""
    answers = Answers(project_round.round, project_round.places)
    return (*leaks(project_round, texts, answers), *answers.idle(PRIVATE))


def repeated(candidate: Candidate) -> Iterator[Problem]:
    """Find private texts in what is known of a publication before its pages are made.

    When the round is published these are made, and all its files searched.
    """
    declared = (FoundText(str(place), text) for place, text in _declared(candidate))
    files, unmade = _reports(candidate), []
    for letter in candidate.finished:
        made = _files(candidate, letter)
        files |= made
        unmade += [] if made else [letter]
    words = (said for letter in unmade for said in _in_words(candidate, letter))
    texts = chain(declared, words, texts_of(LazyFiles(files)))
    yield from private_problems(candidate.project_round, texts)


_TOLD = {
    *("title", "sender", "publication_types", "summary", "nouns", "outcomes", "claims"),
    "national_report",
}
"""Parts of round.yaml that a publication repeats."""


def _declared(candidate: Candidate) -> Iterator[tuple[Place, str]]:
    """What round.yaml says of the round and its public fields, and the cells to be published."""
    round_ = candidate.project_round.round
    told = round_.model_dump(include=_TOLD)
    fields = {n: (f.help, f.choices) for n, f in round_.fields.items() if not f.private}
    waiting: list[tuple[tuple[str | int, ...], object]] = [
        *(((name,), part) for name, part in told.items()),
        *((("fields", name), each) for name, each in fields.items()),
    ]
    while waiting:
        steps, part = waiting.pop(0)
        if isinstance(part, str):
            yield candidate.place(*steps), part
        elif isinstance(part, dict):
            waiting += (((*steps, key), each) for key, each in part.items())
        elif isinstance(part, tuple):
            waiting += (((*steps, n), each) for n, each in enumerate(part))
    for letter in candidate.finished:
        yield from _cells(letter, candidate.fields_said(letter))


def _cells(letter: Letter, said: Iterable[str]) -> Iterator[tuple[Place, str]]:
    for name in sorted(said):
        field, value = letter.round.fields.get(name), letter.values.get(name)
        if field and not field.private and isinstance(value, RichText | str):
            text = value.markdown if isinstance(value, RichText) else value
            yield letter.places[name], text


def _reports(candidate: Candidate) -> dict[str, Callable[[], bytes]]:
    """The national report and the press release, where the site offers copies of them."""
    report = candidate.project_round.round.national_report
    documents = (report, report.press_release) if report else ()
    names = [each.file for each in documents if each and each.file and not each.address]
    paths = {name: candidate.project_round.folder / name for name in names}
    return {name: path.read_bytes for name, path in paths.items() if path.is_file()}


def _files(candidate: Candidate, letter: Letter) -> dict[str, Callable[[], bytes]]:
    """The files of an approved letter as they would be published; none of one not approved yet."""
    files = candidate.files.get(letter.id, {})
    if isinstance(files, Problem):
        return {}  # among the files unsound_files
    return {f"letters/{each.file.name}": each.read for each in files.values()}


def _in_words(candidate: Candidate, letter: Letter) -> Iterator[FoundText]:
    """The words of a letter of which no file is made."""
    where = f"the letter to {' and '.join(recipient.name for recipient in letter.recipients)}"
    document = candidate.published(letter)
    yield from (FoundText(where, passage.text) for passage in passages(document))
