//! Threat events, contacts, action, vulnerability, capability and resistance: hand-worked figures, what is ignored, and
//! what near misses move.

#![allow(clippy::unwrap_used, clippy::expect_used, missing_docs)]

use proptest::prelude::*;
use wardkeep_risk::model::{Model, RateBelief, from_toml, lint, resolve};
use wardkeep_risk::run::Session;

const HEAD: &str = r#"
format = "wardkeep-risk/1"
currency = "EUR"
price_year = 2026
[[scenario]]
id = "portal"
name = "Attack on the portal"
basis = "no_modelled_controls"
[[scenario.loss]]
form = "total"
amount = { value = { law = "constant", value = 1000.0 }, source = "expert" }
"#;

/// A rate or a node of that value.
fn line(node: &str, value: &str) -> String {
    format!("{node} = {{ value = {value}, source = \"expert\" }}\n")
}

fn model(nodes: &[(&str, &str)], more: &str) -> Model {
    let nodes: String = nodes.iter().map(|(node, value)| line(node, value)).collect();
    from_toml(&format!("{HEAD}{more}\n[scenario.nodes]\n{nodes}"), "test.toml")
        .unwrap_or_else(|p| panic!("{p:?}"))
}

fn belief(model: &Model) -> RateBelief {
    resolve(model, true, Session::new().cache()).unwrap_or_else(|p| panic!("{p:?}")).beliefs.remove(0)
}

fn close(found: f64, wanted: f64) {
    assert!((found / wanted - 1.0).abs() < 1e-10, "{found} is not {wanted}");
}

