//! The optimiser: vectors of section 8, brute force, and proof.
#![allow(
    clippy::unwrap_used,
    clippy::float_cmp,
    clippy::unreadable_literal,
    reason = "tests of exact figures"
)]

use wardkeep_risk::budget::{Budget, Choice, evpi, frontier, greedy, improve, prove, rosi, shapley, solve};
use wardkeep_risk::simulate::Stream;

fn choice(id: &str, once: f64, efficacy: &[f64]) -> Choice {
    Choice {
        id: id.into(),
        once,
        yearly: 0.0,
        staff_days: 0.0,
        needs: vec![],
        one_of: None,
        mandated: false,
        efficacy: efficacy.to_vec(),
    }
}

fn example() -> Budget {
    Budget {
        losses: vec![600.0, 400.0, 300.0, 150.0],
        choices: vec![
            choice("c1", 60.0, &[0.5, 0.4, 0.0, 0.0]),
            choice("c2", 50.0, &[0.45, 0.35, 0.0, 0.2]),
            choice("c3", 55.0, &[0.0, 0.0, 0.6, 0.3]),
            choice("c4", 30.0, &[0.3, 0.0, 0.3, 0.0]),
            choice("c5", 70.0, &[0.0, 0.5, 0.0, 0.5]),
            choice("c6", 40.0, &[0.2, 0.2, 0.2, 0.2]),
        ],
        once: 150.0,
        yearly: None,
        staff_days: None,
        count_yearly: false,
    }
}

fn random(seed: u64, choices: usize, scenarios: usize, density: f64) -> Budget {
    let mut stream = Stream::new(seed, 1, 1);
    let losses = (0..scenarios).map(|_| 10.0 + 990.0 * stream.uniform()).collect();
    let choices: Vec<Choice> = (0..choices)
        .map(|k| {
            let efficacy: Vec<f64> = (0..scenarios)
                .map(|_| if stream.uniform() < density { 0.1 + 0.7 * stream.uniform() } else { 0.0 })
                .collect();
            choice(&format!("c{k}"), 10.0 + 90.0 * stream.uniform(), &efficacy)
        })
        .collect();
    let once = 0.25 * choices.iter().map(|c| c.once).sum::<f64>();
    Budget { losses, choices, once, yearly: None, staff_days: None, count_yearly: false }
}

fn brute(budget: &Budget) -> f64 {
    let n = budget.choices.len();
    (0..1u32 << n)
        .map(|set| (0..n).map(|k| set >> k & 1 == 1).collect::<Vec<_>>())
        .filter(|chosen| budget.allowed(chosen))
        .map(|chosen| budget.objective(&chosen))
        .fold(f64::INFINITY, f64::min)
}

#[test]
fn the_example() {
    let budget = example();
    let first = greedy(&budget).unwrap();
    assert_eq!(first.ids(&budget), ["c2", "c4", "c6"]);
    assert!((first.left - 656.8).abs() < 1e-9);
    let best = improve(&budget, first);
    assert_eq!(best.ids(&budget), ["c1", "c2", "c6"]);
    assert!((best.left - 592.8).abs() < 1e-9);
    let ranked = [false, true, false, true, false, false];
    let with_c1 = [true, ranked[1], false, ranked[3], false, false];
    assert!((budget.objective(&with_c1) - 601.5).abs() < 1e-9);
    let proof = prove(&budget, 1e-4, 10_000).unwrap();
    assert!(proof.proven && proof.bound <= 592.8 && proof.bound > 592.7, "{proof:?}");
    let parts = shapley(&budget, &best.chosen);
    for (k, wanted) in [(0, 331.2333), (1, 313.2333), (5, 212.7333)] {
        assert!((parts[k] - wanted).abs() < 5e-5, "{k} {}", parts[k]);
    }
    let alone: f64 = [0, 1, 5]
        .iter()
        .map(|k| 1450.0 - budget.objective(&std::array::from_fn::<bool, 6, _>(|j| j == *k)))
        .sum();
    assert!(
        (alone - (460.0 + 440.0 + 290.0)).abs() < 1e-9 && (parts.iter().sum::<f64>() - 857.2).abs() < 1e-9
    );
}

#[test]
fn equal_to_brute_force_on_twenty_instances() {
    for seed in 0..20 {
        let mut budget = random(seed, 14, 8, 0.4);
        if seed % 3 == 0 {
            budget.choices[3].needs = vec!["c5".into()];
            budget.choices[1].one_of = Some("vendor".into());
            budget.choices[2].one_of = Some("vendor".into());
        }
        if seed % 4 == 0 {
            budget.choices[7].mandated = true;
            budget.once += budget.choices[7].once;
        }
        let best = brute(&budget);
        let proof = prove(&budget, 1e-6, 2_000_000).unwrap();
        assert!((proof.plan.left - best).abs() < 1e-6 * best, "{seed}: {} {best}", proof.plan.left);
        assert!(proof.proven && proof.bound <= best * (1.0 + 1e-12), "{seed} {proof:?}");
    }
}

#[test]
fn search_comes_within_one_percent() {
    for seed in 0..5 {
        let budget = random(100 + seed, 40, 50, 0.2);
        let quick = solve(&budget).unwrap();
        let proof = prove(&budget, 1e-2, 20_000).unwrap();
        let all: f64 = budget.losses.iter().sum();
        assert!((all - quick.left) >= 0.99 * (all - proof.bound), "{seed} {} {}", quick.left, proof.bound);
    }
}

#[test]
fn more_budget_never_leaves_more() {
    let points = frontier(&example(), 12);
    assert!(points.windows(2).all(|pair| pair[1].plan.left <= pair[0].plan.left));
    assert!((points[0].plan.left - 1450.0).abs() < 1e-9);
}

#[test]
fn knowing_more() {
    let decision = evpi(100e3, &[40e3, 200e3]);
    assert_eq!((decision.net, decision.with_knowledge, decision.evpi), (20e3, 50e3, 30e3));
    assert!(!decision.shown_to_pay && decision.chance_it_pays == 0.5);
    assert_eq!(rosi(150e3, 100e3), Some(0.5));
}
