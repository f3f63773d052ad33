"""What YouTube says of a video, in its row."""

from videos.models import Video
from ytsynch.youtube.data_api import YouTubeVideo


def fill(video: Video, facts: YouTubeVideo) -> list[str]:
    """Write the facts into the row, which the caller saves. Returns the names of the fields."""
    values = {
        "title": facts.title,
        "description": facts.description,
        "published_at": facts.published_at,
        "duration": facts.duration,
        "language": facts.default_audio_language or facts.default_language,
        "youtube_category_id": facts.category_id,
        "license": facts.license,
        "privacy": facts.privacy_status,
        "broadcast": facts.live_broadcast_content,
        "scheduled_start_at": facts.scheduled_start_at,
        "is_hd": facts.definition == "hd",
        "has_paid_promotion": facts.paid_promotion,
        "is_age_restricted": facts.age_restricted,
        "views": facts.view_count or 0,
        "likes": facts.like_count or 0,
        "thumbnails": facts.thumbnails,
    }
    for name, value in values.items():
        setattr(video, name, value)
    return list(values)


def are_missing(video: Video) -> bool:
    """Whether YouTube has never shown us the video: it was listed, but private or deleted."""
    return not video.title and not video.duration
