"""What belongs to the service as a whole."""

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
