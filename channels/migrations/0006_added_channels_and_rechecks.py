"""Channels that staff add, when Joystream is asked about each channel, and what each lane can still pay."""

import datetime

import django.db.models.expressions
import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0005_watching_channels"),
    ]

    operations = [
        migrations.AddField(
            model_name="channel",
            name="added_by_staff",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Its owner has not signed in: its uploads are listed from its public pages.",
            ),
        ),
        migrations.AddField(
            model_name="channel",
            name="catalogue_limit",
            field=models.PositiveIntegerField(
                blank=True,
                help_text="Older videos that staff want, as far as the tier allows them.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="channel",
            name="next_recheck_at",
            field=models.DateTimeField(
                db_default=django.db.models.expressions.CombinedExpression(
                    django.db.models.functions.datetime.Now(), "+", models.Value(datetime.timedelta(days=1))
                ),
                help_text="When Joystream is asked about it next.",
            ),
        ),
        migrations.AddField(
            model_name="channel",
            name="recheck_every",
            field=models.PositiveIntegerField(
                db_default=0, default=0, help_text="Seconds between two such questions while it is paused."
            ),
        ),
        migrations.AddField(
            model_name="lane",
            name="balance",
            field=models.DecimalField(
                blank=True,
                decimal_places=0,
                editable=False,
                help_text="HAPI, last seen.",
                max_digits=39,
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="lane",
            name="days_left",
            field=models.FloatField(
                blank=True,
                editable=False,
                help_text="How long it lasts at the pace of the last day.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="lane",
            name="dry_since",
            field=models.DateTimeField(
                blank=True,
                editable=False,
                help_text="Since when it is too small for the next video.",
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="lane",
            name="needs",
            field=models.DecimalField(
                blank=True,
                decimal_places=0,
                editable=False,
                help_text="HAPI that the next video takes, while it is dry.",
                max_digits=39,
                null=True,
            ),
        ),
        migrations.AddField(
            model_name="lane",
            name="next_balance_check_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
        ),
        migrations.AlterField(
            model_name="channel",
            name="feed_silent_since",
            field=models.DateTimeField(blank=True, help_text="Since when its feed is silent.", null=True),
        ),
        migrations.AlterField(
            model_name="channel",
            name="looked_at",
            field=models.DateTimeField(
                blank=True, help_text="When we last looked for new uploads.", null=True
            ),
        ),
        migrations.AddIndex(
            model_name="channel",
            index=models.Index(
                condition=models.Q(
                    ("joystream_channel_id__isnull", False), models.Q(("status", "opted_out"), _negated=True)
                ),
                fields=["next_recheck_at"],
                name="channel_due_for_recheck",
            ),
        ),
    ]
