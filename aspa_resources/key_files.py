"""A secret that is made once and kept in a file that only its owner may read.

Belongs here: that one way of making it. Does not belong here: what a secret is for (`zones`,
`transport`).
"""

import os
import secrets
from collections.abc import Callable
from pathlib import Path


def kept_secret(path: Path, make: Callable[[], str]) -> str:
    """Return the secret in a file; where there is no file yet, make and keep it.

    Args:
        path: The file. Of processes that make it at once, the first one's secret stands.
        make: Makes the secret, ASCII.

    Returns:
        The secret that the file holds.
    """
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        aside = path.with_suffix(f".{secrets.token_hex(4)}")
        descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="ascii") as file:
            file.write(make())
            file.flush()
            os.fsync(descriptor)  # data will be encrypted with it: it must survive a power cut
        try:
            os.link(aside, path)  # fails where another process was first: its secret stands
        except FileExistsError:
            pass
        finally:
            aside.unlink()
    return path.read_text(encoding="ascii").strip()
