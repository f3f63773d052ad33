"""Which events their creators have been told of, and when Google was last asked about a permission.

What happened before this migration counts as told: nobody gets letters about the past.
"""

from django.db import migrations, models
from django.db.models.functions import Now

HELP = "If it is for its creator to know, a letter is written."


class Migration(migrations.Migration):
    dependencies = [("channels", "0003_service_switches")]

    operations = [
        migrations.AddField(
            model_name="channelevent",
            name="is_told",
            field=models.BooleanField(db_default=True, editable=False, help_text=HELP),
        ),
        migrations.AlterField(
            model_name="channelevent",
            name="is_told",
            field=models.BooleanField(db_default=False, editable=False, help_text=HELP),
        ),
        migrations.AddField(
            model_name="creator",
            name="grant_checked_at",
            field=models.DateTimeField(
                db_default=Now(),
                editable=False,
                help_text="When Google was last asked whether the permission holds.",
            ),
        ),
        migrations.AddIndex(
            model_name="channelevent",
            index=models.Index(
                condition=models.Q(("is_told", False)), fields=["id"], name="event_to_be_told"
            ),
        ),
        migrations.AddIndex(
            model_name="creator",
            index=models.Index(
                condition=models.Q(("grant__isnull", False)),
                fields=["grant_checked_at"],
                name="grant_to_be_checked",
            ),
        ),
    ]
