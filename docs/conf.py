"""Build the documentation: `make docs`. Whatever it shows of graphstep, it asks graphstep."""

from __future__ import annotations

import os
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "_ext"))
os.environ["COLUMNS"] = "80"  # argparse folds its help at the width of the terminal

from graphstep import __version__

project = "graphstep"
author = "graphstep contributors"
copyright = f"2026, {author}"
release = version = __version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx_gallery.gen_gallery",
    "players",
    "running",
    "tables",
]
exclude_patterns = ["_build", "_ext", "images"]

sphinx_gallery_conf = {
    "examples_dirs": "../examples",
    "gallery_dirs": "gallery",
    "filename_pattern": r"\.py$",
    "image_scrapers": ["gallery.scraper"],
    "within_subsection_order": "gallery.order",
    "capture_repr": (),
    "download_all_examples": False,
    "show_signature": False,
    "min_reported_time": 3600,
    "write_computation_times": False,
    # What an example prints depends on graphstep as well, not on its own text alone.
    "run_stale_examples": True,
    "abort_on_example_error": True,
}

html_theme = "furo"
html_title = f"graphstep {__version__}"
html_static_path = ["_static"]
html_css_files = ["tables.css"]
# A typed `--option` or a quote in a help text stays as it is typed.
smartquotes = False

default_role = "code"
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
python_use_unqualified_type_names = True
python_maximum_signature_line_length = 80
