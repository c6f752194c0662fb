# SPDX-License-Identifier: Apache-2.0
# What the image is rehearsed with while it is built. fmperf takes the first model's name for the place of its tokenizer.
ln -s "$REHEARSAL/model" stand-in
export TARGET=vllm URL=127.0.0.1:8000 REQUESTS_DIR=$REHEARSAL/out REQUESTS_FILENAME=requests.json RESULTS_FILENAME=results.json RESULTS_ALL_FILENAME=all.json
export MIN_INPUT_TOKENS=8 MAX_INPUT_TOKENS=8 MIN_OUTPUT_TOKENS=4 MAX_OUTPUT_TOKENS=4 FRAC_GREEDY=1.0 SAMPLE_SIZE=2 NUM_USERS=1 SWEEP_USERS=1 DURATION=1s BACKOFF=1s GRACE_PERIOD=1s
python -m fmperf.loadgen.generate-input
python -m fmperf.loadgen.run
test -s "$REQUESTS_DIR/results.json"
