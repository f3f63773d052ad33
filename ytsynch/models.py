"""What belongs to the service as a whole."""

from django.conf import settings
from django.db import models


class Tries(models.Model):
    """How often somebody has tried something lately: see `ytsynch.security.limits`."""

    key = models.CharField(primary_key=True, max_length=64, help_text="SHA-256 of what and who.")
    count = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True, help_text="When counting begins anew.")

    class Meta:
        verbose_name_plural = "tries"

    def __str__(self) -> str:
        return f"{self.count} until {self.ends_at}"


class StaffAccount(models.Model):
    """What Django's own user does not know of a member of the staff: see `ytsynch.staff`."""

    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, primary_key=True, on_delete=models.CASCADE, related_name="staff_account"
    )
    google_subject = models.CharField(  # noqa: DJ001 (many have none: an empty text could not be unique)
        max_length=64,
        null=True,
        unique=True,
        help_text="Google's stable id of the account that signs in as this one.",
    )
    sessions_count_from = models.DateTimeField(
        null=True, help_text="Sessions that began before this moment are over."
    )

    def __str__(self) -> str:
        return f"staff account of {self.user}"
