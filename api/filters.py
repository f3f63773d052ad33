"""What lists can be narrowed to. Every filter goes along an index, or narrows what one has found."""

from typing import Any

from django.core.validators import RegexValidator
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field

from api import identities
from channels.models import Channel, Status, TierName
from videos.models import Video, VideoQuerySet
from videos.states import State


class ChannelFilter(filters.FilterSet):  # type: ignore[misc]
    status = filters.ChoiceFilter(choices=Status.choices, help_text="Where it stands in the programme.")
    tier = filters.ChoiceFilter(choices=TierName.choices)
    app = filters.CharFilter(field_name="app__name", max_length=100, help_text="The gateway that brought it.")
    handle = filters.CharFilter(max_length=100, help_text="On YouTube, with its @, as YouTube writes it.")

    class Meta:
        model = Channel
        fields = ()


class VideosOfChannelFilter(filters.FilterSet):  # type: ignore[misc]
    state = filters.MultipleChoiceFilter(choices=State.choices, help_text="One or more of them.")
    published_after = filters.IsoDateTimeFilter(
        field_name="published_at", lookup_expr="gte", help_text="On YouTube, then or later."
    )
    published_before = filters.IsoDateTimeFilter(
        field_name="published_at", lookup_expr="lt", help_text="On YouTube, before then."
    )

    class Meta:
        model = Video
        fields = ()


class VideoFilter(VideosOfChannelFilter):
    channel = extend_schema_field({"type": "string", "pattern": f"^{identities.CHANNEL}$"})(
        filters.CharFilter(
            method="of_channel",
            validators=[RegexValidator(rf"\A{identities.CHANNEL}\Z", "A YouTube or Joystream channel id.")],
        )
    )

    def of_channel(self, videos: VideoQuerySet, name: str, value: str) -> VideoQuerySet:
        channel = identities.channel_named(value)
        return videos.filter(channel=channel) if channel else videos.none()


class ReplicationFilter(VideoFilter):
    published_after = published_before = None
    state: Any = filters.MultipleChoiceFilter(
        choices=State.choices, help_text="One or more of them; those of videos at rest find nothing."
    )
