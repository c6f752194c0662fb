# SPDX-License-Identifier: Apache-2.0
"""llama.cpp's own HTTP server, which PyPI has only as a library: takes those options of llama-server that a benchmark sets, by the same names."""

import argparse
import signal
import threading

import xllamacpp


def options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="llama-server", description="llama.cpp's server out of the package xllamacpp")
    parser.add_argument("--model", "-m", required=True, help="the GGUF file")
    parser.add_argument("--alias", "-a", help="the name that clients ask for; default: the file's")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8080)
    parser.add_argument("--ctx-size", "-c", type=int, default=4096, help="tokens of context, shared by all slots")
    parser.add_argument("--parallel", "-np", type=int, default=1, help="how many requests are answered at once")
    parser.add_argument("--threads", "-t", type=int, help="default: as many as the machine has cores")
    parser.add_argument("--n-gpu-layers", "-ngl", type=int, default=0)
    parser.add_argument("--metrics", action="store_true", help="offer /metrics")
    return parser.parse_args()


def parameters(wanted: argparse.Namespace) -> xllamacpp.CommonParams:
    params = xllamacpp.CommonParams()
    params.model.path = wanted.model
    params.model_alias = {wanted.alias or wanted.model.rsplit("/", 1)[-1]}
    params.hostnames = [wanted.host]
    params.port = wanted.port
    params.n_ctx = wanted.ctx_size
    params.n_parallel = wanted.parallel
    params.n_gpu_layers = wanted.n_gpu_layers
    params.endpoint_metrics = wanted.metrics
    params.fit_params = False
    if wanted.threads:
        params.cpuparams.n_threads = wanted.threads
    return params


def main() -> None:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    server = xllamacpp.Server(parameters(options()))
    print(f"llama.cpp {xllamacpp.__version__} listens on {server.listening_address}", flush=True)
    stop.wait()


if __name__ == "__main__":
    main()
