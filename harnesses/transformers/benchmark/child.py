# SPDX-License-Identifier: Apache-2.0
"""The process of one model: a job from standard input, events to the standard output that it was started with."""
import faulthandler
import json
import os
import pickle
import sys
from base64 import b64decode
from pathlib import Path


def main() -> None:
    events = os.fdopen(os.dup(1), 'w', buffering=1, encoding='utf-8')
    os.dup2(2, 1)      # what libraries print is no event
    faulthandler.enable()
    setting, model, file = pickle.loads(b64decode(sys.stdin.readline()))
    from .measure_model import measure_model
    measure_model(setting, model, Path(file), lambda event: print(json.dumps(event), file=events, flush=True))


if __name__ == '__main__':
    main()
