"""The exact text of every message about input, as a person reads it."""

from __future__ import annotations

from datetime import date, time
from pathlib import Path

import pytest

from letters.project import Project
from tests.builders import (
    CSV,
    FOLDER,
    PNG,
    RECIPIENTS,
    ROUND,
    CellValue,
    a_csv,
    a_project,
    a_workbook,
    changed,
    write,
)

Files = dict[str, str | bytes | None]
Case = tuple[Files, list[str]]

HEADER = ["force", "outcome", "finding", "visited", "agreed", "devices", "store", "lead"]
NORTH = ["northmoor", "in-place", "Well."]
ROUND_YAML, CSV_FILE = f"{FOLDER}/round.yaml", f"{FOLDER}/assessments.csv"
YAML_FILE, XLSX_FILE = f"{FOLDER}/assessments.yaml", f"{FOLDER}/assessments.xlsx"
NUMBERS: list[tuple[CellValue, str, str]] = [
    (1.5, "# ?/?", "1.5"),
    (0.25, "0%%", "25%"),
    (120000, "0.0E+00", "120000"),
    (time(9, 30), "h:mm", "09:30:00"),
]
"""Numbers of Excel, formats whose look is not known, and how they are told."""

TWO_SIGNATORIES = """\
  okoro:
    name: Ada Okoro
    offices: Inspector
    signature: signature.png
"""

JOINT_RECIPIENTS = (
    RECIPIENTS.replace("southmoor:\n", "  delivery: Via email\n  signatory: merriden\nsouthmoor:\n")
    + "  delivery: By post\n  signatory: okoro\n"
)


def larger_than_it_says(workbook: bytes) -> bytes:
    """`workbook` with a part of 101 MB, according to its list of parts."""
    size = workbook.index(b"PK\x01\x02") + 24
    return workbook[:size] + (101_000_000).to_bytes(4, "little") + workbook[size + 4 :]


def recipients(old: str, new: str) -> Files:
    return {"recipients": changed(RECIPIENTS, old, new)}


def round_(old: str, new: str) -> Files:
    return {"round": changed(ROUND, old, new)}


def records(old: str, new: str) -> Files:
    return {"assessments_csv": changed(CSV, old, new)}


def a_field(text: str) -> Files:
    """The last column of the first record as `text`, quoted for CSV."""
    return records("Sgt Vale", f'"{text}"')


def from_yaml(text: str) -> Files:
    return {"assessments_yaml": text}


YAML_WRITING: list[Case] = [
    (
        recipients("  name: Northmoor Police", "  name: Northmoor: Police"),
        [
            "recipients.yaml:2: A ': ' is inside a value here, or the line is indented wrongly."
            " Put the value in quotes, or indent the line as its neighbours."
        ],
    ),
    (
        recipients("  name: Northmoor", "\tname: Northmoor"),
        ["recipients.yaml:2: A tab is where spaces must. Indent with spaces."],
    ),
    (
        recipients("Northmoor Police", "@Northmoor"),
        ["recipients.yaml:2: A value may not begin with '@'. Put the value in quotes."],
    ),
    (
        recipients("name: Northmoor Police\n", "name: Northmoor Police\nstray\n"),
        [
            "recipients.yaml:3: This line is neither 'key: value' nor '- value'."
            " Put ': ' after its key, or indent it under the text it continues."
        ],
    ),
    (
        recipients("Northmoor Police", "'Northmoor Police"),
        [
            "recipients.yaml:2: A quotation mark is opened here and not closed."
            " Close it; inside single quotes, write an apostrophe twice."
        ],
    ),
    (
        recipients("Northmoor Police", "- Northmoor"),
        [
            "recipients.yaml:2: A '- ' is where no list can begin."
            " Begin the list on the next line, or put the value in quotes."
        ],
    ),
    (
        recipients("Northmoor Police", "[Northmoor"),
        ["recipients.yaml:2: A '[' or '{' is opened and not closed. Close it, or use quotes."],
    ),
    (
        recipients("Northmoor Police", '"North\\qmoor"'),
        [
            "recipients.yaml:2: '\\q' has no meaning in double quotes."
            " Use single quotes, or write each backslash twice."
        ],
    ),
    (
        recipients("Northmoor Police", '"\\UFFFFFFFF"'),
        [
            "recipients.yaml:2: '\\UFFFFFFFF' names no character."
            " Use single quotes, or correct the number."
        ],
    ),
    (
        recipients("Northmoor Police", "'Northmoor' Police"),
        [
            "recipients.yaml:2: This line does not fit those above it. Indent it as its neighbours,"
            " and put values that hold quotation marks in quotes."
        ],
    ),
    (
        {"recipients": "%YAML 9.0\n---\nkent: x\n"},
        [
            "recipients.yaml:1: YAML cannot be read here: found incompatible YAML document (version"
            " 1.* is required). Compare with the lines around it."
        ],
    ),
    (
        recipients("name: Northmoor Police\n", "name: Northmoor Police\n  name: North\n"),
        [
            "recipients.yaml:3 northmoor: The key 'name' is there twice, on lines 2 and 3."
            " Delete one of them."
        ],
    ),
    (
        {"recipients": RECIPIENTS + RECIPIENTS[: RECIPIENTS.index("southmoor")]},
        [
            "recipients.yaml:16: The key 'northmoor' is there twice, on lines 1 and 16."
            " Delete one of them."
        ],
    ),
    (
        recipients("Northmoor Police", "&name Northmoor"),
        [
            "recipients.yaml:2 northmoor.name: '&name' marks a value for repetition."
            " Delete the mark, or put text that begins with '&' in quotes."
        ],
    ),
    (
        recipients("Northmoor Police", "*name"),
        [
            "recipients.yaml:2 northmoor.name: '*name' repeats another value."
            " Write the value out, or put text that begins with '*' in quotes."
        ],
    ),
    (
        recipients("Northmoor Police", "!!str Northmoor"),
        [
            "recipients.yaml:2 northmoor.name: '!!str' is a YAML tag."
            " Delete the tag, or put text that begins with '!' in quotes."
        ],
    ),
    (
        recipients("  name: Northmoor Police", "  <<: Northmoor Police"),
        ["recipients.yaml:2 northmoor: '<<' merges other values. Write the values out."],
    ),
    (
        recipients("Northmoor Police", "{{ name }}"),
        [
            "recipients.yaml:2 northmoor.name: A key must be text."
            " Put a value that begins with '{' or '[' in quotes."
        ],
    ),
    (
        recipients("Northmoor Police", "~"),
        [
            "recipients.yaml:2 northmoor: name is empty. Fill it in: The force's name, as printed.",
            "recipients.yaml:2 northmoor.name: '~' may be meant as text or as nothing."
            " Put it in quotes if it is text; else leave the value empty.",
        ],
    ),
    (
        {"recipients": "[" * 20},
        ["recipients.yaml:1: Values are nested too deeply here. Write them flatter."],
    ),
    (
        {"recipients": f"{RECIPIENTS}---\nwestmoor:\n"},
        ["recipients.yaml:16: A second document begins here. Delete the line '---'."],
    ),
    (
        {"recipients": "# nothing yet\n"},
        ["recipients.yaml: The file is empty. Write its content, or restore it."],
    ),
    (
        {
            "recipients": RECIPIENTS.replace("Northmoor", "Llŷn")
            .encode()
            .replace(b"\xc5\xb7", b"\xfd")
        },
        ["recipients.yaml:2: This line is not UTF-8 text. Save the file with the encoding UTF-8."],
    ),
    (
        recipients("Northmoor", "North\x07moor"),
        [
            "recipients.yaml:2: The line holds the control character U+0007."
            " Delete it and type the text again."
        ],
    ),
]

