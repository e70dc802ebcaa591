//! The sample organisation's year of risk in money, end to end.

mod imported;
mod library;
mod nodes;
mod pooled;

use super::build::build;
use super::load::Held;
use super::views::InvestmentAsk;
use crate::records::{Edits, Proposal};
use crate::{App, Config, Ctx, DataFolder, Error, Refusal};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;
use wardkeep_register::Value;
use wardkeep_registers::{Acceptance, Control, ControlEffect, Incident, Risk, Scenario};
use wardkeep_rights::{Actor, Grant, Role};
use wardkeep_risk::run::RunOptions;
use wardkeep_store::cells;
use wardkeep_types::{Id, Moment, SetClock};

fn now() -> Moment {
    crate::sample::EXAMPLES_AS_OF.parse().unwrap()
}

struct Place {
    app: App,
    root: Id,
    _dir: tempfile::TempDir,
}

async fn sample() -> Place {
    let dir = tempfile::tempdir().unwrap();
    let folder = DataFolder::create(dir.path()).unwrap();
    let app = App::open(folder, Config::default(), Arc::new(SetClock::at(now()))).await.unwrap().0;
    let made = crate::sample::build(&app, now()).await.unwrap_or_else(|e| panic!("{e}"));
    Place { app, root: made.organisation, _dir: dir }
}

impl Place {
    fn someone(&self, role: Role, at: Moment) -> Ctx {
        let person = Id::derived(&self.root, role.key());
        Ctx::new(Actor::human(person, role.key(), vec![Grant::new(role, self.root)], at.date()), at)
    }
    async fn control(&self, key: &str) -> Held<Control> {
        let organisation = self.app.organisation().await.unwrap();
        let all: Vec<Held<Control>> = self.app.held(&organisation).await.unwrap();
        all.into_iter()
            .find(|c| c.record.outside_reference.as_ref().is_some_and(|k| k.as_str() == key))
            .unwrap()
    }
    async fn observe(&self, at: Moment, passed: i64) {
        let ctx = Ctx::system("collector", at);
        let organisation = self.app.organisation().await.unwrap();
        let unit = organisation.unit(self.root).0.to_owned();
        let sent = json!({
            "test": "mfa-console-sign-in", "unit": unit,
            "period": { "from": at.plus_seconds(-86_400), "to": at },
            "collector": { "name": "test", "version": "1" },
            "population": 24, "examined": 24, "passed": passed, "failed": 24 - passed,
            "idempotency_key": format!("mfa-{at}"),
        });
        let taken = self.app.take_observations(&ctx, &organisation, &[sent]).await.unwrap();
        assert!(matches!(taken[0], crate::assess::Taken::New(_)), "{taken:?}");
    }
    async fn rerun(&self, at: Moment, publish: bool) -> super::Reran {
        let ctx = Ctx::system("risk engine", at);
        let options = RunOptions { cells: 1 << 12, draws: 16, points: 40, ..RunOptions::default() };
        Box::pin(self.app.risk_rerun(&ctx, &options, publish)).await.unwrap_or_else(|e| panic!("{e}"))
    }
}

