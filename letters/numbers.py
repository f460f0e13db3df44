"""What the records of a round say in numbers, for the people who write its report: counts, shares,
sums and names, and each claim with its proof; as a web page, a Word file and a workbook.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from fractions import Fraction
from pathlib import Path

from markupsafe import Markup

from letters.build.record import NUMBERS
from letters.errors import Place
from letters.files import write_whole
from letters.gate.candidate import Candidate
from letters.gate.claims import ClaimContext, claim_problems, standing_problems
from letters.gate.quantities import Groups, as_written, in_figures
from letters.model import Claim, FieldType, Measure, RecordField, Round

Cell = str | int | float | Fraction
"""Text, a number, or a share as a fraction of all."""


@dataclass(frozen=True, slots=True)
class NumbersTable:
    """A table of the overview: its caption, the heads of its columns, and its rows."""

    caption: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]


@dataclass(frozen=True, slots=True)
class Overview:
    """A round in numbers: its title, a sentence on how far it is, and tables."""

    title: str
    status: str
    tables: tuple[NumbersTable, ...]
    made: datetime


def overview_of(candidate: Candidate) -> Overview:
    """Count what the records of a candidate say: private fields are left out."""
    round_, groups = candidate.project_round.round, candidate.groups
    awaiting, all_, many = len(groups.awaiting), len(groups.recipients), round_.nouns.many
    verb = "awaits" if awaiting == 1 else "await"
    waits = f"; {awaiting} of them {verb} an outcome" if awaiting else ""
    status = f"{all_} {many}{waits}."
    tables = [_outcomes(round_, groups)]
    for name, declared in round_.fields.items():
        if not declared.private:
            tables += _of_field(name, declared, groups, many)
    if round_.claims:
        tables.append(_claims(candidate))
    made = datetime.combine(round_.sent, time())
    return Overview(f"{round_.title}: the numbers", status, tuple(tables), made)


def _counted(groups: Groups, value: str, claim: Claim) -> tuple[Cell, ...]:
    found, all_ = groups.counted(claim), len(groups.recipients)
    names = ", ".join(each.name for each in found)
    return (value, len(found), Fraction(len(found), all_ or 1), names)


def _outcomes(round_: Round, groups: Groups) -> NumbersTable:
    rows = [
        _counted(groups, title, Claim(sentence=title, counts=(id_,)))
        for id_, title in round_.outcomes.items()
    ]
    return NumbersTable("Outcomes", ("Outcome", "Number", "Share", "Names"), tuple(rows))


def _of_field(
    name: str, declared: RecordField, groups: Groups, many: str
) -> Iterator[NumbersTable]:
    """What a field's values come to; nothing of dates and texts."""
    said = name.replace("_", " ").capitalize()
    choices = ("yes", "no") if declared.type is FieldType.YES_NO else declared.choices
    if choices:
        used = {as_written(each.values.get(name)) for each in groups.records.values()}
        rows = [
            _counted(groups, value, Claim(sentence=value, where={name: value}))
            for value in choices
            if value in used or declared.type is not FieldType.CHOICE
        ]
        yield NumbersTable(said, ("Value", "Number", "Share", "Names"), tuple(rows))
    if declared.type is FieldType.NUMBER:
        heads = ("What", "Value", f"Which {many}")
        yield NumbersTable(said, heads, tuple(_measures(name, groups)))


def _measures(name: str, groups: Groups) -> Iterator[tuple[Cell, ...]]:
    names = {each.id: each.name for each in groups.recipients}
    for measure in Measure:
        found = groups.measured(Claim.model_validate({"sentence": name, measure.value: name}))
        is_end = measure in (Measure.HIGHEST, Measure.LOWEST) and found.value is not None
        holders = ", ".join(names[id_] for id_ in names if id_ in found.holders) if is_end else ""
        yield measure.value.capitalize(), _figure(found.value), holders
    yield "Records with a value", len(found.values), ""
    yield "Records without", found.missing, ""


def _figure(value: Fraction | None) -> Cell:
    if value is None:
        return ""
    return int(value) if value.denominator == 1 else round(float(value), 2)


def _claims(candidate: Candidate) -> NumbersTable:
    rows = [
        (claim.sentence, claim.printed_in, _basis(claim), *_proof(candidate, claim))
        for claim in candidate.project_round.round.claims
    ]
    heads = ("Claim", "Printed in", "What it says something of", "The records", "True")
    return NumbersTable("Claims", heads, tuple(rows))


def _basis(claim: Claim) -> str:
    parts = [f"{measure.value} of {name}" for measure, name in claim.measures.items()]
    parts += [f"outcome {' or '.join(claim.counts)}"] if claim.counts else []
    parts += [f"{name}: {value}" for name, value in claim.where.items()]
    parts += [f"of those with outcome {' or '.join(claim.of)}"] if claim.of else []
    return "; ".join(parts)


