//! What a result rests on, each part with its address.

use super::row::{int, marks, text};
use crate::{App, Ctx, Error, Organisation};
use std::collections::{BTreeSet, HashMap, HashSet};
use wardkeep_types::Id;
use wardkeep_types::observation::{Basis, SubjectResult};

/// What kind of thing it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum BasisKind {
    /// A log record.
    Event,
    /// A row of a report.
    Row,
    /// A record of a register.
    Record,
    /// A file as a whole.
    File,
}

/// Something that a result rests on.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct BasisView {
    /// What it is.
    pub kind: BasisKind,
    /// Where it stands, in words; `None` for a record that the reader may not see.
    pub text: Option<String>,
    /// Its page; `None` when no copy was kept, or when the reader may not see it.
    pub href: Option<String>,
}

/// Parts of one subject's basis that are shown.
pub(super) const SHOWN: usize = 5;

impl App {
    /// Views of everything those subjects rest on, the first few of each, in three statements. `via` is the
    /// observation from which the reader comes.
    pub(super) async fn bases<'s>(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        subjects: impl Iterator<Item = (&'s SubjectResult, Id)>,
    ) -> Result<HashMap<(Id, Basis), BasisView>, Error> {
        let wanted: HashSet<(Id, Basis)> =
            subjects.flat_map(|(s, via)| s.basis.iter().take(SHOWN).map(move |b| (via, b.clone()))).collect();
        let (mut events, mut files, mut records) = (BTreeSet::new(), BTreeSet::new(), Vec::new());
        for (_, basis) in &wanted {
            match basis {
                Basis::Event { event } => drop(events.insert(event.clone())),
                Basis::ScanRow { sha256, .. } | Basis::File { sha256 } => drop(files.insert(sha256.clone())),
                Basis::Record { id } => records.push(*id),
            }
        }
        let places = self.event_places(&events.into_iter().collect::<Vec<_>>()).await?;
        let paths = self.paths_of(&files.into_iter().collect::<Vec<_>>()).await?;
        let labels = self.labels(ctx, organisation, records).await?;
        let view = |via: Id, basis: &Basis| match basis {
            Basis::Event { event } => {
                let place = places.get(event);
                let text = place.map_or_else(
                    || format!("log record {event}"),
                    |(source, n)| format!("{source}, record {n}"),
                );
                let href = place.map(|_| format!("/evidence/events/{event}?via={via}"));
                BasisView { kind: BasisKind::Event, text: Some(text), href }
            }
            Basis::ScanRow { sha256, row } => {
                let text = paths
                    .get(sha256)
                    .map_or_else(|| format!("report {sha256}, row {row}"), |p| format!("{p}, row {row}"));
                let href = paths
                    .contains_key(sha256)
                    .then(|| format!("/evidence/reports/{sha256}/rows/{row}?via={via}"));
                BasisView { kind: BasisKind::Row, text: Some(text), href }
            }
            Basis::File { sha256 } => {
                let text = paths.get(sha256).cloned().unwrap_or_else(|| format!("file {sha256}"));
                let href =
                    paths.contains_key(sha256).then(|| format!("/evidence/reports/{sha256}?via={via}"));
                BasisView { kind: BasisKind::File, text: Some(text), href }
            }
            Basis::Record { id } => {
                let label = labels.get(*id);
                let text = label.map(|l| format!("{} {}", l.reference, l.title));
                BasisView { kind: BasisKind::Record, text, href: label.map(|l| l.path.clone()) }
            }
        };
        Ok(wanted.into_iter().map(|(via, basis)| ((via, basis.clone()), view(via, &basis))).collect())
    }
    /// Source and position of the log records of which a copy was kept.
    async fn event_places(&self, events: &[String]) -> Result<HashMap<String, (String, i64)>, Error> {
        let mut places = HashMap::new();
        for chunk in events.chunks(500) {
            let sql = format!(
                "SELECT event_id, source, position FROM basis_event WHERE event_id IN ({})",
                marks(1, chunk.len())
            );
            for row in self.db.rows(&sql, chunk.iter().map(|e| e.clone().into()).collect()).await? {
                places.insert(text(&row, "event_id")?, (text(&row, "source")?, int(&row, "position")?));
            }
        }
        Ok(places)
    }
}
