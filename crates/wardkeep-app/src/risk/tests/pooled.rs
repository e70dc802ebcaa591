//! Several people's answers to one question, and cover that has no exact answer.

use super::super::build::{Built, Sources, build};
use super::super::load::Held;
use super::{later, sample};
use wardkeep_register::Value;

#[tokio::test(flavor = "multi_thread")]
async fn several_people_are_pooled_and_cover_that_splits_a_factor_is_left_out() {
    let place = sample().await;
    let app = &place.app;
    let organisation = app.organisation().await.unwrap();
    let mut sources = app.risk_sources(&organisation).await.unwrap();
    let currency = app.reporting_currency(&organisation).await.unwrap();
    let model = |sources: &Sources| build(&organisation, sources, currency, later(0), &[], &|_| Vec::new());
    let before = model(&sources);
    let rate = sources.estimates.iter().find(|e| e.stage == "in_use" && e.record.times.is_some()).unwrap();
    let (scenario, first) = (rate.record.scenario.id().to_string(), rate.record.times.unwrap());
    // A second person says ten times as much; nobody was scored, so both count the same.
    let again: Vec<Held<wardkeep_registers::RiskEstimate>> = app.held(&organisation).await.unwrap();
    let mut other = again.into_iter().find(|e| e.id == rate.id).unwrap();
    let people: Vec<Held<wardkeep_registers::Person>> = app.held(&organisation).await.unwrap();
    let who = people.iter().find(|p| p.id != other.record.owner.id()).unwrap();
    other.record.owner = wardkeep_register::Link::to(who.id);
    let field = wardkeep_registers::by_key("estimate").unwrap().field("times").unwrap().1;
    let ten = |x: f64| 10.0 * x;
    let text =
        format!("{} .. {} .. {}", ten(first.low.times()), ten(first.likely.times()), ten(first.high.times()));
    let Value::Estimate(wardkeep_register::EstimateValue::PerYear(points)) =
        Value::parse(field, &text).unwrap()
    else {
        panic!("not a rate")
    };
    other.record.times = Some(points);
    sources.estimates.push(other);
    let after = model(&sources);
    let spec = |built: &Built| built.model.scenario(&scenario).unwrap().rate.clone().unwrap();
    let (was, is) = (spec(&before), spec(&after));
    let ends = |rate: &wardkeep_risk::model::RateSpec| match *rate {
        wardkeep_risk::model::RateSpec::Interval { p05, p95 } => (p05, p95),
        _ => panic!("{rate:?}"),
    };
    let (was, pooled) = (ends(&was.value), (ends(&is.value), is));
    assert!((pooled.0.0 / was.0 - 10f64.sqrt()).abs() < 1e-6, "{pooled:?}");
    assert!(pooled.1.reason.contains("Pooled") && pooled.1.reason.contains("50 %"), "{}", pooled.1.reason);
    // A policy that covers the year of one scenario of a shared factor is named, and the rest is worked out.
    assert!(before.model.insurance.iter().any(|p| p.annual.is_some()));
    assert!(before.outside.iter().all(|(_, why)| !why.contains("cover of the year")));
    let mut split = before.model.clone();
    let inside = split.sectors[0].id.clone();
    let member = split.scenarios.iter().find(|s| s.sectors.contains_key(&inside)).unwrap().id.clone();
    split.insurance[0].scenarios.push(member);
    let mut outside = Vec::new();
    super::super::parts::exact_cover(&mut split, &mut outside);
    assert!(outside.len() == 1 && outside[0].1.contains("Identity platform"), "{outside:?}");
    assert!(split.insurance[0].annual.is_none());
    wardkeep_risk::model::resolve(&split, true, wardkeep_risk::run::Session::new().cache()).unwrap();
}
