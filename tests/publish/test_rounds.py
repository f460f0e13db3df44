"""The example as shipped and a second inspection of the same forces, published side by side."""

import json
import re
from pathlib import Path

import pytest

from letters import Project
from letters.folders import replace_folder
from letters.publish.manifest import audit, compare, read_facts
from letters.publish.pages import collect
from tests.builders import approve, contents
from tests.publish.test_site import dangling, text_of
from tests.rounds.follow_up import FIRST_ID, ROUND_ID
from tests.rounds.found_property import a_publishable, published, site_of


@pytest.fixture(scope="session")
def together(published_example: Path) -> dict[str, bytes]:
    return contents(published_example / "out/site")


@pytest.fixture(scope="session")
def first(published_example: Path) -> dict[str, bytes]:
    return contents(published_example / "out" / FIRST_ID / "site")


def test_recipients_letters_index_and_manifest_are_the_same_forces(
    published_example: Path, first: dict[str, bytes]
) -> None:
    recipients = [r.id for r in Project.load(published_example).round(FIRST_ID).recipients]
    facts = read_facts(first)
    assert facts
    listed = [force.id for letter in facts.letters for force in letter.forces]
    assert sorted(listed) == sorted(recipients)
    assert (len(facts.letters), len(recipients), facts.forces) == (43, 44, 44)
    assert len([name for name in first if name.startswith("letters/")]) == 3 * 43


def test_the_landing_page_of_the_example(first: dict[str, bytes]) -> None:
    said = text_of(first["index.html"])
    for words in (
        "Published on 14 March 2019 Updated 2 April 2019",
        "18 forces had begun the work we asked for; 11 had no complete plan.",
        "Get the national report Digital evidence: a national overview (Web page, 1 kB)",
        "Get the press release Police forces must return seized phones sooner (Text, 1 kB)",
        "44 forces assessed. 11 forces: No complete plan; 15 forces: Plan agreed, work not yet "
        "begun; 16 forces: Plan agreed and work under way; 2 forces: Sound arrangements already in "
        "place.",
    ):
        assert words in said


def test_the_same_counts_everywhere(first: dict[str, bytes]) -> None:
    """Table, chart, overview, summary and data are of one count; the gate compared the claims."""
    rows = json.loads(first["assessments.json"])["assessments"]
    forces = [row["outcome"] for row in rows for _ in row["force"].split("; ")]
    page = first["index.html"].decode()
    for outcome, title in (("no-plan", "No complete plan"), ("under-way", "work under way")):
        assert re.search(rf"{forces.count(outcome)} forces: [\w, ]*{title}", page)
        assert f'{title}</th><td class="number">{forces.count(outcome)}</td>' in page
        assert f"{title}: {forces.count(outcome)}" in page
    assert forces.count("under-way") + forces.count("embedded") == 18


def test_figures_that_a_force_has_not_agreed_are_not_in_the_data(
    published_example: Path, first: dict[str, bytes]
) -> None:
    records = {
        record.forces[0]: record.values
        for record in Project.load(published_example).round(FIRST_ID).assessments
    }
    rows = {
        row["force"].split("; ")[0]: row
        for row in json.loads(first["assessments.json"])["assessments"]
    }
    withheld = [
        force
        for force, values in records.items()
        if values["devices_waiting"] is not None and not values["figures_agreed"]
    ]
    assert withheld
    assert [rows[force]["devices_waiting"] for force in withheld] == [None] * len(withheld)


def test_an_index_of_rounds_and_each_forces_letters_across_them(
    together: dict[str, bytes],
) -> None:
    said = text_of(together["index.html"])
    assert said.startswith("All letters 2 rounds of letters, the latest first.")
    assert said.index("Digital evidence: one year on") < said.index("from seizure to return")
    force = text_of(together["forces/halvendale.html"])
    assert "Digital evidence: one year on" in force
    assert "Digital evidence: from seizure to return" in force
    assert (
        b'href="../2019-digital-evidence/letters/halvendale-and-ivershaw.html"'
        in (together["forces/halvendale.html"])
    )
    assert len([name for name in together if name.startswith("forces/")]) == 44


def test_the_rounds_lead_to_each_other_and_every_link_leads_somewhere(
    together: dict[str, bytes], first: dict[str, bytes]
) -> None:
    assert dangling(together) == []
    assert dangling(first) == []
    page = together[f"{FIRST_ID}/letters/averlund.html"]
    assert b'<a href="../../index.html">All letters</a>' in page
    assert b'<a href="../../forces/averlund.html">Other letters to Averlund Police</a>' in page
    assert b"All letters</a>" not in first["letters/averlund.html"]


def test_files_are_those_of_the_round_published_alone(
    together: dict[str, bytes], first: dict[str, bytes]
) -> None:
    pages = {name for name in first if name.endswith(".html")} | {"manifest.json", "SHA256SUMS"}
    changed = {name for name in first if together[f"{FIRST_ID}/{name}"] != first[name]}
    assert changed <= pages


def test_every_published_folder_is_sound(published_example: Path) -> None:
    found = audit(published_example / "out/site")
    assert found.problems == ()
    assert {v.path.name: v.findings for v in found.verdicts if v.findings} == {}
    assert len(found.verdicts) == 3 * (43 + 44)
    alone = [published_example / "out" / round_ / "site" for round_ in (FIRST_ID, ROUND_ID)]
    assert [compare(folder) for folder in alone] == [(), ()]


def test_one_round_alone_has_no_index_of_rounds(tmp_path: Path) -> None:
    approve(a_publishable(tmp_path))
    assert published(tmp_path).collection is None
    assert collect(tmp_path / "out") is None
    assert contents(tmp_path / "out/site") == {}


def test_what_is_staged_or_cut_off_is_never_collected(
    published_example: Path, tmp_path: Path
) -> None:
    first = contents(published_example / "out" / FIRST_ID / "site")
    second = contents(published_example / "out" / ROUND_ID / "site")
    replace_folder(tmp_path / FIRST_ID / "site", first)
    replace_folder(tmp_path / ROUND_ID / "staged", second)
    replace_folder(tmp_path / ROUND_ID / ".site.new", second)
    assert collect(tmp_path) is None
    assert site_of(tmp_path).exists() is False
