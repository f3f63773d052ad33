"""What staff order for videos: words, forms and effects. The rules are those of `videos.interventions`."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from django import forms
from unfold.widgets import UnfoldAdminTextInputWidget

from channels.errors import Refused
from videos import interventions
from videos.leases import LeaseLost
from videos.models import Video
from videos.moves import ForbiddenMove
from ytsynch.desk.orders import Effect, Order, OrderForm, each

HANDLE = "videos.handle_video"
REFUSALS = (Refused, LeaseLost, ForbiddenMove)


class SkipForm(OrderForm):
    reason = forms.CharField(
        max_length=500, widget=UnfoldAdminTextInputWidget, help_text="For staff, in the video's history."
    )


def _effects(
    objection: Callable[[Video], str | None], say: Callable[[Video], str]
) -> Callable[[Sequence[Video]], Mapping[Any, Effect]]:
    def effects(videos: Sequence[Video]) -> Mapping[Any, Effect]:
        return {video.pk: _effect(video, objection(video), say) for video in videos}

    return effects


def _effect(video: Video, objection: str | None, say: Callable[[Video], str]) -> Effect:
    if objection is not None:
        return Effect(f"{objection.capitalize()}.", is_refused=True)
    return Effect(say(video))


def _retrying(video: Video) -> str:
    target = interventions.resumes_from(video)
    if target == video.state:
        return f"{target.label}: tried again at once, earlier failures are forgotten."
    return f"{video.get_state_display()} → {target.label}"


def _retry(video: Video, said: dict[str, Any], by: str) -> None:
    interventions.retry(video, by=by)


def _skip(video: Video, said: dict[str, Any], by: str) -> None:
    interventions.skip(video, said["reason"], by=by)


ORDERS: tuple[Order[Video], ...] = (
    Order(
        name="retry",
        title="Try again",
        icon="replay",
        explanation="The video goes on from where it stands, at once. One that was left out is brought over, "
        "also where its tier's cap left it out.",
        permission=HANDLE,
        effects=_effects(interventions.why_not_retry, _retrying),
        act=each(_retry, refusals=REFUSALS),
    ),
    Order(
        name="boost",
        title="Boost",
        icon="rocket_launch",
        explanation="The video goes before all that are not boosted, at every stage.",
        permission=HANDLE,
        effects=_effects(
            interventions.why_not_boost, lambda video: f"{video.get_band_display()} → Boosted by staff"
        ),
        act=each(lambda video, _, by: interventions.boost(video, by=by), refusals=REFUSALS),
    ),
    Order(
        name="skip",
        title="Leave out",
        icon="block",
        explanation="The video is not brought over. Its creator reads that the operators decided so. It can "
        "be undone: try it again.",
        permission=HANDLE,
        form=SkipForm,
        effects=_effects(
            interventions.why_not_skip, lambda video: f"{video.get_state_display()} → Not brought over"
        ),
        act=each(_skip, refusals=REFUSALS),
        is_grave=True,
    ),
    Order(
        name="forget-file",
        title="Forget the local file",
        icon="delete_sweep",
        explanation="What the media store and the work folder have of the video is deleted. One that waits "
        "for Joystream is downloaded again.",
        permission=HANDLE,
        effects=_effects(interventions.why_not_forget_file, lambda video: "Its files here are deleted."),
        act=each(lambda video, _, by: interventions.forget_file(video, by=by), refusals=REFUSALS),
        is_grave=True,
    ),
)
