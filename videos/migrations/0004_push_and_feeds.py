"""Push notifications, and videos that were found by push or feed, without the Data API."""

import django.db.models.deletion
import django.db.models.functions.datetime
from django.db import migrations, models

import videos.discovery.models
import ytsynch.encrypted_field


class Migration(migrations.Migration):
    dependencies = [
        ("channels", "0005_watching_channels"),
        ("videos", "0003_workers_and_ages"),
    ]

    operations = [
        migrations.CreateModel(
            name="Announcement",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("youtube_id", models.CharField(max_length=11)),
                ("updated_at", models.DateTimeField(help_text="The version, as the notice dates it.")),
                (
                    "noted_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(), editable=False
                    ),
                ),
                (
                    "settled_at",
                    models.DateTimeField(
                        blank=True, help_text="When YouTube itself was asked about it.", null=True
                    ),
                ),
            ],
        ),
        migrations.CreateModel(
            name="Hub",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("address", models.URLField(max_length=300, unique=True)),
                (
                    "failures",
                    models.PositiveSmallIntegerField(default=0, help_text="Failed requests in a row."),
                ),
                ("failing_since", models.DateTimeField(blank=True, null=True)),
                ("ask_again_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name="HubDay",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("day", models.DateField()),
                (
                    "announced",
                    models.PositiveIntegerField(
                        default=0, help_text="Told of within an hour of our own look."
                    ),
                ),
                (
                    "missed",
                    models.PositiveIntegerField(default=0, help_text="Found by a look of our own alone."),
                ),
            ],
            options={
                "ordering": ["-day"],
            },
        ),
        migrations.CreateModel(
            name="Subscription",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "callback_key",
                    models.CharField(
                        default=videos.discovery.models.new_key, editable=False, max_length=40, unique=True
                    ),
                ),
                (
                    "secret",
                    ytsynch.encrypted_field.EncryptedJSONField(
                        default=videos.discovery.models.new_key,
                        editable=False,
                        help_text="What the hub signs with.",
                    ),
                ),
                (
                    "wanted",
                    models.CharField(
                        choices=[("subscribe", "Notices"), ("unsubscribe", "No more notices")],
                        default="subscribe",
                        max_length=12,
                    ),
                ),
                (
                    "asked_at",
                    models.DateTimeField(blank=True, help_text="When the hub was asked last.", null=True),
                ),
                (
                    "live_since",
                    models.DateTimeField(
                        blank=True, help_text="Since when leases follow each other.", null=True
                    ),
                ),
                ("lease_ends_at", models.DateTimeField(blank=True, null=True)),
                (
                    "next_request_at",
                    models.DateTimeField(
                        db_default=django.db.models.functions.datetime.Now(),
                        help_text="When the hub is asked next.",
                    ),
                ),
                ("last_notice_at", models.DateTimeField(blank=True, null=True)),
                (
                    "refusal",
                    models.TextField(
                        blank=True, help_text="What the hub said when it refused, word for word."
                    ),
                ),
            ],
        ),
        migrations.AddField(
            model_name="video",
            name="describe_at",
            field=models.DateTimeField(db_default=django.db.models.functions.datetime.Now(), editable=False),
        ),
        migrations.AddField(
            model_name="video",
            name="found_by",
            field=models.CharField(
                blank=True,
                choices=[
                    ("catalogue", "Listing of the back catalogue"),
                    ("push", "Push notification"),
                    ("feed", "Feed"),
                    ("listing", "Listing"),
                ],
                db_default="",
                editable=False,
                max_length=10,
            ),
        ),
        migrations.AddField(
            model_name="video",
            name="needs_description",
            field=models.BooleanField(
                db_default=False,
                default=False,
                help_text="Found without the Data API, which is still to be asked about it.",
            ),
        ),
        migrations.AddIndex(
            model_name="video",
            index=models.Index(
                condition=models.Q(("needs_description", True)),
                fields=["describe_at"],
                name="video_to_be_described",
            ),
        ),
        migrations.AddField(
            model_name="announcement",
            name="channel",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="announcements",
                to="channels.channel",
            ),
        ),
        migrations.AddField(
            model_name="hubday",
            name="hub",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE, related_name="days", to="videos.hub"
            ),
        ),
        migrations.AddField(
            model_name="subscription",
            name="channel",
            field=models.OneToOneField(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="subscription",
                to="channels.channel",
            ),
        ),
        migrations.AddField(
            model_name="subscription",
            name="hub",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="subscriptions", to="videos.hub"
            ),
        ),
        migrations.AddIndex(
            model_name="announcement",
            index=models.Index(
                condition=models.Q(("settled_at", None)), fields=["channel"], name="announcement_open"
            ),
        ),
        migrations.AddIndex(
            model_name="announcement",
            index=models.Index(fields=["noted_at"], name="announcement_by_age"),
        ),
        migrations.AddConstraint(
            model_name="announcement",
            constraint=models.UniqueConstraint(
                fields=("channel", "youtube_id", "updated_at"), name="a_version_is_announced_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="hubday",
            constraint=models.UniqueConstraint(fields=("hub", "day"), name="one_count_a_hub_and_day"),
        ),
        migrations.AddIndex(
            model_name="subscription",
            index=models.Index(fields=["next_request_at"], name="subscription_due"),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(("wanted__in", ["subscribe", "unsubscribe"])),
                name="subscription_wish_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="subscription",
            constraint=models.CheckConstraint(
                condition=models.Q(("lease_ends_at", None), ("live_since__isnull", False), _connector="OR"),
                name="a_lease_began",
            ),
        ),
    ]
