//! Moves: `POST .../moves {move, reason, version}`, and a page for those that want words or a second person.

use super::super::list::register;
use super::super::posted::Posted;
use super::super::reader::{Reader, go as redirect};
use super::{frame, path_of};
use crate::parts::{
    ButtonView, FieldView, FormGroupView, FormView, Input, NoticeView, Sentence, Weight, form, notice,
};
use crate::words::{fill, words};
use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;
use maud::{Markup, html};
use wardkeep_app::records::{MoveView, Proposal, RecordView};
use wardkeep_app::work::MoveWanted;
use wardkeep_app::{Error, Refusal};
use wardkeep_register::{Schema, Verb};

/// `GET /{path}/{reference}/moves/{name}`: why, and who has to agree.
pub async fn ask(reader: Reader, Path((path, reference, name)): Path<(String, String, String)>) -> Response {
    reader
        .answer(async {
            let schema = register(&path)?;
            let (view, step) = find(&reader, schema, &reference, &name).await?;
            Ok(page(&reader, schema, &view, &step, "", None))
        })
        .await
}

/// `POST /{path}/{reference}/moves`.
pub async fn go(Path((path, reference)): Path<(String, String)>, posted: Posted) -> Response {
    let reader = &posted.reader;
    reader
        .answer(async {
            let schema = register(&path)?;
            let (name, reason) = (posted.text("move"), posted.text("reason"));
            match make(reader, schema, &reference, &posted).await {
                Ok(flash) => Ok(redirect(format!("/{path}/{reference}?flash={flash}"))),
                // What is missing is asked for where the move is, with the words that were typed.
                Err(Error::Refusal(refusal @ (Refusal::Invalid(_) | Refusal::NotYet(_)))) => {
                    let (view, step) = find(reader, schema, &reference, name).await?;
                    let status =
                        StatusCode::from_u16(refusal.status()).unwrap_or(StatusCode::UNPROCESSABLE_ENTITY);
                    let mut response = page(reader, schema, &view, &step, reason, Some(&refusal));
                    *response.status_mut() = status;
                    Ok(response)
                }
                Err(other) => Err(other),
            }
        })
        .await
}

async fn make(
    reader: &Reader,
    schema: &'static Schema,
    reference: &str,
    posted: &Posted,
) -> Result<&'static str, Error> {
    let (app, organisation, ctx) = (&reader.state.app, &reader.organisation, &reader.ctx);
    let head = app.find(ctx, organisation, schema, reference).await?;
    let version = posted.text("version").parse().unwrap_or(head.version);
    let name = posted.text("move");
    if schema.movement(name, &head.stage).is_some_and(|m| m.second_person) {
        let wanted = MoveWanted { name: name.to_owned(), version, reason: posted.text("reason").to_owned() };
        app.ask_move(&reader.state.auth, ctx, organisation, schema, reference, &wanted).await?;
        return Ok("asked");
    }
    let proposal = Proposal::movement(schema, head.id, Some(version), name).because(posted.text("reason"));
    app.write_one(ctx, proposal).await?;
    Ok("moved")
}

async fn find(
    reader: &Reader,
    schema: &'static Schema,
    reference: &str,
    name: &str,
) -> Result<(RecordView, MoveView), Error> {
    let (view, _) = reader.state.app.show(&reader.ctx, &reader.organisation, schema, reference, None).await?;
    let offered = view.moves.iter().find(|m| m.name == name).cloned();
    let step = match (offered, schema.movement(name, &view.stage)) {
        (Some(step), _) => step,
        // Not from this stage, or not by this reader: the page says so instead of hiding it.
        (None, Some(step)) if !step.from.contains(&view.stage.as_str()) => {
            let from: Vec<&str> = step.from.iter().filter_map(|s| schema.stage(s)).map(|s| s.label).collect();
            let values =
                [("move", step.label()), ("from", from.join(", ")), ("stage", view.stage_label.clone())];
            let values = values.each_ref().map(|(n, v)| (*n, v.as_str()));
            return Err(Refusal::NotYet(fill("move.not_from_here", &values)).into());
        }
        (None, Some(_)) => return Err(Refusal::Forbidden(words("move.forbidden").to_owned()).into()),
        (None, None) => return Err(Refusal::NotFound.into()),
    };
    Ok((view, step))
}

