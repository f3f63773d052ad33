from django.apps import AppConfig
from django.db.models.signals import post_migrate


class YtsynchConfig(AppConfig):
    name = "ytsynch"
    verbose_name = "Service"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from ytsynch import roles  # after the apps are ready

        # Django makes permissions at this moment too, and was asked first
        post_migrate.connect(roles.make, dispatch_uid="ytsynch.roles")