fn later(days: i64) -> Moment {
    now().plus_seconds(3_600 + 86_400 * days)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_year_was_worked_out_and_says_why_it_changed() {
    let place = sample().await;
    let organisation = place.app.organisation().await.unwrap();
    let officer = place.someone(Role::Officer, now());
    let view = place.app.risk_portfolio(&officer, &organisation).await.unwrap();
    eprintln!("{} runs, mean {:?}, tvar {:?}", view.history.len(), view.mean, view.tvar);
    for a in &view.appetite {
        eprintln!(
            "{}: {:?} {} met {:?} missing {}",
            a.words, a.value, a.verdict, a.chance_met, a.not_assessed
        );
    }
    for p in &view.history {
        eprintln!("{} {:?} {}", p.at.date(), p.mean.map(f64::round), p.why);
    }
    assert!(view.history.len() >= 11, "{} runs", view.history.len());
    let scenarios: Vec<Held<Scenario>> = place.app.held(&organisation).await.unwrap();
    assert_eq!(scenarios.iter().filter(|s| s.stage == "in_use").count(), 12);
    assert!(view.contributors.iter().filter(|c| c.scenario.reference.starts_with("SCN")).count() == 12);
    let whole: f64 = view.contributors.iter().filter_map(|c| c.mean).sum();
    assert!((whole / view.mean.value.unwrap() - 1.0).abs() < 0.02 || view.cover.is_some());
    assert!(view.sources.iter().map(|s| s.share).sum::<f64>() > 0.999);
    assert!(view.run.as_ref().unwrap().not_assessed >= 2, "drafts stay out and are counted");
    assert!(view.change.is_some() && !view.curves.is_empty());
    // The published figures are on the risks, with their why in the change log.
    let risks: Vec<Held<Risk>> = place.app.held(&organisation).await.unwrap();
    let ransom = risks.iter().find(|r| r.record.name.as_str() == "Ransomware stops the hospital").unwrap();
    assert!(ransom.record.annual_loss.is_some_and(|m| m.minor > 0));
    let changes = place.app.db.history(ransom.id, None, 100).await.unwrap();
    let why: Vec<&str> = changes.iter().filter_map(|c| c.why.as_deref()).collect();
    assert!(why.iter().any(|w| w.starts_with("annual loss ") && w.contains(" because ")), "{why:?}");
    // Appetite tests are kept like the tests of controls.
    let sql = "SELECT count(*) AS k FROM observation WHERE test LIKE 'risk-appetite/%'";
    let kept: i64 = place.app.db.row(sql, cells![]).await.unwrap().unwrap().try_get("", "k").unwrap();
    assert!(kept >= 4, "{kept}");

    // Changing an observation moves the figure and is named as the cause.
    place.observe(later(0), 24).await;
    place.rerun(later(0), true).await;
    place.observe(later(1), 2).await;
    let done = place.rerun(later(1), true).await;
    assert!(done.new && done.published);
    let officer = place.someone(Role::Officer, later(1));
    let shown = place.app.risk_shown(&officer, &organisation, &ransom.reference).await.unwrap();
    let last = shown.history.last().unwrap();
    assert!(last.why.contains("coverage fell"), "{}", last.why);
    let changes = place.app.db.history(ransom.id, None, 3).await.unwrap();
    let why = changes[0].why.clone().unwrap();
    assert!(why.contains("coverage fell") && why.contains("->"), "{why}");
    // Down to the observation.
    let control = place.control("mfa").await;
    let effect = shown.scenarios[0]
        .controls
        .iter()
        .find(|e| e.control.as_ref().is_some_and(|c| c.reference == control.reference));
    let coverage = &effect.unwrap().factors[0];
    assert!(coverage.evidence[0].words.contains("2 of 24 passed"), "{:?}", coverage.evidence);
    assert!((coverage.now.value.unwrap() - 2.0 / 24.0).abs() < 1e-9);
    // A what-if that brings coverage back brings the loss back; today's positions change nothing.
    let slider =
        shown.sliders.iter().find(|s| s.name.starts_with("coverage:") && s.name.contains(&control.reference));
    let slider = slider.unwrap();
    let ask = |value: f64| BTreeMap::from([(slider.name.clone(), value)]);
    let same =
        place.app.risk_what_if(&officer, &organisation, &ransom.reference, &ask(slider.now)).await.unwrap();
    assert_eq!(same.mean.unwrap().0, same.mean.unwrap().1);
    let back = place.app.risk_what_if(&officer, &organisation, &ransom.reference, &ask(100.0)).await.unwrap();
    assert!(back.mean.unwrap().1 < back.mean.unwrap().0);
    assert!(back.after.windows(2).all(|p| p[0].chance >= p[1].chance - 1e-12), "a curve never rises");
    // A rerun of the stored input matches to the last bit.
    let hash = shown.run.as_ref().unwrap().hash.clone();
    let verified = place.app.risk_verified(&officer, &organisation, &hash).await.unwrap();
    assert!(verified.matches && verified.identical && verified.words.is_empty(), "{verified:?}");
    let plan = place.app.risk_investments(&officer, &organisation, &InvestmentAsk::default()).await.unwrap();
    assert!(plan.bound <= plan.left + 1e-6 && plan.left <= plan.today && plan.impossible.is_none());
    assert!(plan.measures.iter().any(|m| m.chosen) && plan.after.is_some());
    assert!(plan.frontier.windows(2).all(|p| p[0].left >= p[1].left - 1e-9));
    let (name, book) = place.app.risk_workbook(&officer, &organisation).await.unwrap();
    assert!(name.to_lowercase().ends_with(".xlsx") && book.starts_with(b"PK"));
    // Simulated years agree with the figures that stand; the nightly check waits once.
    let (hash, check) = place.app.risk_checked(&officer, &organisation, None, 3, 2_000).await.unwrap();
    assert!(check.agrees && check.years == 2_000 && check.figures.len() == 4, "{check:?}");
    assert_eq!(hash, place.app.risk_published().await.unwrap().unwrap().hash);
    let nobody = place.app.risk_checked(&officer, &organisation, Some("00000000"), 3, 2_000).await;
    assert!(matches!(nobody, Err(Error::Refusal(Refusal::NotFound))));
    for _ in 0..2 {
        place.app.risk_ask_check(now()).await.unwrap();
    }
    let claim = async |at| place.app.db.claim(&[super::CHECK], "test", 60, at).await.unwrap();
    assert!(
        claim(now()).await.is_none() && claim(later(1)).await.is_some() && claim(later(1)).await.is_none()
    );
    // Whoever may not see the portfolio finds nothing.
    let analyst = place.someone(Role::Analyst, now());
    let refused = place.app.risk_portfolio(&analyst, &organisation).await;
    assert!(matches!(refused, Err(Error::Refusal(Refusal::NotFound))));
    let refused = place.app.risk_checked(&analyst, &organisation, None, 3, 2_000).await;
    assert!(matches!(refused, Err(Error::Refusal(Refusal::NotFound))));
    let matrix = place.app.risk_matrix(&officer, &organisation, None).await.unwrap();
    assert_eq!(matrix.rows.len(), 5);
    assert!(matrix.honesty.is_some_and(|h| h.pairs == 227) && !matrix.not_assessed.is_empty());
    let asked = place.app.risk_estimates(&officer, &organisation).await.unwrap();
    assert!(asked.estimates.len() >= 24);
    // Ranges of earlier years are scored, and whose ranges failed has the least weight.
    let scores: Vec<(i64, i64)> = asked.calibration.iter().map(|c| (c.held, c.scored)).collect();
    assert_eq!(scores, [(6, 7), (2, 2), (2, 2), (4, 5), (3, 4), (2, 5)], "{:?}", asked.calibration);
    let weights: f64 = asked.calibration.iter().map(|c| c.weight).sum();
    assert!((weights - 1.0).abs() < 1e-9 && asked.calibration.iter().all(|c| c.brier > 0.0));
    // Two people answered one question: the trail of the risk names both with their shares.
    let risk = risks.iter().find(|r| r.record.name.as_str() == "Attack on the member portal").unwrap();
    let one = place.app.risk_shown(&officer, &organisation, &risk.reference).await.unwrap();
    let pooled = one.scenarios.iter().flat_map(|s| &s.inputs).find(|i| i.about == "rate").unwrap();
    assert!(pooled.reason.starts_with("Pooled by how earlier ranges held: EST-"), "{}", pooled.reason);
    let appetite = place.app.risk_appetite(&officer, &organisation).await.unwrap();
    assert!(appetite.indicators.len() == 1 && appetite.statements.len() == 4);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_large_move_waits_and_an_incident_voids_the_same_minute() {
    let place = sample().await;
    let organisation = place.app.organisation().await.unwrap();
    let before = place.app.risk_published().await.unwrap().unwrap();
    let acceptances: Vec<Held<Acceptance>> = place.app.held(&organisation).await.unwrap();
    assert_eq!(acceptances[0].stage, "approved", "{:?}", acceptances[0].record.void_because);
    let risk = acceptances[0].record.risk.id();
    let scenarios: Vec<Held<Scenario>> = place.app.held(&organisation).await.unwrap();
    let scenario = scenarios.iter().find(|s| s.record.risk.id() == risk).unwrap();
    // An incident in the scenario: the acceptance is void whether or not the figures are confirmed.
    let incidents: Vec<Held<Incident>> = place.app.held(&organisation).await.unwrap();
    let at = later(0);
    let schema = App::schema("incident").unwrap();
    let open = incidents.iter().find(|i| i.stage != "closed" && !i.record.is_exercise).unwrap();
    let edits = Edits::from([
        ("scenario".into(), Value::Link(scenario.id)),
        ("fits_no_scenario".into(), Value::Bool(false)),
    ]);
    let ctx = Ctx::system("test", at);
    place.app.write_one(&ctx, Proposal::change(schema, open.id, None, edits)).await.unwrap();
    place.rerun(at, false).await;
    let acceptances: Vec<Held<Acceptance>> = place.app.held(&organisation).await.unwrap();
    assert_eq!(acceptances[0].stage, "void");
    let why = acceptances[0].record.void_because.as_ref().unwrap().to_string();
    assert!(why.contains("incident"), "{why}");
    let risks: Vec<Held<Risk>> = place.app.held(&organisation).await.unwrap();
    assert_eq!(risks.iter().find(|r| r.id == risk).unwrap().stage, "assessed");

    // A rate that grows tenfold is shown first; the figures stand when somebody confirms them.
    place.rerun(at, true).await;
    let estimates = App::schema("estimate").unwrap();
    let all: Vec<Held<wardkeep_registers::RiskEstimate>> = place.app.held(&organisation).await.unwrap();
    let rate = all.iter().find(|e| e.record.times.is_some() && e.stage == "in_use").unwrap();
    let field = wardkeep_registers::by_key("estimate").unwrap().field("times").unwrap().1;
    let edits = Edits::from([("times".into(), Value::parse(field, "1 .. 2 .. 5").unwrap())]);
    place.app.write_one(&ctx, Proposal::change(estimates, rate.id, None, edits)).await.unwrap();
    let stood = place.app.risk_published().await.unwrap().unwrap();
    assert_ne!(stood.hash, before.hash);
    let done = place.rerun(later(0).plus_seconds(60), false).await;
    assert!(done.new && !done.published);
    assert_eq!(place.app.risk_published().await.unwrap().unwrap().hash, stood.hash);
    let officer = place.someone(Role::Officer, later(0));
    let view = place.app.risk_portfolio(&officer, &organisation).await.unwrap();
    let draft = view.draft.unwrap();
    assert!(draft.may_confirm && draft.change.causes[0].words.contains("rate changed"), "{draft:?}");
    place.app.risk_confirm(&officer, &organisation, &draft.hash).await.unwrap();
    assert_eq!(place.app.risk_published().await.unwrap().unwrap().hash, draft.hash);
}

#[tokio::test(flavor = "multi_thread")]
async fn who_asks_does_not_approve_and_nobody_accepts_what_is_not_assessed() {
    let place = sample().await;
    let organisation = place.app.organisation().await.unwrap();
    let schema = App::schema("acceptance").unwrap();
    let risks: Vec<Held<Risk>> = place.app.held(&organisation).await.unwrap();
    let add = async |risk: Id, owner: Id| {
        let ctx = Ctx::system("test", later(0));
        let id = Id::new(later(0));
        let edits = Edits::from([
            ("name".into(), Value::text("To be lived with")),
            ("risk".into(), Value::Link(risk)),
            ("owner".into(), Value::Link(owner)),
            ("reason".into(), Value::text("Cheaper to bear.")),
            ("starts_on".into(), Value::Date(later(0).date())),
            ("until".into(), Value::Date(later(0).date().plus_days(100))),
        ]);
        place.app.write_one(&ctx, Proposal::add(schema, id, place.root, edits)).await.unwrap();
        let asked = place.app.write_one(&ctx, Proposal::movement(schema, id, None, "ask")).await;
        (id, asked)
    };
    let people: Vec<Held<wardkeep_registers::Person>> = place.app.held(&organisation).await.unwrap();
    let (one, two) = (people[0].id, people[1].id);
    let draft = risks.iter().find(|r| r.stage == "draft").unwrap();
    let (_, refused) = add(draft.id, one).await;
    assert!(matches!(refused, Err(Error::Refusal(Refusal::NotYet(_)))), "{refused:?}");
    let assessed = risks.iter().find(|r| r.stage == "assessed" && r.record.annual_loss.is_some()).unwrap();
    let (id, asked) = add(assessed.id, one).await;
    asked.unwrap();
    let as_person = |person: Id| {
        let grants = vec![Grant::new(Role::Executive, place.root)];
        Ctx::new(Actor::human(person, "x", grants, later(0).date()), later(0))
    };
    let approve = async |person: Id| {
        let mut proposal = Proposal::movement(schema, id, None, "approve").because("fine");
        proposal.agreed = true;
        place.app.write_one(&as_person(person), proposal).await
    };
    let refused = approve(one).await;
    assert!(matches!(refused, Err(Error::Refusal(Refusal::Forbidden(_)))), "{refused:?}");
    if let Some(owner) = assessed.record.owner {
        let refused = approve(owner.id()).await;
        assert!(matches!(refused, Err(Error::Refusal(Refusal::Forbidden(_)))), "{refused:?}");
    }
    let other = if assessed.record.owner.is_some_and(|o| o.id() == two) { people[2].id } else { two };
    approve(other).await.unwrap();
    place.rerun(later(0), true).await;
    let risks: Vec<Held<Risk>> = place.app.held(&organisation).await.unwrap();
    assert_eq!(risks.iter().find(|r| r.id == assessed.id).unwrap().stage, "accepted");
}

#[tokio::test(flavor = "multi_thread")]
async fn another_control_never_raises_loss_and_currencies_need_a_rate() {
    let place = sample().await;
    let app = &place.app;
    let organisation = app.organisation().await.unwrap();
    let mean = async || {
        let sources = app.risk_sources(&organisation).await.unwrap();
        let built = app.risk_model(&organisation, &sources, later(0)).await.unwrap();
        let mut model = built.model;
        // Against what the estimate contains: with reference controls, an unobserved control changes nothing.
        for s in &mut model.scenarios {
            s.basis = wardkeep_risk::model::Basis::NoModelledControls;
        }
        let options = RunOptions { cells: 1 << 12, draws: 0, ..RunOptions::default() };
        app.risk_compute(model, options).await.unwrap().run.result.mean.unwrap()
    };
    let mut before = mean().await;
    let effects: Vec<Held<ControlEffect>> = app.held(&organisation).await.unwrap();
    let ctx = Ctx::system("test", later(0));
    let schema = App::schema("control_effect").unwrap();
    let owner = effects[0].record.owner.unwrap().id();
    for key in ["policies", "exceptions", "remote-access"] {
        let control = place.control(key).await;
        let id = Id::new(later(0));
        let edits = Edits::from([
            ("name".into(), Value::text("One more")),
            ("control".into(), Value::Link(control.id)),
            ("scenario".into(), Value::Link(effects[0].record.scenario.id())),
            ("factor".into(), Value::Choice("susceptibility".into())),
            ("kappa".into(), Value::Percent("30".parse().unwrap())),
            ("source".into(), Value::Choice("expert".into())),
            ("joins".into(), Value::Choice("alone".into())),
            ("owner".into(), Value::Link(owner)),
        ]);
        app.write_one(&ctx, Proposal::add(schema, id, place.root, edits)).await.unwrap();
        app.write_one(&ctx, Proposal::movement(schema, id, None, "confirm")).await.unwrap();
        let after = mean().await;
        assert!(after < before, "{key}: {after} is not below {before}");
        before = after;
    }
    // Without a dated rate, dollars stand in no sum and say so.
    let mut sources = app.risk_sources(&organisation).await.unwrap();
    sources.rates.clear();
    let currency = app.reporting_currency(&organisation).await.unwrap();
    let built = build(&organisation, &sources, currency, later(0), &[], &|_| Vec::new());
    let out: Vec<&String> =
        built.outside.iter().map(|(_, why)| why).filter(|w| w.contains("cannot be added")).collect();
    assert!(!out.is_empty());
    assert!(
        built.model.scenarios.iter().all(|s| s.not_assessed || s.currency != Some("USD".parse().unwrap()))
    );
    wardkeep_risk::model::resolve(&built.model, true, wardkeep_risk::run::Session::new().cache()).unwrap();
}
