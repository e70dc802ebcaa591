//! `/api`: the description for people. One register at a time is shown; all have the same addresses.

use super::openapi::{Answer, Operation, Rights, operations};
use super::problem::CODES;
use super::{PREFIX, openapi};
use crate::pages::address::Address;
use crate::pages::errors::sentence;
use crate::pages::frame::{Frame, may};
use crate::pages::reader::Reader;
use crate::parts::{
    Align, CellView, ColumnView, HeadView, LinkView, RawLine, RawView, RowView, Sentence, TabView, TableView,
    TabsView, Value, head, markdown, raw, table, tabs,
};
use crate::words::{fill, words};
use axum::response::Response;
use maud::{Markup, html};
use serde_json::Value as Json;
use wardkeep_app::Refusal;
use wardkeep_register::{Schema, Verb, label_of};
use wardkeep_rights::{Named, Resource};

/// `GET /api`; `?register=` chooses the register.
pub async fn show(reader: Reader) -> Response {
    reader
        .answer(async {
            if !may(&reader, Named::ApiDocs.into(), Verb::View) {
                return Err(Refusal::NotFound.into());
            }
            let seen: Vec<&'static Schema> = wardkeep_registers::all()
                .iter()
                .filter(|s| may(&reader, Resource::of(s), Verb::View))
                .collect();
            let asked = reader.asked("register").and_then(wardkeep_registers::by_key);
            let chosen =
                asked.filter(|s| seen.iter().any(|seen| seen.key == s.key)).or(seen.first().copied());
            let title = words("api.title");
            let frame = Frame::new(title).crumb(title).at("/api");
            Ok(reader.page(frame, main(&seen, chosen)))
        })
        .await
}

fn main(seen: &[&'static Schema], chosen: Option<&'static Schema>) -> Markup {
    let all = operations();
    let of = |tag: &str| all.iter().filter(|o| o.tag == tag).collect::<Vec<_>>();
    html! {
        (head(&HeadView { title: words("api.title").to_owned(), ..HeadView::default() }))
        div.prose { (markdown(openapi::ABOUT)) p { a href={ (PREFIX) "/openapi.json" } { (words("api.document")) } } }
        (section(words("api.general"), &of(openapi::GENERAL)))
        (section(words("api.observations"), &of(openapi::OBSERVATIONS)))
        @if let Some(schema) = chosen {
            h2.section #register { (words("api.records")) }
            (tabs(&registers(seen, schema)))
            (section(&label_of(schema.names.many), &of(schema.names.many)))
        }
        (problems())
    }
}

fn registers(seen: &[&'static Schema], chosen: &Schema) -> TabsView {
    let tab = |schema: &&'static Schema| TabView {
        name: label_of(schema.names.many),
        href: Address::new("/api", &[("register".to_owned(), schema.key.to_owned())]).to_string()
            + "#register",
        current: schema.key == chosen.key,
        ..TabView::default()
    };
    TabsView {
        label: words("api.records").to_owned(),
        tabs: seen.iter().map(tab).collect(),
        ..TabsView::default()
    }
}

fn section(title: &str, operations: &[&Operation]) -> Markup {
    let column = |label: &'static str| ColumnView { label: label.to_owned(), ..ColumnView::default() };
    let row = |o: &&Operation| RowView {
        key: o.id.clone(),
        name: o.summary.clone(),
        href: Some(format!("#{}", o.id)),
        cells: vec![
            CellView::from(Value::Code(o.method.to_uppercase())),
            Value::Code(o.path.clone()).into(),
            Value::Link(LinkView::new(o.summary.clone(), format!("#{}", o.id))).into(),
        ],
        ..RowView::default()
    };
    let list = TableView {
        caption: title.to_owned(),
        columns: vec![
            ColumnView { align: Align::Tight, ..column(words("api.method")) },
            column(words("api.address")),
            column(words("api.does")),
        ],
        title: 2,
        rows: operations.iter().map(row).collect(),
        ..TableView::default()
    };
    html! {
        section.section {
            h3 { (title) }
            (table(&list))
            @for operation in operations { (one(operation)) }
        }
    }
}

fn one(operation: &Operation) -> Markup {
    let parameters = parameters(operation);
    html! {
        section.section #(operation.id) {
            h4 { code { (operation.method.to_uppercase()) " " (operation.path) } }
            p { (sentence(&operation.summary)) " " (who(operation)) }
            @if !operation.description.is_empty() { div.prose { (markdown(&operation.description)) } }
            @if !parameters.is_empty() { (table(&parameter_table(parameters))) }
            @if let Some((_, example)) = &operation.body {
                (block(&fill("api.request", &[("method", &operation.method.to_uppercase()), ("path", &operation.path)]), example))
            }
            @for answer in &operation.answers { (answered(answer)) }
            p.quiet.small { (words("api.also")) " " (operation.problems.iter().map(u16::to_string).collect::<Vec<_>>().join(", ")) }
        }
    }
}

