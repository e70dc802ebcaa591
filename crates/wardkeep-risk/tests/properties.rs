//! What must hold whatever the numbers.
#![allow(
    clippy::unwrap_used,
    clippy::float_cmp,
    clippy::unreadable_literal,
    reason = "tests of exact figures"
)]

use proptest::prelude::*;
use wardkeep_risk::control::{Acting, Mode, remaining};
use wardkeep_risk::engine::{Cache, Count, Grid, Link, Loss, Part, Plan, Portfolio, evaluate};
use wardkeep_risk::kri::{Threshold, chance_crossed, threshold};
use wardkeep_risk::law::LawSpec;
use wardkeep_risk::model::{Amount, ExchangeRate, ExchangeRates};
use wardkeep_risk::simulate::simulate;
use wardkeep_risk::{Probability, Rate};
use wardkeep_types::Currency;

fn part(id: &str, rate: f64, p05: f64, p95: f64) -> Part {
    let loss = Loss::of(&LawSpec::Interval { p05, p95 }).unwrap();
    Part { id: id.into(), count: Count::Poisson(Rate::new(rate).unwrap()), loss, link: Link::Alone }
}

fn mode() -> impl Strategy<Value = Mode> {
    prop_oneof![
        Just(Mode::Independent),
        (0..2u8).prop_map(|n| Mode::Chain(n.to_string())),
        (0..2u8).prop_map(|n| Mode::DependsOn(n.to_string())),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// A control of its own, or one more on a shared node, never leaves more. (A chain is one control in parts: one
    /// more part of the same chain is one more way to break it.)
    #[test]
    fn adding_a_control_never_raises_loss(
        set in prop::collection::vec((0.0..1.0f64, mode()), 0..6),
        more in 0.0..1.0f64,
        node in 0..3u8,
        fails in 0.0..1.0f64,
    ) {
        let failing = |_: &str| Probability::new(fails).unwrap();
        let extra = if node == 2 { Mode::Independent } else { Mode::DependsOn(node.to_string()) };
        let left = |list: &[(f64, Mode)]| {
            remaining(list.iter().map(|(efficacy, mode)| Acting { efficacy: *efficacy, mode }), &failing)
        };
        let before = left(&set);
        let mut longer = set.clone();
        longer.push((more, extra));
        let after = left(&longer);
        prop_assert!(after <= before * (1.0 + 1e-12), "{after} > {before}");
        prop_assert!((0.0..=1.0).contains(&after));
        // Less of a rate is less of a year, at every amount.
        let plan = Plan { grids: vec![Grid::ending_at(6e6, 1 << 10)] };
        let cache = Cache::new();
        let year = |rate: f64| evaluate(&Portfolio::of(vec![part("a", rate, 1e5, 1e6)]), &plan, &cache).unwrap();
        let (high, low) = (year(2.0 * before), year(2.0 * after));
        for x in [1e5, 5e5, 2e6] {
            prop_assert!(low.exceeds(x).unwrap() <= high.exceeds(x).unwrap() + 1e-9);
        }
    }

    #[test]
    fn two_halves_of_frequency_are_the_whole(rate in 0.01..5.0f64, low in 1e3..1e5f64, spread in 2.0..40.0f64) {
        let plan = Plan { grids: vec![Grid::ending_at(low * spread * 40.0, 1 << 12)] };
        let cache = Cache::new();
        let whole = Portfolio::of(vec![part("a", rate, low, low * spread)]);
        let halves = Portfolio::of(vec![part("a", rate / 2.0, low, low * spread), part("b", rate / 2.0, low, low * spread)]);
        let (one, two) = (evaluate(&whole, &plan, &cache), evaluate(&halves, &plan, &cache));
        if let (Ok(one), Ok(two)) = (one, two) {
            for (a, b) in one.curves[0].masses().iter().zip(two.curves[0].masses()) {
                prop_assert!((a - b).abs() < 1e-11);
            }
            prop_assert!((one.moments.mean.unwrap() / two.moments.mean.unwrap() - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn currencies_do_not_add_without_a_dated_rate(euros in 0.0..1e9f64, dollars in 0.0..1e9f64, rate in 0.1..10.0f64) {
        let amounts =
            [Amount { value: euros, currency: Currency::EUR }, Amount { value: dollars, currency: Currency::USD }];
        let refused = ExchangeRates(&[]).sum(&amounts, Currency::EUR).unwrap_err();
        prop_assert!(refused.message.contains("no dated rate") && !refused.hint.is_empty());
        let dated = ExchangeRate {
            from: Currency::USD,
            to: Currency::EUR,
            rate,
            on: "2025-12-31".parse().unwrap(),
            source: "central bank".into(),
        };
        let sum = ExchangeRates(&[dated]).sum(&amounts, Currency::EUR).unwrap();
        prop_assert!((sum.value - (euros + dollars * rate)).abs() <= 1e-9 * sum.value.max(1.0));
    }
}

#[test]
fn simulation_agrees_within_four_standard_errors() {
    let mut portfolio =
        Portfolio::of(vec![part("a", 0.6, 1e5, 1e6), part("b", 2.0, 2e4, 4e5), part("c", 1.0, 5e4, 2e5)]);
    portfolio.sectors = vec![0.3];
    portfolio.parts[1].link = Link::Sectors(vec![(0, 0.7)]);
    portfolio.parts[2].count = Count::Gamma { rate: Rate::new(1.0).unwrap(), variance: 0.4 };
    let options = wardkeep_risk::engine::Options::default();
    let (_, exact) = wardkeep_risk::engine::plan(&portfolio, &options, &Cache::new()).unwrap();
    let drawn = simulate(&portfolio, 11, 60_000, &[0.95, 0.99]);
    let check = |got: f64, error: f64, exact: f64| {
        assert!((got - exact).abs() < 4.0 * error, "{got} {error} {exact}");
    };
    check(drawn.mean.0, drawn.mean.1, exact.moments.mean.unwrap());
    for (q, value, error) in drawn.var {
        check(value, error, exact.var(q).unwrap());
    }
    for (q, value, error) in drawn.tvar {
        check(value, error, exact.tvar(q).unwrap());
    }
    assert_eq!(simulate(&portfolio, 11, 500, &[0.9]), simulate(&portfolio, 11, 500, &[0.9]));
}

#[test]
fn thresholds_of_indicators() {
    let cache = Cache::new();
    let grid = Plan { grids: vec![Grid::ending_at(4e6, 1 << 15)] };
    // Coverage C of a control with kappa = R = 1 and I = 0.8.
    let year = |c: f64| {
        evaluate(&Portfolio::of(vec![part("a", 0.5 * (1.0 - 0.8 * c), 1e5, 1e6)]), &grid, &cache).unwrap()
    };
    let at = |found: Threshold| match found {
        Threshold::At { value } => value,
        other => panic!("{other:?}"),
    };
    let near = |got: f64, wanted: f64| assert!((got - wanted).abs() < 2e-6, "{got} {wanted}");
    near(at(threshold(0.0, 1.0, 1e-9, |c| Some(year(c).exceeds(1e6)? - 0.03))), 0.287_553_2);
    near(at(threshold(0.0, 1.0, 1e-9, |c| Some(year(c).exceeds(1e6)? - 0.02))), 0.542_696_0);
    near(at(threshold(0.0, 1.0, 1e-9, |c| Some(year(c).tvar(0.95)? - 800e3))), 0.851_186_3);
    assert!((year(0.0).tvar(0.95).unwrap() / 1_375_674.5 - 1.0).abs() < 1e-6);
    assert_eq!(threshold(0.0, 1.0, 1e-9, |c| Some(year(c).exceeds(1e6)? - 0.5)), Threshold::AlwaysMet);
    assert_eq!(threshold(0.0, 1.0, 1e-9, |c| Some(year(c).exceeds(1e6)? - 1e-9)), Threshold::NeverMet);
    assert_eq!(chance_crossed(&[0.2, 0.3, 0.6, 0.9], 0.5, true), 0.5);
}
