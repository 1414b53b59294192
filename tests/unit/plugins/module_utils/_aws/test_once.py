# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""A question is asked once, whether it is answered or not."""

from __future__ import annotations

import pytest
from ansible_collections.wellarchitected.sharing.plugins.module_utils._aws.errors import ServiceError
from ansible_collections.wellarchitected.sharing.plugins.module_utils._aws.once import Once


def test_the_answer_is_remembered() -> None:
    answers = iter(["first", "second"])
    once = Once(lambda: next(answers))
    assert [once.get(), once.get()] == ["first", "first"]


def test_an_empty_answer_is_one() -> None:
    asked: list[None] = []
    once = Once(lambda: asked.append(None))
    assert [once.get(), once.get()] == [None, None]
    assert len(asked) == 1


def test_an_error_is_remembered_and_raised_each_time() -> None:
    asked: list[None] = []

    def ask() -> None:
        asked.append(None)
        raise ServiceError("ask", ValueError("nobody is there"), "")

    once = Once(ask)
    for _time in range(2):
        with pytest.raises(ServiceError, match="Failed to ask: nobody is there"):
            once.get()
    assert len(asked) == 1
