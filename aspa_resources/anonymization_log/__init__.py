"""The anonymisation log: what both passes counted, held against the county's history, on pages.

Everything here works on counts that manifests keep. No text ever comes into this room but to be
counted (`counting`).
"""
