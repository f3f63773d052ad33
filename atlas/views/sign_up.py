"""Sign-up as Atlas does it: Google's code, a membership if needed, the Joystream channel."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from atlas.bodies import JoinRequest, MembershipRequest, SignInRequest
from atlas.examples import JOIN_REQUEST, JOINED, SIGN_IN_REQUEST, SIGNED_IN, failures
from atlas.serializers import JoinedDto, MembershipDto, SignedInDto
from atlas.views.base import AtlasView, SignUpThrottle, read, shown
from channels.gateways import app_of_configuration
from videos import joining, on_request
from ypp import memberships, sign_up


class MembershipView(AtlasView):
    throttle_classes = (SignUpThrottle,)

    @extend_schema(
        tags=["Sign-up"],
        operation_id="createMembership",
        summary="Make a Joystream membership for a creator who has signed in",
        description="At most two for each Google account. A refusal of the faucet keeps its code in `error`.",
        request=MembershipRequest,
        responses={201: MembershipDto, **failures(400, 404, 429, 503)},
    )
    def post(self, request: Request) -> Response:
        wanted = dict(read(MembershipRequest, request))
        creator = sign_up.prove(wanted.pop("userId"), wanted.pop("authorizationCode"))
        membership = memberships.create(creator, faucet=on_request.faucet(), **wanted)
        block = {} if membership.block is None else {"block": membership.block}
        return Response({"memberId": membership.member_id, "handle": membership.handle, **block}, status=201)


def sign_in(request: Request) -> Response:
    """POST /users."""
    wanted = read(SignInRequest, request)
    signed_in = sign_up.sign_in(
        wanted["authorizationCode"],
        wanted["youtubeRedirectUri"],
        app=app_of_configuration(),
        google=on_request.google(),
        data_api=on_request.data_api,
    )
    return Response(SignedInDto(signed_in).data, status=201)


SIGN_IN_SCHEMA = extend_schema(
    tags=["Sign-up"],
    operation_id="createUser",
    auth=[],
    summary="Sign a creator in with the code that Google gave",
    description=(
        "Finds the creator's YouTube channel and holds it against the requirements. "
        "The code proves the calls that follow."
    ),
    request=SignInRequest,
    responses={201: SignedInDto, **failures(400, 429, 503)},
    examples=[SIGN_IN_REQUEST, SIGNED_IN],
)


def join(request: Request) -> Response:
    """POST /channels."""
    wanted = read(JoinRequest, request)
    wish = sign_up.Joining(
        email=wanted["email"],
        joystream_channel_id=wanted["joystreamChannelId"],
        wants_sync=wanted["shouldBeIngested"],
        category_id=wanted.get("videoCategoryId") or "",
        referrer_channel_id=wanted.get("referrerChannelId"),
    )
    channel = joining.join(
        wanted["userId"],
        wanted["authorizationCode"],
        wish,
        app=app_of_configuration(),
        query_node=on_request.query_node(),
        feeds=on_request.feeds(),
    )
    user = {"subject": wanted["userId"], "email": channel.email}
    return Response(JoinedDto({"user": user, "channel": shown([channel])[0]}).data, status=201)


JOIN_SCHEMA = extend_schema(
    tags=["Sign-up"],
    operation_id="createChannel",
    summary="Connect the creator's YouTube channel with a Joystream channel",
    description=(
        "The back catalogue is queued at once. A channel that had left gets its old record and status back."
    ),
    request=JoinRequest,
    responses={201: JoinedDto, **failures(400, 404, 429, 503)},
    examples=[JOIN_REQUEST, JOINED],
)
