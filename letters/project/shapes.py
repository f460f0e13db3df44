"""YAML trees to the models of `recipients.yaml` and `round.yaml`: friendly spellings, every fault.

What is wrong is taken out and the rest tried again, so that one bad value costs only itself.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, TypeVar, Union, get_args, get_origin

from pydantic import ValidationError
from pydantic.fields import FieldInfo

from letters.errors import Place, Problem, Refused, did_you_mean, nearest, shortened
from letters.model import ApprovalRule, FieldType, Private
from letters.people import Model, Person
from letters.project.values import listed, one_line, read_date, read_moment, read_yes_no
from letters.sources.yamls import Node

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


Steps = tuple[str | int, ...]

NO_COPIES = "Name at least one office, or write 'copied_to: none'."


@dataclass(frozen=True)
class Misfit:
    """One of pydantic's findings: its kind, the steps to it, the value and the limits it broke."""

    kind: str
    steps: Steps
    value: object
    limits: Mapping[str, object]
    is_key: bool = False

    @classmethod
    def of(cls, error: ErrorDetails) -> Misfit:
        """The finding, a fault of a key told apart from that of its value."""
        steps, is_key = error["loc"], error["loc"][-1:] == ("[key]",)
        return cls(
            error["type"],
            steps[:-1] if is_key else steps,
            error["input"],
            error.get("ctx", {}),
            is_key,
        )

    @property
    def part(self) -> Steps:
        """The part that must go so that the fault goes: for a missing key, what lacks it."""
        return self.steps[:-1] if self.kind == "missing" else self.steps

    @property
    def key(self) -> str:
        """The nearest key."""
        return next((step for step in reversed(self.steps) if isinstance(step, str)), "")

    @property
    def subject(self) -> str:
        """What the sentence is about: the key, or an entry of its list."""
        is_entry = bool(self.steps) and isinstance(self.steps[-1], int)
        return f"An entry of {self.key}" if is_entry else self.key


def without_echoes(faults: Iterable[Misfit]) -> list[Misfit]:
    """`faults` but for lists called too short because an entry is at fault."""
    found = list(faults)
    above = {fault.steps[:n] for fault in found for n in range(len(fault.steps))}
    return [each for each in found if each.kind != "too_short" or each.steps not in above]


def said(
    fault: Misfit, nodes: Mapping[Steps, Node], places: Mapping[Steps, Place], model: type[Model]
) -> Problem:
    """The fault as a problem: at its value, or where the key it lacks should stand."""
    steps = fault.steps
    is_absent = fault.kind == "missing" and steps not in nodes
    here = _place(places, steps[:-1] if is_absent else steps)
    what, fix = _words(fault, is_absent, *_described(model, steps))
    above = [step for step in steps if isinstance(step, str)][:-1]
    field = ".".join(filter(None, (places[()].field, *above)))
    return Problem(here.at(field), what, fix)


def _place(places: Mapping[Steps, Place], steps: Steps) -> Place:
    while steps and steps not in places:
        steps = steps[:-1]
    return places[steps]


def _described(model: type[Model], steps: Steps) -> tuple[str, object]:
    """What the model says of the nearest key that it knows on the way to `steps`, and its type."""
    found: str = ""
    inside: object = model
    for step in steps:
        wanted = bare(inside)
        if isinstance(wanted, type) and issubclass(wanted, Model) and step in keys_of(wanted):
            field = keys_of(wanted)[str(step)]
            found, inside = field.description or "", field.annotation
        elif get_origin(wanted) in (tuple, Mapping):
            inside = get_args(wanted)[0 if get_origin(wanted) is tuple else 1]
    return found, bare(inside)


@cache
def keys_of(model: type[Model]) -> Mapping[str, FieldInfo]:
    """The fields of a model by the key of the file, which may be a word that Python keeps."""
    return {each.alias or name: each for name, each in model.model_fields.items()}


def bare(annotation: object) -> object:
    """`annotation` without `Annotated` and `| None`."""
    if get_origin(annotation) is Annotated:
        return bare(get_args(annotation)[0])
    if get_origin(annotation) in (Union, UnionType):
        return bare(next(arg for arg in get_args(annotation) if arg is not NoneType))
    return annotation