fn who(operation: &Operation) -> String {
    match operation.rights {
        Rights::Known => words("api.everybody").to_owned(),
        Rights::Right(..) | Rights::Move(_) => {
            let role = |(key, own): (String, bool)| {
                let name = label_of(&key);
                if own { fill("api.own", &[("role", &name)]) } else { name }
            };
            let roles: Vec<String> = operation.roles().into_iter().map(role).collect();
            fill("api.roles", &[("roles", &roles.join(", "))])
        }
    }
}

/// Name, place and meaning of each parameter.
fn parameters(operation: &Operation) -> Vec<(String, String, String)> {
    let shared = openapi::parameters();
    let resolve = |parameter: &Json| match parameter["$ref"].as_str().and_then(|r| r.rsplit('/').next()) {
        Some(name) => shared[name].clone(),
        None => parameter.clone(),
    };
    let text = |json: &Json, name: &str| json[name].as_str().unwrap_or_default().to_owned();
    operation
        .parameters
        .iter()
        .map(resolve)
        .map(|p| (text(&p, "name"), text(&p, "in"), text(&p, "description")))
        .collect()
}

fn parameter_table(parameters: Vec<(String, String, String)>) -> TableView {
    let column = |label: &'static str| ColumnView { label: label.to_owned(), ..ColumnView::default() };
    let row = |(name, place, about): (String, String, String)| RowView {
        key: name.clone(),
        name: name.clone(),
        cells: vec![
            Value::Code(name).into(),
            Value::text(place).into(),
            Value::Html(markdown(&about)).into(),
        ],
        ..RowView::default()
    };
    TableView {
        caption: words("api.parameters").to_owned(),
        columns: vec![
            column(words("api.parameter")),
            column(words("api.place")),
            column(words("api.meaning")),
        ],
        rows: parameters.into_iter().map(row).collect(),
        ..TableView::default()
    }
}

fn answered(answer: &Answer) -> Markup {
    let title = fill("api.answer", &[("status", &answer.status.to_string()), ("about", answer.about)]);
    match &answer.example {
        Some(example) => block(&title, example),
        None => html! { p { (title) } },
    }
}

fn block(title: &str, json: &Json) -> Markup {
    // What was made of maps, lists and text has a JSON form.
    let text = serde_json::to_string_pretty(json).unwrap_or_default();
    let line = |(n, text): (usize, &str)| RawLine { number: n as u64 + 1, text: text.to_owned(), hit: false };
    raw(&RawView {
        name: title.to_owned(),
        about: Sentence::default(),
        lines: text.lines().enumerate().map(line).collect(),
        ..RawView::default()
    })
}

fn problems() -> Markup {
    html! {
        section.section {
            h2 { (words("api.problems")) }
            dl {
                @for (status, code, title) in CODES {
                    dt id={ "problem-" (code) } { (status) " " code { (code) } }
                    dd { (title) }
                }
            }
        }
    }
}
