"""JSON Schemas of the YAML files, so that an editor completes and checks them.

They accept what the readers accept: an office as mere text, `copied_to: none`, dates in words.
"""

import json
from collections.abc import Mapping
from pathlib import Path

from letters.files import write_whole
from letters.model import FieldType, RecordField, Round
from letters.people import Model, Recipient
from letters.project import Project
from letters.project.proofs import SIGNATURES
from letters.project.raw_records import column_names, every_rounds_columns
from letters.wording.files import MEANINGS, WHERE_USED
from letters.wording.style import HouseStyle

Schema = dict[str, object]

DIALECT = "https://json-schema.org/draft/2020-12/schema"

DATE: Schema = {
    "type": "string",
    "pattern": r"^(\d{4}-\d{1,2}-\d{1,2}|([A-Za-z]+,? )?\d{1,2}(st|nd|rd|th)? [A-Za-z]+ \d{4})$",
}
MOMENT: Schema = {"type": "string"}
# An editor may read a bare yes or no as text or as a truth value, by its version of YAML.
YES_NO: Schema = {"enum": [True, False, "yes", "no", "Yes", "No", "y", "n"]}
PLAIN: Schema = {"type": ["string", "number", "boolean", "null"]}


def schemas(project: Project) -> dict[str, Schema]:
    """Every schema of `project` by file name.

    `recipients.schema.json`, `round.schema.json`, `labels.schema.json`, `style.schema.json`,
    `approvals.schema.json`, and for the records of each round `<round>.schema.json`.
    """
    own = {
        f"{each.round.id}.schema.json": _records(each.round, tuple(r.id for r in each.recipients))
        for each in project.rounds
    }
    return {
        "recipients.schema.json": _recipients(),
        "round.schema.json": _document("A round of letters", _model(Round)),
        "labels.schema.json": _document("The labels of a wording", _labels()),
        "style.schema.json": _document("The house style of a wording", _model(HouseStyle)),
        "approvals.schema.json": _approvals(),
    } | own


def write_schemas(project: Project) -> tuple[Path, ...]:
    """Write every schema to the project's `schemas/`; the files written, in the order above."""
    paths = []
    for name, schema in schemas(project).items():
        path = project.root / "schemas" / name
        text = json.dumps(schema, ensure_ascii=False, indent=2) + "\n"
        write_whole(path, text.encode())
        paths.append(path)
    return tuple(paths)


def _document(title: str, schema: Schema) -> Schema:
    return {"$schema": DIALECT, "title": title} | {k: v for k, v in schema.items() if k != "title"}


def _recipients() -> Schema:
    entry = _model(Recipient)
    definitions = entry.pop("$defs")
    schema = _by_id("Who gets letters: each recipient under its id.", entry)
    return _document("Recipients", schema | {"$defs": definitions})


def _approvals() -> Schema:
    recipient = _model(Recipient)
    definitions = recipient.pop("$defs")
    moment: Schema = {"type": "string", "description": "When, such as 2017-10-02T09:30:00+01:00."}
    by: Schema = {"type": "string", "description": "Who, by id in round.yaml."}
    content: Schema = {"type": "string", "pattern": "^[0-9a-f]{64}$"}
    letter = _object(
        digest=content,
        approved={"type": "array", "minItems": 1, "items": _object(by=by, at=moment)},
        recipients=_by_id("The recipients as signed.", recipient),
    )
    schema = _by_id("Who approved which letter; written by 'letters approve'.", letter)
    schema["propertyNames"] = {"anyOf": [schema["propertyNames"], {"const": SIGNATURES}]}
    signed = _object(
        by=by,
        at=moment,
        letters={"type": "object", "additionalProperties": content},
        signature={"type": "string", "pattern": "^[A-Za-z0-9+/]+=*$"},
    )
    said = "What people signed with their SSH keys, a run of 'letters approve' each."
    schema["properties"] = {SIGNATURES: {"description": said, "type": "array", "items": signed}}
    return _document("Approvals", schema | {"$defs": definitions})


def _by_id(description: str, entry: Schema) -> Schema:
    return {
        "description": description,
        "type": "object",
        "minProperties": 1,
        "propertyNames": {"pattern": "^[a-z0-9]+(-[a-z0-9]+)*$"},
        "additionalProperties": entry,
    }


def _object(**properties: Schema) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }


def _labels() -> Schema:
    meanings = {**MEANINGS, **WHERE_USED}
    keys = {key: {"type": "string", "description": said} for key, said in meanings.items()}
    return {
        "type": "object",
        "properties": keys,
        "required": list(MEANINGS),
        "additionalProperties": False,
    }


