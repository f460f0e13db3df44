"""Counts as a bar chart in SVG, which reads at any width without being scaled."""

from __future__ import annotations

import textwrap
from dataclasses import dataclass

from letters.publish.counts import listed, percentage
from letters.publish.facts import Facts

LONGEST_LABEL = 36
"""Characters of a label's line: as many as fit the narrowest screen."""
WIDEST = 68
"""Per cent of the chart that its longest bar takes; the number stands after it."""
LINE, BAR, SPACE = 22, 28, 18


@dataclass(frozen=True, slots=True)
class Label:
    """A line of a bar's label and where its foot stands, in pixels."""

    text: str
    y: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: label above, length in per cent of the chart's width, place and number."""

    labels: tuple[Label, ...]
    top: int
    width: float
    number: str


@dataclass(frozen=True, slots=True)
class Chart:
    """All a template needs to draw the chart; `description` says in words what it shows."""

    bars: tuple[Bar, ...]
    height: int
    description: str


def chart_of(facts: Facts) -> Chart:
    """The chart of how many forces had each outcome."""
    longest = max((outcome.forces for outcome in facts.outcomes), default=0) or 1
    bars, top = [], 0
    for outcome in facts.outcomes:
        lines = textwrap.wrap(outcome.title, LONGEST_LABEL)
        labels = tuple(Label(line, top + LINE * n + 16) for n, line in enumerate(lines))
        top += LINE * len(lines)
        number = f"{outcome.forces} ({percentage(outcome.forces, facts.forces)})"
        bars.append(Bar(labels, top, round(WIDEST * outcome.forces / longest, 2), number))
        top += BAR + SPACE
    said = listed(f"{outcome.title}: {outcome.forces}" for outcome in facts.outcomes)
    return Chart(tuple(bars), top - SPACE, f"{said}.")
