"""E-mail drafts: parsed back, each with its own letter, to the right people and no others."""

from __future__ import annotations

import email
import re
from datetime import date
from email import policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from click.testing import CliRunner

from letters import BuildOptions, ProblemsFound, Project, build_round
from letters.cli import cli
from letters.dispatch import Dispatched, dispatch_letters, response_date
from letters.dispatch.emails import Mail, draft, is_address
from letters.render.readback import read_pdf
from tests.builders import a_round, approve, changed

RECIPIENTS = "recipients.yaml"
ROUND = "rounds/first-round/round.yaml"
TEMPLATE = "templates/first-wording/dispatch.txt"
WRITE_IT = (
    "Write it: a line 'Subject: {{ round_title }} – {{ force_name }}', an empty line, the text."
    " 'letters new' writes one that can be copied."
)


def change(root: Path, file: str, old: str, new: str) -> None:
    path = root / file
    path.write_text(changed(path.read_text(encoding="utf-8"), old, new), encoding="utf-8")


@pytest.fixture
def office(starter: Path) -> Path:
    """The starter with an address for everyone, its letters approved."""
    for old, address in (
        ("    - office: Chief Constable\n", "chief@ashmere.example"),
        ("      office: Chief Constable\n", "imogen.farrow@dunhollow.example"),
        ("      office: Police Commissioner for Dunhollow\n", "birkett@dunhollow.example"),
    ):
        change(starter, RECIPIENTS, old, f"{old}      email: {address}\n")
    change(
        starter,
        RECIPIENTS,
        "    - Police Commissioner for Ashmere\n",
        "    - office: Police Commissioner for Ashmere\n      email: office@pc-ashmere.example\n",
    )
    approve(starter)
    return starter


def dispatched(root: Path, *forces: str, check: bool = False) -> dict[str, Dispatched]:
    project = Project.load(root)
    made = dispatch_letters(project, project.round(), forces, for_accuracy_check=check)
    return {each.id: each for each in made}


def refused(root: Path, *forces: str, check: bool = False) -> list[str]:
    made = dispatched(root, *forces, check=check).values()
    return [str(problem) for each in made for problem in each.problems]


def parsed(path: Path | None) -> EmailMessage:
    assert path
    message = email.message_from_bytes(path.read_bytes(), policy=policy.default)
    assert isinstance(message, EmailMessage)
    assert message.defects == []
    return message


def people(message: EmailMessage, header: str) -> list[tuple[str, str]]:
    found = message[header]
    assert found.defects == ()
    return [(each.display_name, each.addr_spec) for each in found.addresses]


def text_of(message: EmailMessage) -> str:
    body = message.get_body(("plain",))
    assert body
    return str(body.get_content()).replace("\r\n", "\n")


def test_a_draft_holds_its_letter_and_reaches_its_people(office: Path) -> None:
    project = Project.load(office)
    build_round(project, project.round(), BuildOptions(formats=["pdf"]))
    made = dispatched(office)
    assert [(each.id, each.word) for each in made.values()] == [
        ("ashmere", "written"),
        ("dunhollow", "written"),
        ("westerlyn", "awaiting"),
    ]
    assert made["dunhollow"].path == office / "out/first-round/dispatch/dunhollow.eml"
    message = parsed(made["dunhollow"].path)
    assert message["X-Unsent"] == "1"
    assert people(message, "To") == [("Imogen Farrow QPM", "imogen.farrow@dunhollow.example")]
    assert people(message, "Cc") == [("Tomas Birkett", "birkett@dunhollow.example")]
    assert message["Subject"] == "Plans for welfare support – Dunhollow & District Police"
    assert text_of(message) == (
        "Dear Chief Constable Farrow\n"
        "\n"
        "Please find attached our letter of 2 March 2026.\n"
        "\n"
        "For any question, please write to Robin Hale at letters@inspectorate.example.\n"
        "\n"
        "Inspectorate of Policing\n"
    )
    (attached,) = message.iter_attachments()
    assert attached.get_filename() == "dunhollow.pdf"
    assert attached.get_content_type() == "application/pdf"
    assert attached.get_content() == (office / "out/first-round/letters/dunhollow.pdf").read_bytes()


