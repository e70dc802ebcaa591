//! A model file from text to figures, and the questions asked on top of it.
#![allow(clippy::unwrap_used, clippy::float_cmp, reason = "tests of exact figures")]

use wardkeep_risk::control::{Counts, Freshness, Proof, Quantity};
use wardkeep_risk::library;
use wardkeep_risk::model::{Model, from_json, from_toml, lint, to_json};
use wardkeep_risk::run::{Run, RunOptions, RunResult, Session, Verdict};

const FILE: &str = r#"
format = "wardkeep-risk/1"
title = "Two scenarios"
currency = "EUR"
price_year = 2025
as_of = "2025-12-31"

[[exchange]]
from = "USD"
to = "EUR"
rate = 0.9
on = "2025-12-30"
source = "central bank"

[[scenario]]
id = "a"
name = "First"
unit = "north"
basis = "no_modelled_controls"
rate = { value = { kind = "interval", p05 = 0.2, p95 = 0.8 }, source = "expert", by = "A. Person" }

[[scenario.loss]]
form = "response"
amount = { value = { law = "interval", p05 = 20000.0, p95 = 400000.0 }, source = "expert" }

[[scenario]]
id = "b"
name = "Second"
unit = "south"
currency = "USD"
basis = "no_modelled_controls"
rate = { value = { kind = "point", per_year = 1.5 }, source = "evidence" }

[[scenario.loss]]
form = "productivity"
amount = { value = { law = "pert", low = 10000.0, mode = 20000.0, high = 90000.0 }, source = "study" }
time_driven = true

[scenario.secondary]
chance = { value = 0.1, source = "expert" }

[[scenario.secondary.losses]]
form = "fines_and_judgements"
amount = { value = { law = "exponential", mean = 50000.0 }, source = "expert" }

[[scenario]]
id = "c"
name = "Third"
unit = "south"
not_assessed = true

[[control]]
id = "door"
name = "Locked door"
reference = { coverage = 0.5, reliability = 1.0, intact = 0.8 }
source = "expert"

[[effect]]
control = "door"
scenario = "a"
on = "event_frequency"
kappa = 1.0
source = "expert"

[[insurance]]
id = "policy"
name = "Policy"
scenarios = ["a", "b"]
annual = { retention = 300000.0, limit = 500000.0 }
premium = 12000.0
until = "2026-06-30"

[[appetite]]
id = "north"
scope = "north"
measure = "var"
level = 0.95
limit = 900000.0

[[appetite]]
id = "south"
scope = "south"
measure = "mean"
limit = 900000.0
"#;

fn model() -> Model {
    from_toml(FILE, "two.toml").unwrap()
}

fn run(session: &Session, model: &Model) -> Run {
    session.run(model, &RunOptions { draws: 16, ..RunOptions::default() }).unwrap()
}

fn seen(passed: u64) -> Counts {
    Counts {
        control: "door".into(),
        quantity: Quantity::Coverage,
        population: Some(40),
        examined: 40,
        passed,
        failed: 40 - passed,
        census: true,
        proof: Proof::Check,
        age_days: 0.0,
        freshness: Freshness::default(),
        evidence: vec!["sha256:1".into()],
    }
}