TEXTS: list[Case] = [
    (
        recipients("Northmoor", "North\U000f0000moor"),
        [
            "recipients.yaml:2 northmoor.name: The text holds the reserved character U+F0000."
            " Delete it and type the text again."
        ],
    ),
    (
        a_field("Sgt\x07Vale"),
        [
            f"{CSV_FILE}:2 lead: The text holds the control character U+0007."
            " Delete it and type the text again."
        ],
    ),
    (
        a_field("Sgt \uf0b7 Vale"),
        [
            f"{CSV_FILE}:2 lead: The text holds the reserved character U+F0B7."
            " Delete it and type the text again."
        ],
    ),
    (
        a_field("Sgt Re\u0301gis"),
        [
            f"{CSV_FILE}:2 lead: 'R\u00e9gis' is not in Unicode's composed form (NFC)."
            " Type the word again: 'R\u00e9gis'."
        ],
    ),
    (
        a_field("Sgt\u2000Vale"),
        [
            f"{CSV_FILE}:2 lead: 'Sgt\u2002Vale' is not in Unicode's composed form (NFC)."
            " Type the word again: 'Sgt\u2002Vale'."
        ],
    ),
    (
        a_field("the sergeantâ€™s"),
        [
            f"{CSV_FILE}:2 lead: The text holds 'â€™', which probably stands for '’'."
            " Correct the text, and save its file as UTF-8."
        ],
    ),
    (
        a_field("RÃ©gis"),
        [
            f"{CSV_FILE}:2 lead: The text holds 'Ã©', which probably stands for 'é'."
            " Correct the text, and save its file as UTF-8."
        ],
    ),
    (
        a_field("the sergeant‚Äôs"),
        [
            f"{CSV_FILE}:2 lead: The text holds '‚Äô', which probably stands for '’'."
            " Correct the text, and save its file as UTF-8."
        ],
    ),
    (
        a_field("R\ufffdgis"),
        [
            f"{CSV_FILE}:2 lead: The text holds '\ufffd', where a character was lost."
            " Type the text again."
        ],
    ),
    (
        a_field("Sgt\nVale"),
        [
            f"{CSV_FILE}:2 lead: The text breaks into lines after 'Sgt'."
            " Write it on one line; paragraphs need a field of type 'rich text'."
        ],
    ),
    (
        a_field("Sgt\tVale"),
        [f"{CSV_FILE}:2 lead: A tab is after 'Sgt'. Put a space in its place."],
    ),
]

