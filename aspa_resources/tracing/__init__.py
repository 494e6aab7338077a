"""From a published figure back to the deliveries it stands on, told from manifests and the ledger.

Belongs here: finding the figure, walking back, looking whether the stored bytes are those that were
sealed, and telling it. Counts, hashes and versions only: nothing of a text, an id or a file's name,
and no count that disclosure control hides. Does not belong here: keeping manifests (storage),
protecting figures (disclosure).
"""

from aspa_resources.tracing.figures import UnknownFigureError
from aspa_resources.tracing.telling import lines
from aspa_resources.tracing.trace import Trace, manifests_behind, trace

__all__ = ["Trace", "UnknownFigureError", "lines", "manifests_behind", "trace"]