#[test]
fn a_file_is_read_run_and_written_without_loss() {
    let model = model();
    assert_eq!(from_json(&to_json(&model), "x").unwrap(), model);
    let session = Session::new();
    let run = run(&session, &model);
    let r = &run.result;
    assert_eq!((r.assessed, r.not_assessed.as_slice()), ((2, 3), &["c".to_owned()][..]));
    let cover = r.cover.as_ref().unwrap();
    let parts: f64 = r.scenarios.iter().map(|s| s.mean.unwrap()).sum();
    assert!((parts / cover.gross.unwrap() - 1.0).abs() < 1e-9, "parts are before cover of the year");
    assert!(cover.net.unwrap() < cover.gross.unwrap() && cover.premium == 12_000.0);
    assert!((cover.gross.unwrap() - cover.recovered.unwrap() - r.mean.unwrap()).abs() < 1e-6);
    // Dollars come in at the dated rate: 1.5 a year of (30 k + 0.1 x 50 k) x 0.9.
    let second = r.scenarios.iter().find(|s| s.trail.id == "b").unwrap();
    assert!((second.mean.unwrap() / (1.5 * (30_000.0 + 5_000.0) * 0.9) - 1.0).abs() < 1e-9);
    assert_eq!(r.var.keys().collect::<Vec<_>>(), ["95", "99", "99.9"]);
    assert!(r.band.as_ref().unwrap().points.iter().all(|p| p.low <= p.high));
    assert!((r.sources.iter().map(|s| s.share).sum::<f64>() - 1.0).abs() < 1e-12);
    assert_eq!(r.appetite[0].verdict, Verdict::Pass);
    assert_eq!((r.appetite[1].verdict, r.appetite[1].not_assessed), (Verdict::Undetermined, 1));
    // Stored and read again it is the same, down to its digest.
    let text = serde_json::to_string(r).unwrap();
    let back = RunResult::read(&text).unwrap();
    assert!(back.is_intact() && back == *r);
    assert_eq!(Session::new().run(&model, &run.options).unwrap().result.digest, r.digest);
}

#[test]
fn faults_name_place_and_remedy() {
    let broken = |from: &str, to: &str| from_toml(&FILE.replacen(from, to, 1), "two.toml");
    let problem = broken("form = \"response\"", "form = \"tears\"").unwrap_err();
    assert!(problem.path.starts_with("two.toml:") && !problem.hint.is_empty(), "{problem:?}");
    assert_eq!(broken("wardkeep-risk/1", "wardkeep-risk/9").unwrap_err().code, "format");
    let faults = |from: &str, to: &str| lint(&broken(from, to).unwrap()).faults;
    let has = |found: &wardkeep_types::Problems, text: &str| {
        assert!(found.iter().any(|p| p.message.contains(text) && !p.path.is_empty()), "{text}: {found:?}");
    };
    has(&faults("from = \"USD\"", "from = \"CHF\""), "no dated rate");
    has(&faults("p05 = 20000.0", "p05 = 0.0"), "5 % point");
    has(&faults("control = \"door\"", "control = \"gate\""), "does not exist");
    has(&faults("id = \"b\"", "id = \"a\""), "stands twice");
    let expired = broken("until = \"2026-06-30\"", "until = \"2025-06-30\"").unwrap();
    let found = run(&Session::new(), &expired).result;
    assert!(found.cover.is_none() && found.notes.iter().any(|p| p.code == "expired"));
}

#[test]
fn causes_add_up_to_the_change() {
    let session = Session::new();
    let before = model();
    let base = run(&session, &before);
    let mut after = before.clone();
    after.observed.push(seen(10));
    after.scenarios[1].rate.as_mut().unwrap().value =
        wardkeep_risk::model::RateSpec::Point { per_year: wardkeep_risk::Rate::new(2.0).unwrap() };
    after.exchange[0].rate = 0.95;
    let why = session.why((&before, &base), &after).unwrap();
    let mut inputs: Vec<&str> = why.causes.iter().map(|c| c.input.as_str()).collect();
    inputs.sort_unstable();
    assert_eq!(inputs, ["control:door", "scenario:b", "shared"]);
    let add = |f: fn(&wardkeep_risk::run::Cause) -> f64| why.causes.iter().map(f).sum::<f64>();
    for (sum, (from, to)) in
        [(add(|c| c.mean), why.mean), (add(|c| c.var), why.var), (add(|c| c.tvar), why.tvar)]
    {
        assert!((sum - (to - from)).abs() < 1e-6 * to, "{sum} {from} {to}");
    }
    assert!(why.causes.iter().any(|c| c.what == "Locked door coverage fell 50.0 -> 25.0 %" && c.mean > 0.0));
}

