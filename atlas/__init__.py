"""The HTTP API that Atlas, Joystream's web app, already calls; a drop-in replacement for the former
service's.
"""
