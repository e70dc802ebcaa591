//! The targets of the engine, measured: `cargo run --release -p wardkeep-risk --example bench [-- --json]`; with
//! `--pyfair PYTHON` also pyfair on the shared model (`benches/pyfair/compare.sh` brings it along).
//! CPU time of one thread, median of five.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::float_cmp,
    reason = "a program for people; levels are constants"
)]

mod best;
mod portfolio;
mod shared;
mod timing;

use portfolio::{END, LEVELS, p50, reference};
use serde::Serialize;
use timing::{cpu_model, cpu_ms};
use wardkeep_risk::engine::{Cache, Count, Grid, Options, Plan, evaluate, plan};
use wardkeep_risk::model::Incidents;
use wardkeep_risk::run::{RunOptions, Session};
use wardkeep_risk::simulate::{summary, years};
use wardkeep_risk::{Rate, kri, library};

#[derive(Serialize)]
struct Row {
    what: String,
    value: f64,
    unit: &'static str,
    target: Option<f64>,
    met: Option<bool>,
}

struct Table(Vec<Row>);

impl Table {
    fn below(&mut self, what: &str, value: f64, unit: &'static str, target: f64) {
        self.0.push(Row { what: what.into(), value, unit, target: Some(target), met: Some(value < target) });
    }
    fn above(&mut self, what: &str, value: f64, unit: &'static str, target: f64) {
        self.0.push(Row { what: what.into(), value, unit, target: Some(target), met: Some(value >= target) });
    }
    fn figure(&mut self, what: &str, value: f64, unit: &'static str) {
        self.0.push(Row { what: what.into(), value, unit, target: None, met: None });
    }
}

fn on(cells: usize) -> Plan {
    Plan { grids: vec![Grid::ending_at(END, cells)] }
}

fn main() {
    let mut table = Table(Vec::new());
    engine(&mut table);
    simulation(&mut table);
    let words: Vec<String> = std::env::args().collect();
    let python = words.iter().position(|w| w == "--pyfair").and_then(|at| words.get(at + 1));
    shared::compare(&mut table, python.map(String::as_str));
    model(&mut table);
    best::budget(&mut table);
    if words.iter().any(|w| w == "--json") {
        println!(
            "{}",
            serde_json::to_string_pretty(&serde_json::json!({ "cpu": cpu_model(), "rows": table.0 }))
                .unwrap()
        );
        return;
    }
    println!("{}", cpu_model());
    for row in &table.0 {
        let target = row.target.map_or(String::new(), |t| format!("target {t}"));
        let met = row.met.map_or("", |met| if met { "met" } else { "MISSED" });
        println!("{:<62} {:>12.4e} {:<6} {target:<14} {met}", row.what, row.value, row.unit);
    }
}

fn engine(table: &mut Table) {
    let portfolio = p50();
    let warm = Cache::new();
    warm.transform(1 << 14);
    for bits in [12, 13, 14, 16] {
        let cells = 1 << bits;
        let ms = cpu_ms(|| {
            let cache = Cache::new();
            evaluate(&portfolio, &on(cells), &cache).unwrap()
        });
        let what = format!("P50 first time, 2^{bits} cells, grid end known");
        if bits == 14 {
            table.below(&what, ms, "ms", 40.0);
        } else {
            table.figure(&what, ms, "ms");
        }
        let found = evaluate(&portfolio, &on(cells), &Cache::new()).unwrap();
        for (q, wanted) in LEVELS.iter().zip(reference()) {
            let Some(var) = found.var(*q) else { continue };
            let error = (var / wanted - 1.0).abs();
            let what = format!("  error at VaR{}, 2^{bits}", q * 100.0);
            if bits == 14 && *q == 0.5 {
                table.below(&what, error, "", 1e-4);
            } else if bits == 14 && [0.99, 0.999].contains(q) {
                table.below(&what, error, "", 1e-5);
            } else {
                table.figure(&what, error, "");
            }
        }
    }
    let options = Options { cells: 1 << 14, levels: vec![0.5, 0.95, 0.99, 0.999] };
    let coarse = Options { cells: 1 << 11, ..options.clone() };
    table.figure(
        "P50 planned from nothing, 2^14",
        cpu_ms(|| plan(&portfolio, &options, &Cache::new()).unwrap()),
        "ms",
    );
    table.figure(
        "P50 planned from nothing, 2^11",
        cpu_ms(|| plan(&portfolio, &coarse, &Cache::new()).unwrap()),
        "ms",
    );
    let cache = Cache::new();
    evaluate(&portfolio, &on(1 << 14), &cache).unwrap();
    let mut rates = portfolio.clone();
    let mut n = 0u32;
    let rate_only = cpu_ms(|| {
        n += 1;
        rates.parts[7].count = Count::Poisson(Rate::new(0.05 + f64::from(n) * 1e-4).unwrap());
        evaluate(&rates, &on(1 << 14), &cache).unwrap()
    });
    table.below("What-if, rate only, 2^14", rate_only, "ms", 1.0);
    let mut changed = portfolio.clone();
    let one = cpu_ms(|| {
        n += 1;
        changed.parts[7].loss = portfolio::interval(90_000.0 + f64::from(n), 2.7e6);
        evaluate(&changed, &on(1 << 14), &cache).unwrap()
    });
    table.below("What-if, one scenario's loss, 2^14", one, "ms", 3.0);
    let small = Cache::new();
    let found = evaluate(&portfolio, &on(1 << 13), &small).unwrap();
    let euler = cpu_ms(|| {
        let fresh = Cache::new();
        for part in &portfolio.parts {
            part.loss.spectrum(Grid::ending_at(END, 1 << 13), &fresh);
        }
        fresh
    });
    let both = cpu_ms(|| {
        let fresh = Cache::new();
        for part in &portfolio.parts {
            part.loss.spectrum(Grid::ending_at(END, 1 << 13), &fresh);
        }
        found.euler(&portfolio, 0.99, &fresh).unwrap()
    });
    table.below("Euler shares, P50 at 2^13, vectors cached", both - euler, "ms", 60.0);
    let draws = cpu_ms(|| {
        for n in 0..64 {
            let mut drawn = portfolio.clone();
            for (i, part) in drawn.parts.iter_mut().enumerate() {
                part.count = part.count.times(1.0 + 0.001 * f64::from(n) * (i % 3) as f64);
            }
            evaluate(&drawn, &on(1 << 13), &small).unwrap();
        }
    });
    table.below("Band of 64 draws, P50 at 2^13", draws, "ms", 150.0);
    let root = cpu_ms(|| {
        kri::threshold(0.0, 1.0, 1e-6, |x| {
            let mut drawn = portfolio.clone();
            for part in &mut drawn.parts {
                part.count = part.count.times(1.0 - 0.5 * x);
            }
            let found = evaluate(&drawn, &on(1 << 13), &small).ok()?;
            Some(found.var(0.99)? - 5e6)
        })
    });
    table.below("One indicator's threshold, P50 at 2^13", root, "ms", 100.0);
}