def _records(round_: Round, forces: tuple[str, ...]) -> Schema:
    record: Schema = {
        "type": "object",
        "properties": {name: _column(name, round_) for name in column_names(round_)},
        "required": [round_.nouns.one],
        "additionalProperties": False,
    }
    schema: Schema = {"type": "array", "minItems": 1, "items": record}
    schema["$defs"] = {"recipient": {"enum": list(forces)}}
    return _document(f"Records of {round_.title}", schema)


def _column(name: str, round_: Round) -> Schema:
    if name in round_.fields:
        return _field(round_.fields[name])
    if name == "outcome":
        titles = ", ".join(f"{id_}: {title}" for id_, title in round_.outcomes.items())
        return _one_of(round_.outcomes, f"{titles}. Empty while the outcome is not known.")
    if name == "signatory":
        return _signatory(round_)
    if name in (common := every_rounds_columns(round_)):
        return {"description": _COMMON[name]} | _field(common[name])
    one: Schema = {"$ref": "#/$defs/recipient"}
    joint: Schema = {"type": "array", "items": one, "minItems": 1, "uniqueItems": True}
    text: Schema = {"type": "string", "pattern": ";"}
    said = f"The {name}'s id in recipients.yaml; several in a list for a joint letter."
    return {"description": said, "anyOf": [one, joint, text]}


_COMMON = {
    "sent": "The letter's date, if not that of the round.",
    "our_ref": "The letter's reference.",
    "your_ref": "The addressee's reference.",
}


def _signatory(round_: Round) -> Schema:
    one: Schema = {"enum": [*round_.signatories]}
    several: Schema = {"type": "array", "items": one, "minItems": 1, "uniqueItems": True}
    said = "Who signs, if not the one who signs by default; several in a list, in order."
    text: Schema = {"type": "string", "pattern": ";"}
    return {"description": said, "anyOf": [one, several, text, {"type": "null"}]}


def _one_of(ids: Mapping[str, object], description: str) -> Schema:
    return {"description": description, "enum": [*ids, None]}


def _field(field: RecordField) -> Schema:
    by_type: Mapping[FieldType, Schema] = {
        FieldType.TEXT: PLAIN,
        FieldType.RICH_TEXT: PLAIN,
        FieldType.YES_NO: {"anyOf": [YES_NO, {"type": "null"}]},
        FieldType.DATE: {"anyOf": [DATE, {"type": "null"}]},
        FieldType.NUMBER: {"type": ["number", "null"]},
        FieldType.CHOICE: {"enum": [*field.choices, None]},
    }
    said: Schema = {"description": field.help} if field.help else {}
    if field.type is FieldType.LIST:
        required = [name for name, each in field.fields.items() if each.required]
        entry: Schema = {
            "type": "object",
            "properties": {name: _field(each) for name, each in field.fields.items()},
            "required": required,
            "additionalProperties": False,
        }
        return said | {"type": ["array", "null"], "items": entry}
    return said | by_type[field.type]


def _model(model: type[Model]) -> Schema:
    """pydantic's schema of `model`, widened by the spellings that are read besides."""
    schema = _friendly(model.model_json_schema())
    definitions = schema.get("$defs")
    if isinstance(definitions, dict) and "Person" in definitions:
        person = definitions["Person"]
        definitions["Person"] = {"anyOf": [{"type": "string", "minLength": 1}, person]}
    return schema


def _friendly(schema: Mapping[str, object]) -> Schema:
    kept = {key: _inside(key, each) for key, each in schema.items() if key not in ("title", "id")}
    match kept:
        case {"format": "date-time"}:
            return _said(kept) | MOMENT
        case {"format": "date"}:
            return _said(kept) | DATE
        case {"type": "boolean"}:
            return _said(kept) | YES_NO
        case {"patternProperties": _}:
            return kept | {"additionalProperties": False}
        case {"type": "string"} if "pattern" not in kept and "enum" not in kept:
            return kept | {"type": ["string", "number"]}
        case {"type": "array"}:
            return _list_or_one(kept)
    return kept


def _said(schema: Schema) -> Schema:
    return {key: each for key, each in schema.items() if key == "description"}


def _inside(key: str, part: object) -> object:
    """A part of a schema; `id` is the key above in the file, not a key of its own."""
    if key in ("properties", "$defs") and isinstance(part, dict):
        return {name: _friendly(each) for name, each in part.items() if name != "id"}
    if key == "required" and isinstance(part, list):
        return [name for name in part if name != "id"]
    if key != "default" and isinstance(part, dict):
        return _friendly(part)
    if isinstance(part, list):
        return [_friendly(each) if isinstance(each, dict) else each for each in part]
    return part


def _list_or_one(schema: Schema) -> Schema:
    """A list, or where it would have one entry, that entry alone; empty if it may be left out."""
    outside = {key: schema.pop(key) for key in ("description", "default") if key in schema}
    empty: list[Schema] = [{"type": "null"}] if "default" in outside else []
    return outside | {"anyOf": [schema, schema["items"], *empty]}
