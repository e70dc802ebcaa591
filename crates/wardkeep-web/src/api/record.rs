//! The records of one register: list, add, show, change, move.

use super::caller::{Caller, Sent, fine, json, object, text};
use super::problem::{Trouble, within_fields};
use super::{show, values};
use crate::pages::address::Address;
use crate::state::State;
use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use axum::routing::{MethodRouter, get, post};
use serde_json::{Map, Value as Json, json};
use wardkeep_app::records::{Ask, Proposal, RecordView};
use wardkeep_app::work::MoveWanted;
use wardkeep_app::{Error, Refusal};
use wardkeep_register::{Schema, Verb};
use wardkeep_rights::{Resource, Target, decide, scope};
use wardkeep_types::Id;

/// `/{register}`.
pub fn many() -> MethodRouter<State> {
    get(list).post(add)
}

/// `/{register}/{reference}`.
pub fn one() -> MethodRouter<State> {
    get(full).patch(change)
}

/// `/{register}/{reference}/moves`.
pub fn moves() -> MethodRouter<State> {
    post(movement)
}

/// The register of that path, if it is one.
pub fn register(path: &str) -> Result<&'static Schema, Trouble> {
    wardkeep_registers::by_path(path).ok_or_else(|| Refusal::NotFound.into())
}

async fn list(caller: Caller, Path(path): Path<String>) -> Response {
    caller
        .answer(async {
            let schema = register(&path)?;
            let custom = caller.organisation.custom(schema.key);
            let ask = Ask::read(schema, custom, &caller.pairs).map_err(Refusal::Invalid)?;
            let view = caller.app().list(&caller.ctx, &caller.organisation, schema, ask).await?;
            let here = Address::new(caller.path.clone(), &caller.pairs);
            Ok(fine(&show::list(schema, &view, |cursor| here.clone().with("after", cursor).to_string())))
        })
        .await
}

async fn add(Path(path): Path<String>, sent: Sent) -> Response {
    let caller = &sent.caller;
    caller
        .answer(async {
            let schema = register(&path)?;
            may_add(caller, schema)?;
            let body = object(&sent.body, &["unit", "fields", "reason"])?;
            let id = Id::new(caller.ctx.now);
            // The very first unit stands in itself.
            let first = schema.key == "unit" && caller.organisation.unit_names.is_empty();
            let unit = match text(body, "unit")? {
                Some(reference) => values::unit(caller, reference)?,
                None if first => id,
                None => {
                    return Err(
                        Refusal::invalid("unit", "required", "say in which unit, by its reference").into()
                    );
                }
            };
            let edits = values::read(caller, schema, body).await?;
            let proposal =
                Proposal::add(schema, id, unit, edits).because(text(body, "reason")?.unwrap_or_default());
            let done =
                caller.app().write_one(&caller.ctx, proposal).await.map_err(|e| placed(caller, schema, e))?;
            let reference = done.reference.to_string();
            let mut response = match shown(caller, schema, &reference).await {
                Ok(view) => whole(StatusCode::CREATED, schema, &view),
                // Some may deliver what they may not read afterwards.
                Err(Error::Refusal(Refusal::NotFound)) => {
                    json(StatusCode::CREATED, &json!({ "reference": reference }))
                }
                Err(other) => return Err(other.into()),
            };
            if let Ok(place) = HeaderValue::from_str(&show::address(schema, &reference)) {
                response.headers_mut().insert(header::LOCATION, place);
            }
            Ok(response)
        })
        .await
}

/// Who may add nowhere learns that before their body is judged.
fn may_add(caller: &Caller, schema: &Schema) -> Result<(), Trouble> {
    let (actor, units, resource) = (&caller.ctx.actor, &caller.organisation.units, Resource::of(schema));
    if scope(actor, units, resource, Verb::Add).is_empty() {
        let target = units.roots().next().map_or(Target::INSTALLATION, |unit| Target::of(unit, actor.person));
        decide(actor, units, Verb::Add, resource, &target).map_err(Error::from)?;
    }
    Ok(())
}

async fn full(caller: Caller, Path((path, reference)): Path<(String, String)>) -> Response {
    caller
        .answer(async {
            let schema = register(&path)?;
            caller.only(&["known_at"])?;
            let (app, ctx, organisation) = (caller.app(), &caller.ctx, &caller.organisation);
            let known = match caller.asked("known_at") {
                Some(text) => Some(app.change_number(ctx, text).await?),
                None => None,
            };
            let (view, _) = app.show(ctx, organisation, schema, &reference, known).await?;
            Ok(whole(StatusCode::OK, schema, &view))
        })
        .await
}

async fn change(Path((path, reference)): Path<(String, String)>, sent: Sent) -> Response {
    let caller = &sent.caller;
    caller
        .answer(async {
            let schema = register(&path)?;
            let head = caller.app().find(&caller.ctx, &caller.organisation, schema, &reference).await?;
            let body = object(&sent.body, &["version", "fields", "unit", "reason"])?;
            let version = version(caller, body)?.ok_or_else(|| {
                let message = "say which version you read, as 'version' or in If-Match";
                Refusal::invalid("version", "required", message)
            })?;
            let mut edits = values::read(caller, schema, body).await?;
            caller
                .app()
                .keep_unseen_links(&caller.ctx, &caller.organisation, schema, head.id, &mut edits)
                .await?;
            let mut proposal = Proposal::change(schema, head.id, Some(version), edits);
            proposal = proposal.because(text(body, "reason")?.unwrap_or_default());
            proposal.unit = text(body, "unit")?.map(|unit| values::unit(caller, unit)).transpose()?;
            written(caller, schema, &reference, body, proposal).await
        })
        .await
}

