"""Everything Google: what YouTube shows, gives and says, as plain values and errors.

data_api, resources     the Data API: channels, uploads, videos
sign_in                 Google's sign-in: a code becomes a grant
downloader              one video to checked files on disk; `list_channel` for channels without a grant
  extraction, fetching  yt-dlp as a library, set up for one address
  formats               which streams are taken, which offers are refused
  progress              how far a download is, and when it has to end
  probe                 what a media file truly holds
  thumbnails, subtitles the files beside the video
  described             what a video's page says of it
  listing, languages    a channel's page; language tags
feeds, push, atom       new uploads without quota: a channel's feed, the hub and its notices
classify                yt-dlp's sentences become errors
errors                  one class for each thing that can happen
"""
