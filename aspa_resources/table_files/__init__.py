"""Plain files of rows whose text cells are rewritten and whose every other byte stays as it was.

Belongs here: CSV and JSON Lines in the encodings, separators and quotes that deliveries come in,
also gzipped, read and written a row at a time. Does not belong here: what becomes of a text, and
deliveries (their contract is richer: `delivery`).
"""

from aspa_resources.table_files.forms import TableFileError
from aspa_resources.table_files.table import Rewritten, Table, open_table

__all__ = ["Rewritten", "Table", "TableFileError", "open_table"]
