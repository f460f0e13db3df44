"""Publication: the gate, the numbers of the national report, the site beside it."""

from letters.publish.publishing import Publication, publish, withdraw

__all__ = ["Publication", "publish", "withdraw"]
