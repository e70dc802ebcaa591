//! `/admin/webhooks`: where changes are told to other programs.

use super::super::errors::sentence;
use super::super::frame;
use super::super::me::Me;
use super::super::posted::Posted;
use super::super::reader::Reader;
use super::{column, done, field, text, unprocessable};
use crate::parts::{
    Align, ButtonView, CellView, EmptyView, FormGroupView, FormView, HeadView, Input, NoticeView, OptionView,
    ProblemView, RowView, Sentence, TableView, Tone, Value, buttons, form, head, notice, table,
};
use crate::words::{fill, words};
use axum::response::Response;
use maud::{Markup, html};
use wardkeep_app::auth::Secret;
use wardkeep_app::courier::{NewWebhook, WebhookState, WebhookView};
use wardkeep_app::{Error, Refusal};
use wardkeep_register::Verb;
use wardkeep_rights::{Named, Resource};
use wardkeep_types::{Id, Problems};

/// `GET /admin/webhooks`: one's own, and everybody's for whoever administers tokens.
pub(super) async fn show(reader: Reader) -> Response {
    reader.answer(page(&reader, &[], &Problems::new())).await
}

pub(super) fn state(hook: &WebhookView) -> Markup {
    let (class, word) = match hook.state {
        WebhookState::On if hook.failures > 0 => ("stage doing", words("admin.hook_fails")),
        WebhookState::On => ("stage done", words("admin.hook_on")),
        WebhookState::Off => ("stage retired", words("admin.hook_off")),
    };
    html! { span class=(class) { (word) } }
}

/// Whether the reader may have webhooks at all.
fn may_add(reader: &Reader) -> bool {
    frame::may(reader, Resource::Named(Named::Token), Verb::Add)
}

async fn page(reader: &Reader, sent: &[(String, String)], problems: &Problems) -> Result<Response, Error> {
    // Whoever may make one may have some, and sees those alone.
    if !may_add(reader) && !super::may(reader, Verb::View, Named::Token) {
        return Err(Refusal::NotFound.into());
    }
    let hooks = reader.state.desk.webhooks(&reader.ctx, &reader.organisation).await?;
    let labels =
        reader.state.app.labels(&reader.ctx, &reader.organisation, hooks.iter().map(|h| h.person)).await?;
    let title = words("admin.webhooks");
    let row = |hook: &WebhookView| RowView {
        key: hook.id.to_string(),
        name: hook.name.clone(),
        href: Some(format!("/admin/webhooks/{}", hook.id)),
        cells: vec![
            CellView { value: Value::text(hook.name.clone()), sub: Some(hook.url.clone()) },
            Value::text(hook.events.clone()).into(),
            Value::text(reader.organisation.unit(hook.unit).1).into(),
            Value::text(labels.get(hook.person).map_or_else(String::new, |l| l.title.clone())).into(),
            CellView {
                value: Value::Html(state(hook)),
                sub: Some(hook.note.clone()).filter(|n| !n.is_empty()),
            },
        ],
        ..RowView::default()
    };
    let list = TableView {
        caption: title.to_owned(),
        columns: vec![
            column(words("admin.hook"), Align::Text),
            column(words("admin.hook_events"), Align::Text),
            column(words("list.unit"), Align::Tight),
            column(words("admin.hook_maker"), Align::Tight),
            column(words("admin.state"), Align::Text),
        ],
        rows: hooks.iter().map(row).collect(),
        empty: EmptyView {
            title: words("admin.hooks_none").to_owned(),
            text: Sentence::new(words("admin.hooks_none_text")),
            ..EmptyView::default()
        },
        ..TableView::default()
    };
    let main = html! {
        (head(&HeadView { title: title.to_owned(), count: Some(hooks.len().to_string()), ..HeadView::default() }))
        p.quiet.prose { (words("admin.hooks_text")) }
        div.section { (table(&list)) }
        @if may_add(reader) { section.section { h2 { (words("admin.hook_new")) } (new(reader, sent, problems)) } }
    };
    let flash = reader.asked("flash").and_then(|_| done(words("admin.hook_ended")));
    Ok(reader.page(super::frame(title, "/admin/webhooks").crumb(title).flash(flash), main))
}

