"""The terms that creators accept: the text is `templates/pages/terms.html`."""

VERSION = "2026-11"
"""Which text it is; the history of a channel keeps the one that was accepted."""
