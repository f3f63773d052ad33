"""Counts of the queue by state, band and bucket of tags (see `videos.places`), kept by triggers, so that also a
running older version of the service keeps them; and how long a video takes to pass a stage.

Writing to videos waits while the queue is counted for the first time: some seconds for a million of rows.
"""

from django.db import migrations, models

CHANGED = """
    INSERT INTO videos_queuecount (state, band, level, bucket, videos, is_sum)
    SELECT state, band, level, floor(tag / width)::bigint, sum(sign), {is_sum}
    FROM ({rows}) AS changed, (VALUES (0, 1), (1, 256), (2, 65536)) AS levels (level, width)
    WHERE held = '' AND state IN ('new', 'downloaded', 'created', 'uploaded')
    GROUP BY 1, 2, 3, 4 HAVING sum(sign) <> 0;
"""

ROWS = "SELECT state, held, band, tag, {sign} AS sign FROM {table}"


def changed(**tables: int) -> str:
    """Note the rows of the tables, each with its sign."""
    rows = " UNION ALL ".join(ROWS.format(table=table, sign=sign) for table, sign in tables.items())
    return CHANGED.format(rows=rows, is_sum="false")


COUNT = f"""
CREATE FUNCTION videos_count_entered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {changed(entered=1)}
    RETURN NULL;
END $$;

CREATE FUNCTION videos_count_moved() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {changed(before=-1, after=1)}
    RETURN NULL;
END $$;

CREATE FUNCTION videos_count_gone() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    {changed(gone=-1)}
    RETURN NULL;
END $$;

CREATE TRIGGER videos_entered AFTER INSERT ON videos_video REFERENCING NEW TABLE AS entered
    FOR EACH STATEMENT EXECUTE FUNCTION videos_count_entered();
CREATE TRIGGER videos_moved AFTER UPDATE ON videos_video REFERENCING OLD TABLE AS before NEW TABLE AS after
    FOR EACH STATEMENT EXECUTE FUNCTION videos_count_moved();
CREATE TRIGGER videos_gone AFTER DELETE ON videos_video REFERENCING OLD TABLE AS gone
    FOR EACH STATEMENT EXECUTE FUNCTION videos_count_gone();

{CHANGED.format(rows=ROWS.format(table="videos_video", sign=1), is_sum="true")}

ALTER TABLE videos_queuecount SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 10000);
"""  # noqa: S608 (our own constants)

FORGET = """
DROP TRIGGER videos_gone ON videos_video;
DROP TRIGGER videos_moved ON videos_video;
DROP TRIGGER videos_entered ON videos_video;
DROP FUNCTION videos_count_gone();
DROP FUNCTION videos_count_moved();
DROP FUNCTION videos_count_entered();
"""


class Migration(migrations.Migration):
    dependencies = [("videos", "0009_second_looks_and_changes")]

    operations = [
        migrations.AddField(
            "stagepace",
            "seconds",
            models.FloatField(default=0.0, db_default=0.0, help_text="That all of these took together."),
        ),
        migrations.CreateModel(
            name="QueueCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("state", models.CharField(max_length=12)),
                ("band", models.PositiveSmallIntegerField()),
                (
                    "level",
                    models.PositiveSmallIntegerField(help_text="Which of the widths the bucket has."),
                ),
                (
                    "bucket",
                    models.BigIntegerField(help_text="The tag divided by the width, rounded down."),
                ),
                ("videos", models.IntegerField()),
                ("is_sum", models.BooleanField()),
            ],
            options={
                "indexes": [
                    models.Index(
                        fields=["state", "level", "band", "bucket"], include=["videos"], name="queue_count"
                    ),
                    models.Index(fields=["id"], condition=models.Q(is_sum=False), name="queue_count_to_fold"),
                    models.Index(
                        fields=["id"], condition=models.Q(is_sum=True, videos=0), name="queue_count_empty"
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        fields=["state", "band", "level", "bucket"],
                        condition=models.Q(is_sum=True),
                        name="one_sum_a_bucket",
                    )
                ],
            },
        ),
        migrations.RunSQL(COUNT, FORGET),
    ]
