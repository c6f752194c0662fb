# SPDX-License-Identifier: Apache-2.0
"""The greatest memory that this process took, of the machine's and of a GPU's, since it was last asked to forget."""
import ctypes
import gc
import os
import resource
from pathlib import Path
from typing import Any

STATUS, CLEAR = Path('/proc/self/status'), Path('/proc/self/clear_refs')


def forget_peaks(device: str) -> bool:
    """False where the kernel does not forget the peak of resident memory: it is then the greatest since the process began."""
    if device.startswith('cuda'):
        import torch
        torch.cuda.reset_peak_memory_stats(device)
    try:
        CLEAR.write_text('5')
        return True
    except OSError:
        return False


def give_back() -> None:
    """What loading no longer needs goes back to the system: otherwise it would be in the peak of everything that follows."""
    gc.collect()
    trim = getattr(ctypes.CDLL(None), 'malloc_trim', None)
    if trim is not None:
        trim(0)


def peaks(device: str) -> dict[str, int]:
    """In bytes. What there is no GPU for is absent, not 0."""
    found = {'peakRamBytes': peak_ram()}
    if device.startswith('cuda'):
        import torch
        found |= {'peakGpuAllocatedBytes': torch.cuda.max_memory_allocated(device), 'peakGpuReservedBytes': torch.cuda.max_memory_reserved(device)}
    return found


def peak_ram() -> int:
    try:
        line = next(line for line in STATUS.read_text().splitlines() if line.startswith('VmHWM:'))
        return int(line.split()[1]) * 1024
    except (OSError, StopIteration):
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def usable_cpus() -> int:
    """Those that this process may run on, or fewer where its cgroup has a quota, which torch does not see."""
    cpus = len(os.sched_getaffinity(0))
    return max(1, min(cpus, _quota(Path('/sys/fs/cgroup/cpu.max')) or cpus))


def _quota(path: Path) -> int | None:
    try:
        quota, period = path.read_text().split()
        return None if quota == 'max' else -(-int(quota) // int(period))
    except (OSError, ValueError):
        return None


def host() -> dict[str, Any]:
    memory = os.sysconf('SC_PAGE_SIZE') * os.sysconf('SC_PHYS_PAGES')
    try:
        model = next(line.split(':', 1)[1].strip() for line in Path('/proc/cpuinfo').read_text().splitlines() if line.startswith('model name'))
    except (OSError, StopIteration):
        model = None
    return {'cpu': model, 'cpus': os.cpu_count(), 'usableCpus': usable_cpus(), 'memoryBytes': memory, 'system': ' '.join((os.uname().sysname, os.uname().release))}
