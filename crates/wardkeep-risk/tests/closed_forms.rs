//! The closed forms of the specification, to every printed digit.
#![allow(
    clippy::unwrap_used,
    clippy::float_cmp,
    clippy::unreadable_literal,
    reason = "tests of exact figures"
)]

use wardkeep_risk::law::{Law, LawSpec, Lognormal, Pert};
use wardkeep_risk::maths::{beta, gamma, quadrature::integral};
use wardkeep_risk::{Probability, Rate};

/// Equal to the digits printed, or to a relative 1e-9.
fn near(got: f64, text: &str) {
    let wanted: f64 = text.parse().unwrap();
    let digits = text.split_once('.').map_or(0, |(_, d)| d.len() as i32);
    let slack = (0.500_001 * 10f64.powi(-digits)).max(1e-9 * wanted.abs());
    assert!((got - wanted).abs() <= slack, "{got} is not {text}");
}

fn pert(low: f64, mode: f64, high: f64) -> Pert {
    Pert::new(low, mode, high, 4.0).unwrap()
}

fn var(law: &dyn Law) -> f64 {
    law.sd().unwrap().powi(2)
}

#[test]
fn pert_laws() {
    let p = pert(0.0, 10.0, 100.0);
    near(p.shapes().0, "1.4");
    near(p.shapes().1, "4.6");
    near(p.mean().unwrap(), "23.3333333333");
    near(var(&p), "255.5555555556");
    near(p.quantile(0.05), "2.99981823");
    near(p.quantile(0.5), "20.26648504");
    near(p.quantile(0.95), "54.20740974");
    let p = pert(1e5, 3e5, 1e6);
    near(p.shapes().0, "1.8889");
    near(p.shapes().1, "4.1111");
    near(p.mean().unwrap(), "383333.3333");
    near(var(&p), "24960317460.317");
    near(p.sd().unwrap(), "157988.3460");
    near(p.quantile(0.95), "673833.80021259");
    near(p.quantile(0.99), "785710.8663");
    let p = pert(0.3, 0.6, 0.9);
    near(p.shapes().0, "3");
    near(var(&p), "0.0128571428571");
    let p = Pert::new(0.0, 10.0, 100.0, 2.0).unwrap();
    near(p.shapes().0, "1.2");
    near(p.shapes().1, "2.8");
    near(p.mean().unwrap(), "30");
    near(var(&p), "420");
    let same = LawSpec::Pert { low: 5.0, mode: 5.0, high: 5.0, weight: 4.0 }.build("x").unwrap();
    assert_eq!((same.quantile(0.3), same.mean()), (5.0, Some(5.0)));
}

#[test]
fn capability_over_resistance() {
    near(
        wardkeep_risk::vulnerability(&pert(0.2, 0.5, 0.95), &pert(0.3, 0.6, 0.9)).value(),
        "0.340647801235681",
    );
}

#[test]
fn lognormal_laws() {
    let law = Lognormal::from_interval(1e5, 1e6).unwrap();
    near(law.mu(), "12.664218011467252");
    near(law.spread(), "0.699936169171963");
    near(law.quantile(0.5), "316227.766");
    near(law.mean().unwrap(), "404001.2826945729");
    near(law.sd().unwrap(), "321217.953");
    near(law.quantile(0.99), "1611237.428");
    near(law.tail_mean(0.99), "2098021.13176");
    near(Lognormal::from_interval(1e4, 1e7).unwrap().mean().unwrap(), "2867112.247");
    near(Lognormal::from_interval(1e6, 1e9).unwrap().mean().unwrap(), "286711224.73");
    near(law.limited_mean(250e3), "218538.18044654");
    near(law.limited_mean(500e3), "322877.49941910");
    near(law.limited_mean(1e6), "384371.45597856");
    near(law.limited_mean(750e3) - law.limited_mean(250e3), "147067.74031477");
    for d in [1.0, 1e5, 1e6, 5e7] {
        let excess = law.excess(d).unwrap();
        let tail = integral(0.0, 1.0, |u| law.survival(d / (1.0 - u)) * d / ((1.0 - u) * (1.0 - u)));
        assert!((excess / tail - 1.0).abs() < 1e-8, "{d} {excess} {tail}");
    }
}

