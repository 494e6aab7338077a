"""What THL gets of a month: the published tables as files, a signed manifest, and our receipts.

Belongs here: what a delivery is, when it is sent again, its signature and its receipt. Does not
belong here: which figures may be shown (disclosure), the form of the tables (`published_form`).
"""

from aspa_resources.thl_delivery.manifest import anchors, compose, is_sent
from aspa_resources.thl_delivery.receipts import write_receipt
from aspa_resources.thl_delivery.signing import Signer

__all__ = ["Signer", "anchors", "compose", "is_sent", "write_receipt"]
