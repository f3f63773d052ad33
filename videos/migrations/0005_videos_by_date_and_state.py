"""Orderings and filters of the public API. The indexes are made beside the service's work, not in its way."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("videos", "0004_push_and_feeds")]

    operations = [
        AddIndexConcurrently(
            "video", models.Index(fields=["-published_at", "-id"], name="video_newest_first")
        ),
        AddIndexConcurrently(
            "video",
            models.Index(
                fields=["state", "-id"],
                condition=models.Q(state__in=["skipped", "removed"]),
                name="video_not_brought_over",
            ),
        ),
    ]
