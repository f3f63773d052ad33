"""How new uploads are learned of, cheapest source first:

    push       a WebSub hub tells us; costs nothing, may be late, silent or down for days
    feed       a channel's fifteen newest, without quota; read when push says so, and now and then by itself
    listing    all uploads of a channel by the Data API, 1 unit a page of 50; read once when a channel joins,
               and when feed or count show that something is missing
    count      channels.list, 1 unit for 50 channels; daily for everybody, sooner where the feed is silent

No source is believed alone about anything that would be final: an empty one means «unknown».

`subscriptions` asks the hub, `announcements` keeps what it told and measures what it missed, `newest` reads
feeds, `listing` lists, `entering` gives what is new its rows, `descriptions` fills in what a feed does not
say, `rhythm` says when a channel is looked at next, `refresh` follows the channels themselves.
"""