/// What the button says: the verb and its object, so that "Cancel" is never mistaken for leaving the page.
pub fn label(schema: &Schema, step: &MoveView) -> String {
    let alone = step.name.contains('_');
    let label = if alone { step.label.clone() } else { format!("{} {}", step.label, schema.names.one) };
    if step.second_person { fill("move.ask", &[("move", &label.to_lowercase())]) } else { label }
}

fn page(
    reader: &Reader,
    schema: &'static Schema,
    view: &RecordView,
    step: &MoveView,
    reason: &str,
    refusal: Option<&Refusal>,
) -> Response {
    let label = label(schema, step);
    let main = html! {
        article.panel data-panel {
            div { p.ref { (view.reference) } h1 { (label) ": " (view.title) } }
            p { (fill("move.changes", &[("from", &view.stage_label), ("to", &step.to)])) }
            @if step.second_person { (notice(&NoticeView { text: Sentence::new(words("move.second")), ..NoticeView::default() })) }
            (asked(reader, schema, view, step, reason, refusal, &label))
        }
    };
    reader.page(frame(schema, &view.reference, &view.title, Some(&label)), main)
}

fn asked(
    reader: &Reader,
    schema: &'static Schema,
    view: &RecordView,
    step: &MoveView,
    reason: &str,
    refusal: Option<&Refusal>,
    label: &str,
) -> Markup {
    let said = |refusal: &Refusal| super::super::errors::sentence(&refusal.sentence());
    let about_reason =
        |refusal: &Refusal| matches!(refusal, Refusal::Invalid(p) if p.iter().any(|p| p.path == "reason"));
    let error = refusal.filter(|r| about_reason(r)).map(said);
    let whole = match refusal {
        Some(Refusal::Invalid(problems)) if error.is_none() => {
            problems.iter().map(|p| super::super::errors::sentence(&p.message)).collect()
        }
        Some(other) if error.is_none() => vec![said(other)],
        None => step.refused.iter().map(|why| super::super::errors::sentence(why)).collect(),
        _ => Vec::new(),
    };
    let path = path_of(schema, view);
    let mut fields = reader.hidden();
    fields.extend([("move".to_owned(), step.name.clone()), ("version".to_owned(), view.version.to_string())]);
    let danger = schema.movement(&step.name, &view.stage).is_some_and(|m| m.needs == Verb::Retire);
    let blocked = !whole.is_empty() && refusal.is_none();
    let submit = ButtonView::submit(label).weight(if danger { Weight::DangerMain } else { Weight::Main });
    let mut acts = vec![ButtonView::link(words("form.cancel"), path.clone()).weight(Weight::Quiet)];
    if blocked && view.may_edit {
        acts.insert(0, ButtonView::link(words("record.edit"), format!("{path}/edit")).main());
    } else if !blocked {
        acts.insert(0, submit);
    }
    let wanted = FieldView {
        key: "reason".to_owned(),
        label: words("move.reason").to_owned(),
        help: Some(words("move.reason_help").to_owned()),
        error,
        required: step.with_reason || step.second_person,
        locked: None,
        input: Input::Text(reason.to_owned()),
    };
    form(&FormView {
        action: format!("{path}/moves"),
        fields,
        draft: Some(format!("{}/{}/{}@{}", schema.path, view.reference, step.name, view.version)),
        groups: if blocked {
            Vec::new()
        } else {
            vec![FormGroupView { title: String::new(), fields: vec![wanted] }]
        },
        problems: whole
            .into_iter()
            .map(|text| crate::parts::ProblemView { text: Sentence::new(text), key: None })
            .collect(),
        acts,
        ..FormView::default()
    })
}
