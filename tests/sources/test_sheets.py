"""Sheets as people leave them: struck words, formats, pasted bullets, remnants of Excel, kinds."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from click.testing import CliRunner
from openpyxl import Workbook
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.styles import Font

from letters.cli import cli
from letters.model import RichText, Value
from letters.new import new_project
from letters.project import Project
from letters.render.readback import read_docx, read_pdf
from tests.builders import (
    CSV,
    FOLDER,
    CellValue,
    a_csv,
    a_project,
    a_workbook,
    changed,
    saved,
    unzipped,
    with_shared_texts,
    zipped,
)

XLSX, CSV_FILE = f"{FOLDER}/assessments.xlsx", f"{FOLDER}/assessments.csv"
HEADER: list[CellValue] = ["force", "outcome", "finding", "visited", "devices", "lead"]
ROW: list[CellValue] = ["northmoor", "in-place", "Well.", date(2017, 6, 1), 12, "Sgt Vale"]
PIVOT = "application/vnd.openxmlformats-officedocument.spreadsheetml.pivotTable+xml"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006"
SHEET, WORKBOOK = "xl/worksheets/sheet1.xml", "xl/workbook.xml"
STRIKE = InlineFont(strike=True)


def told(root: Path, **files: str | bytes) -> list[str]:
    """The problems of a project with these records."""
    return [str(problem) for problem in Project.load(a_project(root, **files)).problems]


def values(root: Path, **files: str | bytes) -> Mapping[str, Value]:
    """The values of the first record; the project must be sound."""
    project = Project.load(a_project(root, **files))
    assert project.problems == ()
    return project.round().assessments[0].values


def number_in(shown: str, value: CellValue, column: str = "E2") -> bytes:
    """A workbook with a number in a format: in E2, the field `devices`, or F2, the field `lead`."""
    row = [*ROW[:4], value, ROW[5]] if column == "E2" else [*ROW[:5], value]
    return a_workbook([HEADER, row], formats={column: shown})


def styled(change: Callable[[Workbook], None]) -> bytes:
    """A workbook of one record with a change to it."""
    workbook = Workbook()
    workbook.worksheets[0].title = "Assessments"
    for row in (HEADER, ROW):
        workbook.worksheets[0].append(row)
    change(workbook)
    return saved(workbook)


def strike(*cells: str) -> bytes:
    def change(workbook: Workbook) -> None:
        for cell in cells:
            workbook.worksheets[0][cell].font = Font(strike=True)

    return styled(change)


def finding(*pieces: str | TextBlock, struck: bool = False) -> bytes:
    """A workbook whose finding is made of runs."""

    def change(workbook: Workbook) -> None:
        workbook.worksheets[0]["C2"] = CellRichText(*pieces)
        workbook.worksheets[0]["C2"].font = Font(strike=struck)

    return styled(change)


STRUCK: list[tuple[bytes, list[str]]] = [
    (
        finding("Your plan is ", TextBlock(STRIKE, "inadequate and was "), "published."),
        [
            "C2: 'inadequate and was' are struck through."
            " Delete the words, or take the line off them."
        ],
    ),
    (
        finding("No, ", TextBlock(STRIKE, "not"), " that, ", TextBlock(STRIKE, "this"), "."),
        ["C2: 'not' and 'this' are struck through. Delete the words, or take the line off them."],
    ),
    (
        finding("struck as its cell, ", TextBlock(InlineFont(b=True), "and kept."), struck=True),
        [
            "C2: 'struck as its cell,' are struck through."
            " Delete the words, or take the line off them."
        ],
    ),
    (strike("C2"), ["C2: The cell is struck through. Clear it, or take the line off it."]),
    (
        finding(TextBlock(STRIKE, "All"), TextBlock(STRIKE, " of it."), " "),
        ["C2: The cell is struck through. Clear it, or take the line off it."],
    ),
    (
        strike("D2", "E2"),
        [
            "D2: The cell is struck through. Clear it, or take the line off it.",
            "E2: The cell is struck through. Clear it, or take the line off it.",
        ],
    ),
    (strike("C1"), ["C1: The cell is struck through. Clear it, or take the line off it."]),
    (
        strike("A2", "B2", "C2", "D2", "E2", "F2"),
        ["A2: The row is struck through. Delete it, or take the line off it."],
    ),
]


@pytest.mark.parametrize("shared", [False, True])
@pytest.mark.parametrize(("workbook", "messages"), STRUCK)
def test_what_is_struck_through_is_told_at_its_cell(
    tmp_path: Path, workbook: bytes, messages: list[str], shared: bool
) -> None:
    workbook = with_shared_texts(workbook) if shared else workbook
    assert told(tmp_path, assessments_xlsx=workbook) == [
        f"{XLSX} Assessments!{message}" for message in messages
    ]


def test_a_space_or_an_empty_cell_struck_through_is_nothing(tmp_path: Path) -> None:
    assert values(tmp_path, assessments_xlsx=finding("Well", TextBlock(STRIKE, " "), "."))
    assert values(tmp_path, assessments_xlsx=strike("C3", "H2"))


def test_words_in_bold_are_all_read(tmp_path: Path) -> None:
    read = values(tmp_path, assessments_xlsx=finding("It ", TextBlock(InlineFont(b=True), "is.")))
    assert markdown(read["finding"]) == "It is."


def markdown(value: Value) -> str:
    assert isinstance(value, RichText)
    return value.markdown


ALTERED = [
    (3.14159, "0.0", "3.1", "3.14159"),
    (1.5, "0", "2", "1.5"),
    (-2.5, "0", "-3", "-2.5"),
    (12345, '0.0,"k"', "12.3k", "12345"),
    (12000, "#,##0,", "12", "12000"),
    (2500000, '"£"0.0,,"m"', "£2.5m", "2500000"),
    (0.4567, "0%", "46%", "45.67%"),
    (12, '0"000"', "12000", "12"),
    (-12, "0;0", "12", "-12"),
    (0, '0;-0;"nil"', "nil", "0"),
    (1, '"yes";"no"', "yes", "1"),
]


@pytest.mark.parametrize(("value", "code", "seen", "held"), ALTERED)
@pytest.mark.parametrize(
    ("cell", "field", "fix"),
    [
        ("E2", "devices", "Type the number that is meant, or format the cell as General."),
        ("F2", "lead", "Format the column as Text and type it again."),
    ],
)
def test_a_format_that_rounds_or_scales_is_refused(
    tmp_path: Path, value: float, code: str, seen: str, held: str, cell: str, field: str, fix: str
) -> None:
    assert told(tmp_path, assessments_xlsx=number_in(code, value, cell)) == [
        f"{XLSX} Assessments!{cell} {field}: The cell shows {seen} and holds {held}. {fix}"
    ]


@pytest.mark.parametrize("code", ["# ?/?", "0.00E+00", "[>100]0;0.0", ";;;", "h:mm"])
def test_a_number_whose_look_is_not_known_is_refused(tmp_path: Path, code: str) -> None:
    value = 0.25
    held = "06:00:00" if code == "h:mm" else "0.25"
    assert told(tmp_path, assessments_xlsx=number_in(code, value)) == [
        f"{XLSX} Assessments!E2 devices: The cell holds the number {held} in the format '{code}';"
        " what Excel shows cannot be known."
        " Type the number that is meant, or format the cell as General."
    ]


ACCOUNTING = '_-[$£-809]* #,##0.00_-;-[$£-809]* #,##0.00_-;_-[$£-809]* "-"??_-;_-@_-'
AS_SHOWN = [
    (12345, "#,##0", "12,345", "12345"),
    (1234.5, '"£"#,##0.00', "£1,234.50", "1234.5"),
    (1234.5, "[$€-x-euro2] #,##0.00", "€ 1,234.50", "1234.5"),
    (1234567.5, ACCOUNTING, "£1,234,567.50", "1234567.5"),
    (-1234.5, ACCOUNTING, "-£1,234.50", "-1234.5"),
    (0, ACCOUNTING, "£-", "0"),
    (-12, "#,##0_);[Red](#,##0)", "(12)", "-12"),
    (12.5, "0.00", "12.50", "12.5"),
    (12.5, "0.0##", "12.5", "12.5"),
    (0.5, "#.0", ".5", "0.5"),
    (3.14159, "General", "3.14159", "3.14159"),
    (12, "@", "12", "12"),
    (-7, "0", "-7", "-7"),
]


@pytest.mark.parametrize(("value", "code", "seen", "number"), AS_SHOWN)
def test_grouping_and_currency_are_printed_as_excel_shows_them(
    tmp_path: Path, value: float, code: str, seen: str, number: str
) -> None:
    as_text = values(tmp_path / "text", assessments_xlsx=number_in(code, value, "F2"))
    assert as_text["lead"] == seen
    as_number = values(tmp_path / "number", assessments_xlsx=number_in(code, value))
    assert f"{as_number['devices']:f}" == number


def test_a_format_that_pads_shows_in_text_alone(tmp_path: Path) -> None:
    as_text = values(tmp_path / "text", assessments_xlsx=number_in("000", 12, "F2"))
    assert as_text["lead"] == "012"
    as_number = values(tmp_path / "number", assessments_xlsx=number_in("000", 12))
    assert f"{as_number['devices']:f}" == "12"


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("+5", "5"),
        ("−7", "-7, with a hyphen"),
        ("١٢", "12"),
        ("１２", "12"),
        ("007", "7"),
        ("-00.50", "-0.50"),
    ],
)
def test_a_number_is_never_printed_otherwise_than_it_is_written(
    tmp_path: Path, written: str, meant: str
) -> None:
    refused = f"'{written}' would not be printed as it is written. Write {meant}."
    rows = [list(map(str, HEADER)), ["northmoor", "in-place", "Well.", "", written, ""]]
    assert told(tmp_path / "csv", assessments_csv=a_csv(*rows)) == [
        f"{CSV_FILE}:2 devices: {refused}"
    ]
    assert told(tmp_path / "xlsx", assessments_xlsx=number_in("@", written)) == [
        f"{XLSX} Assessments!E2 devices: {refused}"
    ]
    records = f"- force: northmoor\n  outcome: in-place\n  finding: Well.\n  devices: '{written}'\n"
    assert told(tmp_path / "yaml", assessments_yaml=records) == [
        f"{FOLDER}/assessments.yaml:4 devices: {refused}"
    ]


@pytest.mark.parametrize("written", ["5", "-7", "0", "0.50", "1204", "-0.5"])
def test_a_number_is_printed_as_typed(tmp_path: Path, written: str) -> None:
    records = changed(CSV, ",12,", f",{written},")
    assert f"{values(tmp_path, assessments_csv=records)['devices']:f}" == written


BULLETS = [
    ("Send us:\n• the plan;\n• the owner.", "•", "the plan;"),
    ("·\tthe plan;\no\tthe owner.", "·", "the plan;"),
    ("Send us:\no\tthe plan.", "o", "the plan."),
    ("Send us:\n\n–\tthe plan.", "–", "the plan."),
    ("▪ the plan.", "▪", "the plan."),
]


@pytest.mark.parametrize(("text", "bullet", "item"), BULLETS)
def test_a_pasted_bullet_in_rich_text_is_told(
    tmp_path: Path, text: str, bullet: str, item: str
) -> None:
    rows: list[list[CellValue]] = [HEADER[:3], ["northmoor", "in-place", text]]
    message = (
        f"finding: The bullet '{bullet}' before '{item}' makes no list."
        " Begin each item with '- ', and leave an empty line before the first."
    )
    assert told(tmp_path / "xlsx", assessments_xlsx=a_workbook(rows)) == [
        f"{XLSX} Assessments!C2 {message}"
    ]
    assert told(
        tmp_path / "csv", assessments_csv=a_csv(*[list(map(str, row)) for row in rows])
    ) == [f"{CSV_FILE}:2 {message}"]


def test_a_pasted_bullet_in_a_text_field_is_told(tmp_path: Path) -> None:
    assert told(tmp_path, assessments_xlsx=a_workbook([HEADER, [*ROW[:5], "• Sgt Vale"]])) == [
        f"{XLSX} Assessments!F2 lead: The text begins with the bullet '•'."
        " Delete it; a list needs a field of type 'rich text'."
    ]


def test_signs_inside_a_line_are_no_bullets(tmp_path: Path) -> None:
    text = "Sites: Fen • Moor · Vale\n\n- one\n- two – three\n\no well"
    read = values(tmp_path, assessments_xlsx=a_workbook([HEADER, [*ROW[:2], text, *ROW[3:]]]))
    assert markdown(read["finding"]) == text


REMNANTS = [
    (
        text,
        f"'{text}' is an error that Excel shows, not a value."
        " Correct the formula it came from, or type the value.",
    )
    for text in ("#N/A", "#REF!", "#DIV/0!", "#NAME?", "#SPILL!")
] + [
    (
        text,
        f"'{text}' is a longer number that Excel cut short."
        " Format the column as Text in Excel, and type all its figures again.",
    )
    for text in ("4.47912E+11", "1E+20", "-3.5E-07")
]
NARROW = (
    "'########' is what Excel shows where a column is too narrow."
    " Widen the column in Excel and save the file again, or type the value."
)


@pytest.mark.parametrize(("text", "message"), [*REMNANTS, ("########", NARROW)])
def test_what_excel_leaves_in_place_of_a_value_is_told(
    tmp_path: Path, text: str, message: str
) -> None:
    records = changed(CSV, "Sgt Vale", text)
    assert told(tmp_path / "csv", assessments_csv=records) == [f"{CSV_FILE}:2 lead: {message}"]
    workbook = a_workbook([HEADER, [*ROW[:5], "Sgt Vale"]])
    parts = unzipped(workbook)
    parts[SHEET] = parts[SHEET].replace(b"Sgt Vale", text.encode())
    assert told(tmp_path / "xlsx", assessments_xlsx=zipped(parts)) == [
        f"{XLSX} Assessments!F2: {message}"
    ]


def test_a_remnant_where_a_force_belongs_is_told_once(tmp_path: Path) -> None:
    records = changed(CSV, "northmoor", "#N/A")
    assert told(tmp_path, assessments_csv=records) == [f"{CSV_FILE}:2 force: {REMNANTS[0][1]}"]


@pytest.mark.parametrize("text", ["See #N/A here", "E+11", "1E11", "##", "#1", "5E", "N/A"])
def test_other_text_is_no_remnant(tmp_path: Path, text: str) -> None:
    assert values(tmp_path, assessments_csv=changed(CSV, "Sgt Vale", text))["lead"] == text


@pytest.mark.parametrize(
    ("kept", "text"),
    [
        ("Sgt_x0020_Vale", "Sgt Vale"),
        ("_x005F_x0020_", "_x0020_"),
        ("_x005F_x005F_x005F_x0020_", "_x005F_x0020_"),
        ("_x0041__x0042_", "AB"),
        ("_xD83D__xDE00_", "\N{GRINNING FACE}"),
        ("ax005F_b _x20_ _x00zz_", "ax005F_b _x20_ _x00zz_"),
    ],
)
@pytest.mark.parametrize("shared", [False, True])
def test_escapes_of_excel_are_decoded_once(
    tmp_path: Path, kept: str, text: str, shared: bool
) -> None:
    workbook = a_workbook([HEADER, [*ROW[:5], kept]])
    workbook = with_shared_texts(workbook) if shared else workbook
    assert values(tmp_path, assessments_xlsx=workbook)["lead"] == text


def test_a_control_character_in_an_escape_is_told(tmp_path: Path) -> None:
    assert told(tmp_path, assessments_xlsx=a_workbook([HEADER, [*ROW[:5], "Sgt_x0007_"]])) == [
        f"{XLSX} Assessments!F2: The text holds the control character U+0007."
        " Delete it and type the text again."
    ]


def test_an_escape_in_csv_is_text(tmp_path: Path) -> None:
    records = changed(CSV, "Sgt Vale", "_x0020_")
    assert values(tmp_path, assessments_csv=records)["lead"] == "_x0020_"


def a_sound_workbook() -> bytes:
    return with_shared_texts(a_workbook([HEADER, ROW], formats={"D2": "d mmmm yyyy"}))


def edited(part: str, change: Callable[[str], str]) -> bytes:
    """The sound workbook with a change to one part."""
    parts = unzipped(a_sound_workbook())
    return zipped(parts | {part: change(parts[part].decode()).encode()})


def without(part: str) -> bytes:
    """The sound workbook without one part."""
    parts = unzipped(a_sound_workbook())
    return zipped({name: parts[name] for name in parts if name != part})


def with_pivot_table() -> bytes:
    """A pivot table whose caches only Excel understands."""
    parts = unzipped(a_sound_workbook())
    parts["xl/worksheets/_rels/sheet1.xml.rels"] = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f'<Relationship Id="rId1" Type="{OFFICE}/relationships/pivotTable"'
        ' Target="../pivotTables/pivotTable1.xml"/></Relationships>'
    ).encode()
    parts["xl/pivotTables/pivotTable1.xml"] = b'<pivotTableDefinition cacheId="7"/>'
    override = f'<Override PartName="/xl/pivotTables/pivotTable1.xml" ContentType="{PIVOT}"/>'
    types = parts["[Content_Types].xml"].decode()
    parts["[Content_Types].xml"] = changed(types, "</Types>", f"{override}</Types>").encode()
    return zipped(parts)


def strict() -> bytes:
    """The workbook as Excel saves it as Strict Open XML: other namespaces, days in ISO 8601."""
    parts = {}
    for name, content in unzipped(a_sound_workbook()).items():
        text = content.decode().replace(OFFICE, "http://purl.oclc.org/ooxml/officeDocument")
        main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
        parts[name] = text.replace(main, "http://purl.oclc.org/ooxml/spreadsheetml/main").encode()
    day = re.compile(rb'<c r="D2"[^>]*>.*?</c>')
    cell = b'<c r="D2" t="d"><v>2017-06-01T00:00:00.000</v></c>'
    parts[SHEET], count = day.subn(cell, parts[SHEET])
    assert count == 1
    return zipped(parts)


def without_shared_texts() -> bytes:
    parts = unzipped(a_workbook([HEADER, ROW]))
    relations = parts["xl/_rels/workbook.xml.rels"].decode()
    lost = f'<Relationship Id="rId9" Type="{OFFICE}/relationships/sharedStrings"'
    end = "</Relationships>"
    relations = changed(relations, end, f'{lost} Target="sharedStrings.xml"/>{end}')
    return zipped({**parts, "xl/_rels/workbook.xml.rels": relations.encode()})


def with_other_names() -> bytes:
    """Parts named as some programs name them: other capitals, backslashes."""
    parts = unzipped(a_sound_workbook())
    return zipped(
        {name.replace("/", "\\").replace("shared", "Shared"): parts[name] for name in parts}
    )


def without_references(text: str) -> str:
    return re.sub(r' r="[A-Z]*\d+"', "", text)


def with_empty_style(text: str) -> str:
    return changed(text, '<c r="A1"', '<c s="" r="A1"')


def with_old_epoch(text: str) -> str:
    return re.sub(r"<workbookPr[^>]*/>", '<workbookPr date1904="1"/>', text)


READ: Mapping[str, Callable[[], bytes]] = {
    "a pivot table": with_pivot_table,
    "Strict Open XML": strict,
    "no shared texts": without_shared_texts,
    "other names of parts": with_other_names,
    "empty style": lambda: edited(SHEET, with_empty_style),
    "cells without references": lambda: edited(SHEET, without_references),
}


@pytest.mark.parametrize("kind", READ)
def test_workbooks_of_every_make_are_read(tmp_path: Path, kind: str) -> None:
    read = values(tmp_path, assessments_xlsx=READ[kind]())
    assert markdown(read["finding"]) == "Well."
    assert (read["visited"], read["devices"], read["lead"]) == (
        date(2017, 6, 1),
        Decimal(12),
        "Sgt Vale",
    )


def test_without_styles_a_day_is_the_number_that_excel_would_show(tmp_path: Path) -> None:
    assert told(tmp_path, assessments_xlsx=without("xl/styles.xml")) == [
        f"{XLSX} Assessments!D2 visited: '42887' is a number; as an Excel date it is 1 June 2017."
        " Write 2017-06-01 if that is meant."
    ]


def test_days_are_counted_from_1904_where_the_workbook_says_so(tmp_path: Path) -> None:
    read = values(tmp_path, assessments_xlsx=edited(WORKBOOK, with_old_epoch))
    assert read["visited"] == date(2021, 6, 2)


def a_package(*names: str) -> bytes:
    return zipped(dict.fromkeys(names, b"<a/>"))


OPEN = "Open it in Excel and save it as 'Excel Workbook (.xlsx)'."
NAMED = [
    (
        a_package("mimetype", "content.xml", "styles.xml"),
        f"The file is an OpenDocument file (.ods), whatever its name says. {OPEN}",
    ),
    (
        a_package("[Content_Types].xml", "xl/workbook.bin", "xl/worksheets/sheet1.bin"),
        f"The file is an Excel binary workbook (.xlsb), whatever its name says. {OPEN}",
    ),
    (
        a_package("Index/Document.iwa"),
        "The file is an Apple Numbers spreadsheet, whatever its name says."
        " Open it in Numbers and export it to Excel, as .xlsx.",
    ),
    (
        a_package("[Content_Types].xml", "word/document.xml"),
        "The file is a Word document, whatever its name says."
        " Put the workbook with the records in its place.",
    ),
    (
        without("xl/sharedStrings.xml"),
        "The workbook has lost its texts: its part sharedStrings.xml is missing."
        " Restore it from a copy, or type the texts again.",
    ),
    (
        edited(WORKBOOK, lambda text: text.replace('state="visible"', 'state="hidden"')),
        "The workbook has no visible sheet. Unhide the sheet with the records.",
    ),
    (
        edited(SHEET, lambda text: f'<!DOCTYPE a [<!ENTITY b "c">]>{text}'),
        "The workbook is damaged and cannot be read."
        " Save it from Excel as 'Excel Workbook (.xlsx)', without a password.",
    ),
]


@pytest.mark.parametrize(("workbook", "message"), NAMED)
def test_other_files_are_named_for_what_they_are(
    tmp_path: Path, workbook: bytes, message: str
) -> None:
    assert told(tmp_path, assessments_xlsx=workbook) == [f"{XLSX}: {message}"]


def test_two_spaces_in_a_row_are_one_in_every_format(tmp_path: Path) -> None:
    new_project(tmp_path / "project")
    root = tmp_path / "project"
    names = root / "recipients.yaml"
    text = names.read_text(encoding="utf-8").replace(
        "Ashmere Constabulary", "Ashmere  Constabulary"
    )
    names.write_text(text.replace("Chief Constable", "Chief   Constable"), encoding="utf-8")
    records = root / "rounds/first-round/assessments.csv"
    kept = records.read_text(encoding="utf-8").replace("names an owner", "names  an   owner")
    records.write_text(kept, encoding="utf-8")
    build = ["-C", str(root), "build", "ashmere", "--jobs", "1"]
    assert CliRunner().invoke(cli, build).exit_code == 0
    folder = root / "out/first-round/letters"
    with zipfile.ZipFile(io.BytesIO((folder / "ashmere.docx").read_bytes())) as package:
        word = "".join(re.findall(r"<w:t[ >][^<]*", package.read("word/document.xml").decode()))
    page = (folder / "ashmere.html").read_text(encoding="utf-8")
    for each in (word, page):
        assert "Ashmere Constabulary" in each
        assert not re.search(r"Ashmere {2}|Chief {2}|names {2}|an {2}", each)
    said = read_docx((folder / "ashmere.docx").read_bytes())
    assert read_pdf((folder / "ashmere.pdf").read_bytes()) == said
    assert "Chief Constable Ashmere Constabulary" in [passage.text for passage in said]
