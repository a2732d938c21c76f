from __future__ import annotations

import io
import re
import struct
import xml.etree.ElementTree as ElementTree

import pytest
from PIL import Image, ImageChops, ImageStat

from graphstep.errors import InputError
from graphstep.output.image import DPI, Port, centre_of, image_bytes, shape_of
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


def test_a_port_paints_a_piece_alone(lecture: Picture, midway: Frame) -> None:
    """A piece of it, as it is, is what one cuts out of the whole around the same place."""

    def opened(png: bytes) -> Image.Image:
        return Image.open(io.BytesIO(png)).convert("RGB")

    whole = opened(image_bytes(lecture, midway, DARK, "png"))
    x, y = centre_of(lecture, 3)
    wide, high = (length * DPI / 72 for length in shape_of(lecture))
    port = Port(50, 40, 1, x, y)
    piece = opened(image_bytes(lecture, midway, DARK, "png", port=port))
    assert piece.size == (100, 80)
    margins = (whole.width - wide) / 2, (whole.height - high) / 2
    left, top = round(margins[0] + x * wide) - 50, round(margins[1] + y * high) - 40

    def away(right: int, down: int) -> float:
        cut = whole.crop((left + right, top + down, left + right + 100, top + down + 80))
        return float(sum(ImageStat.Stat(ImageChops.difference(piece, cut)).mean))

    # Its corner need not be at a whole pixel: letters are painted a little to the side.
    nearest = min(away(right, down) for right in (-1, 0, 1) for down in (-1, 0, 1))
    assert nearest < min(away(12, 0), away(-12, 0), away(0, 12), away(0, -12)) / 2
    larger = opened(image_bytes(lecture, midway, DARK, "png", port=port._replace(scale=2)))
    assert larger.size == (100, 80)
    assert ImageChops.difference(piece, larger).getbbox() is not None


def test_hostile_labels_can_be_painted(hostile: Picture, square: Picture) -> None:
    assert image_bytes(hostile, None, LIGHT, "pdf").startswith(b"%PDF")
    assert image_bytes(square, None, LIGHT, "gif").startswith(b"GIF8")


def test_an_unknown_format_is_named(lecture: Picture) -> None:
    with pytest.raises(InputError, match=r"^unknown format 'bmp' \(must be one of svg, "):
        image_bytes(lecture, None, LIGHT, "bmp")