def _words(fault: Misfit, is_absent: bool, description: str, wanted: object) -> tuple[str, str]:
    if fault.kind == "missing":
        state, verb = ("missing", "Add it") if is_absent else ("empty", "Fill it in")
        fix = NO_COPIES if fault.key == "copied_to" else f"{verb}: {description}"
        return f"{fault.key} is {state}.", fix
    if fault.kind in ("string_too_short", "too_short") or fault.value == "":
        return f"{fault.subject} is empty.", f"Fill it in: {description}"
    if fault.kind == "model_type" and isinstance(wanted, type) and issubclass(wanted, Model):
        keys = ", ".join(key for key, each in keys_of(wanted).items() if not each.exclude)
        return f"{fault.subject} must hold keys.", f"Write {keys} under it, a line each."
    say = _SAYINGS.get(fault.kind, _other)
    return say(fault)


def _pattern(fault: Misfit) -> tuple[str, str]:
    pattern, value = str(fault.limits.get("pattern", "")), shortened(str(fault.value))
    if "@" in pattern:
        fix = "Write it like name@example.org."
        return f"{fault.key} '{value}' is not an e-mail address.", fix
    if "_" in pattern:
        fix = "Use lower-case letters, digits and single underscores, a letter first"
        kind = "a noun" if fault.steps[0] == "nouns" else "a field's name"
        return f"'{value}' cannot be {kind}.", f"{fix}, such as {_slug(value, '_')}."
    fix = "Use lower-case letters, digits and single hyphens"
    return f"'{value}' cannot be an id.", f"{fix}, such as {_slug(value, '-')}."


def _slug(text: str, joint: str) -> str:
    """The name nearest to `text` that is allowed."""
    words = "".join(sign if sign.isascii() and sign.isalnum() else " " for sign in text.lower())
    name = joint.join(words.split())
    return name if name and (joint == "-" or name[0].isalpha()) else f"case{joint}number"


def _too_long(fault: Misfit) -> tuple[str, str]:
    most, count = fault.limits.get("max_length"), fault.limits.get("actual_length")
    return f"{fault.key} holds {count} entries.", f"Keep {most} at most."


def _text(fault: Misfit) -> tuple[str, str]:
    return f"{fault.subject} must be text.", "Write it on one line, in quotes if it holds ': '."


def _number(fault: Misfit) -> tuple[str, str]:
    least, most = (fault.limits.get(key) for key in ("ge", "le"))
    sign = "least" if least is not None else "most"
    if fault.kind == "int_parsing":
        return (
            f"{fault.key} '{shortened(str(fault.value))}' is not a number.",
            "Write it in digits.",
        )
    return f"{fault.key} is {fault.value}.", f"Write {least or most} at {sign}."


def _keys(fault: Misfit) -> tuple[str, str]:
    fix = "Write its keys under it, a line each, indented."
    return f"{fault.subject} must hold keys.", fix


def _list(fault: Misfit) -> tuple[str, str]:
    return f"{fault.subject} must be a list.", "Write each entry on a line that begins with '- '."


def _type(fault: Misfit) -> tuple[str, str]:
    value = shortened(str(fault.value))
    if fault.steps[0] == "private":
        what = f"'{value}' is nothing that a round can keep private."
        return what, listed(tuple(each.value for each in Private), value)
    if fault.steps[0] == "approval":
        what = f"'{value}' does not say who must approve."
        return what, listed(tuple(each.value for each in ApprovalRule), value)
    names = tuple(each.value for each in FieldType)
    return f"'{value}' is not a type of field.", listed(names, value)


def _other(fault: Misfit) -> tuple[str, str]:
    return f"{fault.subject} cannot be read.", "Compare it with the documentation of records."


_SAYINGS: Mapping[str, Callable[[Misfit], tuple[str, str]]] = {
    "string_pattern_mismatch": _pattern,
    "too_long": _too_long,
    "string_type": _text,
    "dict_type": _keys,
    "mapping_type": _keys,
    "tuple_type": _list,
    "enum": _type,
    "date_type": _text,
    "datetime_type": _text,
    "bool_type": _text,
    "int_parsing": _number,
    "int_type": _text,
    "greater_than_equal": _number,
    "less_than_equal": _number,
}


M = TypeVar("M", bound=Model)

NOBODY = "none"
"""`copied_to: none` says that nobody gets a copy; leaving it empty says nothing."""

