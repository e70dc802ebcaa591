//! JSON for the command palette and for link pickers.

use super::extras::{EXTRAS, area_name};
use super::frame::{many, may, registers};
use super::reader::Reader;
use crate::words::fill;
use axum::Json;
use axum::extract::Path;
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use wardkeep_app::Refusal;
use wardkeep_register::{Area, Verb, label_of};
use wardkeep_rights::{Named, Resource};

/// Records looked for.
const MOST: i64 = 20;

/// A line of the palette.
#[derive(Debug, Serialize)]
pub struct Entry {
    label: String,
    hint: String,
    href: String,
    kind: &'static str,
}

/// `GET /api/v1/palette?q=`: records first, then where to go, then what to create.
pub async fn palette(reader: Reader) -> Response {
    reader
        .answer(async {
            if !may(&reader, Named::Search.into(), Verb::View) {
                return Err(Refusal::NotFound.into());
            }
            let typed = reader.asked("q").unwrap_or_default().trim().to_owned();
            let mut entries = Vec::new();
            if !typed.is_empty() {
                let found =
                    reader.state.app.search(&reader.ctx, &reader.organisation, &typed, None, MOST).await?;
                entries.extend(found.into_iter().map(|f| Entry {
                    label: f.label.title,
                    hint: format!("{} {}", f.label.reference, f.schema.names.one),
                    href: f.label.path,
                    kind: "record",
                }));
            }
            let places = places(&reader, &typed);
            // A place whose name begins with what was typed is what most people mean by it.
            let (first, last): (Vec<Entry>, Vec<Entry>) =
                places.into_iter().partition(|e| e.kind == "go" && starts(&e.label, &typed));
            entries.splice(0..0, first);
            entries.extend(last);
            entries.truncate(50);
            Ok(Json(entries).into_response())
        })
        .await
}

fn starts(label: &str, typed: &str) -> bool {
    !typed.is_empty() && label.to_lowercase().starts_with(&typed.to_lowercase())
}

fn places(reader: &Reader, typed: &str) -> Vec<Entry> {
    let fits =
        |text: &str| typed.to_lowercase().split_whitespace().all(|word| text.to_lowercase().contains(word));
    let go =
        |label: String, hint: &str, href: String| Entry { label, hint: hint.to_owned(), href, kind: "go" };
    let mut all = Vec::new();
    let visible = wardkeep_registers::all().iter().filter(|s| may(reader, Resource::of(s), Verb::View));
    for schema in visible.clone() {
        all.push(go(many(schema), area_name(schema.names.area), format!("/{}", schema.path)));
    }
    let areas = Area::ALL.into_iter().filter(|area| registers(reader, *area).next().is_some());
    all.extend(areas.map(|a| go(area_name(a).to_owned(), "", format!("/{}", a.key()))));
    let extras = EXTRAS.iter().filter(|e| e.is_open_to(reader));
    all.extend(extras.map(|e| go((e.name)().to_owned(), "", e.href.to_owned())));
    for schema in visible.filter(|s| may(reader, Resource::of(s), Verb::Add)) {
        let label = fill("list.add", &[("one", schema.names.one)]);
        all.push(Entry { label, hint: String::new(), href: format!("/{}/new", schema.path), kind: "create" });
    }
    all.retain(|e| fits(&e.label));
    all
}

/// `GET /api/v1/pick/{register}?q=`: records of one register, as a picker writes them.
pub async fn pick(reader: Reader, Path(register): Path<String>) -> Response {
    reader
        .answer(async {
            let typed = reader.asked("q").unwrap_or_default();
            let found = reader
                .state
                .app
                .search(&reader.ctx, &reader.organisation, typed, Some(&register), MOST)
                .await?;
            let entry = |f: wardkeep_app::records::FoundView| Entry {
                label: format!("{} {}", f.label.reference, f.label.title),
                hint: label_of(f.schema.names.one),
                href: f.label.path,
                kind: "record",
            };
            Ok(Json(found.into_iter().map(entry).collect::<Vec<_>>()).into_response())
        })
        .await
}