RECIPIENT_KEYS: list[Case] = [
    (
        recipients("copied_to: none", "copied_to:"),
        [
            "recipients.yaml:15 southmoor: copied_to is empty."
            " Name at least one office, or write 'copied_to: none'."
        ],
    ),
    (
        recipients("  copied_to: none\n", ""),
        [
            "recipients.yaml:8 southmoor: copied_to is missing."
            " Name at least one office, or write 'copied_to: none'."
        ],
    ),
    *(
        (
            {
                **recipients("copied_to: none", f"copied_to: {text}"),
                "assessments_csv": "force,outcome,finding\nnorthmoor,,\n",
            },
            [
                f"recipients.yaml:15 southmoor: {said}"
                " Name at least one office, or write 'copied_to: none'."
            ],
        )
        for text, said in [
            ("[]", "copied_to is empty."),
            ("[none]", "'none' is no office that gets a copy."),
            ("{office: None}", "'None' is no office that gets a copy."),
            ("nobody", "'nobody' is no office that gets a copy."),
            ("n/a", "'n/a' is no office that gets a copy."),
            ("'-'", "'-' is no office that gets a copy."),
        ]
    ),
    (
        recipients("  name: Northmoor Police\n", ""),
        ["recipients.yaml:1 northmoor: name is missing. Add it: The force's name, as printed."],
    ),
    (
        recipients("  name: Northmoor", "  nmae: Northmoor"),
        ["recipients.yaml:2 northmoor: 'nmae' is not a key here. Did you mean 'name'?"],
    ),
    (
        recipients("  name: Northmoor Police\n", "  name: Northmoor Police\n  id: north\n"),
        [
            "recipients.yaml:3 northmoor: 'id' is not a key here. Use one of name, addressees,"
            " salutation, copied_to, also_known_as, delivery, signatory."
        ],
    ),
    (
        {
            **recipients("northmoor:", "North Moor:"),
            "assessments_csv": "force,outcome,finding\nsouthmoor,,\n",
        },
        [
            "recipients.yaml:1 North Moor: 'North Moor' cannot be an id."
            " Use lower-case letters, digits and single hyphens, such as north-moor."
        ],
    ),
    (
        recipients("    - office: Chief", "    - honours: QPM\n      email: x@y.zz #"),
        [
            "recipients.yaml:4 northmoor.addressees: An entry names neither a person nor an office."
            " Add 'name' or 'office'."
        ],
    ),
    (
        recipients("honours: QPM", "email: ada@thorne"),
        [
            "recipients.yaml:12 southmoor.addressees: email 'ada@thorne' is not an e-mail address."
            " Write it like name@example.org."
        ],
    ),
    (
        recipients("honours: QPM", "honours: [QPM]"),
        [
            "recipients.yaml:12 southmoor.addressees: honours must be text."
            " Write it on one line, in quotes if it holds ': '."
        ],
    ),
    (
        recipients("honours: QPM", 'postal: ["1 High Street", ""]'),
        [
            "recipients.yaml:12 southmoor.addressees: An entry of postal is empty."
            " Fill it in: Postal address, a line each. Private."
        ],
    ),
    (
        recipients("salutation: Chief Constable\n", "salutation: [Ann, Ben, Cy]\n"),
        ["recipients.yaml:5 northmoor: salutation holds 3 entries. Keep 2 at most."],
    ),
    (
        recipients("salutation: Chief Constable\n", "salutation: {a: b}\n"),
        [
            "recipients.yaml:5 northmoor: salutation must be a list."
            " Write each entry on a line that begins with '- '."
        ],
    ),
    (
        recipients("  copied_to: none", "  copied_to: none\n  signatory: smith"),
        [
            "recipients.yaml:8 southmoor: signatory 'smith' does not sign in round"
            " 2017-lost-property. Use one of merriden."
        ],
    ),
    (
        {"recipients": f"{RECIPIENTS}westmoor: West\n"},
        [
            "recipients.yaml:16: westmoor must hold keys, each with its value."
            " Write 'key: value', a line each."
        ],
    ),
    (
        {"recipients": "- northmoor\n"},
        [
            "recipients.yaml:1: The file must hold each recipient under its id."
            " Write 'kent:', and its keys indented under it."
        ],
    ),
]

