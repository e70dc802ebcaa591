//! One model on three roads: our exact engine, our own simulation, and pyfair, against the closed form.

use super::Table;
use super::timing::{cpu_ms, once_ms};
use serde::Deserialize;
use std::process::Command;
use wardkeep_risk::model::{Model, from_toml};
use wardkeep_risk::run::{RunOptions, Session};
use wardkeep_risk::simulate::{summary, years};

/// Rate PERT(20, 100, 900) a year, loss PERT(3 M, 3.5 M, 5 M) each time.
const SHARED: &str = r#"
format = "wardkeep-risk/1"
currency = "EUR"
price_year = 2025
[[scenario]]
id = "shared"
name = "Shared model"
basis = "no_modelled_controls"
rate = { value = { kind = "pert", low = 20.0, mode = 100.0, high = 900.0 }, source = "expert" }
[[scenario.loss]]
form = "total"
amount = { value = { law = "pert", low = 3000000.0, mode = 3500000.0, high = 5000000.0 }, source = "expert" }
"#;
/// Seeds of each simulation.
const SEEDS: u32 = 5;

/// Mean and variance of a PERT law.
fn pert(low: f64, mode: f64, high: f64) -> (f64, f64) {
    let mean = (low + 4.0 * mode + high) / 6.0;
    (mean, (mean - low) * (high - mean) / 7.0)
}

/// Figures of the year: closed forms of the mean and of the spread, of a sum of events and of rate times loss; value at
/// risk by 64 times finer cells, for it has no closed form.
struct Truth {
    mean: f64,
    sum_sd: f64,
    product_sd: f64,
    var99: f64,
}

fn truth(model: &Model) -> Truth {
    let ((rate, rate_var), (loss, loss_var)) = (pert(20.0, 100.0, 900.0), pert(3e6, 3.5e6, 5e6));
    let fine = RunOptions { cells: 1 << 20, draws: 0, points: 0, ..RunOptions::default() };
    Truth {
        mean: rate * loss,
        sum_sd: (rate * (loss_var + loss * loss) + rate_var * loss * loss).sqrt(),
        product_sd: (rate_var * loss_var + rate_var * loss * loss + loss_var * rate * rate).sqrt(),
        var99: Session::new().run(model, &fine).unwrap().evaluation.var(0.99).unwrap(),
    }
}

/// One simulation.
#[derive(Deserialize)]
struct Found {
    years: u64,
    ms: f64,
    mean: f64,
    sd: f64,
    var99: f64,
}

/// Adds the rows: exact, simulated by us, and by pyfair when its interpreter is named.
pub fn compare(table: &mut Table, python: Option<&str>) {
    let model = from_toml(SHARED, "shared model").unwrap();
    let truth = truth(&model);
    let options = RunOptions { draws: 0, points: 0, ..RunOptions::default() };
    let run = Session::new().run(&model, &options).unwrap();
    table.figure(
        "Shared model, exact at 2^14 from nothing",
        cpu_ms(|| Session::new().run(&model, &options).unwrap()),
        "ms",
    );
    let off = |value: f64, wanted: f64| (value / wanted - 1.0).abs();
    table.figure("  mean off the closed form", off(run.result.mean.unwrap(), truth.mean), "");
    table.figure("  spread off the closed form", off(run.result.sd.unwrap(), truth.sum_sd), "");
    table.figure("  VaR99 off 2^20 cells", off(run.evaluation.var(0.99).unwrap(), truth.var99), "");
    let ours: Vec<Found> = [1_000u64, 10_000]
        .into_iter()
        .flat_map(|count| (1..=u64::from(SEEDS)).map(move |seed| (count, seed)))
        .map(|(count, seed)| {
            let mut sums = Vec::new();
            let ms = once_ms(|| sums = years(&run.resolved.portfolio, seed, count as usize));
            let n = sums.len() as f64;
            let mean = sums.iter().sum::<f64>() / n;
            let sd = (sums.iter().map(|s| (s - mean).powi(2)).sum::<f64>() / (n - 1.0)).sqrt();
            Found { years: count, ms, mean, sd, var99: summary(sums, seed, &[0.99]).var[0].1 }
        })
        .collect();
    rows(table, "our simulation", &ours, &truth);
    let Some(python) = python else { return };
    let script = concat!(env!("CARGO_MANIFEST_DIR"), "/../../benches/pyfair/theirs.py");
    let done = Command::new(python).arg(script).arg(SEEDS.to_string()).args(["10000", "100000"]).output();
    let done = done.unwrap_or_else(|error| panic!("{python}: {error}"));
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    let theirs: Vec<Found> = serde_json::from_slice(&done.stdout).unwrap();
    rows(table, "pyfair", &theirs, &truth);
    let product = rms(&theirs, |f| f.sd, truth.product_sd, None);
    table.figure("  pyfair's spread off that of rate times loss", product, "");
}

/// Root of the mean square of the relative errors, for one count of years or for all.
fn rms(found: &[Found], of: impl Fn(&Found) -> f64, wanted: f64, count: Option<u64>) -> f64 {
    let errors: Vec<f64> = found
        .iter()
        .filter(|f| count.is_none_or(|c| c == f.years))
        .map(|f| (of(f) / wanted - 1.0).powi(2))
        .collect();
    (errors.iter().sum::<f64>() / errors.len() as f64).sqrt()
}

fn rows(table: &mut Table, who: &str, found: &[Found], truth: &Truth) {
    let mut counts: Vec<u64> = found.iter().map(|f| f.years).collect();
    counts.dedup();
    for count in counts {
        let mut ms: Vec<f64> = found.iter().filter(|f| f.years == count).map(|f| f.ms).collect();
        ms.sort_by(f64::total_cmp);
        table.figure(&format!("Shared model, {who}, {count} years"), ms[ms.len() / 2], "ms");
        table.figure("  mean off the closed form, rms", rms(found, |f| f.mean, truth.mean, Some(count)), "");
        let spread = rms(found, |f| f.sd, truth.sum_sd, Some(count));
        table.figure("  spread off the closed form of the sum, rms", spread, "");
        table.figure("  VaR99 off, rms", rms(found, |f| f.var99, truth.var99, Some(count)), "");
    }
}
