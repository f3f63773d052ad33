import pytest, time
from channels.models import Channel
from tests.support.devnet import running_devnet
from tests.support.service import *
from videos.states import State
from videos.models import Video
from ypp.models import Requirement
from ytsynch.demo import creators

@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_x(tmp_path, settings, live_server):
    t=time.time()
    with running_devnet(tmp_path/"devnet", block_time=0.25) as devnet, service_on(devnet, tmp_path/"service", settings):
        print("devnet", time.time()-t)
        facts = facts_of(devnet)
        Requirement.objects.update_or_create(app=app_of_configuration(), defaults={"min_videos": 2})
        person = next(p for p in facts["people"] if p["handle"]=="@oddsignals")
        creators.sign_up(live_server.url, facts, person, category_id="2")
        done = lambda: Channel.objects.filter(catalogue_complete=True).exists() and not Video.objects.exclude(state__in=["published","skipped","stuck"]).exclude(reason__in=["live_now","live_upcoming","premiere_upcoming","recording_not_ready","still_processing"]).exists()
        try:
            work_until(done, seconds=120)
        finally:
            print(time.time()-t)
            print(whereabouts())
