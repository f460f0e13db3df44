# ruff: noqa: E501  (a message is read best on one line)
"""Every message about a wording, its exact text. Lines are those of letter.md unless a file is named."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from letters.errors import ProblemsFound
from letters.model import Value
from letters.wording import Wording, typeset
from tests.builders import (
    LABELS,
    WORDING,
    a_letter,
    a_round,
    a_wording,
    messages,
    rich,
    write_wording,
)

LETTER = f"{WORDING}/letter.md:"


def _labels(**changes: str | None) -> str:
    labels = {**LABELS, **changes}
    return "".join(f"{key}: {text}\n" for key, text in labels.items() if text is not None)


# fmt: off
TEMPLATES: list[tuple[str, list[str]]] = [
    ("{{ sigantory_name }}", ["3: {{ sigantory_name }} is not a placeholder. Did you mean {{ signatory_name }}?"]),
    ("{{ zzz }}", ["3: {{ zzz }} is not a placeholder. Use one of the round's, or declare 'zzz' under 'fields' in round.yaml."]),
    ("{% if contct_phone %}x{% endif %}", ["3: 'contct_phone' is not a placeholder. Did you mean 'contact_phone'?"]),
    ("{% if lead %}\nx\n{% else %}\n{{ anex }}\n{% endif %}", ["6: {{ anex }} is not a placeholder. Did you mean {{ annex }}?"]),
    ("{{ force name }}", ["3: The placeholder does not end before 'name'. Write one name between the braces, words joined by '_': {{ force_name }}."]),
    ("{{ force.name }}", ["3: '.name' reaches into a value. Write a placeholder's one name, its words joined by '_': {{ force_name }}."]),
    ("{{ }}", ["3: The braces hold no placeholder. Write a name between them: {{ force_name }}."]),
    ("{{ lead", ["3: A tag begins here and never ends. Close it: {{ … }} or {% … %}."]),
    ("{% if lead %}\nx", ["3: {% if %} is never closed. Write {% endif %} where it ends."]),
    ("{% if lead %}{% if annex %}x{% endif %}\n", ["3: {% if %} is never closed. Write {% endif %} where it ends."]),
    ("x\n{% endif %}", ["4: {% endif %} is here, but nothing is open. Delete it, or write the tag it belongs to."]),
    ("{% if lead %}x{% endfor %}{% endif %}", ["3: {% endfor %} is here, while {% if %} is still open. Delete it, or write the tag it belongs to."]),
    ("{% iff lead %}x", ["3: {% iff %} is not used in wordings. Did you mean {% if %}?"]),
    ("{% if lead = 'x' %}x{% endif %}", ["3: One '=' does not compare. Write == to ask whether two values are equal."]),
    ("{% if lead %}x{% else if annex %}y{% endif %}", ["3: The tag does not end before 'if'. Close it with %}, or write 'elif' for 'else if'."]),
    ("{% if %}x{% endif %}", ["3: The tag ends too early. Write what it is about, such as {% if contact_phone %}."]),
    ("{# a note", ["3: A note begins here and never ends. Close it: {# … #}."]),
    ("{% raw %}x", ["3: {% raw %} is never closed. Delete it, or write {% endraw %} after the text it is for."]),
    ("{{ lead }", ["3: Braces do not match. Open with {{ and close with }}, or open with {% and close with %}."]),
    ("{{ lead ? }}", ["3: The character '?' has no place inside a tag. Delete it; a text inside a tag begins and ends with the same straight quote."]),
    ("{{ (lead }}", ["3: '}' is where ')' belongs. Look at the tags on this line."]),
    ("{{ lead) }}", ["3: ')' has no place there. Look at the tags on this line."]),
    ("{{ lead | }}", ["3: '}}' is where 'a name' belongs. Look at the tags on this line."]),
    ("{% for x of lead %}x{% endfor %}", ["3: 'of' is where 'in' belongs. Look at the tags on this line."]),
    ("{% include %}", ["3: The tag ends too early. Write what it is about, such as {% if contact_phone %}."]),
    ("{% set x %}x", ["3: {% set %} has no value. Write {% set name = … %}."]),
    ("{{ lead | uper }}", ["3: 'uper' is not a filter of wordings. Did you mean 'upper'?"]),
    ("{{ lead | safe }}", ["3: 'safe' is not a filter of wordings. Use one of capitalize, default, first, grouped, join, last, length, lower, sort, sum, trim, upper."]),
    ("{{ lead | upper('x') }}", ["3: 'upper' cannot take what is in its brackets. Write nothing in brackets after it."]),
    ("{{ lead | default }}", ["3: 'default' cannot take what is in its brackets. Write one text or placeholder in the brackets: default('…')."]),
    ("{{ lead | join(d=', ') }}", ["3: 'join' cannot take what is in its brackets. Write one text or placeholder in the brackets: join('…')."]),
    ("{% if lead is defined(1) %}x{% endif %}", ["3: 'defined' cannot take what is in its brackets. Write nothing in brackets after it."]),
    ("{{ lead is string }}x", ["3: 'is string' is not a test of wordings. Use one of defined, none.", "3: A question is printed, whose answer is yes or no. Put it in {% if … %}, and print text."]),
    ("{{ ''.__class__ }}", ["3: '.__class__' reaches into a value. Write a placeholder's one name, its words joined by '_': {{ force_name }}."]),
    ("{{ lead[0] }}", ["3: Square brackets reach into a value. Use the filters first and last."]),
    ("{{ range(3) }}", ["3: A function is called. Use a placeholder, with a filter where it needs one."]),
    ("{{ waiting + 1 }}", ["3: A wording does no sums. Record the result as a field of its own; join texts with ~."]),
    ("{{ lead.upper() }}", ["3: A function is called. Use a placeholder, with a filter where it needs one."]),
    ("{{ {'a': 1} }}", ["3: This is not used in wordings. Use placeholders, filters and conditions."]),
    ("{{ loop.index }}", ["3: '.index' reaches into a value. Write a placeholder's one name, its words joined by '_': {{ force_name }}."]),
    ("{{ _run }}", ["3: {{ _run }} is not a placeholder. Use one of the round's, or declare '_run' under 'fields' in round.yaml."]),
    ("{{ self }}", ["3: {{ self }} is not a placeholder. Use one of the round's, or declare 'self' under 'fields' in round.yaml."]),
    ("{% macro thanks() %}{{ zzz }}{% endmacro %}", ["3: {% macro %} is not used in wordings. Put words that are used twice in a file of their own and include it: {% include 'x.md' %}.", "3: {{ zzz }} is not a placeholder. Use one of the round's, or declare 'zzz' under 'fields' in round.yaml."]),
    ("{% import 'x.md' as x %}", ["3: {% import %} is not used in wordings. Put words that are used twice in a file of their own and include it: {% include 'x.md' %}."]),
    ("{% extends 'x.md' %}", ["3: {% extends %} is not used in wordings. Put words that are used twice in a file of their own and include it: {% include 'x.md' %}."]),
    ("{% block x %}{% endblock %}", ["3: {% block %} is not used in wordings. Put words that are used twice in a file of their own and include it: {% include 'x.md' %}."]),
    ("{% set x %}a{% endset %}{{ x }}", ["3: {% set %} has no value. Write {% set name = … %}."]),
    ("{% filter upper %}a{% endfilter %}", ["3: {% filter %} is not used in wordings. Put words that are used twice in a file of their own and include it: {% include 'x.md' %}."]),
    ("{% for a, b in [[1, 2]] %}{{ a }}{% endfor %}", ["3: {% for %} names more than one thing. Write one name."]),
    ("{% set lead = 'x' %}", ["3: 'lead' is the name of a placeholder and cannot be set. Choose another name."]),
    ("{% set _x = 'x' %}", ["3: '_x' begins with '_'. Choose another name."]),
    ("{{ checked }}", ["3: {{ checked }} is yes or no, which is not text. Write {% if checked %} … {% endif %}."]),
    ("{{ lead == 'x' }}", ["3: A question is printed, whose answer is yes or no. Put it in {% if … %}, and print text."]),
    ("{{ 'x' if lead }}", ["3: An 'if' between braces has no 'else'. Add else and a text, or use {% if … %}."]),
    ("{{ findings | upper }}", ["3: 'findings' is rich text, which can only be printed as it is. Write {{ findings }}."]),
    ("{{ subject }}", ["3: {{ subject }} is not a placeholder. Only the label 'title' can use it."]),
    ("{{ outcome_wording }}", ["3: {{ outcome_wording }} is a file. Write {% include outcome_wording %}."]),
    ("{{ recommendation }}", ["3: {{ recommendation }} needs the file recommendation.md. Write it beside letter.md."]),
    ("{% if outcome == 'in-palce' %}x{% endif %}", ["3: 'in-palce' is not a value of 'outcome'. Did you mean 'in-place'?"]),
    ("{% if 'ours' == store %}x{% endif %}", ["3: 'ours' is not a value of 'store'. Use one of own, shared."]),
    ("{% if outcome in ['in-place', 'gone'] %}x{% endif %}", ["3: 'gone' is not a value of 'outcome'. Use one of in-place, not-yet."]),
    ("{% if checked == 'yes' %}x{% endif %}", ["3: 'checked' is yes or no and never equals 'yes'. Write {% if checked %} or {% if not checked %}."]),
    ("{% include 'parts/x.md' %}", ["3: 'parts/x.md' is not a file of this wording. Write the file, or name one that exists, from the wording's folder."]),
    ("{% include '../recipients.md' %}", ["3: '../recipients.md' is not a file of this wording. Write the file, or name one that exists, from the wording's folder."]),
    ("{% include 'recommendation.md' %}", ["3: 'recommendation.md' is not a file of this wording. Write {{ recommendation }}."]),
    ("{% include 'outcomes/in-palce.md' %}", ["3: 'outcomes/in-palce.md' is not a file of this wording. Did you mean 'outcomes/in-place.md'?"]),
    ("{% include lead %}", ["3: {% include %} does not name one file in quotes. Write {% include 'x.md' %} or {% include outcome_wording %}."]),
    ("{% include 'letter.md' %}", ["3: This include leads back to its own file. Delete it; a file cannot hold itself."]),
]

MARKDOWN: list[tuple[str, list[str]]] = [
    ("<b>x</b>", ["3: A tag of HTML is in the text. Delete it, or write '\\<' if the sign is meant."]),
    ("<div>\n\nx", ["3: A tag of HTML is in the text. Delete it, or write '\\<' if the sign is meant."]),
    ("<!-- x -->", ["3: A tag of HTML is in the text. Delete it, or write '\\<' if the sign is meant."]),
    ("`x`", ["3: Backticks mark program code, which letters do not hold. Delete them, or write '\\`' if the sign is meant."]),
    ("```\nx\n```", ["3: Three backticks or tildes mark program code, which letters do not hold. Delete them."]),
    ("x\n\n    y", ["5: The line begins with four spaces or more, which marks program code. Begin it below the first word of its paragraph or list item."]),
    ("---", ["3: The line would be a ruled line, which letters do not hold. Delete it, or write '\\' before its first sign if it is text."]),
    ("x\n---", ["3: The '-' under this text would make it a heading. Write '## ' before a heading; put an empty line before dashes."]),
    ("x\n===", ["3: The '=' under this text would make it a heading. Write '## ' before a heading; put an empty line before dashes."]),
    ("[x]: https://fens.example", ["3: Link addresses at the foot of a text are not used in wordings. Put the address behind the words: [words](https://…)."]),
    ("[x][y]", ["3: Reference links and footnotes are not used in wordings. Put the address behind the words: [words](https://…)."]),
    ("x[^1]", ["3: Reference links and footnotes are not used in wordings. Put the address behind the words: [words](https://…)."]),
    ("[x] (https://fens.example)", ["3: A link is not complete. Write [words](https://…), with no space before or inside the round brackets."]),
    ("[x](https://fens.example/a b)", ["3: A link is not complete. Write [words](https://…), with no space before or inside the round brackets."]),
    ("[](https://fens.example)", ["3: The link to 'https://fens.example' has no words. Write them in the square brackets."]),
    ('[x](https://fens.example "y")', ["3: A link's title, in quotes after the address, is printed nowhere. Delete it."]),
    ("[x](fens.example)", ["3: The link leads to 'fens.example'. Begin the address with https://, http://, mailto: or tel:."]),
    ("![x](y.png)", ["3: Wordings hold no images. Put images into the layout."]),
    ("**x **y", ["3: '**' is in the text and makes nothing bold. Put no space inside the asterisks: **bold**; or write '\\*\\*'."]),
    ("~~x~~", ["3: '~~' is in the text; letters cross nothing out. Delete it, or write '\\~\\~'."]),
    ("[x]{welsh language}", ["3: The braces after ']' hold no language tag. Write a tag such as cy: [geiriau]{cy}."]),
    ("[x]{cymraegaeg}", ["3: The braces after ']' hold no language tag. Write a tag such as cy: [geiriau]{cy}."]),
    ("&#xF0000;", ["3: The text holds '&#xF0000;', which stands for a reserved character. Delete it."]),
    ("x\n- y", ["4: A list begins directly under a line of text. Put an empty line before it."]),
    ("x\n2. y", ["4: The line begins with '2.' under a line of text and makes no list. Put an empty line before it, or join it to the line above."]),
    ("x\n*", ["4: The line begins with '*' under a line of text and makes no list. Put an empty line before it, or join it to the line above."]),
    ("- x\n\n  y\n  2. z", ["6: The line begins with '2.' under a line of text and makes no list. Put an empty line before it, or join it to the line above."]),
    ("{{ contact_name }}. x", ["3: A placeholder cannot number a list. Write the number itself, such as '1.', or '\\.' if no list is meant."]),
    ("- a\n  - b\n    - c\n      - d", ["6: The list is deeper than three levels. Write it flatter."]),
    ("- a\n\n  25. b\n  26. c\n  27. d", ["5: A list labelled with letters passes 'z'. Split it, or move it to the first level, which has numbers."]),
    ("- a\n\n  0. b", ["5: Only numbers of the first level can begin at 0. Begin with 1."]),
    ("4. a\n\n6. b\n7. c", ["5: '6.' would be printed as number 5 of its list. Number the items one after another, or write the first number before each item: they are counted then. A line of text between two items begins a new list."]),
    ("- a\n\n  1. b\n  1. c\n  2. d", ["6: '1.' would be printed as number 2 of its list. Number the items one after another, or write the first number before each item: they are counted then. A line of text between two items begins a new list."]),
    ("1. a\n{% if lead %}\n2. b\n{% endif %}\n3. c", ["7: '3.' would be printed as number 2 of its list. Number the items one after another, or write the first number before each item: they are counted then. A line of text between two items begins a new list."]),
    ("1) a", ["3: Letters print '1.' for '1)'. Write '1.'."]),
    ("- a\n-\n- b", ["4: A list item does not begin with words. Write words directly behind its label."]),
    ("- > a", ["3: A list item does not begin with words. Write words directly behind its label."]),
    ("- ## a", ["3: A heading is in a list or quotation. Put it before them, or write '\\##' if the sign is meant."]),
    ("> ## a", ["3: A heading is in a list or quotation. Put it before them, or write '\\##' if the sign is meant."]),
    ("#a", ["3: The line begins with '#' but is no heading. Put a space after '#', or write '\\#' if the sign is meant."]),
    ("#### a", ["3: A heading with '####' is too deep. Use '##' and '###'."]),
    ("# a", ["3: A second heading of the first level is here. Write '## '; only the subject has one '#'."]),
    ("### a", ["3: The heading skips a level. Write '## '."]),
    ("## ", ["3: This text prints nothing. Put it in {% if … %} … {% endif %}, or delete it."]),
    ("a\n\n{{ 'x' if lead else '' }}", ["5: This text prints nothing in the letter to Fenmark Police. Put it in {% if … %} … {% endif %}, or delete it."]),
    ("> > > a", ["3: Quotations are in one another more than twice. Use fewer '>'."]),
    ("| a | b |\n| - |\n| c | d |", ["4: The row of dashes makes no table of the line above it. Give both rows the same number of columns."]),
    ("| a | b |\n| - | - |\n\n| c | d |", ["6: The line looks like a table's row but is in no table. Leave no empty line between rows, and put a row of dashes under the heading."]),
    ("| a | b |\n| - | - |\n| c |", ["5: The table has 2 columns, this row 1. Give each row as many cells; '|' in text is '\\|'."]),
    ("| a | b |\n| - | - |\n| c | d | e |", ["5: The table has 2 columns, this row 3. Give each row as many cells; '|' in text is '\\|'."]),
    ("| a | |\n| - | - |\n| c | d |", ["3: A column of the table has no heading. Write a word for each column."]),
    (">", ["3: This text prints nothing. Put it in {% if … %} … {% endif %}, or delete it."]),
]

LETTERS: list[tuple[str, dict[str, Value], list[str]]] = [
    ("{{ lead }}", {}, ["3: {{ lead }} has no value in the letter to Fenmark Police. Fill in lead, or put the sentence in {% if lead %} … {% endif %}."]),
    ("{{ contact_phone }}", {}, ["3: {{ contact_phone }} has no value in the letter to Fenmark Police. Fill in contact.phone in round.yaml, or put the sentence in {% if contact_phone %} … {% endif %}."]),
    ("{{ addressee_name }}", {}, ["3: {{ addressee_name }} has no value in the letter to Fenmark Police. Give the first addressee a name in recipients.yaml, or put the sentence in {% if addressee_name %} … {% endif %}."]),
    ("{{ copied_to_email }}", {}, ["3: {{ copied_to_email }} has no value in the letter to Fenmark Police. Fill in 'email' of an entry of copied_to in recipients.yaml, or put the sentence in {% if copied_to_email %} … {% endif %}."]),
    ("{% if updated_date > sent_date %}x{% endif %}", {}, ["3: 'updated_date' is compared but has no value in the letter to Fenmark Police. Fill in updated in round.yaml, or ask first: {% if updated_date is defined and … %}."]),
    ("{{ contact_name }}, {{ [lead, sent_date] | join(', ') | upper }}", {}, ["3: {{ lead }} has no value in the letter to Fenmark Police. Fill in lead, or put the sentence in {% if lead %} … {% endif %}."]),
    ("[x](tel:{{ lead }})", {}, ["3: {{ lead }} has no value in the letter to Fenmark Police. Fill in lead, or put the sentence in {% if lead %} … {% endif %}."]),
    ("{% include 'gap.md' %}", {}, [f"{WORDING}/gap.md:2: {{{{ lead }}}} has no value in the letter to Fenmark Police. Fill in lead, or put the sentence in {{% if lead %}} … {{% endif %}}."]),
    ("{% if waiting > 3 %}x{% endif %}", {}, ["3: 'waiting' is compared but has no value in the letter to Fenmark Police. Fill in waiting, or ask first: {% if waiting is defined and … %}."]),
    ("{% if lead > 3 %}x{% endif %}", {"lead": "y"}, ["3: Values of different kinds are compared in the letter to Fenmark Police. Compare a number with a number, a date with a date, text with text."]),
    ("{{ none }}", {}, ["3: The braces print nothing. Write a placeholder or a text."]),
    ("{% set x = checked %}{{ x }}", {"checked": True}, ["3: The answer to a question, yes or no, is printed in the letter to Fenmark Police. Print text, and put the question in {% if … %}."]),
    ("{% if lead %}{% set x = 'y' %}{% endif %}\n{{ x }}", {}, ["4: A name is used before it is set: 'x' is undefined. Set it first, in every branch: {% set name = … %}."]),
    ("[x]({{ lead }})", {"lead": "javascript:x"}, ["3: The link in the letter to Fenmark Police leads to 'javascript:x'. Begin the address with https://, http://, mailto: or tel:."]),
    ("x {{ findings }}", {"findings": rich("a\n\nb")}, ["3: {{ findings }} is among other words but is not one paragraph in the letter to Fenmark Police. Put it on a line of its own, with an empty line before and after it."]),
    ("x {% include 'two.md' %}", {}, ["3: The included text is among other words but is not one paragraph in the letter to Fenmark Police. Put it on a line of its own, with an empty line before and after it."]),
    ("{{ findings }}", {"findings": rich("a\n\n## b")}, ["rounds/plans/assessments.yaml:7 findings: A heading is in rich text. Use bold words; the wording holds the headings."]),
    ("{{ findings }}", {"findings": rich("a\n2. b")}, ["rounds/plans/assessments.yaml:6 findings: The line begins with '2.' under a line of text and makes no list. Put an empty line before it, or join it to the line above."]),
    ("{{ findings }}", {"findings": rich("a <b> c")}, ["rounds/plans/assessments.yaml:5 findings: A tag of HTML is in the text. Delete it, or write '\\<' if the sign is meant."]),
    ("{{ findings }}", {"findings": rich("a &#xF0000; c")}, ["rounds/plans/assessments.yaml:5 findings: The text holds '&#xF0000;', which stands for a reserved character. Delete it."]),
    ("{% include 'subject.md' %}", {}, [f"{WORDING}/subject.md:1: A heading of the first level is in an included file. Write '## '; the subject opens letter.md."]),
    ("{% set t = [1, 1, 1, 1, 1, 1, 1, 1, 1] %}{% for a in t %}{% for b in t %}{% for c in t %}{% for d in t %}x{% endfor %}{% endfor %}{% endfor %}{% endfor %}", {}, ["3: The loops of the wording turn more than 5000 times. Take out a loop that is inside another."]),
]

FILES: list[tuple[dict[str, str | None], list[str]]] = [
    ({"letter": None}, ["letter.md: The wording has no letter.md. Write the letter in it."]),
    ({"labels": None}, ["labels.yaml: There is no such file. Create it, or correct the name that leads here."]),
    ({"letter": "Text."}, ["letter.md:1: The letter has no subject. Begin letter.md with a line '# ' and the subject."]),
    ({"letter": "Text.\n\n# Subject"}, ["letter.md:1: Text is before the subject. Begin letter.md with the heading '# '."]),
    ({"letter": "# Subject\n\nCafe\u0301"}, ["letter.md:3: 'Café' is not in Unicode's composed form (NFC). Type the word again: 'Café'."]),
    ({"letter": "# Subject\n\n\x0c"}, ["letter.md:3: The text holds the control character U+000C. Delete it and type the text again."]),
    ({"letter": "# Subject\n\nChief â€™ Constable"}, ["letter.md:3: The text holds 'â€™', which probably stands for '’'. Correct the text, and save its file as UTF-8."]),
    ({"letter": "# Subject\n\n\U000f0000"}, ["letter.md:3: The text holds the reserved character U+F0000. Delete it and type the text again."]),
    ({"recommendation": "All forces.\n\nAlso {{ force_name }}."}, ["recommendation.md:3: A recommendation is a quotation and holds no placeholders. Write the words as they were published."]),
    ({"outcomes__in-place": None}, ["outcomes/in-place.md: The outcome 'in-place' is in use but has no wording. Write this file."]),
    ({"outcomes__in-place": None, "outcomes__in-plaice": "x"}, ["outcomes/in-place.md: The outcome 'in-place' is in use but has no wording. Write this file, or rename in-plaice.md.", "outcomes/in-plaice.md: 'in-plaice' is not an outcome of this round. Did you mean 'in-place'?"]),
    ({"outcomes__zzz": "x"}, ["outcomes/zzz.md: 'zzz' is not an outcome of this round. Delete the file."]),
    ({"outcomes__not-yet": "a\n\n{% if lead %}\n{{ anex }}\n{% endif %}"}, ["outcomes/not-yet.md:4: {{ anex }} is not a placeholder. Did you mean {{ annex }}?"]),
    ({"outcomes__in-place": "{% include outcome_wording %}"}, ["outcomes/in-place.md:1: This include leads back to its own file. Delete it; a file cannot hold itself."]),
    ({"a": "{% include 'b.md' %}", "b": "{% include 'a.md' %}"}, ["a.md:1: This include leads back to its own file. Delete it; a file cannot hold itself.", "b.md:1: This include leads back to its own file. Delete it; a file cannot hold itself."]),
    ({"labels": _labels(page=None)}, ["labels.yaml: The label 'page' is missing. Add it: The word before the page's number."]),
    ({"labels": _labels(page="''")}, ["labels.yaml:7 page: The label is empty. Write its words on one line."]),
    ({"labels": _labels(page="[a, b]")}, ["labels.yaml:7 page: The label is not plain text. Write its words on one line."]),
    ({"labels": _labels() + "closings: Yours\n"}, ["labels.yaml:15: 'closings' is not a label. Did you mean 'closing'?"]),
    ({"labels": _labels() + "zzz: Yours\n"}, ["labels.yaml:15: 'zzz' is not a label. Delete it."]),
    ({"labels": _labels() + "page: Side\n"}, ["labels.yaml:15: The key 'page' is there twice, on lines 7 and 15. Delete one of them."]),
    ({"labels": "- a\n"}, ["labels.yaml: The file holds no labels. Write 'closing: …' and so on."]),
    ({"labels": _labels(closing="Yours, {{ signatry_name }}")}, ["labels.yaml:5 closing: {{ signatry_name }} is not a placeholder. Did you mean {{ signatory_name }}?"]),
    ({"labels": _labels(closing="Yours, {{ lead }}")}, ["labels.yaml:5 closing: {{ lead }} has no value in the letter to Fenmark Police. Fill in lead, or put the sentence in {% if lead %} … {% endif %}."]),
    ({"labels": _labels(closing="Yours, {{ findings }}")}, ["labels.yaml:5 closing: 'findings' is rich text, which no label can hold. Use a placeholder that holds plain text."]),
    ({"labels": _labels(closing="Yours {% include 'outcomes/in-place.md' %}")}, ["labels.yaml:5 closing: A label includes no file. Write its words here."]),
    ({"labels": _labels(closing="'Yours, {{ lead'")}, ["labels.yaml:5 closing: A tag begins here and never ends. Close it: {{ … }} or {% … %}."]),
    ({"labels": _labels(closing="Yours &#xF0000;")}, ["labels.yaml:5 closing: The text holds '&#xF0000;', which stands for a reserved character. Delete it."]),
]
# fmt: on


def found(
    root: Path,
    in_use: Collection[str] = ("in-place",),
    values: dict[str, Value] | None = None,
    **round_: Any,
) -> list[str]:
    """All that loading, checking and typesetting find wrong, without the folder's name."""
    try:
        wording = Wording.load(root / WORDING, root)
        if problems := wording.problems(a_round(**round_), in_use):
            raise ProblemsFound(problems)
        typeset(a_letter(values), wording)
    except ProblemsFound as problems_found:
        return messages(problems_found)
    return []


