"""The chapter in which a reader picks one group and sees its published figures at once.

Belongs here: which groups the published tables tell of (`groups`), their figures as data (`data`),
what the layout reads (`records`), and the chapter's own layout, style, script and texts. Does not
belong here: what the chapter says in a language (`sections.explorer`).
"""
