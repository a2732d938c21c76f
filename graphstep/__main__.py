"""Run the command line as `python -m graphstep`."""

from __future__ import annotations

from graphstep.cli.main import main

if __name__ == "__main__":
    raise SystemExit(main())
