# SPDX-License-Identifier: Apache-2.0
"""Checks of what a person wrote: every problem says what, where, what was expected and the nearest right name. It knows no setting."""
from collections.abc import Iterable, Mapping
from difflib import get_close_matches
from typing import Any


class WrongInput(Exception):
    """All problems of an input at once."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = list(problems)
        super().__init__('\n'.join(self.problems))


def did_you_mean(found: object, names: Iterable[str]) -> str:
    """The nearest name, also one that only begins like it; nothing where none is near."""
    lower = {name.lower(): name for name in names}
    text = str(found).lower()
    near = get_close_matches(text, lower, n=1) or [name for name in lower if text and name.startswith(text)]
    return f'; did you mean {lower[near[0]]}?' if near else ''


class Section:
    """One map of the input: what is taken from it is checked, and what is left over is a problem."""

    def __init__(self, value: object, file: str, problems: list[str], path: str = '') -> None:
        self.file, self.path, self.problems = file, path, problems
        self.value: Mapping[str, Any] = value if isinstance(value, Mapping) else {}
        self._known: set[str] = set()
        if not isinstance(value, Mapping):
            self.problem('', value, 'a map')

    def at(self, key: str) -> str:
        path = '.'.join(part for part in (self.path, key) if part)
        return f'{self.file}: {path}' if path else self.file

    def problem(self, key: str, found: object, expected: str, nearest: str = '') -> None:
        self.problems.append(f'{self.at(key)}: found {_shown(found)}, expected {expected}{nearest}')

    def has(self, key: str) -> bool:
        self._known.add(key)
        return self.value.get(key) is not None

    def text(self, key: str, default: str | None = None) -> str | None:
        return self._take(key, default, lambda v: isinstance(v, str) and v.strip() != '', 'a text')

    def flag(self, key: str, default: bool) -> bool:
        return self._take(key, default, lambda v: isinstance(v, bool), 'true or false')

    def whole(self, key: str, default: int | None, least: int) -> int | None:
        return self._take(key, default, lambda v: _is_number(v) and v == int(v) and v >= least, f'a whole number from {least}', int)

    def number(self, key: str, default: float, low: float, high: float) -> float:
        return self._take(key, default, lambda v: _is_number(v) and low <= v <= high, f'a number from {low:g} to {high:g}', float)

    def one_of(self, key: str, names: tuple[str, ...], default: str) -> str:
        found = self.value.get(key)
        nearest = did_you_mean(found, names) if isinstance(found, str) else ''
        return self._take(key, default, lambda v: v in names, f'one of {", ".join(names)}', nearest=nearest)

    def section(self, key: str) -> 'Section':
        self._known.add(key)
        return Section(self.value.get(key) or {}, self.file, self.problems, '.'.join(part for part in (self.path, key) if part))

    def items(self, key: str, expected: str) -> list[Any]:
        """A list that is not empty."""
        self._known.add(key)
        found = self.value.get(key)
        if isinstance(found, list) and found:
            return found
        self.problem(key, found, expected)
        return []

    def finish(self) -> None:
        """To be called once all members were asked for."""
        for key in self.value:
            if key not in self._known:
                self.problem(str(key), f'a member {key}', f'one of {", ".join(sorted(self._known))}', did_you_mean(key, self._known))

    def _take(self, key, default, fits, expected, convert=lambda v: v, nearest=''):
        self._known.add(key)
        found = self.value.get(key)
        if found is None:
            return default
        if fits(found):
            return convert(found)
        self.problem(key, found, expected, nearest)
        return default


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and value == value and abs(value) != float('inf')


def _shown(value: object) -> str:
    if value is None:
        return 'nothing'
    text = value if isinstance(value, str) else repr(value)
    return text if len(text) <= 80 else f'{text[:77]}...'
