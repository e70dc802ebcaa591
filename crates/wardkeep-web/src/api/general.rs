//! What belongs to no single register: who asks, what waits for them, search, the registers themselves.

use super::caller::{Caller, fine};
use super::problem::Trouble;
use super::{openapi, show};
use crate::state::State;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodRouter, get};
use serde_json::{Map, Value as Json, json};
use wardkeep_app::work::{NoticeView, RecentView, TodayView, WorkItem};
use wardkeep_app::{Error, Refusal};
use wardkeep_register::{Field, Kind, Schema, Verb};
use wardkeep_rights::{Named, Resource, Target, decide, scope};

/// `/me`.
pub fn me() -> MethodRouter<State> {
    get(who)
}

/// `/today`.
pub fn today() -> MethodRouter<State> {
    get(waits)
}

/// `/search`.
pub fn search() -> MethodRouter<State> {
    get(find)
}

/// `/registers`.
pub fn registers() -> MethodRouter<State> {
    get(all)
}

/// `/openapi.json`.
pub fn description() -> MethodRouter<State> {
    get(document)
}

/// Refuses callers who may not do that anywhere.
pub fn may(caller: &Caller, resource: Resource, verb: Verb) -> Result<(), Trouble> {
    let (actor, units) = (&caller.ctx.actor, &caller.organisation.units);
    if scope(actor, units, resource, verb).is_empty() {
        let target = units.roots().next().map_or(Target::INSTALLATION, |unit| Target::of(unit, actor.person));
        decide(actor, units, verb, resource, &target).map_err(Error::from)?;
        // Own things elsewhere do not make a right here.
        return Err(Refusal::NotFound.into());
    }
    Ok(())
}

fn can(caller: &Caller, schema: &Schema, verb: Verb) -> bool {
    !scope(&caller.ctx.actor, &caller.organisation.units, Resource::of(schema), verb).is_empty()
}

async fn who(caller: Caller) -> Response {
    caller
        .answer(async {
            caller.only(&[])?;
            let (actor, organisation) = (&caller.ctx.actor, &caller.organisation);
            let person = match actor.person {
                Some(person) => caller.app().labels(&caller.ctx, organisation, [person]).await?.get(person).map(show::label_of),
                None => None,
            };
            let role = |g: &wardkeep_rights::Grant| {
                let (reference, name) = organisation.unit(g.unit);
                json!({ "role": g.role.key(), "unit": { "reference": reference, "name": name }, "recursive": g.recursive, "until": g.until })
            };
            let mut rights = Map::new();
            for schema in wardkeep_registers::all() {
                let verbs: Vec<&str> = Verb::ALL.into_iter().filter(|v| can(&caller, schema, *v)).map(Verb::key).collect();
                if !verbs.is_empty() {
                    rights.insert(schema.key.to_owned(), json!(verbs));
                }
            }
            Ok(fine(&json!({
                "name": actor.name,
                "kind": actor.kind.key(),
                "person": person,
                "roles": actor.grants_held().map(role).collect::<Vec<_>>(),
                "scopes": actor.token_scopes.as_ref().map(ToString::to_string),
                "may": rights,
            })))
        })
        .await
}

async fn waits(caller: Caller) -> Response {
    caller
        .answer(async {
            caller.only(&[])?;
            may(&caller, Named::Today.into(), Verb::View)?;
            let view = caller.app().today(&caller.ctx, &caller.organisation, &[]).await?;
            Ok(fine(&day(&view)))
        })
        .await
}

