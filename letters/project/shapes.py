"""YAML trees to the models of `recipients.yaml` and `round.yaml`: friendly spellings, every fault.

What is wrong is taken out and the rest tried again, so that one bad value costs only itself.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cache
from typing import TypeVar, get_args, get_origin

from pydantic import ValidationError

from letters.errors import Place, Problem, Refused, did_you_mean, nearest, shortened
from letters.model import Model, Person
from letters.project.dates import read_date
from letters.project.moments import read_moment
from letters.project.shape_faults import NO_COPIES, Misfit, Steps, bare, said, without_echoes
from letters.project.values import one_line, read_yes_no
from letters.sources.yamls import Node

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
    fields = model.model_fields.items()
    return {name: bare(each.annotation) for name, each in fields if not each.exclude}


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
