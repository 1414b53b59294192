# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module util is private to the wellarchitected.sharing collection: it may change in any release.

"""What is known of AWS's regions: botocore's list of where a service is, and which regions have to be enabled."""

from __future__ import annotations

from typing import Any

# Enabled in every account. All others have to be enabled first. Source: AWS Account Management
# Reference, "Enable or disable AWS Regions in your account": those launched before
# 20 March 2019. GovCloud and China have accounts of their own.
_ALWAYS_ENABLED = frozenset(
    (
        "ap-northeast-1",
        "ap-northeast-2",
        "ap-northeast-3",
        "ap-south-1",
        "ap-southeast-1",
        "ap-southeast-2",
        "ca-central-1",
        "eu-central-1",
        "eu-north-1",
        "eu-west-1",
        "eu-west-2",
        "eu-west-3",
        "sa-east-1",
        "us-east-1",
        "us-east-2",
        "us-west-1",
        "us-west-2",
    )
)
_HOME_REGIONS = (("us-gov-", "us-gov-west-1"), ("cn-", "cn-north-1"))


def must_be_enabled(region: str) -> bool:
    """Whether an account has to enable the region before it can use it."""
    return region not in _ALWAYS_ENABLED and not region.startswith(tuple(prefix for prefix, _home in _HOME_REGIONS))


def home_region(region: str) -> str:
    """A region of the same partition that every account has."""
    return next((home for prefix, home in _HOME_REGIONS if region.startswith(prefix)), "us-east-1")


def regions_of_service(session: Any, service: str) -> list[str]:
    """Every region, in all partitions, where botocore knows the service to be. ``session``: boto3's."""
    return [
        region
        for partition in session.get_available_partitions()
        for region in session.get_available_regions(service, partition)
    ]


def partitions_of_regions(session: Any) -> dict[str, str]:
    """The partition (``aws``, ``aws-us-gov``) of each region that botocore knows. ``session``: boto3's."""
    return {
        region: str(partition)
        for partition in session.get_available_partitions()
        # AWS STS is in every region.
        for region in session.get_available_regions("sts", partition)
    }
