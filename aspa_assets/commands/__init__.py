"""The commands of `aspa`, a module for each kind of user."""
