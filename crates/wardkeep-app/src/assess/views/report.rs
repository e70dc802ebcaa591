//! A stored file or scanner report: what it says of itself, its rows, what it looked at.

use super::evidence::{ReadFile, read_file};
use super::facts::format_label;
use super::row::{int, marks, maybe_id, maybe_moment, text};
use crate::records::{Label, Labels};
use crate::{App, Ctx, Error, Organisation, Refusal};
use sea_orm::QueryResult;
use wardkeep_rights::Resource;
use wardkeep_store::cells;
use wardkeep_types::Moment;
use wardkeep_types::observation::Basis;
use wardkeep_types::sighting::{Component, Sighting, Target};

/// What to show of a report.
#[derive(Debug, Clone, Copy, Default)]
pub struct ReportAsk<'a> {
    /// The observation from which the reader comes.
    pub via: Option<&'a str>,
    /// Rows after this number.
    pub after: i64,
}

/// A row of a report in a list.
#[derive(Debug, Clone)]
pub struct RowView {
    /// Its number.
    pub number: i64,
    /// As reported.
    pub sighting: Sighting,
    /// The finding it feeds, if the reader may see it.
    pub finding: Option<Label>,
}

/// A file that was read, and the report in it, if it is one.
#[derive(Debug, Clone)]
pub struct ReportView {
    /// Its address: the file's SHA-256, or one of its own for a report within a file.
    pub address: String,
    /// Path.
    pub path: String,
    /// The file's facts; absent for a report within a file, and for who may not view evidence.
    pub file: Option<ReadFile>,
    /// Tool and its version; empty for a file that is no report.
    pub tool: String,
    /// When the scan began and ended.
    pub period: (Option<Moment>, Option<Moment>),
    /// The report ended as it should.
    pub complete: bool,
    /// What the tool says of its own failure.
    pub failed: String,
    /// What a bill of materials describes.
    pub subject: Option<Component>,
    /// Rows by what they say, worst first.
    pub outcomes: Vec<(String, u64)>,
    /// Rows of this page.
    pub rows: Vec<RowView>,
    /// Rows that the reader may see; all of them unless `partly`.
    pub total: u64,
    /// Only rows are shown whose findings the reader may see, or on which the observation they come from rests.
    pub partly: bool,
    /// Rows after this number are on the next page.
    pub next: Option<i64>,
    /// What it says it looked at, the first few.
    pub targets: Vec<Target>,
    /// How many it says it looked at.
    pub targets_total: usize,
    /// Components of a bill of materials, the first few.
    pub components: Vec<Component>,
    /// How many there are.
    pub components_total: u64,
    /// When it was read.
    pub read_at: Option<Moment>,
    /// The observation from which the reader comes.
    pub via: Option<String>,
}

/// One row whole.
#[derive(Debug, Clone)]
pub struct ReportRow {
    /// Address of the report.
    pub address: String,
    /// Path of the report.
    pub path: String,
    /// Tool and its version.
    pub tool: String,
    /// When the scan ended.
    pub at: Option<Moment>,
    /// The row.
    pub row: RowView,
    /// The observation from which the reader comes.
    pub via: Option<String>,
}

/// Rows of one page.
const PAGE: i64 = 50;
/// Targets and components shown.
const LISTED: i64 = 50;
/// Rows looked through for a reader who may see a part of them.
const LOOKED: i64 = 2_000;

