//! One event in full, and many as a file.

use crate::records::Label;
use crate::{App, Ctx, Error, Organisation, Refusal};
use std::io::{BufWriter, Write as _};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use tempfile::NamedTempFile;
use wardkeep_events::search::{Matching, Search};
use wardkeep_events::store::{EventError, dialect_key, find_event, read_events, select_events};
use wardkeep_register::Verb;
use wardkeep_store::cells;
use wardkeep_types::event::{Event, EventId};
use wardkeep_types::{Id, Moment, limits};

/// A stored event and where else it is known.
#[derive(Debug, Clone)]
pub struct EventView {
    /// The event.
    pub event: Event,
    /// Alerts that hold it and that the reader may see.
    pub alerts: Vec<Label>,
}

/// The form of a file of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExportKind {
    /// Comma-separated, the original fields as JSON in one column.
    Csv,
    /// One JSON object a line.
    Json,
    /// A file as the store itself has it.
    Parquet,
}

impl ExportKind {
    /// By the ending of a file's name.
    pub fn of(ending: &str) -> Option<Self> {
        Some(match ending {
            "csv" => Self::Csv,
            "jsonl" | "json" => Self::Json,
            "parquet" => Self::Parquet,
            _ => return None,
        })
    }
    /// The ending of a file's name.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Csv => "csv",
            Self::Json => "jsonl",
            Self::Parquet => "parquet",
        }
    }
    /// Its media type.
    pub const fn media(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Json => "application/x-ndjson",
            Self::Parquet => "application/vnd.apache.parquet",
        }
    }
}

/// The columns of a file for spreadsheets.
const COLUMNS: [&str; 15] = [
    "at", "host", "user", "src_ip", "dst_ip", "process", "action", "outcome", "message", "dialect", "source",
    "position", "event_id", "fields", "raw",
];

impl App {
    /// An event by its id. `at`, if known, says in which files to look.
    pub async fn event_in_full(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        id: &str,
        at: Option<Moment>,
    ) -> Result<EventView, Error> {
        self.may_with_events(ctx, organisation, Verb::View)?;
        let id = read_id(id).ok_or(Refusal::NotFound)?;
        let holdings = self.holdings(at, at.map(|at| at.plus_seconds(1))).await?;
        let folder = self.folder.events();
        let found = tokio::task::spawn_blocking(move || {
            if let Some(event) = holdings.recent.iter().find(|event| event.id == id) {
                return Ok(Some(event.clone()));
            }
            for file in &holdings.files {
                if let Some(event) = find_event(&folder, &file.name, id)? {
                    return Ok(Some(event));
                }
            }
            Ok::<_, EventError>(None)
        });
        let event = found.await.map_err(Error::fault)?.map_err(Error::fault)?.ok_or(Refusal::NotFound)?;
        let sql = "SELECT alert_id FROM alert_event WHERE event_id = $1 LIMIT 50";
        let rows = self.db.rows(sql, cells![event.id.to_string()]).await?;
        let read = |row: &sea_orm::QueryResult| {
            row.try_get::<uuid::Uuid>("", "alert_id").map(Id::from_uuid).map_err(Error::fault)
        };
        let ids = rows.iter().map(read).collect::<Result<Vec<_>, Error>>()?;
        let labels = self.labels(ctx, organisation, ids.iter().copied()).await?;
        let alerts = ids.iter().filter_map(|id| labels.get(*id).cloned()).collect();
        Ok(EventView { event, alerts })
    }
    /// Writes the events that a search names, whatever it makes of them, into a file; at most as many as an export may
    /// have. Says how many.
    pub async fn export_events(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        search: &Search,
        kind: ExportKind,
    ) -> Result<(NamedTempFile, u64), Error> {
        self.may_with_events(ctx, organisation, Verb::Export)?;
        let (from, to) = search.window.resolve(ctx.now);
        let holdings = self.holdings(from, to).await?;
        let matching = Matching::new(search, ctx.now);
        let (folder, spool) = (self.folder.events(), self.folder.spool());
        let most = search.limit.map_or(limits::EXPORT_ROWS, |limit| limits::EXPORT_ROWS.min(limit.into()));
        let written = tokio::task::spawn_blocking(move || {
            let names: Vec<&str> = holdings.files.iter().map(|file| file.name.as_str()).collect();
            let file = NamedTempFile::new_in(&spool).map_err(Error::fault)?;
            let rows = match kind {
                ExportKind::Parquet => {
                    select_events(&folder, &names, &holdings.recent, file.path(), most, |e| {
                        matching.matches(e)
                    })
                    .map_err(Error::fault)?
                }
                _ => texts(&folder, &names, &holdings.recent, &file, kind, most, &matching)?,
            };
            Ok::<_, Error>((file, rows))
        });
        written.await.map_err(Error::fault)?
    }
}

