from __future__ import annotations

import pytest

from graphstep.errors import InputError
from graphstep.output.dot import dot_text
from graphstep.output.picture import Picture, PictureEdge, PictureNode

LECTURE = """\
digraph {
	graph [fontname=Helvetica id=drawing nodesep=0.3 rankdir=TB ranksep=0.45]
	node [fontname=Helvetica fontsize=14 margin="0.24,0.08" shape=box]
	edge [arrowsize=0.7 fontname=Helvetica fontsize=11]
	v_m1 [label="v₋₁ = a\\n10  v̄ 23 (partial)" class=input id=v_m1]
	v_0 [label="v₀ = b\\n20  v̄ 10" class=input id=v_0]
	v_1 [label="v₁ = 3·v₋₁\\n30  v̄ 1" class=value id=v_1 style=rounded]
	v_2 [label="v₂ = v₋₁·v₀\\n200  v̄ 1" class=value id=v_2 style=rounded]
	v_3 [label="v₃ = v₁ + v₂\\n230  v̄ 1" class=output id=v_3 peripheries=2]
	v_m1 -> v_1 [class=use id=e_m1_1_0 label=" 3 "]
	v_m1 -> v_2 [class=use id=e_m1_2_0 label=" v₀ "]
	v_0 -> v_2 [class=use id=e_0_2_1 label=" v₋₁ "]
	v_1 -> v_3 [class=use id=e_1_3_0 label=" 1 "]
	v_2 -> v_3 [class=use id=e_2_3_1 label=" 1 "]
}
"""


def test_the_lecture_as_dot_text(lecture: Picture) -> None:
    assert dot_text(lecture) == LECTURE


def test_two_uses_by_one_operation_are_two_edges(square: Picture) -> None:
    text = dot_text(square)
    assert text.startswith("digraph {")
    assert 'v_0 -> v_1 [class=use id=e_0_1_0 label=" v₀ "]' in text
    assert 'v_0 -> v_1 [class=use id=e_0_1_1 label=" v₀ "]' in text


def test_labels_are_text_and_neither_html_nor_escapes_nor_entities(hostile: Picture) -> None:
    text = dot_text(hostile)
    assert r'label="<b>"' in text
    assert r"<b>&amp;\"\\N\\G]]></svg><script>" in text
    assert r"&amp;lt;�abc␀␊�" in text
    assert 'v_0 [label="\N{NO-BREAK SPACE}\\n' in text
    assert text.encode()


def test_a_leaf_used_everywhere_is_drawn_as_copies() -> None:
    nodes = [PictureNode(0, "input", ("v₀ = w", "1"))]
    nodes += [PictureNode(i, "value", (f"v{i}",)) for i in range(1, 14)]
    edges = tuple(PictureEdge(0, i, 0) for i in range(1, 14))
    text = dot_text(Picture(tuple(nodes), edges))
    assert 'v_0__c13 [label="v₀ = w" class="input copy" id=v_0__c13]' in text
    assert "v_0 -> v_1 " in text
    assert "v_0__c2 -> v_2 [class=use id=e_0_2_0]" in text
    assert "__c" not in dot_text(Picture(tuple(nodes), edges[:12]))


def test_an_unknown_direction_is_named(lecture: Picture) -> None:
    assert "rankdir=LR" in dot_text(lecture, direction="LR")
    with pytest.raises(InputError) as error:
        dot_text(lecture, direction="RL")  # type: ignore[arg-type]
    assert str(error.value) == "unknown direction 'RL' (must be one of TB, LR)"
