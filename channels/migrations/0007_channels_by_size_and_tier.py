"""Orderings and filters of the public API. The indexes are made beside the service's work, not in its way."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("channels", "0006_added_channels_and_rechecks")]

    operations = [
        AddIndexConcurrently(
            "channel", models.Index(fields=["-subscribers", "-id"], name="channel_largest_first")
        ),
        AddIndexConcurrently(
            "channel",
            models.Index(fields=["tier", "-id"], condition=~models.Q(tier=""), name="channel_by_tier"),
        ),
    ]
