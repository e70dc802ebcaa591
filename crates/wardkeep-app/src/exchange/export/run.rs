//! Writing an export, and telling the change log about it.

use super::cells::{Column, Shown, columns};
use super::writer::{ExportFormat, Writer, unwritable};
use crate::records::{Ask, reach_of};
use crate::{App, Ctx, Error, Organisation, Refusal};
use serde::{Deserialize, Serialize};
use serde_json::{Value as Json, json};
use tempfile::NamedTempFile;
use wardkeep_register::{Schema, Stored, Verb};
use wardkeep_rights::{Resource, Scope, Target, scope};
use wardkeep_store::{Act, FieldEdit, ListQuery, Write, cells};
use wardkeep_types::{Id, Moment, limits};

/// Rows read at a time.
const PAGE: u64 = 1_000;
/// Most rows of an export that searches for words: they are ranked at once, not page by page.
const MATCHES: u64 = 10_000;
/// Most rows of an export of an earlier state: they are read at once.
const KNOWN: u64 = 100_000;

/// Which columns an export has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportColumns {
    /// What the list shows, for people.
    Listed,
    /// Reference, unit, stage and every field; an import reads it back without a change.
    Full,
}

/// What to export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExportAsk {
    /// The list's question: filters, words, order, columns, `known_at`. Its page and limit are not used.
    pub ask: Ask,
    /// Form of the file.
    pub format: ExportFormat,
    /// Columns.
    pub columns: ExportColumns,
}

/// A finished export. The file is removed when this is dropped.
#[derive(Debug)]
pub struct Exported {
    /// The file, in the data folder's spool.
    pub file: NamedTempFile,
    /// The name to offer: `risks-2026-03-31.csv`.
    pub name: String,
    /// Media type.
    pub media: &'static str,
    /// Rows beside the header.
    pub rows: u64,
    /// The change up to which it was written.
    pub change: i64,
}

/// What an export says of itself.
pub(super) struct About {
    pub(super) register: String,
    pub(super) filters: String,
    pub(super) who: String,
    pub(super) at: Moment,
    pub(super) change: i64,
    pub(super) rows: u64,
}

impl About {
    pub(super) fn lines(&self) -> [(&'static str, String); 6] {
        [
            ("Register", self.register.clone()),
            ("Filters", self.filters.clone()),
            ("Exported by", self.who.clone()),
            ("Exported at", self.at.to_string()),
            ("Change number", self.change.to_string()),
            ("Rows", self.rows.to_string()),
        ]
    }
}

impl App {
    /// Exports what a list shows to whom may export it. The file is complete and the act is in the change log before
    /// it is handed out.
    pub async fn export(
        &self,
        ctx: &Ctx,
        schema: &'static Schema,
        ask: &ExportAsk,
    ) -> Result<Exported, Error> {
        let spool = self.folder.spool();
        let file = NamedTempFile::new_in(&spool).map_err(unwritable)?;
        let out = file.reopen().map_err(unwritable)?;
        let (rows, change) = self.write_export(ctx, schema, ask, out, Some(limits::EXPORT_ROWS)).await?;
        let fields = vec![
            note("register", schema.key.into()),
            note("filters", filters(&ask.ask).into()),
            note("columns", json!(ask.columns)),
            note("format", ask.format.key().into()),
            note("rows", rows.into()),
            note("up_to", change.into()),
        ];
        let act = Act { act: "export".into(), fields, ..Act::default() };
        self.db.write(&ctx.author(), vec![Write::Act(act)], vec![]).await?;
        let name = format!("{}-{}.{}", schema.path, ctx.now.date(), ask.format.extension());
        Ok(Exported { file, name, media: ask.format.media(), rows, change })
    }