#[test]
fn bayes_updates() {
    near(gamma::quantile(5.0, 0.05) / 5.5, "0.35821");
    near(gamma::quantile(5.0, 0.95) / 5.5, "1.66428");
    near((5.5f64 / 6.5).powi(5), "0.43375716752");
    near(20.0 / 24.0, ".8333333");
    near(beta::quantile(20.0, 4.0, 0.05), ".6963623");
    let (a, b) = gamma::from_interval(0.02, 0.15).unwrap();
    near(a, "3.06873");
    near(b, "42.65614");
    near(a / b, "0.0719411");
}

#[test]
fn single_event_and_largest_event() {
    let law = Lognormal::from_interval(1e5, 1e6).unwrap();
    for (q, text) in [(0.95, "316227.766"), (0.99, "775468.239"), (0.999, "1611237.428")] {
        near(law.quantile(1.0 - (1.0 - q) / 0.1), text);
    }
    let rate = Rate::new(0.1).unwrap();
    for (q, text) in [(0.95, "309131.937"), (0.99, "773915.868"), (0.999, "1611025.776")] {
        near(wardkeep_risk::largest_event_quantile(&[(rate, &law)], q), text);
    }
    near(Probability::new(0.3).unwrap().rate().unwrap().times(), ".3566749");
    near(Probability::new(0.9).unwrap().rate().unwrap().times(), "2.302585");
}

#[test]
fn every_law_agrees_with_itself() {
    let specs = [
        LawSpec::Constant { value: 7e5 },
        LawSpec::Interval { p05: 1e5, p95: 1e6 },
        LawSpec::Lognormal { mu: 12.0, sigma: 1.2 },
        LawSpec::TruncatedLognormal { p05: 1e5, p95: 1e6, end: 2e6 },
        LawSpec::CappedLognormal { p05: 1e5, p95: 1e6, cap: 9e5 },
        LawSpec::Pert { low: 1e5, mode: 3e5, high: 1e6, weight: 4.0 },
        LawSpec::Exponential { mean: 3e5 },
        LawSpec::Gamma { shape: 2.5, scale: 1e5 },
        LawSpec::Pareto { minimum: 1e5, alpha: 3.5 },
        LawSpec::Spliced { p05: 1e5, p95: 1e6, threshold: 8e5, alpha: 3.2, tail_weight: 0.1 },
        LawSpec::Samples { values: vec![1e5, 2e5, 2e5, 9e5] },
    ];
    for spec in specs {
        let law = spec.build("loss").unwrap();
        for q in [0.1, 0.4, 0.77, 0.97] {
            let x = law.quantile(q);
            if !law.has_atoms() {
                assert!((law.cdf(x) - q).abs() < 1e-9, "{spec:?} {q}");
            }
            assert!((law.cdf(x) + law.survival(x) - 1.0).abs() < 1e-12, "{spec:?}");
            let limited = law.limited_mean(x) + law.excess(x).unwrap() - law.mean().unwrap();
            assert!(limited.abs() < 1e-9 * law.mean().unwrap(), "{spec:?} {q} {limited}");
            let steps = 4000;
            let survival: f64 = (0..steps)
                .map(|i| law.survival((f64::from(i) + 0.5) * x / f64::from(steps)) * x / f64::from(steps))
                .sum();
            assert!((survival / law.limited_mean(x) - 1.0).abs() < 3e-4, "{spec:?} {q}");
        }
        let end = law.quantile(0.5);
        for k in 1..=3u32 {
            let below = law.partial(k, end);
            assert!(below >= 0.0 && below <= law.moment(k).unwrap_or(f64::MAX), "{spec:?} {k}");
        }
    }
}

#[test]
fn infinite_moments_are_said_not_invented() {
    let law = LawSpec::Pareto { minimum: 1.0, alpha: 0.9 }.build("loss").unwrap();
    assert_eq!((law.mean(), law.sd(), law.excess(5.0)), (None, None, None));
    let heavy = LawSpec::Pareto { minimum: 1.0, alpha: 1.5 }.build("loss").unwrap();
    assert!(heavy.mean().is_some() && heavy.sd().is_none());
}

#[test]
fn what_allows_negative_values_is_refused() {
    let problem = LawSpec::Normal { mean: 0.2, sd: 0.3 }.build("scenario[0].rate").unwrap_err();
    assert!(problem.message.contains("25.2 %") && !problem.hint.is_empty(), "{problem:?}");
    assert!(LawSpec::Pert { low: -1.0, mode: 2.0, high: 3.0, weight: 4.0 }.build("x").is_err());
    assert!(LawSpec::Interval { p05: 0.0, p95: 3.0 }.build("x").is_err());
}
