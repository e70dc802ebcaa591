//! A rate from its parts: estimates written by people give it, a near miss moves it, a direct rate takes its place.

use super::super::load::Held;
use super::{Place, later, sample};
use crate::App;
use crate::records::{Edits, Proposal};
use crate::{Ctx, Error};
use wardkeep_register::Value;
use wardkeep_registers::estimate::About;
use wardkeep_registers::{Incident, RiskEstimate, Scenario};
use wardkeep_rights::Role;
use wardkeep_risk::model::{RateBelief, Scenario as Part};
use wardkeep_types::Id;

fn value(register: &str, field: &str, text: &str) -> (String, Value) {
    let found = wardkeep_registers::by_key(register).unwrap().field(field).unwrap().1;
    (field.to_owned(), Value::parse(found, text).unwrap())
}

impl Place {
    /// An estimate that feeds a scenario, as its owner writes it.
    async fn estimate(&self, scenario: Id, owner: Id, fields: &[(&str, &str)]) -> Result<(), Error> {
        let schema = App::schema("estimate").unwrap();
        let (ctx, id) = (Ctx::system("test", later(0)), Id::new(later(0)));
        let stated = later(0).date().plus_days(-100).to_string();
        let mut edits = Edits::from([
            ("name".into(), Value::text("A part of the rate")),
            ("scenario".into(), Value::Link(scenario)),
            ("owner".into(), Value::Link(owner)),
            value("estimate", "stated_on", &stated),
            value("estimate", "source", "expert"),
            value("estimate", "shape", "interval"),
            value("estimate", "reason", "Counted by the gateway for a quarter."),
        ]);
        edits.extend(fields.iter().map(|(field, text)| value("estimate", field, text)));
        self.app.write_one(&ctx, Proposal::add(schema, id, self.root, edits)).await?;
        self.app.write_one(&ctx, Proposal::movement(schema, id, None, "use")).await?;
        Ok(())
    }
    async fn part(&self, scenario: Id) -> Part {
        let organisation = self.app.organisation().await.unwrap();
        let sources = self.app.risk_sources(&organisation).await.unwrap();
        let built = self.app.risk_model(&organisation, &sources, later(0)).await.unwrap();
        built.model.scenario(&scenario.to_string()).unwrap().clone()
    }
}

fn gamma(part: &Part) -> (f64, f64) {
    let (belief, _) = part.belief("rate").unwrap();
    let RateBelief::Gamma(shape, years) = belief else { panic!("{belief:?}") };
    (shape, years)
}

