//! `/me/delegations`: who stands in for me, and for whom I stand in.

use super::frame::Frame;
use super::list::register;
use super::posted::Posted;
use super::reader::{Reader, go};
use crate::parts::{
    Align, ButtonView, CellView, ColumnView, EmptyView, FieldView, FlashView, FormGroupView, FormView,
    HeadView, Input, ProblemView, RowView, Sentence, TableView, Tone, Value, Weight, button, form, head,
    picked_reference, table,
};
use crate::words::{fill, words};
use axum::response::Response;
use maud::html;
use wardkeep_app::work::{DelegationView, NewDelegation};
use wardkeep_app::{Error, Refusal};
use wardkeep_types::{Problem, Problems};

/// `GET /me/delegations`.
pub async fn show(reader: Reader) -> Response {
    reader.answer(page(&reader, &[], &Problems::new())).await
}

async fn page(reader: &Reader, sent: &[(String, String)], problems: &Problems) -> Result<Response, Error> {
    let person = reader.ctx.person().ok_or(Refusal::NotFound)?;
    let all = reader.state.app.delegations(person, reader.now().date()).await?;
    let title = words("frame.delegations");
    let done = match reader.asked("flash") {
        Some("made") => Some(words("delegation.made")),
        Some("ended") => Some(words("delegation.ended")),
        _ => None,
    };
    let flash = done.map(|text| FlashView { tone: Tone::Good, text: Sentence::new(text), act: None });
    let main = html! {
        (head(&HeadView { title: title.to_owned(), ..HeadView::default() }))
        p.quiet { (words("delegation.about")) }
        section.section { (table(&list(reader, person, &all))) }
        section.section { h2 { (words("delegation.new")) } (new(reader, sent, problems)) }
    };
    let frame = Frame::new(title).back(words("frame.settings"), "/me").crumb(title).at("/me").flash(flash);
    Ok(reader.page(frame, main))
}

fn list(reader: &Reader, person: wardkeep_types::Id, all: &[DelegationView]) -> TableView {
    let column = |label: &str, align| ColumnView { label: label.to_owned(), align, ..ColumnView::default() };
    let row = |d: &DelegationView| {
        let mine = d.person.0 == person;
        let said = if mine {
            fill("delegation.for_me", &[("name", &d.delegate.1)])
        } else {
            fill("delegation.for_them", &[("name", &d.person.1)])
        };
        let mut fields = reader.hidden();
        fields.push(("delegation".to_owned(), d.id.to_string()));
        let end = ButtonView::post(words("delegation.end"), "/me/delegations/end", fields).small();
        let cells: Vec<CellView> = vec![
            Value::text(said.clone()).into(),
            Value::Moment(reader.taste.day_stamp(d.from)).into(),
            Value::Moment(reader.taste.day_stamp(d.until)).into(),
            Value::text(d.reason.clone()).into(),
            if mine { Value::Html(button(&end)).into() } else { Value::Empty.into() },
        ];
        RowView { key: d.id.to_string(), name: said, cells, ..RowView::default() }
    };
    TableView {
        caption: words("frame.delegations").to_owned(),
        columns: vec![
            column(words("delegation.who"), Align::Text),
            column(words("delegation.from"), Align::Tight),
            column(words("delegation.until"), Align::Tight),
            column(words("today.reason"), Align::Text),
            column("", Align::Tight),
        ],
        title: 0,
        rows: all.iter().map(row).collect(),
        empty: EmptyView {
            title: words("delegation.none").to_owned(),
            text: Sentence::new(words("delegation.none_text")),
            ..EmptyView::default()
        },
        ..TableView::default()
    }
}

fn new(reader: &Reader, sent: &[(String, String)], problems: &Problems) -> maud::Markup {
    let text = |name: &str| sent.iter().find(|(n, _)| n == name).map(|(_, v)| v.clone()).unwrap_or_default();
    let field = |key: &str, label: &str, input: Input| FieldView {
        key: key.to_owned(),
        label: label.to_owned(),
        help: None,
        error: problems.iter().find(|p| p.path == key).map(|p| super::errors::sentence(&p.message)),
        required: true,
        locked: None,
        input,
    };
    let known = ["delegate", "from", "until", "reason"];
    let rest = problems.iter().filter(|p| !known.contains(&p.path.as_str()));
    let pick = Input::Link {
        value: text("delegate"),
        options: Vec::new(),
        search: Some("/api/v1/pick/person".to_owned()),
    };
    form(&FormView {
        action: "/me/delegations".to_owned(),
        fields: reader.hidden(),
        groups: vec![FormGroupView {
            title: String::new(),
            fields: vec![
                field("delegate", words("delegation.delegate"), pick),
                field("from", words("delegation.from"), Input::Date(text("from"))),
                field("until", words("delegation.until"), Input::Date(text("until"))),
                field("reason", words("today.reason"), Input::Line(text("reason"), Some(200))),
            ],
        }],
        problems: rest
            .map(|p| ProblemView { text: Sentence::new(super::errors::sentence(&p.message)), key: None })
            .collect(),
        acts: vec![
            ButtonView::submit(words("delegation.make")).main(),
            ButtonView::link(words("form.cancel"), "/me").weight(Weight::Quiet),
        ],
        ..FormView::default()
    })
}

/// `POST /me/delegations`.
pub async fn make(posted: Posted) -> Response {
    let reader = &posted.reader;
    reader
        .answer(async {
            match add(reader, &posted).await {
                Ok(()) => Ok(go("/me/delegations?flash=made")),
                Err(Error::Refusal(Refusal::Invalid(problems))) => {
                    let mut response = page(reader, &posted.pairs, &problems).await?;
                    *response.status_mut() = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
                    Ok(response)
                }
                Err(other) => Err(other),
            }
        })
        .await
}

async fn add(reader: &Reader, posted: &Posted) -> Result<(), Error> {
    let mut problems = Problems::new();
    let mut day = |name: &str| {
        let read = posted.text(name).parse();
        read.map_err(|e: wardkeep_types::ParseError| problems.add(Problem::new(name, "invalid", e.0))).ok()
    };
    let (from, until) = (day("from"), day("until"));
    let asked = posted.text("delegate");
    let people = register("people")?;
    let found =
        reader.state.app.find(&reader.ctx, &reader.organisation, people, picked_reference(asked)).await.ok();
    if found.is_none() {
        problems.add(Problem::new("delegate", "unknown_ref", words("delegation.unknown")));
    }
    let (Some(from), Some(until), Some(delegate)) = (from, until, found) else {
        return Err(Refusal::Invalid(problems).into());
    };
    let wanted =
        NewDelegation { delegate: delegate.id, from, until, reason: posted.text("reason").to_owned() };
    reader.state.app.delegate(&reader.ctx, &wanted).await.map(|_| ())
}

/// `POST /me/delegations/end`.
pub async fn end(posted: Posted) -> Response {
    let reader = &posted.reader;
    reader
        .answer(async {
            let delegation = posted.text("delegation").parse().map_err(|_| Refusal::NotFound)?;
            reader.state.app.end_delegation(&reader.ctx, delegation).await?;
            Ok(go("/me/delegations?flash=ended"))
        })
        .await
}
