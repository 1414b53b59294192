# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""What every module does around its work: connect, check numbers, and fail with words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ansible.module_utils.common.dict_transformations import camel_dict_to_snake_dict
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule

from .._aws.errors import ServiceError
from .._aws.service import WellArchitected
from .._aws.sessions import Sessions
from .._engine.guarding import TooManyRemovals
from .._model.invalid_input import InvalidInput
from .._model.principal_names import PrincipalNames, parse_principal_names
from .._model.principals import Principal, parse_principals


@contextmanager
def telling_faults(module: AnsibleAWSModule, changes: bool = True, one: bool = False) -> Iterator[None]:
    """Fails the task for what is wrong with the input or the service.

    ``changes``: whether the module changes any. ``one``: whether it returns the diff of one resource, not a list.
    """
    try:
        yield
    except TooManyRemovals as error:
        module.fail_json(msg=f"Nothing was changed. {error}", diff=error.diff[0] if one else error.diff)
    except InvalidInput as error:
        module.fail_json(msg=f"Nothing was changed. {error}" if changes else str(error))
    except ServiceError as error:
        module.fail_json(msg=str(error), **camel_dict_to_snake_dict(error.answer))


def connect(module: AnsibleAWSModule, concurrency: int = 1) -> tuple[Sessions, WellArchitected]:
    """The task's clients. Warns of a region that may not have the service, and raises InvalidInput where it has not.

    Also where there is something wrong with the option ``principals``, if the module has it.
    """
    sessions = Sessions(module, concurrency)
    sessions.names = parse_principal_names(module.params.get("principals"), sessions.partition)
    if sessions.names.faults:
        raise InvalidInput(sessions.names.faults)
    service = sessions.service()
    warning = sessions.missing_service(service)
    if warning:
        module.warn(warning)
    return sessions, service


def allowed_principals(given: Sequence[Any] | None, names: PrincipalNames) -> frozenset[Principal] | None:
    """The guard rail; None where it is not set. Raises InvalidInput that names every item that is no principal."""
    return None if given is None else frozenset(parse_principals("allowed_principals", given, names.read))


def refuse_below(module: AnsibleAWSModule, **least: int) -> None:
    """Fails the task if an option, where it is given, is a number less than what is said here."""
    for option, bound in least.items():
        value = module.params.get(option)
        if value is not None and value < bound:
            module.fail_json(msg=f"Nothing was changed. {option} is {value}, and the least it can be is {bound}")
