"""Which videos everybody may know of. Discovery reads with the creator's permission, so there are rows of
videos that YouTube shows to nobody else: these are for their creator and for staff alone.
"""

from django.db.models import Q

NOT_PUBLIC = frozenset({"video_private", "video_unlisted", "video_deleted", "channel_terminated"})
"""Reasons that say that the public cannot see the video on YouTube: it is not missing on Joystream."""

PUBLIC_ON_YOUTUBE = Q(privacy="public") & ~Q(reason__in=sorted(NOT_PUBLIC))
ON_JOYSTREAM = Q(joystream_video_id__isnull=False)
"""What is there is public, whatever became of it on YouTube."""

FOR_EVERYBODY = PUBLIC_ON_YOUTUBE | ON_JOYSTREAM
