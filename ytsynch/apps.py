from django.apps import AppConfig


class YtsynchConfig(AppConfig):
    name = "ytsynch"
    verbose_name = "Service"
    default_auto_field = "django.db.models.BigAutoField"
