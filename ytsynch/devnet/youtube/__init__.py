"""A YouTube and a Google sign-in on loopback: real clients and the real yt-dlp extractor work against it.

`python -m ytsynch.devnet.youtube` starts it. `catalogue` says which channels and videos it shows,
`media` makes their pictures and sound, `server` puts the parts on their sockets.
"""
