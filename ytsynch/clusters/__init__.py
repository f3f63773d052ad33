"""The queue (django-q2): a named cluster a stage, whose worker runs its task of `settings.STAGE_TASKS` when
its bell rings.

A bell says only «look», never what to do: that is in the rows, which each worker claims under a lease. So a
lost bell costs seconds (each cluster rings its own now and then), and a surplus one a look at nothing.

`bell` rings; `sentinel` is the cluster itself, made safe; `stopping` tells a task that it should come to an
end.
"""
