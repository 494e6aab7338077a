"""The recognisers, one module per family of entity; each is a Presidio `EntityRecognizer`.

Importing a module of this package imports Presidio: `aspa_resources.anonymizer.Anonymizer` does so
when it is made, not when the room is imported.
"""
