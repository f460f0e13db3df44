"""A letter and its wording become a `Document`."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from jinja2.exceptions import UndefinedError

from letters.document import Block, Document, Heading, Inline, Origin, Text, plain
from letters.errors import Place, ProblemsFound
from letters.model import FieldType, Letter, RichText, Round, Value
from letters.wording.blocks import blocks
from letters.wording.files import LETTER, MEANINGS, Label, information, outcome_file, outer_slots
from letters.wording.inlines import BlockContext, tidy
from letters.wording.markdown import parsed
from letters.wording.runtime import MOST_CHARACTERS, LetterRun, TooMuchText
from letters.wording.source_map import MARKS, VALUES, SourceMap, is_value
from letters.wording.vocabulary import RECOMMENDATION, SUBJECT, Vocabulary, joined
from letters.wording.wordings import Wording, label_name


def unsigned(document: Document, handling: str | None) -> Document:
    """`document` as a draft: marked on each page, with `handling` too, and without a signature."""
    return replace(
        document,
        draft=document.texts["draft_label"],
        handling=handling or "",
        slots={**document.slots, "letter_signature": ()},
    )


def split_subject(
    run: LetterRun, blocks: Sequence[Block], letter: Place
) -> tuple[Heading, tuple[Block, ...]]:
    """The heading that opens a letter, and its body; problems where the headings are not sound.

    `letter` is the place of letter.md.
    """
    found = [block for block in blocks if isinstance(block, Heading) and block.level == 1]
    body = tuple(block for block in blocks if block not in found)
    _check_subject(run, blocks, found, letter)
    _check_levels(run, body)
    return (found[0] if found else Heading(1, (), Origin())), body


def _check_subject(
    run: LetterRun, blocks: Sequence[Block], found: Sequence[Heading], letter: Place
) -> None:
    if not found:
        if not run.problems:
            fix = "Begin letter.md with a line '# ' and the subject."
            run.problem(letter, "The letter has no subject.", fix)
    elif blocks[0] is not found[0]:
        what = "Text stands before the subject."
        run.problem(_place(blocks[0]), what, "Begin letter.md with the heading '# '.")
    for extra in found[1:]:
        what = "A second heading of the first level stands here."
        run.problem(_place(extra), what, "Write '## '; only the subject has one '#'.")


def _check_levels(run: LetterRun, body: Sequence[Block]) -> None:
    level = 1
    for block in body:
        if isinstance(block, Heading):
            if block.level > level + 1:
                what = "The heading skips a level."
                run.problem(_place(block), what, f"Write '{'#' * (level + 1)} '.")
            level = block.level


def _place(block: Block) -> Place:
    return Place(block.origin.file, block.origin.line)


def typeset(letter: Letter, wording: Wording, *, drafts: bool = False) -> Document:
    """The words of a letter as a block tree, ready for any format.

    With `drafts`, a value that is not there yet becomes a visible gap, as does a condition that
    reads a required field which holds nothing; the document bears the label `draft`. Raises
    ProblemsFound, located in the wording or the record, naming the letter where it matters.
    """
    wording.refuse(letter.round, letter.outcome)
    return _Typesetter(letter, wording, drafts).document()


def text_names(round_: Round) -> frozenset[str]:
    """The names a layout may print: plain placeholders, each label as `<label>_label`, the title.

    They are the keys of `Document.texts`. Yes-no and rich-text fields are not among them.
    """
    labels = {f"{key}_label" for key in MEANINGS}
    own = {"document_title", "sender_name"}
    return (Vocabulary.of(round_).plain - {RECOMMENDATION}) | labels | own


class _Typesetter:
    def __init__(self, letter: Letter, wording: Wording, drafts: bool) -> None:
        self.letter = letter
        self.wording = wording
        self.run = LetterRun(letter, drafts)
        self.values: dict[str, Value] = dict(letter.values)
        self.values.setdefault(RECOMMENDATION, wording.recommendation)

    def document(self) -> Document:
        labels = self._first_labels()
        subject, body = self._body()
        labels |= self._labels({SUBJECT: plain(subject.content)})
        if self.run.problems:
            raise ProblemsFound(self.run.problems)
        return self._finished(subject, body, labels)

    def _first_labels(self) -> dict[str, Label]:
        """The labels that other words are made of: `and` joins names, `gap` fills a draft."""
        first = {key: self._label(key, self.values) for key in ("gap", "and")}
        self.run.gap, self.run.and_ = plain(first["gap"]), plain(first["and"])
        greeted = joined(self.letter.salutation, self.run.and_)
        self.values["salutation"] = greeted
        return first

    def _labels(self, subject: Mapping[str, Value]) -> dict[str, Label]:
        others = [key for key in MEANINGS if key not in ("gap", "and")]
        return {key: self._label(key, {**self.values, **subject}) for key in others}

    def _label(self, key: str, values: Mapping[str, Value]) -> Label:
        text = self.wording.labels[key].text
        if "{" not in text:  # most labels are the same in every letter
            return tidy([Text(text)])
        merged = MARKS.sub("", self._merged(label_name(key), values))
        pieces = [piece for piece in VALUES.split(merged) if piece]
        return tidy(inline for piece in pieces for inline in self._inlines(piece))

    def _inlines(self, piece: str) -> tuple[Inline, ...]:
        return tuple(self.run.inlines(self.run.find(piece))) if is_value(piece) else (Text(piece),)

    def _merged(self, name: str, values: Mapping[str, Value]) -> str:
        try:
            return self.wording.templates.render(name, values, self.run)
        except UndefinedError as error:
            place = self.wording.templates.place_of(error, name)
            what = f"A name is used before it is set: {error.message}."
            self.run.problem(place, what, "Set it first, in every branch: {% set name = … %}.")
            raise ProblemsFound(self.run.problems) from error
        except TooMuchText as error:
            place = self.wording.templates.place_of(error, name)
            what = f"More than {MOST_CHARACTERS:,} characters are printed in {self.run.name}."
            self.run.problem(place, what, "Print less; a text may be joined to itself.")
            raise ProblemsFound(self.run.problems) from error

    def _body(self) -> tuple[Heading, tuple[Block, ...]]:
        outcome = self.letter.outcome
        values: dict[str, Value] = {**self.values}
        values["outcome_wording"] = outcome_file(outcome) if outcome else None
        marks = self.wording.templates.marks
        lines = SourceMap.merged(self._merged(LETTER, values), marks)
        setting = BlockContext(self.run, marks, lines, blocks)
        found = blocks(setting, parsed(lines.text))
        return split_subject(self.run, found, self.wording.files[LETTER].place)

    def _finished(
        self, subject: Heading, body: tuple[Block, ...], labels: Mapping[str, Label]
    ) -> Document:
        letter, round_ = self.letter, self.letter.round
        slots = outer_slots(letter, labels)
        title = plain(labels["title"])
        return Document(
            id=letter.id,
            title=title,
            author=round_.sender.name,
            subject=plain(subject.content),
            language=round_.language,
            created=round_.sent,
            modified=round_.updated or round_.published_on or round_.sent,
            slots={**slots, "letter_subject": (subject,), "letter_body": body},
            texts=self._texts(labels, title),
            information=information(letter, labels),
            draft=plain(labels["draft"]) if self.run.drafts else "",
        )

    def _texts(self, labels: Mapping[str, Label], title: str) -> dict[str, str]:
        texts = {name: self.run.words(self.values.get(name)) or "" for name in self._plain_names()}
        texts |= {f"{key}_label": plain(label) for key, label in labels.items()}
        return {**texts, "document_title": title, "sender_name": self.letter.round.sender.name}

    def _plain_names(self) -> list[str]:
        fields = self.letter.round.fields
        hidden = (FieldType.YES_NO, FieldType.RICH_TEXT)
        return [
            name
            for name, value in self.values.items()
            if not isinstance(value, RichText | bool)
            and not (name in fields and fields[name].type in hidden)
            and name != RECOMMENDATION
        ]