ROUND_KEYS: list[Case] = [
    (
        {"round": "just text"},
        [
            f"{ROUND_YAML}:1: The file must hold keys, each with its value."
            " Write 'key: value', a line each."
        ],
    ),
    (
        round_("title: Lost property\n", ""),
        [
            f"{ROUND_YAML}:1: title is missing."
            " Add it: The round's title, for lists and status tables."
        ],
    ),
    (
        round_("sent: 2 October 2017", "sent:"),
        [f"{ROUND_YAML}:6: sent is empty. Fill it in: The letters' date, such as 2 October 2017."],
    ),
    (
        round_("sent: ", "sett: "),
        [f"{ROUND_YAML}:6: 'sett' is not a key here. Did you mean 'sent'?"],
    ),
    (
        round_("sent: 2 October 2017", "sent: 03/04/2017"),
        [
            f"{ROUND_YAML}:6 sent: '03/04/2017' can mean 3 April 2017 or 4 March 2017."
            " Write 2017-04-03 or 2017-03-04."
        ],
    ),
    (
        round_("sent:", "contact: Jo Vale\nsent:"),
        [
            f"{ROUND_YAML}:6: contact must hold keys."
            " Write name, email, phone under it, a line each."
        ],
    ),
    (
        round_("sent:", "language: xx\nsent:"),
        [f"{ROUND_YAML}:6 language: 'xx' is not a language. Write its code, such as en-GB or cy."],
    ),
    (
        round_("  merriden:", "  Merriden:"),
        [
            f"{ROUND_YAML}:8 signatories: 'Merriden' cannot be an id."
            " Use lower-case letters, digits and single hyphens, such as merriden."
        ],
    ),
    (
        round_("outcomes:\n", "signatory: meriden\noutcomes:\n"),
        [
            f"{ROUND_YAML}:13 signatory: 'meriden' is not a signatory of this round."
            " Use one of merriden; did you mean 'merriden'?"
        ],
    ),
    (
        round_("outcomes:\n", f"{TWO_SIGNATORIES}outcomes:\n"),
        [
            f"{ROUND_YAML}:1 signatory: Several people may sign, and nothing says who signs for"
            " 'northmoor'. Write 'signatory: merriden' for all, or name one."
        ],
    ),
    (
        {
            "round": ROUND[: ROUND.index("outcomes:")] + "outcomes: In place\n",
            "assessments_csv": "force,outcome\nnorthmoor,\n",
        },
        [
            f"{ROUND_YAML}:13: outcomes must hold keys."
            " Write its keys under it, a line each, indented."
        ],
    ),
    (
        round_("type: date", "type: dat"),
        [
            f"{ROUND_YAML}:21 fields.visited: 'dat' is not a type of field. Use one of text,"
            " rich text, yes-no, date, number, choice, list; did you mean 'date'?"
        ],
    ),
    (
        round_("required: yes", "required: maybe"),
        [
            f"{ROUND_YAML}:19 fields.finding.required: 'maybe' is neither yes nor no."
            " Write yes or no."
        ],
    ),
    (
        round_("    choices: [own store, shared store]\n", ""),
        [f"{ROUND_YAML}:26 fields: store has no choices. List them under 'choices'."],
    ),
    (
        round_("type: number", "type: number\n    choices: few"),
        [
            f"{ROUND_YAML}:26 fields: devices has choices, but its type is 'number'."
            " Write 'type: choice', or delete the choices."
        ],
    ),
    (
        {**round_("  lead:", "  force_name:"), **records("lead\n", "force_name\n")},
        [
            f"{ROUND_YAML}:29 fields: 'force_name' is the name of a placeholder or column that"
            " every round has. Give the field another name."
        ],
    ),
    (
        {
            **round_("  lead:", "  signatory:"),
            "assessments_csv": "force,outcome,finding\nnorthmoor,,\n",
        },
        [
            f"{ROUND_YAML}:29 fields: 'signatory' is the name of a placeholder or column that"
            " every round has. Give the field another name."
        ],
    ),
    (
        {
            **round_("  lead:", "  Lead Officer:"),
            "assessments_csv": "force,outcome,finding\nnorthmoor,,\n",
        },
        [
            f"{ROUND_YAML}:29 fields: 'Lead Officer' cannot be a field's name. Use lower-case"
            " letters, digits and single underscores, a letter first, such as lead_officer."
        ],
    ),
    (
        {**round_("sent:", "nouns:\n  one: sender\nsent:"), **records("force,", "sender,")},
        [
            f"{ROUND_YAML}:7 nouns.one: 'sender' would hide a placeholder or column of the same"
            " name. Choose another noun."
        ],
    ),
    (
        round_("sent:", "nouns:\n  one: Service\nsent:"),
        [
            f"{ROUND_YAML}:7 nouns: 'Service' cannot be a noun. Use lower-case letters, digits and"
            " single underscores, a letter first, such as service."
        ],
    ),
    (
        round_("sent:", "recipients: [northmoor, southmoor, southmor, northmoor]\nsent:"),
        [
            f"{ROUND_YAML}:6 recipients: 'northmoor' is there twice. Delete one of them.",
            f"{ROUND_YAML}:6 recipients: 'southmor' is not a force of recipients.yaml."
            " Did you mean 'southmoor'?",
        ],
    ),
]

SIGNATURES: list[Case] = [
    (
        round_("signature.png", "signatrue.png"),
        [
            f"{ROUND_YAML}:12 signatories.merriden: There is no signature image 'signatrue.png'."
            " Did you mean 'signature.png'?"
        ],
    ),
    (
        {"signature": None},
        [
            f"{ROUND_YAML}:12 signatories.merriden: There is no signature image 'signature.png'."
            " Put the image there, or correct its name."
        ],
    ),
    (
        round_("signature.png", "../signature.png"),
        [
            f"{ROUND_YAML}:12 signatories.merriden: signature '../signature.png' leads outside the"
            " round's folder. Put the image in that folder and give its name."
        ],
    ),
    (
        round_("signature.png", "C:\\signature.png"),
        [
            f"{ROUND_YAML}:12 signatories.merriden: signature 'C:\\signature.png' leads outside the"
            " round's folder. Put the image in that folder and give its name."
        ],
    ),
    (
        {"signature": PNG[:40]},
        [
            f"{ROUND_YAML}:12 signatories.merriden: signature 'signature.png' is not an image that"
            " can be read. Save it as a PNG or JPEG image."
        ],
    ),
    (
        {"signature": b"<svg xmlns='http://www.w3.org/2000/svg'/>"},
        [
            f"{ROUND_YAML}:12 signatories.merriden: signature 'signature.png' is an SVG drawing,"
            " which Word cannot show. Save it as a PNG image."
        ],
    ),
]

