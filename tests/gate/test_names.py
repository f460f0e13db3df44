"""Names in letters: whose they are, neighbours told apart, exceptions allowed, addresses too."""

from __future__ import annotations

from pathlib import Path

import pytest

from letters import Project
from letters.document import Emphasis, Link, Text
from letters.errors import Place
from letters.gate.names import (
    Certainty,
    Names,
    addresses,
    body_names,
    force_names,
    holders,
    officer_names,
    short_name,
    strangers,
)
from letters.gate.report import TextBlock
from letters.people import Person, Recipient
from tests.rounds.lost_property import LETTER, RECORDS_YAML, ROUND_YAML, Publishable

ROOT = Path(__file__).parents[2]


def a_recipient(id_: str, name: str, *copies: Person, officer: str | None = None) -> Recipient:
    return Recipient(
        id=id_,
        name=name,
        addressees=(Person(name=officer, office="Chief Constable"),),
        salutation=(f"Ms {officer.split()[-1]}" if officer else "Chief Constable",),
        copied_to=copies,
    )


NEIGHBOURS = [
    a_recipient("avon-and-somerset", "Avon and Somerset Constabulary"),
    a_recipient("somerset", "Somerset Police"),
    a_recipient(
        "wiltshire",
        "Wiltshire Police",
        Person(office="Police and Crime Commissioner for Wiltshire and Swindon"),
    ),
    a_recipient("swindon", "Swindon & District Police", officer="Una O’Dell"),
    a_recipient("powys", "Powys Police"),
    a_recipient("dyfed-powys", "Dyfed-Powys Police"),
]


def found(text: str) -> list[tuple[str, list[str]]]:
    names = Names([*force_names(NEIGHBOURS), *officer_names(NEIGHBOURS), *body_names(NEIGHBOURS)])
    return [(each.name.text, sorted(each.name.forces)) for each in names.find(text)]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "Avon and Somerset Constabulary",
            [("Avon and Somerset Constabulary", "avon-and-somerset")],
        ),
        ("in Avon & Somerset", [("Avon and Somerset", "avon-and-somerset")]),
        ("in Somerset", [("Somerset", "somerset")]),
        ("Somerset’s plan", [("Somerset", "somerset")]),
        (
            "Avon and Somerset, and Somerset",
            [("Avon and Somerset", "avon-and-somerset"), ("Somerset", "somerset")],
        ),
        (
            "the Police and Crime Commissioner for Wiltshire and Swindon",
            [("Police and Crime Commissioner for Wiltshire and Swindon", "wiltshire")],
        ),
        (
            "Swindon and District, Wiltshire",
            [("Swindon and District", "swindon"), ("Wiltshire", "wiltshire")],
        ),
        ("Una O'Dell", [("Una O'Dell", "swindon")]),
        ("Dear Ms O’Dell", [("Ms O'Dell", "swindon")]),
        ("Dyfed-Powys Police", [("Dyfed-Powys Police", "dyfed-powys")]),
        ("in Powys", [("Powys", "powys")]),
        ("Somersetshire, Somerset-Ash, West-Somerset, West Somerset, somerset", []),
        ("your Chief Constable", []),
    ],
)
def test_the_longest_name_is_found(text: str, names: list[tuple[str, str]]) -> None:
    assert found(text) == [(name, [force]) for name, force in names]


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("Avon and Somerset Constabulary", "Avon and Somerset"),
        ("Metropolitan Police Service", "Metropolitan"),
        ("Devon & Cornwall Police", "Devon and Cornwall"),
        ("The Constabulary of the United Counties of Hallow", "United Counties of Hallow"),
        ("North Tarn Fire & Rescue Service", "North Tarn"),
        ("Police", "Police"),
    ],
)
def test_a_force_is_known_by_a_short_name(name: str, short: str) -> None:
    assert short_name(name) == short


def test_an_office_that_others_hold_names_nobody() -> None:
    copies = Person(office="Police and Crime Commissioner")
    recipients = [*NEIGHBOURS, a_recipient("kent", "Kent Police", copies)]
    assert [name.text for name in body_names(recipients)] == [
        "Police and Crime Commissioner for Wiltshire and Swindon"
    ]


def test_a_joint_board_belongs_to_both() -> None:
    board = Person(office="Clerk", organisation="Joint Board")
    both = [a_recipient(id_, id_.title(), board) for id_ in ("north", "south")]
    (each,) = Names(body_names(both)).find("the Joint Board")
    assert each.name.forces == {"north", "south"}


