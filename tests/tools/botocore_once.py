# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""For processes that run many modules: what botocore works out anew for each session and client, it does once.

A module makes two or three sessions and some clients, which takes longer than all of its calls to the local endpoint.
"""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache
from typing import Any

import botocore.client
import botocore.hooks
import botocore.session


def remember() -> None:
    """From now on. What is kept holds no session and no client: their connections end with them."""
    botocore.session.create_loader = cache(botocore.session.create_loader)
    botocore.hooks.accepts_kwargs = _accepts_kwargs
    botocore.hooks.EventAliaser.__init__ = _begin_aliaser
    botocore.client.ClientCreator._create_methods = _create_methods


def _accepts_kwargs(handler: Callable[..., Any], really: Callable[..., bool] = botocore.hooks.accepts_kwargs) -> bool:
    code = getattr(handler, "__code__", None)
    return bool(code.co_flags & inspect.CO_VARKEYWORDS) if code else really(handler)


_NAMES: dict[str, str] = {}


def _begin_aliaser(
    aliaser: Any, emitter: Any, aliases: Any = None, really: Any = botocore.hooks.EventAliaser.__init__
) -> None:
    really(aliaser, emitter, aliases)
    if aliases in (None, botocore.hooks.EVENT_ALIASES):
        aliaser._alias_name_cache = _NAMES


_METHODS: dict[tuple[str, str], dict[str, Any]] = {}


def _create_methods(creator: Any, model: Any, really: Any = botocore.client.ClientCreator._create_methods) -> Any:
    key = (model.service_name, model.api_version)
    if key not in _METHODS:
        _METHODS[key] = really(creator, model)
    return dict(_METHODS[key])