/// CPU milliseconds of 100,000 years of the portfolio in a simulation that draws from tables and checks nothing.
const QUICK_MS: f64 = 37.0;

fn simulation(table: &mut Table) {
    let portfolio = p50();
    let count = 20_000;
    let ms = cpu_ms(|| years(&portfolio, 1, count));
    table.figure("Monte Carlo, 100,000 years of P50", ms * 5.0, "ms");
    let (levels, wanted) = ([0.99, 0.999], [reference()[2], reference()[3]]);
    let mut squares = [0.0; 2];
    for seed in 0..20 {
        let found = summary(years(&portfolio, 100 + seed, count), seed, &levels);
        for (k, (_, var, _)) in found.var.iter().enumerate() {
            squares[k] += (var / wanted[k] - 1.0).powi(2) / 20.0;
        }
    }
    let exact_ms = cpu_ms(|| evaluate(&portfolio, &on(1 << 14), &Cache::new()).unwrap());
    let exact = evaluate(&portfolio, &on(1 << 14), &Cache::new()).unwrap();
    for k in 0..2 {
        // Errors of simulation fall with the root of the count of years.
        let at_equal_cpu = squares[k].sqrt() * (ms / exact_ms).sqrt();
        let ours = (exact.var(levels[k]).unwrap() / wanted[k] - 1.0).abs();
        let what = format!("Monte Carlo rms error at VaR{} at equal CPU", levels[k] * 100.0);
        table.figure(&what, at_equal_cpu, "");
        table.above("  its ratio to our error", at_equal_cpu / ours, "times", 1000.0);
        // The same for a simulation as quick as one can be made, so that no slowness of ours enters the claim.
        let quick = squares[k].sqrt() * (QUICK_MS / 5.0 / exact_ms).sqrt();
        table.above("  if 100,000 years took 37 ms", quick / ours, "times", 1000.0);
    }
}

fn model(table: &mut Table) {
    let library = library::model().unwrap();
    let options = RunOptions::default();
    let first = cpu_ms(|| Session::new().run(&library, &options).unwrap());
    table.figure("Library: whole run with band and appetite, first time", first, "ms");
    let session = Session::new();
    let base = session.run(&library, &options).unwrap();
    let again = cpu_ms(|| session.run(&library, &options).unwrap());
    table.figure("Library: whole run, vectors cached", again, "ms");
    let mut changed = library.clone();
    let mut n = 0u32;
    let what_if = cpu_ms(|| {
        n += 1;
        changed.scenarios[3].incidents =
            Some(Incidents { events: 1, years: 5.0 + f64::from(n) * 1e-3, multiplier: 1.0 });
        session.what_if(&base, &changed).unwrap()
    });
    table.figure("Library: what-if through the model, predictive rates", what_if, "ms");
}
