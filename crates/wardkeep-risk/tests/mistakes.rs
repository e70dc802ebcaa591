//! Eighteen mistakes of existing products, each as a test of what we show instead.
#![allow(
    clippy::unwrap_used,
    clippy::float_cmp,
    clippy::unreadable_literal,
    reason = "tests of exact figures"
)]

use wardkeep_risk::control::{Mode, Values};
use wardkeep_risk::engine::{Cache, Count, Evaluation, Link, Loss, Options, Part, Portfolio, plan};
use wardkeep_risk::law::{LawSpec, Pert};
use wardkeep_risk::matrix::{Formula, Level, Matrix, Rating, Rule};
use wardkeep_risk::model::{
    AppetiteRule, Basis, ControlSpec, Effect, Factor, Form, FormLoss, Measure, Model, RateSpec, Scenario,
    SourceKind, Sourced,
};
use wardkeep_risk::run::{RunOptions, Session, Verdict};
use wardkeep_risk::simulate::{simulate, years};
use wardkeep_risk::{Probability, Rate, vulnerability};
use wardkeep_types::Currency;

fn part(id: &str, rate: f64, spec: &LawSpec) -> Part {
    let count = Count::Poisson(Rate::new(rate).unwrap());
    Part { id: id.into(), count, loss: Loss::of(spec).unwrap(), link: Link::Alone }
}
fn year(parts: Vec<Part>) -> Evaluation {
    let options = Options { cells: 1 << 15, levels: vec![0.5, 0.95, 0.99, 0.999] };
    plan(&Portfolio::of(parts), &options, &Cache::new()).unwrap().1
}
fn pert() -> LawSpec {
    LawSpec::Pert { low: 1e5, mode: 3e5, high: 1e6, weight: 4.0 }
}
fn interval() -> LawSpec {
    LawSpec::Interval { p05: 1e5, p95: 1e6 }
}
fn close(got: f64, wanted: f64, relative: f64) {
    assert!((got / wanted - 1.0).abs() <= relative, "{got} is not {wanted}");
}

/// A model of scenarios with one rate and the lognormal of 100 k to 1 M.
fn model(rates: &[(&str, f64)]) -> Model {
    let mut model = Model::new(Currency::EUR, 2025);
    for (n, (name, rate)) in rates.iter().enumerate() {
        let mut scenario = Scenario::named(&format!("id-{n}"), name);
        scenario.basis = Basis::NoModelledControls;
        let per_year = Rate::new(*rate).unwrap();
        scenario.rate = Some(Sourced::new(RateSpec::Point { per_year }, SourceKind::Expert));
        let amount = Sourced::new(interval(), SourceKind::Expert);
        scenario.losses = vec![FormLoss { form: Form::Total, amount, time_driven: false }];
        model.scenarios.push(scenario);
    }
    model
}
fn with_control(model: &mut Model, id: &str, kappa: f64, efficacy: f64) {
    model.controls.push(ControlSpec {
        id: id.into(),
        name: id.into(),
        reference: Values { coverage: 1.0, reliability: 1.0, intact: efficacy, degraded: 0.0 },
        prior: None,
        source: SourceKind::Expert,
        mitigations: vec![],
        feed: String::new(),
    });
    model.effects.push(Effect {
        control: id.into(),
        scenario: "id-0".into(),
        on: Factor::EventFrequency,
        kappa: Probability::new(kappa).unwrap(),
        source: SourceKind::Expert,
        mode: Mode::Independent,
    });
}
fn quick() -> RunOptions {
    RunOptions { draws: 0, ..RunOptions::default() }
}

#[test]
fn m01_product_is_not_a_sum() {
    let rare = year(vec![part("a", 0.1, &pert())]);
    close(rare.var(0.99).unwrap(), 637_330.0, 1e-5);
    close(rare.no_loss, 0.904_837_418, 1e-9);
    let law = pert().build("x").unwrap();
    close(0.1 * law.quantile(0.99), 78_571.0, 1e-5);
    let often = year(vec![part("a", 5.0, &pert())]);
    close(often.moments.sd().unwrap(), 927_105.0, 1e-6);
    close(often.var(0.99).unwrap(), 4_419_408.0, 1e-5);
    close(5.0 * law.sd().unwrap(), 789_942.0, 1e-5);
    close(5.0 * law.quantile(0.99), 3_928_554.0, 1e-5);
}

