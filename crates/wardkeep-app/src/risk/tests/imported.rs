//! A model of another tool comes in with every number it has.

use super::super::import::ImportAsk;
use super::super::load::Held;
use super::{later, sample};
use crate::records::{Edits, Proposal};
use crate::{App, Ctx};
use wardkeep_register::Choice as _;
use wardkeep_register::Value;
use wardkeep_registers::{Risk, RiskEstimate, Scenario};
use wardkeep_risk::Probability;
use wardkeep_risk::import::pyfair;
use wardkeep_risk::law::LawSpec;
use wardkeep_risk::model::{
    Basis, Containment, Form, FormLoss, Incidents, Model, RateSpec, Scenario as Part, SourceKind, Sourced,
};
use wardkeep_types::Currency;

const MODEL: &str = r#"{"name":"Parts","type":"FairModel","model_uuid":"p1",
 "Contact Frequency":{"low":5,"mode":20,"high":60},
 "Probability of Action":{"low":0.1,"mode":0.3,"high":0.5},
 "Threat Capability":{"low":0.2,"mode":0.5,"high":0.95},
 "Control Strength":{"low":0.3,"mode":0.6,"high":0.9},
 "Primary Loss":{"low":1000,"mode":5000,"high":20000,"gamma":4},
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
    let mean = |part: &Part| part.belief("rate").unwrap().0.mean();
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

#[tokio::test(flavor = "multi_thread")]
async fn a_model_of_ours_comes_back_as_it_was_and_what_is_left_out_is_said() {
    let place = sample().await;
    let app = &place.app;
    let organisation = app.organisation().await.unwrap();
    let risks: Vec<Held<Risk>> = app.held(&organisation).await.unwrap();
    let mut model = Model::new(Currency::EUR, 2026);
    model.title = "Ours".into();
    let probability = |x| Probability::new(x).unwrap();
    model.scenarios.push(Part {
        rate: Some(Sourced::new(RateSpec::Interval { p05: 0.2, p95: 1.5 }, SourceKind::Expert)),
        losses: [(Form::Response, 4.0, true), (Form::Reputation, 1.0, false)]
            .map(|(form, weight, time_driven)| FormLoss {
                form,
                amount: Sourced::new(
                    LawSpec::Pert { low: 1e3, mode: 4e3, high: 2e4, weight },
                    SourceKind::Expert,
                ),
                time_driven,
            })
            .into(),
        containment: Some(Containment {
            seen: probability(0.6),
            acted: probability(0.5),
            hours: 30.0,
            mttr_hours: 12.0,
            remaining_loss: probability(0.2),
        }),
        basis: Basis::WithReferenceControls,
        claim: "Somebody stands in the server room.".into(),
        techniques: [("T1200".to_owned(), 0.4)].into(),
        near_misses: Some(Incidents { events: 3, years: 2.0, multiplier: 1.0 }),
        ..Part::named("room", "Somebody in the server room")
    });
    let ask = ImportAsk {
        name: "ours.json".into(),
        content: serde_json::to_string(&model).unwrap(),
        questions: None,
        currency: None,
        price_year: None,
        risk: Some(risks[0].reference.clone()),
    };
    let view = app.risk_import(&Ctx::system("test", later(0)), &organisation, &ask).await.unwrap();
    let said: Vec<&str> =
        view.problems.iter().filter(|p| p.code == "not_kept").map(|p| &*p.message).collect();
    assert!(
        matches!(said[..], [form, count] if form.contains("loss") && count.contains("incidents")),
        "{said:?}"
    );
    let scenarios: Vec<Held<Scenario>> = app.held(&organisation).await.unwrap();
    let kept = &scenarios.iter().find(|s| s.reference == view.kept[0]).unwrap().record;
    let percent = |p: Option<wardkeep_types::Percent>| p.unwrap().ratio();
    assert_eq!((percent(kept.seen), percent(kept.acted), percent(kept.remaining_loss)), (0.6, 0.5, 0.2));
    assert_eq!((kept.hours_to_harm, kept.hours_to_respond), (Some(30), Some(12)));
    assert_eq!((kept.techniques.as_str(), kept.basis.key()), ("T1200 0.4", "with_reference_controls"));
    let estimates: Vec<Held<RiskEstimate>> = app.held(&organisation).await.unwrap();
    let loss =
        estimates.iter().find(|e| e.record.amount.is_some() && view.kept.contains(&e.reference)).unwrap();
    assert!(loss.record.time_driven && loss.record.form.unwrap().key() == "response");
    // The scenario, its rate, and the one loss that an estimate can hold.
    assert_eq!(view.kept.len(), 3);
}
