"""The address that WebSub hubs call."""

from django.urls import path

from videos import push_callback

urlpatterns = [path("push/<str:key>", push_callback.callback, name="push-callback")]
