//! `/admin/webhooks/{id}`: one webhook, its deliveries, and its switch.

use super::super::me::Me;
use super::super::posted::Posted;
use super::super::reader::{Reader, go};
use super::hooks::state;
use super::{column, done, frame};
use crate::parts::{
    Align, ButtonView, CellView, EmptyView, FlashView, HeadView, RowView, Sentence, TableView, Value, Weight,
    button, head, table,
};
use crate::words::{fill, words};
use axum::extract::Path;
use axum::response::Response;
use maud::html;
use wardkeep_app::courier::{DeliveryView, WebhookState, WebhookView};
use wardkeep_app::{Error, Refusal};
use wardkeep_types::Id;

/// Deliveries that are shown.
const MOST: i64 = 100;

/// `GET /admin/webhooks/{id}`.
pub(super) async fn show(reader: Reader, Path(id): Path<String>) -> Response {
    reader.answer(page(&reader, &id)).await
}

async fn find(reader: &Reader, id: &str) -> Result<WebhookView, Error> {
    let id: Id = id.parse().map_err(|_| Refusal::NotFound)?;
    let all = reader.state.desk.webhooks(&reader.ctx, &reader.organisation).await?;
    all.into_iter().find(|h| h.id == id).ok_or_else(|| Refusal::NotFound.into())
}

async fn page(reader: &Reader, id: &str) -> Result<Response, Error> {
    let hook = find(reader, id).await?;
    let log = reader.state.desk.deliveries(&reader.ctx, &reader.organisation, hook.id, MOST).await?;
    let post = |label: &str, verb: &str| {
        let mut fields = reader.hidden();
        fields.push(("verb".to_owned(), verb.to_owned()));
        ButtonView::post(label, format!("/admin/webhooks/{}", hook.id), fields)
    };
    let switch = match hook.state {
        WebhookState::On => post(words("admin.hook_pause"), "off"),
        WebhookState::Off => post(words("admin.hook_resume"), "on").main(),
    };
    let verbs = vec![switch, post(words("admin.hook_end"), "end").weight(Weight::Danger)];
    let main = html! {
        (head(&HeadView {
            title: hook.name.clone(),
            facts: vec![
                Value::Html(state(&hook)),
                Value::Code(hook.url.clone()),
                Value::text(hook.events.clone()),
                Value::text(reader.organisation.unit(hook.unit).1),
            ],
            verbs,
            ..HeadView::default()
        }))
        @if !hook.note.is_empty() { p.quiet { (fill("admin.hook_note", &[("note", &hook.note)])) } }
        section.section { h2 { (words("admin.deliveries")) } (table(&list(reader, &hook, &log))) }
    };
    let frame = frame(&hook.name, "/admin/webhooks").back(words("admin.webhooks"), "/admin/webhooks");
    Ok(reader.page(frame.crumb(hook.name.clone()).flash(flash(reader)), main))
}

fn flash(reader: &Reader) -> Option<FlashView> {
    match reader.asked("flash")? {
        "on" => done(words("admin.hook_is_on")),
        "off" => done(words("admin.hook_is_off")),
        "retry" => done(words("admin.hook_retried")),
        _ => None,
    }
}

fn list(reader: &Reader, hook: &WebhookView, log: &[DeliveryView]) -> TableView {
    let row = |one: &DeliveryView| {
        let (class, word) = match one.state.as_str() {
            "sent" => ("stage done", words("admin.delivery_sent")),
            "waiting" => ("stage open", words("admin.delivery_waits")),
            _ => ("stage retired", words("admin.delivery_over")),
        };
        let mut fields = reader.hidden();
        fields.extend([("verb".to_owned(), "retry".to_owned()), ("delivery".to_owned(), one.id.to_string())]);
        let again =
            ButtonView::post(words("admin.retry"), format!("/admin/webhooks/{}", hook.id), fields).small();
        let answered = one.status.map_or(Value::Empty, |s| Value::text(s.to_string()));
        RowView {
            key: one.id.to_string(),
            name: one.event.clone(),
            cells: vec![
                CellView {
                    value: Value::text(one.event.clone()),
                    sub: Some(fill("frame.change", &[("number", &one.change.to_string())])),
                },
                CellView {
                    value: Value::Html(html! { span class=(class) { (word) } }),
                    sub: Some(one.note.clone()).filter(|n| !n.is_empty()),
                },
                Value::number(one.attempts.to_string()).into(),
                answered.into(),
                Value::Moment(reader.taste.moment_stamp(one.at)).into(),
                if one.state == "sent" { Value::Empty } else { Value::Html(button(&again)) }.into(),
            ],
            ..RowView::default()
        }
    };
    TableView {
        caption: words("admin.deliveries").to_owned(),
        columns: vec![
            column(words("admin.event"), Align::Text),
            column(words("admin.state"), Align::Text),
            column(words("admin.attempts"), Align::Number),
            column(words("admin.answered"), Align::Tight),
            column(words("imports.when"), Align::Tight),
            column(words("admin.act"), Align::Tight),
        ],
        rows: log.iter().map(row).collect(),
        empty: EmptyView {
            title: words("admin.deliveries_none").to_owned(),
            text: Sentence::new(words("admin.deliveries_none_text")),
            ..EmptyView::default()
        },
        ..TableView::default()
    }
}

/// `POST /admin/webhooks/{id}`.
pub(super) async fn act(Path(id): Path<String>, me: Me, posted: Posted) -> Response {
    let place = format!("/admin/webhooks/{id}");
    if let Some(elsewhere) = me.stale(&place) {
        return elsewhere;
    }
    let reader = &posted.reader;
    reader
        .answer(async {
            let hook = find(reader, &id).await?;
            let (desk, ctx, organisation) = (&reader.state.desk, &reader.ctx, &reader.organisation);
            let verb = posted.text("verb");
            match verb {
                "on" => desk.set_webhook(ctx, organisation, hook.id, WebhookState::On).await?,
                "off" => desk.set_webhook(ctx, organisation, hook.id, WebhookState::Off).await?,
                "end" => {
                    desk.end_webhook(ctx, organisation, hook.id).await?;
                    return Ok(go("/admin/webhooks?flash=ended"));
                }
                "retry" => {
                    let delivery = posted.text("delivery").parse().map_err(|_| Refusal::NotFound)?;
                    desk.retry_delivery(ctx, organisation, hook.id, delivery).await?;
                }
                _ => return Err(Refusal::NotFound.into()),
            }
            Ok(go(format!("{place}?flash={verb}")))
        })
        .await
}
