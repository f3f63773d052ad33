"""Feeds and notices as YouTube writes them."""

FEED = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns:yt="http://www.youtube.com/xml/schemas/2015" xmlns:media="http://search.yahoo.com/mrss/"
  xmlns="http://www.w3.org/2005/Atom">
 <link rel="self" href="http://www.youtube.com/feeds/videos.xml?channel_id={channel}"/>
 <yt:channelId>aaaaaaaaaaaaaaaaaaaaaa</yt:channelId>
 <title>A channel</title>
 {entries}
</feed>"""

ENTRY = """<entry>
  <id>yt:video:{id}</id><yt:videoId>{id}</yt:videoId><yt:channelId>{channel}</yt:channelId>
  <title>Bees &amp; honey</title>
  <link rel="alternate" href="https://www.youtube.com/watch?v={id}"/>
  <author><name>A channel</name><uri>https://www.youtube.com/channel/{channel}</uri></author>
  <published>2026-03-06T21:40:57+00:00</published>
  <updated>2026-04-01T19:05:24.552394234+00:00</updated>
  <media:group><media:title>Bees</media:title><media:description>About bees.</media:description>
   <media:community><media:starRating count="3" average="5.00" min="1" max="5"/>
    <media:statistics views="42"/></media:community></media:group>
 </entry>"""

DELETION = """<feed xmlns:at="http://purl.org/atompub/tombstones/1.0" xmlns="http://www.w3.org/2005/Atom">
 <at:deleted-entry ref="yt:video:{id}" when="2026-01-01T00:00:00+00:00">
  <link href="https://www.youtube.com/watch?v={id}"/>
  <at:by><name>A channel</name><uri>https://www.youtube.com/channel/{channel}</uri></at:by>
 </at:deleted-entry></feed>"""

BOMB = """<?xml version="1.0"?>
<!DOCTYPE lolz [<!ENTITY lol "lol"><!ENTITY lol2 "&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;&lol;">]>
<feed xmlns="http://www.w3.org/2005/Atom"><title>&lol2;</title></feed>"""

CHANNEL = "UCaaaaaaaaaaaaaaaaaaaaaa"
OTHER = "UCbbbbbbbbbbbbbbbbbbbbbb"


def entry(id: str = "aaaaaaaaaaa", channel: str = CHANNEL) -> str:
    return ENTRY.format(id=id, channel=channel)


def feed(*entries: str, channel: str = CHANNEL) -> bytes:
    return FEED.format(channel=channel, entries="".join(entries)).encode()


def deletion(id: str = "aaaaaaaaaaa", channel: str = CHANNEL) -> bytes:
    return DELETION.format(id=id, channel=channel).encode()
