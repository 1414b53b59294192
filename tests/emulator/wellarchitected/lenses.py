# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""AWS's own lenses, of which every account sees the same.

Some have a short alias, others have their ARN for alias. The ARNs are those that public code and reports show
(`arn:aws:wellarchitected::aws:lens/serverless`); the API reference writes them with a region and without `aws`.
"""

from __future__ import annotations

import re
from typing import Any

_OFFICIAL = (
    # alias or last part of the ARN, name, version, whether it has a short alias
    ("wellarchitected", "AWS Well-Architected Framework", "2025-02-25", True),
    ("serverless", "Serverless Lens", "2023-04-10", True),
    ("softwareasaservice", "SaaS Lens", "2020-12-03", True),
    ("foundationaltechnicalreview", "FTR Lens", "2023-12-11", True),
    ("containerbuild", "Container Build Lens", "2023-10-09", False),
    ("dataanalytics", "Data Analytics Lens", "2023-10-09", False),
    ("devops", "DevOps Guidance", "2023-11-02", False),
    ("genai", "Generative AI Lens", "2025-04-15", False),
    ("machinelearning", "Machine Learning Lens", "2023-10-09", False),
)
_OFFICIAL_ARN = re.compile(r"arn:aws[a-z-]*:wellarchitected:[a-z0-9-]*:(aws)?:lens/[^/]+")
_ALIASES = frozenset(name for name, _title, _version, _short in _OFFICIAL)


def is_official(alias: str) -> bool:
    """Whether `alias` (a LensAlias) names one of AWS's lenses."""
    return alias in _ALIASES or _OFFICIAL_ARN.fullmatch(alias) is not None


def official_lenses(partition: str) -> list[dict[str, Any]]:
    """AWS's lenses as ListLenses shows them: turbot/steampipe-plugin-aws, pull requests 1689 and 1698."""
    found = []
    for serial, (name, title, version, short) in enumerate(_OFFICIAL):
        arn = f"arn:{partition}:wellarchitected::aws:lens/{name}"
        found.append(
            {
                "LensArn": arn,
                "LensAlias": name if short else arn,
                "LensName": title,
                "LensType": "AWS_OFFICIAL",
                "Description": f"{title}, by AWS",
                "LensVersion": version,
                "Owner": "AWS",
                "LensStatus": "PUBLISHED",
                "Serial": serial,
            }
        )
    return found
