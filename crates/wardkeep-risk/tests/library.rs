//! The vectors of sections 5.3, 10 and 16 on the library that ships.
#![allow(
    clippy::unwrap_used,
    clippy::float_cmp,
    clippy::unreadable_literal,
    reason = "tests of exact figures"
)]

use std::collections::{BTreeMap, BTreeSet};
use wardkeep_risk::control::{Counts, Freshness, Proof, Quantity, State};
use wardkeep_risk::library::{model, read};
use wardkeep_risk::model::{AppetiteRule, Incidents, Measure, Model, SourceKind, from_json, lint, to_json};
use wardkeep_risk::run::{Run, RunOptions, Session, Verdict};

fn near(got: f64, text: &str) {
    let wanted: f64 = text.parse().unwrap();
    let digits = text.split_once('.').map_or(0, |(_, d)| d.len() as i32);
    let slack = (0.500_001 * 10f64.powi(-digits)).max(1e-6 * wanted.abs());
    assert!((got - wanted).abs() <= slack, "{got} is not {text}: off by {:e}", got / wanted - 1.0);
}

fn options(predictive: bool) -> RunOptions {
    RunOptions { cells: 1 << 16, predictive, draws: 0, ..RunOptions::default() }
}

fn run(model: &Model, options: &RunOptions) -> Run {
    Session::new().run(model, options).unwrap()
}

#[test]
fn the_library_is_whole_and_all_placeholder() {
    let library = model().unwrap();
    assert_eq!((library.scenarios.len(), library.controls.len()), (12, 18));
    let found = lint(&library);
    assert!(found.faults.is_empty(), "{:?}", found.faults);
    let run = run(&library, &RunOptions { draws: 8, ..RunOptions::default() });
    let share = |kind| run.result.sources.iter().find(|s| s.source == kind).unwrap().share;
    assert_eq!(share(SourceKind::Placeholder), 1.0);
    assert!(run.result.controls.values().all(|c| c.state == State::Assumed));
    assert_eq!(from_json(&to_json(&library), "x").unwrap(), library);
}

#[test]
fn mean_rates() {
    let run = run(&model().unwrap(), &options(false));
    near(run.resolved.portfolio.total_rate(), "5.139935");
    near(run.evaluation.moments.mean.unwrap(), "692859.85");
    near(run.evaluation.no_loss, "0.0058581");
    // The median lies few cells from zero on a grid that holds the worst years: it gets its own.
    let low = wardkeep_risk::engine::Options { cells: 1 << 16, levels: vec![0.5] };
    let (_, low) =
        wardkeep_risk::engine::plan(&run.resolved.portfolio, &low, Session::new().cache()).unwrap();
    near(low.var(0.5).unwrap(), "257335.7");
    for (q, text) in [(0.95, "2555170.8"), (0.99, "6913367.7"), (0.999, "22124159.2")] {
        near(run.evaluation.var(q).unwrap(), text);
    }
    near(run.evaluation.tvar(0.99).unwrap(), "13515300.6");
    near(run.evaluation.exceeds(5e6).unwrap(), ".0175712");
    let tail: f64 = run.result.scenarios.iter().map(|s| s.tail.unwrap()).sum();
    near(tail, "13515300.6");
    let mean: f64 = run.result.scenarios.iter().map(|s| s.mean.unwrap()).sum();
    for (id, of_tail, of_mean) in
        [("destructive-ot", 38.9, 10.7), ("ransomware", 28.1, 18.5), ("external-breach", 20.6, 14.9)]
    {
        let s = run.result.scenarios.iter().find(|s| s.trail.id == id).unwrap();
        assert!((100.0 * s.tail.unwrap() / tail - of_tail).abs() < 0.05, "{id}");
        assert!((100.0 * s.mean.unwrap() / mean - of_mean).abs() < 0.05, "{id}");
    }
}

#[test]
fn predictive_rates() {
    let run = run(&model().unwrap(), &options(true));
    near(run.evaluation.no_loss, "0.0145302");
    near(run.evaluation.var(0.95).unwrap(), "2565413");
    near(run.evaluation.var(0.99).unwrap(), "6939507.2");
    near(run.evaluation.tvar(0.99).unwrap(), "13547139");
    near(run.evaluation.exceeds(5e6).unwrap(), ".0176924");
}

