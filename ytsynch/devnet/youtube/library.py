"""The world as it is now: the catalogue with all that has changed since, and who may see what of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pydantic import TypeAdapter

from ytsynch.devnet.youtube.catalogue import Catalogue, Channel, Video
from ytsynch.devnet.youtube.state import State

_VIDEO = TypeAdapter(Video)


def _changed(video: Video, changes: dict[str, Any]) -> Video:
    """`video` with other values, which may come as JSON has them. Raises ValueError when one does not fit."""
    return _VIDEO.validate_python({**vars(video), **changes}) if changes else video


class Library:
    """Channels and videos by id. Changes go to the state, so that they outlive a restart."""

    def __init__(self, catalogue: Catalogue, state: State) -> None:
        self._catalogue = catalogue
        self._state = state
        self.rebuild()

    def rebuild(self) -> None:
        """Apply the changes of the state to the catalogue anew."""
        state = self._state
        self.channels = {
            channel.id: replace(channel, **state.channel_changes.get(channel.id, {}))
            for channel in self._catalogue.channels
        }
        self.videos = {
            video.id: _changed(video, state.video_changes.get(video.id, {}))
            for video in (*self._catalogue.videos, *state.added_videos)
        }
        self._channel_by_handle = {channel.handle.lower(): channel for channel in self.channels.values()}
        self._videos_by_channel: dict[str, list[Video]] = {channel_id: [] for channel_id in self.channels}
        for video in sorted(self.videos.values(), key=lambda video: video.published_at, reverse=True):
            self._videos_by_channel[video.channel_id].append(video)

    def channel_by_handle(self, handle: str) -> Channel | None:
        """`handle` with or without @, in any case."""
        return self._channel_by_handle.get("@" + handle.removeprefix("@").lower())

    def channel_of(self, google_user: str) -> Channel | None:
        return next((each for each in self.channels.values() if each.google_user == google_user), None)

    def may_see_channel(self, channel: Channel, google_user: str | None) -> bool:
        return channel.status == "public" or (
            channel.status == "hidden" and channel.google_user == google_user
        )

    def may_see_facts(self, video: Video, google_user: str | None) -> bool:
        """Whether `videos.list` shows the video: public and unlisted to everybody, private to its owner."""
        channel = self.channels[video.channel_id]
        if not self.may_see_channel(channel, google_user):
            return False
        if video.obstacle == "removed" and not video.is_shown_although_gone:
            return False
        return video.privacy != "private" or channel.google_user == google_user

    def uploads(self, channel_id: str, google_user: str | None = None) -> list[Video]:
        """The uploads playlist, newest first: public videos, and the others for the owner only."""
        owner = self.channels[channel_id].google_user
        return [
            video
            for video in self._videos_by_channel[channel_id]
            if (video.privacy == "public" or owner == google_user)
            and (video.obstacle != "removed" or video.is_listed_although_gone)
        ]

    def public_videos(self, channel_id: str) -> list[Video]:
        """What the channel's pages and feed show, newest first."""
        if self.channels[channel_id].status != "public":
            return []
        return [
            video
            for video in self._videos_by_channel[channel_id]
            if video.privacy == "public" and video.obstacle != "removed"
        ]

    def videos_of(self, channel_id: str) -> list[Video]:
        """All of the channel's videos, whoever may see them; newest first."""
        return self._videos_by_channel[channel_id]

    def add(self, video: Video) -> None:
        self._state.added_videos.append(video)
        self.rebuild()

    def change_video(self, video_id: str, **changes: Any) -> Video:
        """Raises ValueError for a value that does not fit."""
        _changed(self.videos[video_id], changes)
        self._state.video_changes.setdefault(video_id, {}).update(changes)
        self.rebuild()
        return self.videos[video_id]

    def change_channel(self, channel_id: str, **changes: Any) -> Channel:
        replace(self.channels[channel_id], **changes)
        self._state.channel_changes.setdefault(channel_id, {}).update(changes)
        self.rebuild()
        return self.channels[channel_id]
