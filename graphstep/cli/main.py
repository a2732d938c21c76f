"""The door of the command line: finds the command, runs it, turns errors into exit codes."""

from __future__ import annotations

import gc
import io
import os
import sys
import warnings
from collections.abc import Sequence

from graphstep import __version__
from graphstep.cli.command import ENTRIES
from graphstep.cli.options import printing
from graphstep.cli.parser import UsageError, near
from graphstep.errors import EXIT_OK, ExpressionError, GraphstepError

EXIT_INTERRUPTED = 130
EXIT_BROKEN_PIPE = 141

_SELDOM = (50_000, 20, 100)
"""When Python's cycle collector runs in a process of ours: torch makes some 170,000 objects that
stay, and with the usual numbers it walks over them again and again before anything is traced."""
_USAGE = "usage: graphstep COMMAND …"


def main(words: Sequence[str] | None = None) -> int:
    """Run `graphstep WORDS` (default: the process's arguments) and return the exit code.

    0 fine; 1 a check disagreed; 2 wrong input or usage; 3 an asked-for device or tool is
    not there; 70 the app stopped on an error of its own; 130 interrupted; 141 nobody reads the
    output any more.
    """
    _let_every_terminal_print()
    if words is None:
        gc.set_threshold(*_SELDOM)
        # A thread of torch's own engine is the first to multiply matrices on a cuda device.
        warnings.filterwarnings("ignore", "Attempting to run cuBLAS, but there was no current")
    try:
        code = _dispatch(list(sys.argv[1:] if words is None else words))
        sys.stdout.flush()
    except UsageError as error:
        _complain(f"graphstep: {error}\n{error.hint}")
        return error.exit_code
    except ExpressionError as error:
        _complain(f"graphstep: {error}")
        return error.exit_code
    except GraphstepError as error:
        _complain(f"graphstep: {error}".replace("\n", "�"))
        return error.exit_code
    except KeyboardInterrupt:
        return EXIT_INTERRUPTED
    except BrokenPipeError:
        # Python flushes stdout once more at exit; that must not fail a second time.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return EXIT_BROKEN_PIPE
    return code


def help_text() -> str:
    """Return the text of `graphstep --help`."""
    width = max(len(entry.name) for entry in ENTRIES)
    commands = "\n".join(f"  {entry.name:{width}}  {entry.help}" for entry in ENTRIES)
    return (
        f"{_USAGE}\n\nStep through the forward values and the reverse adjoints of torch code.\n\n"
        f"commands:\n{commands}\n\n"
        "  graphstep COMMAND --help    the command's arguments\n"
        "  graphstep --version         the version\n\n"
        "exit codes: 0 fine; 1 a check disagreed; 2 wrong input or usage; 3 an asked-for\n"
        "device or tool is not there; 70 the app stopped on an error of its own"
    )


def welcome_text() -> str:
    """Return what `graphstep` alone prints: the demos, and how to begin."""
    from graphstep.cli.demo import listing

    return (
        "graphstep steps through the forward values and the reverse adjoints of torch code.\n\n"
        f"Demos, each run by graphstep demo NAME:\n{listing()}\n\n"
        'Your own: graphstep step "3*a + a*b" a=10 b=20\n'
        "All commands: graphstep --help"
    )


def _dispatch(words: list[str]) -> int:
    if not words:
        from graphstep.cli.live import has_terminal, look_of, present_live

        if has_terminal():
            return present_live(None, look_of())
        print(welcome_text())
        return EXIT_OK
    name, *rest = words
    if name == "help" and rest:
        return _dispatch([rest[0], "--help"])
    if name in ("-h", "--help", "help"):
        print(help_text())
        return EXIT_OK
    if name in ("-V", "--version", "version"):
        print(f"graphstep {__version__}")
        return EXIT_OK
    for entry in ENTRIES:
        if entry.name == name:
            command = entry.load()
            try:
                args = entry.parser(command).read(rest)
            except SystemExit:  # --help has printed its text
                return EXIT_OK
            with printing(args):
                return command.run(args)
    raise _unknown(name)


def _unknown(name: str) -> UsageError:
    names = [entry.name for entry in ENTRIES]
    if name.startswith("-"):
        problem = f"{name!r} is no option of graphstep{near(name, ['--help', '--version'])}"
    else:
        problem = f"no command {name!r}{near(name, names) or '; there are ' + ', '.join(names)}"
    if not name.isidentifier() and not name.startswith("--"):
        return UsageError(problem, "usage: graphstep step SOURCE [NAME=VALUE …]")
    return UsageError(problem, f"{_USAGE} (graphstep --help lists the commands)")


def _complain(message: str) -> None:
    """Print an error; it may quote what the user gave, so nothing in it may steer a terminal."""
    print("".join(c if c.isprintable() or c == "\n" else "�" for c in message), file=sys.stderr)


def _let_every_terminal_print() -> None:
    """Keep an encoding that lacks a sign, as v̄ in ASCII, from ending in a traceback."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")
