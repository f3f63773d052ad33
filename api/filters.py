"""What lists can be narrowed to. Every filter goes along an index, or narrows what one has found."""

from datetime import UTC, datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django_filters import rest_framework as filters
from django_filters.fields import IsoDateTimeField
from drf_spectacular.utils import extend_schema_field

from api import identities
from channels.models import App, Channel, ChannelQuerySet, Status, TierName
from payments.models import Action, Payment
from videos.models import Video, VideoQuerySet
from videos.states import IN_PIPELINE, State


class _MomentField(IsoDateTimeField):  # type: ignore[misc]
    """A time in UTC. PostgreSQL does not know all the offsets that ISO 8601 has."""

    def clean(self, value: Any) -> datetime | None:
        moment: datetime | None = super().clean(value)
        try:
            return moment and moment.astimezone(UTC)
        except OverflowError:
            raise ValidationError(self.error_messages["invalid"]) from None


class MomentFilter(filters.IsoDateTimeFilter):  # type: ignore[misc]
    field_class = _MomentField


class _Filters(filters.FilterSet):  # type: ignore[misc]
    """A filter that is named has a value: an empty one is a mistake of whoever asks, and not «everything»."""

    @property
    def errors(self) -> Any:
        found = super().errors
        for name in self.filters:
            if name in self.data and not all(value.strip() for value in self.data.getlist(name)):
                found.setdefault(name, self.form.error_class(["Give it a value, or leave it out."]))
        return found

    def is_valid(self) -> bool:
        return self.is_bound and not self.errors


class ChannelFilter(_Filters):
    status = filters.ChoiceFilter(choices=Status.choices, help_text="Where it stands in the programme.")
    tier = filters.ChoiceFilter(choices=TierName.choices)
    app = filters.CharFilter(method="of_app", max_length=100, help_text="The gateway that brought it.")
    handle = filters.CharFilter(max_length=100, help_text="On YouTube, with its @, as YouTube writes it.")

    class Meta:
        model = Channel
        fields = ()

    def of_app(self, channels: ChannelQuerySet, name: str, value: str) -> ChannelQuerySet:
        app = App.objects.filter(name=value).first()
        return channels.filter(app=app) if app else channels.none()


class VideosOfChannelFilter(_Filters):
    state = filters.MultipleChoiceFilter(
        choices=State.choices, distinct=False, help_text="One or more of them."
    )
    published_after = MomentFilter(
        field_name="published_at", lookup_expr="gte", help_text="On YouTube, then or later."
    )
    published_before = MomentFilter(
        field_name="published_at", lookup_expr="lt", help_text="On YouTube, before then."
    )

    class Meta:
        model = Video
        fields = ()


class PaymentFilter(_Filters):
    action = filters.ChoiceFilter(choices=Action.choices, help_text="What it is for.")
    executed_after = MomentFilter(field_name="executed_at", lookup_expr="gte", help_text="Then or later.")
    executed_before = MomentFilter(field_name="executed_at", lookup_expr="lt", help_text="Before then.")

    class Meta:
        model = Payment
        fields = ()


class _OfChannel(_Filters):
    channel = extend_schema_field({"type": "string", "pattern": f"^{identities.CHANNEL}$"})(
        filters.CharFilter(
            method="of_channel",
            validators=[RegexValidator(rf"\A{identities.CHANNEL}\Z", "A YouTube or Joystream channel id.")],
        )
    )

    def of_channel(self, videos: VideoQuerySet, name: str, value: str) -> VideoQuerySet:
        channel = identities.channel_named(value)
        return videos.filter(channel=channel) if channel else videos.none()


class VideoFilter(_OfChannel, VideosOfChannelFilter):
    pass


class ReplicationFilter(_OfChannel):
    state = filters.MultipleChoiceFilter(
        choices=[(state.value, state.label) for state in State if state in IN_PIPELINE],
        distinct=False,
        help_text="One or more of them.",
    )

    class Meta:
        model = Video
        fields = ()
