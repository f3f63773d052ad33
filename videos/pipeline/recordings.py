"""The recording of a live stream grows for hours after the stream: YouTube first gives a stub, or the last two
hours alone (faults.md Y20).

It is taken once its length has been the same for an hour, as the Data API tells it; that the file is as long is
seen after the download. A stream that ended a day ago has its recording.
"""

from datetime import UTC, datetime, timedelta

from django.conf import settings

from videos import outside, quota
from videos.models import Video
from ytsynch.youtube.errors import RecordingNotReady

STEADY = timedelta(hours=1)
SETTLED = timedelta(days=1)


def require_complete(video: Video) -> None:
    """Raises `RecordingNotReady` for a recording that may still grow. Costs a unit of quota, for streams alone."""
    if not settings.CONFIG.sync.limits.recordings or video.scheduled_start_at is None:
        return
    facts = outside.data_api(quota.Purpose.SYNC).videos([video.youtube_id]).get(video.youtube_id)
    if facts is None or facts.actual_end_at is None:
        return
    now = datetime.now(UTC)
    if now - facts.actual_end_at > SETTLED:
        return
    seen = video.recording
    if not facts.duration or seen.get("duration") != facts.duration:
        video.recording = {"duration": facts.duration, "since": now.isoformat()}
        Video.objects.filter(pk=video.pk).update(recording=video.recording, duration=facts.duration)
        raise RecordingNotReady(f"the Data API says that it is {facts.duration} s long now")
    if now - datetime.fromisoformat(seen["since"]) < STEADY:
        raise RecordingNotReady(f"{facts.duration} s long, and not for an hour yet")
