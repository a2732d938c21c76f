"""The reader's own keys: a JSON file that maps the names of actions to keys."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path

from textual.binding import Binding
from textual.keys import Keys

from graphstep.errors import InputError
from graphstep.expression.suggest import near
from graphstep.tui.app import StepApp
from graphstep.tui.looks import LookApp, remapped
from graphstep.tui.screens.change import ChangeScreen
from graphstep.tui.screens.dialog_keys import SILENT, TYPED
from graphstep.tui.screens.step_keys import KEYS
from graphstep.tui.screens.welcome import WelcomeScreen
from graphstep.tui.widgets.request_form import Line

_NAMED = frozenset(key.value for key in Keys)
_SIGNS: Mapping[str, str] = {
    "?": "question_mark", "<": "less_than_sign", ">": "greater_than_sign", "+": "plus",
    "-": "minus", "/": "slash", ".": "full_stop", ";": "semicolon", ":": "colon", "=":
    "equals_sign", "!": "exclamation_mark", "#": "number_sign", "*": "asterisk",
    "[": "left_square_bracket", "]": "right_square_bracket",
}  # fmt: skip


def keys_file(environment: Mapping[str, str] = os.environ) -> Path:
    """Return where the reader's keys lie where no file is named: `keys.json` of the XDG config."""
    if sys.platform == "win32" and environment.get("APPDATA"):
        return Path(environment["APPDATA"]) / "graphstep" / "keys.json"
    given = environment.get("XDG_CONFIG_HOME", "")
    home = Path(given) if Path(given).is_absolute() else Path("~/.config").expanduser()
    return home / "graphstep" / "keys.json"


def read_keymap(path: Path) -> dict[str, str]:
    """Return the keys of each action that a file names.

    The file is a JSON object as `{"step.next": "right,n", "app.quit": "ctrl+x"}`. Raises
    InputError, one line, for a file that cannot be read, an action or key that is not there, and
    for a key given to two actions.
    """
    try:
        data = json.loads(path.read_text("utf-8"))
    except OSError as error:
        raise InputError(f"cannot read the keys in '{path}': {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        raise InputError(f"the keys in '{path}' are no JSON: {error}") from None
    if not isinstance(data, dict):
        raise InputError(f"the keys in '{path}' are no JSON object of actions and keys")
    known = {key.id: key for key in remappable() if key.id}
    found: dict[str, str] = {}
    for name, keys in data.items():
        if name not in known:
            raise InputError(f"'{path}' names no action '{name}'{near(name, known)}")
        if not isinstance(keys, str) or not keys.strip():
            raise InputError(f"'{path}' gives '{name}' no key: write it as a text, \"n\"")
        found[name] = ",".join(_key(key.strip(), name, path) for key in keys.split(","))
    _check(found, path)
    return found


def remappable() -> tuple[Binding, ...]:
    """Return the bindings whose keys a reader can choose."""
    # The panel of the backwards has a key of the steps, too.
    found = {key.id: key for keys in (_steps(), *SILENT, *TYPED, *_asking()) for key in keys}
    return tuple(found.values())


def _steps() -> tuple[Binding, ...]:
    app = (*LookApp.BINDINGS, *StepApp.BINDINGS)
    return (*KEYS, *(key for key in app if isinstance(key, Binding)))


def _asking() -> tuple[tuple[Binding, ...], ...]:
    """Return the keys of each screen on which a source and its values are typed."""
    screens = (ChangeScreen.BINDINGS, WelcomeScreen.BINDINGS)
    return tuple(
        tuple(key for key in (*Line.BINDINGS, *own) if isinstance(key, Binding)) for own in screens
    )


def types_text(key: str) -> bool:
    """Tell whether a key writes something where one types."""
    return len(key) == 1 or key in _SIGNS.values() or key == "space"


def _key(key: str, name: str, path: Path) -> str:
    *held, last = key.split("+") if key != "+" else [key]
    last = _SIGNS.get(last, last)
    single = len(last) == 1 and last.isprintable() and not last.isspace()
    known = single or last in _NAMED or last in _SIGNS.values()
    if not known or not set(held) <= {"ctrl", "shift", "alt", "super"}:
        raise InputError(f"'{path}' gives '{name}' an unknown key '{key}'")
    return "+".join([*held, last])


def _check(found: Mapping[str, str], path: Path) -> None:
    """Raise where a key leads to two actions of one screen, or is typed into a line instead."""
    typed = {key.id for keys in (*TYPED, *_asking()) for key in keys}
    for name, keys in found.items():
        letters = [key for key in keys.split(",") if types_text(key)] if name in typed else []
        if letters:
            raise InputError(
                f"'{path}' gives '{name}' the key '{letters[0]}', which types into the line there: "
                "give it one as f2 or ctrl+x"
            )
    for bindings in (_steps(), *SILENT, *TYPED, *_asking()):
        owners: dict[str, str] = {}
        for binding in remapped(bindings, found):
            assert binding.id is not None
            for key in binding.key.split(","):
                other = owners.setdefault(key, binding.id)
                if other != binding.id:
                    raise InputError(
                        f"'{path}': the key '{key}' is both '{other}' and '{binding.id}'"
                    )