def test_a_draft_says_nothing_of_who_wrote_it_or_when(office: Path) -> None:
    message = parsed(dispatched(office)["ashmere"].path)
    assert message.keys() == ["X-Unsent", "To", "Cc", "Subject", "MIME-Version", "Content-Type"]
    assert people(message, "To") == [
        ("Chief Constable, Ashmere Constabulary", "chief@ashmere.example")
    ]
    assert people(message, "Cc") == [
        ("Police Commissioner for Ashmere", "office@pc-ashmere.example")
    ]


def test_the_same_letters_give_the_same_bytes(office: Path) -> None:
    first = {id_: each.path and each.path.read_bytes() for id_, each in dispatched(office).items()}
    assert {id_: e.path and e.path.read_bytes() for id_, e in dispatched(office).items()} == first


def test_lines_end_as_mail_programs_end_them(office: Path) -> None:
    content = (dispatched(office)["ashmere"].path or office).read_bytes()
    assert content.count(b"\n") == content.count(b"\r\n")
    assert max(map(len, content.split(b"\r\n"))) <= 78


def test_the_example_reaches_everyone_but_those_reached_by_post(example_project: Path) -> None:
    project = Project.load(example_project)
    made = dispatch_letters(
        project, project.round(), ["halvendale", "bro-wydden", "lower-and-upper-thrane"],
        out=example_project / "out/dispatch-test",
    )  # fmt: skip
    joint, welsh, pair = (parsed(each.path) for each in sorted(made, key=lambda each: each.id)[::1])
    by_id = {message["Subject"].rpartition("– ")[2]: message for message in (joint, welsh, pair)}
    joint = by_id["Halvendale Constabulary and Ivershaw Constabulary"]
    assert people(joint, "To") == [
        ("Philippa Strand QPM", "philippa.strand@halvendale.example"),
        ("Gregor Amaril", "gregor.amaril@ivershaw.example"),
    ]
    assert [address for _, address in people(joint, "Cc")] == [
        "copies1@halvendale.example",
        "board@joint-forensics.example",
        "copies1@ivershaw.example",
    ]
    welsh = by_id["Bro Ŵydden Police"]
    assert people(welsh, "To") == [("Siôn Ŷnlas ap Hedyn QPM", "prif.gwnstabl@bro-wydden.example")]
    assert "let us have it by 8 May 2019." in text_of(welsh)
    assert len(people(by_id["Lower and Upper Thrane Constabulary"], "To")) == 2


# The response date

RESPONSES = [
    (date(2017, 10, 5), 56, date(2017, 11, 29)),
    (date(2017, 10, 5), 1, date(2017, 10, 5)),
    (date(2024, 2, 1), 30, date(2024, 3, 1)),
    (date(2026, 3, 9), 56, date(2026, 5, 3)),
]


@pytest.mark.parametrize(("published", "days", "last"), RESPONSES)
def test_the_day_of_publication_counts(published: date, days: int, last: date) -> None:
    round_ = a_round(published=published, response_days=days)
    assert response_date(round_) == last


def test_without_days_or_publication_there_is_no_response_date(office: Path) -> None:
    assert response_date(a_round(published=date(2017, 10, 5))) is None
    assert response_date(a_round(published=None, response_days=56)) is None
    change(office, TEMPLATE, "our letter", "our letter (by {{ response_date }})")
    assert refused(office, "ashmere") == [
        f"{TEMPLATE}:5: {{{{ response_date }}}} has no value in the e-mail to Ashmere Constabulary."
        " Fill in response_date, or take it out of the template."
    ]


# Who is refused


