//! What must hold whatever the numbers are.

use super::{END, days, observation, recorded, weekly};
use crate::{Control, Instant, Kind, Method, Recorded, TestRules, assess_control};
use proptest::prelude::*;
use wardkeep_types::State;
use wardkeep_types::observation::{Counts, RunResult};

fn method() -> impl Strategy<Value = Method> {
    prop_oneof![Just(Method::Query), Just(Method::SampleInspection), Just(Method::Statement)]
}

prop_compose! {
    fn counts()(passed in 0_u64..60, failed in 0_u64..60, excepted in 0_u64..10, unknown in 0_u64..20,
                unseen in 0_u64..60, known in any::<bool>()) -> Counts {
        let examined = passed + failed + excepted;
        let population = known.then_some(examined + unknown + unseen);
        Counts { population, expected: None, examined, passed, failed, excepted, unknown }
    }
}

prop_compose! {
    fn seen()(test in 0_usize..4, counts in counts(), day in -20_i64..20, kind in 0_u8..8) -> Recorded {
        let mut o = observation(["a", "b", "c", "d"][test], 0, 0, 0, END);
        o.counts = counts;
        o.to = days(day);
        (o.effective_at, o.recorded_at) = (o.to, o.to);
        o.id = wardkeep_types::Id::derived(&wardkeep_types::Id::NIL, &format!("{test} {day} {counts:?} {kind}"));
        if kind < 2 {
            o.counts = Counts::default();
            o.result = if kind == 0 { RunResult::Error } else { RunResult::NoData };
        }
        recorded(o)
    }
}

prop_compose! {
    fn tests()(methods in prop::collection::vec((method(), any::<bool>(), any::<bool>(), 1_u8..=10), 1..5)) -> Vec<TestRules> {
        let named = ["a", "b", "c", "d"].into_iter().zip(methods);
        named.map(|(key, (method, design, mandatory, weight))| TestRules {
            kind: if design { Kind::Design } else { Kind::Operating },
            mandatory, weight, ..weekly(key, method)
        }).collect()
    }
}

proptest! {
    #[test]
    fn a_pass_that_becomes_a_fail_never_lifts(tests in tests(), mut all in prop::collection::vec(seen(), 1..8), pick in any::<prop::sample::Index>()) {
        let at = Instant::at(days(20));
        let before = assess_control(&Control::new("c"), &tests, &all, &[], at);
        let i = pick.index(all.len());
        let counts = &mut all[i].observation.counts;
        prop_assume!(counts.passed > 0);
        counts.passed -= 1;
        counts.failed += 1;
        let after = assess_control(&Control::new("c"), &tests, &all, &[], at);
        prop_assert!(after.shown <= before.shown && after.high <= before.high);
        prop_assert!(after.state != State::Effective || before.state == State::Effective);
    }

    #[test]
    fn order_does_not_matter((tests, all, shuffled) in (tests(), prop::collection::vec(seen(), 0..8)).prop_flat_map(|(t, s)| (Just(t), Just(s.clone()), Just(s).prop_shuffle()))) {
        let at = Instant::at(days(10));
        let one = assess_control(&Control::new("c"), &tests, &all, &[], at);
        let mut turned = tests.clone();
        turned.reverse();
        prop_assert_eq!(&one, &assess_control(&Control::new("c"), &turned, &shuffled, &[], at));
        prop_assert!(one.low <= one.high && (0.0..=1.0).contains(&one.low) && (0.0..=1.0).contains(&one.high));
    }

    #[test]
    fn unknown_never_yields_effective(tests in tests(), all in prop::collection::vec(seen(), 0..8), day in -20_i64..60) {
        let found = assess_control(&Control::new("c"), &tests, &all, &[], Instant::at(days(day)));
        let mandatory_unknown = found.tests.iter().any(|t| t.mandatory && t.state.is_unknown());
        prop_assert!(!(mandatory_unknown && found.state == State::Effective));
        for test in &found.tests {
            let f = test.factors;
            let shown = f.is_some_and(|f| f.coverage >= 0.95 && f.rate.is_some_and(|r| r >= 0.95) && f.freshness >= 1.0);
            prop_assert!(test.state != State::Effective || (shown && test.counts.unwrap().population.is_some()));
        }
    }
}
