//! `/admin/fields`: fields that the organisation adds to a register itself.

use super::super::errors::sentence;
use super::super::frame::many;
use super::super::posted::Posted;
use super::super::reader::{Reader, go};
use super::{column, done, field, frame, may, text, unprocessable};
use crate::parts::{
    Align, ButtonView, CellView, EmptyView, FlashView, FormGroupView, FormView, HeadView, Input, OptionView,
    ProblemView, RowView, Sentence, TableView, Value, button, form, head, table,
};
use crate::words::{fill, words};
use axum::response::Response;
use maud::{Markup, html};
use wardkeep_app::work::{CUSTOM_KINDS, CustomFieldView, NewCustomField};
use wardkeep_app::{Error, Refusal};
use wardkeep_register::Verb;
use wardkeep_rights::Named;
use wardkeep_types::Problems;

/// `GET /admin/fields`.
pub(super) async fn show(reader: Reader) -> Response {
    reader.answer(page(&reader, &[], &Problems::new())).await
}

async fn page(reader: &Reader, sent: &[(String, String)], problems: &Problems) -> Result<Response, Error> {
    let all = reader.state.app.custom_fields(&reader.ctx).await?;
    let title = words("admin.fields");
    let adds = may(reader, Verb::Add, Named::CustomField);
    let main = html! {
        (head(&HeadView { title: title.to_owned(), count: Some(all.iter().filter(|f| !f.retired).count().to_string()), ..HeadView::default() }))
        p.quiet.prose { (words("admin.fields_text")) }
        div.section { (table(&list(reader, &all))) }
        @if adds { section.section { h2 { (words("admin.field_new")) } (new(reader, sent, problems)) } }
    };
    Ok(reader.page(frame(title, "/admin/fields").crumb(title).flash(flash(reader)), main))
}

fn flash(reader: &Reader) -> Option<FlashView> {
    match reader.asked("flash")? {
        "added" => done(words("admin.field_added")),
        "retired" => done(words("admin.field_retired")),
        "back" => done(words("admin.field_back")),
        _ => None,
    }
}

fn kind_word(kind: &str) -> &'static str {
    match kind {
        "line" => words("admin.kind_line"),
        "text" => words("admin.kind_text"),
        "markdown" => words("admin.kind_markdown"),
        "int" => words("admin.kind_int"),
        "percent" => words("admin.kind_percent"),
        "money" => words("admin.kind_money"),
        "date" => words("admin.kind_date"),
        "moment" => words("admin.kind_moment"),
        "duration" => words("admin.kind_duration"),
        "bool" => words("admin.kind_bool"),
        "url" => words("admin.kind_url"),
        "choice" => words("admin.kind_choice"),
        _ => words("admin.kind_other"),
    }
}

fn list(reader: &Reader, all: &[CustomFieldView]) -> TableView {
    let retires = may(reader, Verb::Retire, Named::CustomField);
    let row = |one: &CustomFieldView| {
        let mut fields = reader.hidden();
        fields.extend([
            ("register".to_owned(), one.schema.key.to_owned()),
            ("name".to_owned(), one.name.clone()),
            ("retired".to_owned(), if one.retired { "no" } else { "yes" }.to_owned()),
        ]);
        let label = if one.retired { words("admin.field_again") } else { words("admin.field_retire") };
        let act = ButtonView::post(label, "/admin/fields/retire", fields).small();
        let state = if one.retired {
            ("stage retired", words("admin.retired"))
        } else {
            ("stage done", words("admin.in_use"))
        };
        let kind = kind_word(&one.kind);
        let kind = if one.required { fill("imports.mandatory", &[("label", kind)]) } else { kind.to_owned() };
        let mut cells: Vec<CellView> = vec![
            CellView { value: Value::text(one.label.clone()), sub: Some(one.name.clone()) },
            Value::text(many(one.schema)).into(),
            CellView {
                value: Value::text(kind),
                sub: Some(one.options.join(", ")).filter(|o| !o.is_empty()),
            },
            Value::text(one.help.clone()).into(),
            Value::Html(html! { span class=(state.0) { (state.1) } }).into(),
        ];
        if retires {
            cells.push(Value::Html(button(&act)).into());
        }
        RowView { key: one.name.clone(), name: one.label.clone(), cells, ..RowView::default() }
    };
    let mut columns = vec![
        column(words("admin.field"), Align::Text),
        column(words("imports.register"), Align::Tight),
        column(words("admin.kind"), Align::Text),
        column(words("admin.help"), Align::Text),
        column(words("admin.state"), Align::Tight),
    ];
    if retires {
        columns.push(column(words("admin.act"), Align::Tight));
    }
    TableView {
        caption: words("admin.fields").to_owned(),
        columns,
        rows: all.iter().map(row).collect(),
        empty: EmptyView {
            title: words("admin.fields_none").to_owned(),
            text: Sentence::new(words("admin.fields_none_text")),
            ..EmptyView::default()
        },
        ..TableView::default()
    }
}

