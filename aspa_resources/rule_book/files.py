"""Reading rule files: YAML into checked models, with errors that name file, line, key and cure.

Belongs here: where the rules lie, what version they are, how one file becomes a model. Does not
belong here: what the rules mean.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from aspa_resources.rule_book.errors import RuleError

_Model = TypeVar("_Model", bound=BaseModel)
_SafeLoader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)  # the C one is ten times as fast
_READ_THE_KEYS = "Correct the key; the comment at the head of the file explains each."


class _Loader(_SafeLoader):  # type: ignore[misc, valid-type]  # either of two classes of PyYAML
    """Loads plain values only; of a key that stands twice YAML would silently take the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:  # noqa: FBT001, FBT002 - PyYAML's signature
        written: set[str] = set()
        for key, _ in node.value:
            if key.value in written:
                raise yaml.constructor.ConstructorError(
                    None, None, f"the key {key.value} stands twice", key.start_mark
                )
            written.add(key.value)
        mapping: dict[Any, Any] = super().construct_mapping(node, deep=deep)
        return mapping


@dataclass(frozen=True)
class RuleFolder:
    """The folder that experts edit."""

    root: Path

    def path(self, file: str) -> Path:
        """Return a file's path.

        Raises:
            RuleError: The file is not there.
        """
        path = self.root / file
        if not path.is_file():
            raise RuleError(
                file, "the whole file", "it is missing", f"Put it into the folder {self.root}."
            )
        return path

    def names(self, folder: str) -> list[str]:
        """Return the YAML files of a folder, by name."""
        found = sorted((self.root / folder).glob("*.yaml"))
        return [f"{folder}/{path.name}" for path in found]

    def load(
        self, file: str, model: type[_Model], defaults: Mapping[str, object] | None = None
    ) -> _Model:
        """Read one YAML file into a model.

        Args:
            file: Its path below the folder.
            model: What it must be.
            defaults: Values of the keys that the file leaves out.

        Returns:
            The model.

        Raises:
            RuleError: The file is missing, is no YAML, or does not fit the model.
        """
        text = self.path(file).read_text(encoding="utf-8")
        try:
            content = yaml.load(text, Loader=_Loader)  # noqa: S506 - a safe loader
            if isinstance(content, dict):
                content = {**(defaults or {}), **content}
            return model.model_validate(content)
        except yaml.YAMLError as error:
            mark = getattr(error, "problem_mark", None)
            line = f"line {mark.line + 1}" if mark else "the whole file"
            problem = getattr(error, "problem", None) or "it is not YAML"
            raise RuleError(
                file, line, problem, "Check indentation, colons and quotation marks."
            ) from None
        except ValidationError as error:
            found = error.errors(include_url=False, include_input=False)
            unknown = [one for one in found if one["type"] == "extra_forbidden"]
            first = (unknown or found)[0]  # a misspelled key is why another is missing
            key = ".".join(str(part) for part in first["loc"]) or "the top level"
            line = f"line {_line_of(yaml.compose(text, Loader=_Loader), first['loc'])}, key {key}"
            raise RuleError(file, line, first["msg"], _READ_THE_KEYS) from None

    def wrong(self, file: str, place: Sequence[str | int], problem: str, cure: str) -> RuleError:
        """Return the error that names a key of a YAML file and the line it stands on.

        Args:
            file: Its path below the folder.
            place: The path of the key, from the top of the file.
            problem: What is wrong.
            cure: What to do.
        """
        line = _line_of(yaml.compose(self.path(file).read_text("utf-8"), Loader=_Loader), place)
        key = ".".join(str(part) for part in place)
        return RuleError(file, f"line {line}, key {key}", problem, cure)

    def version(self) -> str:
        """Return 12 hexadecimal digits that change when any file of the folder does.

        Hidden files and folders do not count: editors and `aspa codes install` keep theirs there.
        """
        digest = hashlib.sha256()
        for path in sorted(self.root.rglob("*")):
            below = path.relative_to(self.root)
            hidden = any(part.startswith(".") for part in below.parts)
            if path.is_file() and path.suffix in {".yaml", ".csv"} and not hidden:
                name = below.as_posix().encode()
                content = path.read_bytes()
                digest.update(len(name).to_bytes(8) + name + len(content).to_bytes(8) + content)
        return digest.hexdigest()[:12]


def _line_of(node: yaml.Node | None, location: Sequence[str | int]) -> int:
    """Return the line (from 1) of the deepest part of a key path that the file has."""
    line = node.start_mark.line + 1 if node else 1
    for part in location:
        if isinstance(node, yaml.MappingNode):
            pairs = {key.value: (key, value) for key, value in node.value}
            if part not in pairs:
                break
            key, node = pairs[part]
            line = key.start_mark.line + 1
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            node = node.value[part]
            line = node.start_mark.line + 1
        else:
            break
    return line