#[test]
fn m02_one_seed_for_all() {
    let sums = |id: &str| years(&Portfolio::of(vec![part(id, 2.0, &interval())]), 7, 4_000);
    let (a, b) = (sums("first"), sums("second"));
    let n = a.len() as f64;
    let mean = |x: &[f64]| x.iter().sum::<f64>() / n;
    let (ma, mb) = (mean(&a), mean(&b));
    let cross = |x: &[f64], mx: f64, y: &[f64], my: f64| {
        x.iter().zip(y).map(|(x, y)| (x - mx) * (y - my)).sum::<f64>()
    };
    let r = cross(&a, ma, &b, mb) / (cross(&a, ma, &a, ma) * cross(&b, mb, &b, mb)).sqrt();
    assert!(r.abs() < 4.0 / n.sqrt(), "{r}");
    // A scenario more moves no other stream.
    assert_eq!(a, sums("first"));
    let fifty = |distinct: bool| {
        let parts =
            (0..50).map(|i| part(&format!("s{}", if distinct { i } else { 0 }), 0.5, &interval())).collect();
        let found = simulate(&Portfolio::of(parts), 3, 2_000, &[0.95]);
        found.mean.1 * (2_000f64).sqrt()
    };
    close(fifty(false) / fifty(true), 50f64.sqrt(), 0.15);
}

#[test]
fn m03_pert_fixed_sd() {
    let law = Pert::new(0.0, 10.0, 100.0, 4.0).unwrap();
    let (a, b) = law.shapes();
    close(100.0 * (a - 1.0) / (a + b - 2.0), 10.0, 1e-12);
    let v = vulnerability(&Pert::new(0.2, 0.5, 0.95, 4.0).unwrap(), &Pert::new(0.3, 0.6, 0.9, 4.0).unwrap());
    close(v.value(), 0.3406, 2e-4);
}

#[test]
fn m04_clipped_normal() {
    let problem = LawSpec::Normal { mean: 0.2, sd: 0.3 }.build("rate").unwrap_err();
    assert!(problem.message.contains("negative") && problem.hint.contains("5 %"));
    assert!(RateSpec::Normal { mean: 0.2, sd: 0.3 }.belief(None, "rate").is_err());
}

#[test]
fn m05_mean_is_not_mode() {
    let belief =
        RateSpec::Pert { low: 0.0, mode: 10.0, high: 100.0, weight: 4.0 }.belief(None, "rate").unwrap();
    close(belief.mean(), 23.333_333, 1e-4);
}

#[test]
fn m06_rate_rounded() {
    let year = year(vec![part("a", 0.3, &interval())]);
    close(year.no_loss, (-0.3f64).exp(), 1e-12);
    assert!(year.moments.mean.unwrap() > 1e5);
}

#[test]
fn m07_average_of_controls() {
    let session = Session::new();
    let mut before = model(&[("a", 1.0)]);
    with_control(&mut before, "strong", 1.0, 0.9);
    let strong = session.run(&before, &quick()).unwrap();
    with_control(&mut before, "weak", 1.0, 0.05);
    let both = session.run(&before, &quick()).unwrap();
    assert!(both.result.mean < strong.result.mean && both.result.var["99"] < strong.result.var["99"]);
}

#[test]
fn m08_secondary_on_every_event() {
    let law = |p05, p95| Loss::of(&LawSpec::Interval { p05, p95 }).unwrap();
    let slef = Probability::new(0.3).unwrap();
    let loss = Loss::Sum(vec![law(5e4, 5e5), law(1e5, 2e6).sometimes(slef)]);
    let mut one = part("a", 0.5, &interval());
    one.loss = loss;
    close(year(vec![one]).moments.mean.unwrap(), 202_549.893, 1e-8);
    assert_eq!(Probability::new(1.2), None);
}

#[test]
fn m09_probability_is_not_rate() {
    let rate = Probability::new(0.9).unwrap().rate().unwrap();
    close(rate.times(), std::f64::consts::LN_10, 1e-6);
    let one = year(vec![part("a", rate.times(), &LawSpec::Constant { value: 1000.0 })]);
    assert!(one.exceeds(1500.0).unwrap() > 0.5, "more than one event a year is possible");
}

#[test]
fn m10_lec_by_resimulation() {
    let run = Session::new().run(&model(&[("a", 0.5), ("b", 2.0)]), &quick()).unwrap();
    assert!(run.result.lec.len() > 40);
    assert!(run.result.lec.windows(2).all(|p| p[1].chance <= p[0].chance && p[1].loss > p[0].loss));
}

