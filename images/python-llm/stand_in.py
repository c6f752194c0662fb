# SPDX-License-Identifier: Apache-2.0
"""A server for rehearsals: writes a tokenizer, answers the OpenAI API on port 8000 with made-up words, runs a command, and says whether it was asked."""

import json
import re
import subprocess
import sys
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

MODEL = "stand-in"
asked = {"completions": 0}


def write_tokenizer(folder: Path) -> None:
    """One token a byte: the smallest tokenizer that every library loads."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers

    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    vocabulary = {word: number for number, word in enumerate(["<|end|>", *alphabet])}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=[]))
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    folder.mkdir(parents=True)
    tokenizer.save(str(folder / "tokenizer.json"))
    settings = {"tokenizer_class": "PreTrainedTokenizerFast", "eos_token": "<|end|>", "pad_token": "<|end|>", "model_max_length": 4096,
                "chat_template": "{% for m in messages %}{{ m['content'] }}{% endfor %}"}
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))
    shape = {"hidden_size": 64, "num_hidden_layers": 1, "num_attention_heads": 2, "vocab_size": len(vocabulary), "max_position_embeddings": 4096}
    (folder / "config.json").write_text(json.dumps({"architectures": ["LlamaForCausalLM"], "model_type": "llama", **shape}))


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *_: object) -> None:
        pass

    def answer(self, body: object, kind: str = "application/json") -> None:
        data = body.encode() if isinstance(body, str) else json.dumps(body).encode()
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def do_GET(self) -> None:
        if self.path.endswith("/models"):
            self.answer({"object": "list", "data": [{"id": MODEL, "object": "model", "max_model_len": 4096}]})
        elif self.path == "/metrics":
            self.answer("", "text/plain")
        else:
            self.answer({"status": "ok"})

    def do_POST(self) -> None:
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        chat = self.path.endswith("/chat/completions")
        count = request.get("max_completion_tokens") or request.get("max_tokens") or 8
        asked["completions"] += 1
        usage = {"prompt_tokens": 8, "completion_tokens": count, "total_tokens": 8 + count}
        if request.get("stream"):
            options = request.get("stream_options") or {}
            self.stream(chat, count, usage, counting=bool(options.get("continuous_usage_stats")))
        else:
            self.answer({**frame(chat, " word" * count, streamed=False, end=True, logprobs=not chat), "usage": usage})

    def stream(self, chat: bool, count: int, usage: dict[str, int], *, counting: bool) -> None:
        """Words come one after another, because a tool may find no time between two that come at once, and stop."""
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        events = [frame(chat, " word", streamed=True, end=number == count - 1) for number in range(count)]
        if counting:
            events = [{**event, "usage": {**usage, "completion_tokens": number}} for number, event in enumerate(events, 1)]
        events.append({**frame(chat, "", streamed=True, end=True), "choices": [], "usage": usage})
        for text in [*map(json.dumps, events), "[DONE]"]:
            data = f"data: {text}\n\n".encode()
            self.wfile.write(b"%x\r\n%s\r\n" % (len(data), data))
            time.sleep(0.005)
        self.wfile.write(b"0\r\n\r\n")


def frame(chat: bool, text: str, *, streamed: bool, end: bool, logprobs: bool = False) -> dict[str, object]:
    message = {"role": "assistant", "content": text}
    choice = ({"delta": message} if streamed else {"message": message}) if chat else {"text": text}
    if logprobs:
        words = re.findall(r"\s*\S+", text) or [text]
        choice["logprobs"] = {"tokens": words, "token_logprobs": [-1.0] * len(words), "top_logprobs": [{word: -1.0} for word in words], "text_offset": [0] * len(words)}
    kind = ("chat.completion.chunk" if streamed else "chat.completion") if chat else "text_completion"
    return {"id": "x", "object": kind, "created": 1, "model": MODEL, "choices": [{"index": 0, **choice, "finish_reason": "length" if end else None, "stop_reason": None}]}


def main(folder: str, words: list[str]) -> int:
    wanted = 1
    if words[0] == "--requests":
        wanted, words = int(words[1]), words[2:]
    write_tokenizer(Path(folder) / "model")
    server = ThreadingHTTPServer(("127.0.0.1", 8000), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    status = subprocess.run(words, check=False, timeout=600).returncode
    if status == 0 and asked["completions"] < wanted:
        print(f"{words[0]} ended well, but it sent {asked['completions']} requests and should have sent {wanted} at least", file=sys.stderr)
        return 1
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
