"""A folder of rounds/ to a round: `round.yaml`, records, signatures, checked with each other."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path, PurePosixPath

from babel import Locale, UnknownLocaleError

from letters.errors import Place, Problem, Refused, did_you_mean, in_order
from letters.files import FILE, files_in, is_inside, is_special, name_fault, relative
from letters.model import ApprovalRule, Assessment, FieldType, RecordField, Round, letter_id
from letters.people import Recipient
from letters.pictures import ready_png
from letters.project.approvals_file import SignedLetter, approvals_digest, read_signed
from letters.project.proofs import people_problems
from letters.project.raw_records import (
    RawRecord,
    a_noun,
    entries_from_table,
    from_table,
    from_yaml,
    lists_of,
)
from letters.project.recipients import Recipients, unregistered
from letters.project.records import Records
from letters.project.references import dangling, disagreements, is_noun_taken, is_taken
from letters.project.shapes import Steps, fit
from letters.project.values import listed
from letters.questions import Answers
from letters.sources.csvs import read_csv
from letters.sources.tables import Cell, SourceTable, read_bytes
from letters.sources.yamls import read_yaml

BLANK = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c63f80f0001010100b138f6140000000049454e44ae426082"
)
"""A white point: it takes the place of an image that cannot be had, so that drafts can be made."""

_IMAGES = (".png", ".jpg", ".jpeg")


def read_signature(
    name: str, folder: Path, root: Path, place: Place, problems: list[Problem]
) -> bytes:
    """The image `name` in the round's `folder`, as PNG; `BLANK` and a problem where it is none."""
    path = _inside(name, folder)
    if path is None:
        what = f"signature '{name}' leads outside the round's folder."
        problems.append(Problem(place, what, "Put the image in that folder and give its name."))
    elif not (path.is_file() or is_special(path)):
        known = [relative(each, folder) for each in files_in(folder) if each.suffix in _IMAGES]
        fix = did_you_mean(name, known) or "Put the image there, or correct its name."
        problems.append(Problem(place, f"There is no signature image '{name}'.", fix))
    elif (content := read_bytes(path, root, problems)) is not None:
        try:
            return ready_png(content).content
        except Refused as found:
            problems.append(Problem(place, f"signature '{name}' {found.what}", found.fix))
    return BLANK


def _inside(name: str, folder: Path) -> Path | None:
    is_plain = not PurePosixPath(name).is_absolute() and not set(name) & set("\\:\0")
    path = folder / name
    return path if is_plain and is_inside(path, folder) and path != folder else None


RECORD_FILES = ("assessments.yaml", "assessments.csv", "assessments.xlsx")
_FORMS = tuple(PurePosixPath(name).suffix for name in RECORD_FILES)
_ASSESSMENTS = re.compile(r"assessments?\b[^/]*$", re.IGNORECASE)
"""The file of records, perhaps as a browser or Excel saved it: 'assessments (2).xlsx'."""


@dataclass(frozen=True)
class ProjectRound:
    """A round with all that its letters are made of.

    `recipients` are those the round concerns, in the order of recipients.yaml; `signatures` the
    PNG image of each signatory; `places` where each part of round.yaml stands ("sent", "claims.0");
    `problems` all that is wrong in the round's folder, or between it and recipients.yaml.

    `signed` is what approvals.yaml holds, by letter. Recipients of a letter on it are as they were
    when it was approved, if an approval of it counts; `present` are the same ones as
    recipients.yaml has them now. `approvals_digest` is that of the file when it was read.
    """

    root: Path
    folder: Path
    round: Round
    assessments: tuple[Assessment, ...]
    recipients: tuple[Recipient, ...]
    signatures: Mapping[str, bytes]
    places: Mapping[str, Place]
    problems: tuple[Problem, ...]
    signed: Mapping[str, SignedLetter] = field(default_factory=dict)
    present: Mapping[str, Recipient] = field(default_factory=dict)
    approvals_digest: str = ""
    faulty: Mapping[str, Problem] = field(default_factory=dict)
    """Forces whose entry in recipients.yaml is too faulty for a letter, each with why."""

    @property
    def is_current(self) -> bool:
        """Whether nobody has approved a letter, or taken an approval back, since it was read."""
        return approvals_digest(self.folder) == self.approvals_digest