#[test]
fn m11_sample_maximum() {
    let text =
        serde_json::to_string(&Session::new().run(&model(&[("a", 0.1)]), &quick()).unwrap().result).unwrap();
    assert!(!text.contains("maximum") && text.contains("\"99.9\""));
}

#[test]
fn m12_rare_and_heavy() {
    let rate = Probability::new(0.001).unwrap().rate().unwrap();
    let exact = year(vec![part("a", rate.times(), &LawSpec::Interval { p05: 1e5, p95: 1e8 })]);
    close(exact.moments.mean.unwrap(), 28_700.0, 2e-3);
}

#[test]
fn m13_keyed_by_name() {
    let session = Session::new();
    let one = session.run(&model(&[("same", 0.5)]), &quick()).unwrap().result.mean.unwrap();
    let two = session.run(&model(&[("same", 0.5), ("same", 0.5)]), &quick()).unwrap().result;
    close(two.mean.unwrap(), 2.0 * one, 1e-12);
    assert!(two.notes.iter().any(|p| p.code == "same_name"));
}

#[test]
fn m14_logistic_vulnerability() {
    let weak = Pert::new(0.0, 0.1, 0.2, 4.0).unwrap();
    let strong = Pert::new(0.5, 0.7, 0.9, 4.0).unwrap();
    assert_eq!(vulnerability(&weak, &strong).value(), 0.0);
    close(vulnerability(&strong, &weak).value(), 1.0, 1e-12);
}

#[test]
fn m15_unknown_becomes_score() {
    let levels = || (1..=5).map(|n| Level::named(n.to_string())).collect::<Vec<_>>();
    for formula in [
        Formula::Product,
        Formula::ProductAndImpact,
        Formula::ProductAndTwiceImpact,
        Formula::ProductAndLikelihood,
        Formula::ProductAndTwiceLikelihood,
    ] {
        let matrix = Matrix {
            name: "m".into(),
            likelihood: levels(),
            impact: levels(),
            rule: Rule::Formula(formula),
            bands: vec![],
        };
        assert_eq!(
            (matrix.rate(None, Some(5)), matrix.rate(Some(5), None)),
            (Rating::NotAssessed, Rating::NotAssessed)
        );
    }
    let session = Session::new();
    let alone = session.run(&model(&[("a", 0.5)]), &quick()).unwrap().result;
    let mut more = model(&[("a", 0.5), ("b", 0.5)]);
    more.scenarios[1].losses.clear();
    let beside = session.run(&more, &quick()).unwrap().result;
    assert_eq!((beside.mean, beside.not_assessed.len(), beside.assessed), (alone.mean, 1, (1, 2)));
}

#[test]
fn m16_credit_for_other_threats() {
    let session = Session::new();
    let mut before = model(&[("a", 0.5)]);
    let without = session.run(&before, &quick()).unwrap();
    with_control(&mut before, "elsewhere", 0.0, 0.99);
    let with = session.run(&before, &quick()).unwrap();
    assert_eq!((without.result.mean, &without.result.var), (with.result.mean, &with.result.var));
}

#[test]
fn m17_appetite_as_distribution() {
    let rule = |id: &str, amount, limit| AppetiteRule {
        id: id.into(),
        name: String::new(),
        measure: Measure::Exceedance { amount },
        limit,
        warning: None,
        scope: None,
        owner: String::new(),
        approved_on: None,
    };
    let mut two = model(&[("a", 0.5)]);
    two.appetite = vec![rule("often", 1e5, 0.9), rule("rare", 5e5, 1e-6)];
    let found = Session::new().run(&two, &quick()).unwrap().result.appetite;
    assert_eq!(found.iter().map(|a| a.verdict).collect::<Vec<_>>(), [Verdict::Pass, Verdict::Fail]);
}

#[test]
fn m18_different_seeds_before_after() {
    let session = Session::new();
    let same = model(&[("a", 0.5), ("b", 2.0)]);
    let base = session.run(&same, &quick()).unwrap();
    let delta = session.what_if(&base, &same).unwrap();
    assert_eq!(delta.mean.map(|(a, b)| b - a), Some(0.0));
    assert!(delta.var.values().chain(delta.tvar.values()).all(|(a, b)| a == b));
    let why = session.why((&same, &base), &same).unwrap();
    assert!(why.causes.is_empty());
}
