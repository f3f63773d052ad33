"""The staff's desk for channels, and for those who bring them and publish for them.

It shows what the rooms above know of a channel too (its standing, its videos), and gives orders to them.
Nothing but Django itself imports it.
"""

from channels.admin import channel, people, service

__all__ = ["channel", "people", "service"]
