"""Views for reading by other programs (Retool). `manage.py create_reader` makes a role that may read them and
nothing else.

Their columns are what others rely on: a later migration may add some at the end (CREATE OR REPLACE VIEW), and
has to drop and make a view anew when a column beneath it changes its type.
"""

from django.db import migrations

PAYMENTS = """
CREATE VIEW retool_payments AS
SELECT p.id, p.joystream_channel_id, p.reward_account, p.youtube_channel_title, p.youtube_channel_id,
       p.block AS block_number, p.executed_at AS block_executed, p.action, p.amount AS amount_hapi,
       (p.amount::numeric / 10000000000) AS amount_joy, p.rationale, p.payer_member_id, p.extrinsic,
       l.round_id AS round
FROM payments_payment p LEFT JOIN payments_line l ON l.id = p.line_id
"""

CHANNELS = """
CREATE VIEW retool_channels AS
SELECT c.id, c.youtube_id AS youtube_channel_id, c.handle, c.title, c.joystream_channel_id,
       c.referrer_channel_id, c.status, nullif(c.tier, '') AS tier,
       nullif(c.suspension_reason, '') AS suspension_reason, nullif(c.pause, '') AS pause, c.subscribers,
       nullif(c.language, '') AS language, nullif(c.country, '') AS country, a.name AS app,
       c.created_at AS signed_up_at, c.published_at AS opened_at,
       (SELECT coalesce(sum(e.cents), 0) FROM payments_earning e WHERE e.channel_id = c.id)::numeric / 100
         AS earned_usd,
       (SELECT coalesce(sum(p.amount), 0) FROM payments_payment p WHERE p.channel_id = c.id)::numeric
         / 10000000000 AS paid_joy
FROM channels_channel c JOIN channels_app a ON a.id = c.app_id
WHERE c.joystream_channel_id IS NOT NULL
"""

VIDEOS = """
CREATE VIEW retool_videos AS
SELECT v.id, v.youtube_id AS youtube_video_id, c.youtube_id AS youtube_channel_id, c.joystream_channel_id,
       v.joystream_video_id, v.title, v.state, nullif(v.reason, '') AS reason, v.duration, v.views,
       v.published_at AS published_on_youtube_at, v.published_on_joystream_at,
       v.created_in_block AS block_number
FROM videos_video v JOIN channels_channel c ON c.id = v.channel_id
WHERE c.joystream_channel_id IS NOT NULL AND v.privacy = 'public'
"""


class Migration(migrations.Migration):
    dependencies = [
        ("payments", "0002_first_rows"),
        ("channels", "0010_hidden_subscribers"),
        ("videos", "0008_versions_of_the_tool"),
    ]

    operations = [
        migrations.RunSQL(PAYMENTS, "DROP VIEW retool_payments"),
        migrations.RunSQL(CHANNELS, "DROP VIEW retool_channels"),
        migrations.RunSQL(VIDEOS, "DROP VIEW retool_videos"),
    ]
