"""The student: the network that is shipped. A few narrow layers over the embedded model's words.

Belongs here: its layers, and writing them as `reader.onnx` in eight bits. Does not belong here:
what it is taught (`train_reader`), how it is fed when it reads (`reader`).

All its layers but the last see no further than the sentence, as if each stood alone: what a
sentence says is read there, once. The last layer sees the whole text.
"""

import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, cast

import torch
from torch import Tensor, nn

from aspa_resources.text_models.heads import SENTIMENTS, THEMES
from aspa_resources.text_models.pages import MOST_PIECES, Page
from aspa_resources.text_models.reader import BASE_SHA256
from aspa_resources.text_models.training.readings import WIDTH, Readings, pooled

LAYERS = 3
_HEADS = 12
_INNER = 768
"""Of the encoder's 1536 inner units of a layer, those with the largest weights."""

_MOST_SENTENCES = 24
_EPSILON = 1e-12
_DROPPED = 0.1
_PADDING = -1
_OPSET = 17
_INPUTS = ("pieces", "places", "sentences", "each")
_OUTPUTS = ("themes", "sentiments", "vector", "sentence_themes", "sentence_sentiments")


class StudentRead(NamedTuple):
    """What was read of n texts of up to s sentences: scores (logits), and vectors of length one.

    `themes` (n, 13), `sentiments` (n, 4), `vectors` (n, d), `sentence_themes` (n, s, 13),
    `sentence_sentiments` (n, s, 4).
    """

    themes: Tensor
    sentiments: Tensor
    vectors: Tensor
    sentence_themes: Tensor
    sentence_sentiments: Tensor


