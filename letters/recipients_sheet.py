"""Recipients as a workbook or CSV file, turned into recipients.yaml and back."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import yaml

from letters.errors import Place, Problem, ProblemsFound, UsageError, did_you_mean
from letters.files import FILE, name_fault, write_whole
from letters.people import Recipient
from letters.project.raw_records import IGNORED
from letters.project.recipients import read_recipients
from letters.project.shapes import NOBODY
from letters.sheet import AS_TEXT, NARROW, slug
from letters.sources.csvs import read_csv
from letters.sources.tables import Cell, column_name
from letters.sources.workbooks import read_workbook
from letters.sources.yamls import yaml_text

PEOPLE = ("addressee", "copied_to")
PARTS = ("name", "honours", "office", "organisation", "email", "postal")
RECIPIENT_COLUMNS = (
    "id", "name", "also_known_as", "salutation", "delivery", "signatory",
    *(f"{who}_{part}" for who in PEOPLE for part in PARTS),
)  # fmt: skip
"""Columns of a workbook of recipients. A second addressee has `addressee_2_name`, and so on."""
_NUMBERED = re.compile(
    r"(addressee|copied_to)_(?:(\d{1,2})_)?(name|honours|office|organisation|email|postal)"
)
"""A column of a person: whose, which of several, and what: `copied_to_2_office`."""
_SEVERAL = ";"  # parts several names, and the lines of an address, in one cell
_EMAIL = re.compile(r"[^@\s<>,;]+@[^@\s<>,;]+\.[^@\s<>,;.]+")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
HEADING = """\
# yaml-language-server: $schema=schemas/recipients.schema.json
# Who gets letters.
"""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import wrote: ids that are new, changed, as they were, and kept beside them."""

    new: tuple[str, ...]
    changed: tuple[str, ...]
    same: tuple[str, ...]
    kept: tuple[str, ...]


def import_recipients(root: Path, source: Path, *, replace: bool = False) -> Imported:
    """Write recipients.yaml from a workbook or CSV file with a row for each recipient.

    An entry that says the same stays as it is written; one that the file does not name is kept, or
    deleted with `replace`. Raises ProblemsFound, at the cell, where a row is no recipient, and
    UsageError where the file is neither kind.
    """
    problems: list[Problem] = []
    entries = dict[str, dict[str, object]]()
    for cells, place in _recipient_rows(source, problems):
        _add_entry(cells, place, entries, problems)
    if problems:
        raise ProblemsFound(problems)
    file = root / FILE
    text = file.read_text(encoding="utf-8") if file.exists() else HEADING
    head, before = _blocks(text)
    written = {id_: yaml_text({id_: entry}) for id_, entry in entries.items()}
    was, becomes = (_meant(each) for each in (text, "".join(written.values())))
    same = {id_ for id_ in entries if was.get(id_) == becomes.get(id_)}
    kept = () if replace else tuple(id_ for id_ in before if id_ not in entries)
    order = [*(id_ for id_ in before if id_ in entries or id_ in kept)]
    order += [id_ for id_ in entries if id_ not in before]
    blocks = [
        before[id_] if id_ in same or id_ in kept else yaml_text({id_: entries[id_]})
        for id_ in order
    ]
    parts = (each.strip("\n") for each in (head, *blocks))
    write_whole(file, ("\n\n".join(filter(None, parts)) + "\n").encode())
    new = tuple(id_ for id_ in entries if id_ not in before)
    changed = tuple(id_ for id_ in entries if id_ in before and id_ not in same)
    return Imported(new, changed, tuple(same), kept)


def _meant(text: str) -> Mapping[str, Recipient]:
    """The recipients that a text of recipients.yaml holds, however they are written."""
    with TemporaryDirectory() as folder:
        write_whole(Path(folder) / FILE, text.encode())
        return read_recipients(Path(folder), []).by_id


def _blocks(text: str) -> tuple[str, dict[str, str]]:
    """The text before a YAML file's first entry, and the text of each, remarks included."""
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    keys = [key for key, _ in node.value] if isinstance(node, yaml.MappingNode) else []
    starts = [key.start_mark.index for key in keys]
    ends = [*starts[1:], len(text)][: len(starts)]
    blocks = {k.value: text[a:b] for k, a, b in zip(keys, starts, ends, strict=True)}
    head = text[: starts[0]] if starts else text
    return "\n".join(line for line in head.splitlines() if line.startswith("#")), blocks


def _recipient_rows(
    source: Path, problems: list[Problem]
) -> Iterator[tuple[dict[str, Cell], Place]]:
    """The filled cells of each row by their columns' names, and where the row is."""
    form, folder = source.suffix.lower(), source.parent
    if form not in (".xlsx", ".csv"):
        raise UsageError(f"'{source.name}' is neither a workbook (.xlsx) nor a CSV file (.csv).")
    if form == ".xlsx":
        table = read_workbook(source, folder, None, problems, "name")
    else:
        table = read_csv(source, folder, problems, "name")
    if table is None:
        return
    names = [column_name(cell.text) for cell in table.header]
    for name, cell in zip(names, table.header, strict=True):
        if name and not name.startswith(IGNORED) and not _is_column(name):
            hint = did_you_mean(name, RECIPIENT_COLUMNS) or f"Use {', '.join(RECIPIENT_COLUMNS)}."
            problems.append(Problem(cell.place, f"'{cell.text}' is not a column here.", hint))
    for row in table.rows:
        cells = {n: cell for n, cell in zip(names, row, strict=True) if not cell.is_empty}
        if cells:
            yield cells, row[0].place.at("")


