"""The GraphQL schema: types by hand, inputs for filtering and ordering derived from them.

Names, nullability and the shape of `where` and `orderBy` are Orion's, whose API is derived from its entities
in the same way. `filters` evaluates what the derived inputs can say.
"""

from collections.abc import Iterator
from typing import Any

from graphql import (
    DocumentNode,
    FieldDefinitionNode,
    GraphQLSchema,
    ListTypeNode,
    NamedTypeNode,
    ObjectTypeDefinitionNode,
    TypeNode,
    UnionTypeDefinitionNode,
    build_ast_schema,
    parse,
)

TYPES = """
scalar DateTime
scalar BigInt

type Channel {
  id: String!
  createdAt: DateTime!
  createdInBlock: Int!
  title: String
  description: String
  language: String
  isPublic: Boolean
  isCensored: Boolean!
  avatarPhoto: StorageDataObject
  coverPhoto: StorageDataObject
  ownerMember: Membership
  rewardAccount: String!
  videos: [Video!]!
  totalVideosCreated: Int!
}

type Video {
  id: String!
  createdAt: DateTime!
  createdInBlock: Int!
  channel: Channel!
  category: VideoCategory
  title: String
  description: String
  duration: Int
  language: String
  thumbnailPhoto: StorageDataObject
  media: StorageDataObject
  mediaMetadata: VideoMediaMetadata
  license: License
  publishedBeforeJoystream: DateTime
  hasMarketing: Boolean
  isPublic: Boolean
  isExplicit: Boolean
  isShort: Boolean
  isCensored: Boolean!
  isCommentSectionEnabled: Boolean!
  subtitles: [VideoSubtitle!]!
  entryApp: App
  ytVideoId: String
  viewsNum: Int!
}

type VideoMediaMetadata {
  id: String!
  encoding: VideoMediaEncoding
  pixelWidth: Int
  pixelHeight: Int
  size: BigInt
  createdInBlock: Int!
}

type VideoMediaEncoding { codecName: String container: String mimeMediaType: String }

type License { id: String! code: Int attribution: String customText: String }

type VideoSubtitle {
  id: String!
  video: Video!
  type: String!
  language: String
  mimeType: String!
  asset: StorageDataObject
}

type VideoCategory {
  id: String!
  name: String
  description: String
  parentCategory: VideoCategory
  videos: [Video!]!
  createdInBlock: Int!
}

type Membership {
  id: String!
  createdAt: DateTime!
  handle: String!
  metadata: MemberMetadata
  controllerAccount: String!
  rootAccount: String!
  channels: [Channel!]!
}

type MemberMetadata { id: String! name: String about: String avatar: Avatar }
union Avatar = AvatarUri
type AvatarUri { avatarUri: String! }

type App {
  id: String!
  name: String!
  ownerMember: Membership
  authKey: String
  websiteUrl: String
  oneLiner: String
  description: String
}

type Event {
  id: String!
  inBlock: Int!
  inExtrinsic: String
  indexInBlock: Int!
  timestamp: DateTime!
  data: EventData!
}

union EventData = ChannelPaymentMadeEventData
type ChannelPaymentMadeEventData {
  payer: Membership!
  amount: BigInt!
  paymentContext: PaymentContext
  payeeChannel: Channel
  rationale: String
}
union PaymentContext = PaymentContextVideo | PaymentContextChannel
type PaymentContextVideo { video: Video! }
type PaymentContextChannel { channel: Channel! }

type StorageDataObject {
  id: String!
  createdAt: DateTime!
  isAccepted: Boolean!
  size: BigInt!
  ipfsHash: String!
  storageBag: StorageBag!
}

type StorageBag { id: String! objects: [StorageDataObject!]! storageBuckets: [StorageBucketBag!]! }

type StorageBucket {
  id: String!
  operatorStatus: StorageBucketOperatorStatus!
  operatorMetadata: StorageBucketOperatorMetadata
  acceptingNewBags: Boolean!
  bags: [StorageBucketBag!]!
  dataObjectsSize: BigInt!
  dataObjectsSizeLimit: BigInt!
  dataObjectsCount: BigInt!
  dataObjectCountLimit: BigInt!
}

union StorageBucketOperatorStatus = StorageBucketOperatorStatusActive
type StorageBucketOperatorStatusActive { workerId: Int! transactorAccountId: String }
type StorageBucketOperatorMetadata { id: String! nodeEndpoint: String extra: String }
type StorageBucketBag { id: String! storageBucket: StorageBucket! bag: StorageBag! }

type ProcessorState { lastProcessedBlock: Int! chainHead: Int! }
type Counted { totalCount: Int! }
input WhereIdInput { id: String! }
"""