DATES: list[Case] = [
    (
        records("2017-06-01", text),
        [f"{CSV_FILE}:2 visited: {said}"],
    )
    for text, said in [
        (
            "03/04/2017",
            "'03/04/2017' can mean 3 April 2017 or 4 March 2017. Write 2017-04-03 or 2017-03-04.",
        ),
        ("31/31/2017", "'31/31/2017' is not a day of the calendar. Correct the date."),
        ("2017-06-31", "'2017-06-31' is not a day of the calendar. Correct the date."),
        ("31 June 2017", "'31 June 2017' is not a day of the calendar. Correct the date."),
        (
            "Tuesday 2 October 2017",
            "'Tuesday 2 October 2017' names the wrong weekday: 2 October 2017 is a Monday."
            " Correct the weekday or the date.",
        ),
        (
            "Mnoday 2 October 2017",
            "'Mnoday' in 'Mnoday 2 October 2017' is not a day of the week."
            " Write it like 2 October 2017 or 2017-10-02.",
        ),
        (
            "2 Octember 2017",
            "'Octember' in '2 Octember 2017' is not the name of a month."
            " Write it like 2 October 2017 or 2017-10-02.",
        ),
        (
            "43010",
            "'43010' is a number; as an Excel date it is 2 October 2017."
            " Write 2017-10-02 if that is meant.",
        ),
        ("last week", "'last week' is not a date. Write it like 2 October 2017 or 2017-10-02."),
        ("２ May 2017", "'２ May 2017' is not a date. Write it like 2 October 2017 or 2017-10-02."),
    ]
]

VALUES: list[Case] = [
    (
        records(",yes,", ",maybe,"),
        [f"{CSV_FILE}:2 agreed: 'maybe' is neither yes nor no. Write yes or no."],
    ),
    (
        records(",12,", ',"1,200",'),
        [f"{CSV_FILE}:2 devices: '1,200' has a thousands separator. Write 1200."],
    ),
    (
        records(",12,", ',"1,5",'),
        [f"{CSV_FILE}:2 devices: '1,5' has a decimal comma. Write 1.5."],
    ),
    (
        records(",12,", ",12%,"),
        [
            f"{CSV_FILE}:2 devices: '12%' is a percentage, not a number."
            " Write 12; the wording prints the '%'."
        ],
    ),
    (
        records(",12,", ",a dozen,"),
        [
            f"{CSV_FILE}:2 devices: 'a dozen' is not a number."
            " Write it in figures, such as 12 or 12.5."
        ],
    ),
    (
        records("own store", "own stor"),
        [
            f"{CSV_FILE}:2 store: 'own stor' is not a choice of this field."
            " Use one of own store, shared store; did you mean 'own store'?"
        ],
    ),
    (
        records("in-place", "in-palce"),
        [
            f"{CSV_FILE}:2 outcome: 'in-palce' is not an outcome of this round."
            " Use one of not-started, in-place; did you mean 'in-place'?"
        ],
    ),
    (
        records("in-place", "splendid"),
        [
            f"{CSV_FILE}:2 outcome: 'splendid' is not an outcome of this round."
            " Use one of not-started, in-place."
        ],
    ),
    (
        {"assessments_csv": "force,outcome,finding,signatory\nnorthmoor,,,meriden\n"},
        [
            f"{CSV_FILE}:2 signatory: 'meriden' is not a signatory of this round."
            " Use one of merriden; did you mean 'merriden'?"
        ],
    ),
    (
        records("All is well.", ""),
        [
            f"{CSV_FILE}:2 finding: finding is empty, but a record with an outcome needs it."
            " Fill it in, or clear the outcome until it is known."
        ],
    ),
]

FORCES: list[Case] = [
    (
        records("southmoor", f"southmoor {'and so on ' * 9}"),
        [
            f"{CSV_FILE}:3 force: 'southmoor and so on and so on and so on and so on and so on…'"
            " is not a force of recipients.yaml. Add it there, or correct the id."
        ],
    ),
    (
        records("southmoor", "southmoor; southmoor"),
        [f"{CSV_FILE}:3 force: 'southmoor' is named twice in this record. Delete one of them."],
    ),
    (
        {"assessments_csv": 'force,outcome,finding\n"northmoor, southmoor",,\n'},
        [
            f"{CSV_FILE}:2 force: 'northmoor, southmoor' is not a force of recipients.yaml."
            " Write 'northmoor; southmoor' for a joint letter."
        ],
    ),
    (
        {
            "recipients": JOINT_RECIPIENTS,
            **round_("outcomes:\n", f"{TWO_SIGNATORIES}outcomes:\n"),
            "assessments_csv": "force,outcome,finding\nnorthmoor; southmoor,,\n",
        },
        [
            f"{CSV_FILE}:2 force: The recipients of this joint letter have different delivery"
            " lines: 'Via email' for northmoor, 'By post' for southmoor."
            " Make them equal in recipients.yaml.",
            f"{CSV_FILE}:2 force: The recipients of this joint letter name different signatories:"
            " 'merriden' for northmoor, 'okoro' for southmoor."
            " Name the one who signs in the record's 'signatory'.",
        ],
    ),
    (
        records("southmoor", "southmor"),
        [
            f"{CSV_FILE}:3 force: 'southmor' is not a force of recipients.yaml."
            " Did you mean 'southmoor'?"
        ],
    ),
    (
        records("southmoor", "Southmoor Police"),
        [
            f"{CSV_FILE}:3 force: 'Southmoor Police' is not a force of recipients.yaml."
            " Did you mean 'southmoor'?"
        ],
    ),
    (
        records("southmoor", "elsewhere"),
        [
            f"{CSV_FILE}:3 force: 'elsewhere' is not a force of recipients.yaml."
            " Add it there, or correct the id."
        ],
    ),
    (
        {
            **round_("sent:", "nouns: {one: authority}\nsent:"),
            "assessments_csv": "authority,outcome,finding\nelsewhere,,\n",
        },
        [
            f"{CSV_FILE}:2 authority: 'elsewhere' is not an authority of recipients.yaml."
            " Add it there, or correct the id."
        ],
    ),
    (
        round_("sent:", "recipients: [northmoor]\nsent:"),
        [
            f"{CSV_FILE}:3 force: 'southmoor' is not a force of this round."
            " Add it to 'recipients' in round.yaml, or delete the record."
        ],
    ),
    (
        records("southmoor", "northmoor"),
        [f"{CSV_FILE}:3 force: 'northmoor' has a record already, at line 2. Delete one of them."],
    ),
    (
        records("southmoor", "southmoor; northmoor"),
        [f"{CSV_FILE}:3 force: 'northmoor' has a record already, at line 2. Delete one of them."],
    ),
    (
        {"assessments_csv": "force,outcome,finding\n,in-place,Well.\n"},
        [
            f"{CSV_FILE}:2 force: The record does not name a force."
            " Write its id from recipients.yaml."
        ],
    ),
    (
        {
            "recipients": RECIPIENTS
            + RECIPIENTS[: RECIPIENTS.index("southmoor")].replace(
                "northmoor:", "northmoor-and-southmoor:"
            ),
            "assessments_csv": "force,outcome,finding\nnorthmoor; southmoor,in-place,Well.\n",
        },
        [
            f"{CSV_FILE}:2 force: The joint letter of 'northmoor' and 'southmoor' would be named"
            " 'northmoor-and-southmoor', as another letter is."
            " Give one of them another id in recipients.yaml."
        ],
    ),
]

