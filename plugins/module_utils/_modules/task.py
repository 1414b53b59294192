# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""What every module does around its work: connect, check numbers, and fail with words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from ansible.module_utils.common import warnings
from ansible.module_utils.common.dict_transformations import camel_dict_to_snake_dict
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from .._aws.errors import ServiceError
from .._aws.service import WellArchitected
from .._aws.sessions import Sessions
from .._model.invalid_input import InvalidInput


def warn(text: str) -> None:
    """Warns the user.

    AnsibleAWSModule.warn of amazon.aws 9 and later has the module return its warnings a second time, in a way that
    ansible-core 2.19 and later call deprecated: that would be one more warning, and not ours.
    """
    warnings.warn(text)


@contextmanager
def telling_faults(module: AnsibleAWSModule, changes: bool = True) -> Iterator[None]:
    """Fails the task for what is wrong with the input or the service. ``changes``: whether the module changes any."""
    try:
        yield
    except InvalidInput as error:
        module.fail_json(msg=f"Nothing was changed. {error}" if changes else str(error))
    except ServiceError as error:
        module.fail_json(msg=str(error), **camel_dict_to_snake_dict(error.answer))


def connect(module: AnsibleAWSModule, concurrency: int = 1) -> tuple[Sessions, WellArchitected]:
    """The task's clients. Warns of a region that may not have the service, and raises InvalidInput where it has not."""
    sessions = Sessions(module, concurrency)
    service = sessions.service()
    warning = sessions.missing_service(service)
    if warning:
        warn(warning)
    return sessions, service


def refuse_below(module: AnsibleAWSModule, **least: int) -> None:
    """Fails the task if an option, where it is given, is a number less than what is said here."""
    for option, bound in least.items():
        value = module.params.get(option)
        if value is not None and value < bound:
            module.fail_json(msg=f"Nothing was changed. {option} is {value}, and the least it can be is {bound}")
