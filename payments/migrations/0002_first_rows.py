"""The rules that staff change, and the lookout for payments of others. Nothing is rewarded until staff say
since when.
"""

from django.db import migrations


def make_rows(apps, schema_editor):
    apps.get_model("payments", "RewardRules").objects.create(pk=1)
    apps.get_model("payments", "Lookout").objects.create(pk=1)


def drop_rows(apps, schema_editor):
    apps.get_model("payments", "RewardRules").objects.all().delete()
    apps.get_model("payments", "Lookout").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("payments", "0001_initial"), ("ypp", "0008_rewards")]

    operations = [migrations.RunPython(make_rows, drop_rows)]
