"""One thread of linear algebra a process: our matrices are small, and waiting threads would burn the other cores.

To be imported before NumPy. Whoever sets the variables keeps what they set.
"""

import os

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")