COLUMNS: list[Case] = [
    (
        records("lead\n", "leda\n"),
        [f"{CSV_FILE}:1: 'leda' is not a column of this round's records. Did you mean 'lead'?"],
    ),
    (
        records("force,", "forse,"),
        [f"{CSV_FILE}:1: 'forse' is not a column of this round's records. Did you mean 'force'?"],
    ),
    (
        records("lead\n", "Rank & grade\n"),
        [
            f"{CSV_FILE}:1: 'Rank & grade' is not a column of this round's records. Use force,"
            " outcome, signatory, finding, visited, agreed, devices, store, lead, or declare it"
            " under 'fields' in round.yaml."
        ],
    ),
    (
        {"assessments_csv": "force,outcome\nnorthmoor,in-place\n"},
        [f"{CSV_FILE}:1: There is no column 'finding'. Add it, with this name in the header."],
    ),
    (
        {"assessments_csv": a_csv([*HEADER, "Lead"], [*NORTH, "", "", "", "", "", ""])},
        [f"{CSV_FILE}:1: The column 'Lead' is there twice. Delete one of them."],
    ),
    (
        records("lead\n", "\n"),
        [
            f"{CSV_FILE}:1: A column without a name holds 'Sgt Vale'."
            " Name it in the header, or clear it."
        ],
    ),
    (
        from_yaml("- force: northmoor\n  outcome: in-place\n  findng: Well.\n"),
        [f"{YAML_FILE}:3: 'findng' is not a key of this round's records. Did you mean 'finding'?"],
    ),
    (
        from_yaml("- force: northmoor\n  outcome: in-place\n"),
        [
            f"{YAML_FILE}:1 finding: finding is empty, but a record with an outcome needs it."
            " Fill it in, or clear the outcome until it is known."
        ],
    ),
    (
        from_yaml("- force: northmoor\n  finding: {a: b}\n"),
        [
            f"{YAML_FILE}:2 finding: finding must be text."
            " Write it after the colon, or as a block that begins with '|'."
        ],
    ),
    (
        from_yaml("- northmoor\n- force: southmoor\n"),
        [
            f"{YAML_FILE}:1: A record must hold keys, each with its value."
            " Begin it with '- force: '."
        ],
    ),
    (
        from_yaml("northmoor: in-place\n"),
        [f"{YAML_FILE}:1: The file must be a list of records. Begin each record with '- force: '."],
    ),
]

