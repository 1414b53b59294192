# Copyright: Contributors to the wellarchitected.sharing project
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""wellarchitected base URL and path. An ARN in a path has slashes, so the parameters take any character."""

from .responses import WellArchitectedResponse

url_bases = [
    r"https?://wellarchitected\.(.+)\.amazonaws\.com",
]

url_paths = {
    "{0}/global-settings$": WellArchitectedResponse.dispatch,
    "{0}/importLens$": WellArchitectedResponse.dispatch,
    "{0}/lenses$": WellArchitectedResponse.dispatch,
    "{0}/lenses/(?P<LensAlias>.+)/shares$": WellArchitectedResponse.dispatch,
    "{0}/lenses/(?P<LensAlias>.+)/shares/(?P<ShareId>[^/]+)$": WellArchitectedResponse.dispatch,
    "{0}/lenses/(?P<LensAlias>.+)/versions$": WellArchitectedResponse.dispatch,
    "{0}/lenses/(?P<LensAlias>.+)$": WellArchitectedResponse.dispatch,
    "{0}/profileSummaries$": WellArchitectedResponse.dispatch,
    "{0}/profiles$": WellArchitectedResponse.dispatch,
    "{0}/profiles/(?P<ProfileArn>.+)/shares$": WellArchitectedResponse.dispatch,
    "{0}/profiles/(?P<ProfileArn>.+)/shares/(?P<ShareId>[^/]+)$": WellArchitectedResponse.dispatch,
    "{0}/profiles/(?P<ProfileArn>.+)$": WellArchitectedResponse.dispatch,
    "{0}/reviewTemplates$": WellArchitectedResponse.dispatch,
    "{0}/reviewTemplates/(?P<TemplateArn>.+)$": WellArchitectedResponse.dispatch,
    "{0}/shareInvitations$": WellArchitectedResponse.dispatch,
    "{0}/shareInvitations/(?P<ShareInvitationId>[^/]+)$": WellArchitectedResponse.dispatch,
    "{0}/tags/(?P<WorkloadArn>.+)$": WellArchitectedResponse.dispatch,
    "{0}/templates/shares/(?P<TemplateArn>.+)$": WellArchitectedResponse.dispatch,
    "{0}/workloads$": WellArchitectedResponse.dispatch,
    "{0}/workloads/(?P<WorkloadId>[^/]+)$": WellArchitectedResponse.dispatch,
    "{0}/workloads/(?P<WorkloadId>[^/]+)/shares$": WellArchitectedResponse.dispatch,
    "{0}/workloads/(?P<WorkloadId>[^/]+)/shares/(?P<ShareId>[^/]+)$": WellArchitectedResponse.dispatch,
    "{0}/workloadsSummaries$": WellArchitectedResponse.dispatch,
}