HEDYN = a_recipient("gwenfor", "Gwenfor Police", officer="Zoë Elin Hedyn").model_copy(
    update={"also_known_as": ("GwP", "the Fors")}
)
SUSSEX = a_recipient("sussex", "Sussex Police")
OF_BOTH = Names([*force_names([HEDYN, SUSSEX]), *officer_names([HEDYN, SUSSEX])])
AREA, PERSON, NEAR, SURE = Certainty.AREA, Certainty.PERSON, Certainty.NEAR, Certainty.SURE


@pytest.mark.parametrize(
    ("text", "certainty", "as_printed"),
    [
        ("SUSSEX POLICE said", SURE, "SUSSEX POLICE"),
        ("as sussex police said", SURE, "sussex police"),
        ("Sussex Police’s plan", SURE, "Sussex Police"),
        ("a plan by GwP.", SURE, "GwP"),
        ("with the Fors", SURE, "the Fors"),
        ("Zoe Elin Hedyn", SURE, "Zoe Elin Hedyn"),
        ("Zoë Elin Hedyn", SURE, "Zoë Elin Hedyn"),
        ("ZOË ELIN HEDYN’S letter", SURE, "ZOË ELIN HEDYN"),
        ("Chief Constable Hedyn", SURE, "Chief Constable Hedyn"),
        ("Deputy Chief Constable Hedyn", SURE, "Deputy Chief Constable Hedyn"),
        ("CC Hedyn", SURE, "CC Hedyn"),
        ("Dr Hedyn", PERSON, "Dr Hedyn"),
        ("Z Hedyn", PERSON, "Z Hedyn"),
        ("Z. E. Hedyn", PERSON, "Z. E. Hedyn"),
        ("Z.E. Hedyn", PERSON, "Z.E. Hedyn"),
        ("ZE Hedyn", PERSON, "ZE Hedyn"),
        ("in Sussex", AREA, "Sussex"),
        ("Sussex’s plan", AREA, "Sussex"),
        ("Susex Police", NEAR, "Susex Police"),
        ("Sussax Police's", NEAR, "Sussax Police"),
        ("Gwenfoor Police", NEAR, "Gwenfoor Police"),
        ("Zoe Elin Hedin", NEAR, "Zoe Elin Hedin"),
    ],
)
def test_a_name_is_known_as_people_write_it(
    text: str, certainty: Certainty, as_printed: str
) -> None:
    (each,) = OF_BOTH.find(text)
    assert (each.certainty, each.text) == (certainty, as_printed)


def test_a_person_of_one_name_is_known_by_it() -> None:
    names = Names(officer_names([a_recipient("gwenfor", "Gwenfor Police", officer="Hedyn")]))
    found = [(each.text, each.certainty) for each in names.find("Hedyn wrote; so did Dr Hedyn.")]
    assert found == [("Hedyn", SURE), ("Dr Hedyn", PERSON)]


@pytest.mark.parametrize(
    "text",
    [
        "West Sussex, east Sussex, West-Sussex and the county of Sussex",
        "Sussex County Council, Sussex Ambulance and the University of Sussex",
        "in sussex",
        "Sussexes and GwPs",
        "the Hedyns, or Hedyn",
        "Essex Police and Sussex",
    ],
)
def test_other_places_and_people_are_no_force_for_sure(text: str) -> None:
    assert [each.text for each in OF_BOTH.find(text) if each.certainty is not AREA] == []
    if not text.startswith("Essex"):
        assert list(OF_BOTH.find(text)) == []


def test_a_name_that_may_be_anothers_is_asked_about_once(tmp_path: Path) -> None:
    asked = "{{ finding }}\n\nMs Finch of Swinford called."
    round_ = Publishable(tmp_path, before={LETTER: ("{{ finding }}", asked)})
    assert round_.refusal(judged=False) == {
        "forces": [
            f"{LETTER}:11: 'Swinford' may mean Swinford Police: 'Ms Finch of Swinford called.'."
            " Does it mean something else? Take it out. If it means something else, write the"
            " answer under 'answers' in round.yaml: - {question: \"name 'Swinford' in 'Ms Finch of"
            " Swinford called.'\", answer: right, date: …, reason: …}"
        ]
    }


def test_real_neighbours_are_told_apart() -> None:
    recipients = list(Project.load(ROOT).recipients.values())
    names = Names([*force_names(recipients), *body_names(recipients)])
    for recipient in recipients:
        for text in (recipient.name, *(copy.office or "" for copy in recipient.copied_to)):
            owners = [each.name.forces for each in names.find(text)]
            assert all(recipient.id in forces for forces in owners), text