CSV_WRITING: list[Case] = [
    (
        records("Sgt Vale", "Sgt Vale, and others"),
        [
            f"{CSV_FILE}:2: The row has 9 values for 8 columns; 'and others' is surplus."
            " Put a value that holds a comma in double quotes."
        ],
    ),
    (
        records("Sgt Vale", 'Sgt Vale,"One line\nand another, which goes on for quite some time"'),
        [
            f"{CSV_FILE}:2: The row has 9 values for 8 columns;"
            " 'One line and another, which goes on for quite some time' is surplus."
            " Put a value that holds a comma in double quotes."
        ],
    ),
    (
        records("southmoor,,,,,,,", "southmoor"),
        [
            f"{CSV_FILE}:3: The row has 1 value for 8 columns."
            " Add a comma for each value left empty."
        ],
    ),
    (
        {"assessments_csv": CSV.replace(",", ";")},
        [
            f"{CSV_FILE}:1: The columns are parted by ';', not by commas."
            " Save the file as 'CSV UTF-8 (comma delimited)'; where Excel parts them so again, save"
            " it as 'Excel Workbook (.xlsx)', which is read as it is, and delete this one."
        ],
    ),
    (
        {"assessments_csv": CSV.replace(",", "\t")},
        [
            f"{CSV_FILE}:1: The columns are parted by tabs, not by commas."
            " Save the file as 'CSV UTF-8 (comma delimited)'; where Excel parts them so again, save"
            " it as 'Excel Workbook (.xlsx)', which is read as it is, and delete this one."
        ],
    ),
    (
        {"assessments_csv": ""},
        [f"{CSV_FILE}: The file is empty. Write its content, or restore it."],
    ),
    (
        {"assessments_csv": CSV.splitlines()[0]},
        [f"{CSV_FILE}: The file holds no record. Add one for a force."],
    ),
    (
        records("All is well.", '"All is well.'),
        [
            f"{CSV_FILE}:2: A quotation mark is opened in this record and not closed."
            " Close it, and write a quotation mark inside a quoted value twice."
        ],
    ),
    (
        records("All is well.", '"All" is well.'),
        [
            f"{CSV_FILE}:2: Text follows a closing quotation mark in this record."
            " Write a quotation mark inside a quoted value twice."
        ],
    ),
    (
        a_field("x" * 140_000),
        [
            f"{CSV_FILE}:2: A value of this record is longer than 131,072 characters."
            " Close its quotation mark if one is open, or shorten it."
        ],
    ),
    (
        {"assessments_csv": CSV.replace("Sgt Vale", "café it’s Siân").encode("mac_roman")},
        [
            f"{CSV_FILE}:2: The text holds 'cafŽ', which probably stands for 'café': the file was"
            " saved as 'Macintosh' text. Save the file as 'CSV UTF-8 (comma delimited)'."
        ],
    ),
    (
        {"assessments_csv": CSV.replace("Sgt Vale", "the Siân’s").encode("mac_roman")},
        [
            f"{CSV_FILE}:2: The text holds 'Si‰nÕs', which probably stands for 'Siân’s': the file"
            " was saved as 'Macintosh' text. Save the file as 'CSV UTF-8 (comma delimited)'."
        ],
    ),
    (
        {"assessments_csv": CSV.encode() + b"\x8d\xff\n"},
        [
            f"{CSV_FILE}:4: The line's characters cannot be read."
            " Save the file as 'CSV UTF-8 (comma delimited)'."
        ],
    ),
]

FORMATS: list[Case] = [
    (
        {
            "assessments_xlsx": a_workbook(
                [HEADER, [*NORTH, None, None, None, None, value]], formats={"H2": shown}
            )
        },
        [
            f"{XLSX_FILE} Assessments!H2 lead: The cell holds the number {text} in the format"
            f" '{shown}'; what Excel shows cannot be known."
            " Format the column as Text and type it again."
        ],
    )
    for value, shown, text in NUMBERS
]

