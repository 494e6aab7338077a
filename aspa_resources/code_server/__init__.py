"""The national code server: code lists from it, from protocol to rules folder.

Belongs here: the protocol and manual exports, what a fetched list changes, putting it into force.
Does not belong here: what a code set means (`rule_book.code_sets`).
Nothing reaches out unless `ASPA_CODE_SERVER` names the server.
"""

from aspa_resources.code_server.client import CodeServer, CodeServerError, Concept

__all__ = ["CodeServer", "CodeServerError", "Concept"]
