"""Hostile values in records: each is refused at its place, or printed as it was typed.

Made from a seed, in fields of every type and in names, through CSV, YAML and Excel files. What is
not refused is read back from the Word letter, the PDF and the web page.
"""

from __future__ import annotations

import csv
import io
import random
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
import yaml
from openpyxl import Workbook

from letters import BuildOptions, Project, build_round
from letters.build.record import BuiltLetter
from letters.errors import Place, Problem, ProblemsFound
from letters.render.readback import read_docx, read_html, read_pdf
from tests.builders import LABELS_YAML, saved, write, write_round

FOLDER = "rounds/2026-hostile"
SOUND = {"text": "Sgt Vale", "rich": "All is well.", "number": "12", "day": "2026-03-02",
         "agreed": "yes", "choice": "own store"}  # fmt: skip
"""A sound value of each field."""

ROUND = """\
title: Hostile
wording: hostile
layout: letterhead
sender:
  name: Inspectorate of Invented Forces
sent: 2 March 2026
signatories:
  merriden:
    name: Beatrix Merriden
    offices: [Chief Inspector]
    signature: signature.png
outcomes:
  in-place: In place
fields:
  text: {type: text}
  rich: {type: rich text}
  number: {type: number}
  day: {type: date}
  agreed: {type: yes-no}
  choice: {type: choice, choices: [own store, "=1+1", "<b>shared</b> store"]}
"""
LETTER = """\
# Values

The name {{ force_name }} is here.

The text {{ text }} is here.

The number {{ number }} is here.

The day {{ day }} is here.

The agreed {% if agreed %}yes{% else %}no{% endif %} is here.

The choice {{ choice }} is here.

Richly begun.

{{ rich }}

Richly ended.
"""

AWKWARD = (
    # Markdown, HTML, Word's XML, CSS, templates
    "*a*", "__b__", "# Head", "1. First", "- x", "> q", "a | b", "`code`", "[a](javascript:x)",
    "![p](file:///etc/passwd)", "~~~", "===", "<b>x</b>", "<script>alert(1)</script>", "&lt;&amp;",
    "&copy;", "&#65;", "<!-- c -->", "]]>", "<![CDATA[x]]>", "</w:t></w:r>", "<w:br/>",
    "</style>", "content: 'x'", "url(x)", "/* c */", "}", "\\", "\\0041", "{{ 7*7 }}",
    "{% raw %}", "{# c #}", "{{p letter_body }}", "{{r x }}", "${x}", "%(x)s", "{0}", "$1",
    "<a href='x'>y</a>", "https://a.example/?b=c&d", "a@b.example", "[x]{cy}",
    # Formulas, quotes, dashes, Welsh, signs
    "=1+1", "+44", "-1", "@SUM(A1)", "=HYPERLINK(\"x\")", "\"q\"", "'q'", "“q” ‘r’", "''", "--",
    "---", "–", "—", "...", "…", "(c)", "Tŷ’r Heddlu", "ŵŷâêîôûẅ", "Ŵ Ŷ", "½", "£1,204.50", "€",
    "100%", "§", "†", "ﬁ", "ǆ", "ß", "İ", "ı",
    # Long words, runs of space, spaces of other widths
    "x" * 300, "Llan" * 40, "a-" * 60, "a/" * 60, "a  b", "a     b", "a\u00a0b", "a\u2009b",
    "a\u202fb", "a\u3000b", "a\u2000b", "a\u2003b", "a\u205fb", " ", "\u00ad",
    "co\u00adop", "a\u2011b",
    # What nobody sees, what turns the line round, marks, pictures, other scripts
    "\u200b", "\u200d", "a\u200cb", "\u2060", "\ufeff", "\u202e", "\u202da", "\u2066x\u2069",
    "\u200f", "\u061c", "\U000e0041", "\ufe0f", "e\u0301", "a\u0323\u0301", "Z" + "\u0300" * 9,
    "\u0345", "😀", "👩\u200d🚒", "🏴", "1\ufe0f\u20e3", "漢字", "مرحبا", "שלום", "हिन्दी", "ไทย",
    "Ελλάδα", "Киев", "١٢", "１２", "\u1d400", "∑", "\u2028", "\u2029",
    # Controls, characters that are none, private use, garbled text, line ends
    "\x00", "\x07", "\x1b[31m", "\x7f", "\x85", "\x9f", "\x0b", "\x0c", "\t", "\ufffe", "\uffff",
    "\ufdd0", "\U0001ffff", "\ue000", "\U000f0000", "\U0010fffd", "\ufffd", "Ã©", "â€™", "ï¿½",
    "\r\n", "\r", "\n", "\n\n", "• x", "o\tx", "· y", "#N/A", "#####", "4.47912E+11", "NULL", "nan",
    "None", "true", "null", "~", "{}", "[]", "!!python/object:os.system x", "&a", "*a", "a: b",
    "# c", "%", "|", "?", "\u0130\u0307",
)  # fmt: skip
WORDS = ("Kent", "a", "of the", "seven", "Bro Wydden", "store", "7", ".", ",", " ", " ", " ")
NUMBERS = (
    "0", "-7", "12.5", "9" * 60, "0.000000000000000000001", "-0", "007", "+5", "−7", "1e9", "NaN",
    "inf", "-inf", "1,204", "1 204", "1\u00a0204", "1,5", "45%", "0x1f", "1_000", "١٢", "１２", "½",
    "²", "1.", ".5", "--5", "5-", "1.2.3", "£5", "=5", "5\u200b", "5\u202e", "12.50", "1.10", "Ⅶ",
)  # fmt: skip
DAYS = (
    "2026-03-02", "2 March 2026", "0001-01-01", "9999-12-31", "2026-02-30", "02/03/2026", "46083",
    "2 Mawrth 2026", "2\u00a0March 2026", "32 March 2026", "2026-13-01", "today",
    "2026-03-02T00:00", "２ March 2026", "2 March 20260", "-2026-03-02", "2 March, 2026",
    "02 March 2026", "٢ March 2026", "２０２６-03-02",
)  # fmt: skip
YES_NO = ("yes", "no", "Y", "N", "TRUE", "False", "ja", "1", "0", "yes.", "ŷes", "no\u200b", "on")
DECLARED = ("own store", "=1+1", "<b>shared</b> store")
CHOICES = (*DECLARED, "Own store", "own  store", "own store\u200b",
           "own store;", "shared store", "{{ choice }}", "own\u00a0store")  # fmt: skip

MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September",
          "October", "November", "December")  # fmt: skip


@dataclass(frozen=True)
class Hostile:
    """A record: the field that holds something hostile, what is typed, and what must be printed."""

    id: str
    field: str
    typed: str
    printed: tuple[str, ...]

    def value(self, field: str) -> str:
        return self.typed if field == self.field else SOUND[field]

    @property
    def name(self) -> str:
        return self.typed if self.field == "name" else f"Force {self.id}"


def one_space(text: str) -> str:
    """Text as documented: no space round it, one space for several in a row."""
    return re.sub(" {2,}", " ", text.strip())


def mixed(chance: random.Random) -> str:
    """Awkward pieces among words."""
    pieces = chance.choices(AWKWARD, k=chance.randint(1, 3)) + chance.choices(
        WORDS, k=chance.randint(0, 3)
    )
    chance.shuffle(pieces)
    return "".join(pieces)


def any_character(chance: random.Random) -> str:
    """A word with a character from anywhere in Unicode but surrogates, which no file can hold."""
    number = chance.choice(
        (chance.randrange(0x250), chance.randrange(0x3000), chance.randrange(0x110000))
    )
    return f"a{chr(number if not 0xD800 <= number < 0xE000 else 0x41)}b"


def a_text(chance: random.Random) -> tuple[str, tuple[str, ...]]:
    typed = any_character(chance) if chance.random() < 0.3 else mixed(chance)
    return typed, (one_space(typed),)


def a_rich_text(chance: random.Random) -> tuple[str, tuple[str, ...]]:
    """The same with each sign escaped as Markdown has it, and some markup round it."""
    plain = a_text(chance)[0].replace("\r\n", "\n").replace("\r", "\n")
    paragraphs = [" ".join(each.split("\n")) for each in re.split(r"\n[ \t\n]*\n", plain)]
    printed = [re.sub("[ \t]+", " ", each).strip() for each in paragraphs]
    typed = re.sub(r"([!-/:-@\[-`{-~])", r"\\\1", "\n\n".join(printed))
    if len(printed) > 1 or chance.random() < 0.5:
        return typed, tuple(filter(None, printed))
    before, after = chance.choice((("**k", "k**"), ("*k", "k*"), ("- k", "k"), ("> k", "k")))
    return f"{before}{typed}{after}", (f"k{printed[0]}k",)


def one_of(values: Sequence[str]) -> Callable[[random.Random], tuple[str, tuple[str, ...]]]:
    def made(chance: random.Random) -> tuple[str, tuple[str, ...]]:
        typed = chance.choice(values) if chance.random() < 0.8 else mixed(chance)
        return typed, (typed.strip(),)

    return made


def a_number(chance: random.Random) -> tuple[str, tuple[str, ...]]:
    figures = "".join(chance.choices("0123456789", k=chance.randint(1, 40)))
    typed = chance.choice((*NUMBERS, figures, f"-{figures}.{figures}"))
    return typed, (typed.strip(),)


