"""Makes the devnet's commands known to `manage.py`; it has no models."""

from django.apps import AppConfig


class DevnetConfig(AppConfig):
    name = "ytsynch.devnet"
    label = "devnet"
    verbose_name = "Devnet"
