"""The one error of the rule book."""

from aspa_resources.errors import AspaError


class RuleError(AspaError):
    """A rule file is missing or wrong. The message names file, line or key, and the cure."""

    def __init__(self, file: str, where: str, problem: str, cure: str) -> None:
        super().__init__(f"{file}, {where}: {problem}. {cure}")
        self.file = file
        self.where = where
        self.problem = problem
        self.cure = cure