fn new(reader: &Reader, sent: &[(String, String)], problems: &Problems) -> Markup {
    let of = |name: &str| text(sent, name).to_owned();
    let registers = wardkeep_registers::all();
    let chosen = of("register");
    let registers = registers.iter().map(|s| OptionView::new(s.key, many(s), s.key == chosen)).collect();
    let kind = of("kind");
    let kinds = CUSTOM_KINDS
        .iter()
        .enumerate()
        .map(|(n, k)| OptionView::new(*k, kind_word(k), if kind.is_empty() { n == 0 } else { kind == *k }));
    let mut fields = vec![
        field("register", words("imports.register"), true, Input::Choice(registers), problems),
        field("label", words("admin.label"), true, Input::Line(of("label"), Some(60)), problems),
        field("kind", words("admin.kind"), true, Input::Choice(kinds.collect()), problems),
        field("options", words("admin.options"), false, Input::Text(of("options")), problems),
        field("help", words("admin.help"), false, Input::Line(of("help"), Some(200)), problems),
        field("required", words("admin.required"), false, Input::Bool(!of("required").is_empty()), problems),
    ];
    fields[3].help = Some(words("admin.options_help").to_owned());
    fields[4].help = Some(words("admin.help_help").to_owned());
    let known = ["register", "label", "kind", "options", "help", "required"];
    let rest = problems.iter().filter(|p| !known.contains(&p.path.as_str()));
    form(&FormView {
        action: "/admin/fields".to_owned(),
        fields: reader.hidden(),
        groups: vec![FormGroupView { title: String::new(), fields }],
        problems: rest
            .map(|p| ProblemView { text: Sentence::new(sentence(&p.message)), key: None })
            .collect(),
        acts: vec![ButtonView::submit(words("admin.field_add")).main()],
        ..FormView::default()
    })
}

/// `POST /admin/fields`.
pub(super) async fn add(posted: Posted) -> Response {
    let reader = &posted.reader;
    reader
        .answer(async {
            let of = |name: &str| posted.text(name).to_owned();
            let new = NewCustomField {
                register: of("register"),
                label: of("label"),
                help: of("help"),
                kind: of("kind"),
                options: of("options"),
                required: !posted.text("required").is_empty(),
            };
            match reader.state.app.add_custom_field(&reader.ctx, &new).await {
                Ok(_) => Ok(go("/admin/fields?flash=added")),
                Err(Error::Refusal(Refusal::Invalid(problems))) => {
                    Ok(unprocessable(page(reader, &posted.pairs, &problems).await?))
                }
                Err(other) => Err(other),
            }
        })
        .await
}

/// `POST /admin/fields/retire`.
pub(super) async fn retire(posted: Posted) -> Response {
    let reader = &posted.reader;
    reader
        .answer(async {
            let retired = posted.text("retired") == "yes";
            let (register, name) = (posted.text("register"), posted.text("name"));
            reader.state.app.retire_custom_field(&reader.ctx, register, name, retired).await?;
            Ok(go(if retired { "/admin/fields?flash=retired" } else { "/admin/fields?flash=back" }))
        })
        .await
}
