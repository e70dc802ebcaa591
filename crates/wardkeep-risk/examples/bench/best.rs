//! Which measures to buy: the optimiser against brute force, against what was proven, and against the clock.

use super::Table;
use super::timing::{cpu_ms, once_ms};
use wardkeep_risk::budget::{Budget, Choice, greedy as buy, prove, solve};
use wardkeep_risk::simulate::Stream;

/// Twenty instances of 14 measures: every subset is tried, and the proven plan leaves as much as the best of them.
fn brute_force(table: &mut Table) {
    let (mut equal, mut worst) = (0, 0.0f64);
    let (mut ours, mut theirs) = (0.0, 0.0);
    for seed in 0..20 {
        let budget = random(seed, 14, 8);
        let mut best = f64::INFINITY;
        theirs += once_ms(|| {
            for mask in 0u32..1 << 14 {
                let chosen: Vec<bool> = (0..14).map(|k| mask >> k & 1 == 1).collect();
                if budget.allowed(&chosen) {
                    best = best.min(budget.objective(&chosen));
                }
            }
        });
        let mut left = f64::NAN;
        ours += once_ms(|| left = prove(&budget, 1e-9, 200_000).unwrap().plan.left);
        worst = worst.max((left / best - 1.0).abs());
        equal += u32::from((left / best - 1.0).abs() < 1e-9);
    }
    table.above("Optimiser equal to brute force, instances of 20", f64::from(equal), "", 20.0);
    table.figure("  largest difference", worst, "");
    table.figure("  CPU for all 20, proven", ours, "ms");
    table.figure("  CPU for all 20, brute force", theirs, "ms");
}

/// How far greedy choice alone, and with local search, stays behind the best possible at 40 x 50.
fn greedy(table: &mut Table) {
    let mut worst = [0.0f64; 2];
    for seed in 0..5 {
        let budget = random(50 + seed, 40, 50);
        let bound = prove(&budget, 1e-4, 200_000).unwrap().bound;
        let whole: f64 = budget.losses.iter().sum();
        let alone = buy(&budget).unwrap().left;
        for (slot, left) in worst.iter_mut().zip([alone, solve(&budget).unwrap().left]) {
            *slot = slot.max((left - bound) / (whole - bound));
        }
    }
    table.figure("Greedy alone behind the best reduction, 40 x 50, worst of 5", worst[0], "");
    table.below("Greedy and local search behind it, worst of 5", worst[1], "", 0.01);
}

/// Adds the rows.
pub fn budget(table: &mut Table) {
    brute_force(table);
    greedy(table);
    let big = random(1, 80, 100);
    table.below(
        "Greedy and local search, 80 controls x 100 scenarios",
        cpu_ms(|| solve(&big).unwrap()),
        "ms",
        50.0,
    );
    let middle = random(2, 40, 50);
    table.below("Greedy and local search, 40 x 50", cpu_ms(|| solve(&middle).unwrap()), "ms", 50.0);
    for (controls, scenarios, target) in [(20, 50, 1_000.0), (40, 50, 10_000.0)] {
        let mut worst = (0.0f64, 0.0f64);
        for seed in 0..5 {
            let instance = random(50 + seed, controls, scenarios);
            let mut gap = 0.0;
            let ms = once_ms(|| gap = prove(&instance, 1e-4, 200_000).unwrap().gap);
            worst = (worst.0.max(ms), worst.1.max(gap));
        }
        table.below(&format!("Proof to 1e-4, {controls} x {scenarios}, slowest of 5"), worst.0, "ms", target);
        table.figure("  largest gap left", worst.1, "");
    }
}

fn random(seed: u64, choices: usize, scenarios: usize) -> Budget {
    let mut stream = Stream::new(seed, 1, 1);
    let losses = (0..scenarios).map(|_| 10.0 + 990.0 * stream.uniform()).collect();
    let choices: Vec<Choice> = (0..choices)
        .map(|k| Choice {
            id: format!("c{k}"),
            once: 10.0 + 90.0 * stream.uniform(),
            yearly: 0.0,
            staff_days: 0.0,
            needs: Vec::new(),
            one_of: None,
            mandated: false,
            efficacy: (0..scenarios)
                .map(|_| if stream.uniform() < 0.2 { 0.1 + 0.7 * stream.uniform() } else { 0.0 })
                .collect(),
        })
        .collect();
    let once = 0.25 * choices.iter().map(|c| c.once).sum::<f64>();
    Budget { losses, choices, once, yearly: None, staff_days: None, count_yearly: false }
}
