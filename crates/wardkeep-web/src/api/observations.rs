//! Observations: taken from collectors, listed, shown; and why a control stands where it stands.

use super::caller::{Caller, Sent, fine, json};
use super::general::may;
use super::problem::Trouble;
use super::{PREFIX, values};
use crate::pages::address::Address;
use crate::state::State;
use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::{MethodRouter, get};
use serde_json::{Value as Json, json};
use wardkeep_app::assess::{BasisKind, Instant, ObservationAsk, SubjectView, Taken, WhyControl, WhyTest};
use wardkeep_app::{Error, Refusal};
use wardkeep_register::Verb;
use wardkeep_rights::Named;
use wardkeep_types::observation::Observation;
use wardkeep_types::{Id, Moment};

/// `/observations`.
pub fn many() -> MethodRouter<State> {
    get(list).post(take)
}

/// `/observations/{id}`.
pub fn one() -> MethodRouter<State> {
    get(full)
}

/// `/controls/{reference}/why`.
pub fn why() -> MethodRouter<State> {
    get(because)
}

async fn list(caller: Caller) -> Response {
    caller
        .answer(async {
            caller.only(&["test", "unit", "from", "to", "after", "limit"])?;
            may(&caller, Named::Observation.into(), Verb::View)?;
            let ask = ObservationAsk {
                test: caller.asked("test").map(str::to_owned),
                unit: caller.asked("unit").map(|unit| values::unit(&caller, unit)).transpose()?,
                from: caller.moment("from")?,
                to: caller.moment("to")?,
                after: caller.asked("after").map(str::to_owned),
                limit: caller.number("limit", 1..=200, 50)?,
            };
            let page = caller.app().observation_page(&caller.ctx, &caller.organisation, &ask).await?;
            let here = Address::new(caller.path.clone(), &caller.pairs);
            let next = page.next.map(|cursor| here.with("after", cursor).to_string());
            let items: Vec<Json> =
                page.items.iter().map(|(o, voided)| shown(&caller, o, *voided, false)).collect();
            Ok(fine(&json!({ "items": items, "next": next })))
        })
        .await
}

async fn full(caller: Caller, Path(id): Path<String>) -> Response {
    caller
        .answer(async {
            caller.only(&[])?;
            may(&caller, Named::Observation.into(), Verb::View)?;
            let id: Id = id.parse().map_err(|_| Refusal::NotFound)?;
            let (observation, voided) =
                caller.app().observation_seen(&caller.ctx, &caller.organisation, id).await?;
            Ok(fine(&shown(&caller, &observation, voided, true)))
        })
        .await
}

/// One object, or a list of them: each is judged for itself.
async fn take(sent: Sent) -> Response {
    let caller = &sent.caller;
    caller
        .answer(async {
            may(caller, Named::Observation.into(), Verb::Add)?;
            let (app, ctx, organisation) = (caller.app(), &caller.ctx, &caller.organisation);
            if let Json::Array(items) = &sent.body {
                let taken = app.take_observations(ctx, organisation, items).await?;
                let count = |status: u16| taken.iter().filter(|t| status_of(t) == status).count();
                let (new, same) = (count(201), count(200));
                let all: Vec<Json> =
                    taken.iter().enumerate().map(|(index, taken)| item(caller, index, taken)).collect();
                return Ok(fine(
                    &json!({ "new": new, "same": same, "refused": all.len() - new - same, "items": all }),
                ));
            }
            let taken = app.take_observations(ctx, organisation, std::slice::from_ref(&sent.body)).await?;
            match taken.into_iter().next() {
                Some(Taken::New(observation)) => {
                    let mut response = json(StatusCode::CREATED, &shown(caller, &observation, None, true));
                    if let Ok(place) = HeaderValue::from_str(&address(&observation)) {
                        response.headers_mut().insert(header::LOCATION, place);
                    }
                    Ok(response)
                }
                Some(Taken::Same(observation)) => Ok(fine(&shown(caller, &observation, None, true))),
                Some(Taken::Refused(error)) => Err(error.into()),
                None => Err(Error::fault("an observation got no answer").into()),
            }
        })
        .await
}

fn status_of(taken: &Taken) -> u16 {
    match taken {
        Taken::New(_) => 201,
        Taken::Same(_) => 200,
        Taken::Refused(Error::Refusal(refusal)) => refusal.status(),
        Taken::Refused(Error::Fault(_)) => 500,
    }
}