    /// Writes the rows; returns how many, and the last change before them.
    pub(super) async fn write_export(
        &self,
        ctx: &Ctx,
        schema: &'static Schema,
        ask: &ExportAsk,
        out: std::fs::File,
        most: Option<u64>,
    ) -> Result<(u64, i64), Error> {
        let organisation = self.organisation().await?;
        let reach = reach_of(ctx, &organisation, schema, Verb::Export);
        let mut query =
            self.list_query(ctx, &organisation, schema, &Ask { after: None, ..ask.ask.clone() }).await?;
        if !reach.system && reach.units.is_empty() && reach.own_units.is_empty() {
            return Err(Refusal::Forbidden(format!(
                "you may look at {} but not export them",
                schema.names.many
            ))
            .into());
        }
        query.reach = reach;
        let whole = whole(&query, ask);
        query.limit = whole.unwrap_or(PAGE);
        let change: i64 = match query.known_at {
            Some(n) => n,
            None => {
                let row = self.db.row("SELECT n FROM chain_head WHERE id = 1", cells![]).await?;
                row.map_or(Ok(0), |row| row.try_get("", "n")).map_err(Error::fault)?
            }
        };
        let columns = columns(schema, &organisation, &ask.ask, ask.columns);
        let mut writer = Writer::begin(out, &self.folder.spool(), ask.format, &columns, ask.columns)?;
        let edits = scope(&ctx.actor, &organisation.units, Resource::of(schema), Verb::Edit);
        let mut rows = 0;
        loop {
            let mut page = self.db.list(&query).await?;
            if let Some(limit) = whole.filter(|limit| page.rows.len() as u64 >= *limit) {
                return Err(too_many(limit - 1));
            }
            self.fill_links(schema, &mut page.rows, query.known_at).await?;
            rows += page.rows.len() as u64;
            if most.is_some_and(|most| rows > most) {
                return Err(too_many(limits::EXPORT_ROWS));
            }
            self.write_page(
                ctx,
                &organisation,
                schema,
                &page.rows,
                (&columns, ask.columns),
                &edits,
                &mut writer,
            )
            .await?;
            query.after = match page.next {
                Some(next) if whole.is_none() => Some(next),
                _ => break,
            };
        }
        let about = About {
            register: schema.names.many.to_owned(),
            filters: filters(&ask.ask),
            who: ctx.actor.name.clone(),
            at: ctx.now,
            change,
            rows,
        };
        writer.end(&about)?;
        Ok((rows, change))
    }

    #[allow(clippy::too_many_arguments)] // one page's facts, used once
    async fn write_page(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        schema: &Schema,
        rows: &[Stored],
        (columns, which): (&[Column], ExportColumns),
        edits: &Scope,
        writer: &mut Writer,
    ) -> Result<(), Error> {
        let wanted: Vec<usize> = columns
            .iter()
            .filter_map(|c| match c {
                Column::Field(field) if !field.custom => schema.field(field.name).map(|(index, _)| index),
                _ => None,
            })
            .collect();
        let ids: Vec<Id> = rows
            .iter()
            .flat_map(|r| wanted.iter().flat_map(|i| r.row.values[*i].links().iter().copied()))
            .collect();
        let labels = self.labels(ctx, organisation, ids).await?;
        for stored in rows {
            let head = &stored.head;
            let owner = match schema.owner_index() {
                _ if schema.key == "person" => Some(head.id),
                Some(index) => stored.row.values[index].links().first().copied(),
                None => None,
            };
            // That the reader stands on the list of a restricted record was a condition of reading it.
            let target = Target { unit: Some(head.unit), owner, restricted: head.restricted, named: true };
            let trusted = edits.admits(&target);
            writer.row(&Shown { schema, organisation, labels: &labels, stored, trusted, which }, columns)?;
        }
        Ok(())
    }
}

/// The limit of questions that are answered at once rather than page by page: one row more than is allowed.
fn whole(query: &ListQuery<'_>, ask: &ExportAsk) -> Option<u64> {
    if query.known_at.is_some() {
        return Some(KNOWN + 1);
    }
    ask.ask.text.as_deref().filter(|t| !t.trim().is_empty()).map(|_| MATCHES + 1)
}

fn too_many(most: u64) -> Error {
    Refusal::TooLarge(format!(
        "the export has more than {most} rows, the most that one file takes; narrow it with a filter"
    ))
    .into()
}

pub(super) fn note(field: &str, new: Json) -> FieldEdit {
    FieldEdit { field: field.into(), old: Json::Null, new }
}

/// The list's question as a query string reads it.
fn filters(ask: &Ask) -> String {
    let mut parts: Vec<String> = Vec::new();
    for filter in &ask.filters {
        let op = if filter.op == "is" { String::new() } else { format!(".{}", filter.op) };
        parts.push(format!("{}{op}={}", filter.field, filter.text));
    }
    parts.extend(ask.text.iter().map(|text| format!("q={text}")));
    parts.extend(ask.known_at.iter().map(|at| format!("known_at={at}")));
    parts.extend(ask.sort.iter().map(|sort| format!("sort={sort}")));
    parts.extend(ask.columns.iter().map(|columns| format!("columns={}", columns.join(","))));
    if parts.is_empty() { "none".into() } else { parts.join("&") }
}
