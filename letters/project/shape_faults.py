"""What pydantic finds wrong with a model, said in plain words at its place."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Annotated, Union, get_args, get_origin

from letters.errors import Place, Problem, shortened
from letters.model import FieldType, Model, Private
from letters.project.values import listed
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
        if isinstance(wanted, type) and issubclass(wanted, Model) and step in wanted.model_fields:
            field = wanted.model_fields[str(step)]
            found, inside = field.description or "", field.annotation
        elif get_origin(wanted) in (tuple, Mapping):
            inside = get_args(wanted)[0 if get_origin(wanted) is tuple else 1]
    return found, bare(inside)


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
        keys = ", ".join(name for name, each in wanted.model_fields.items() if not each.exclude)
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
