# SPDX-License-Identifier: Apache-2.0
# Serves the smallest model, loads it with vLLM's own benchmark, and expects every request to succeed.
export HOME=/tmp/rehearsal HF_HUB_OFFLINE=1 OMP_NUM_THREADS=2
mkdir -p "$HOME" && cd "$HOME"
# its processes talk by shared memory: docker build --shm-size 512m
vllm serve /models/tiny --served-model-name tiny --port 8001 --max-model-len 512 --max-num-seqs 8 --enforce-eager >server.log 2>&1 &
server=$!
give_up() { echo "$1"; tail -n 40 server.log; exit 1; }
until python3 -c 'import urllib.request as u; u.urlopen("http://127.0.0.1:8001/health", timeout=5)' 2>/dev/null; do
  kill -0 "$server" 2>/dev/null || give_up 'vLLM ended before it was ready'
  sleep 2
done
vllm bench serve --backend openai --base-url http://127.0.0.1:8001 --endpoint /v1/completions --model tiny --tokenizer /models/tiny \
  --dataset-name random --random-input-len 16 --random-output-len 8 --num-prompts 4 --max-concurrency 2 --ignore-eos \
  --percentile-metrics ttft,tpot,itl,e2el --save-result --save-detailed --result-dir . --result-filename result.json || give_up 'the benchmark failed'
python3 -c 'import json; assert json.load(open("result.json"))["completed"] == 4' || give_up 'requests failed'
# what lm-eval asks for takes another way through the engine
python3 - <<'P' || give_up 'no log-probabilities'
import json, urllib.request
body = {"model": "tiny", "prompt": "the water is", "max_tokens": 1, "echo": True, "logprobs": 1}
request = urllib.request.Request("http://127.0.0.1:8001/v1/completions", json.dumps(body).encode(), {"Content-Type": "application/json"})
assert len(json.load(urllib.request.urlopen(request, timeout=60))["choices"][0]["logprobs"]["token_logprobs"]) > 1
P
kill "$server" && wait "$server" || true
cd / && rm -rf "$HOME"
