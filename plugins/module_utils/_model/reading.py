# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""Options read by their argument spec, with every fault told, where Ansible stops at the first and names no entry.

What reads well here is what Ansible takes: see the argument specs in its developer guide. Text is taken for a list too,
with its items separated by commas or line breaks; words, such as principals, by blanks too.
"""

from __future__ import annotations

import contextlib
import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from ansible.module_utils.common.validation import check_type_bool, check_type_float, check_type_int

from .invalid_input import at, told
from .kinds import KINDS
from .suggestions import nearest

Spec = Mapping[str, Any]

#: what others call an option
_OTHER_WORDS = {
    "account": ("account_id", "shared_with", "principal"),
    "accounts": ("shared_with",),
    "id": ("account_id", "workload"),
    "members": ("shared_with",),
    "name": ("workload",),
    "owner": ("shared_by",),
    "permissions": ("permission_type",),
    "principal": ("shared_with",),
    "principals": ("shared_with",),
    "profile": ("wa_profile",),
    "review_template": ("template",),
    "role": ("role_arn",),
    "timeout": ("wait_timeout",),
    "users": ("shared_with",),
}
#: lists of names, which have blanks in them
_LISTS_OF_NAMES = frozenset((*(kind.option for kind in KINDS.values()), "exclude"))
#: whoever judges these tells a number from text
_NUMBERS_TOLD = frozenset(("shared_with", "shared_by", "allowed_principals", "account_id", "organization"))
_EXAMPLES = {"resources": "- workload: Payments", "accounts": '- account_id: "111122223333"'}
_MARK = "unreadable"

UNREAD: Any = object()
"""Stands in a list for an item that could not be read, which was told."""


class Options(dict[str, Any]):
    """Options by name, each None where it is not given; ``unread``: those that are given, but could not be read."""

    def __init__(self, values: Mapping[str, Any], unread: Iterable[str] = ()) -> None:
        super().__init__(values)
        self.unread = frozenset(unread)


def unread(options: Mapping[str, Any], *names: str) -> bool:
    """Whether one of the options is given, but could not be read."""
    return isinstance(options, Options) and not options.unread.isdisjoint(names)


def unreadable(why: str) -> dict[str, str]:
    """What stands for a text that cannot be read, so that it is told together with all other faults."""
    return {_MARK: why}


def read_options(
    spec: Spec, given: Mapping[str, Any], faults: list[str], where: str = "", also: Iterable[str] = ()
) -> Options:
    """The options in ``given``, of the types that the spec says. What is wrong is added to ``faults``.

    ``spec``: an argument spec of Ansible: type, elements, options, choices, default, required and aliases count.
    ``where``: the place of these options, for faults. ``also``: options that somebody else reads, which may be meant.
    """
    names = {alias: option for option, said in spec.items() for alias in (option, *said.get("aliases", ()))}
    values: dict[str, Any] = {option: said.get("default") for option, said in spec.items()}
    unread: set[str] = set()
    for key, value in given.items():
        if key not in names:
            meant = [] if _is_marked(value) else _meant_by(str(key), [*names, *also])
            faults.append(f"{at(where, str(key))}: {value[_MARK] if _is_marked(value) else _unknown(meant, spec)}")
            unread.update(names.get(option, option) for option in meant)
            continue
        option = names[key]
        if key != option and option in given and given[option] is not None and value is not None:
            faults.append(told(at(where, key), f"it is another name of {option}, which is given too: leave out one"))
            continue
        if value is None:
            if spec[option].get("elements") == "dict" and spec[option].get("required"):
                values[option] = []
            continue
        read = _read(spec[option], option, value, at(where, str(key)), faults)
        if read is UNREAD:
            unread.add(option)
        else:
            values[option] = read
    for option, said in spec.items():
        if said.get("required") and values[option] is None and option not in unread:
            choices = f": {' or '.join(said['choices'])}" if "choices" in said else ""
            faults.append(told(at(where, option), ("it is empty" if option in given else "it is missing") + choices))
            unread.add(option)
    return Options(values, unread)


def _is_marked(value: Any) -> bool:
    return isinstance(value, Mapping) and set(value) == {_MARK}


def _meant_by(key: str, known: Collection[str]) -> list[str]:
    """The options that ``key`` may be meant for, the likeliest first."""
    for option in _OTHER_WORDS.get(key.casefold(), ()):
        if option in known:
            return [option]
    return nearest(key, known)


def _unknown(meant: Sequence[str], spec: Spec) -> str:
    if meant:
        return f"there is no such option (did you mean {' or '.join(meant)}?)"
    return f"there is no such option, only {', '.join(spec)}"


def _read(said: Spec, option: str, value: Any, where: str, faults: list[str]) -> Any:
    """The value of one option; UNREAD where it is none, with the reason in ``faults``."""
    if _is_marked(value):
        faults.append(told(where, str(value[_MARK])))
        return UNREAD
    kind = said.get("type", "str")
    if kind == "list":
        return _read_list(said, option, value, where, faults)
    try:
        return _read_one(said, kind, option, value)
    except ValueError as error:
        faults.append(told(where, str(error)))
        return UNREAD


def _read_list(said: Spec, option: str, value: Any, where: str, faults: list[str]) -> list[Any]:
    elements = said.get("elements", "str")
    if isinstance(value, str):
        value = _listed(option, elements, value)
    elif not isinstance(value, (list, tuple)):
        value = [value]
    read: list[Any] = []
    for index, item in enumerate(value):
        place = f"{where}[{index}]"
        try:
            if elements == "dict":
                _refuse_what_is_no_entry(option, item)
                read.append(read_options(said["options"], item, faults, place) if "options" in said else item)
            else:
                read.append(_read_one(said, elements, option, item))
        except ValueError as error:
            faults.append(told(place, str(error)))
            read.append(Options({}, said.get("options", ())) if elements == "dict" else UNREAD)
    return read


def _listed(option: str, elements: str, text: str) -> list[Any]:
    """The items of a list that is text."""
    if elements == "dict" or text.lstrip().startswith(("[", "{")):
        try:
            data = json.loads(text)
        except ValueError:
            data = text
        if elements == "dict" and data == "":
            return []
        if not isinstance(data, str):
            return data if isinstance(data, list) else [data]
    if elements == "dict":
        return [text]
    return [
        item.strip() for item in re.split(r"[,;\n]" if option in _LISTS_OF_NAMES else r"[\s,;]", text) if item.strip()
    ]


def _refuse_what_is_no_entry(option: str, item: Any) -> None:
    if not isinstance(item, Mapping):
        example = _EXAMPLES.get(option, "- key: value")
        raise ValueError(f"every entry needs a key and a value, as in '{example}', unlike: {item}")


def _read_one(said: Spec, kind: str, option: str, value: Any) -> Any:
    """A value that is no list, of the type that the spec says. Raises ValueError, ready to show."""
    if kind == "raw":
        return value
    read = _READERS[kind](option, value)
    choices: Collection[Any] | None = said.get("choices")
    if choices is not None and read not in choices:
        raise ValueError(f"{value!r} is not one of {', '.join(map(str, choices))}")
    return read


def _text(option: str, value: Any) -> Any:
    if isinstance(value, Mapping) and "principal" in value:
        raise ValueError(
            "this module gives all principals the same permission, so each is text here: name it alone. "
            "wellarchitected.sharing.wa_shares takes a permission for each"
        )
    if isinstance(value, (Mapping, list)):
        raise ValueError(f"expected text, not a {'dictionary' if isinstance(value, Mapping) else 'list'}")
    if value is None:
        raise ValueError("it is empty")
    if option in _NUMBERS_TOLD:
        return value
    if isinstance(value, (bool, float)):
        raise ValueError(f"YAML made {value} of it, which is no text: put it in quotes")
    return str(value)


def _boolean(_option: str, value: Any) -> bool:
    try:
        return bool(check_type_bool(value))
    except (TypeError, ValueError):
        raise ValueError(f"{value!r} is neither true nor false") from None


def _whole_number(_option: str, value: Any) -> int:
    try:
        if isinstance(value, bool):
            raise ValueError
        return int(check_type_int(value))
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"{value!r} is not a whole number") from None


def _number(_option: str, value: Any) -> float:
    try:
        if isinstance(value, bool):
            raise ValueError
        return float(check_type_float(value))
    except (TypeError, ValueError, OverflowError):
        raise ValueError(f"{value!r} is not a number") from None


def _dictionary(_option: str, value: Any) -> Mapping[str, Any]:
    if isinstance(value, str):
        with contextlib.suppress(ValueError):
            value = json.loads(value)
    if not isinstance(value, Mapping):
        raise ValueError(f"expected a dictionary, unlike: {value}")
    return value


_READERS = {
    "str": _text,
    "path": _text,
    "bool": _boolean,
    "int": _whole_number,
    "float": _number,
    "dict": _dictionary,
}
