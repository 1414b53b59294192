# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin util is private to the wellarchitected.sharing collection: it may change in any release.

"""Options from the text that people type into a form, such as an AWX survey's.

Every scalar of such a text stays text: the account ID 012345670123 needs no quotes. Nothing in it is a reference:
``*prod*`` is a name with wildcards, not an alias of YAML.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import yaml

from ..module_utils._model.reading import unreadable

_BEGINS_AS_YAML = re.compile(r"""\s*(-\s|[\[{'"])""")


class BadText(ValueError):
    """Why a text cannot be read, ready to show."""


class Form(Protocol):
    """How the value of one option is read."""

    def read(self, value: Any) -> Any:
        """The option's value; what is no text stays. None: not given. Raises BadText."""


@dataclass(frozen=True)
class Single:
    """One text, number or boolean, which the module itself reads."""

    def read(self, value: Any) -> Any:
        return None if _is_blank(value) else value


@dataclass(frozen=True)
class AsGiven:
    """What the module itself judges, also where it is blank."""

    def read(self, value: Any) -> Any:
        return value


@dataclass(frozen=True)
class Words:
    """A list of words, such as principals: in YAML, JSON, or separated by blanks, commas, semicolons or line breaks."""

    when_blank: list[str] | None = None
    when_only_comments: list[str] | None = None

    def read(self, value: Any) -> Any:
        if isinstance(value, Mapping):
            return [value]
        if not isinstance(value, str):
            return value
        if _is_blank(value):
            return self.when_blank
        if not _without_comments(value).strip():
            return self.when_only_comments
        items = self._items(value)
        return [items] if isinstance(items, Mapping) else items

    def _items(self, text: str) -> Any:
        data = _load(text)
        return [word for word in re.split(r"[\s,;]+", data) if word] if isinstance(data, str) else data


@dataclass(frozen=True)
class Names(Words):
    """A list of names: in YAML or JSON, or separated by line breaks or commas. They may have blanks in them."""

    def _items(self, text: str) -> Any:
        plain = _without_comments(text)
        if _BEGINS_AS_YAML.match(plain):
            data = _load(text)
            return [data] if isinstance(data, str) else data
        return [name.strip() for name in re.split(r"[,\n]", plain) if name.strip()]


@dataclass(frozen=True)
class Entries:
    """A list of dictionaries, in YAML or JSON; one alone is a list of one."""

    options: Mapping[str, Form]
    """How the options of an entry are read, of those that may be text; the module itself reads every other one."""
    when_blank: list[Any] | None = None

    def read(self, value: Any) -> Any:
        if value is None:
            return self.when_blank
        if isinstance(value, str):
            if not _without_comments(value).strip():
                return self.when_blank
            value = _load(value)
        if isinstance(value, Mapping):
            value = [value]
        if not isinstance(value, list):
            return value
        return [_read_each(entry, self.options, AsGiven()) if isinstance(entry, Mapping) else entry for entry in value]


@dataclass(frozen=True)
class Changes:
    """A plan, as wa_shares returns it, or the JSON or YAML of it."""

    def read(self, value: Any) -> Any:
        rows = Entries({}, when_blank=[]).read(value)
        if not isinstance(value, str) or not isinstance(rows, list):
            return rows
        # As in a list, null is as if it was not there. In text, only the name of a resource could be such a word.
        return [
            {key: item for key, item in row.items() if key == "name" or item not in ("null", "~", "")}
            if isinstance(row, Mapping)
            else row
            for row in rows
        ]


@dataclass(frozen=True)
class NamedWords:
    """Words by name, as ``principals`` has them: a dictionary, or text in YAML or JSON. One word is no list."""

    def read(self, value: Any) -> Any:
        if isinstance(value, str):
            if not _without_comments(value).strip():
                return None
            value = _load(value)
            if not isinstance(value, Mapping):
                raise BadText(
                    f"every line needs a name and whom it means, as in 'payments: 111122223333', unlike: {value}"
                )
        return {name: self._meaning(meant) for name, meant in value.items()} if isinstance(value, Mapping) else value

    def _meaning(self, meant: Any) -> Any:
        if not isinstance(meant, str) or _is_blank(meant):
            return meant
        words = WORDS.read(meant)
        return words[0] if isinstance(words, list) and len(words) == 1 else words


WORDS = Words()
CONDITION = Words(when_blank=[], when_only_comments=[])
"""What narrows a task, as a guard rail does: blank text must not widen it, so the module judges the empty list."""
NAMES = Names()
NAMED_WORDS = NamedWords()
RESOURCES = Entries(
    {"exclude": NAMES, "shared_with": WORDS, "renew": WORDS, "accounts": NAMES, "regions": WORDS}, when_blank=[]
)
"""What is declared of any number of resources."""


def read_texts(arguments: Mapping[str, Any], forms: Mapping[str, Form]) -> dict[str, Any]:
    """The arguments of a task, with those that are text read. One that is blank is not given.

    ``forms``: how an option is read, by its name; by default as Single. What cannot be read is marked, for whoever
    reads the options to tell it with all other faults.
    """
    return _read_each(arguments, forms, Single())


def _read_each(given: Mapping[str, Any], forms: Mapping[str, Form], default: Form) -> dict[str, Any]:
    options: dict[str, Any] = {}
    for option, value in given.items():
        try:
            read = forms.get(option, default).read(value)
        except BadText as why:
            read = unreadable(str(why))
        if read is not None:
            options[option] = read
    return options


def _is_blank(value: Any) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


def _without_comments(text: str) -> str:
    """The text without the lines that are comments."""
    return "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))


class _Twice(Exception):
    """A key that is in one dictionary twice."""


class _Loader(yaml.BaseLoader):
    """YAML as people type it: no alias, anchor or tag, no reserved character, and no key twice."""

    # A name may begin with *, & or !.
    fetch_alias = yaml.BaseLoader.fetch_plain
    fetch_anchor = yaml.BaseLoader.fetch_plain
    fetch_tag = yaml.BaseLoader.fetch_plain

    def check_plain(self) -> bool:
        return self.peek() in "%@`" or super().check_plain()

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _value in node.value:
            # BaseLoader refuses keys that are not text.
            name = str(key.value)
            if name in seen:
                raise _Twice(f"line {key.start_mark.line + 1} has the key {name} for the second time in one entry")
            seen.add(name)
        return super().construct_mapping(node, deep)


def _load(text: str) -> Any:
    """What the YAML says, every scalar a str. Raises BadText where it is not YAML, or says something twice."""
    try:
        # YAML refuses tabs before words, which a spreadsheet puts there.
        return yaml.load(text.replace("\t", " "), Loader=_Loader)
    except _Twice as error:
        wrong = str(error)
    except yaml.YAMLError as error:
        wrong = f"this text is not YAML: {_where_and_why(error)}"
    except RecursionError:
        wrong = "this text is not YAML that anyone means: it has too many brackets in each other"
    raise BadText(wrong)


def _where_and_why(error: yaml.YAMLError) -> str:
    if not isinstance(error, yaml.MarkedYAMLError):
        return " ".join(str(error).split())
    why = ", ".join(filter(None, (error.context, error.problem)))
    mark = error.problem_mark or error.context_mark
    return f"{why} (line {mark.line + 1}, column {mark.column + 1})" if mark else why