def test_a_letter_that_is_not_approved_is_refused_and_stops_no_other(office: Path) -> None:
    earlier = dispatched(office)["ashmere"].path
    assert earlier
    assert earlier.exists()
    change(office, "rounds/first-round/assessments.csv", "an owner", "two owners")
    made = dispatched(office)
    assert [each.word for each in made.values()] == ["refused", "written", "awaiting"]
    assert list(map(str, made["ashmere"].problems)) == [
        "rounds/first-round/approvals.yaml ashmere: This letter is not approved (changed)."
        " Have it approved, or ask for comment with --for-accuracy-check."
    ]
    assert not earlier.exists(), "a draft of other words must not stay behind"


REFUSALS = [
    ("      email: chief@ashmere.example\n", "",
     "recipients.yaml ashmere: Chief Constable, Ashmere Constabulary has no e-mail address."
     " Add 'email' to that addressee, or send the letter by post."),
    ("      email: office@pc-ashmere.example\n", "",
     "recipients.yaml ashmere: Police Commissioner for Ashmere gets a copy and has no e-mail"
     " address. Add 'email', or 'postal' where the copy goes by post."),
    ("chief@ashmere.example", "chief(x)@ashmere.example",
     "recipients.yaml ashmere: 'chief(x)@ashmere.example' of Chief Constable, Ashmere Constabulary"
     " cannot be in the head of an e-mail."
     " Write it in plain letters, such as name@example.org."),
    ("chief@ashmere.example", "pennaeth@môr.example",
     "recipients.yaml ashmere: 'pennaeth@môr.example' of Chief Constable, Ashmere Constabulary"
     " cannot be in the head of an e-mail."
     " Write it in plain letters, such as name@example.org."),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), REFUSALS)
def test_a_recipient_who_cannot_be_reached_is_refused(
    old: str, new: str, said: str, office: Path
) -> None:
    (office / "rounds/first-round/approvals.yaml").unlink()
    change(office, RECIPIENTS, old, new)
    approve(office)
    made = dispatched(office)
    assert [str(problem) for problem in made["ashmere"].problems] == [said]
    assert made["dunhollow"].word == "written"
    assert [path.name for path in (office / "out/first-round/dispatch").iterdir()] == [
        "dunhollow.eml"
    ]


def test_a_copy_may_go_by_post(office: Path) -> None:
    (office / "rounds/first-round/approvals.yaml").unlink()
    change(office, RECIPIENTS, "email: office@pc-ashmere.example", "postal: 1 High Street")
    approve(office)
    made = dispatched(office)["ashmere"]
    assert made.said == "written; by post: Police Commissioner for Ashmere"
    assert parsed(made.path)["Cc"] is None


def test_an_address_found_after_approval_is_used(office: Path) -> None:
    change(office, RECIPIENTS, "chief@ashmere.example", "new.desk@ashmere.example")
    message = parsed(dispatched(office)["ashmere"].path)
    assert [address for _, address in people(message, "To")] == ["new.desk@ashmere.example"]


def test_the_successor_does_not_get_the_letter_of_the_one_before(office: Path) -> None:
    change(office, RECIPIENTS, "Imogen Farrow", "Piers Aldane")
    change(office, RECIPIENTS, "imogen.farrow@", "piers.aldane@")
    message = parsed(dispatched(office)["dunhollow"].path)
    assert people(message, "To") == [("Imogen Farrow QPM", "imogen.farrow@dunhollow.example")]


def test_a_force_named_that_awaits_its_outcome_is_refused(office: Path) -> None:
    assert refused(office, "westerlyn") == [
        "rounds/first-round westerlyn: The record names no outcome yet, so there is no letter to"
        " send. Finish the record first."
    ]


def test_a_letter_the_round_no_longer_has_leaves_no_draft(office: Path) -> None:
    left = office / "out/first-round/dispatch/oldforce.eml"
    left.parent.mkdir(parents=True)
    left.write_bytes(b"")
    dispatched(office, "ashmere")
    assert left.exists()
    dispatched(office)
    assert not left.exists()


# The accuracy check


