# ruff: noqa: PLR2004  # the shares and lengths below are the recipe itself
"""Train the verifier's leak model: python -m aspa_resources.anonymizer.training.train_verifier.

Text in which five names of six are placeholders already; the rest are the leaks to find. Needs
scikit-learn and the corpora; see MODEL_CARD.md.
"""

import random
from pathlib import Path

import click
import numpy as np

from aspa_resources.anonymizer.name_model.lexicon import Lexicon
from aspa_resources.anonymizer.training.corpora import Example
from aspa_resources.anonymizer.training.train import everyday_words, examples, municipality_names
from aspa_resources.anonymizer.verification.leak_model import BUCKETS, features, is_word

_HIDDEN_SHARE = 5 / 6


def cleaned(example: Example, rng: random.Random) -> tuple[list[str], list[int]]:
    """Return tokens, most names as placeholders, and their labels (1 name, -1 not told)."""
    _, tokens, labels = example
    words, told = ["."], [-1]
    hide = False
    for at, (token, label) in enumerate(zip(tokens, labels, strict=True)):
        if label == 1 and (at == 0 or labels[at - 1] == 0 or labels[at - 1] == 2):
            hide = rng.random() < _HIDDEN_SHARE
        if label == 1 and hide:
            if words[-1] != "<PERSON>":
                words.append("<PERSON>")
                told.append(-1)
        elif token.text.isdigit():
            words.append("<NUMBER>")
            told.append(-1)
        else:
            words.append(token.text)
            told.append(-1 if label == -1 else int(label == 1))
    return [*words, "."], [*told, -1]


@click.command()
@click.option("--corpora", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--municipalities", type=click.Path(path_type=Path, exists=True), required=True)
@click.option("--output", type=click.Path(path_type=Path), required=True)
@click.option("--amount", default=50_000, help="generated texts")
@click.option("--seed", default=7)
def main(*, corpora: Path, municipalities: Path, output: Path, amount: int, seed: int) -> None:
    """Train and write the weights, in eight bits."""
    from scipy.sparse import csr_matrix
    from sklearn.linear_model import SGDClassifier

    rng = random.Random(seed)  # noqa: S311  # training text, no secret
    everyday = everyday_words()
    lexicon = Lexicon(Lexicon.of((w for ws in everyday.values() for w in ws), log2_bits=24))
    indices: list[np.ndarray] = []
    labels = []
    for example in examples(
        corpora,
        municipalities=municipality_names(municipalities),
        everyday=everyday,
        lexicon=lexicon,
        amount=amount,
        seed=seed,
    ):
        tokens, told = cleaned(example, rng)
        for at in range(1, len(tokens) - 1):
            if is_word(tokens[at]) and told[at] >= 0 and (told[at] == 1 or rng.random() < 0.5):
                indices.append(np.array(features(tokens, at), dtype=np.int32))
                labels.append(told[at])
    lengths = np.cumsum([0, *map(len, indices)])
    flat = np.concatenate(indices)
    matrix = csr_matrix(
        (np.ones(len(flat), dtype=np.float32), flat, lengths), shape=(len(labels), BUCKETS)
    )
    model = SGDClassifier(
        loss="log_loss", alpha=3e-7, max_iter=6, tol=None, random_state=seed, average=True
    )
    model.fit(matrix, np.array(labels))
    weights = model.coef_[0]
    scale = float(np.abs(weights).max()) / 127
    np.savez_compressed(
        output,
        weights=np.round(weights / scale).astype(np.int8),
        scale=np.float32(scale),
        bias=np.float32(model.intercept_[0]),
    )


if __name__ == "__main__":
    main()
