"""How staff come in: a password and a second factor, or Google for a domain of theirs; how long they stay; and
how an administrator ends it. `gate` keeps everything of the admin closed to all others.
"""
