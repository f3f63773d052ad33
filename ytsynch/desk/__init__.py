"""What the pages of the admin share: orders that staff give after a page that says what will happen, lists
that stay quick at any length, a history with before and after. Nothing here knows a channel or a video.
"""
