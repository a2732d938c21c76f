"""The deck's page as text: its policy, its data, its size, and what it says of the source."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from graphstep.api import Trace, open_source, trace
from graphstep.demos import DEMOS
from graphstep.errors import InputError
from graphstep.output.code import Code
from graphstep.output.deck.page import deck_html
from graphstep.output.deck.source import SourceText
from graphstep.output.options import PictureOptions
from graphstep.recording.place import Place
from tests.output.test_groups import network


def data_of(page: str) -> dict[str, Any]:
    found = re.search(r'<script id="deck-data"[^>]*>(.*?)</script>', page, re.DOTALL)
    assert found is not None
    data: dict[str, Any] = json.loads(found[1])
    return data


@pytest.fixture(scope="module")
def lecture() -> Trace:
    return trace("3*a + a*b", a=10.0, b=20.0)


@pytest.fixture(scope="module")
def page(lecture: Trace) -> str:
    return deck_html(lecture.timeline(), lecture.code)


def test_the_policy_allows_this_style_and_this_script_and_no_more(page: str) -> None:
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    parts = dict(part.strip().split(" ", 1) for part in policy[1].split(";"))
    for name, pattern in (("style", "<style>(.*?)</style>"), ("script", "<script>(.*?)</script>")):
        (text,) = re.findall(pattern, page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()
        assert parts[f"{name}-src"] == f"'sha256-{digest}'"
    assert parts["default-src"] == "'none'"
    assert parts["base-uri"] == parts["form-action"] == "'none'"
    assert " style=" not in page
    assert " on" not in re.sub(r">[^<]*<", "><", page.split("<script")[0].split("</style>")[1])


def test_nothing_in_it_is_fetched(page: str) -> None:
    assert set(re.findall(r"https?://[^\"' )]*", page)) == {"http://www.w3.org/2000/svg"}
    assert set(re.findall(r'(?:src|href)="([^"]*)"', page)) == {"data:,"}


def test_the_steps_are_those_of_the_timeline(lecture: Trace) -> None:
    timeline = lecture.timeline("contribution")
    steps = data_of(deck_html(timeline, lecture.code))["steps"]
    assert [step["texts"] for step in steps] == [
        list(timeline.texts(k)) for k in range(len(timeline))
    ]
    assert [step["value"] for step in steps] == [step.i for step in timeline]


def test_changes_of_a_box_come_only_where_it_changes(page: str) -> None:
    data = data_of(page)
    (box,) = (node for node in data["sheets"][0]["nodes"] if node["id"] == "v_3")
    assert box["head"] == ["v₃ = v₁ + v₂"]
    assert [change[0] for change in box["changes"]] == [0, 4, 5, 6, 8]
    assert box["changes"][0][2:] == ["v₃ = …", "v̄₃ = …"]
    assert box["changes"][-1][2:] == ["v₃ = 230", "v̄₃ = 1"]


@pytest.mark.parametrize("name", DEMOS)
def test_every_page_of_the_lecture_is_small(name: str) -> None:
    demo = DEMOS[name]
    opened = open_source(demo.source, demo.values, dtype=demo.dtype, order=demo.order)
    page = deck_html(opened.timeline("contribution"), opened.code)
    assert len(page.encode()) < 300_000
    assert len(data_of(page)["steps"]) == len(opened.timeline("contribution"))


def test_an_opening_step_and_theme(lecture: Trace) -> None:
    timeline = lecture.timeline()
    opened = deck_html(timeline, lecture.code, 6, "dark")
    assert data_of(opened)["start"] == 6
    assert '<html lang="en" data-opened="dark">' in opened
    with pytest.raises(InputError, match="unknown theme 'sepia'"):
        deck_html(timeline, lecture.code, 0, "sepia")


def test_export_writes_a_deck(lecture: Trace, tmp_path: Path) -> None:
    path = tmp_path / "deck.html"
    assert lecture.export(path, step=3, grain="contribution") == [path]
    text = path.read_text(encoding="utf-8")
    assert data_of(text)["start"] == 3
    assert "by term" in text
    with pytest.raises(InputError, match=r"^all steps go to .*; \.html holds the whole trace$"):
        lecture.export(path, all_steps=True)
    with pytest.raises(InputError, match=r"^no step 99: this trace has steps 0 to 9$"):
        lecture.export(path, step=99)


def test_a_deck_folds_as_it_is_told(lecture: Trace, tmp_path: Path) -> None:
    opened = network()
    (path,) = opened.export(tmp_path / "x.html", collapse=1, direction="LR")
    data = data_of(path.read_text(encoding="utf-8"))
    assert [sheet["name"] for sheet in data["sheets"]] == ["", "0", "0.0", "0.2", "1", "1.0", "1.2"]
    assert data["opened"] == [1, 4]
    assert len(data_of(deck_html(opened.timeline(), opened.code))["sheets"]) == 1
    for options in (PictureOptions(clusters=True), PictureOptions(values=False)):
        with pytest.raises(InputError, match=r"^a deck shows every value, and frames what is open"):
            deck_html(lecture.timeline(), lecture.code, options=options)


def test_a_step_lights_its_place_in_the_text() -> None:
    text = "one\n\ttwo = a*b\nthree"
    place = Place("<text>", 2, 7, 2, 10)
    source = SourceText(Code("it", text, "<text>"), [place, None])
    assert source.spans(place) == [("line-0-2", 10, 13)]
    assert source.spans(None) == []
    assert "<code>    two = a*b</code>" in source.html()
    many = Place("<text>", 1, 0, 2, 5)
    assert source.spans(many) == [("line-0-1", 0, 3), ("line-0-2", 4, 8)]


def test_a_long_text_is_shown_around_its_places() -> None:
    text = "\n".join(f"line {k}" for k in range(1, 201))
    places = [Place("long.py", k, 0, k, 4) for k in (10, 150)]
    html = SourceText(Code("it", text, "long.py"), places).html()
    shown = [int(k) for k in re.findall(r'id="line-0-(\d+)"', html)]
    assert shown == [8, 9, 10, 11, 12, 148, 149, 150, 151, 152]
    assert html.count('class="gap"') == 1
    none = '<p class="none">no source to show</p>'
    assert SourceText(Code("it"), [None]).html() == none
    assert SourceText(Code("it", text, "long.py"), [None]).html() == none
    assert SourceText(Code("it", "y = a*b", "<text>"), [None]).html() != none


def test_a_tensor_is_shown_by_its_shape() -> None:
    def loss(x: Tensor, w: Tensor) -> Tensor:
        return torch.softmax(x @ w, -1).pow(2).sum()

    opened = trace(loss, torch.ones(2, 3), torch.ones(3, 3))
    page = deck_html(opened.timeline(), opened.code)
    assert len(page.encode()) < 150_000
    assert "f32[2,3]" in page