const CONTACTS: (&str, &str) = ("contacts", r#"{ kind = "point", per_year = 20.0 }"#);
const ACTION: (&str, &str) = ("action", r#"{ kind = "chance", probability = 0.25 }"#);
const CAPABILITY: (&str, &str) = ("capability", r#"{ kind = "pert", low = 0.2, mode = 0.5, high = 0.95 }"#);
const RESISTANCE: (&str, &str) = ("resistance", r#"{ kind = "pert", low = 0.3, mode = 0.6, high = 0.9 }"#);
const QUARTER: (&str, &str) = ("vulnerability", r#"{ kind = "chance", probability = 0.25 }"#);
const GAMMA: (&str, &str) = ("threat_events", r#"{ kind = "gamma", shape = 2.0, years = 4.0 }"#);

#[test]
fn contacts_times_action_times_the_contest() {
    let all = model(&[CONTACTS, ACTION, CAPABILITY, RESISTANCE], "");
    close(belief(&all).mean(), 20.0 * 0.25 * 0.340_647_801_235_681);
    assert!(matches!(belief(&all), RateBelief::Point(_)));
    assert_eq!(all.scenarios[0].ignored(), []);
    // The same through a file of JSON.
    let again = wardkeep_risk::model::read(&wardkeep_risk::model::to_json(&all), "again.json").unwrap();
    assert_eq!(again, all);
    // The whole engine: mean of the year is rate times loss.
    let run = Session::new().run(&all, &wardkeep_risk::run::RunOptions::default()).unwrap();
    close(run.evaluation.moments.mean.unwrap(), 5.0 * 340.647_801_235_681);
}

#[test]
fn a_gamma_rate_times_one_share_stays_gamma() {
    let RateBelief::Gamma(shape, years) = belief(&model(&[GAMMA, QUARTER], "")) else { panic!("not gamma") };
    close(shape, 2.0);
    close(years, 16.0);
    let range = ("threat_events", r#"{ kind = "interval", p05 = 0.02, p95 = 0.15 }"#);
    let RateBelief::Gamma(shape, years) = belief(&model(&[range, QUARTER], "")) else { panic!("not gamma") };
    assert!((shape - 3.06873).abs() < 1e-4 && (years - 4.0 * 42.65614).abs() < 1e-2, "{shape} {years}");
}

#[test]
fn a_spread_share_spreads_the_rate() {
    let vulnerable = ("vulnerability", r#"{ kind = "pert", low = 0.1, mode = 0.2, high = 0.6 }"#);
    let RateBelief::Spread(nodes) = belief(&model(&[GAMMA, vulnerable], "")) else { panic!("not spread") };
    assert!(nodes.len() <= 32);
    let power = |k: i32| nodes.iter().map(|(x, w)| w * x.times().powi(k)).sum::<f64>();
    close(power(0), 1.0);
    close(power(1), 0.5 * 0.25);
    // E[TEF^2] = a (a + 1) / b^2; V = 0.1 + 0.5 B with B of shapes 1.8 and 4.2: mean 0.25, variance 0.0075.
    close(power(2), 6.0 / 16.0 * (0.25 * 0.25 + 0.0075));
    // Own incidents move it towards what was seen, and less than all the way.
    let seen = "[scenario.incidents]\nevents = 4\nyears = 2.0";
    let after = belief(&model(&[GAMMA, vulnerable], seen)).mean();
    assert!(after > 3.0 * power(1) && after < 2.0, "{after}");
    // A thousand events neither overflow nor vanish.
    let seen = "[scenario.incidents]\nevents = 1000\nyears = 2.0";
    assert!(belief(&model(&[GAMMA, vulnerable], seen)).mean() > after);
}

#[test]
fn what_is_entered_directly_makes_the_rest_ignored() {
    let threat = ("threat_events", r#"{ kind = "point", per_year = 8.0 }"#);
    let all = [threat, CONTACTS, ACTION, QUARTER, CAPABILITY, RESISTANCE];
    let names = |m: &Model| {
        m.scenarios[0].ignored().iter().map(|i| format!("{} by {}", i.node, i.since)).collect::<Vec<_>>()
    };
    let above = model(&all, "");
    close(belief(&above).mean(), 2.0);
    let wanted = [
        "contacts by threat_events",
        "action by threat_events",
        "capability by vulnerability",
        "resistance by vulnerability",
    ];
    assert_eq!(names(&above), wanted);
    let near = "[scenario.near_misses]\nevents = 9\nyears = 1.0";
    let direct = line("rate", r#"{ kind = "gamma", shape = 3.0, years = 10.0 }"#);
    let text = HEAD.replace("basis =", &format!("{direct}basis ="));
    let nodes: String = all.iter().map(|(node, value)| line(node, value)).collect();
    let direct = from_toml(&format!("{text}{near}\n[scenario.nodes]\n{nodes}"), "test.toml").unwrap();
    assert_eq!(belief(&direct), RateBelief::Gamma(3.0, 10.0));
    assert_eq!(names(&direct).len(), 7);
    let found = lint(&direct);
    assert!(found.faults.is_empty());
    let ignored: Vec<_> = found.warnings.0.iter().filter(|p| p.code == "ignored").collect();
    assert_eq!(ignored.len(), 7, "{ignored:?}");
    assert!(ignored[0].path.ends_with("nodes.threat_events"), "{:?}", ignored[0]);
    assert!(ignored[0].message.contains("rate was entered directly"), "{:?}", ignored[0]);
    assert!(ignored[6].path.ends_with("near_misses"), "{:?}", ignored[6]);
}

#[test]
fn near_misses_move_threat_events_and_losses_the_rate() {
    let seen = |near: u32, harm: Option<u32>| {
        let harm =
            harm.map_or_else(String::new, |k| format!("[scenario.incidents]\nevents = {k}\nyears = 1.5\n"));
        let near = format!("[scenario.near_misses]\nevents = {near}\nyears = 1.5\n");
        let RateBelief::Gamma(shape, years) = belief(&model(&[GAMMA, QUARTER], &format!("{near}{harm}")))
        else {
            panic!("not gamma")
        };
        (shape, years)
    };
    // Three near misses in 1.5 years, each threat event being one with chance 0.75: Gamma(2 + 3, 4 + 1.125) of threat
    // events, of which a quarter does harm.
    let (shape, years) = seen(3, None);
    close(shape, 5.0);
    close(years, 5.125 / 0.25);
    // With one loss event of the same 1.5 years, four threat events were seen in them: V (a + 4) / (b + 1.5).
    let (shape, years) = seen(3, Some(1));
    close(shape / years, 0.25 * 6.0 / 5.5);
    // Without near misses nothing of this is counted.
    let before = belief(&model(&[GAMMA, QUARTER], "")).mean();
    close(before, 0.125);
    assert!(seen(3, None).0 / seen(3, None).1 > before);
}

#[test]
fn wrong_values_are_refused_by_name() {
    let fault = |nodes: &[(&str, &str)], more: &str| {
        let found = lint(&model(nodes, more)).faults;
        assert_eq!(found.0.len(), 1, "{found:?}");
        found.0[0].clone()
    };
    let unordered = ("vulnerability", r#"{ kind = "pert", low = 0.5, mode = 0.2, high = 0.6 }"#);
    let problem = fault(&[GAMMA, unordered], "");
    assert!(
        problem.path == "scenario[0] portal.nodes.vulnerability" && !problem.hint.is_empty(),
        "{problem:?}"
    );
    let hundred = ("capability", r#"{ kind = "interval", p05 = 20.0, p95 = 80.0 }"#);
    assert!(fault(&[GAMMA, hundred, RESISTANCE], "").path.ends_with("nodes.capability"));
    let backward = ("contacts", r#"{ kind = "interval", p05 = 3.0, p95 = 1.0 }"#);
    assert!(fault(&[backward, ACTION, QUARTER], "").path.ends_with("nodes.contacts"));
    let never = "[scenario.near_misses]\nevents = 1\nyears = 0.0";
    assert!(fault(&[GAMMA, QUARTER], never).path.ends_with("near_misses"));
    // A chance above 1 is already refused where it is read, with its line.
    let text =
        format!("{HEAD}[scenario.nodes]\n{}", line("action", r#"{ kind = "chance", probability = 1.5 }"#));
    let problem = from_toml(&text, "test.toml").unwrap_err();
    assert!(
        problem.message.contains("between 0 and 1") && problem.path.starts_with("test.toml:"),
        "{problem:?}"
    );
    // Half of a pair is no rate: the scenario is not assessed, and is not zero.
    let half = model(&[CONTACTS, QUARTER], "");
    assert!(!half.scenarios[0].is_assessed());
    assert!(lint(&half).warnings.0.iter().any(|p| p.code == "not_assessed"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]
    #[test]
    fn the_mean_of_the_product_is_the_product_of_the_means(
        low in 0.01f64..50.0, times in 1.5f64..40.0, shape in 0usize..3,
        a in 0.01f64..0.3, b in 0.0f64..0.3, c in 0.01f64..0.3, wide in 1.2f64..2.8,
    ) {
        let contacts = match shape {
            0 => format!(r#"{{ kind = "interval", p05 = {low:?}, p95 = {:?} }}"#, low * times),
            1 => format!(r#"{{ kind = "pert", low = {low:?}, mode = {:?}, high = {:?} }}"#, low * 1.2, low * times),
            _ => format!(r#"{{ kind = "point", per_year = {low:?} }}"#),
        };
        let action = format!(r#"{{ kind = "pert", low = {a:?}, mode = {:?}, high = {:?} }}"#, a + b, a + b + c);
        let vulnerable = format!(r#"{{ kind = "interval", p05 = {a:?}, p95 = {:?} }}"#, a * wide);
        let all = model(&[("contacts", &contacts), ("action", &action), ("vulnerability", &vulnerable)], "");
        let nodes = all.scenarios[0].nodes.clone().unwrap();
        let mean = |s: &wardkeep_risk::model::ShareSpec| s.law("x").unwrap().mean();
        let wanted = nodes.contacts.unwrap().value.belief(None, "x").unwrap().mean()
            * mean(&nodes.action.unwrap().value)
            * mean(&nodes.vulnerability.unwrap().value);
        let found = belief(&all);
        prop_assert!((found.mean() / wanted - 1.0).abs() < 1e-9, "{} {}", found.mean(), wanted);
        let RateBelief::Spread(values) = found else { panic!("not spread") };
        prop_assert!((values.iter().map(|(_, w)| w).sum::<f64>() - 1.0).abs() < 1e-9);
        prop_assert!(values.iter().all(|(rate, w)| rate.times() >= 0.0 && *w >= 0.0));
    }
}
