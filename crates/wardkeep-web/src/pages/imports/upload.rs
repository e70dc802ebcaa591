//! Handing in a file: `/imports/new`, `/{path}/import`, `POST /imports`.

use super::super::errors::sentence;
use super::super::frame::{Frame, many};
use super::super::list::register;
use super::super::posted::Posted;
use super::super::reader::{Reader, go};
use super::may_import;
use crate::parts::{
    ButtonView, FieldView, FormGroupView, FormView, HeadView, Input, OptionView, ProblemView, Sentence,
    Weight, form, head,
};
use crate::words::{fill, words};
use axum::extract::Path;
use axum::response::Response;
use maud::{Markup, html};
use wardkeep_app::exchange::{StageOptions, read_upload};
use wardkeep_app::{Error, Refusal};
use wardkeep_register::{Area, Schema, Verb};
use wardkeep_rights::{Named, Resource, scope};
use wardkeep_types::limits::DOCUMENT_BYTES;
use wardkeep_types::{Id, Problems};

/// What a file to import may be called.
const ENDINGS: &str = ".csv,.tsv,.txt,.xlsx,.json,.jsonl";

/// `GET /imports/new`.
pub(super) async fn new(reader: Reader) -> Response {
    reader
        .answer(async {
            let schema = reader.asked("register").and_then(wardkeep_registers::by_key);
            page(&reader, schema, false, &[], &Problems::new())
        })
        .await
}

/// `GET /{path}/import`: from the list of a register.
pub async fn of_register(reader: Reader, Path(path): Path<String>) -> Response {
    reader.answer(async { page(&reader, Some(register(&path)?), true, &[], &Problems::new()) }).await
}

/// Units into which the reader may import.
fn units(reader: &Reader) -> Vec<(Id, String, String)> {
    let (actor, tree) = (&reader.ctx.actor, &reader.organisation.units);
    let reach = scope(actor, tree, Resource::Named(Named::Import), Verb::Add);
    let mut ids = reach.all_units().list(tree);
    ids.extend(reach.own_units().list(tree));
    ids.sort_unstable();
    ids.dedup();
    let mut units: Vec<(Id, String, String)> = ids
        .into_iter()
        .map(|id| {
            let (reference, name) = reader.organisation.unit(id);
            (id, reference.to_owned(), name.to_owned())
        })
        .collect();
    units.sort_by(|a, b| a.1.cmp(&b.1));
    units
}

fn page(
    reader: &Reader,
    schema: Option<&'static Schema>,
    fixed: bool,
    sent: &[(String, String)],
    problems: &Problems,
) -> Result<Response, Error> {
    let registers: Vec<&'static Schema> =
        wardkeep_registers::all().iter().filter(|s| may_import(reader, s)).collect();
    let open = schema.is_none_or(|s| may_import(reader, s));
    if registers.is_empty() || !open {
        return Err(Refusal::NotFound.into());
    }
    let title = match schema.filter(|_| fixed) {
        Some(schema) => fill("imports.of", &[("many", schema.names.many)]),
        None => words("imports.new").to_owned(),
    };
    let offered = schema.map_or(registers.clone(), |s| vec![s]);
    let main = html! {
        (head(&HeadView { title: title.clone(), ..HeadView::default() }))
        p.quiet.prose { (words("imports.new_about")) }
        div.section.split {
            div.main { (upload_form(reader, schema, fixed, &registers, sent, problems)) }
            aside { (templates(&offered)) }
        }
    };
    let frame = Frame::new(title.clone());
    let frame = match schema.filter(|_| fixed) {
        Some(schema) => frame.within(schema).back(many(schema), format!("/{}", schema.path)),
        None => frame.in_area(Area::Settings).at(super::PATH).back(words("imports.title"), super::PATH),
    };
    Ok(reader.page(frame.crumb(title), main))
}

