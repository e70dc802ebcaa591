//! A model of another tool comes in with every number it has.

use super::super::import::ImportAsk;
use super::super::load::Held;
use super::{later, sample};
use crate::records::{Edits, Proposal};
use crate::{App, Ctx};
use wardkeep_register::Value;
use wardkeep_registers::{Risk, RiskEstimate, Scenario};
use wardkeep_risk::import::pyfair;
use wardkeep_types::Currency;

const MODEL: &str = r#"{"name":"Parts","type":"FairModel","model_uuid":"p1",
 "Contact Frequency":{"low":5,"mode":20,"high":60},
 "Probability of Action":{"low":0.1,"mode":0.3,"high":0.5},
 "Threat Capability":{"low":0.2,"mode":0.5,"high":0.95},
 "Control Strength":{"low":0.3,"mode":0.6,"high":0.9},
 "Primary Loss":{"low":1000,"mode":5000,"high":20000},
 "Secondary Loss Event Frequency":{"p":0.25},
 "Secondary Loss Event Magnitude":{"low":20000,"mode":50000,"high":90000}}"#;

#[tokio::test(flavor = "multi_thread")]
async fn parts_of_a_rate_and_secondary_losses_are_kept() {
    let place = sample().await;
    let app = &place.app;
    let organisation = app.organisation().await.unwrap();
    let risks: Vec<Held<Risk>> = app.held(&organisation).await.unwrap();
    let ctx = Ctx::system("test", later(0));
    let ask = ImportAsk {
        name: "parts.json".into(),
        content: MODEL.into(),
        questions: None,
        currency: Some("EUR".into()),
        price_year: None,
        risk: Some(risks[0].reference.clone()),
    };
    let view = app.risk_import(&ctx, &organisation, &ask).await.unwrap();
    // The scenario, four parts of its rate, a loss, and a chance and a loss that may follow.
    assert_eq!(view.kept.len(), 8, "{:?}", view.problems);
    assert!(view.problems.iter().all(|p| p.code != "not_kept"), "{:?}", view.problems);

    let scenarios: Vec<Held<Scenario>> = app.held(&organisation).await.unwrap();
    let scenario = scenarios.iter().find(|s| s.reference == view.kept[0]).unwrap();
    let estimates: Vec<Held<RiskEstimate>> = app.held(&organisation).await.unwrap();
    let schema = App::schema("estimate").unwrap();
    for one in estimates.iter().filter(|e| e.record.scenario.id() == scenario.id) {
        app.write_one(&ctx, Proposal::movement(schema, one.id, None, "use")).await.unwrap();
    }
    let (scenarios_schema, id) = (App::schema("scenario").unwrap(), scenario.id);
    // The file has no sentence that a year can prove wrong: somebody writes it.
    let edits = Edits::from([("claim".into(), Value::text("A payment above 1,000 leaves."))]);
    app.write_one(&ctx, Proposal::change(scenarios_schema, id, None, edits)).await.unwrap();
    app.write_one(&ctx, Proposal::movement(scenarios_schema, id, None, "use")).await.unwrap();
    let sources = app.risk_sources(&organisation).await.unwrap();
    let built = app.risk_model(&organisation, &sources, later(0)).await.unwrap();
    let kept = built.model.scenario(&id.to_string()).unwrap();
    let read = pyfair(MODEL, Currency::EUR, 2026).unwrap().model.scenarios.remove(0);
    let mean = |part: &wardkeep_risk::model::Scenario| part.belief("rate").unwrap().0.mean();
    assert!((mean(kept) / mean(&read) - 1.0).abs() < 1e-9, "{} {}", mean(kept), mean(&read));
    assert_eq!(kept.losses[0].amount.value, read.losses[0].amount.value);
    let (after, before) = (kept.secondary.as_ref().unwrap(), read.secondary.as_ref().unwrap());
    assert_eq!(after.chance.value, before.chance.value);
    assert_eq!(after.losses[0].amount.value, before.losses[0].amount.value);
}

#[tokio::test(flavor = "multi_thread")]
async fn what_no_estimate_can_hold_is_said() {
    let place = sample().await;
    let organisation = place.app.organisation().await.unwrap();
    let risks: Vec<Held<Risk>> = place.app.held(&organisation).await.unwrap();
    let ask = ImportAsk {
        name: "loss.json".into(),
        content: r#"{"name":"No rate","type":"FairModel","Loss Magnitude":{"low":1,"mode":2,"high":3}}"#
            .into(),
        questions: None,
        currency: Some("EUR".into()),
        price_year: None,
        risk: Some(risks[0].reference.clone()),
    };
    let view = place.app.risk_import(&Ctx::system("test", later(0)), &organisation, &ask).await.unwrap();
    assert_eq!(view.kept.len(), 2);
    let said: Vec<&str> =
        view.problems.iter().filter(|p| p.code == "not_kept").map(|p| &*p.message).collect();
    assert!(matches!(said[..], [one] if one.contains("rate")), "{said:?}");
}