fn day(view: &TodayView) -> Json {
    let work = |item: &WorkItem| {
        let instead = item.instead_of.and_then(|person| view.labels.get(person)).map(show::label_of);
        json!({ "record": show::label_of(&item.label), "stage_label": item.stage, "due": item.due, "instead_of": instead })
    };
    let notice = |n: &NoticeView| json!({ "id": n.id, "at": n.at, "kind": n.kind.key(), "who": n.who, "record": show::label_of(&n.record) });
    let recent = |r: &RecentView| json!({ "at": r.at, "who": r.who, "sentence": r.sentence, "record": show::label_of(&r.record) });
    let states = view.states.as_ref().map(|states| {
        let counts =
            wardkeep_types::State::ALL.iter().map(|state| (state.key().to_owned(), json!(states.of(*state))));
        json!({ "as_of": states.as_of, "counts": counts.collect::<Map<_, _>>() })
    });
    json!({
        "work": view.work.iter().map(work).collect::<Vec<_>>(),
        "more_work": view.more_work,
        "next": view.next.as_ref().map(work),
        "notices": view.notices.iter().map(notice).collect::<Vec<_>>(),
        "recent": view.recent.iter().map(recent).collect::<Vec<_>>(),
        "controls": states,
    })
}

async fn find(caller: Caller) -> Response {
    caller
        .answer(async {
            caller.only(&["q", "register", "limit"])?;
            may(&caller, Named::Search.into(), Verb::View)?;
            let most = caller.number("limit", 1..=200, 50)?;
            let typed = caller
                .asked("q")
                .ok_or_else(|| Refusal::invalid("q", "required", "say what to search for"))?;
            let register = caller.asked("register");
            if register.is_some_and(|key| wardkeep_registers::by_key(key).is_none()) {
                return Err(Refusal::invalid("register", "unknown_ref", "there is no such register").into());
            }
            let found = caller.app().search(&caller.ctx, &caller.organisation, typed, register, most).await?;
            Ok(fine(&json!({ "items": found.iter().map(show::found).collect::<Vec<_>>() })))
        })
        .await
}

async fn all(caller: Caller) -> Response {
    caller
        .answer(async {
            caller.only(&[])?;
            let seen = wardkeep_registers::all()
                .iter()
                .filter(|s| can(&caller, s, Verb::View) || can(&caller, s, Verb::Add));
            Ok(fine(&json!({ "items": seen.map(|s| described(&caller, s)).collect::<Vec<_>>() })))
        })
        .await
}

/// A register with its fields, stages and moves.
fn described(caller: &Caller, schema: &Schema) -> Json {
    let custom = caller.organisation.custom(schema.key);
    let stage = |s: &wardkeep_register::StageSchema| json!({ "stage": s.key, "label": s.label, "help": s.help, "open": schema.is_open(s.key) });
    let movement = |m: &wardkeep_register::MoveSchema| {
        json!({
            "move": m.name, "label": m.label(), "from": m.from, "to": m.to, "needs": m.needs.key(),
            "second_person": m.second_person, "with_reason": m.with_reason,
        })
    };
    json!({
        "register": schema.key,
        "name": schema.names.one,
        "plural": schema.names.many,
        "prefix": schema.names.prefix,
        "area": schema.names.area.key(),
        "self": format!("{}/{}", super::PREFIX, schema.path),
        "need_to_know": schema.need_to_know,
        "fields": schema.fields.iter().chain(custom).map(field).collect::<Vec<_>>(),
        "stages": schema.stages.iter().map(stage).collect::<Vec<_>>(),
        "moves": schema.moves.iter().map(movement).collect::<Vec<_>>(),
    })
}

fn field(field: &Field) -> Json {
    let options = match field.kind {
        Kind::Choice(options) => {
            options.iter().map(|o| json!({ "key": o.key, "label": o.label, "help": o.help })).collect()
        }
        _ => Vec::new(),
    };
    json!({
        "name": field.name,
        "label": field.label(),
        "help": field.help,
        "kind": field.kind.key(),
        "target": field.kind.target(),
        "options": options,
        "required": field.required,
        "unique": field.unique,
        "computed": field.computed,
        "confidential": field.confidential,
        "personal": field.personal,
        "custom": field.custom,
    })
}

async fn document(caller: Caller) -> Response {
    caller
        .answer(async {
            caller.only(&[])?;
            may(&caller, Named::ApiDocs.into(), Verb::View)?;
            let kind = [(header::CONTENT_TYPE, "application/vnd.oai.openapi+json;version=3.1")];
            Ok((StatusCode::OK, kind, openapi::text()).into_response())
        })
        .await
}
