# SPDX-License-Identifier: Apache-2.0
# Measures a small model with each back end, as a pod will, and expects the last phase of each to have numbers.
export HOME=/tmp/rehearsal TMPDIR=/tmp/rehearsal
mkdir -p "$HOME"
python3 - /opt/assay/optimum-benchmark/harness.yaml <<'P'
import sys, yaml
files = yaml.safe_load(open(sys.argv[1]))['spec']['files']
open('/tmp/rehearsal/run.py', 'w').write(files['run.py'])
for name in ('pytorch', 'onnxruntime', 'openvino'):
    config = dict(files['benchmark.yaml'], name=name)
    config['backend'] = dict(name=name, model='/models/small', device='cpu', task='text-generation', library='transformers', no_weights=True)
    config['scenario'] = dict(config['scenario'], iterations=1, duration=0, warmup_runs=1, input_shapes=dict(batch_size=1, sequence_length=8), generate_kwargs=dict(max_new_tokens=4, min_new_tokens=4))
    config['quantization'] = 'none'
    open(f'/tmp/rehearsal/{name}.yaml', 'w').write(yaml.safe_dump(config))
P
for backend in pytorch onnxruntime openvino; do
  mkdir "/tmp/rehearsal/$backend" && cd "/tmp/rehearsal/$backend"
  python3 ../run.py "../$backend.yaml" || { echo "$backend failed"; exit 1; }
  python3 -c 'import json; assert json.load(open("benchmark.json"))["report"]["per_token"]["latency"]["count"] == 3'
done
cd / && rm -rf /tmp/rehearsal
