"""The collection of rewards looks at what was published lately. The index is made beside the service's work."""

from django.contrib.postgres.operations import AddIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("videos", "0013_changes_without_files")]

    operations = [
        AddIndexConcurrently(
            "video",
            models.Index(
                fields=["published_on_joystream_at"],
                condition=models.Q(published_on_joystream_at__isnull=False),
                name="video_by_arrival",
            ),
        ),
    ]
