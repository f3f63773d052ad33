"""The addresses that YouTube sees us by, and what each of them heard of a video."""

import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("videos", "0005_videos_by_date_and_state"),
    ]

    operations = [
        migrations.AddField(
            model_name="video",
            name="answers",
            field=models.JSONField(
                blank=True,
                db_default={},
                default=dict,
                help_text="Address → code with which YouTube refused it there.",
            ),
        ),
        migrations.CreateModel(
            name="ProxyAddress",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "key",
                    models.CharField(
                        help_text="SHA-256 of the proxy's URL, or «direct».", max_length=64, unique=True
                    ),
                ),
                ("name", models.CharField(help_text="Host and port.", max_length=200)),
                (
                    "standing",
                    models.CharField(
                        choices=[("trusted", "In use"), ("cooling", "Excluded for a while")],
                        default="trusted",
                        max_length=8,
                    ),
                ),
                (
                    "blocks",
                    models.PositiveSmallIntegerField(
                        default=0, help_text="Exclusions since it last proved itself."
                    ),
                ),
                (
                    "pause",
                    models.FloatField(
                        default=0.0, help_text="Seconds between two videos through it; tunes itself."
                    ),
                ),
                ("next_use_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("successes", models.PositiveBigIntegerField(default=0)),
                ("last_used_at", models.DateTimeField(blank=True, null=True)),
                ("last_success_at", models.DateTimeField(blank=True, null=True)),
                (
                    "last_error",
                    models.TextField(blank=True, help_text="What YouTube or the proxy said, word for word."),
                ),
            ],
            options={
                "ordering": ["name"],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("standing__in", ["trusted", "cooling"])),
                        name="address_standing_is_known",
                    )
                ],
            },
        ),
    ]
