"""The paths of the public API, and of the documentation of everything."""

from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularRedocView, SpectacularSwaggerSplitView

from api.views import channels, payments, programme, service, videos

V1 = [
    path("", service.RootView.as_view(), name="root"),
    path("channels/", channels.ChannelsView.as_view(), name="channels"),
    path("channels/<str:id>/", channels.ChannelView.as_view()),
    path("channels/<str:id>/videos/", channels.VideosOfChannelView.as_view()),
    path("channels/<str:id>/payments/", payments.PaymentsOfChannelView.as_view()),
    path("payments/", payments.PaymentsView.as_view(), name="payments"),
    path("videos/", videos.VideosView.as_view(), name="videos"),
    path("videos/<str:youtube_id>/", videos.VideoView.as_view()),
    path("replications/", videos.ReplicationsView.as_view(), name="replications"),
    path("tiers/", programme.TiersView.as_view(), name="tiers"),
    path("requirements/", programme.RequirementsView.as_view(), name="requirements"),
    path("apps/", programme.AppsView.as_view(), name="apps"),
    path("metrics/", service.MetricsView.as_view(), name="metrics"),
]

urlpatterns = [
    path("api/v1/", include((V1, "api"))),
    re_path(r"^api/.*/$", service.NowhereView.as_view()),
    path("schema", service.DocumentView.as_view(), name="schema"),
    path("docs", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="docs"),
    path("docs/redoc", SpectacularRedocView.as_view(url_name="schema"), name="redoc"),
]