#[tokio::test(flavor = "multi_thread")]
async fn parts_give_the_rate_a_near_miss_moves_it_and_a_direct_rate_replaces_it() {
    let place = sample().await;
    let app = &place.app;
    let organisation = app.organisation().await.unwrap();
    let incidents: Vec<Held<Incident>> = app.held(&organisation).await.unwrap();
    let estimates: Vec<Held<RiskEstimate>> = app.held(&organisation).await.unwrap();
    let direct = |s: Id, e: &Held<RiskEstimate>| {
        e.record.scenario.id() == s && e.stage == "in_use" && e.record.about == About::Rate
    };
    let scenarios: Vec<Held<Scenario>> = app.held(&organisation).await.unwrap();
    let quiet = |s: &&Held<Scenario>| {
        s.stage == "in_use"
            && estimates.iter().any(|e| direct(s.id, e))
            && incidents.iter().all(|i| i.record.scenario.is_none_or(|x| x.id() != s.id))
    };
    let scenario = scenarios.iter().find(quiet).unwrap();
    let rates: Vec<&Held<RiskEstimate>> = estimates.iter().filter(|e| direct(scenario.id, e)).collect();
    let owner = rates[0].record.owner.id();
    let direct = rates[0].record.times.unwrap();
    let ctx = Ctx::system("test", later(0));
    let schema = App::schema("estimate").unwrap();
    for rate in &rates {
        let taken = Proposal::movement(schema, rate.id, None, "withdraw").because("estimated by its parts");
        app.write_one(&ctx, taken).await.unwrap();
    }
    assert!(place.part(scenario.id).await.not_assessed);
    let about = |about| ("about", about);
    place.estimate(scenario.id, owner, &[about("threat_events"), ("times", "2 .. 4 .. 9")]).await.unwrap();
    // Half of it is no rate.
    assert!(place.part(scenario.id).await.not_assessed);
    let out_of_order = [about("vulnerability"), ("chance", "50"), ("chance_low", "5"), ("chance_high", "40")];
    let refused = place.estimate(scenario.id, owner, &out_of_order).await;
    assert!(matches!(refused, Err(Error::Refusal(_))), "{refused:?}");
    place.estimate(scenario.id, owner, &[about("vulnerability"), ("chance", "25")]).await.unwrap();
    let part = place.part(scenario.id).await;
    assert!(!part.not_assessed && part.rate.is_none() && part.near_misses.is_none());
    let nodes = part.nodes.clone().unwrap();
    let threat = nodes.threat_events.unwrap().value.belief(None, "x").unwrap();
    let RateBelief::Gamma(shape, years) = threat else { panic!("{threat:?}") };
    let (a, b) = gamma(&part);
    assert!((a - shape).abs() < 1e-9 && (b * 0.25 - years).abs() < 1e-9, "{a} {b} of {shape} {years}");

    // A near miss: one threat event more in the hundred days, three quarters of which end without harm.
    let incident = App::schema("incident").unwrap();
    let near = |cost: &str| {
        let mut edits = Edits::from([
            ("name".into(), Value::text("Stopped at the gateway")),
            ("scenario".into(), Value::Link(scenario.id)),
            ("occurred_at".into(), Value::Moment(later(0))),
            value("incident", "kind", "other"),
            value("incident", "severity", "s4"),
            value("incident", "personal_data", "no"),
            value("incident", "tlp", "green"),
            value("incident", "near_miss", "true"),
        ]);
        edits.extend((!cost.is_empty()).then(|| value("incident", "cost", cost)));
        Proposal::add(incident, Id::new(later(0)), place.root, edits)
    };
    let refused = app.write_one(&ctx, near("10 EUR")).await;
    assert!(matches!(refused, Err(Error::Refusal(_))), "{refused:?}");
    app.write_one(&ctx, near("")).await.unwrap();
    let part = place.part(scenario.id).await;
    assert!(part.incidents.is_none() && part.near_misses.is_some_and(|n| n.events == 1));
    let (after, over) = gamma(&part);
    let seen = 100.0 / 365.25 * 0.75;
    assert!((after - a - 1.0).abs() < 1e-9 && (over * 0.25 - years - seen).abs() < 1e-9, "{after} {over}");

    // The page shows each part, with the rate that they give.
    place.rerun(later(0), true).await;
    let officer = place.someone(Role::Officer, later(0));
    let risk = scenario.record.risk.id();
    let risks: Vec<Held<wardkeep_registers::Risk>> = app.held(&organisation).await.unwrap();
    let reference = risks.iter().find(|r| r.id == risk).unwrap().reference.clone();
    let shown = async || {
        let view = app.risk_shown(&officer, &organisation, &reference).await.unwrap();
        view.scenarios.into_iter().find(|s| s.key == scenario.id.to_string()).unwrap()
    };
    let view = shown().await;
    assert!((view.base_rate / (after / over) - 1.0).abs() < 1e-9 && view.near_misses.unwrap().0 == 1);
    let inputs: Vec<&str> = view.inputs.iter().map(|i| i.about.as_str()).collect();
    assert!(inputs.starts_with(&["threat_events", "vulnerability"]), "{inputs:?}");
    assert!(view.inputs.iter().all(|i| i.ignored_since.is_none()) && !view.near_misses_ignored);

    // A rate that somebody enters directly makes all of it ignored, and said to be.
    let times = format!("{} .. {} .. {}", direct.low.times(), direct.likely.times(), direct.high.times());
    place.estimate(scenario.id, owner, &[about("rate"), ("times", &times)]).await.unwrap();
    let part = place.part(scenario.id).await;
    let ignored: Vec<&str> = part.ignored().iter().map(|i| i.node).collect();
    assert_eq!(ignored, ["threat_events", "vulnerability", "near_misses"]);
    let alone = part.rate.as_ref().unwrap().value.belief(None, "rate").unwrap();
    assert_eq!(part.belief("rate").unwrap().0, alone);
    place.rerun(later(0).plus_seconds(60), true).await;
    let view = shown().await;
    let since = |about: &str| view.inputs.iter().find(|i| i.about == about).unwrap().ignored_since.clone();
    assert_eq!(since("threat_events").as_deref(), Some("rate"));
    assert!(view.near_misses_ignored && since("rate").is_none());
}
