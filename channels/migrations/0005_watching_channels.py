"""How each channel is watched: its rhythm, its feed, its listings, its refreshes."""

import datetime

import django.db.models.expressions
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0004_letters_and_grant_checks"),
    ]

    operations = [
        migrations.AddField(
            model_name="channel",
            name="check_every",
            field=models.PositiveIntegerField(
                db_default=0,
                default=0,
                help_text="Seconds between two looks, as its rhythm and its push have them. 0: not known yet.",
            ),
        ),
        migrations.AddField(
            model_name="channel",
            name="feed_silent_since",
            field=models.DateTimeField(blank=True, help_text="Since when its feed says nothing.", null=True),
        ),
        migrations.AddField(
            model_name="channel",
            name="listed_at",
            field=models.DateTimeField(blank=True, help_text="When all uploads were last listed.", null=True),
        ),
        migrations.AddField(
            model_name="channel",
            name="looked_at",
            field=models.DateTimeField(
                blank=True, help_text="When new uploads were last looked for.", null=True
            ),
        ),
        migrations.AddField(
            model_name="channel",
            name="missing_since",
            field=models.DateTimeField(
                blank=True, help_text="Since when YouTube's API does not show it.", null=True
            ),
        ),
        migrations.AddField(
            model_name="channel",
            name="needs_listing",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="There are uploads that its feed does not show: all are to be listed.",
            ),
        ),
        migrations.AddField(
            model_name="channel",
            name="next_refresh_at",
            field=models.DateTimeField(
                db_default=django.db.models.expressions.CombinedExpression(
                    django.db.models.functions.datetime.Now(), "+", models.Value(datetime.timedelta(days=1))
                )
            ),
        ),
        migrations.AddField(
            model_name="channel",
            name="refreshed_at",
            field=models.DateTimeField(
                db_default=django.db.models.functions.datetime.Now(),
                help_text="When YouTube last showed the channel.",
            ),
        ),
        migrations.AddIndex(
            model_name="channel",
            index=models.Index(
                condition=models.Q(
                    ("joystream_channel_id__isnull", False), models.Q(("status", "opted_out"), _negated=True)
                ),
                fields=["next_refresh_at"],
                name="channel_due_for_refresh",
            ),
        ),
    ]
