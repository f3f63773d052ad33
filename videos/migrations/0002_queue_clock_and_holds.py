"""The queue's clock row, and the triggers that keep `Video.held` equal to its channel's pause.

A trigger rather than code: whoever pauses a channel, by whatever way, holds its queued videos in the same
statement, and nobody can forget it. What is on chain already is finished whatever happens to the channel, so
only the states before that are held.
"""

from django.db import migrations

HOLD = """
CREATE FUNCTION videos_hold_with_channel() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE videos_video SET held = NEW.pause WHERE channel_id = NEW.id AND state IN ('new', 'downloaded') AND held <> NEW.pause;
    RETURN NULL;
END $$;

CREATE TRIGGER channel_pause_holds_videos AFTER UPDATE OF pause ON channels_channel
    FOR EACH ROW WHEN (OLD.pause IS DISTINCT FROM NEW.pause) EXECUTE FUNCTION videos_hold_with_channel();

CREATE FUNCTION videos_take_hold_of_channel() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.state IN ('new', 'downloaded') THEN
        SELECT pause INTO NEW.held FROM channels_channel WHERE id = NEW.channel_id;
    ELSE
        NEW.held := '';
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER video_takes_hold_of_channel BEFORE INSERT OR UPDATE OF state ON videos_video
    FOR EACH ROW EXECUTE FUNCTION videos_take_hold_of_channel();
"""

RELEASE = """
DROP TRIGGER video_takes_hold_of_channel ON videos_video;
DROP FUNCTION videos_take_hold_of_channel();
DROP TRIGGER channel_pause_holds_videos ON channels_channel;
DROP FUNCTION videos_hold_with_channel();
"""


def start_clock(apps, schema_editor):
    apps.get_model("videos", "QueueClock").objects.create(pk=1, time=0.0)


def stop_clock(apps, schema_editor):
    apps.get_model("videos", "QueueClock").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("videos", "0001_initial"), ("channels", "0001_initial")]

    operations = [migrations.RunSQL(HOLD, RELEASE), migrations.RunPython(start_clock, stop_clock)]
