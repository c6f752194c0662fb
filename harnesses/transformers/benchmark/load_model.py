# SPDX-License-Identifier: Apache-2.0
"""A setting → a model that is ready, its tokenizer, and what it is made of. It measures nothing."""
import warnings
from typing import Any

from .config import ModelSetting
from .memory import usable_cpus


def prepare_torch(setting: ModelSetting) -> int:
    """The number of threads. Before the model is loaded, and outside of the time that this takes."""
    import torch
    threads = setting.threads or usable_cpus()
    torch.set_num_threads(threads)
    available = torch.cuda.is_available()
    if not available:
        # transformers asks with every mask; a torch for GPUs without CUDA's libraries, as in our image, dies of the question
        torch.cuda.is_current_stream_capturing = lambda: False
    if setting.device.startswith('cuda'):
        if not available:
            raise RuntimeError(f'models: {setting.name}: device {setting.device}: this torch ({torch.__version__}) sees no GPU; use device cpu, or an image with a torch for GPUs')
        torch.zeros(1, device=setting.device)
    return threads


def load(setting: ModelSetting) -> tuple[Any, Any, dict[str, Any]]:
    """Model, tokenizer, and facts of the model."""
    from transformers import AutoModelForCausalLM, AutoTokenizer
    revision = {'revision': setting.revision} if setting.revision else {}
    tokenizer = AutoTokenizer.from_pretrained(setting.source, padding_side='left', **revision)
    if tokenizer.pad_token_id is None:
        tokenizer.pad_token = tokenizer.eos_token
    attention = {} if setting.attention == 'auto' else {'attn_implementation': setting.attention}
    dtype = 'float32' if setting.quantization == 'int8-dynamic' else setting.dtype
    model = AutoModelForCausalLM.from_pretrained(setting.source, dtype=dtype, **revision, **attention).eval()
    parameters = sum(p.numel() for p in model.parameters())
    quantized = 0
    if setting.quantization == 'int8-dynamic':
        quantized = quantize_dynamically(model)
    model.to(setting.device)
    facts = {'parameters': parameters, 'loadedDtype': dtype_of(model, dtype), 'attentionUsed': getattr(model.config, '_attn_implementation', None)}
    return model, tokenizer, facts | ({'quantizedParameters': quantized} if quantized else {})


def dtype_of(model: Any, asked: str) -> str:
    first = next((p for p in model.parameters()), None)
    return asked if first is None else str(first.dtype).removeprefix('torch.')


def quantize_dynamically(model: Any) -> int:
    """Weights of linear layers in 8 bits, activations as they come; the head stays as it is, as is usual. Returns how many parameters are in 8 bits."""
    import torch
    from transformers.pytorch_utils import Conv1D
    head = model.get_output_embeddings()
    modules = dict(model.named_modules())
    count = 0
    for name, module in list(modules.items()):
        if module is head or not isinstance(module, (torch.nn.Linear, Conv1D)):
            continue
        parent, _, own = name.rpartition('.')
        count += module.weight.numel()
        setattr(modules[parent], own, _quantized(_as_linear(module)))
    if count == 0:
        raise RuntimeError('quantization int8-dynamic: the model has no linear layer that could be quantised')
    return count


def _quantized(linear: Any) -> Any:
    import torch
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')      # torch says with every layer that torchao is to replace this
        return torch.ao.quantization.quantize_dynamic(torch.nn.Sequential(linear), {torch.nn.Linear}, dtype=torch.qint8)[0]


def _as_linear(module: Any) -> Any:
    """GPT-2's layers are stored the other way round, and quantisation knows only the usual way."""
    import torch
    if isinstance(module, torch.nn.Linear):
        return module
    rows, columns = module.weight.shape
    linear = torch.nn.Linear(rows, columns, bias=True, dtype=module.weight.dtype)
    linear.weight = torch.nn.Parameter(module.weight.detach().t().contiguous(), requires_grad=False)
    linear.bias = torch.nn.Parameter(module.bias.detach(), requires_grad=False)
    return linear
