"""The one table of a video's states: what each means, and which moves there are.

    new ──> downloaded ──> creating ──> created ──> uploaded ──> published
     │          │              │            │            │            │
     └──────────┴──────────────┴─ skipped <─┴── removed <┴────────────┘
     every state before published may also become stuck: a human decides

Waiting is not a state: a video that waits keeps its place in the pipeline and says in `reason` what for, in
`next_attempt_at` until when.
"""

from django.db import models


class State(models.TextChoices):
    NEW = "new", "Waiting for its download"
    DOWNLOADED = "downloaded", "Downloaded"
    CREATING = "creating", "Being created on Joystream"
    CREATED = "created", "Created on Joystream"
    UPLOADED = "uploaded", "Uploaded, not yet accepted"
    PUBLISHED = "published", "Published"
    SKIPPED = "skipped", "Not brought over"
    STUCK = "stuck", "Needs a human"
    REMOVED = "removed", "Removed on Joystream"


MOVES: dict[State, frozenset[State]] = {
    # published straight from new: it was found on the same Joystream channel already, and is adopted.
    State.NEW: frozenset({State.DOWNLOADED, State.SKIPPED, State.STUCK, State.PUBLISHED, State.CREATED}),
    # back to new: its file was lost before anything was promised on chain.
    State.DOWNLOADED: frozenset(
        {State.CREATING, State.NEW, State.SKIPPED, State.STUCK, State.CREATED, State.PUBLISHED}
    ),
    # back to downloaded: its extrinsic can never land, or its channel's batch failed.
    State.CREATING: frozenset({State.CREATED, State.DOWNLOADED, State.SKIPPED, State.STUCK}),
    State.CREATED: frozenset({State.UPLOADED, State.STUCK, State.REMOVED}),
    # back to created: the storage node said yes and never accepted, so it is uploaded again.
    State.UPLOADED: frozenset({State.PUBLISHED, State.CREATED, State.STUCK, State.REMOVED}),
    State.PUBLISHED: frozenset({State.REMOVED}),
    # every final verdict can be undone.
    State.SKIPPED: frozenset({State.NEW}),
    State.STUCK: frozenset(
        {State.NEW, State.DOWNLOADED, State.CREATED, State.UPLOADED, State.SKIPPED, State.REMOVED}
    ),
    State.REMOVED: frozenset(),
}

ON_CHAIN = frozenset({State.CREATED, State.UPLOADED, State.PUBLISHED, State.REMOVED})
"""States in which the video has an id on Joystream."""

IN_PIPELINE = frozenset({State.NEW, State.DOWNLOADED, State.CREATING, State.CREATED, State.UPLOADED})
"""States from which the service goes on by itself."""


class Stage(models.TextChoices):
    """A part of the pipeline that scales by itself. Its name is also the name of its cluster."""

    DISCOVERY = "discovery", "Discovery"
    DOWNLOAD = "download", "Download"
    CREATION = "creation", "Creation"
    UPLOAD = "upload", "Upload"
    ACCEPTANCE = "acceptance", "Acceptance"


SOURCE: dict[Stage, State] = {
    Stage.DOWNLOAD: State.NEW,
    Stage.CREATION: State.DOWNLOADED,
    Stage.UPLOAD: State.CREATED,
    Stage.ACCEPTANCE: State.UPLOADED,
}
"""The state whose videos a stage claims."""

STAGE_OF: dict[State, Stage] = {state: stage for stage, state in SOURCE.items()}
"""The stage that a state's videos wait for."""

NEXT: dict[Stage, Stage] = {
    Stage.DISCOVERY: Stage.DOWNLOAD,
    Stage.DOWNLOAD: Stage.CREATION,
    Stage.CREATION: Stage.UPLOAD,
    Stage.UPLOAD: Stage.ACCEPTANCE,
}
"""The stage whose bell is rung when one has finished something."""
