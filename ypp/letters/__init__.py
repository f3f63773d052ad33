"""Letters to creators.

`kinds` says what is written about and how. `history` writes what a channel's history gives reason for,
`writing` any other letter, in the transaction of what happened. `rendering` makes text and HTML of it;
`delivery` sends what is due, after the commit: what cannot be sent now is kept and sent later, once
(faults.md O10). `unsubscribing` remembers who wants none.
"""

from ypp.letters.delivery import deliver_due
from ypp.letters.history import write_due
from ypp.letters.writing import forget, send

__all__ = ["deliver_due", "forget", "send", "write_due"]
