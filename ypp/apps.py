from django.apps import AppConfig


class YppConfig(AppConfig):
    name = "ypp"
    verbose_name = "YouTube Partner Programme"
    default_auto_field = "django.db.models.BigAutoField"