fn item(caller: &Caller, index: usize, taken: &Taken) -> Json {
    let status = status_of(taken);
    match taken {
        Taken::New(o) | Taken::Same(o) => {
            json!({ "index": index, "status": status, "id": o.id, "self": address(o) })
        }
        Taken::Refused(Error::Refusal(refusal)) => {
            let trouble = Trouble::from(refusal.clone());
            let mut problems = trouble.problems;
            for problem in &mut problems.0 {
                problem.path = format!("[{index}].{}", problem.path).trim_end_matches('.').to_owned();
            }
            json!({ "index": index, "status": status, "code": trouble.code, "detail": trouble.detail, "problems": problems })
        }
        Taken::Refused(Error::Fault(fault)) => {
            tracing::error!(request = %caller.ctx.request, index, cause = %fault.cause, "an observation was not kept");
            json!({ "index": index, "status": status, "code": "fault", "detail": "Wardkeep failed; send it again", "problems": [] })
        }
    }
}

fn address(observation: &Observation) -> String {
    format!("{PREFIX}/observations/{}", observation.id)
}

fn shown(caller: &Caller, o: &Observation, voided: Option<Moment>, subjects: bool) -> Json {
    let (reference, name) = caller.organisation.unit(o.unit);
    let c = &o.counts;
    let mut json = json!({
        "id": o.id,
        "test": format!("{}@{}", o.test, o.test_version),
        "unit": { "reference": reference, "name": name },
        "period": { "from": o.from, "to": o.to },
        "effective_at": o.effective_at,
        "recorded_at": o.recorded_at,
        "collector": o.collector,
        "query_sha256": o.query_sha256,
        "result": o.result,
        "strength": o.strength,
        "population": c.population,
        "expected": c.expected,
        "examined": c.examined,
        "passed": c.passed,
        "failed": c.failed,
        "excepted": c.excepted,
        "unknown": c.unknown,
        "completeness": o.completeness,
        "note": o.note,
        "evidence": o.evidence.iter().map(|sha256| format!("sha256:{sha256}")).collect::<Vec<_>>(),
        "hash": wardkeep_app::assess::observation_hash(o),
        "voided_at": voided,
        "self": address(o),
    });
    if subjects && let Json::Object(members) = &mut json {
        members.insert("subjects".into(), json!(o.subjects));
    }
    json
}

async fn because(caller: Caller, Path(reference): Path<String>) -> Response {
    caller
        .answer(async {
            caller.only(&["as_of", "known_at"])?;
            let now = caller.ctx.now;
            let (as_of, known_at) = (caller.moment("as_of")?, caller.moment("known_at")?);
            for (name, moment) in [("as_of", as_of), ("known_at", known_at)] {
                if moment.is_some_and(|moment| moment > now) {
                    return Err(Refusal::invalid(name, "future", "what will be is not known yet").into());
                }
            }
            let asked = (as_of.is_some() || known_at.is_some())
                .then(|| Instant { as_of: as_of.unwrap_or(now), known_at: known_at.unwrap_or(now) });
            let view = caller.app().why_control(&caller.ctx, &caller.organisation, &reference, asked).await?;
            Ok(fine(&why_json(&view)))
        })
        .await
}

fn why_json(view: &WhyControl) -> Json {
    let test = |test: &WhyTest| {
        let seen: Vec<&SubjectView> = test.subjects.iter().filter(|s| !is_hidden(s)).collect();
        let hidden =
            |name: &String| test.hidden || test.subjects.iter().any(|s| s.subject == *name && is_hidden(s));
        let mut effect = test.effect.clone();
        effect.failing.retain(|name| !hidden(name));
        if test.hidden {
            effect.observation = None;
            effect.evidence.clear();
        }
        let subject = |s: &&SubjectView| json!({ "subject": s.subject, "passed": s.passed, "excepted": s.excepted, "detail": s.detail, "basis": s.basis });
        json!({
            "question": test.question,
            "effect": effect,
            "observation": test.observation.as_ref().map(address),
            "observation_hash": Some(&test.hash).filter(|hash| !hash.is_empty()),
            "subjects": seen.iter().map(subject).collect::<Vec<_>>(),
        })
    };
    let mut effect = json!(view.effect);
    if let Json::Object(members) = &mut effect {
        members.remove("tests");
    }
    json!({
        "control": { "reference": view.reference, "title": view.name, "self": format!("{PREFIX}/controls/{}", view.reference) },
        "as_of": view.at.as_of,
        "known_at": view.at.known_at,
        "state": view.effect.state,
        "effect": effect,
        "tests": view.tests.iter().map(test).collect::<Vec<_>>(),
        "hash": view.hash,
    })
}

/// A subject that rests on a record out of the reader's sight: its name would tell of it.
fn is_hidden(subject: &SubjectView) -> bool {
    subject.basis.iter().any(|b| b.kind == BasisKind::Record && b.text.is_none())
}