#: Types that can be asked for at the top: one, many.
ENTITIES = {
    "Channel": ("channel", "channels"),
    "Video": ("video", "videos"),
    "VideoSubtitle": ("videoSubtitle", "videoSubtitles"),
    "VideoCategory": ("videoCategory", "videoCategories"),
    "Membership": ("membership", "memberships"),
    "App": ("app", "apps"),
    "Event": ("event", "events"),
    "StorageDataObject": ("storageDataObject", "storageDataObjects"),
    "StorageBag": ("storageBag", "storageBags"),
    "StorageBucket": ("storageBucket", "storageBuckets"),
}

_ORDERED = ("eq", "not_eq", "gt", "gte", "lt", "lte")
_TEXT = (
    "contains",
    "not_contains",
    "containsInsensitive",
    "not_containsInsensitive",
    "startsWith",
    "not_startsWith",
    "endsWith",
    "not_endsWith",
)
SCALARS = {"String", "Int", "BigInt", "DateTime", "Boolean"}


def build_schema() -> GraphQLSchema:
    types = parse(TYPES)
    text = [TYPES, _query_type(), "type Subscription { processorState: ProcessorState! }"]
    for definition in types.definitions:
        if isinstance(definition, ObjectTypeDefinitionNode) and definition.name.value not in (
            "ProcessorState",
            "Counted",
        ):
            text.append(_where_input(definition))
            if definition.name.value in ENTITIES:
                text.append(_order_enum(definition))
        elif isinstance(definition, UnionTypeDefinitionNode):
            text.append(_union_where_input(definition, types))
    return build_ast_schema(parse("\n".join(text)))


def _query_type() -> str:
    lines = ["processorState: ProcessorState!"]
    for name, (one, many) in ENTITIES.items():
        arguments = f"where: {name}WhereInput, orderBy: [{name}OrderByInput!]"
        lines += [
            f"{one}ById(id: String!): {name}",
            f"{one}ByUniqueInput(where: WhereIdInput!): {name}",
            f"{many}({arguments}, limit: Int, offset: Int): [{name}!]!",
            f"{many}Connection({arguments}): Counted!",
        ]
    return "type Query {\n  " + "\n  ".join(lines) + "\n}"


def _where_input(definition: ObjectTypeDefinitionNode) -> str:
    name = definition.name.value
    lines = [line for field in definition.fields or () for line in _conditions(field)]
    lines += [f"AND: [{name}WhereInput!]", f"OR: [{name}WhereInput!]"]
    return f"input {name}WhereInput {{\n  " + "\n  ".join(lines) + "\n}"


def _union_where_input(definition: UnionTypeDefinitionNode, types: DocumentNode) -> str:
    members = {member.name.value for member in definition.types or ()}
    lines = {"isTypeOf_eq: String": None, "isTypeOf_not_eq: String": None, "isTypeOf_in: [String!]": None}
    for member in types.definitions:
        if isinstance(member, ObjectTypeDefinitionNode) and member.name.value in members:
            lines |= {line: None for field in member.fields or () for line in _conditions(field)}
    return f"input {definition.name.value}WhereInput {{\n  " + "\n  ".join(lines) + "\n}"


def _conditions(field: FieldDefinitionNode) -> Iterator[str]:
    name, (target, is_list) = field.name.value, _target(field.type)
    if is_list:
        yield from (f"{name}_{quantor}: {target}WhereInput" for quantor in ("every", "some", "none"))
        return
    yield f"{name}_isNull: Boolean"
    if target not in SCALARS:
        yield f"{name}: {target}WhereInput"
        return
    operators = ("eq", "not_eq") if target == "Boolean" else _ORDERED
    yield from (f"{name}_{operator}: {target}" for operator in operators)
    if target != "Boolean":
        yield from (f"{name}_{operator}: [{target}!]" for operator in ("in", "not_in"))
    if target == "String":
        yield from (f"{name}_{operator}: String" for operator in _TEXT)


def _order_enum(definition: ObjectTypeDefinitionNode) -> str:
    scalars = [
        f.name.value for f in definition.fields or () if _target(f.type) in {(s, False) for s in SCALARS}
    ]
    values = " ".join(f"{name}_{direction}" for name in scalars for direction in ("ASC", "DESC"))
    return f"enum {definition.name.value}OrderByInput {{ {values} }}"


def _target(node: TypeNode) -> tuple[str, bool]:
    """The named type, and whether it is a list of it."""
    inner: Any = node
    is_list = False
    while not isinstance(inner, NamedTypeNode):
        is_list = is_list or isinstance(inner, ListTypeNode)
        inner = inner.type
    return inner.name.value, is_list
