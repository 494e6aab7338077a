"""Train the language head and write language.npz: `python -m ...training.train_language`.

Source: the sentences beside this script. The same sentences give the same weights.
"""

import numpy as np

from aspa_resources.text_models.counts import counted_alone, folded_letters
from aspa_resources.text_models.features import NGRAM_BUCKETS
from aspa_resources.text_models.language import LANGUAGE_HEAD, LANGUAGES
from aspa_resources.text_models.sentences import readable
from aspa_resources.text_models.training.labelled import labelled_sentences, lines_of
from aspa_resources.text_models.training.train_heads import logistic


def main() -> None:
    """Fit the head and write it, the weights in float16."""
    pairs = [(one.text, one.language) for one in labelled_sentences()]
    pairs += [(line, "other") for _, line in lines_of("other.txt")]
    wanted = np.array([LANGUAGES.index(language) for _, language in pairs])
    counts = counted_alone([readable(text) for text, _ in pairs])
    seen = folded_letters(counts, NGRAM_BUCKETS)
    weight, bias = logistic(seen, wanted, strength=100.0, balanced=True)
    with LANGUAGE_HEAD.open("wb") as target:
        np.savez_compressed(target, weight=weight.astype(np.float16), bias=bias)


if __name__ == "__main__":
    main()