fn new(reader: &Reader, sent: &[(String, String)], problems: &Problems) -> Markup {
    let of = |name: &str| text(sent, name).to_owned();
    let mut units: Vec<(Id, &str, &str)> = reader
        .ctx
        .actor
        .grants_held()
        .flat_map(|g| g.units(&reader.organisation.units))
        .map(|id| {
            let (reference, name) = reader.organisation.unit(id);
            (id, reference, name)
        })
        .collect();
    units.sort_by(|a, b| a.1.cmp(b.1));
    units.dedup();
    let chosen = of("unit");
    let options = units.iter().enumerate().map(|(n, (_, reference, name))| {
        let picked = if chosen.is_empty() { n == 0 } else { chosen == *reference };
        OptionView::new(*reference, format!("{reference} {name}"), picked)
    });
    let events = if sent.is_empty() { "*".to_owned() } else { of("events") };
    let mut fields = vec![
        field("name", words("admin.hook_name"), true, Input::Line(of("name"), Some(200)), problems),
        field("url", words("admin.hook_url"), true, Input::Url(of("url")), problems),
        field("events", words("admin.hook_events"), true, Input::Line(events, Some(1_000)), problems),
        field("unit", words("list.unit"), true, Input::Choice(options.collect()), problems),
    ];
    fields[1].help = Some(words("admin.hook_url_help").to_owned());
    fields[2].help = Some(words("admin.hook_events_help").to_owned());
    let known = ["name", "url", "events", "unit"];
    let rest = problems.iter().filter(|p| !known.contains(&p.path.as_str()));
    form(&FormView {
        action: "/admin/webhooks".to_owned(),
        fields: reader.hidden(),
        groups: vec![FormGroupView { title: String::new(), fields }],
        problems: rest
            .map(|p| ProblemView { text: Sentence::new(sentence(&p.message)), key: None })
            .collect(),
        acts: vec![ButtonView::submit(words("admin.hook_add")).main()],
        ..FormView::default()
    })
}

/// `POST /admin/webhooks`.
pub(super) async fn add(me: Me, posted: Posted) -> Response {
    if let Some(elsewhere) = me.stale("/admin/webhooks") {
        return elsewhere;
    }
    let reader = &posted.reader;
    reader
        .answer(async {
            let units = &reader.organisation.unit_names;
            let unit =
                units.iter().find(|(_, (r, _))| r == posted.text("unit")).map_or(Id::NIL, |(id, _)| *id);
            let of = |name: &str| posted.text(name).to_owned();
            let new = NewWebhook { name: of("name"), url: of("url"), events: of("events"), unit };
            match reader.state.desk.add_webhook(&reader.ctx, &reader.organisation, &new).await {
                Ok((id, secret)) => Ok(shown_once(reader, id, &new.name, &secret)),
                Err(Error::Refusal(Refusal::Invalid(problems))) => {
                    Ok(unprocessable(page(reader, &posted.pairs, &problems).await?))
                }
                Err(other) => Err(other),
            }
        })
        .await
}

fn shown_once(reader: &Reader, id: Id, name: &str, secret: &Secret) -> Response {
    let title = fill("admin.hook_made", &[("name", name)]);
    let told = NoticeView {
        tone: Tone::Warn,
        text: Sentence::new(words("admin.hook_secret")),
        live: true,
        ..NoticeView::default()
    };
    let main = html! {
        (head(&HeadView { title: title.clone(), ..HeadView::default() }))
        div.stack {
            (notice(&told))
            p { code.secret { (secret.reveal()) } }
            p.quiet.prose { (words("admin.hook_verify")) }
            div.next { (buttons(&[ButtonView::link(words("me.recovery_done"), format!("/admin/webhooks/{id}")).main()])) }
        }
    };
    let frame = super::frame(&title, "/admin/webhooks").back(words("admin.webhooks"), "/admin/webhooks");
    reader.page(frame.crumb(title), main)
}