WORKBOOKS: list[Case] = [
    (
        {"assessments_xlsx": a_workbook([HEADER, [*NORTH, "=TODAY()"]])},
        [
            f"{XLSX_FILE} Assessments!D2: The cell's formula was never calculated."
            " Open the workbook in Excel and save it, or type the value."
        ],
    ),
    (
        {"assessments_xlsx": a_workbook([HEADER, [*NORTH, None, None, None, None, "#REF!"]])},
        [
            f"{XLSX_FILE} Assessments!H2: The cell shows the Excel error '#REF!'."
            " Correct its formula, or type the value."
        ],
    ),
    (
        {
            "assessments_xlsx": a_workbook(
                [["force", "outcome", "finding"], [7, "in-place", 1.5]],
                formats={"A2": "000", "C2": "# ?/?"},
            )
        },
        [
            f"{XLSX_FILE} Assessments!A2 force: '007' is not a force of recipients.yaml."
            " Add it there, or correct the id.",
            f"{XLSX_FILE} Assessments!C2 finding: The cell holds the number 1.5 in the format"
            " '# ?/?'; what Excel shows cannot be known."
            " Format the column as Text and type it again.",
        ],
    ),
    (
        {"assessments_xlsx": a_workbook([HEADER, ["northmoor", "in-place", date(2017, 6, 1)]])},
        [
            f"{XLSX_FILE} Assessments!C2 finding: The cell holds the date 1 June 2017, where text"
            " belongs. Format the cell as text and type its content again."
        ],
    ),
    (
        {
            "assessments_xlsx": a_workbook(
                [HEADER, [*NORTH, None, None, 0.25]], formats={"F2": "0%"}
            )
        },
        [
            f"{XLSX_FILE} Assessments!F2 devices: '25%' is a percentage, not a number."
            " Write 25; the wording prints the '%'."
        ],
    ),
    (
        {"assessments_xlsx": a_workbook([[*HEADER, None], [*NORTH, *[None] * 7, "note"]])},
        [
            f"{XLSX_FILE} Assessments!K2: 'note' is outside the columns of the header."
            " Name its column in the header, or clear the cell."
        ],
    ),
    (
        {"assessments_xlsx": a_workbook([["", *HEADER], ["", *NORTH]], merged="A1:A2")},
        [
            f"{XLSX_FILE} Assessments!A1: The cells A1:A2 are merged."
            " Unmerge them, and fill in each one."
        ],
    ),
    (
        {"assessments_xlsx": a_workbook([[*HEADER, "lead"], NORTH])},
        [
            f"{XLSX_FILE} Assessments!I1: The column 'lead' is there twice, in H1 and I1."
            " Delete one of them."
        ],
    ),
    (
        {"assessments_xlsx": a_workbook([HEADER, NORTH, ["northmoor"]])},
        [
            f"{XLSX_FILE} Assessments!A3 force: 'northmoor' has a record already, at"
            " Assessments!A2. Delete one of them."
        ],
    ),
    (
        {
            **round_("sent:", "sheet: Asessments\nsent:"),
            "assessments_xlsx": a_workbook([HEADER, NORTH]),
        },
        [
            f"{XLSX_FILE}: The workbook has no visible sheet 'Asessments'."
            " Did you mean 'Assessments'? The workbook has: Assessments."
        ],
    ),
    (
        {"assessments_xlsx": a_workbook([])},
        [f"{XLSX_FILE}: The sheet 'Assessments' is empty. Fill it in, or name another in 'sheet'."],
    ),
    (
        {"assessments_xlsx": a_workbook([HEADER])},
        [f"{XLSX_FILE}: The file holds no record. Add one for a force."],
    ),
    (
        {"assessments_xlsx": b""},
        [f"{XLSX_FILE}: The file is empty. Write its content, or restore it."],
    ),
    (
        {"assessments_xlsx": larger_than_it_says(a_workbook([HEADER, NORTH]))},
        [
            f"{XLSX_FILE}: The workbook holds more than 100 MB when unpacked."
            " Copy the records into a new one, and use that."
        ],
    ),
    (
        {"assessments_xlsx": CSV},
        [
            f"{XLSX_FILE}: The file is not an Excel workbook."
            " Save it from Excel as 'Excel Workbook (.xlsx)', without a password."
        ],
    ),
    (
        {"assessments_xlsx": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"},
        [
            f"{XLSX_FILE}: The workbook is an old .xls, or has a password."
            " Save it from Excel as 'Excel Workbook (.xlsx)', without a password."
        ],
    ),
    (
        {
            "assessments_xlsx": a_workbook([HEADER, NORTH]).replace(
                b"xl/workbook.xml", b"xl/workbork.xml"
            )
        },
        [
            f"{XLSX_FILE}: The workbook is damaged and cannot be read."
            " Save it from Excel as 'Excel Workbook (.xlsx)', without a password."
        ],
    ),
]

FOLDERS: list[Case] = [
    (
        {"assessments_csv": None},
        [
            f"{YAML_FILE}: The round has no assessments."
            " Add assessments.yaml, assessments.csv or assessments.xlsx."
        ],
    ),
    (
        {"assessments_xls": b"old"},
        [
            f"{FOLDER}/assessments.xls: 'assessments.xls' is in no form that can be read."
            " Save it as .xlsx."
        ],
    ),
    (
        {"Assessments_CSV": CSV, "assessments_csv": None},
        [
            f"{FOLDER}/Assessments.CSV: 'Assessments.CSV' is not how the file of records is"
            " written. Rename it assessments.csv."
        ],
    ),
    (
        {"assessments_csv": CSV, "assessments_xlsx": a_workbook([HEADER])},
        [f"{XLSX_FILE}: The round has records in assessments.csv too. Keep the one in use."],
    ),
    (
        {"round": None},
        [f"{ROUND_YAML}: There is no such file. Create it, or correct the name that leads here."],
    ),
]

CASES = [
    pytest.param(*case, id=f"{name}-{n}")
    for name, cases in {
        "yaml": YAML_WRITING,
        "text": TEXTS,
        "recipient": RECIPIENT_KEYS,
        "round": ROUND_KEYS,
        "signature": SIGNATURES,
        "date": DATES,
        "value": VALUES,
        "force": FORCES,
        "column": COLUMNS,
        "csv": CSV_WRITING,
        "format": FORMATS,
        "xlsx": WORKBOOKS,
        "folder": FOLDERS,
    }.items()
    for n, case in enumerate(cases, 1)
]


@pytest.mark.parametrize(("files", "messages"), CASES)
def test_a_mistake_is_told_in_these_words(
    tmp_path: Path, files: Files, messages: list[str]
) -> None:
    project = Project.load(a_project(tmp_path, **files))
    assert [str(problem) for problem in project.problems] == messages


def test_a_sound_project_has_no_problem(tmp_path: Path) -> None:
    assert Project.load(a_project(tmp_path)).problems == ()


def test_a_folder_whose_name_cannot_be_an_id(tmp_path: Path) -> None:
    a_project(tmp_path)
    write(tmp_path / "rounds/2018 Pilot/round.yaml", ROUND)
    assert [str(problem) for problem in Project.load(tmp_path).problems] == [
        "rounds/2018 Pilot/round.yaml:1: '2018 Pilot' cannot be an id."
        " Use lower-case letters, digits and single hyphens, such as 2018-pilot."
    ]


def test_a_file_held_open_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    a_project(tmp_path, assessments_xlsx=a_workbook([HEADER]))
    read = Path.read_bytes
    monkeypatch.setattr(
        Path, "read_bytes", lambda path: refuse(path) if path.suffix == ".xlsx" else read(path)
    )
    assert [str(problem) for problem in Project.load(tmp_path).problems] == [
        f"{XLSX_FILE}: The file cannot be opened; it may be open in another program."
        " Close it there, or allow it to be read; try again."
    ]


def test_a_folder_where_a_file_should_be(tmp_path: Path) -> None:
    a_project(tmp_path, assessments_csv=None)
    (tmp_path / CSV_FILE).mkdir()
    assert [str(problem) for problem in Project.load(tmp_path).problems] == [
        f"{CSV_FILE}: This is a folder. Put a file of this name in its place."
    ]


def test_a_link_that_leads_out_of_the_project(tmp_path: Path) -> None:
    write(tmp_path / "secret.csv", CSV)
    project = a_project(tmp_path / "project", assessments_csv=None)
    (project / CSV_FILE).symlink_to(tmp_path / "secret.csv")
    assert [str(problem) for problem in Project.load(project).problems] == [
        f"{CSV_FILE}: The file leads outside the project. Put the file itself here."
    ]
