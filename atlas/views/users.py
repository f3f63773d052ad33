"""Creators by the id that they signed in with."""

from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotAuthenticated, NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle

from atlas.authentication import HasOperatorKey, Operator, OperatorKeyAuthentication
from atlas.bodies import AccountProof
from atlas.examples import failures
from atlas.serializers import ChannelDto, UserDto, VideoDto
from atlas.views import sign_up
from atlas.views.base import AtlasView, SignUpThrottle, read, shown, shown_videos
from channels.models import Channel, Creator
from videos import on_request
from videos.models import Video
from ypp import leaving
from ypp.sign_up import prove

MOST = 1000
"""Users in the list: the newest. Whoever needs more pages through /api/v1."""


class UsersView(AtlasView):
    """Signing in is for everybody, the list for operators."""

    authentication_classes = (OperatorKeyAuthentication,)

    def get_permissions(self) -> list[HasOperatorKey]:
        return [HasOperatorKey()] if self.request.method in ("GET", "HEAD") else []

    def get_throttles(self) -> list[BaseThrottle]:
        return [SignUpThrottle()] if self.request.method == "POST" else []

    def perform_authentication(self, request: Request) -> None:
        if request.method in ("GET", "HEAD"):
            super().perform_authentication(request)

    @extend_schema(
        tags=["Users"],
        operation_id="listUsers",
        summary="The newest users",
        responses={200: UserDto(many=True), **failures(401)},
    )
    def get(self, request: Request) -> Response:
        return Response(UserDto(Creator.objects.order_by("-id")[:MOST], many=True).data)

    @sign_up.SIGN_IN_SCHEMA
    def post(self, request: Request) -> Response:
        return sign_up.sign_in(request)


class UserView(AtlasView):
    """An account is shown to operators; it is deleted by them, or by its owner with the code of the last
    sign-in.
    """

    authentication_classes = (OperatorKeyAuthentication,)

    @extend_schema(
        tags=["Users"],
        operation_id="getUser",
        summary="A user",
        responses={200: UserDto, **failures(401, 404)},
    )
    def get(self, request: Request, user_id: str) -> Response:
        _require_operator(request)
        return Response(UserDto(_creator(user_id)).data)

    @extend_schema(
        tags=["Users"],
        operation_id="deleteUser",
        summary="Delete the account",
        description=(
            "The permission at Google is given back, the channels leave the programme; "
            "what is on Joystream stays. Needs an operator key, or the code of the user's last sign-in "
            "that was not used up."
        ),
        request=AccountProof,
        responses={200: None, **failures(400, 401, 404, 503)},
    )
    def delete(self, request: Request, user_id: str) -> Response:
        code = read(AccountProof, request).get("authorizationCode")
        if code is None:
            by = _require_operator(request)
            creator = _creator(user_id)
        else:
            creator = prove(user_id, code)
            by = f"creator {user_id}"
        leaving.delete_account(creator, google=on_request.google(), by=by)
        return Response()


class UserChannelsView(AtlasView):
    @extend_schema(
        tags=["Users"],
        operation_id="listChannelsOfUser",
        summary="The user's channels",
        responses={200: ChannelDto(many=True), **failures(404)},
    )
    def get(self, request: Request, user_id: str) -> Response:
        channels = _creator(user_id).channels.order_by("-id")
        return Response(
            ChannelDto(shown(list(channels.filter(joystream_channel_id__isnull=False))), many=True).data
        )


class UserVideosView(AtlasView):
    @extend_schema(
        tags=["Users"],
        operation_id="listVideosOfUser",
        summary="The videos of all channels of the user, newest first",
        responses={200: VideoDto(many=True), **failures(404)},
    )
    def get(self, request: Request, user_id: str) -> Response:
        return Response(shown_videos(Video.objects.filter(channel__creator=_creator(user_id))))


class UserChannelVideosView(AtlasView):
    @extend_schema(
        tags=["Users"],
        operation_id="listVideosOfChannelOfUser",
        summary="The videos of one channel of the user, newest first",
        responses={200: VideoDto(many=True), **failures(404)},
    )
    def get(self, request: Request, user_id: str, youtube_channel_id: str) -> Response:
        channel = Channel.objects.filter(creator=_creator(user_id), youtube_id=youtube_channel_id).first()
        if channel is None:
            raise NotFound(f"Channel {youtube_channel_id} not found.")
        return Response(shown_videos(Video.objects.filter(channel=channel)))


def _creator(user_id: str) -> Creator:
    creator = Creator.objects.filter(subject=user_id).first()
    if creator is None:
        raise NotFound(f"User {user_id} not found.")
    return creator


def _require_operator(request: Request) -> str:
    if not isinstance(request.auth, Operator):
        raise NotAuthenticated(HasOperatorKey.message)
    return request.auth.name
