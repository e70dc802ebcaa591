//! Requests that take a second person: what is asked, and agreeing or refusing.

use super::frame::Frame;
use super::posted::Posted;
use super::reader::{Reader, go};
use super::today::{approval_columns, approval_row};
use crate::parts::{
    ButtonView, CellView, EmptyView, FactView, FieldGroupView, FieldView, FormGroupView, FormView, HeadView,
    Input, LinkView, NoticeView, Sentence, TableView, Tone, Value, Weight, buttons, field_groups, form, head,
    notice, table,
};
use crate::words::{fill, words};
use axum::extract::Path;
use axum::response::Response;
use maud::html;
use wardkeep_app::auth::{Approval, Outcome};
use wardkeep_app::{App, Error, Refusal};
use wardkeep_register::label_of;
use wardkeep_types::Id;

/// `GET /approvals`: what I may decide, and what I asked for.
pub async fn list(reader: Reader) -> Response {
    reader
        .answer(async {
            let auth = &reader.state.auth;
            let (decide, asked) =
                auth.approvals_waiting(&reader.ctx, &reader.organisation.units).await?;
            let until = |a: &Approval| CellView::from(Value::Moment(reader.taste.moment_stamp(a.expires_at)));
            let view = |caption: &str, none: &str, all: &[Approval]| TableView {
                caption: caption.to_owned(),
                columns: approval_columns(words("today.until")),
                title: 1,
                rows: all.iter().map(|a| approval_row(&reader, a, until(a))).collect(),
                empty: EmptyView { title: none.to_owned(), text: Sentence::new(words("approval.about")), ..EmptyView::default() },
                ..TableView::default()
            };
            let title = words("frame.approvals");
            let main = html! {
                (head(&HeadView { title: title.to_owned(), ..HeadView::default() }))
                section.section { h2 { (words("today.decide")) } (table(&view(words("today.decide"), words("approval.none"), &decide))) }
                section.section { h2 { (words("today.asked")) } (table(&view(words("today.asked"), words("approval.none_asked"), &asked))) }
            };
            Ok(reader.page(Frame::new(title).crumb(title), main))
        })
        .await
}

/// A request that the reader may see: those who see its record do.
async fn find(reader: &Reader, id: Id) -> Result<Approval, Error> {
    let record = reader.state.app.approval_record(id).await?.ok_or(Refusal::NotFound)?;
    let found = reader
        .state
        .auth
        .approvals_of(&reader.ctx, record)
        .await?
        .into_iter()
        .find(|a| a.id == id)
        .ok_or(Refusal::NotFound)?;
    let schema = App::schema(found.ask.register)?;
    reader.state.app.find(&reader.ctx, &reader.organisation, schema, &found.reference).await?;
    Ok(found)
}

/// `GET /approvals/{id}`.
pub async fn show(reader: Reader, Path(id): Path<String>) -> Response {
    reader
        .answer(async {
            let approval = find(&reader, id.parse().map_err(|_| Refusal::NotFound)?).await?;
            page(&reader, &approval, None).await
        })
        .await
}