@pytest.mark.parametrize(("body", "expected"), TEMPLATES)
def test_what_templates_cannot_hold(tmp_path: Path, body: str, expected: list[str]) -> None:
    write_wording(tmp_path, body)
    assert found(tmp_path) == [LETTER + line for line in expected]


@pytest.mark.parametrize(("body", "expected"), MARKDOWN)
def test_markdown_that_reads_otherwise_than_it_looks(
    tmp_path: Path, body: str, expected: list[str]
) -> None:
    write_wording(tmp_path, body)
    assert found(tmp_path) == [LETTER + line for line in expected]


@pytest.mark.parametrize(("body", "values", "expected"), LETTERS)
def test_what_a_record_brings_to_light(
    tmp_path: Path, body: str, values: dict[str, Value], expected: list[str]
) -> None:
    write_wording(tmp_path, body, gap="a\n{{ lead }}", two="a\n\nb", subject="# a")
    whole = [line if "/" in line.split(": ")[0] else LETTER + line for line in expected]
    assert found(tmp_path, values=values) == whole


@pytest.mark.parametrize(("files", "expected"), FILES)
def test_files_of_a_wording(
    tmp_path: Path, files: dict[str, str | None], expected: list[str]
) -> None:
    write_wording(tmp_path, "{% include outcome_wording %}\n", **files)
    assert found(tmp_path) == [f"{WORDING}/{line}" for line in expected]


