"""pyfair on the shared model, as one line of JSON: CPU seconds and figures for each count of years and each seed.

The model is rate PERT(20, 100, 900) a year and loss PERT(3 M, 3.5 M, 5 M) each time. Called by the benchmark of
wardkeep-risk (`--pyfair PYTHON`), which knows the closed form.
"""

import json
import sys
import time

from pyfair import FairModel

RATE, LOSS = (20, 100, 900), (3e6, 3.5e6, 5e6)


def simulated(years, seed):
    begun = time.process_time()
    model = FairModel(name="shared", n_simulations=years, random_seed=seed)
    model.input_data("Loss Event Frequency", low=RATE[0], mode=RATE[1], high=RATE[2])
    model.input_data("Loss Magnitude", low=LOSS[0], mode=LOSS[1], high=LOSS[2])
    model.calculate_all()
    risk = model.export_results()["Risk"]
    spent = time.process_time() - begun
    return {"years": years, "ms": 1e3 * spent, "mean": float(risk.mean()), "sd": float(risk.std()), "var99": float(risk.quantile(0.99))}


seeds = int(sys.argv[1])
simulated(1_000, 0)
print(json.dumps([simulated(int(years), seed) for years in sys.argv[2:] for seed in range(1, seeds + 1)]))