def _proof(candidate: Candidate, claim: Claim) -> tuple[str, str]:
    reading: ClaimContext = candidate.reading
    groups, place = candidate.groups, Place("")
    if claim.measures:
        said = groups.measured(claim).said
    else:
        said = f"{len(groups.counted(claim))} of {len(groups.whole(claim))}"
    problems = [*claim_problems(claim, reading, place)]
    if text := candidate.texts.get(claim.printed_in):
        problems += standing_problems(claim, text.report, reading, place)
    return said, "yes" if not problems else f"no: {problems[0].what}"


def write_overview(found: Overview, out: Path) -> tuple[Path, ...]:
    """Write an overview in every form into `out`; the files written."""
    paths = []
    for form, make in FORMS.items():
        path = out / f"{NUMBERS}.{form}"
        write_whole(path, make(found))
        paths.append(path)
    return tuple(paths)


_PAGE = Markup("""\
<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ font: 1rem/1.5 sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }}
table {{ border-collapse: collapse; margin: 0 0 2rem; width: 100%; }}
caption {{ font-size: 1.25rem; font-weight: bold; text-align: left; padding: .5rem 0; }}
th, td {{ border-bottom: 1px solid #6b7280; padding: .25rem .5rem; text-align: left; }}
th, td {{ vertical-align: top; }}
td.number {{ text-align: right; white-space: nowrap; }}
</style>
</head>
<body>
<main>
<h1>{title}</h1>
<p>{status}</p>
{tables}
</main>
</body>
</html>
""")


def as_page(found: Overview) -> bytes:
    """An overview as a web page that stands alone, everything in it escaped."""
    tables = Markup("\n").join(_html_table(each) for each in found.tables)
    page = _PAGE.format(title=found.title, status=found.status, tables=tables)
    return page.encode()


def _html_table(table: NumbersTable) -> Markup:
    heads = _joined(Markup('<th scope="col">{}</th>').format(each) for each in table.heads)
    rows = _joined(_html_row(row) for row in table.rows)
    return Markup(
        "<table>\n<caption>{}</caption>\n<thead><tr>{}</tr></thead>\n<tbody>\n{}</tbody>\n</table>"
    ).format(table.caption, heads, rows)


def _html_row(row: Sequence[Cell]) -> Markup:
    first, *others = row
    text, number = Markup("<td>{}</td>"), Markup('<td class="number">{}</td>')
    cells = ((text if isinstance(e, str) else number).format(written_cell(e)) for e in others)
    head = Markup('<th scope="row">{}</th>').format(written_cell(first))
    return Markup("<tr>{}{}</tr>\n").format(head, _joined(cells))


def _joined(pieces: Iterable[Markup]) -> Markup:
    return Markup("").join(pieces)


def written_cell(cell: Cell) -> str:
    """A cell as people read it: 18,406, 11.5, or 38.6% for a share."""
    if isinstance(cell, str):
        return cell
    if isinstance(cell, Fraction):
        return f"{float(100 * cell):.1f}%"
    return in_figures(Fraction(str(cell)))


_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
"""What the words of a report's PDF may hold and no Word file or workbook can."""


def as_word(found: Overview) -> bytes:
    """An overview as a Word file whose tables have headings that repeat."""
    from docx import Document  # only this command needs it
    from docx.oxml.ns import qn

    document = Document()
    properties = document.core_properties
    properties.title, properties.author = found.title, ""
    properties.created = properties.modified = found.made
    properties.language = "en-GB"
    document.add_heading(found.title, 0)
    document.add_paragraph(found.status)
    for each in found.tables:
        document.add_heading(each.caption, 1)
        table = document.add_table(rows=0, cols=len(each.heads), style="Table Grid")
        for row in (each.heads, *each.rows):
            for cell, value in zip(table.add_row().cells, row, strict=True):
                cell.text = _NOT_IN_XML.sub("", written_cell(value))
        head = table.rows[0]._tr.get_or_add_trPr()  # python-docx has no other way to say it
        head.append(head.makeelement(qn("w:tblHeader"), {}))
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


_LONGEST_SHEET = 31  # characters of a sheet's name that Excel takes
_NO_SHEET = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def as_workbook(found: Overview) -> bytes:
    """An overview as a workbook, a sheet a table; text is never a formula."""
    from openpyxl import Workbook  # only this command needs it
    from openpyxl.styles import Font

    book = Workbook()
    del book[book.sheetnames[0]]
    for n, each in enumerate(found.tables, start=1):
        sheet = book.create_sheet(f"{n} {each.caption.translate(_NO_SHEET)}"[:_LONGEST_SHEET])
        for row, values in enumerate((each.heads, *each.rows), start=1):
            for column, value in enumerate(values, start=1):
                cell = sheet.cell(row, column)
                cell.value = _NOT_IN_XML.sub("", value) if isinstance(value, str) else float(value)
                cell.data_type = "s" if isinstance(value, str) else "n"
                cell.font = Font(bold=row == 1)
                cell.number_format = "0.0%" if isinstance(value, Fraction) else "General"
        sheet.freeze_panes = "A2"
    book.properties.title, book.properties.created = found.title, found.made
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


FORMS: Mapping[str, Callable[[Overview], bytes]] = {
    "html": as_page,
    "docx": as_word,
    "xlsx": as_workbook,
}
"""What writes an overview in each form, by the ending of the file's name."""
