"""Pages of the programme."""

from django.urls import path

from ypp.letters.views import unsubscribe

urlpatterns = [
    path("letters/unsubscribe/<str:token>", unsubscribe, name="unsubscribe"),
]
