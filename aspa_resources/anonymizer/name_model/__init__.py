"""The name model: tokens, features, network and the rules that turn scores into spans."""

from aspa_resources.anonymizer.name_model.model import NameModel, NameSpan

__all__ = ["NameModel", "NameSpan"]