def a_day(chance: random.Random) -> tuple[str, tuple[str, ...]]:
    typed = one_of(DAYS)(chance)[0]
    words = re.sub("[\u00a0 ]+", " ", typed.strip()).replace(",", "")
    try:
        day = date.fromisoformat(words)
        return typed, (f"{day.day} {MONTHS[day.month - 1]} {day.year}",)
    except ValueError:
        return typed, (re.sub("^0", "", words),)


def a_yes_no(chance: random.Random) -> tuple[str, tuple[str, ...]]:
    typed = one_of(YES_NO)(chance)[0]
    return typed, ("yes" if typed.casefold() in ("yes", "y", "true") else "no",)


def a_choice(chance: random.Random) -> tuple[str, tuple[str, ...]]:
    """A choice in any case, which is printed as the round has it."""
    typed = one_of(CHOICES)(chance)[0]
    words = one_space(typed)
    declared = {each.casefold(): each for each in DECLARED}
    return typed, (declared.get(words.casefold(), words),)


MAKERS = {
    "text": a_text, "rich": a_rich_text, "name": a_text, "number": a_number, "day": a_day,
    "agreed": a_yes_no, "choice": a_choice,
}  # fmt: skip
FIELDS = (*MAKERS, *("text", "rich", "name") * 2)
"""What fields hold something hostile: those for words more often."""


def hostile_records(count: int, seed: int) -> tuple[Hostile, ...]:
    """Records made from a seed; a value with nothing in it is none."""
    chance, made = random.Random(seed), list[Hostile]()
    while len(made) < count:
        field = chance.choice(FIELDS)
        typed, printed = MAKERS[field](chance)
        if typed.strip():
            made.append(Hostile(f"f{len(made)}", field, typed, printed))
    return tuple(made)


