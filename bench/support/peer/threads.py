"""How many threads PyTorch and its BLAS take. Import it before torch: both read the environment."""
import os
import sys
import time

THREADS = int(sys.argv[2])
os.environ["OMP_NUM_THREADS"] = os.environ["OPENBLAS_NUM_THREADS"] = str(THREADS)

import torch  # noqa: E402

torch.set_num_threads(THREADS)

LEAST_RATE = 8  # GFLOP/s of one core: the plain BLAS of Debian makes 4, OpenBLAS above 60


def check_blas():
    """A ratio to a PyTorch whose products are plain loops would say nothing."""
    a = torch.randn(512, 512)
    rates = []
    for _ in range(10):
        started = time.process_time()
        a @ a
        rates.append(2 * 512**3 / (time.process_time() - started) / 1e9)
    if max(rates) < LEAST_RATE:
        raise SystemExit(f"expected a fast BLAS (apt-get install libopenblas0), got {max(rates):.1f} GFLOP/s")