fn read_id(text: &str) -> Option<EventId> {
    let mut id = [0; 16];
    hex::decode_to_slice(text, &mut id).ok()?;
    Some(EventId(id))
}

fn texts(
    folder: &Path,
    names: &[&str],
    recent: &Arc<[Event]>,
    file: &NamedTempFile,
    kind: ExportKind,
    most: u64,
    matching: &Matching,
) -> Result<u64, Error> {
    let mut out = BufWriter::new(file.as_file());
    let mut table = csv::Writer::from_writer(Vec::new());
    if kind == ExportKind::Csv {
        table.write_record(COLUMNS).map_err(Error::fault)?;
    }
    let (mut rows, mut failed) = (0, None);
    let mut one = |event: &Event| {
        if !matching.matches(event) {
            return ControlFlow::Continue(());
        }
        let done = match kind {
            ExportKind::Csv => table.write_record(record(event)).map_err(Error::fault).and_then(|()| {
                table.flush().map_err(Error::fault)?;
                out.write_all(table.get_ref()).map_err(Error::fault)
            }),
            _ => serde_json::to_writer(&mut out, &object(event))
                .map_err(Error::fault)
                .and_then(|()| out.write_all(b"\n").map_err(Error::fault)),
        };
        if kind == ExportKind::Csv {
            table = csv::Writer::from_writer(Vec::new());
        }
        rows += 1;
        match done {
            Ok(()) if rows < most => ControlFlow::Continue(()),
            Ok(()) => ControlFlow::Break(()),
            Err(error) => {
                failed = Some(error);
                ControlFlow::Break(())
            }
        }
    };
    let mut over = false;
    for name in names {
        read_events(folder, name, |event| {
            let flow = one(&event);
            over |= flow.is_break();
            flow
        })
        .map_err(Error::fault)?;
        if over {
            break;
        }
    }
    if !over {
        let _ = recent.iter().try_for_each(&mut one);
    }
    if let Some(error) = failed {
        return Err(error);
    }
    if rows == 0 && kind == ExportKind::Csv {
        table.flush().map_err(Error::fault)?;
        out.write_all(table.get_ref()).map_err(Error::fault)?;
    }
    out.flush().map_err(Error::fault)?;
    Ok(rows)
}

/// A row for spreadsheets. What a spreadsheet would take for a formula is made plain text.
fn record(event: &Event) -> Vec<String> {
    let maybe = |text: &Option<Box<str>>| text.as_deref().unwrap_or_default().to_owned();
    let cells = vec![
        event.at.to_string(),
        maybe(&event.host),
        maybe(&event.user),
        maybe(&event.src_ip),
        maybe(&event.dst_ip),
        maybe(&event.process),
        maybe(&event.action),
        maybe(&event.outcome),
        maybe(&event.message),
        dialect_key(event.dialect).to_owned(),
        event.source.to_string(),
        event.position.to_string(),
        event.id.to_string(),
        serde_json::to_string(&event.fields).unwrap_or_default(),
        event.raw.to_string(),
    ];
    let plain = |cell: String| match cell.chars().next() {
        Some('=' | '+' | '-' | '@' | '\t' | '\r') => format!("'{cell}"),
        _ => cell,
    };
    cells.into_iter().map(plain).collect()
}

fn object(event: &Event) -> serde_json::Value {
    let mut value = serde_json::to_value(event).unwrap_or_default();
    if let Some(object) = value.as_object_mut() {
        object.insert("event_id".to_owned(), event.id.to_string().into());
    }
    value
}