def test_the_words_around_a_name_are_shown() -> None:
    names = Names(force_names(NEIGHBOURS))
    text = "one two three four five six Somerset seven eight nine ten eleven twelve"
    (each,) = names.find(text)
    assert each.words == "… three four five six Somerset seven eight nine ten …"


NEIGHBOURLY = {RECORDS_YAML: ("are damp", "are damp, as are those in Swinford and in Sedgemoor")}
EXCEPTION = """\
named_exceptions:
  - name: {name}
    reason: They share a shed.
    letters: [{force}]
retired_terms:"""


def with_exception(root: Path, name: str, force: str) -> Publishable:
    exception = EXCEPTION.format(name=name, force=force)
    changes = {**NEIGHBOURLY, ROUND_YAML: ("retired_terms:", exception)}
    return Publishable(root, before=changes)


def test_a_named_exception_allows_one_name_in_one_letter(tmp_path: Path) -> None:
    (problem,) = with_exception(tmp_path, "Sedgemoor", "wiltmere").refusal(judged=False)["forces"]
    assert "'Swinford' may mean Swinford Police" in problem


def test_a_named_exception_for_another_letter_allows_nothing(tmp_path: Path) -> None:
    refusal = with_exception(tmp_path, "Sedgemoor", "swinford").refusal(judged=False)
    assert len(refusal["forces"]) == 2


def test_a_longer_exception_covers_the_name_in_it(tmp_path: Path) -> None:
    round_ = with_exception(tmp_path, "Swinford and in Sedgemoor", "wiltmere")
    assert round_.refusal(judged=False) == {}


def test_a_letter_may_name_its_own_people_and_the_inspectorate(tmp_path: Path) -> None:
    own = "{{ finding }} Robin Hale and Beatrix Merriden of the Inspectorate of Invented Forces."
    round_ = Publishable(tmp_path, before={LETTER: ("{{ finding }}", own)})
    assert round_.refusal(judged=False) == {}


def a_spot(*content: Text | Link | Emphasis) -> TextBlock:
    return TextBlock(content, is_quote=False, place=Place("letter.md", 1))


def test_addresses_are_found_in_words_and_links() -> None:
    link = Link("mailto:Cora.Finch@finch.example?subject=x", (Emphasis((Text("here"),)),))
    spot = a_spot(Text("Write to A.B+c@d-e.example.org, or "), link, Text(" or a@b, or @home."))
    assert list(addresses(spot)) == ["a.b+c@d-e.example.org", "cora.finch@finch.example"]


def test_addresses_in_other_forms_are_found() -> None:
    link = Link("https://www.Swinford.example/plan?x=1", (Text("our plan"),))
    spot = a_spot(Text("ada (at) swinford [dot] example, www.Moor.example/a or "), link)
    assert list(addresses(spot)) == [
        "ada@swinford.example",
        "//www.moor.example",
        "//www.swinford.example",
    ]


@pytest.mark.parametrize(
    ("address", "own", "others"),
    [
        ("ada@avon.example", {"avon"}, set()),
        ("ada@avon.example", {"kent"}, {"avon"}),
        ("press@avon.example", {"kent"}, {"avon"}),
        ("press@avon.example", {"avon"}, set()),
        ("clerk@shared.example", {"kent"}, set()),
        ("clerk@shared.example", {"avon"}, {"kent"}),
        ("press@shared.example", {"avon"}, set()),
        ("press@shared.example", {"gwent"}, {"avon", "kent"}),
        ("somebody@elsewhere.example", {"kent"}, set()),
        ("press@mail.avon.example", {"kent"}, {"avon"}),
        ("//www.avon.example", {"kent"}, {"avon"}),
        ("//avon.example", {"kent"}, {"avon"}),
        ("//www.avon.example", {"avon"}, set()),
        ("//example", {"kent"}, set()),
    ],
)
def test_an_address_belongs_to_whom_it_is_recorded_for(
    address: str, own: set[str], others: set[str]
) -> None:
    recipients = [
        a_recipient("avon", "Avon", Person(office="x", email="ada@avon.example")),
        a_recipient("avon", "Avon", Person(office="x", email="two@shared.example")),
        a_recipient("kent", "Kent", Person(office="x", email="Clerk@Shared.example")),
    ]
    assert strangers(address, holders(recipients), own) == others
