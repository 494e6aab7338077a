"""The risk that is left in anonymous rows: what rare rows give up, and how large it is then.

Belongs here: generalising rare combinations of quasi-identifiers (`generalise`), measuring what
could still be singled out, linked or inferred (`measure`, `linking`), and the operators' pages
(`pages`). Does not belong here: what somebody may know and what is given up for it
(`rules/disclosure.yaml`), ids, times and order (`anonymizer.rows`), the texts (the recognisers).
"""
