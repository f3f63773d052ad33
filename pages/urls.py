"""Addresses of the creators' pages."""

from django.urls import URLPattern, URLResolver, path, register_converter
from django.urls.converters import StringConverter

from pages.views import account, channel, dashboard, entrance, landing, payouts, rebinding, sign_up

app_name = "pages"


class YouTubeId(StringConverter):
    """Of a YouTube channel."""

    regex = "UC[0-9A-Za-z_-]{22}"


register_converter(YouTubeId, "youtube_id")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", landing.landing, name="landing"),
    path("numbers/", landing.numbers, name="numbers"),
    path("terms/", landing.terms, name="terms"),
    path("robots.txt", landing.robots),
    # in and out
    path("sign-in/", entrance.sign_in, name="sign_in"),
    path("oauth/login/<str:backend>/", entrance.begin, name="begin"),
    path("oauth/complete/<str:backend>/", entrance.complete, name="complete"),
    path("arrival/", entrance.arrival, name="arrival"),
    path("sign-out/", entrance.sign_out, name="sign_out"),
    # sign-up
    path("sign-up/", sign_up.youtube, name="sign_up"),
    path("sign-up/youtube/", sign_up.measured, name="measured"),
    path("sign-up/joystream/", sign_up.joystream, name="joystream"),
    path("sign-up/joystream/proof/", sign_up.proof, name="proof"),
    path("sign-up/details/", sign_up.details, name="details"),
    path("sign-up/details/collaborator/", sign_up.collaborator, name="collaborator"),
    # the dashboard
    path("dashboard/", dashboard.overview, name="overview"),
    path("dashboard/<youtube_id:youtube_id>/", dashboard.channel, name="channel"),
    path("dashboard/<youtube_id:youtube_id>/live/", dashboard.live, name="live"),
    path("dashboard/<youtube_id:youtube_id>/pause/", channel.pause, name="pause"),
    path("dashboard/<youtube_id:youtube_id>/resume/", channel.resume, name="resume"),
    path("dashboard/<youtube_id:youtube_id>/settings/", channel.settings, name="settings"),
    path("dashboard/<youtube_id:youtube_id>/category/", channel.category, name="category"),
    path("dashboard/<youtube_id:youtube_id>/when-gone/", channel.when_gone, name="when_gone"),
    path("dashboard/<youtube_id:youtube_id>/email/", channel.email, name="email"),
    path("dashboard/<youtube_id:youtube_id>/payouts/", payouts.payouts_of, name="payouts"),
    path("dashboard/<youtube_id:youtube_id>/leave/", channel.leave, name="leave"),
    path("dashboard/<youtube_id:youtube_id>/come-back/", channel.come_back, name="come_back"),
    path("dashboard/<youtube_id:youtube_id>/appeal/", channel.appeal, name="appeal"),
    path("dashboard/<youtube_id:youtube_id>/joystream/", rebinding.choose, name="rebind"),
    path("dashboard/<youtube_id:youtube_id>/joystream/proof/", rebinding.proof, name="rebind_proof"),
    # the dashboard, as staff look at it: beneath the admin, and as closed
    path("admin/as-creator/<youtube_id:youtube_id>/", dashboard.as_creator, name="as_creator"),
    path("admin/as-creator/<youtube_id:youtube_id>/live/", dashboard.live_as_creator, name="live_as_creator"),
    # the account
    path("account/", account.account, name="account"),
    path("account/delete/", account.delete, name="delete_account"),
]