async fn movement(Path((path, reference)): Path<(String, String)>, sent: Sent) -> Response {
    let caller = &sent.caller;
    caller
        .answer(async {
            let schema = register(&path)?;
            let (app, ctx, organisation) = (caller.app(), &caller.ctx, &caller.organisation);
            let head = app.find(ctx, organisation, schema, &reference).await?;
            let body = object(&sent.body, &["move", "reason", "version", "fields"])?;
            let name =
                text(body, "move")?.ok_or_else(|| Refusal::invalid("move", "required", "say which move"))?;
            let reason = text(body, "reason")?.unwrap_or_default();
            let version = version(caller, body)?;
            let edits = values::read(caller, schema, body).await?;
            if schema.movement(name, &head.stage).is_some_and(|m| m.second_person) {
                if !edits.is_empty() {
                    let message = "change the fields first: a second person agrees to a record as it stands";
                    return Err(Refusal::invalid("fields", "second_person", message).into());
                }
                let wanted = MoveWanted {
                    name: name.to_owned(),
                    version: version.unwrap_or(head.version),
                    reason: reason.to_owned(),
                };
                let asked =
                    app.ask_move(&caller.state.auth, ctx, organisation, schema, &reference, &wanted).await?;
                let body =
                    json!({ "approval": asked, "move": name, "reference": reference, "page": "/approvals" });
                return Ok(json(StatusCode::ACCEPTED, &body));
            }
            let mut proposal = Proposal::movement(schema, head.id, version, name).because(reason);
            proposal.edits = edits;
            written(caller, schema, &reference, body, proposal).await
        })
        .await
}

/// Writes, and answers with the record; a conflict says field by field what stands now.
async fn written(
    caller: &Caller,
    schema: &'static Schema,
    reference: &str,
    body: &Map<String, Json>,
    proposal: Proposal,
) -> Result<Response, Trouble> {
    match caller.app().write_one(&caller.ctx, proposal).await {
        Ok(_) => match shown(caller, schema, reference).await {
            Ok(view) => Ok(whole(StatusCode::OK, schema, &view)),
            // A record that went to another unit may be out of sight now.
            Err(Error::Refusal(Refusal::NotFound)) => Ok(fine(&json!({ "reference": reference }))),
            Err(other) => Err(other.into()),
        },
        Err(Error::Refusal(refusal @ Refusal::Conflict(_))) => {
            let now = show::record(schema, &shown(caller, schema, reference).await?);
            let sent = body.get("fields").and_then(Json::as_object);
            let differs = |(name, value): (&String, &Json)| {
                let stands = &now["fields"][name];
                (stands != value)
                    .then(|| json!({ "path": format!("fields.{name}"), "sent": value, "current": stands }))
            };
            let fields: Vec<Json> = sent.into_iter().flatten().filter_map(differs).collect();
            Err(Trouble::from(refusal).with("conflicts", json!(fields)).with("current", now))
        }
        Err(other) => Err(placed(caller, schema, other)),
    }
}

async fn shown(caller: &Caller, schema: &Schema, reference: &str) -> Result<RecordView, Error> {
    Ok(caller.app().show(&caller.ctx, &caller.organisation, schema, reference, None).await?.0)
}

/// The full form, with its version as entity tag.
fn whole(status: StatusCode, schema: &Schema, view: &RecordView) -> Response {
    let mut response = json(status, &show::record(schema, view));
    if let Ok(tag) = HeaderValue::from_str(&format!("\"{}\"", view.version)) {
        response.headers_mut().insert(header::ETAG, tag);
    }
    response
}

/// The version that was read: `version` of the body, else If-Match. When both are there they must agree.
fn version(caller: &Caller, body: &Map<String, Json>) -> Result<Option<i64>, Trouble> {
    let wrong = |path: &str, message: &str| Trouble::from(Refusal::invalid(path, "invalid", message));
    let sent = match body.get("version") {
        None | Some(Json::Null) => None,
        Some(json) => Some(
            json.as_i64().filter(|v| *v > 0).ok_or_else(|| wrong("version", "version is a whole number"))?,
        ),
    };
    let matched = match &caller.if_match {
        None => None,
        Some(tag) => {
            let bare = tag.trim().trim_start_matches("W/").trim_matches('"');
            Some(
                bare.parse::<i64>()
                    .ok()
                    .filter(|v| *v > 0)
                    .ok_or_else(|| wrong("If-Match", "If-Match is the version in quotes, such as \"3\""))?,
            )
        }
    };
    match (sent, matched) {
        (Some(a), Some(b)) if a != b => Err(wrong("version", "version and If-Match disagree")),
        (sent, matched) => Ok(sent.or(matched)),
    }
}

/// Problems of the write path with the paths of the body.
fn placed(caller: &Caller, schema: &Schema, error: Error) -> Trouble {
    match error {
        Error::Refusal(Refusal::Invalid(problems)) => Refusal::Invalid(within_fields(problems, |path| {
            path != "unit" && values::is_field(caller, schema, path)
        }))
        .into(),
        other => other.into(),
    }
}
