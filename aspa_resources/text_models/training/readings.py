"""What teacher and student alike read of the states of a text's pieces: themes and sentiment.

Belongs here: pooling and the linear layers after it. Does not belong here: the layers that make the
states (`teacher`, `student`).
"""

from torch import Tensor, nn

from aspa_resources.text_models.heads import SENTIMENTS, THEMES

WIDTH = 384
"""Of a state of the embedded encoder."""

_DROPPED = 0.1
_HIDDEN = -1e4


class Readings(nn.Module):
    """Two views of a text, added: the mean of its states, and for each question what answers it.

    A theme often stands in three words of sixty. The mean loses them; each theme, and the
    sentiment, therefore also weighs the pieces by a question of its own (label-wise attention,
    after Mullenbach et al. 2018, "Explainable prediction of medical codes from clinical text").
    """

    def __init__(self) -> None:
        super().__init__()
        self.questions = nn.Linear(WIDTH, len(THEMES) + 1, bias=False)
        nn.init.normal_(self.questions.weight, std=0.02)
        self.themes = nn.Linear(WIDTH, len(THEMES))
        self.sentiments = nn.Linear(WIDTH, len(SENTIMENTS))
        self.drop = nn.Dropout(_DROPPED)

    def forward(self, states: Tensor, real: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """Scores of themes (n, 13) and sentiments (n, 4), and the mean state (n, d).

        Args:
            states: of the pieces (n, t, d).
            real: which pieces there are (n, t); the others are padding.
        """
        mean = pooled(states, real[:, None].to(states.dtype))[:, 0]
        asked = self.questions(states).masked_fill(~real[..., None], _HIDDEN).softmax(dim=1)
        answers = self.drop(_scaled(asked.transpose(1, 2) @ states))
        seen = self.drop(mean)
        of_each = (answers[:, : len(THEMES)] * self.themes.weight).sum(dim=-1)
        return (
            self.themes(seen) + of_each,
            self.sentiments(seen) + self.sentiments(answers[:, len(THEMES)]),
            mean,
        )


def pooled(states: Tensor, parts: Tensor) -> Tensor:
    """Mean state of each part (n, p, d), brought to one scale.

    Args:
        states: of the pieces (n, t, d).
        parts: 1 where a piece belongs to a part, else 0 (n, p, t).
    """
    return _scaled(parts @ states / parts.sum(dim=-1, keepdim=True).clamp(min=1))


def _scaled(states: Tensor) -> Tensor:
    return nn.functional.layer_norm(states, (WIDTH,))