fn census(passed: u64) -> Counts {
    Counts {
        control: "mfa".into(),
        quantity: Quantity::Coverage,
        population: Some(100),
        examined: 100,
        passed,
        failed: 100 - passed,
        census: true,
        proof: Proof::Check,
        age_days: 0.0,
        freshness: Freshness { full_days: 30.0, half_days: 30.0, void_days: 180.0 },
        evidence: vec!["EV-7".into()],
    }
}

fn ransomware_and_mfa() -> Model {
    let mut only = model().unwrap();
    only.scenarios.retain(|s| s.id == "ransomware");
    only.scenarios[0].containment = None;
    only.effects.retain(|e| e.scenario == "ransomware" && e.control == "mfa");
    only
}

#[test]
fn coverage_of_the_second_factor_moves_ransomware() {
    let before = ransomware_and_mfa();
    let mut after = before.clone();
    after.observed.push(census(98));
    let session = Session::new();
    let base = session.run(&before, &options(false)).unwrap();
    let moved = session.run(&after, &options(false)).unwrap();
    near(base.resolved.trail[0].controls[0].reference, ".2268");
    near(moved.resolved.trail[0].controls[0].efficacy, ".31752");
    near(moved.resolved.portfolio.total_rate(), ".0635002");
    near(base.evaluation.var(0.99).unwrap(), "3255312.7");
    near(moved.evaluation.var(0.99).unwrap(), "2968511.6");
    near(base.evaluation.exceeds(1e6).unwrap(), ".0343361");
    near(moved.evaluation.exceeds(1e6).unwrap(), ".0303379");
    assert_eq!(moved.result.evidence, ["EV-7"]);
    let why = session.why((&before, &base), &after).unwrap();
    assert_eq!(why.causes.len(), 1);
    assert_eq!(why.causes[0].input, "control:mfa");
    assert!(why.causes[0].what.contains("coverage rose 70.0 -> 98.0 %"), "{}", why.causes[0].what);
    assert!((why.causes[0].tvar - (why.tvar.1 - why.tvar.0)).abs() < 1e-6);
    // Dragged back, everything is as it was, to the bit.
    let back = session.run(&before, &options(false)).unwrap();
    assert_eq!(back.result.digest, base.result.digest);
}

#[test]
fn a_feed_that_stops_drifts_back() {
    let at = |age_days: f64| {
        let mut stale = ransomware_and_mfa();
        stale.observed.push(Counts { age_days, ..census(98) });
        run(&stale, &options(false)).resolved.trail[0].controls[0].efficacy
    };
    let (fresh, half, gone) = (at(0.0), at(60.0), at(180.0));
    assert!(fresh > half && half > gone && (gone - 0.2268).abs() < 1e-9, "{fresh} {half} {gone}");
}

#[test]
fn own_incidents_count_once() {
    let mut own = ransomware_and_mfa();
    own.scenarios[0].incidents = Some(Incidents { events: 1, years: 1.0, multiplier: 1.0 });
    near(run(&own, &options(true)).resolved.trail[0].base_rate, ".0931995");
    let point = |events, years| {
        let spec = wardkeep_risk::model::RateSpec::Point { per_year: wardkeep_risk::Rate::new(0.5).unwrap() };
        spec.belief(Some(&Incidents { events, years, multiplier: 1.0 }), "x").unwrap().mean() / 0.5
    };
    near(point(1, 2.0), "1.0");
    near(point(0, 3.0), "0.5714286");
}

fn rule(id: &str, measure: Measure, limit: f64) -> AppetiteRule {
    AppetiteRule {
        id: id.into(),
        name: String::new(),
        measure,
        limit,
        warning: None,
        scope: None,
        owner: String::new(),
        approved_on: None,
    }
}

#[test]
fn appetite_passes_fails_and_stays_open() {
    let mut library = model().unwrap();
    library.appetite = vec![
        rule("five-million", Measure::Exceedance { amount: 5e6 }, 0.02),
        rule("tail", Measure::Tvar { level: 0.99 }, 10e6),
    ];
    let on_curve = run(&library, &options(true)).result.appetite;
    near(on_curve[0].value.unwrap(), ".0176924");
    assert_eq!((on_curve[0].verdict, on_curve[1].verdict), (Verdict::Pass, Verdict::Fail));
    library.scenarios.iter_mut().find(|s| s.id == "bec").unwrap().not_assessed = true;
    let open = run(&library, &options(true)).result;
    assert_eq!((open.appetite[0].verdict, open.not_assessed.len()), (Verdict::Undetermined, 1));
    assert_eq!(open.assessed, (11, 12));
}