def csv_of(records: Sequence[Hostile]) -> bytes:
    out = io.StringIO()
    writer = csv.writer(out, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(("force", "outcome", *SOUND))
    writer.writerows((each.id, "in-place", *map(each.value, SOUND)) for each in records)
    return out.getvalue().encode()


def yaml_of(records: Sequence[Hostile]) -> bytes:
    rows = (
        {"force": r.id, "outcome": "in-place", **{f: r.value(f) for f in SOUND}} for r in records
    )
    return b"".join(yaml_text([row]) for row in rows)


def yaml_text(content: object) -> bytes:
    text: str = yaml.safe_dump(
        content, allow_unicode=True, sort_keys=False, default_style='"', width=10**6
    )
    return text.encode()


def workbook_of(records: Sequence[Hostile]) -> bytes:
    workbook = Workbook()
    sheet = workbook.worksheets[0]
    sheet.append(["force", "outcome", *SOUND])
    for row, each in enumerate(records, 2):
        for column, text in enumerate((each.id, "in-place", *map(each.value, SOUND)), 1):
            cell = sheet.cell(row, column)
            cell.value = text
            cell.data_type = "s"  # "=1+1" is no formula here
    return saved(workbook)


WRITERS = {"csv": csv_of, "yaml": yaml_of, "xlsx": workbook_of}
NOT_IN_XML = re.compile("[\x00-\x08\x0b-\x1f\ufffe\uffff]")


UNSEEN = re.compile(
    r"(f\d+): .* cannot be (?:seen|read) on page \d+: .*\(letters: sight\)", re.DOTALL
)
"""A letter refused for what its page does not show."""

LACKING = re.compile(
    rf"({FOLDER}/assessments\.(csv:\d+|yaml:\d+|xlsx Sheet!C\d+)( text)?|\S+ f\d+): "
    "The PDF’s font has no '.' "
)
"""What stops a letter once its records are read: a character, told at its record."""


class Batch:
    """A project of hostile records: those that are refused leave it, the others are printed."""

    def __init__(self, root: Path, records: Iterable[Hostile], form: str) -> None:
        self.root, self.form = root, form
        self.records = tuple(
            each for each in records if form != "xlsx" or not NOT_IN_XML.search(each.typed)
        )
        self.refused: dict[str, str] = {}
        self.stopped: dict[str, str] = {}
        texts = {
            f"{FOLDER}/round.yaml": ROUND,
            "templates/hostile/letter.md": LETTER,
            "templates/hostile/labels.yaml": LABELS_YAML,
        }
        write_round(root, texts, f"{FOLDER}/signature.png")

    @property
    def left(self) -> tuple[Hostile, ...]:
        gone = {*self.refused, *self.stopped}
        return tuple(each for each in self.records if each.id not in gone)

    def build(self) -> None:
        """Build what is left, until nothing more is refused."""
        while problems := self._problems():
            written = self.left
            for problem in problems:
                assert problem.what
                assert problem.fix
                if letter := UNSEEN.match(problem.what):  # stacked signs that the page cannot show
                    self.refused[letter[1]] = str(problem)
                    continue
                record = self._found(problem.place, written)
                assert record.field == field_at(problem.place)
                self.refused[record.id] = str(problem)

    def _problems(self) -> tuple[Problem, ...]:
        self._write()
        project = Project.load(self.root)
        try:
            made = build_round(project, project.round(), BuildOptions(jobs=1))
        except ProblemsFound as found:
            return found.problems
        for each in made:
            if each.state == "failed":
                assert LACKING.match(each.problem) or self._is_reversed(each), each.problem
                self.stopped[each.id] = each.problem
        return ()

    def _is_reversed(self, letter: BuiltLetter) -> bool:
        """Whether what stopped a letter is a script that the PDF would not read out in order."""
        typed = next(each.typed for each in self.records if each.id == letter.id)
        is_told = letter.problem.startswith(f"letters/{letter.id}.pdf: not written: page 1")
        return is_told and any(unicodedata.bidirectional(sign) in ("R", "AL") for sign in typed)

    def _write(self) -> None:
        people = {"addressees": ["Chief Constable"], "salutation": "Chief", "copied_to": "none"}
        entries = [yaml_text({each.id: {"name": each.name, **people}}) for each in self.left]
        (self.root / "recipients.yaml").write_bytes(b"".join(entries))
        records = WRITERS[self.form](self.left)
        write(self.root / FOLDER / f"assessments.{self.form}", None)
        (self.root / FOLDER / f"assessments.{self.form}").write_bytes(records)

    def _found(self, place: Place, written: Sequence[Hostile]) -> Hostile:
        """The one of the records written whose value stands at a place."""
        if place.cell:
            return written[int(re.findall(r"\d+", place.cell)[-1]) - 2]
        content = (
            (self.root / place.file).read_text("utf-8").replace("\r\n", "\n").replace("\r", "\n")
        )
        before = "\n".join(content.split("\n")[: place.line])
        ids = re.findall(r"(?:^|force\W+)\W?(f\d+)\W", before + "\n", re.MULTILINE)
        return next(each for each in written if each.id == ids[-1])

    def changed(self) -> Iterator[str]:
        """What is printed otherwise than it was typed, a line each."""
        letters = self.root / "out" / Path(FOLDER).name / "letters"
        for each in self.left:
            for form, read in (("docx", read_docx), ("pdf", read_pdf), ("html", read_html)):
                content = (letters / f"{each.id}.{form}").read_bytes()
                texts = kept_apart([passage.text for passage in read(content)])
                printed = printed_of(each.field, texts)
                if printed != kept_apart(each.printed):
                    yield f"{self.form} {each.field} {each.typed!r} {form}: {printed!r}"


def field_at(place: Place) -> str:
    """The field whose value stands at a place."""
    if place.cell:
        return ("force", "outcome", *SOUND)["ABCDEFGH".index(place.cell.split("!")[-1][0])]
    return place.field.split(".")[-1]


def kept_apart(texts: Sequence[str]) -> tuple[str, ...]:
    """Texts with a space wherever a letter may have one at which no line ends."""
    return tuple(text.replace("\u00a0", " ") for text in texts)


def printed_of(field: str, texts: Sequence[str]) -> tuple[str, ...]:
    """What a letter prints for a field."""
    if field == "rich":
        return tuple(texts[texts.index("Richly begun.") + 1 : texts.index("Richly ended.")])
    before, after = f"The {field} ", " is here."
    return tuple(t[len(before) : -len(after)] for t in texts if t.startswith(before))


def outcome(root: Path, count: int, seed: int, form: str) -> tuple[int, int, list[str]]:
    """How many records were refused, how many printed, and what was changed."""
    batch = Batch(root, hostile_records(count, seed), form)
    batch.build()
    return len(batch.records) - len(batch.left), len(batch.left), list(batch.changed())


def test_some_hostile_records_are_refused_or_printed_right(tmp_path: Path) -> None:
    refused, printed, changed = outcome(tmp_path, 20, 0, "csv")
    assert changed == []
    assert (refused > 5, printed > 5) == (True, True)


BATCHES = [(form, 3 * n + m) for n in range(7) for m, form in enumerate(WRITERS)]


@pytest.mark.long
@pytest.mark.parametrize(("form", "seed"), BATCHES)
def test_hostile_records_are_refused_or_printed_right(form: str, seed: int, tmp_path: Path) -> None:
    refused, printed, changed = outcome(tmp_path, 100, seed, form)
    assert changed == []
    assert refused + printed > 90  # some characters no workbook can hold
    assert (refused > 30, printed > 20) == (True, True)
