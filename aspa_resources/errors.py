"""The base of every error whose message may be shown as it is.

Belongs here: that one class. Such a message names what is wrong and the cure, and never holds a
feedback's text, an id or a value. Any other error may quote data: of it only kind and place are
told.
"""


class AspaError(Exception):
    """Something is wrong that a person can mend, and the message says how."""
