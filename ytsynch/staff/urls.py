"""Addresses between the password and the admin: beneath the admin's own, so the same rules hold for them."""

from django.urls import path

from ytsynch.staff import views

app_name = "staff"

urlpatterns = [
    path("second-factor/", views.check, name="check"),
    path("second-factor/set-up/", views.set_up, name="set_up"),
    path("second-factor/recovery-codes/", views.recovery_codes, name="recovery_codes"),
    path("login/google/", views.to_google, name="to_google"),
    path("login/google/complete/", views.from_google, name="from_google"),
]
