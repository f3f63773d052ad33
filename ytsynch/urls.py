"""Which address leads where."""

from django.contrib import admin
from django.urls import include, path

urlpatterns = [
    path("admin/", include("ytsynch.staff.urls")),
    path("", include("channels.urls")),
    path("", include("videos.urls")),
    path("", include("ypp.urls")),
    path("", include("api.urls")),
    path("", include("atlas.urls")),
    path("", include("pages.urls")),
    path("admin/", admin.site.urls),  # the last: it takes whatever begins so
]

handler400 = "pages.views.errors.bad_request"
handler403 = "pages.views.errors.forbidden"
handler404 = "pages.views.errors.not_found"
handler500 = "pages.views.errors.failed"
