"""Compares time and error with pyfair on one shared model, against the closed form.

Model: rate PERT(20, 100, 900) a year, loss PERT(3 M, 3.5 M, 5 M) each time. Closed form (Poisson, rate uncertain):
mean 806,666,666.67, standard deviation 513,996,170.7. Run by compare.sh, which makes the environment for pyfair.
"""

import json
import math
import statistics
import subprocess
import sys
import time


def pert(low, mode, high, weight=4.0):
    a = 1 + weight * (mode - low) / (high - low)
    b = 1 + weight * (high - mode) / (high - low)
    mean = (low + weight * mode + high) / (weight + 2)
    return mean, (mean - low) * (high - mean) / (weight + 3), a, b


RATE, LOSS = (20, 100, 900), (3e6, 3.5e6, 5e6)
(rate_mean, rate_var, *_), (loss_mean, loss_var, *_) = pert(*RATE), pert(*LOSS)
MEAN = rate_mean * loss_mean
SD = math.sqrt(rate_mean * (loss_var + loss_mean**2) + rate_var * loss_mean**2)


def theirs(years, seed):
    from pyfair import FairModel

    begun = time.process_time()
    model = FairModel(name="shared", n_simulations=years, random_seed=seed)
    model.input_data("Loss Event Frequency", low=RATE[0], mode=RATE[1], high=RATE[2])
    model.input_data("Loss Magnitude", low=LOSS[0], mode=LOSS[1], high=LOSS[2])
    model.calculate_all()
    risk = model.export_results()["Risk"]
    return time.process_time() - begun, float(risk.mean()), float(risk.std())


def ours(program):
    text = (
        'format = "wardkeep-risk/1"\ncurrency = "EUR"\nprice_year = 2025\n'
        '[[scenario]]\nid = "shared"\nname = "Shared model"\nbasis = "no_modelled_controls"\n'
        f'rate = {{ value = {{ kind = "pert", low = {RATE[0]:.1f}, mode = {RATE[1]:.1f}, high = {RATE[2]:.1f} }}, source = "expert" }}\n'
        '[[scenario.loss]]\nform = "total"\n'
        f'amount = {{ value = {{ law = "pert", low = {LOSS[0]:.1f}, mode = {LOSS[1]:.1f}, high = {LOSS[2]:.1f} }}, source = "expert" }}\n'
    )
    path = sys.argv[2] + "/shared.toml"
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    begun = time.perf_counter()
    done = subprocess.run([program, "risk", "run", path, "--draws", "0", "--json"], capture_output=True, check=True, text=True)
    seconds = time.perf_counter() - begun
    result = json.loads(done.stdout)
    return seconds, result["mean"], result["sd"]


print(f"closed form: mean {MEAN:,.0f}, sd {SD:,.0f}")
seconds, mean, sd = ours(sys.argv[1])
print(f"wardkeep, whole process: {seconds * 1e3:.0f} ms, mean off {abs(mean / MEAN - 1):.1e}, sd off {abs(sd / SD - 1):.1e}")
for years in (10_000, 100_000):
    runs = [theirs(years, seed) for seed in range(1, 8)]
    spent = statistics.median(r[0] for r in runs)
    mean_off = math.sqrt(statistics.fmean((r[1] / MEAN - 1) ** 2 for r in runs))
    sd_off = math.sqrt(statistics.fmean((r[2] / SD - 1) ** 2 for r in runs))
    print(f"pyfair, {years:,} years: {spent * 1e3:.0f} ms CPU, mean off {mean_off:.1e}, sd off {sd_off:.1e} (rms of 7 seeds)")