class _Layer(nn.Module):
    """A transformer layer as BERT has it (Devlin et al. 2019), with fewer inner units."""

    def __init__(self, learnt: Mapping[str, Tensor]) -> None:
        super().__init__()
        self.asked = nn.Linear(WIDTH, 3 * WIDTH)
        self.out = nn.Linear(WIDTH, WIDTH)
        self.scale_out = nn.LayerNorm(WIDTH, _EPSILON)
        self.up = nn.Linear(WIDTH, _INNER)
        self.down = nn.Linear(_INNER, WIDTH)
        self.scale_down = nn.LayerNorm(WIDTH, _EPSILON)
        self.drop = nn.Dropout(_DROPPED)
        self._take(learnt)

    def _take(self, learnt: Mapping[str, Tensor]) -> None:
        """Begin with what the embedded encoder's layer knows."""
        up, down = learnt["intermediate.dense.weight"], learnt["output.dense.weight"]
        kept = (up.norm(dim=1) * down.norm(dim=0)).argsort(descending=True)[:_INNER]
        three = ("query", "key", "value")
        self.load_state_dict(
            {
                **{
                    f"asked.{kind}": torch.cat(
                        [learnt[f"attention.self.{x}.{kind}"] for x in three]
                    )
                    for kind in ("weight", "bias")
                },
                "up.weight": up[kept],
                "up.bias": learnt["intermediate.dense.bias"][kept],
                "down.weight": down[:, kept],
                "down.bias": learnt["output.dense.bias"],
                **{
                    f"{own}.{kind}": learnt[f"{its}.{kind}"]
                    for own, its in (
                        ("out", "attention.output.dense"),
                        ("scale_out", "attention.output.LayerNorm"),
                        ("scale_down", "output.LayerNorm"),
                    )
                    for kind in ("weight", "bias")
                },
            }
        )

    def forward(self, states: Tensor, seen: Tensor) -> Tensor:
        """States (n, t, d) of pieces that see those of `seen` (n, 1, t, t)."""
        count, length, _ = states.shape
        asked = self.asked(states).view(count, length, 3, _HEADS, WIDTH // _HEADS)
        query, key, value = asked.permute(2, 0, 3, 1, 4)
        heard = nn.functional.scaled_dot_product_attention(query, key, value, attn_mask=seen)
        heard = heard.transpose(1, 2).reshape(count, length, WIDTH)
        states = self.scale_out(states + self.drop(self.out(heard)))
        inner = self.down(nn.functional.gelu(self.up(states)))
        return cast(Tensor, self.scale_down(states + self.drop(inner)))


class Student(nn.Module):
    """The network that is shipped.

    Args:
        encoder: weights of the embedded encoder, by name.
    """

    def __init__(self, encoder: Mapping[str, Tensor]) -> None:
        super().__init__()
        self.words = encoder["embeddings.word_embeddings.weight"]
        places = encoder["embeddings.position_embeddings.weight"][:MOST_PIECES].float()
        kind = encoder["embeddings.token_type_embeddings.weight"][0].float()
        self.places = nn.Embedding(MOST_PIECES, WIDTH, _weight=places + kind)
        self.scale = nn.LayerNorm(WIDTH, _EPSILON)
        self.scale.weight.data = encoder["embeddings.LayerNorm.weight"].float()
        self.scale.bias.data = encoder["embeddings.LayerNorm.bias"].float()
        self.order = nn.Embedding(_MOST_SENTENCES, WIDTH)
        nn.init.zeros_(self.order.weight)
        self.layers = nn.ModuleList(_Layer(_layer_of(encoder, at)) for at in range(LAYERS))
        self.readings = Readings()
        self.vector = nn.Linear(WIDTH, WIDTH, bias=False)
        self.sentence_themes = nn.Linear(WIDTH, len(THEMES))
        self.sentence_sentiments = nn.Linear(WIDTH, len(SENTIMENTS))
        self.drop = nn.Dropout(_DROPPED)

    def fresh(self) -> list[nn.Parameter]:
        """See `lessons.Taught`."""
        new = (self.readings, self.sentence_themes, self.sentence_sentiments)
        return [parameter for layer in new for parameter in layer.parameters()]

    def learnt(self) -> list[nn.Parameter]:
        """See `lessons.Taught`; the word vectors are none of its parameters and stay."""
        fresh = {id(parameter) for parameter in self.fresh()}
        return [parameter for parameter in self.parameters() if id(parameter) not in fresh]

    def forward(
        self, pieces: Tensor, places: Tensor, sentences: Tensor, each: Tensor
    ) -> StudentRead:
        """Read texts.

        Args:
            pieces: word vectors of the texts' pieces (n, t, d).
            places: of the pieces in their sentences (n, t).
            sentences: numbers of the sentences they stand in (n, t); -1 is padding.
            each: the numbers 0, 1, … of as many sentences as shall be read (s).
        """
        real = sentences >= 0
        own = (sentences[:, :, None] == sentences[:, None, :])[:, None]
        # Padding sees itself, so that no row is empty.
        every = own | real[:, None, None, :]
        states = self.drop(self.scale(pieces + self.places(places)))
        for layer in self.layers[:-1]:
            states = layer(states, own)
        parts = (sentences[:, None, :] == each[None, :, None]).to(states.dtype)
        told = self.drop(pooled(states, parts))
        order = self.order(sentences.clamp(min=0, max=_MOST_SENTENCES - 1))
        states = self.layers[-1](states + order, every)
        themes, sentiments, mean = self.readings(states, real)
        return StudentRead(
            themes,
            sentiments,
            nn.functional.normalize(self.vector(mean), dim=-1),
            self.sentence_themes(told),
            self.sentence_sentiments(told),
        )

    def read(self, pages: Sequence[Page]) -> StudentRead:
        """Read a batch of laid-out texts."""
        pieces, places, sentences = (
            nn.utils.rnn.pad_sequence(
                [torch.from_numpy(getattr(page, kind)) for page in pages],
                batch_first=True,
                padding_value=filler,
            )
            for kind, filler in (("pieces", 0), ("places", 0), ("sentences", _PADDING))
        )
        each = torch.arange(max(page.count for page in pages))
        return cast(StudentRead, self(self.words[pieces].float(), places, sentences, each))


def _layer_of(encoder: Mapping[str, Tensor], at: int) -> dict[str, Tensor]:
    prefix = f"encoder.layer.{at}."
    return {
        name.removeprefix(prefix): weight.float()
        for name, weight in encoder.items()
        if name.startswith(prefix)
    }


class _OneText(nn.Module):
    """The network without the dimension of texts, as the reader feeds it."""

    def __init__(self, student: Student) -> None:
        super().__init__()
        self.student = student

    def forward(
        self, pieces: Tensor, places: Tensor, sentences: Tensor, each: Tensor
    ) -> tuple[Tensor, ...]:
        return tuple(
            out[0] for out in self.student(pieces[None], places[None], sentences[None], each)
        )


def save(student: Student, base_sha256: str, path: Path) -> None:
    """Write the network in eight bits: weights a scale a column, activations a scale a text.

    Args:
        student: the taught network.
        base_sha256: of the packed model whose word vectors it uses.
        path: the file to write.
    """
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic

    two = torch.zeros(2, dtype=torch.long)
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.onnx"
        torch.onnx.export(
            _OneText(student).eval(),
            (torch.zeros(2, WIDTH), torch.arange(2), two, torch.arange(1)),
            whole,
            input_names=list(_INPUTS),
            output_names=list(_OUTPUTS),
            dynamic_axes={
                **{name: {0: "pieces"} for name in _INPUTS[:3]},
                **{name: {0: "sentences"} for name in (_INPUTS[3], *_OUTPUTS[3:])},
            },
            opset_version=_OPSET,
            dynamo=False,
        )
        # Seven bits of a weight: on processors without VNNI eight overflow, and the same text would
        # read otherwise there.
        quantize_dynamic(
            whole, path, weight_type=QuantType.QInt8, per_channel=True, reduce_range=True
        )
    network = onnx.load(path)
    onnx.helper.set_model_props(network, {BASE_SHA256: base_sha256})
    onnx.save(network, path)
