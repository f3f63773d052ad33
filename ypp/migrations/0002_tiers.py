"""The tiers as the programme knows them today. Staff change the numbers at run time."""

from django.db import migrations

GIGABYTE = 10**9

TIERS = (
    # name, from how many subscribers, old videos, gigabytes of them, weight in the queue
    ("bronze", 0, 50, 50, 1),
    ("silver", 1_000, 100, 100, 2),
    ("gold", 10_000, 250, 250, 3),
    ("diamond", 100_000, 1_000, 1_000, 4),
)


def make_tiers(apps, schema_editor):
    tier = apps.get_model("ypp", "Tier")
    for name, subscribers, videos, gigabytes, weight in TIERS:
        tier.objects.create(
            name=name,
            min_subscribers=subscribers,
            max_old_videos=videos,
            max_old_bytes=gigabytes * GIGABYTE,
            weight=weight,
        )


def drop_tiers(apps, schema_editor):
    apps.get_model("ypp", "Tier").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("ypp", "0001_initial")]

    operations = [migrations.RunPython(make_tiers, drop_tiers)]
