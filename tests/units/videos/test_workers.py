"""Which workers are taken for alive."""

from datetime import timedelta

import pytest
from django.utils import timezone

from tests.support.factories import make_app
from videos import tasks, workers
from videos.models import Worker
from videos.states import Stage

pytestmark = pytest.mark.django_db


def test_a_worker_that_drives_a_busy_lane_is_heard_of_all_the_time(monkeypatch, settings):
    """One step of creation lasts as long as the lane has something under way."""
    make_app()
    intervals = settings.CONFIG.sync.intervals.model_copy(update={"chain": 0.001})
    sync = settings.CONFIG.sync.model_copy(update={"intervals": intervals})
    settings.CONFIG = settings.CONFIG.model_copy(update={"sync": sync})
    monkeypatch.setattr(workers, "BEAT_SECONDS", 0.0)
    steps = iter([True, True, False])

    def advance(lane):
        Worker.objects.update(seen_at=timezone.now() - timedelta(minutes=2))
        assert workers.alive() == []
        return next(steps, False)

    monkeypatch.setattr(tasks, "_advance", advance)
    heard = []
    monkeypatch.setattr(tasks, "ring", lambda stage: None)
    monkeypatch.setattr(
        "videos.tasks.time.sleep", lambda seconds: heard.append([a.stage for a in workers.alive()])
    )
    assert tasks.run_stage(Stage.CREATION) == 1
    assert heard == [[Stage.CREATION], [Stage.CREATION]]
