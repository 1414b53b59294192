# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The control API under /_emulator: JSON over HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qs

from moto.core.exceptions import ServiceException
from moto.core.utils import get_service_model

from .answers import Answer, json_answer
from .faults import fault_from
from .seeding import make_roles, seed
from .service import NAME, models, service_settings

if TYPE_CHECKING:
    from .front import Front


class Control:
    """Answers control requests. A ValueError is answered with 400."""

    def __init__(self, front: Front):
        self._front = front
        self._routes = {
            ("GET", ""): self._ready,
            ("POST", "reset"): self._reset,
            ("GET", "settings"): self._settings,
            ("POST", "settings"): self._change_settings,
            ("GET", "clock"): self._clock,
            ("POST", "clock"): self._advance,
            ("GET", "faults"): self._faults,
            ("POST", "faults"): self._add_faults,
            ("DELETE", "faults"): self._clear_faults,
            ("GET", "record"): self._record,
            ("GET", "record/summary"): self._record_summary,
            ("GET", "record/places"): self._record_places,
            ("DELETE", "record"): self._clear_record,
            ("GET", "shares"): self._shares,
            ("POST", "shares"): self._force_share,
            ("POST", "seed"): self._seed,
            ("POST", "roles"): self._make_roles,
        }

    def answer(self, method: str, path: str, query: str, body: bytes) -> Answer:
        """The answer to a request for `path`, which is what follows /_emulator/."""
        route = self._routes.get((method, path))
        if route is None:
            there = ", ".join(f"{verb} /_emulator/{known}" for verb, known in self._routes)
            return json_answer({"error": f"There is no {method} /_emulator/{path}. There are: {there}."}, 404)
        try:
            document = json.loads(body) if body.strip() else {}
            if route != self._add_faults and not isinstance(document, dict):
                raise ValueError("The body is not a JSON object.")
            asked = {name: values[-1] for name, values in parse_qs(query).items()}
            return json_answer(route({**asked, **document} if isinstance(document, dict) else document))
        except (ValueError, TypeError) as problem:
            return json_answer({"error": str(problem)}, 400)
        except ServiceException as problem:
            return json_answer({"error": str(problem)}, 400)

    def _ready(self, _asked: Mapping[str, Any]) -> Any:
        return {"ready": True, "settings": self._front.all_settings(), **self._clock({})}

    def _reset(self, _asked: Mapping[str, Any]) -> Any:
        self._front.reset()
        return self._ready({})

    def _settings(self, _asked: Mapping[str, Any]) -> Any:
        return self._front.all_settings()

    def _change_settings(self, asked: dict[str, Any]) -> Any:
        self._front.change_settings(asked)
        return self._front.all_settings()

    def _clock(self, _asked: Mapping[str, Any]) -> Any:
        return {"now": service_settings.clock.now().isoformat()}

    def _advance(self, asked: Mapping[str, Any]) -> Any:
        seconds = asked.get("advance_seconds")
        if not service_settings.is_number(seconds):
            raise ValueError("Say by how many seconds to move the clock: {advance_seconds: number}.")
        service_settings.clock.advance(seconds)
        return self._clock({})

    def _faults(self, _asked: Any) -> Any:
        return {"faults": self._front.faults.describe()}

    def _add_faults(self, asked: dict[str, Any] | list[dict[str, Any]]) -> Any:
        for fault in [fault_from(one) for one in (asked if isinstance(asked, list) else [asked])]:
            self._front.faults.add(fault)
        return self._faults({})

    def _clear_faults(self, _asked: Any) -> Any:
        self._front.faults.clear()
        return self._faults({})

    def _record(self, asked: Mapping[str, Any]) -> Any:
        return {"calls": self._front.record.calls(**_whose(asked))}

    def _record_summary(self, asked: Mapping[str, Any]) -> Any:
        return self._front.record.summary(**_whose(asked))

    def _record_places(self, asked: Mapping[str, Any]) -> Any:
        return {"places": self._front.record.places(**_whose(asked))}

    def _clear_record(self, _asked: Any) -> Any:
        self._front.record.clear()
        return self._record({})

    def _shares(self, _asked: Any) -> Any:
        with models.lock:
            shares = [
                {
                    "share_id": share.id,
                    "invitation_id": share.invitation_id,
                    "kind": share.resource.kind.name,
                    "resource_arn": share.resource.arn,
                    "resource_name": share.resource.name,
                    "owner": share.resource.owner,
                    "region": share.resource.region,
                    "shared_with": share.shared_with,
                    "status": share.status,
                    "status_message": share.status_message,
                    "permission_type": share.permission_type,
                }
                for share in _all_shares()
            ]
        return {"shares": shares}

    def _force_share(self, asked: Mapping[str, Any]) -> Any:
        share_id, status = asked.get("share_id"), asked.get("status")
        statuses = get_service_model(NAME).shape_for("ShareStatus").enum
        if status not in statuses:
            raise ValueError(f"Say which status: {', '.join(statuses)}.")
        with models.lock:
            share = next((share for share in _all_shares() if share.id == share_id), None)
            if share is None:
                raise ValueError(f"share_id: no share has the ID {share_id!r}.")
            share.status, share.status_message = status, asked.get("status_message")
            share.lists_while_associating = 0
        return self._shares({})

    def _seed(self, asked: Mapping[str, Any]) -> Any:
        with models.lock:
            return {"resources": seed(asked)}

    def _make_roles(self, asked: Mapping[str, Any]) -> Any:
        with models.lock:
            return {"roles": make_roles(asked)}


def _whose(asked: Mapping[str, Any]) -> dict[str, Any]:
    """Which requests of the record to return."""
    return {name: asked.get(name) for name in ("service", "account", "region")}


def _all_shares() -> Iterator[Any]:
    for regions in list(models.wellarchitected_backends.values()):
        for backend in list(regions.values()):
            yield from backend.all_shares()
