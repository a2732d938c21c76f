"""Every step of a trace as drawings of one geometry: a file each, or one that plays them."""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graphstep.errors import InputError
from graphstep.output.files import write_whole
from graphstep.output.image import image_bytes
from graphstep.output.scene import Scene

if TYPE_CHECKING:
    from PIL.Image import Image

SECONDS = 1.0
"""How long an animation stays on a step."""
PAUSE = 3.0
"""How long it stays on the last."""
MOST_SAMPLES = 12
"""The colours of an animated GIF are those of so many of its steps."""
PLACEHOLDER = re.compile(r"%(0?[0-9]?)d")
_GROUP = re.compile(r'<g id="([ve]_[^"]*)"(.*?</g>)\n*', re.DOTALL)


def drawing(scene: Scene, step: int | None, format: str, heat: str | None = None) -> bytes:
    """Return one frame as `svg`, `png` or `pdf`; see `Scene.shown`."""
    if format == "svg":
        return scene.svg(step, heat).encode()
    picture, frame = scene.shown(step, heat)
    return image_bytes(picture, frame, scene.theme, format, **scene.lettering)


def _all_drawings(scene: Scene, format: str) -> Iterator[bytes]:
    return (drawing(scene, step, format) for step in range(len(scene.timeline)))


def numbered(path: Path, count: int) -> list[Path]:
    """Return a path a step: `%02d` in its name stands for the step, or else `-000` is put behind.

    The folder of a name with `%02d` is made where it is missing. Raises InputError for any
    other use of %.
    """
    places = PLACEHOLDER.findall(path.name)
    if "%" not in path.name:
        width = max(3, len(str(count - 1)))
        return [path.with_name(f"{path.stem}-{k:0{width}}{path.suffix}") for k in range(count)]
    if len(places) != 1 or path.name.count("%") != 1:
        raise InputError(f"{path.name!r} needs one %d or %02d, where the number of the step goes")
    if path.parent.parent.is_dir():
        path.parent.mkdir(exist_ok=True)
    return [path.with_name(PLACEHOLDER.sub(f"{k:{places[0]}d}", path.name)) for k in range(count)]


def write_frames(scene: Scene, path: Path) -> list[Path]:
    """Write one drawing a step, and return the paths."""
    shown = _all_drawings(scene, path.suffix.lower()[1:])
    paths = numbered(path, len(scene.timeline))
    return [write_whole(path, drawn) for path, drawn in zip(paths, shown, strict=True)]


def pdf_pages(scene: Scene) -> bytes:
    """Return one PDF with a page a step."""
    from pypdf import PdfReader, PdfWriter

    writer = PdfWriter()
    for page in _all_drawings(scene, "pdf"):
        writer.append(PdfReader(io.BytesIO(page)))
    writer.compress_identical_objects()
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def gif(scene: Scene) -> bytes:
    """Return an animated GIF that repeats."""
    from PIL import Image

    shown = _all_drawings(scene, "png")
    images = [Image.open(io.BytesIO(drawn)).convert("RGB") for drawn in shown]
    # One palette for all: in a palette of its own each step would shimmer.
    palette = Image.new("P", (1, 1))
    palette.putpalette(_common_colours(images[:: max(1, len(images) // MOST_SAMPLES)]))
    first, *others = (image.quantize(palette=palette, dither=Image.Dither.NONE) for image in images)
    durations = [round(1000 * SECONDS)] * len(others) + [round(1000 * PAUSE)]
    out = io.BytesIO()
    first.save(out, "GIF", save_all=True, append_images=others, duration=durations, loop=0)
    return out.getvalue()


def _common_colours(images: Sequence[Image]) -> bytes:
    """Return the most common colours exactly, so that white stays white, and none too like one."""
    counts: Counter[bytes] = Counter()
    for image in images:
        found: Any = image.getcolors(image.width * image.height)
        counts.update({bytes(colour): count for count, colour in found})
    kept: dict[tuple[int, ...], bytes] = {}
    for colour, _ in counts.most_common():
        # Pillow tells apart no colours that differ in the last bits only.
        kept.setdefault(tuple(part >> 3 for part in colour), colour)
    return b"".join(list(kept.values())[:256])


def animated_svg(scene: Scene) -> bytes:
    """Return an SVG that plays the steps by itself, without a script; a pointer on it halts it.

    A box or arrow is there once for each state that it goes through. Where nothing plays it, or
    the reader's system asks for less motion, the last step is what shows.
    """
    texts = [scene.svg(step) for step in range(len(scene.timeline))]
    states = [dict(_GROUP.findall(text)) for text in texts]
    spans: set[tuple[int, int]] = set()

    def played(match: re.Match[str]) -> str:
        name, parts, at = match[1], [], 0
        for body, run in groupby(state[name] for state in states):
            end = at + len(list(run))
            parts.append(_shown_while(name, body, at, end, len(texts)))
            spans.add((at, end))
            at = end
        return "".join(parts)

    drawn = _GROUP.sub(played, texts[-1])
    spans.discard((0, len(texts)))
    style = f"</style>\n<style>\n{_played_by(spans, len(texts))}</style>"
    return drawn.replace("</style>", style, 1).encode()


def _shown_while(name: str, body: str, start: int, end: int, count: int) -> str:
    last = end == count
    identity = f' id="{name}"' if last else ""
    if start == 0 and last:
        return f"<g{identity}{body}\n"
    hidden = "" if last else ' visibility="hidden"'
    return f'<g class="during-{start}-{end}"{hidden}><g{identity}{body}</g>\n'


def _played_by(spans: Iterable[tuple[int, int]], count: int) -> str:
    """Return the style sheet by which what is of a span of steps is in sight during it alone."""
    total = SECONDS * (count - 1) + PAUSE
    moments, names = [], []
    for start, end in sorted(spans):
        name = f"during-{start}-{end}"
        frames = [(start * SECONDS / total, "visible")]
        if start:
            frames.insert(0, (0.0, "hidden"))
        if end < count:
            frames.append((end * SECONDS / total, "hidden"))
        said = " ".join(f"{100 * at:.6g}% {{ visibility: {how}; }}" for at, how in frames)
        moments.append(f"@keyframes {name} {{ {said} }}\n")
        names.append(f".{name} {{ animation-name: {name}; }}\n")
    return (
        f"{''.join(moments)}@media (prefers-reduced-motion: no-preference) {{\n{''.join(names)}"
        f'[class^="during-"] {{ animation-duration: {total:g}s;'
        " animation-iteration-count: infinite; animation-timing-function: step-end; }\n"
        'svg:hover [class^="during-"] { animation-play-state: paused; }\n}\n'
    )