#[test]
fn kappa_follows_the_catalogue() {
    let folder = std::env::var("WARDKEEP_DATA")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data").into());
    let path = format!("{folder}/threat-intel/mitre-attack/enterprise-attack.stix20.assembled.json.gz");
    let Ok(file) = std::fs::File::open(&path) else {
        assert!(std::env::var("CI").is_err(), "{path} is missing");
        eprintln!("skipped: {path} is not here");
        return;
    };
    let bundle: serde_json::Value =
        serde_json::from_reader(std::io::BufReader::new(flate2::read::GzDecoder::new(file))).unwrap();
    let objects = bundle["objects"].as_array().unwrap();
    let alive = |o: &serde_json::Value| o["revoked"] != true && o["x_mitre_deprecated"] != true;
    let name = |o: &serde_json::Value| {
        let references = o["external_references"].as_array()?;
        let own = references.iter().find(|r| r["source_name"] == "mitre-attack")?;
        Some(own["external_id"].as_str()?.to_owned())
    };
    let names: BTreeMap<&str, String> =
        objects.iter().filter(|o| alive(o)).filter_map(|o| Some((o["id"].as_str()?, name(o)?))).collect();
    let mut mitigates: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for o in objects.iter().filter(|o| o["relationship_type"] == "mitigates" && alive(o)) {
        let end = |key: &str| o[key].as_str().and_then(|id| names.get(id)).cloned();
        if let (Some(by), Some(technique)) = (end("source_ref"), end("target_ref")) {
            mitigates.entry(technique).or_default().insert(by);
        }
    }
    // What ships is what the catalogue says, neither less nor more.
    let library = read().unwrap();
    for technique in &library.techniques {
        assert_eq!(Some(&technique.mitigations), mitigates.get(&technique.id), "{}", technique.id);
    }
}

#[test]
fn a_share_is_suggested_for_each_link() {
    let library = read().unwrap();
    let suggested = |scenario: &str, control: &str| {
        let control = library.model.controls.iter().find(|c| c.id == control).unwrap();
        library.suggest(&library.model.scenario(scenario).unwrap().techniques, &control.mitigations)
    };
    for (scenario, control, kappa) in [
        ("ransomware", "mfa", 0.4),
        ("ransomware", "mail", 0.4),
        ("ransomware", "aware", 0.6),
        ("ransomware", "patch", 0.2),
        ("ransomware", "segment", 0.4),
        ("bec", "aware", 1.0),
        ("bec", "mfa", 0.3),
        ("cloud-exposure", "mfa", 0.9),
        ("supplier-breach", "segment", 0.7),
    ] {
        assert!((suggested(scenario, control).kappa - kappa).abs() < 1e-12, "{scenario} {control}");
    }
    assert_eq!(suggested("ransomware", "mfa").addressed, ["T1078", "T1133"]);
    // What the library says rests on the catalogue is what the catalogue says.
    for effect in library.model.effects.iter().filter(|e| e.source == SourceKind::Study) {
        let found = suggested(&effect.scenario, &effect.control).kappa;
        assert!((found - effect.kappa.value()).abs() < 1e-12, "{effect:?} {found}");
    }
}

#[test]
fn what_the_library_does_not_hold_is_said_and_not_credited() {
    let library = read().unwrap();
    for scenario in &library.model.scenarios {
        assert!(scenario.techniques.keys().all(|id| library.technique(id).is_some()), "{}", scenario.id);
    }
    let own = BTreeMap::from([("T1566.001".to_owned(), 0.5), ("T9999".to_owned(), 0.5)]);
    let found = library.suggest(&own, &["M1017".to_owned()]);
    assert_eq!((found.kappa, found.unknown), (0.5, vec!["T9999".to_owned()]));
    // Every control that the baseline has a control for is one of the library's.
    assert_eq!(library.baseline.len(), 12);
    assert!(library.baseline.keys().all(|id| library.model.controls.iter().any(|c| c.id == *id)));
}
