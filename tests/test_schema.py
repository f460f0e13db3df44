"""The JSON Schemas editors use: current, true to the readers, and rightly named in each file."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from letters.project import Project
from letters.schema import schemas, write_schemas
from tests.builders import RECIPIENTS, ROUND, a_project, changed

ROOT = Path(__file__).parent.parent
SHIPPED = [
    ROOT / "recipients.yaml",
    *sorted(
        path
        for folder in ("rounds", "templates", "letters/example")
        for path in (ROOT / folder).rglob("*.yaml")
    ),
]
LINE = re.compile(r"# yaml-language-server: \$schema=(\S+)\n")


class EditorLoader(yaml.SafeLoader):
    """YAML as an editor reads it (version 1.2): yes and no are text, and so is a date."""


EditorLoader.yaml_implicit_resolvers = {
    sign: [each for each in known if not each[0].endswith((":bool", ":timestamp"))]
    for sign, known in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
EditorLoader.add_implicit_resolver("tag:yaml.org,2002:bool", re.compile("true|false"), list("tf"))


def complaints(schema: Mapping[str, object], text: str) -> list[str]:
    read = yaml.load(text, Loader=EditorLoader)
    return [error.message for error in Draft202012Validator(schema).iter_errors(read)]


def project_of(path: Path) -> Path:
    return next(folder for folder in path.parents if (folder / "recipients.yaml").exists())


def test_the_committed_schemas_are_current() -> None:
    for name, schema in schemas(Project.load(ROOT)).items():
        committed = (ROOT / "schemas" / name).read_text(encoding="utf-8")
        assert json.loads(committed) == schema, f"{name}: run 'letters schema'"


def test_schemas_are_written_where_files_look_for_them(tmp_path: Path) -> None:
    project = Project.load(a_project(tmp_path))
    paths = write_schemas(project)
    assert [path.relative_to(project.root).as_posix() for path in paths] == [
        "schemas/recipients.schema.json",
        "schemas/round.schema.json",
        "schemas/labels.schema.json",
        "schemas/style.schema.json",
        "schemas/approvals.schema.json",
        "schemas/2017-lost-property.schema.json",
    ]
    assert [json.loads(path.read_text(encoding="utf-8")) for path in paths] == list(
        schemas(project).values()
    )


@pytest.mark.parametrize("name", schemas(Project.load(ROOT)))
def test_a_schema_is_itself_valid(name: str) -> None:
    schema = schemas(Project.load(ROOT))[name]
    assert schema["$schema"] == Draft202012Validator.META_SCHEMA["$id"]
    Draft202012Validator.check_schema(schema)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_a_shipped_file_names_its_schema_and_satisfies_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    named = LINE.match(text)
    assert named
    root = project_of(path)
    schema = (path.parent / named[1]).resolve()
    assert schema.parent == root / "schemas"
    assert complaints(schemas(Project.load(root))[schema.name], text) == []


FRIENDLY = [
    ("copied_to: none", "copied_to: Mayor"),
    ("copied_to: none", "copied_to: {name: Jo, office: Mayor}"),
    ("copied_to: none", "copied_to:\n    - name: Jo\n    - Mayor"),
    ("salutation: Chief Constable T", "salutation: [Jo, Al]\n  delivery: T"),
    ("honours: QPM", "postal: 1 High Street"),
    ("honours: QPM", "honours:"),
]


@pytest.mark.parametrize(("old", "new"), FRIENDLY)
def test_friendly_spellings_of_recipients_satisfy_the_schema(
    tmp_path: Path, old: str, new: str
) -> None:
    text = changed(RECIPIENTS, old, new)
    project = Project.load(a_project(tmp_path, recipients=text))
    assert project.problems == ()
    assert complaints(schemas(project)["recipients.schema.json"], text) == []


ROUND_SPELLINGS = [
    ("2 October 2017", date)
    for date in ("2017-10-02", "Monday 2 October 2017", "2 Oct 2017", "2nd October 2017")
] + [
    ("required: yes", "required: true"),
    ("required: yes", "required: n"),
    ("- Chief", "- 2 Chief"),
]


@pytest.mark.parametrize(("old", "new"), ROUND_SPELLINGS)
def test_friendly_spellings_of_rounds_satisfy_the_schema(
    tmp_path: Path, old: str, new: str
) -> None:
    text = changed(ROUND, old, new)
    project = Project.load(a_project(tmp_path, round=text))
    assert project.problems == ()
    assert complaints(schemas(project)["round.schema.json"], text) == []


RECORDS = [
    "- force: northmoor\n  outcome:\n",
    "- force: [northmoor, southmoor]\n",
    "- force: northmoor; southmoor\n  signatory: merriden\n",
    "- force: northmoor\n  agreed: yes\n  devices: 12.5\n  visited: 2 October 2017\n",
    "- force: northmoor\n  agreed:\n  devices:\n  visited:\n  store:\n  lead: 7\n",
]


@pytest.mark.parametrize("text", RECORDS)
def test_records_that_can_be_read_satisfy_the_schema(tmp_path: Path, text: str) -> None:
    project = Project.load(a_project(tmp_path, assessments_yaml=text))
    assert project.problems == ()
    assert complaints(schemas(project)["2017-lost-property.schema.json"], text) == []


MISTAKES = [
    ("recipients.schema.json", changed(RECIPIENTS, "  name:", "  nmae:")),
    ("recipients.schema.json", changed(RECIPIENTS, "  name:", "  id: x\n  name:")),
    ("recipients.schema.json", changed(RECIPIENTS, "  copied_to: none\n", "")),
    ("recipients.schema.json", changed(RECIPIENTS, "northmoor:", "North Moor:")),
    ("recipients.schema.json", changed(RECIPIENTS, "honours: QPM", "email: nowhere")),
    ("round.schema.json", changed(ROUND, "2 October 2017", "02/10/2017")),
    ("round.schema.json", changed(ROUND, "type: date", "type: dat")),
    ("round.schema.json", changed(ROUND, "required: yes", "required: maybe")),
    ("round.schema.json", changed(ROUND, "  merriden:", "  Merriden:")),
    ("2017-lost-property.schema.json", "- force: elsewhere\n"),
    ("2017-lost-property.schema.json", "- force: northmoor\n  outcome: splendid\n"),
    ("2017-lost-property.schema.json", "- force: northmoor\n  store: barn\n"),
    ("2017-lost-property.schema.json", "- outcome: in-place\n"),
    ("labels.schema.json", "title: x\n"),
]


@pytest.mark.parametrize(("name", "text"), MISTAKES)
def test_a_mistake_is_marked_by_the_schema(tmp_path: Path, name: str, text: str) -> None:
    assert complaints(schemas(Project.load(a_project(tmp_path)))[name], text)
