"""Small models of the kinds that people train, with random weights: each gives its loss."""

from __future__ import annotations

import os
import warnings
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

Loss = Callable[[], Tensor]
IDS = torch.tensor([[3, 1, 4, 1, 5, 9], [2, 6, 5, 3, 5, 8]])
CLASSES = torch.tensor([0, 2])


class UNet(nn.Module):
    """Down, across and up again, with what was seen on the way down laid beside."""

    def __init__(self) -> None:
        super().__init__()
        self.down = nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.BatchNorm2d(4), nn.ReLU())
        self.bottom = nn.Sequential(nn.Conv2d(4, 8, 3, padding=1), nn.GroupNorm(2, 8), nn.SiLU())
        self.up = nn.ConvTranspose2d(8, 4, 2, stride=2)
        self.out = nn.Sequential(nn.Conv2d(8, 4, 3, padding=1), nn.LeakyReLU(), nn.Conv2d(4, 2, 1))

    def forward(self, x: Tensor) -> Tensor:
        beside = self.down(x)
        low = self.bottom(F.max_pool2d(beside, 2))
        wide = F.interpolate(low, scale_factor=2.0, mode="bilinear")
        both = torch.cat([beside, self.up(low) + wide[:, :4]], 1)
        found: Tensor = self.out(both)
        return found


class VAE(nn.Module):
    """A variational autoencoder: reparametrised draws, and the negative evidence bound."""

    def __init__(self) -> None:
        super().__init__()
        self.encoder = nn.Sequential(nn.Flatten(), nn.Linear(16, 12), nn.Tanh(), nn.Linear(12, 6))
        self.decoder = nn.Sequential(nn.Linear(3, 12), nn.ELU(), nn.Dropout(0.2), nn.Linear(12, 16))

    def forward(self, x: Tensor) -> Tensor:
        mean, log_variance = self.encoder(x).chunk(2, -1)
        code = mean + torch.randn_like(mean) * torch.exp(log_variance / 2)
        logits = self.decoder(code).unflatten(-1, x.shape[1:])
        missed = F.binary_cross_entropy_with_logits(logits, x, reduction="sum")
        far = -(1 + log_variance - mean.square() - log_variance.exp()).sum() / 2
        found: Tensor = (missed + far) / len(x)
        return found


class ResNet(nn.Module):
    """Two residual blocks with batch norms, and one linear layer on the mean of the image."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Sequential(
            nn.Conv2d(3, 4, 7, 2, 3, bias=False), nn.BatchNorm2d(4), nn.ReLU()
        )
        self.blocks = nn.ModuleList(
            nn.Sequential(
                nn.Conv2d(4, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4), nn.ReLU(inplace=True),
                nn.Conv2d(4, 4, 3, padding=1, bias=False), nn.BatchNorm2d(4),
            )
            for _ in range(2)
        )  # fmt: skip
        self.head = nn.Linear(4, 3)

    def forward(self, x: Tensor) -> Tensor:
        x = F.max_pool2d(self.stem(x), 3, 2, 1)
        for block in self.blocks:
            x = F.relu(x + block(x), inplace=True)
        found: Tensor = self.head(F.adaptive_avg_pool2d(x, 1).flatten(1))
        return found


def transformers() -> Any:
    """Return the package of models, offline and silent: its import and its models warn."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import transformers

        silence: Callable[[], None] = transformers.logging.set_verbosity_error
        silence()
    return transformers


def language_model(family: str, model: str, **sizes: Any) -> Loss:
    """Return the loss of a language model of `transformers` on a few tokens."""
    package = transformers()
    config = getattr(package, f"{family}Config")(vocab_size=12, **sizes)
    made = getattr(package, f"{family}{model}")(config)
    return lambda: made(input_ids=IDS, labels=IDS).loss


def image_model(family: str, size: int, **sizes: Any) -> Loss:
    """Return the loss of an image classifier of `transformers` on two pictures."""
    package = transformers()
    config = getattr(package, f"{family}Config")(num_labels=3, **sizes)
    made = getattr(package, f"{family}ForImageClassification")(config)
    pictures = torch.randn(2, 3, size, size)
    return lambda: made(pixel_values=pictures, labels=CLASSES).loss


def recurrent(kind: Callable[..., nn.Module], dtype: torch.dtype = torch.float32) -> Loss:
    """Return what two layers in both directions make of a random sequence, squared."""
    layer = kind(4, 5, 2, batch_first=True, bidirectional=True).to(dtype)
    x = torch.randn(2, 6, 4, dtype=dtype)
    return lambda: layer(x)[0].square().mean()


def transformer() -> Loss:
    """Return the loss of torch's own encoder and decoder, causal in what it makes."""
    model = nn.Transformer(16, 2, 1, 1, 32, batch_first=True)
    source, target = torch.randn(2, 5, 16), torch.randn(2, 4, 16)
    mask = nn.Transformer.generate_square_subsequent_mask(4)
    return lambda: F.mse_loss(model(source, target, tgt_mask=mask), target)


def segmenter() -> Loss:
    """Return the loss of a U-Net, a class for each pixel."""
    model, x = UNet(), torch.randn(2, 3, 8, 8)
    return lambda: F.cross_entropy(model(x), (x[:, 0] > 0).long())


def autoencoder() -> Loss:
    """Return the loss of a VAE on random pictures."""
    model, x = VAE(), torch.rand(3, 4, 4)
    return lambda: model(x)


def classifier() -> Loss:
    """Return the loss of a ResNet built as in the paper."""
    model, x = ResNet(), torch.randn(2, 3, 16, 16)
    return lambda: F.cross_entropy(model(x), CLASSES)


_BLOCKS = {"hidden_size": 16, "num_hidden_layers": 2, "num_attention_heads": 2}
MODELS: dict[str, Callable[[], Loss]] = {
    "GPT-2": lambda: language_model("GPT2", "LMHeadModel", n_positions=8, n_embd=16, n_layer=2,
        n_head=2, bos_token_id=0, eos_token_id=0),
    "BERT": lambda: language_model("Bert", "ForMaskedLM", **_BLOCKS, intermediate_size=32,
        max_position_embeddings=8),
    "Llama": lambda: language_model("Llama", "ForCausalLM", **{**_BLOCKS, "num_attention_heads": 4},
        intermediate_size=32, num_key_value_heads=2, max_position_embeddings=8),
    "T5": lambda: language_model("T5", "ForConditionalGeneration", d_model=16, d_kv=8, d_ff=32,
        num_layers=2, num_heads=2, decoder_start_token_id=0),
    "Mamba": lambda: language_model("Mamba", "ForCausalLM", hidden_size=16, state_size=4,
        num_hidden_layers=2),
    "ViT": lambda: image_model("ViT", 16, **_BLOCKS, intermediate_size=32, image_size=16,
        patch_size=8),
    "ResNet": lambda: image_model("ResNet", 32, embedding_size=8, hidden_sizes=[8, 16],
        depths=[1, 1]),
    "ResNet by hand": classifier,
    "Transformer": transformer,
    "LSTM": lambda: recurrent(nn.LSTM),
    "LSTM in float64": lambda: recurrent(nn.LSTM, torch.float64),
    "GRU": lambda: recurrent(nn.GRU),
    "RNN": lambda: recurrent(nn.RNN),
    "U-Net": segmenter,
    "VAE": autoencoder,
}  # fmt: skip