impl App {
    /// A file or report. At most eight statements.
    pub async fn report(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        address: &str,
        ask: ReportAsk<'_>,
    ) -> Result<ReportView, Error> {
        let address = App::address(address)?;
        let named = |b: &Basis| matches!(b, Basis::ScanRow { sha256, .. } | Basis::File { sha256 } if sha256 == address);
        let via = self
            .rests_on(ctx, organisation, ask.via, |o| {
                o.evidence.iter().any(|e| e == address)
                    || o.subjects.iter().any(|s| s.basis.iter().any(named))
            })
            .await?;
        let whole = via.is_some() || super::sees_all(ctx, organisation, Resource::Register("evidence"));
        let file = self.file(address).await?;
        let report = self.db.row("SELECT * FROM scan_report WHERE sha256 = $1", cells![address]).await?;
        let mut view = match (&report, &file) {
            (Some(row), _) => head(address, row)?,
            (None, Some(file)) if whole => of_file(address, file),
            _ => return Err(Refusal::NotFound.into()),
        };
        view.via = via.map(|v| v.to_string());
        view.file = file.filter(|_| whole);
        if report.is_some() {
            self.fill_rows(ctx, organisation, &mut view, whole, ask.after).await?;
            if view.partly && view.total == 0 {
                return Err(Refusal::NotFound.into());
            }
        }
        if view.components_total > 0 && whole {
            view.components = self.components(address).await?;
        }
        Ok(view)
    }
    async fn fill_rows(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        view: &mut ReportView,
        whole: bool,
        after: i64,
    ) -> Result<(), Error> {
        let address = view.address.clone();
        let (limit, filter, start) =
            if whole { (PAGE + 1, "", after) } else { (LOOKED, " AND finding_id IS NOT NULL", 0) };
        let sql = format!(
            "SELECT row_no, finding_id, body FROM sighting WHERE sha256 = $1 AND row_no > $2{filter} ORDER BY row_no LIMIT $3"
        );
        let found = self.db.rows(&sql, cells![address.as_str(), start, limit]).await?;
        let ids = found
            .iter()
            .filter_map(|r| maybe_id(r, "finding_id").transpose())
            .collect::<Result<Vec<_>, _>>()?;
        let labels = self.labels(ctx, organisation, ids).await?;
        if whole {
            let sql = "SELECT outcome, count(*) AS n FROM sighting WHERE sha256 = $1 GROUP BY outcome";
            for row in self.db.rows(sql, cells![address]).await? {
                view.outcomes.push((text(&row, "outcome")?, int(&row, "n")?.unsigned_abs()));
            }
            view.outcomes.sort_by_key(|(o, _)| {
                ["fail", "error", "not_checked", "muted", "pass"].iter().position(|k| k == o)
            });
            view.total = view.outcomes.iter().map(|(_, n)| n).sum();
            view.rows =
                found.iter().take(PAGE as usize).map(|r| row_view(r, &labels)).collect::<Result<_, _>>()?;
        } else {
            let seen: Vec<RowView> = found.iter().map(|r| row_view(r, &labels)).collect::<Result<_, _>>()?;
            let seen: Vec<RowView> = seen.into_iter().filter(|r| r.finding.is_some()).collect();
            view.partly = true;
            view.total = seen.len() as u64;
            view.rows = seen.into_iter().filter(|r| r.number > after).take(PAGE as usize + 1).collect();
            (view.targets, view.targets_total, view.subject, view.components_total) =
                (Vec::new(), 0, None, 0);
        }
        if found.len() > PAGE as usize && view.rows.len() >= PAGE as usize {
            view.rows.truncate(PAGE as usize);
            view.next = view.rows.last().map(|r| r.number);
        }
        Ok(())
    }
    /// One row of a report. At most four statements.
    pub async fn report_row(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        address: &str,
        number: i64,
        via: Option<&str>,
    ) -> Result<ReportRow, Error> {
        let address = App::address(address)?;
        let sql = "SELECT s.row_no, s.finding_id, s.body, r.path, r.tool, r.tool_version, r.ended_at FROM sighting s JOIN scan_report r ON r.sha256 = s.sha256 WHERE s.sha256 = $1 AND s.row_no = $2";
        let found = self.db.row(sql, cells![address, number]).await?.ok_or(Refusal::NotFound)?;
        let labels = self.labels(ctx, organisation, maybe_id(&found, "finding_id")?).await?;
        let row = row_view(&found, &labels)?;
        let named = |b: &Basis| match b {
            Basis::ScanRow { sha256, row } => sha256 == address && i64::try_from(*row) == Ok(number),
            Basis::File { sha256 } => sha256 == address,
            Basis::Event { .. } | Basis::Record { .. } => false,
        };
        let via = self
            .rests_on(ctx, organisation, via, |o| o.subjects.iter().any(|s| s.basis.iter().any(named)))
            .await?;
        if row.finding.is_none()
            && via.is_none()
            && !super::sees_all(ctx, organisation, Resource::Register("evidence"))
        {
            return Err(Refusal::NotFound.into());
        }
        let tool = tool_of(&found)?;
        let (path, at) = (text(&found, "path")?, maybe_moment(&found, "ended_at")?);
        Ok(ReportRow { address: address.to_owned(), path, tool, at, row, via: via.map(|v| v.to_string()) })
    }
    async fn file(&self, address: &str) -> Result<Option<ReadFile>, Error> {
        let sql = format!(
            "SELECT {} FROM evidence_file WHERE sha256 = $1 ORDER BY path LIMIT 1",
            super::evidence::COLUMNS
        );
        self.db.row(&sql, cells![address]).await?.as_ref().map(read_file).transpose()
    }
    async fn components(&self, address: &str) -> Result<Vec<Component>, Error> {
        let sql = format!(
            "SELECT name, version, purl, kind FROM component WHERE sha256 = $1 ORDER BY row_no LIMIT {}",
            marks(2, 1)
        );
        let rows = self.db.rows(&sql, cells![address, LISTED]).await?;
        let some = |text: String| Some(text).filter(|t| !t.is_empty());
        rows.iter()
            .map(|r| {
                Ok(Component {
                    name: text(r, "name")?,
                    version: some(text(r, "version")?),
                    purl: some(text(r, "purl")?),
                    kind: text(r, "kind")?,
                    licences: Vec::new(),
                })
            })
            .collect()
    }
}