def test_an_accuracy_check_sends_marked_drafts_to_addressees_alone(office: Path) -> None:
    (office / "rounds/first-round/approvals.yaml").unlink()
    change(office, ROUND, "people:\n", "handling: OFFICIAL – SENSITIVE\npeople:\n")
    made = dispatched(office, check=True)
    assert made["ashmere"].path == office / "out/first-round/accuracy-check/ashmere.eml"
    message = parsed(made["ashmere"].path)
    assert message["Cc"] is None
    assert message["Subject"] == (
        "Draft for accuracy check: Plans for welfare support – Ashmere Constabulary"
    )
    (attached,) = message.iter_attachments()
    said = [passage.text for passage in read_pdf(attached.get_content())]
    assert "Dear Chief Constable" in said
    assert "Signature of Marian Lowe" not in said
    assert not (office / "out/first-round/dispatch").exists()


def test_an_accuracy_check_of_an_approved_letter_is_marked_too(office: Path) -> None:
    message = parsed(dispatched(office, "ashmere", check=True)["ashmere"].path)
    (attached,) = message.iter_attachments()
    said = [passage.text for passage in read_pdf(attached.get_content())]
    assert "Signature of Marian Lowe" not in said


# Nothing smuggled in

INJECTIONS = [
    {"to": [("Ada\r\nBcc: all@press.example", "a@b.example")]},
    {"to": [("Ada", "a@b.example\r\nBcc: all@press.example")]},
    {"to": [("Ada", "a@b.example, all@press.example")]},
    {"to": [("Ada", "<a@b.example>")]},
    {"copies": [("Ada\nBcc: all@press.example", "a@b.example")]},
    {"subject": "A letter\r\nBcc: all@press.example"},
    {"subject": "A letter\nBcc: all@press.example"},
    {"subject": "A letter\u2028Bcc: all@press.example"},
    {"subject": "A letter\x85Bcc: all@press.example"},
    {"subject": "A letter\x0bBcc: all@press.example"},
]


def a_mail(**changes: object) -> Mail:
    shape: dict[str, object] = {
        "to": [("Ada", "a@b.example")],
        "copies": [],
        "subject": "A letter",
        "text": "Dear Ada\n",
        "attachment": "ada.pdf",
        "content": b"%PDF-1.7",
    }
    return Mail(**{**shape, **changes})  # type: ignore[arg-type]


@pytest.mark.parametrize("changes", INJECTIONS)
def test_a_header_never_begins_another(changes: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"must be one line|is not an address"):
        draft(a_mail(**changes))


AWKWARD = [
    'Robert "Rob" Tallis',
    "Thorne, Ada",
    "Office <of> the Commissioner; (North)",
    "Siôn Ŷnlas ap Hedyn",
    "Prif Gwnstabl, Heddlu Bro Ŵydden / Bro Ŵydden Police",
    "Émile Brås-Nørland",
    "A \\ B",
    "Zoë",
    "Bcc: all@press.example",
    "=?utf-8?q?x?=",
    "A name that is longer than any line of a header may be, " * 3 + "and goes on",
]


@pytest.mark.parametrize("name", AWKWARD)
def test_awkward_names_and_subjects_come_back_as_they_were(name: str) -> None:
    content = draft(a_mail(to=[(name, "a@b.example")], subject=f"For {name}"))
    message = email.message_from_bytes(content, policy=policy.default)
    assert message["Bcc"] is None
    assert message["Subject"] == f"For {name}"
    (only,) = message["To"].addresses
    assert (only.display_name, only.addr_spec) == (name, "a@b.example")


def test_a_subject_that_would_break_out_of_its_line_is_refused(office: Path) -> None:
    (office / "rounds/first-round/approvals.yaml").unlink()
    change(
        office,
        RECIPIENTS,
        "      email: chief@ashmere.example\n",
        "      email: chief@ashmere.example\n      postal:\n        - 1 Fell Lane\n"
        "        - 'Bcc: all@press.example'\n",
    )
    change(office, TEMPLATE, "{{ round_title }}", "{{ addressee_postal }}")
    approve(office)
    assert refused(office, "ashmere") == [
        f"{TEMPLATE}:1: The subject breaks out of its line in the e-mail to Ashmere Constabulary."
        " Print only values of one line in it."
    ]


