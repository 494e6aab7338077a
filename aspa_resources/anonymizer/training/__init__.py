"""How the name model was made: generated text, corpora, training script, model card.

Nothing here is imported when texts are cleaned; it needs torch and the corpora.
"""