_NO_OFFICES = frozenset((NOBODY, "nobody", "no one", "n/a", "na", "nil", "-", "–", "—"))

_LONG = frozenset(("help",))  # read in an editor, never printed


@dataclass
class Shape:
    """What a tree becomes for pydantic, and the node and place of each of its parts.

    Already reported are the parts `refused`, the keys that a `misspelt` one probably means, and
    lists `thinned` by taking refused entries out.
    """

    problems: list[Problem]
    nodes: dict[Steps, Node] = field(default_factory=dict)
    places: dict[Steps, Place] = field(default_factory=dict)
    refused: set[Steps] = field(default_factory=set)
    misspelt: set[Steps] = field(default_factory=set)
    thinned: set[Steps] = field(default_factory=set)

    def of(self, node: Node, annotation: object, steps: Steps) -> object:
        """`node` as `annotation` wants it where it can be had; else as it is, for pydantic."""
        self.nodes[steps] = node
        self.places.setdefault(steps, node.place)
        wanted = bare(annotation)
        if wanted is str and isinstance(node.value, str):
            return self._scalar(node, node.value, wanted, steps)
        if get_origin(wanted) is tuple:
            return self._several(node, get_args(wanted)[0], steps)
        if isinstance(wanted, type) and issubclass(wanted, Model):
            return self._model(node, wanted, steps)
        if isinstance(node.value, dict):
            inner = get_args(wanted)[1] if get_origin(wanted) is Mapping else str
            return {key: self._entry(node, key, inner, steps) for key in node.value}
        if isinstance(node.value, list):
            return [self.of(each, str, (*steps, n)) for n, each in enumerate(node.value)]
        return self._scalar(node, node.value, wanted, steps)

    def _entry(self, node: Node, key: str, annotation: object, steps: Steps) -> object:
        self.places[(*steps, key)] = node.keys[key]
        return self.of(node.entries[key], annotation, (*steps, key))

    def _model(self, node: Node, model: type[Model], steps: Steps) -> object:
        if model is Person and node.text:
            return self._person({"office": self.of(node, str, (*steps, "office"))}, steps)
        if not isinstance(node.value, dict):
            return node.value
        fields = _fields(model)
        shaped = {}
        for key, value in node.value.items():
            self.places[(*steps, key)] = node.keys[key]
            if key not in fields:
                self._unknown(key, node, fields, steps)
            elif value.text != "":
                shaped[key] = self._entry(node, key, fields[key], steps)
            else:
                self.nodes[(*steps, key)] = value
        shaped = {key: each for key, each in shaped.items() if (*steps, key) not in self.refused}
        return self._person(shaped, steps) if model is Person else shaped

    def _unknown(self, key: str, node: Node, known: Mapping[str, object], steps: Steps) -> None:
        fix = did_you_mean(key, known) or f"Use one of {', '.join(known)}."
        self.problems.append(Problem(node.keys[key], f"'{shortened(key)}' is not a key here.", fix))
        self.misspelt.add((*steps, nearest(key, known)))

    def _person(self, person: dict[str, object], steps: Steps) -> object:
        if not {"name", "office"} & person.keys():
            if not {(*steps, "name"), (*steps, "office")} & (self.refused | self.misspelt):
                what = "An entry names neither a person nor an office."
                self.problems.append(Problem(self.places[steps], what, "Add 'name' or 'office'."))
            self.refused.add(steps)
        if str(person.get("organisation", "")).casefold() == NOBODY:
            person["organisation"] = ""
        return person

    def _several(self, node: Node, annotation: object, steps: Steps) -> object:
        entries = node.items
        if bare(annotation) is Person and (node.text or "").strip().casefold() == NOBODY:
            entries = ()
        elif steps == ("copied_to",) and self._names_nobody(node, steps):
            return []
        elif node.text:
            lines = node.text.strip().split("\n")
            entries = tuple(
                Node(line, replace(node.place, line=node.place.line + n))
                for n, line in enumerate(lines)
            )
        elif isinstance(node.value, dict):
            if not (isinstance(annotation, type) and issubclass(annotation, Model)):
                return node.value
            entries = (node,)
        shaped: list[object] = []
        for each in entries:
            at = (*steps, len(shaped))
            self.places[at] = each.place
            shaped.append(self.of(each, annotation, at))
            if at in self.refused:
                self._forget(at)
                self.thinned.add(steps)
                shaped.pop()
        return shaped

    def _names_nobody(self, copies: Node, steps: Steps) -> bool:
        """Whether copies are listed, and no office among them; a problem says so."""
        what = "copied_to is empty." if copies.value == [] else ""
        for each in (copies, *copies.items):
            office = each.text or each.entries.get("office", each).text or ""
            if office.strip().casefold() in _NO_OFFICES:
                what = f"'{office}' is no office that gets a copy."
        if what:
            place = copies.place.at(self.places[()].field)
            self.problems.append(Problem(place, what, NO_COPIES))
            self.refused.add(steps)
        return bool(what)

    def _forget(self, entry: Steps) -> None:
        """The next entry of the list takes this one's number."""
        for steps in (self.refused, self.misspelt):
            steps -= {each for each in steps if each[: len(entry)] == entry}

    def _scalar(self, node: Node, text: str, wanted: object, steps: Steps) -> object:
        try:
            if wanted is datetime:
                return read_moment(text.strip())
            if wanted is date:
                return read_date(text.strip())
            if wanted is bool:
                return read_yes_no(text.strip())
            return " ".join(text.split()) if steps and steps[-1] in _LONG else one_line(text)
        except Refused as refused:
            self.problems.append(Problem(node.place, refused.what, refused.fix))
            self.refused.add(steps)
        return text


