"""Every step as slides to include: Beamer overlays, a Typst document, a reveal.js section."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from html import escape
from pathlib import Path

from graphstep.errors import InputError
from graphstep.output.files import write_whole
from graphstep.output.frames import pdf_pages, write_frames
from graphstep.output.labels import visible
from graphstep.output.scene import Scene
from graphstep.steps.timeline import Timeline

LARGEST_IMAGE = "max-width: 95%; max-height: 540px; margin: 0"
"""A slide of reveal.js is 960 wide and 700 high."""
PLAIN_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def beamer(scene: Scene, path: Path) -> list[Path]:
    """Write `path`, one Beamer frame with an overlay a step, and the PDF that it shows pages of."""
    check_name(path, "LaTeX")
    pages = path.with_suffix(".pdf")
    lines = [
        "% \\input this in a Beamer document; needs \\usepackage{amsmath,graphicx}",
        r"\begin{frame}",
        r"  \centering",
    ]
    size = r"width=\linewidth,height=0.75\textheight,keepaspectratio"
    for at in range(len(scene.timeline)):
        equation = scene.timeline.equation(at).one_line("latex")
        lines += [
            rf"  \only<{at + 1}>{{%",
            rf"    \includegraphics[page={at + 1},{size}]{{{pages.name}}}\par",
            # Of one height on every overlay, or the drawing would move.
            r"    \vbox to 0.16\textheight{\vss\hbox to \linewidth{\hss",
            rf"    \resizebox{{\ifdim\width>\linewidth\linewidth\else\width\fi}}{{!}}"
            rf"{{$\displaystyle {equation}$}}\hss}}\vss}}}}%",
        ]
    text = "\n".join((*lines, r"\end{frame}", ""))
    return [write_whole(pages, pdf_pages(scene)), write_whole(path, text.encode())]


def typst(scene: Scene, path: Path) -> list[Path]:
    """Write `path`, a Typst document with a page a step, and the SVG that each shows."""
    drawn = write_frames(scene, path.with_suffix(".svg"))
    pages = [
        # Of one height on every page, or the drawing would move.
        f"#image({_typst_text(image.name)}, height: 80%)\n"
        f"#block(height: 15%, text(size: 16pt, {_typst_text(caption)}))"
        for image, caption in zip(drawn, _captions(scene.timeline), strict=True)
    ]
    text = (
        '#set page(paper: "presentation-16-9", margin: 1cm)\n'
        "#set align(center + horizon)\n" + "\n#pagebreak()\n".join(pages) + "\n"
    )
    return [*drawn, write_whole(path, text.encode())]


def reveal(scene: Scene, path: Path) -> list[Path]:
    """Write `path`, a section of a reveal.js deck that shows one step after the other."""
    stem = path.name.removesuffix(".reveal.html")
    drawn = write_frames(scene, path.with_name(f"{stem}.svg"))
    captions = _captions(scene.timeline)
    last = len(drawn) - 1
    lines = ["<section>", '<div class="r-stack">']
    for k, (image, caption) in enumerate(zip(drawn, captions, strict=True)):
        # Each stays until the next comes: the first is there already, the last stays.
        how = "fade-out" if k == 0 else "" if k == last else "current-visible"
        classes = f"fragment {how}".strip()
        lines += [
            f'<figure class="{classes}" data-fragment-index="{max(0, k - 1)}" style="margin: 0">',
            f'<img src="{escape(_url(image.name))}" alt="" style="{LARGEST_IMAGE}">',
            # Of one height for every step, or the drawing would move.
            f'<figcaption style="font-size: 0.6em; height: 3em">{escape(caption)}</figcaption>',
            "</figure>",
        ]
    text = "\n".join((*lines, "</div>", "</section>", ""))
    return [*drawn, write_whole(path, text.encode())]


def _captions(timeline: Timeline) -> Sequence[str]:
    return [visible(timeline.caption(at), 400) for at in range(len(timeline))]


def _typst_text(text: str) -> str:
    """Write a Typst string: its escapes are JSON's, but for characters, which stay themselves."""
    return json.dumps(text, ensure_ascii=False)


def _url(name: str) -> str:
    from urllib.parse import quote

    return quote(name)


def check_name(path: Path, reader: str) -> None:
    """Raise InputError for a name that LaTeX would take for more than a name."""
    if not PLAIN_NAME.fullmatch(path.name):
        raise InputError(f"{reader} cannot include {path.name!r}: use letters, digits, . _ and -")
