//! The vectors of section 5: from evidence to residual loss.
#![allow(
    clippy::unwrap_used,
    clippy::float_cmp,
    clippy::unreadable_literal,
    reason = "tests of exact figures"
)]

use wardkeep_risk::Probability;
use wardkeep_risk::control::{
    Acting, Counts, EvidenceWeights, Freshness, Mode, Posterior, Prior, Proof, Quantity, State, Uptime,
    Values, assess, containment, remaining,
};

fn prior() -> Prior {
    Prior::around(Values { coverage: 0.5, reliability: 0.5, intact: 0.5, degraded: 0.1 })
}

fn seen(proof: Proof, passed: u64, of: u64, age_days: f64) -> Counts {
    Counts {
        control: "mfa".into(),
        quantity: Quantity::Intact,
        population: None,
        examined: of,
        passed,
        failed: of - passed,
        census: false,
        proof,
        age_days,
        freshness: Freshness { full_days: 30.0, half_days: 60.0, void_days: 365.0 },
        evidence: vec!["EV-1".into()],
    }
}

fn intact(counts: &[Counts]) -> Posterior {
    assess("mfa", &prior(), counts, &[], &EvidenceWeights::default()).intact
}

#[test]
fn evidence_enters_by_its_kind() {
    let all = [
        seen(Proof::AttackLike, 17, 20, 0.0),
        seen(Proof::Check, 38, 40, 0.0),
        seen(Proof::Attested, 1, 1, 0.0),
    ];
    let Posterior::Beta { a, b } = intact(&all) else { panic!() };
    assert!((a - 38.1).abs() < 1e-12 && (b - 6.0).abs() < 1e-12, "{a} {b}");
    assert!((intact(&all).mean() - 0.863_945_578_3).abs() < 1e-10);
}

#[test]
fn evidence_fades() {
    assert_eq!(intact(&[seen(Proof::AttackLike, 10, 10, 90.0)]), Posterior::Beta { a: 7.0, b: 2.0 });
    let lapsed =
        assess("mfa", &prior(), &[seen(Proof::AttackLike, 10, 10, 365.0)], &[], &EvidenceWeights::default());
    assert_eq!((lapsed.intact, lapsed.state), (Posterior::Beta { a: 2.0, b: 2.0 }, State::Assumed));
}

#[test]
fn a_census_has_no_variance_and_what_was_not_seen_is_uncovered() {
    let mut counts = seen(Proof::Check, 90, 95, 0.0);
    (counts.quantity, counts.census, counts.population) = (Quantity::Coverage, true, Some(100));
    let found = assess("mfa", &prior(), &[counts], &[], &EvidenceWeights::default());
    assert_eq!(found.coverage, Posterior::Known { value: 0.9 });
}

#[test]
fn reliability_and_efficacy() {
    let up = Uptime {
        control: "mfa".into(),
        failures: 3,
        up_days: 300.0,
        repairs: 3,
        down_days: 6.0,
        evidence: vec![],
    };
    let found = assess("mfa", &prior(), &[], &[up], &EvidenceWeights::default());
    let reliability = found.reliability.mean();
    assert!((reliability - 0.980_392_156_9).abs() < 1e-10);
    let values = Values { coverage: 0.9, reliability, intact: 0.85, degraded: 0.1 };
    assert!((values.efficacy(0.8) - 0.601_411_764_7).abs() < 1e-10);
    // Another product's availability is imported as is, and not computed by us.
    let theirs = (1.0f64 - 4.0 / 365.0).powi(5);
    assert!((theirs - 0.946_393_365_8).abs() < 1e-10);
    let values = Values { coverage: 0.95, reliability: theirs, intact: 0.85, degraded: 0.1 };
    assert!((values.efficacy(1.0) - 0.769_305_273_2).abs() < 1e-10);
}

#[test]
fn controls_join() {
    let failing = |_: &str| Probability::new(0.05).unwrap();
    let joined = |list: &[(f64, Mode)]| {
        remaining(list.iter().map(|(efficacy, mode)| Acting { efficacy: *efficacy, mode }), &failing)
    };
    let chain = Mode::Chain("pay".into());
    assert!((joined(&[(0.9, chain.clone()), (0.8, chain.clone()), (0.5, chain)]) - 0.64).abs() < 1e-12);
    let shared = Mode::DependsOn("identity".into());
    assert!((joined(&[(0.6, shared.clone()), (0.7, shared)]) - 0.164).abs() < 1e-12);
    let alone = joined(&[(0.57, Mode::Independent), (0.665, Mode::Independent)]);
    assert!((alone - 0.14405).abs() < 1e-12);
    let p = |v| Probability::new(v).unwrap();
    assert!((containment(p(0.8), p(0.9), 24.0, 12.0).value() - 0.622_558_596_1).abs() < 1e-10);
}
