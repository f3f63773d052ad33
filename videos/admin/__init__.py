"""The staff's desk for videos, what was sent to the chain for them, and how fast the stages are."""

from videos.admin import addresses, chain, measures, video, watching

__all__ = ["addresses", "chain", "measures", "video", "watching"]