def fit(
    node: Node, model: type[M], id_: str, place: Place, problems: list[Problem]
) -> tuple[M | None, Mapping[Steps, Place]]:
    """`node` as a `model` named `id_`, without its faulty parts, and the place of each part.

    Each fault is a problem at its place; None where what is left is too little for a model.
    """
    shape = Shape(problems)
    shape.places[()] = place
    raw = shape.of(node, model, ())
    if not isinstance(raw, dict):
        what = f"{place.field or 'The file'} must hold keys, each with its value."
        problems.append(Problem(place.at(""), what, "Write 'key: value', a line each."))
        return None, shape.places
    read = _read(model, raw, id_)
    if isinstance(read, list):
        found = (fault for fault in read if not _known(fault, shape))
        problems += (said(fault, shape.nodes, shape.places, model) for fault in found)
    while isinstance(read, list):
        if not _pruned(raw, read):
            return None, shape.places
        read = _read(model, raw, id_)
    return read, shape.places


def _read(model: type[M], raw: dict[str, object], id_: str) -> M | list[Misfit]:
    """The model, or why there is none."""
    try:
        return model.model_validate({**raw, "id": id_})
    except ValidationError as error:
        return without_echoes(Misfit.of(each) for each in error.errors(include_url=False))


@cache
def _fields(model: type[Model]) -> Mapping[str, object]:
    """What a model takes from a file: the type of each key."""
    return {key: bare(each.annotation) for key, each in keys_of(model).items() if not each.exclude}


def _known(fault: Misfit, shape: Shape) -> bool:
    """Whether the fault only repeats that a part was refused before."""
    is_thinned = fault.kind == "too_short" and fault.steps in shape.thinned
    return is_thinned or fault.steps in shape.refused | shape.misspelt


def _pruned(raw: dict[str, object], faults: list[Misfit]) -> bool:
    """Take every faulty part out of `raw`; False where that is the whole."""
    parts = {fault.part for fault in faults}
    if () in parts or ("id",) in parts:
        return False
    removed = [_remove(raw, steps) for steps in sorted(parts, key=_order, reverse=True)]
    return any(removed)


def _order(steps: Steps) -> tuple[tuple[str, int], ...]:
    return tuple((step, 0) if isinstance(step, str) else ("", step) for step in steps)


def _remove(raw: object, steps: Steps) -> bool:
    for step in steps[:-1]:
        raw = _inside(raw, step)
    last = steps[-1]
    if isinstance(raw, dict):
        return raw.pop(last, None) is not None
    if isinstance(raw, list) and isinstance(last, int) and last < len(raw):
        del raw[last]
        return True
    return False


def _inside(raw: object, step: str | int) -> object:
    if isinstance(raw, dict):
        return raw.get(step)
    if isinstance(raw, list) and isinstance(step, int) and step < len(raw):
        return raw[step]
    return None