def _is_column(name: str) -> bool:
    return name in RECIPIENT_COLUMNS or _NUMBERED.fullmatch(name) is not None


def _add_entry(
    cells: Mapping[str, Cell],
    place: Place,
    entries: dict[str, dict[str, object]],
    problems: list[Problem],
) -> None:
    """Add the entry of one row, or say what is wrong with it."""
    words = {name: cell.text.strip() for name, cell in cells.items()}
    people = {who: _people(who, words) for who in PEOPLE}
    id_ = words.get("id") or slug(words.get("name", ""))
    for fault in _faults(id_, words, people, entries):
        column, what, fix = fault
        problems.append(Problem(cells[column].place if column in cells else place, what, fix))
    entry: dict[str, object] = {"name": words.get("name", "")}
    if names := _parted(words.get("also_known_as", "")):
        entry["also_known_as"] = names
    first = people["addressee"][0] if people["addressee"] else {}
    entry["addressees"] = people["addressee"]
    greeted = _parted(words.get("salutation", ""))
    entry["salutation"] = (
        (greeted[0] if len(greeted) == 1 else greeted) or first.get("office") or first.get("name")
    )
    entry["copied_to"] = people["copied_to"] or "none"
    entry |= {"delivery": words["delivery"]} if "delivery" in words else {}
    if signing := _parted(words.get("signatory", "")):
        entry["signatory"] = signing[0] if len(signing) == 1 else signing
    entries[id_] = entry


def _people(who: str, words: Mapping[str, str]) -> list[dict[str, object]]:
    """The addressees of a row, or those who get a copy, in the order of their numbers."""
    found = dict[int, dict[str, object]]()
    for name, text in words.items():
        match = _NUMBERED.fullmatch(name)
        if match and match[1] == who:
            value: object = _parted(text) if match[3] == "postal" else text
            found.setdefault(int(match[2] or 1), {})[match[3]] = value
    order = {part: n for n, part in enumerate(PARTS)}
    return [dict(sorted(found[n].items(), key=lambda item: order[item[0]])) for n in sorted(found)]


def _parted(text: str) -> list[str]:
    return [part for each in text.replace("\n", _SEVERAL).split(_SEVERAL) if (part := each.strip())]


def _faults(
    id_: str,
    words: Mapping[str, str],
    people: Mapping[str, list[dict[str, object]]],
    entries: Mapping[str, object],
) -> Iterator[tuple[str, str, str]]:
    """What is wrong with a row: the column, what it is and what to do."""
    if "name" not in words:
        yield "name", "The row has no name.", "Write the recipient's name, as letters print it."
    elif not _ID.fullmatch(id_):
        yield "id", f"'{id_}' is not an id.", "Use small letters, digits and dashes, such as kent."
    elif id_ in entries:
        yield "id", f"'{id_}' is there twice.", "Delete one of the rows, or give each its own id."
    elif fault := name_fault(id_):
        yield "id", *fault
    if not any({"name", "office"} & person.keys() for person in people["addressee"]):
        fix = "Fill in addressee_office or addressee_name."
        yield "addressee_office", f"The letter to '{id_}' has no addressee.", fix
    for name, text in words.items():
        if name.endswith("_email") and not _EMAIL.fullmatch(text):
            yield name, f"'{text}' is not an e-mail address.", "Write one, such as a@b.example."


def export_recipients(recipients: Iterable[Recipient], path: Path) -> None:
    """Write recipients into a workbook for `import_recipients`, in the place of what is there."""
    from openpyxl import Workbook
    from openpyxl.styles import Font

    rows = [dict(_cells_of(each)) for each in recipients]
    more = sorted({name for row in rows for name in row} - set(RECIPIENT_COLUMNS))
    columns = [*RECIPIENT_COLUMNS, *more]
    book = Workbook()
    table = book.worksheets[0]
    table.title = "Recipients"
    for row, texts in enumerate(({name: name for name in columns}, *rows), 1):
        for n, name in enumerate(columns, 1):
            cell = table.cell(row, n, texts.get(name))
            cell.number_format, cell.font = AS_TEXT, Font(bold=row == 1)
            table.column_dimensions[cell.column_letter].width = NARROW
    table.freeze_panes = "B2"
    out = io.BytesIO()
    book.save(out)
    write_whole(path, out.getvalue())


def _cells_of(each: Recipient) -> Iterator[tuple[str, str]]:
    yield "id", each.id
    yield "name", each.name
    yield "also_known_as", f"{_SEVERAL} ".join(each.also_known_as)
    yield "salutation", f"{_SEVERAL} ".join(each.salutation)
    yield "delivery", each.delivery or ""
    yield "signatory", f"{_SEVERAL} ".join(each.signatory)
    for who, people in zip(PEOPLE, (each.addressees, each.copied_to), strict=True):
        for n, person in enumerate(people, 1):
            for part in PARTS:
                value = getattr(person, part)
                text = value if isinstance(value, str) else f"{_SEVERAL} ".join(value or ())
                text = NOBODY if part == "organisation" and value == "" else text
                if text:
                    yield f"{who}_{part}" if n == 1 else f"{who}_{n}_{part}", text