async fn page(reader: &Reader, approval: &Approval, problem: Option<String>) -> Result<Response, Error> {
    let schema = App::schema(approval.ask.register)?;
    let people = [approval.asker, approval.decided.and_then(|d| d.0)].into_iter().flatten();
    let labels = reader.state.app.labels(&reader.ctx, &reader.organisation, people).await?;
    let name = |id: Option<Id>| {
        id.and_then(|id| labels.get(id)).map_or_else(|| "Wardkeep".to_owned(), |l| l.title.clone())
    };
    let text = |key: &str| approval.ask.what.get(key).and_then(|v| v.as_str()).map(str::to_owned);
    let stage =
        |key: &str| text(key).and_then(|s| schema.stage(&s)).map_or_else(String::new, |s| s.label.to_owned());
    let act = label_of(approval.ask.act.strip_prefix("move:").unwrap_or(&approval.ask.act));
    let path = format!("/{}/{}", schema.path, approval.reference);
    let stamp = |at| Value::Moment(reader.taste.moment_stamp(at));
    let mut facts = vec![
        FactView::new(
            label_of(schema.names.one),
            Value::Link(
                LinkView::new(approval.title.clone(), path.clone())
                    .with_reference(approval.reference.clone()),
            ),
        ),
        FactView::new(
            words("approval.change"),
            Value::text(fill("move.changes", &[("from", &stage("from")), ("to", &stage("to"))])),
        ),
        FactView::new(words("today.reason"), Value::Lines(approval.ask.reason.clone())),
        FactView::new(words("today.asked_by"), Value::text(name(approval.asker))),
        FactView::new(words("approval.asked_at"), stamp(approval.asked_at)),
        FactView::new(words("today.until"), stamp(approval.expires_at)),
        FactView::new(words("approval.version"), Value::text(approval.ask.version.to_string())),
        FactView::new(words("approval.hash"), Value::Code(approval.change_hash.clone())),
    ];
    if let Some((by, at, outcome)) = approval.decided {
        facts.push(FactView::new(words("approval.outcome"), Value::text(outcome_word(outcome))));
        facts.push(FactView::new(words("approval.decided_by"), Value::text(name(by))));
        facts.push(FactView::new(words("approval.decided_at"), stamp(at)));
        if let Some(why) = &approval.decision_reason {
            facts.push(FactView::new(words("approval.why"), Value::Lines(why.clone())));
        }
        if approval.independent == Some(false) {
            facts.push(FactView::new(
                words("approval.independence"),
                Value::Tags(vec![words("approval.not_independent").to_owned()]),
            ));
        }
    }
    let may = reader
        .state
        .auth
        .approvals_to_decide(&reader.ctx, &reader.organisation.units)
        .await?
        .iter()
        .any(|a| a.id == approval.id);
    let own = approval.decided.is_none() && approval.asker.is_some() && approval.asker == reader.ctx.person();
    let title = format!("{act}: {}", approval.title);
    let main = html! {
        (head(&HeadView { reference: Some(approval.reference.clone()), title: title.clone(), ..HeadView::default() }))
        @if let Some(problem) = problem { (notice(&NoticeView { tone: Tone::Bad, text: Sentence::new(problem), live: true, ..NoticeView::default() })) }
        (field_groups(&[FieldGroupView { title: words("approval.asked").to_owned(), facts }]))
        @if may { (decision(reader, approval, &act)) }
        @if own && !may {
            div.section { (notice(&NoticeView { text: Sentence::new(words("approval.waits")), ..NoticeView::default() })) }
        }
        @if own {
            div.row.section { (buttons(&[withdraw(reader, approval)])) }
        }
    };
    Ok(reader.page(Frame::new(title.clone()).back(words("frame.approvals"), "/approvals").crumb(title), main))
}

fn withdraw(reader: &Reader, approval: &Approval) -> ButtonView {
    let mut fields = reader.hidden();
    fields.push(("decision".to_owned(), "withdraw".to_owned()));
    ButtonView::post(words("approval.withdraw"), format!("/approvals/{}", approval.id), fields)
}

fn decision(reader: &Reader, approval: &Approval, act: &str) -> maud::Markup {
    let reason = FieldView {
        key: "reason".to_owned(),
        label: words("approval.why").to_owned(),
        help: Some(words("approval.why_help").to_owned()),
        error: None,
        required: false,
        locked: None,
        input: Input::Text(String::new()),
    };
    form(&FormView {
        action: format!("/approvals/{}", approval.id),
        fields: reader.hidden(),
        groups: vec![FormGroupView { title: words("approval.decide").to_owned(), fields: vec![reason] }],
        acts: vec![
            ButtonView::verb(fill("approval.agree", &[("act", &act.to_lowercase())]), "decision", "agree")
                .main(),
            ButtonView::verb(words("approval.refuse"), "decision", "refuse").weight(Weight::Danger),
        ],
        ..FormView::default()
    })
}

fn outcome_word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Approved => words("approval.approved"),
        Outcome::Rejected => words("approval.rejected"),
        Outcome::Withdrawn => words("approval.withdrawn"),
        Outcome::Void => words("approval.void"),
    }
}

/// `POST /approvals/{id}`.
pub async fn decide(Path(id): Path<String>, posted: Posted) -> Response {
    let reader = &posted.reader;
    reader
        .answer(async {
            let id: Id = id.parse().map_err(|_| Refusal::NotFound)?;
            let approval = find(reader, id).await?;
            let (auth, ctx, units) = (&reader.state.auth, &reader.ctx, &reader.organisation.units);
            let schema = App::schema(approval.ask.register)?;
            let record = format!("/{}/{}", schema.path, approval.reference);
            let reason = posted.text("reason").trim().to_owned();
            let done = match posted.text("decision") {
                "agree" => {
                    let reason = Some(reason).filter(|r| !r.is_empty());
                    let agreed = reader.state.app.agree(auth, ctx, &reader.organisation, id, reason).await;
                    agreed.map(|_| format!("{record}?flash=moved"))
                }
                "withdraw" => auth.withdraw(ctx, id).await.map(|()| record),
                _ => auth.reject(ctx, units, id, &reason).await.map(|()| "/approvals".to_owned()),
            };
            match done {
                Ok(place) => Ok(go(place)),
                Err(Error::Refusal(refusal @ (Refusal::Invalid(_) | Refusal::NotYet(_)))) => {
                    let mut response =
                        page(reader, &approval, Some(super::errors::sentence(&refusal.sentence()))).await?;
                    *response.status_mut() =
                        axum::http::StatusCode::from_u16(refusal.status()).unwrap_or_default();
                    Ok(response)
                }
                Err(other) => Err(other),
            }
        })
        .await
}
