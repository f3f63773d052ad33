"""The first and the last video of a channel before each stage. The index is made beside the service's work, and the
one that it replaces goes when it is there.
"""

from django.contrib.postgres.operations import AddIndexConcurrently, RemoveIndexConcurrently
from django.db import migrations, models


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("videos", "0010_counts_of_the_queue")]

    operations = [
        AddIndexConcurrently(
            "video",
            models.Index(fields=["channel", "state", "band", "tag", "id"], name="video_of_channel_in_order"),
        ),
        RemoveIndexConcurrently("video", "video_by_channel_and_state"),
    ]
