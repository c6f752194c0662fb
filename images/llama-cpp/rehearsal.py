# SPDX-License-Identifier: Apache-2.0
"""Starts the server once while the image is built and asks it for eight words: a server that does not serve is no image."""

import json
import subprocess
import sys
import time
import urllib.error
import urllib.request

URL = "http://127.0.0.1:8080"


def ask(body: dict[str, object]) -> dict[str, object]:
    request = urllib.request.Request(f"{URL}/v1/completions", json.dumps(body).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


def wait_until_ready(server: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(f"{URL}/health", timeout=2)
            return
        except (urllib.error.URLError, OSError):
            if server.poll() is not None:
                break
            time.sleep(0.2)
    sys.exit("llama.cpp's server did not become ready")


server = subprocess.Popen([sys.executable, "/opt/assay/llama-cpp/server.py", "--model", "/models/tiny.gguf", "--alias", "tiny", "--threads", "2"])
try:
    wait_until_ready(server)
    usage = ask({"model": "tiny", "prompt": "the water is", "max_tokens": 8})["usage"]
    assert usage["completion_tokens"] == 8, usage
finally:
    server.terminate()
    server.wait(timeout=30)
