"""The kill test: the real processes on a real devnet, killed at random and at named points, and what is left
at the end compared with what must be (`python -m tests.chaos --help`).

`town` has the processes, `troubles` what is done to them, `crowd` who keeps them busy, `verdict` what must be
true at the end, `harness` the run.
"""