fn head(address: &str, row: &QueryResult) -> Result<ReportView, Error> {
    let targets: Vec<Target> = serde_json::from_str(&text(row, "targets")?).map_err(Error::fault)?;
    Ok(ReportView {
        address: address.to_owned(),
        path: text(row, "path")?,
        file: None,
        tool: tool_of(row)?,
        period: (maybe_moment(row, "started_at")?, maybe_moment(row, "ended_at")?),
        complete: int(row, "complete")? != 0,
        failed: text(row, "failed")?,
        subject: serde_json::from_str(&text(row, "subject")?).ok(),
        outcomes: Vec::new(),
        rows: Vec::new(),
        total: 0,
        partly: false,
        next: None,
        targets_total: targets.len(),
        targets: targets.into_iter().take(LISTED as usize).collect(),
        components: Vec::new(),
        components_total: int(row, "components")?.unsigned_abs(),
        read_at: maybe_moment(row, "read_at")?,
        via: None,
    })
}

/// A file that holds no report: logs and tables.
fn of_file(address: &str, file: &ReadFile) -> ReportView {
    ReportView {
        address: address.to_owned(),
        path: file.path.clone(),
        file: None,
        tool: String::new(),
        period: (file.first, file.last),
        complete: true,
        failed: String::new(),
        subject: None,
        outcomes: Vec::new(),
        rows: Vec::new(),
        total: 0,
        partly: false,
        next: None,
        targets: Vec::new(),
        targets_total: 0,
        components: Vec::new(),
        components_total: 0,
        read_at: Some(file.read_at),
        via: None,
    }
}

/// The tool of a report and its version, in words for people.
pub(super) fn tool_of(row: &QueryResult) -> Result<String, Error> {
    let tool = text(row, "tool")?;
    let version = text(row, "tool_version")?;
    // Tools that are formats too have a name for people.
    let name = if wardkeep_intake::Format::from_key(&tool).is_some() { format_label(&tool) } else { tool };
    Ok(format!("{name} {version}").trim().to_owned())
}

fn row_view(row: &QueryResult, labels: &Labels) -> Result<RowView, Error> {
    let finding = maybe_id(row, "finding_id")?;
    Ok(RowView {
        number: int(row, "row_no")?,
        sighting: serde_json::from_str(&text(row, "body")?).map_err(Error::fault)?,
        finding: finding.and_then(|id| labels.get(id).cloned()),
    })
}