def test_a_value_is_printed_as_it_is(office: Path) -> None:
    (office / "rounds/first-round/approvals.yaml").unlink()
    change(office, ROUND, "title: Plans for welfare support", "title: '{{ salutation }} & *plans*'")
    approve(office)
    change(office, TEMPLATE, "our letter", "our letter ({{ round_title }})")
    message = parsed(dispatched(office, "ashmere")["ashmere"].path)
    assert "({{ salutation }} & *plans*)" in text_of(message)


ADDRESSES = [
    ("a.b+c@d-e.example", True),
    ("o'ferrin@x.example", True),
    ("a@localhost", False),
    ("a b@c.example", False),
    ("a@b..example", False),
    ('"a b"@c.example', False),
    ("a@[127.0.0.1]", False),
    ("a@b.example\n", False),
]


@pytest.mark.parametrize(("address", "is_good"), ADDRESSES)
def test_addresses(address: str, is_good: bool) -> None:
    assert is_address(address) == is_good


# The template

TEMPLATES = [
    (None, f"{TEMPLATE}: There is no such template."
     f" {WRITE_IT}"),
    ("Dear all\n", f"{TEMPLATE}:1: The first line does not give the subject."
     " Begin with 'Subject: '."),
    ("Subject:\n\nDear all\n", f"{TEMPLATE}:1: The first line does not give the subject."
     " Begin with 'Subject: '."),
    ("Subject: x\nDear all\n", f"{TEMPLATE}:2: An empty line and the text must follow the subject."
     f" {WRITE_IT}"),
    ("Subject: x\n", f"{TEMPLATE}:2: An empty line and the text must follow the subject."
     f" {WRITE_IT}"),
    ("Subject: {{ forse_name }}\n\nDear all\n", f"{TEMPLATE}:1: {{{{ forse_name }}}} is not a"
     " placeholder. Did you mean 'force_name'?"),
    ("Subject: x\n\nDear all\n{{ findings }}\n", f"{TEMPLATE}:4: {{{{ findings }}}} is not a"
     " placeholder. Correct or delete it."),
]  # fmt: skip


@pytest.mark.parametrize(("content", "said"), TEMPLATES)
def test_what_is_wrong_with_a_template_is_said(
    content: str | None, said: str, office: Path
) -> None:
    path = office / TEMPLATE
    path.unlink() if content is None else path.write_text(content, encoding="utf-8")
    with pytest.raises(ProblemsFound) as found:
        dispatched(office)
    assert str(found.value) == said
    assert not (office / "out/first-round").exists()


# The command line


def test_the_command_prints_a_line_a_letter_and_says_that_nothing_was_sent(office: Path) -> None:
    def run(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(cli, ["-C", str(office), "dispatch", *arguments])
        return done.exit_code, done.output

    assert run() == (
        0,
        "ashmere: written\ndunhollow: written\nwesterlyn: awaiting\n"
        "2 written, 1 awaiting; drafts in out/first-round/dispatch/; nothing was sent\n",
    )
    change(office, "rounds/first-round/assessments.csv", "an owner", "two owners")
    code, output = run("ashmere")
    assert code == 1
    assert output == (
        "ashmere: refused\n1 refused; nothing was sent\n"
        "rounds/first-round/approvals.yaml ashmere: This letter is not approved (changed)."
        " Have it approved, or ask for comment with --for-accuracy-check.\n1 problem.\n"
    )
    assert run("ashmere", "--for-accuracy-check") == (
        0,
        "ashmere: written\n"
        "1 written; drafts in out/first-round/accuracy-check/; nothing was sent\n",
    )
    assert re.search("Writ.*drafts? .*send nothing", run("--help")[1])