def test_a_file_that_is_not_utf_8(tmp_path: Path) -> None:
    write_wording(tmp_path)
    (tmp_path / WORDING / "letter.md").write_bytes(b"# Subject\n\nCaf\xe9\n")
    line = "3: This line is not UTF-8 text. Save the file with the encoding UTF-8."
    assert found(tmp_path) == [LETTER + line]


def test_a_file_outside_the_folder(tmp_path: Path) -> None:
    write_wording(tmp_path, "{% include 'secret.md' %}")
    (tmp_path / "secret.md").write_text("secret", encoding="utf-8")
    (tmp_path / WORDING / "secret.md").symlink_to(tmp_path / "secret.md")
    assert found(tmp_path) == [
        f"{WORDING}/secret.md: The file leads outside the wording's folder. Put the file itself here."
    ]


def test_a_language_without_dates(tmp_path: Path) -> None:
    write_wording(tmp_path)
    assert found(tmp_path, language="xx") == [
        "rounds/plans/round.yaml language: No dates can be written in the language 'xx'. Use a tag such as en-GB or cy."
    ]


def test_all_problems_of_all_files_at_once(tmp_path: Path) -> None:
    write_wording(tmp_path, "{{ zza }}\n\n{{ zzb | zzc }}", **{"outcomes__not-yet": "{{ zzd }}"})
    assert [line.split(" is not")[0] for line in found(tmp_path)] == [
        f"{LETTER}3: {{{{ zza }}}}",
        f"{LETTER}5: 'zzc'",
        f"{LETTER}5: {{{{ zzb }}}}",
        f"{WORDING}/outcomes/not-yet.md:1: {{{{ zzd }}}}",
    ]


def test_wording_faults_are_the_same_in_every_letter(tmp_path: Path) -> None:
    wording = a_wording(tmp_path, "<b>\n\n2. x\n3. y\n\n### z")
    with pytest.raises(ProblemsFound) as one:
        typeset(a_letter(id="a"), wording)
    with pytest.raises(ProblemsFound) as other:
        typeset(a_letter({"lead": "x"}, id="b"), wording)
    assert messages(one.value) == messages(other.value)


def test_a_line_of_a_cell(tmp_path: Path) -> None:
    text = rich("a\n\n## b")
    cell = replace(text.place, file="rounds/plans/assessments.xlsx", line=0, cell="Sheet1!N5")
    write_wording(tmp_path, "{{ findings }}")
    assert found(tmp_path, values={"findings": replace(text, place=cell)}) == [
        "rounds/plans/assessments.xlsx Sheet1!N5 findings: In line 3 of the cell: a heading is in rich text. Use bold words; the wording holds the headings."
    ]