def read_round(
    folder: Path, root: Path, recipients: Recipients, now: datetime | None = None
) -> ProjectRound | tuple[Problem, ...]:
    """The round in `folder`; only its problems where `round.yaml` is too faulty to load.

    Approvals dated after `now` are problems, where that is given.
    """
    problems: list[Problem] = []
    path = folder / "round.yaml"
    node = read_yaml(path, root, problems)
    if node is None:
        return in_order(problems)
    place = Place(relative(path, root), node.place.line)
    round_, places = fit(node, Round, folder.name, place, problems)
    if round_ is None:
        return in_order(problems)
    as_read = approvals_digest(folder)
    signed = read_signed(folder, root, round_, problems, now)
    held = {id_: entry for id_, entry in signed.items() if entry.counted}
    named, recipients = recipients.by_id, recipients.addressed()
    present, as_signed = recipients.by_id, recipients.as_signed(held)
    reading = _RoundReader(
        folder, root, round_, places, as_signed, problems, signed, present, named
    )
    return replace(reading.read(), approvals_digest=as_read)


@dataclass
class _RoundReader:
    """One round being read: the cross-checks between its parts."""

    folder: Path
    root: Path
    round: Round
    steps: Mapping[Steps, Place]
    recipients: Recipients
    problems: list[Problem]
    signed: Mapping[str, SignedLetter]
    present: Mapping[str, Recipient]
    named: Mapping[str, Recipient]
    """The same with all that they are called."""
    entries: dict[str, Sequence[tuple[Cell, RawRecord]]] = field(default_factory=dict)

    def read(self) -> ProjectRound:
        self._check_language()
        self._check_names()
        concerned = self._concerned()
        records = self._records()
        reading = Records(
            self.round, self.recipients, concerned, self.steps, self.problems, self.entries
        )
        assessments = reading.read(records)
        self._check_default_signatory(concerned, assessments)
        self._check_signed(concerned, assessments)
        recipients = self._with_signatories(concerned, assessments)
        by_id = {recipient.id: recipient for recipient in recipients}
        self.problems += disagreements(assessments, by_id, self.round.nouns.one)
        self.problems += Answers(self.round, self._named_places()).unknown()
        called = {id_: self.named.get(id_, each) for id_, each in concerned.items()}
        missed = unregistered(self.round, self.root, called, self.problems)
        for each in (*dangling(self.round, self.folder, concerned), *missed):
            self._report(each.steps, str(each.steps[0]), each.what, each.fix)
        return ProjectRound(
            self.root,
            self.folder,
            self.round,
            assessments,
            recipients,
            self._signatures(),
            self._named_places(),
            in_order(self.problems),
            self.signed,
            self.present,
            faulty=self.recipients.faulty,
        )

    def _named_places(self) -> dict[str, Place]:
        return {".".join(map(str, steps)): place for steps, place in self.steps.items() if steps}

    def _report(self, steps: Steps, field: str, what: str, fix: str) -> None:
        while steps not in self.steps:
            steps = steps[:-1]
        self.problems.append(Problem(self.steps[steps].at(field), what, fix))

    def _change(self, **changes: object) -> None:
        self.round = self.round.model_copy(update=changes)

    def _check_language(self) -> None:
        language = self.round.language
        try:
            Locale.parse(language, sep="-")
        except (UnknownLocaleError, ValueError):
            what = f"'{language}' is not a language."
            self._report(("language",), "language", what, "Write its code, such as en-GB or cy.")
            self._change(language=Round.model_fields["language"].default)

    def _check_names(self) -> None:
        noun = self.round.nouns.one
        if is_noun_taken(noun):
            what = f"'{noun}' would hide a placeholder or column of the same name."
            self._report(("nouns", "one"), "nouns.one", what, "Choose another noun.")
        if fault := name_fault(self.round.id):
            self._report((), "", *fault)
        for id_ in self.round.outcomes:
            if fault := name_fault(id_):
                self._report(("outcomes", id_), f"outcomes.{id_}", *fault)
        for name in self.round.fields:
            self._check_field(name)
        if len(self.round.people) < self.round.approvals_needed > 1:
            what = f"{self.round.approvals_needed} people must approve each letter."
            fix = "List as many under 'people', each with an id and a name."
            self._report(("approvals_needed",), "approvals_needed", what, fix)
        self._check_people()
        self._check_signatories()

    def _check_signatories(self) -> None:
        for signatory in self.round.signatory:
            if signatory not in self.round.signatories:
                what = f"'{signatory}' is not a signatory of this round."
                fix = listed(self.round.signatories, signatory)
                self._report(("signatory",), "signatory", what, fix)
        known = tuple(dict.fromkeys(s for s in self.round.signatory if s in self.round.signatories))
        self._change(signatory=known)

    def _check_people(self) -> None:
        for id_, what, fix in people_problems(self.round):
            self._report(("people", id_, "key"), f"people.{id_}.key", what, fix)
        if self.round.approval is ApprovalRule.SIGNATORY:
            for id_ in self.round.signatories:
                if id_ not in self.round.people:
                    what = f"'{id_}' signs letters, and is not one of the people who may approve."
                    fix = "List them under 'people' with the same id."
                    self._report(("approval",), "approval", what, fix)

    def _check_field(self, name: str) -> None:
        declared, steps = self.round.fields[name], ("fields", name)
        if is_taken(name, self.round):
            what = f"'{name}' is the name of a placeholder or column that every round has."
            self._report(steps, "fields", what, "Give the field another name.")
        elif declared.type is FieldType.CHOICE and not declared.choices:
            what, fix = f"{name} has no choices.", "List them under 'choices'."
            self._report(steps, "fields", what, fix)
            text = declared.model_copy(update={"type": FieldType.TEXT})
            self._change(fields={**self.round.fields, name: text})
        elif declared.choices and declared.type is not FieldType.CHOICE:
            what = f"{name} has choices, but its type is '{declared.type}'."
            fix = "Write 'type: choice', or delete the choices."
            self._report((*steps, "choices"), "fields", what, fix)
        elif (declared.type is FieldType.LIST) is not bool(declared.fields):
            self._refuse_list(name, declared, steps)
        elif lists := [n for n, f in declared.fields.items() if f.type is FieldType.LIST]:
            what = f"{name}.{lists[0]} is a list inside a list."
            self._report(steps, "fields", what, "Make it rich text, which may hold lists.")
            self._as_text(name, declared)

    def _refuse_list(self, name: str, declared: RecordField, steps: Steps) -> None:
        if declared.fields:
            what = f"{name} has fields of its own, but its type is '{declared.type}'."
            fix = "Write 'type: list', or delete them."
        else:
            what = f"{name} is a list, and does not say what its entries hold."
            fix = "Name it under 'fields', as for the record itself."
            self._as_text(name, declared)
        self._report(steps, "fields", what, fix)

    def _as_text(self, name: str, declared: RecordField) -> None:
        text = declared.model_copy(update={"type": FieldType.TEXT, "fields": {}})
        self._change(fields={**self.round.fields, name: text})

    def _concerned(self) -> dict[str, Recipient]:
        known, chosen = self.recipients.by_id, self.round.recipients
        if chosen is None or not self.recipients.is_known:
            return dict(known)
        for n, id_ in enumerate(chosen):
            steps = ("recipients", n)
            if id_ in chosen[:n]:
                self._report(steps, "recipients", f"'{id_}' is there twice.", "Delete one of them.")
            elif id_ not in known and id_ not in self.recipients.places:
                what = f"'{id_}' is not {a_noun(self.round)} of {FILE}."
                fix = did_you_mean(id_, known) or "Add it there, or correct the id."
                self._report(steps, "recipients", what, fix)
        return {id_: recipient for id_, recipient in known.items() if id_ in chosen}

    def _records(self) -> tuple[RawRecord, ...]:
        present = [name for name in RECORD_FILES if (self.folder / name).exists()]
        if not present:
            self._report_no_records()
            return ()
        if len(present) > 1:
            place = Place(relative(self.folder / present[1], self.root))
            what = f"The round has records in {present[0]} too."
            self.problems.append(Problem(place, what, "Keep the one in use."))
        return self._read_records(self.folder / present[0])

    def _report_no_records(self) -> None:
        others = sorted(
            each.name
            for each in files_in(self.folder)
            if _ASSESSMENTS.match(relative(each, self.folder))
        )
        place = Place(relative(self.folder / (others or RECORD_FILES)[0], self.root))
        if others and others[0].casefold() in RECORD_FILES:
            what = f"'{others[0]}' is not how the file of records is written."
            fix = f"Rename it {others[0].casefold()}."
        elif others and PurePosixPath(others[0]).suffix.casefold() in _FORMS:
            what = f"'{others[0]}' is not the name of the file of records."
            fix = f"Rename it assessments{PurePosixPath(others[0]).suffix.casefold()}."
        elif others:
            what, fix = f"'{others[0]}' is in no form that can be read.", "Save it as .xlsx."
        else:
            what = "The round has no assessments."
            fix = f"Add {', '.join(RECORD_FILES[:2])} or {RECORD_FILES[2]}."
        self.problems.append(Problem(place, what, fix))

    def _read_records(self, path: Path) -> tuple[RawRecord, ...]:
        before = len(self.problems)
        records: tuple[RawRecord, ...] = ()
        if path.suffix == ".yaml":
            node = read_yaml(path, self.root, self.problems)
            if node is not None:
                records = from_yaml(node, self.round, self._declared(), self.problems)
        else:
            table = self._read_table(path, self.round.sheet)
            if table is not None:
                records = from_table(table, self.round, self._declared(), self.problems)
            self._read_lists(path)
        if not records and len(self.problems) == before:
            what, fix = "The file holds no record.", f"Add one for {a_noun(self.round)}."
            self.problems.append(Problem(Place(relative(path, self.root)), what, fix))
        return records

    def _read_lists(self, path: Path) -> None:
        """The entries of lists: a sheet with the list's name, or a CSV file beside the records."""
        for name in lists_of(self.round):
            own = path.with_name(f"{path.stem}-{name}.csv") if path.suffix == ".csv" else path
            table = self._read_table(own, name)
            if table is not None:
                found = entries_from_table(table, name, self.round, self.problems)
                self.entries[name] = tuple(found)

    def _read_table(self, path: Path, sheet: str | None) -> SourceTable | None:
        if path.suffix == ".csv":
            return read_csv(path, self.root, self.problems, self.round.nouns.one)
        from letters.sources.workbooks import read_workbook  # slow to start, and often not needed

        noun = self.round.nouns.one
        return read_workbook(path, self.root, sheet, self.problems, noun)

    def _declared(self) -> frozenset[str]:
        """The names of fields in round.yaml, those too faulty to use included."""
        return frozenset(str(s[1]) for s in self.steps if len(s) == 2 and s[0] == "fields")

    def _signatures(self) -> dict[str, bytes]:
        images = {}
        for id_, signatory in self.round.signatories.items():
            if signatory.signature is None:
                images[id_] = b""
                continue
            place = self.steps.get(("signatories", id_, "signature"), self.steps[()])
            here = place.at(f"signatories.{id_}")
            images[id_] = read_signature(
                signatory.signature, self.folder, self.root, here, self.problems
            )
        return images

    def _check_default_signatory(
        self, concerned: Mapping[str, Recipient], assessments: tuple[Assessment, ...]
    ) -> None:
        signed = {force for each in assessments if each.signatory for force in each.forces}
        unsigned = [
            id_ for id_, each in concerned.items() if not each.signatory and id_ not in signed
        ]
        several = len(self.round.signatories) > 1 and not self.round.signatory
        if unsigned and several and not any("signatory" in p.place.field for p in self.problems):
            what = f"Several people may sign, and nothing says who signs for '{unsigned[0]}'."
            first = next(iter(self.round.signatories))
            self._report((), "signatory", what, f"Write 'signatory: {first}' for all, or name one.")

    def _check_signed(
        self, concerned: Mapping[str, Recipient], assessments: tuple[Assessment, ...]
    ) -> None:
        joint = {letter_id(each.forces): each.forces for each in assessments}
        recorded = {force for forces in joint.values() for force in forces}
        known = [*joint, *(id_ for id_ in concerned if id_ not in recorded)]
        for id_, entry in self.signed.items():
            if id_ not in known:
                what = f"'{id_}' is not a letter of this round."
                fix = "Restore its record, or delete the entry."
                self.problems.append(Problem(entry.place, what, fix))

    def _with_signatories(
        self, concerned: Mapping[str, Recipient], assessments: tuple[Assessment, ...]
    ) -> tuple[Recipient, ...]:
        """The recipients, those without a signatory this round does not know."""
        signed = {force for each in assessments if each.signatory for force in each.forces}
        sound = []
        for id_, recipient in concerned.items():
            unknown = [name for name in recipient.signatory if name not in self.round.signatories]
            for name in () if id_ in signed else unknown:
                what = f"signatory '{name}' does not sign in round {self.round.id}."
                fix = listed(self.round.signatories, name)
                self.problems.append(Problem(self.recipients.places[id_], what, fix))
            known = tuple(each for each in recipient.signatory if each not in unknown)
            sound.append(
                recipient.model_copy(update={"signatory": known}) if unknown else recipient
            )
        return tuple(sound)
