"""How the shipped models were made: labelled texts of our own and the scripts that train."""
