"""The paths of the Atlas API: no version, no slash at the end."""

from django.urls import path, register_converter
from django.urls.converters import StringConverter

from atlas.views import channels, operators, owners, sign_up, status, users


class Subject(StringConverter):
    """Google's id of an account."""

    regex = "[0-9A-Za-z_.-]{1,64}"


class YouTubeChannelId(StringConverter):
    regex = "UC[0-9A-Za-z_-]{22}"


class Handle(StringConverter):
    """A YouTube handle with its @, in any script."""

    regex = r"@[^/\s\x00]{1,99}"


register_converter(Subject, "subject")
register_converter(YouTubeChannelId, "youtube_channel")
register_converter(Handle, "handle")

urlpatterns = [
    path("users", users.UsersView.as_view()),
    path("users/<subject:user_id>", users.UserView.as_view()),
    path("users/<subject:user_id>/channels", users.UserChannelsView.as_view()),
    path(
        "users/<subject:user_id>/channels/<youtube_channel:youtube_channel_id>/videos",
        users.UserChannelVideosView.as_view(),
    ),
    path("users/<subject:user_id>/videos", users.UserVideosView.as_view()),
    path("membership", sign_up.MembershipView.as_view()),
    path("channels", channels.ChannelsView.as_view()),
    path("channels/unverified", channels.UnverifiedChannelsView.as_view()),
    path("channels/induction/requirements", channels.RequirementsView.as_view()),
    path("channels/suspend", operators.SuspendView.as_view()),
    path("channels/verify", operators.VerifyView.as_view()),
    path("channels/operatorIngestion", operators.OperatorIngestionView.as_view()),
    path("channels/category", operators.OperatorCategoryView.as_view()),
    path("channels/whitelist", operators.WhitelistView.as_view()),
    path("channels/whitelist/<handle:handle>", operators.WhitelistedHandleView.as_view()),
    path("channels/<int:joystream_channel_id>", channels.ChannelView.as_view()),
    path("channels/<int:joystream_channel_id>/videos", channels.ChannelVideosView.as_view()),
    path("channels/<int:joystream_channel_id>/referrals", channels.ReferralsView.as_view()),
    path("channels/<int:joystream_channel_id>/ingest", owners.IngestView.as_view()),
    path("channels/<int:joystream_channel_id>/optout", owners.OptOutView.as_view()),
    path("channels/<int:joystream_channel_id>/category", owners.CategoryView.as_view()),
    path("members/<int:member_id>/channels", channels.MemberChannelsView.as_view()),
    path("referrers/top-referrers", channels.TopReferrersView.as_view()),
    path("status", status.StatusView.as_view()),
    path("status/collaborator", status.CollaboratorView.as_view()),
    *(
        route
        # the former service's address, and the one that Atlas calls
        for root in ("status", "youtube")
        for route in (
            path(f"{root}/quota-usage", status.QuotaUsageView.as_view()),
            path(f"{root}/quota-usage/today", status.QuotaUsageTodayView.as_view()),
        )
    ),
]
