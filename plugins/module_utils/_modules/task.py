# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""What every module does around its work: connect, check numbers, and fail with words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from ansible.module_utils import basic
from ansible.module_utils.common import warnings
from ansible.module_utils.common.dict_transformations import camel_dict_to_snake_dict
from ansible_collections.amazon.aws.plugins.module_utils.modules import AnsibleAWSModule, aws_argument_spec

from .._aws.errors import ServiceError
from .._aws.sessions import Sessions
from .._engine.guarding import Refused
from .._model.invalid_input import Faults, InvalidInput
from .._model.places import ALL_REGIONS, OWN, Account, Scope, parse_accounts
from .._model.principal_names import PrincipalNames, parse_principal_names
from .._model.principals import Principal, parse_principals
from .._model.reading import UNREAD, Options, read_options

Spec = dict[str, Any]


def open_module(spec: dict[str, Spec]) -> tuple[AnsibleAWSModule, Options, Faults]:
    """The module, its options beside the common ones, and what is wrong with them so far.

    ``spec``: an argument spec, as documented.
    """
    given: Mapping[str, Any] | None = basic._load_params()
    if given is None:  # ansible-test, which compares the spec with the documentation, has none
        given, taken = {}, spec
    else:
        taken = _taking_anything(spec, given)
    module = AnsibleAWSModule(argument_spec=taken, supports_check_mode=True)
    own = {option: value for option, value in given.items() if option in taken}
    faults = Faults()
    return module, read_options(spec, own, faults.found, also=aws_argument_spec()), faults


def _taking_anything(spec: dict[str, Spec], given: Mapping[str, Any]) -> dict[str, Spec]:
    """A spec that takes whatever is given: Ansible would stop at the first fault, and name no entry."""
    common = {alias for option, said in aws_argument_spec().items() for alias in (option, *said.get("aliases", ()))}
    others = [option for option in given if option not in common and not option.startswith("_ansible_")]
    return {option: {"type": "raw"} for option in (*spec, *others)}


def warn(text: str) -> None:
    """Warns the user.

    AnsibleAWSModule.warn of amazon.aws 9 and later has the module return its warnings a second time, in a way that
    ansible-core 2.19 and later call deprecated: that would be one more warning, and not ours.
    """
    warnings.warn(text)


@contextmanager
def telling_faults(
    module: AnsibleAWSModule, changes: bool = True, beside_action: bool = False, one: bool = False
) -> Iterator[None]:
    """Fails the task for what is wrong with the input or the service. ``changes``: whether the module changes any.

    ``beside_action``: whether an action plugin tells the faults anew, which knows the variables of the user. ``one``:
    whether the module returns the diff of one resource, not a list.
    """
    try:
        yield
    except Refused as error:
        more = {"faults": error.faults} if beside_action else {}
        shown = error.diff[0] if one else error.diff
        module.fail_json(msg=f"Nothing was changed. {error}", diff=shown, plan=error.plan, **more)
    except InvalidInput as error:
        more = {"faults": error.faults} if beside_action else {}
        module.fail_json(msg=f"Nothing was changed. {error}" if changes else str(error), **more)
    except ServiceError as error:
        module.fail_json(msg=str(error), **camel_dict_to_snake_dict(error.answer))


def connect(
    module: AnsibleAWSModule, options: Mapping[str, Any], faults: Faults, concurrency: int = 1
) -> tuple[Sessions, Scope]:
    """The task's clients, which show principals by the names in the option ``principals``, and where the task works: in
    its options ``accounts`` and ``regions``. What the module does not have counts as not given.

    Warns of regions that may not have the service. Raises InvalidInput where one has not, or where there is none, with
    the ``faults`` so far.
    """
    try:
        named = [region for region in options.get("regions") or () if region not in (UNREAD, ALL_REGIONS)]
        sessions = Sessions(module, concurrency, next(iter(named), None))
        sessions.names = parse_principal_names(options.get("principals"), sessions.partition)
        faults.found.extend(sessions.names.faults)
        regions: tuple[str, ...] = (sessions.region,)
        with faults.collected():
            regions = sessions.regions(options.get("regions")) or regions
        accounts: tuple[Account, ...] = (OWN,)
        with faults.collected():
            if options.get("accounts") == []:
                raise InvalidInput(["accounts: it is empty: leave it out for the account of the credentials"])
            if options.get("accounts") is not None:
                accounts = parse_accounts(options["accounts"], sessions.partition)
        warnings_of_regions = sessions.missing_service(regions)
    except InvalidInput as error:
        raise InvalidInput([*faults.found, *error.faults]) from error
    except ServiceError:
        faults.refuse()
        raise
    for warning in warnings_of_regions:
        warn(warning)
    return sessions, Scope(regions, accounts, _passed_over(options.get("regions"), regions))


def _passed_over(listed: Sequence[Any] | None, regions: Sequence[str]) -> frozenset[str]:
    """The regions that ``all`` alone has added."""
    return frozenset(regions).difference(listed) if listed and ALL_REGIONS in listed else frozenset()


def allowed_principals(
    options: Mapping[str, Any], names: PrincipalNames, faults: Faults
) -> frozenset[Principal] | None:
    """The guard rail; None where it is not set, or cannot be read: what is no principal is added to ``faults``."""
    given = options["allowed_principals"]
    if given is not None:
        with faults.collected():
            return frozenset(parse_principals("allowed_principals", given, names.read))
    return None


def least(options: dict[str, Any], faults: Faults, **bounds: int) -> None:
    """Adds a fault for each option that is a number less than what is said here, which is put in its place."""
    for option, bound in bounds.items():
        value = options.get(option)
        if value is not None and value < bound:
            faults.found.append(f"{option}: it is {value}, and the least it can be is {bound}")
            options[option] = bound