fn upload_form(
    reader: &Reader,
    schema: Option<&'static Schema>,
    fixed: bool,
    registers: &[&'static Schema],
    sent: &[(String, String)],
    problems: &Problems,
) -> Markup {
    let text = |name: &str| sent.iter().find(|(n, _)| n == name).map_or("", |(_, v)| v.as_str());
    let field = |key: &str, label: String, help: Option<String>, input: Input| FieldView {
        key: key.to_owned(),
        label,
        help,
        error: problems.iter().find(|p| p.path == key).map(|p| said(&p.message, &p.hint)),
        required: true,
        locked: None,
        input,
    };
    let most = (DOCUMENT_BYTES / 1_048_576).to_string();
    let mut hidden = reader.hidden();
    let mut fields = Vec::new();
    if let Some(schema) = schema.filter(|_| fixed) {
        hidden.push(("register".to_owned(), schema.key.to_owned()));
    } else {
        let chosen = schema.map_or(text("register"), |s| s.key);
        let options = registers.iter().map(|s| OptionView::new(s.key, many(s), s.key == chosen)).collect();
        fields.push(field("register", words("imports.register").to_owned(), None, Input::Choice(options)));
    }
    let help = fill("imports.file_help", &[("most", &most)]);
    fields.push(field(
        "file",
        words("imports.file").to_owned(),
        Some(help),
        Input::File(None, ENDINGS.to_owned()),
    ));
    let units = units(reader);
    let unit_own = schema.is_some_and(|s| s.key == "unit");
    match units.as_slice() {
        [] => {}
        [(_, reference, _)] => hidden.push(("unit".to_owned(), reference.clone())),
        _ if unit_own => {}
        several => {
            let chosen = text("unit");
            let option = |(n, (_, reference, name)): (usize, &(Id, String, String))| {
                let picked = if chosen.is_empty() { n == 0 } else { chosen == reference };
                OptionView::new(reference, format!("{reference} {name}"), picked)
            };
            let options = several.iter().enumerate().map(option).collect();
            let help = Some(words("imports.unit_help").to_owned());
            fields.push(field("unit", words("list.unit").to_owned(), help, Input::Choice(options)));
        }
    }
    if fixed {
        hidden.push(("from".to_owned(), "list".to_owned()));
    }
    let back = schema.filter(|_| fixed).map_or(super::PATH.to_owned(), |s| format!("/{}", s.path));
    let known = ["register", "file", "unit"];
    let rest = problems.iter().filter(|p| !known.contains(&p.path.as_str()));
    html! {
        div.dropzone {
            (form(&FormView {
                action: super::PATH.to_owned(),
                fields: hidden,
                files: true,
                groups: vec![FormGroupView { title: String::new(), fields }],
                problems: rest.map(|p| ProblemView { text: Sentence::new(said(&p.message, &p.hint)), key: None }).collect(),
                acts: vec![
                    ButtonView::submit(words("imports.preview")).main(),
                    ButtonView::link(words("form.cancel"), back).weight(Weight::Quiet),
                ],
                ..FormView::default()
            }))
        }
    }
}

fn said(message: &str, hint: &str) -> String {
    if hint.is_empty() { sentence(message) } else { format!("{} {}", sentence(message), sentence(hint)) }
}

/// Templates to fill in: of one register in plain sight, of all on demand.
fn templates(registers: &[&'static Schema]) -> Markup {
    let links = |schema: &Schema| {
        html! {
            a href={ "/" (schema.path) "/template.xlsx" } { (words("imports.workbook")) } " "
            a href={ "/" (schema.path) "/template.csv" } { "CSV" }
        }
    };
    html! {
        section.rail {
            section {
                div.title { h2 { (words("imports.templates")) } }
                p.none { (words("imports.templates_text")) }
                @if let [only] = registers {
                    p.row { (links(only)) }
                } @else {
                    details.more-form {
                        summary { (words("imports.templates_all")) }
                        ul { @for schema in registers { li { span { (many(schema)) } span.row { (links(schema)) } } } }
                    }
                }
            }
        }
    }
}

/// `POST /imports`: the file is read and judged, and its preview shown.
pub(super) async fn send(posted: Posted) -> Response {
    let reader = &posted.reader;
    reader
        .answer(async {
            let schema = wardkeep_registers::by_key(posted.text("register"));
            match stage(reader, &posted, schema).await {
                Ok(place) => Ok(go(place)),
                Err(Error::Refusal(
                    refusal @ (Refusal::Invalid(_) | Refusal::TooLarge(_) | Refusal::NotYet(_)),
                )) => {
                    let problems = match refusal {
                        Refusal::Invalid(problems) => problems,
                        other => {
                            Problems(vec![wardkeep_types::Problem::new("file", "refused", other.sentence())])
                        }
                    };
                    let fixed = posted.text("from") == "list";
                    let mut response = page(reader, schema, fixed, &posted.pairs, &problems)?;
                    *response.status_mut() = axum::http::StatusCode::UNPROCESSABLE_ENTITY;
                    Ok(response)
                }
                Err(other) => Err(other),
            }
        })
        .await
}

async fn stage(reader: &Reader, posted: &Posted, schema: Option<&'static Schema>) -> Result<String, Error> {
    let (app, ctx) = (&reader.state.app, &reader.ctx);
    let schema =
        schema.ok_or_else(|| Refusal::invalid("register", "required", words("imports.no_register")))?;
    if !may_import(reader, schema) {
        return Err(Refusal::NotFound.into());
    }
    let sent = posted.files.iter().find(|f| f.control == "file");
    let sent = sent.ok_or_else(|| Refusal::invalid("file", "required", words("imports.no_file")))?;
    let units = units(reader);
    let wanted = posted.text("unit");
    let unit = units.iter().find(|(_, reference, _)| reference == wanted).map(|(id, ..)| *id);
    if unit.is_none() && !wanted.is_empty() {
        return Err(Refusal::invalid("unit", "unknown_ref", words("imports.no_unit")).into());
    }
    // Without a choice it is the unit in which they may: the top one only where that is theirs.
    let unit = unit.or_else(|| units.first().map(|(id, ..)| *id));
    let mut bytes = Vec::new();
    let mut file = reader
        .state
        .files
        .get(&sent.content.sha256)
        .await?
        .ok_or_else(|| Error::fault("a file that was just stored is gone"))?;
    tokio::io::AsyncReadExt::read_to_end(&mut file, &mut bytes).await.map_err(Error::fault)?;
    let upload = read_upload(&sent.name, bytes, None, ctx.now)?;
    match app.stage_import(ctx, schema, unit, upload.clone(), StageOptions::default()).await {
        Ok(head) => Ok(format!("/imports/{}", head.id)),
        // The header does not say enough: a person maps the columns.
        Err(Error::Refusal(Refusal::Invalid(problems)))
            if problems.iter().all(|p| matches!(p.code.as_str(), "missing_column" | "unknown_columns")) =>
        {
            let id = app.keep_import(ctx, schema, unit, &upload).await?;
            Ok(format!("/imports/{id}/columns"))
        }
        Err(other) => Err(other),
    }
}
