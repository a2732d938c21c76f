from __future__ import annotations

import re
import struct
import xml.etree.ElementTree as ElementTree

import pytest

from graphstep.errors import InputError
from graphstep.output.image import image_bytes
from graphstep.output.picture import Frame, Picture
from graphstep.output.svg import base_svg
from graphstep.output.themes import DARK, LIGHT


def _size(png: bytes) -> tuple[int, int]:
    assert png.startswith(b"\x89PNG\r\n\x1a\n")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def test_images_of_all_steps_have_one_size(lecture: Picture, midway: Frame) -> None:
    images = [image_bytes(lecture, frame, DARK, "png") for frame in (None, midway)]
    assert images[0] != images[1]
    assert _size(images[0]) == _size(images[1])


def test_an_image_has_the_places_of_the_svg(lecture: Picture, midway: Frame) -> None:
    def curves(text: str) -> list[str]:
        return re.findall(r' d="(M[^"]*)"', text)

    image = image_bytes(lecture, midway, LIGHT, "svg").decode()
    ElementTree.fromstring(image)
    drawn = base_svg(lecture, LIGHT).frame(midway)
    assert len(curves(image)) == len(curves(drawn)) == 7
    numbers = [
        [float(n) for n in re.findall(r"-?[0-9.]+", " ".join(curves(text)))]
        for text in (image, drawn)
    ]
    assert numbers[0] == pytest.approx(numbers[1], abs=0.02)


def test_hostile_labels_can_be_painted(hostile: Picture, square: Picture) -> None:
    assert image_bytes(hostile, None, LIGHT, "pdf").startswith(b"%PDF")
    assert image_bytes(square, None, LIGHT, "gif").startswith(b"GIF8")


def test_an_unknown_format_is_named(lecture: Picture) -> None:
    with pytest.raises(InputError, match=r"^unknown format 'bmp' \(must be one of svg, "):
        image_bytes(lecture, None, LIGHT, "bmp")
