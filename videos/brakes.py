"""Which of the service's switches a stage obeys. It asks before every step, so a turn is noticed within
seconds (faults.md O9).
"""

from channels import switches
from channels.models import Switch
from videos.states import Stage

BEGINNINGS = frozenset({Stage.DISCOVERY, Stage.DOWNLOAD})
"""Where new work comes in. When the service is drained these begin nothing, and the others finish theirs."""


def must_stop(stage: Stage) -> bool:
    """Whether even what is under way stops, at the next point where nothing is lost."""
    return switches.is_off(Switch.SYNC, Switch(stage.value))


def begins_nothing(stage: Stage) -> bool:
    """Whether no further video is taken up."""
    if stage in BEGINNINGS:
        return switches.is_off(Switch.SYNC, Switch(stage.value), Switch.NEW_WORK)
    return must_stop(stage)
