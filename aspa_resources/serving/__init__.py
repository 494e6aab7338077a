"""A small read-only web app that shows everybody the pages they may read, and no others.

Belongs here: who somebody is (`gates`), what that lets them read (`readers`), which file a path
names (`places`, `shelves`), and how it is answered (`app`, `headers`, `pages`). Does not belong
here: what reports, receipts and operators' pages say, and logging people in: an authenticating
proxy does that.
"""

from aspa_resources.serving.app import AccessLog, create_app
from aspa_resources.serving.gates import DemoGate, Gate, GateError, gate_of_environment

__all__ = ["AccessLog", "DemoGate", "Gate", "GateError", "create_app", "gate_of_environment"]