#[test]
fn figures_open_to_their_parts() {
    let session = Session::new();
    let library = library::model().unwrap();
    let base = run(&session, &library);
    let steps = session.waterfall(&library, &base).unwrap();
    assert_eq!((steps.len(), steps[0].control.as_str()), (library.controls.len() + 1, "inherent"));
    assert!(steps.iter().all(|s| s.mean_drop >= -1e-6), "{steps:?}");
    let last = steps.last().unwrap();
    assert!((last.mean / base.result.mean.unwrap() - 1.0).abs() < 1e-9);
    let tornado = session.tornado(&library, &base).unwrap();
    assert!(tornado.len() >= 12 && tornado.iter().any(|s| s.input == "rate:ransomware" && s.var.0 < s.var.1));
    assert!(tornado.iter().any(|s| s.input == "control:mfa" && s.mean.0 > s.mean.1));
    let line = base.result.lec.iter().find(|p| p.loss > 5e6).unwrap();
    assert!(
        line.low.unwrap() <= line.chance && line.chance <= line.high.unwrap() && line.largest <= line.chance
    );
    let largest = base.result.largest["99"];
    assert!(largest < base.result.var["99"] && largest > 0.5 * base.result.var["99"]);
}

#[test]
fn whether_a_change_pays() {
    let session = Session::new();
    let before = model();
    let base = run(&session, &before);
    let mut after = before.clone();
    after.observed.push(seen(40));
    let cheap = session.decision(&before, &base, &after, 100.0).unwrap().unwrap();
    let dear = session.decision(&before, &base, &after, 1e6).unwrap().unwrap();
    assert!(cheap.shown_to_pay && cheap.net > 0.0 && !dear.shown_to_pay && dear.net < 0.0);
    let same = session.benefits(&before, &base, &before, 32).unwrap().unwrap();
    assert!(same.iter().all(|b| *b == 0.0));
}

#[test]
fn what_if_is_the_run_on_the_same_cells() {
    let session = Session::new();
    let before = model();
    let base = run(&session, &before);
    let mut after = before.clone();
    after.observed.push(seen(40));
    let delta = session.what_if(&base, &after).unwrap();
    let (from, to) = delta.mean.unwrap();
    assert!(to < from && delta.no_loss.1 > delta.no_loss.0);
    assert!(delta.lec.iter().zip(&base.result.lec).all(|(new, old)| new.1 <= old.chance + 1e-12));
    let full = run(&session, &after).result;
    assert!((full.mean.unwrap() / to - 1.0).abs() < 1e-6);
    assert!((full.var["99"] / delta.var["99"].1 - 1.0).abs() < 1e-4);
}

#[test]
fn simulated_years_agree_and_a_wrong_figure_is_found() {
    let library = library::model().unwrap();
    let options = RunOptions { draws: 0, cells: 1 << 13, ..RunOptions::default() };
    let mut run = Session::new().run(&library, &options).unwrap();
    let check = run.cross_check(1, 40_000);
    let names: Vec<&str> = check.figures.iter().map(|f| f.figure.as_str()).collect();
    assert_eq!(names, ["mean", "var95", "var99", "tvar99"]);
    assert!(check.agrees && check.figures.iter().all(|f| f.agrees && f.error > 0.0), "{check:?}");
    assert_eq!(run.cross_check(1, 40_000), check, "the same key gives the same years");
    assert_ne!(run.cross_check(2, 40_000).figures, check.figures);
    assert_eq!(run.cross_check(1, 10).years, 1_000);
    // A mean that is a tenth too large lies beyond four standard errors.
    run.evaluation.moments.mean = run.evaluation.moments.mean.map(|m| 1.1 * m);
    let wrong = run.cross_check(1, 200_000);
    assert!(!wrong.agrees && !wrong.figures[0].agrees && wrong.figures[1].agrees, "{wrong:?}");
}
