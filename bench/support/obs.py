"""Seconds that NumPy takes to invert the covariance of neighbours of a given size, on one thread; prints JSON."""
import json
import os
import sys
import time

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ[name] = "1"

import numpy

size = int(sys.argv[1])
places = numpy.arange(size)
matrix = 0.9 ** numpy.abs(places[:, None] - places) + 0.01 * numpy.eye(size)
started = time.perf_counter()
numpy.linalg.inv(matrix)
print(json.dumps({"seconds": time.perf_counter() - started, "numpy": numpy.__version__}))
