"""The exact words of every problem that placeholders of a Word layout can have."""

from __future__ import annotations

from pathlib import Path

import pytest

from letters.errors import ProblemsFound
from letters.render.docx import WordLayout
from tests.render.docx.layouts import (
    BODY,
    FOLDER,
    NAMES,
    STYLES,
    Edit,
    a_layout,
    problems_of,
    raw,
    setting,
    written,
)

FOOTER = "word/footer1.xml"
FIRST_HEADER = "word/header2.xml"
A_SLOT = "{{p letter_date }}"
STATEMENTS = "Use only {% if name %}, {% elif name %}, {% else %} and {% endif %}."
TOGETHER = "Put both in one paragraph, or write {%p … %} for both, each alone in a paragraph."


def line(text: str) -> Edit:
    """A paragraph more at the beginning of the body."""
    return raw(f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>")


def footer(text: str) -> Edit:
    return (FOOTER, "{{ page_label }}", text)


BOX = (
    '<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:vml"><v:textbox>'
    "<w:txbxContent><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:txbxContent>"
    "</v:textbox></v:shape></w:pict></w:r></w:p>"
)

CASES: dict[str, tuple[list[Edit], list[str]]] = {
    "the shipped layout": ([], []),
    "misspelt in the body": (
        [line("{{ force_nam }}")],
        ["body: {{ force_nam }} is not a placeholder. Did you mean {{ force_name }}?"],
    ),
    "unknown in a footer": (
        [footer("{{ zzz }}")],
        ["footer: {{ zzz }} is not a placeholder. Remove it, or correct the name."],
    ),
    "misspelt in a condition": (
        [line("{% if sent_dat %}on{% endif %}")],
        ["body: {% if sent_dat %} is not a placeholder. Did you mean {{ sent_date }}?"],
    ),
    "misspelt in a text box": (
        [raw(BOX.format("{{ forse_name }}"))],
        ["body: {{ forse_name }} is not a placeholder. Did you mean {{ force_name }}?"],
    ),
    "misspelt in the first header": (
        [(FIRST_HEADER, "{{r draft_mark }}", "{{ sent_dat }}{{r draft_mark }}")],
        ["first-page header: {{ sent_dat }} is not a placeholder. Did you mean {{ sent_date }}?"],
    ),
    "split over runs": (
        [raw("<w:p><w:r><w:t>{</w:t></w:r><w:r><w:t>{ force</w:t></w:r><w:r><w:t>_name }}</w:t>"
             "</w:r></w:p>")],
        [],
    ),
    "a property": (
        [("docProps/core.xml", "Letter layout", "{{ forse_name }}")],
        ["document properties: {{ forse_name }} is not a placeholder. "
         "Did you mean {{ force_name }}?"],
    ),
    "never closed": (
        [line("Dear {{ force_name")],
        ["body: '{{' is never closed in 'Dear {{ force_name'. End it with '}}'."],
    ),
    "never begun": (
        [line("force_name }}, hello")],
        ["body: '}}' ends what was never begun in 'orce_name }}, hello'. Begin with '{{'."],
    ),
    "statement never closed": (
        [line("{% if force_name")],
        ["body: '{%' is never closed in '{% if force_name'. End it with '%}'."],
    ),
    "no endif": (
        [line("{% if force_name %}x")],
        ["body: {% if force_name %} is never closed. Add {% endif %} after it."],
    ),
    "no endif for paragraphs": (
        [line("{%p if force_name %}")],
        ["body: {%p if force_name %} is never closed. Add {%p endif %} after it."],
    ),
    "no if": ([line("{% endif %}")], ["body: {% endif %} has no {% if … %} before it. "
                                      "Add one, or remove it."]),
    "condition over two paragraphs": (
        [line("{% endif %}"), line("{% if force_name %}x")],
        [f"body: {{% endif %}} is apart from its {{% if force_name %}}. {TOGETHER}"],
    ),
    "a loop": (
        [line("{% for x in y %}")],
        [f"body: {{% for x in y %}} is not a statement that a layout may hold. {STATEMENTS}"],
    ),
    "a row statement": (
        [line("{%tr if force_name %}")],
        [f"body: {{%tr if force_name %}} is not a statement that a layout may hold. {STATEMENTS}"],
    ),
    "an expression": (
        [line("{{ force_name.upper() }}")],
        ["body: {{ force_name.upper() }} asks for more than a name. "
         "Write only a name between the braces, such as {{ force_name }}."],
    ),
    "a filter": (
        [line("{{ force_name|safe }}")],
        ["body: The filter 'safe' in {{ force_name|safe }} is not allowed. "
         "Use one of these or none: capitalize, lower, trim, upper."],
    ),
    "filters allowed": ([line("{{ force_name | upper | trim }}")], []),
    "a comment": ([line("{# ours #}")], []),
    "a greedy comment": (
        [line("{#p ours #}")],
        ["body: {#p ours #} would remove what is round it. Write {# … #}."],
    ),
    "a text with p": (
        [line("{{p force_name }}")],
        ["body: {{p force_name }} is not a slot. Write {{ force_name }}."],
    ),
    "a text with r": (
        [line("{{r force_name }}")],
        ["body: {{r force_name }} would remove what is round it. Write {{ force_name }}."],
    ),
    "slot misspelt": (
        [(BODY, "{{p letter_body }}", "{{p leter_body }}")],
        ["body: {{p leter_body }} is not a slot. Did you mean 'letter_body'?",
         "body: The slot {{p letter_body }} is missing. Add {{p letter_body }} in a paragraph of "
         "its own."],
    ),
    "slot without p": (
        [(BODY, "{{p letter_body }}", "{{ letter_body }}")],
        ["body: {{ letter_body }} would put whole paragraphs inside a line of text. "
         "Write {{p letter_body }}, alone in its paragraph."],
    ),
    "slot twice": (
        [line("{{p letter_body }}")],
        ["body: The slot {{p letter_body }} is there twice. Keep one."],
    ),
    "slot in a footer": (
        [(FOOTER, "<w:p>", f"<w:p><w:r><w:t>{A_SLOT}</w:t></w:r></w:p><w:p>"),
         (BODY, A_SLOT, "")],
        ["footer: {{p letter_date }} is in the footer. Move it to the body."],
    ),
    "slot in a text box": (
        [raw(BOX.format(A_SLOT)), (BODY, f'preserve">{A_SLOT}', 'preserve">')],
        ["body: {{p letter_date }} is in a text box. Move it out of the text box."],
    ),
    "text beside a slot": (
        [(BODY, A_SLOT, f"On {A_SLOT}")],
        ["body: The paragraph of {{p letter_date }} also holds 'On', which would be lost. "
         "Give {{p letter_date }} a paragraph of its own."],
    ),
    "section break beside a slot": (
        [(BODY, '<w:pStyle w:val="Date"/>', '<w:pStyle w:val="Date"/><w:sectPr/>')],
        ["body: The paragraph of {{p letter_date }} also holds a section break, which would be "
         "lost. Give {{p letter_date }} a paragraph of its own."],
    ),
    "no draft mark": (
        [(FIRST_HEADER, "{{r draft_mark }}", "")],
        ["first-page header: {{r draft_mark }} is missing. "
         "Add it at the end of a paragraph of this header."],
    ),
    "draft mark twice": (
        [(FIRST_HEADER, "{{r draft_mark }}", "{{r draft_mark }}{{r draft_mark }}")],
        ["first-page header: The text '{{r draft_mark }}' after {{r draft_mark }} would lose its "
         "look. Move {{r draft_mark }} to the end of its paragraph.",
         "first-page header: {{r draft_mark }} is there twice. Keep one."],
    ),
    "draft mark without r": (
        [(FIRST_HEADER, "{{r draft_mark }}", "{{ draft_mark }}")],
        ["first-page header: {{ draft_mark }} would not show the draft mark. "
         "Write {{r draft_mark }}."],
    ),
    "draft mark in a footer": (
        [(FOOTER, "</w:p>", "<w:r><w:t>{{r draft_mark }}</w:t></w:r></w:p>")],
        ["footer: {{r draft_mark }} is in the footer, where no mark can be shown. "
         "Move it to the headers."],
    ),
    "no header": (
        [(BODY, '<w:headerReference w:type="default" r:id="rId10"/>', "")],
        [": The layout has no header, so a draft could not be marked on its pages. "
         "Add one that holds {{r draft_mark }}."],
    ),
    "no even header": (
        [setting("<w:evenAndOddHeaders/>")],
        [": The layout has no even-page header, so a draft could not be marked on its pages. "
         "Add one that holds {{r draft_mark }}."],
    ),
    "placeholder in a picture": (
        [(FIRST_HEADER, "Crest of the inspectorate (placeholder)", "Crest of {{ sender_name }}")],
        ["first-page header: 'Crest of {{ sender_name }}' is in a field or in the properties "
         "of a picture or link. Use placeholders in ordinary text only."],
    ),
}  # fmt: skip


@pytest.mark.parametrize(("edits", "messages"), CASES.values(), ids=CASES)
def test_every_problem_is_said_in_these_words(
    edits: list[Edit], messages: list[str], tmp_path: Path
) -> None:
    assert problems_of(tmp_path, a_layout(*edits)) == messages


def test_a_placeholder_that_is_never_filled_in(tmp_path: Path) -> None:
    chart = '<Relationship Id="rIdC" Type="x/chart" Target="chart.xml"/></Relationships>'
    related = ("word/_rels/document.xml.rels", "</Relationships>", chart)
    layout = a_layout(related, **{"word/chart.xml": "<c>{{ force_name }}</c>"})
    assert problems_of(tmp_path, layout) == [
        ": The file's part 'word/chart.xml' holds a placeholder that is never filled in. "
        "Move it to the body, a header, a footer or a note."
    ]


def test_a_missing_layout_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ProblemsFound) as caught:
        WordLayout.load(tmp_path / FOLDER, tmp_path)
    assert str(caught.value) == (
        "templates/plain/letter.docx: There is no such file. "
        "Create it, or correct the name that leads here."
    )


def test_all_problems_are_shown_at_once_and_with_their_file(tmp_path: Path) -> None:
    layout = a_layout(
        line("{{ forse_name }}"),
        (STYLES, '<w:name w:val="Gap"/>', '<w:name w:val="Zebra"/>'),
        setting("<w:trackRevisions/>"),
    )
    folder = written(tmp_path, layout)
    problems = sorted(map(str, WordLayout.load(folder, tmp_path).problems(NAMES)))
    assert [problem.split(" ")[0] for problem in problems] == [
        "templates/plain/letter.docx",
        "templates/plain/letter.docx:",
        "templates/plain/letter.docx:",
    ]
