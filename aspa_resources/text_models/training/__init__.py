"""How the shipped heads were made: example sentences of our own and the script that trains."""
