//! Findings: one for each weakness, asset and place, whatever reports say it and however often.

use super::assets::AssetIndex;
use super::reading::FileRead;
use super::{id_for, line, text};
use crate::records::{Edits, Proposal};
use crate::{App, Ctx, Error};
use std::collections::HashMap;
use wardkeep_register::Value;
use wardkeep_store::{Cell, cells};
use wardkeep_types::sighting::{AssetHint, Class, Outcome, Report, Sighting};
use wardkeep_types::{Date, Id, Moment, Severity};

/// The profile by severity (`specs/exposure.md` 8): days from the first sighting to the deadline. Info and
/// unknown have none: an unknown severity asks for a person, not for a date.
pub(super) fn days(severity: Severity) -> Option<i64> {
    match severity {
        Severity::Critical => Some(7),
        Severity::High => Some(30),
        Severity::Medium => Some(90),
        Severity::Low => Some(120),
        Severity::Info | Severity::Unknown => None,
    }
}

struct Draft {
    id: Id,
    identity: String,
    asset: Option<(Id, Id)>,
    first: Moment,
    last: Moment,
    sighting: Sighting,
}

struct Known {
    id: Id,
    stage: String,
    first: Option<Moment>,
    last: Option<Moment>,
    due: Option<Date>,
    severity: String,
    reopened: i64,
}

impl App {
    /// Writes reports, their rows, and the findings that follow from them.
    pub(crate) async fn write_reports(
        &self,
        ctx: &Ctx,
        unit: Id,
        reports: Vec<(FileRead, Report)>,
    ) -> Result<(), Error> {
        if reports.is_empty() {
            return Ok(());
        }
        let mut index = self.asset_index().await?;
        let mut hints: Vec<(AssetHint, FileRead)> = Vec::new();
        for (file, report) in &reports {
            let targets = report.targets.iter().filter(|t| t.reached).map(|t| &t.asset);
            let failing = report.sightings.iter().filter(|s| s.outcome == Outcome::Fail).map(|s| &s.asset);
            for hint in targets.chain(failing) {
                if !hints.iter().rev().take(50).any(|(known, _)| known == hint) {
                    hints.push((hint.clone(), file.clone()));
                }
            }
        }
        self.provisional_assets(ctx, unit, &mut index, &hints).await?;
        for (file, report) in reports {
            self.write_report(ctx, unit, &index, &file, report).await?;
        }
        Ok(())
    }
    async fn write_report(
        &self,
        ctx: &Ctx,
        unit: Id,
        index: &AssetIndex,
        file: &FileRead,
        report: Report,
    ) -> Result<(), Error> {
        // A report is as old as it says, else as its file; never from the future.
        let at = report.ended.or(report.started).unwrap_or(file.modified).min(ctx.now);
        let (mut drafts, mut rows): (HashMap<String, Draft>, Vec<(Id, &Sighting)>) =
            (HashMap::new(), Vec::new());
        for sighting in &report.sightings {
            let asset = index.of(&sighting.asset);
            let identity = identity(sighting, asset.map(|a| a.0));
            let id = id_for("finding", &identity);
            rows.push((id, sighting));
            if sighting.outcome != Outcome::Fail {
                continue;
            }
            let draft = drafts.entry(identity.clone()).or_insert_with(|| Draft {
                id,
                identity,
                asset,
                first: at,
                last: at,
                sighting: sighting.clone(),
            });
            if sighting.severity > draft.sighting.severity {
                draft.sighting = sighting.clone();
            }
        }
        let mut drafts: Vec<Draft> = drafts.into_values().collect();
        drafts.sort_by_key(|d| (d.sighting.row, d.id));
        for chunk in drafts.chunks(wardkeep_types::limits::BATCH_ROWS) {
            self.write_findings(ctx, unit, chunk).await?;
        }
        let known: std::collections::HashSet<Id> = drafts.iter().map(|d| d.id).collect();
        self.store_report(ctx, file, &report, &rows, &known).await
    }
    async fn write_findings(&self, ctx: &Ctx, unit: Id, drafts: &[Draft]) -> Result<(), Error> {
        let schema = App::schema("finding")?;
        let known = self.known_findings(drafts).await?;
        let mut proposals = Vec::new();
        let mut reopen = Vec::new();
        for draft in drafts {
            match known.get(&draft.identity) {
                None => {
                    let unit = draft.asset.map_or(unit, |a| a.1);
                    proposals.push(Proposal::add(schema, draft.id, unit, new_finding(draft)));
                }
                Some(old) => {
                    let edits = seen_again(draft, old);
                    if old.stage == "closed" && old.last.is_none_or(|last| draft.last > last) {
                        reopen.push(Proposal {
                            edits: Edits::from([
                                ("reopened".into(), Value::Int(old.reopened + 1)),
                                ("closed_on".into(), Value::Empty),
                            ]),
                            ..Proposal::movement(schema, old.id, None, "reopen")
                                .because("a report sees it again")
                        });
                    }
                    if !edits.is_empty() {
                        proposals.push(Proposal::change(schema, old.id, None, edits));
                    }
                }
            }
        }
        self.write_batch(ctx, proposals, vec![]).await?;
        self.write_batch(ctx, reopen, vec![]).await?;
        Ok(())
    }
    async fn known_findings(&self, drafts: &[Draft]) -> Result<HashMap<String, Known>, Error> {
        let mut known = HashMap::new();
        for chunk in drafts.chunks(500) {
            let marks: Vec<String> = (1..=chunk.len()).map(|i| format!("${i}")).collect();
            let sql = format!(
                "SELECT id, identity, stage, first_seen, last_seen, due, severity, reopened FROM finding WHERE identity IN ({})",
                marks.join(",")
            );
            for row in self.db.rows(&sql, chunk.iter().map(|d| d.identity.clone().into()).collect()).await? {
                let moment = |name: &str| {
                    row.try_get::<Option<i64>>("", name)
                        .map(|m| m.map(Moment::from_micros))
                        .map_err(Error::fault)
                };
                let text = |name: &str| row.try_get::<Option<String>>("", name).map_err(Error::fault);
                let found = Known {
                    id: Id::from_uuid(row.try_get("", "id").map_err(Error::fault)?),
                    stage: text("stage")?.unwrap_or_default(),
                    first: moment("first_seen")?,
                    last: moment("last_seen")?,
                    due: text("due")?.and_then(|d| d.parse().ok()),
                    severity: text("severity")?.unwrap_or_default(),
                    reopened: row.try_get::<Option<i64>>("", "reopened").map_err(Error::fault)?.unwrap_or(0),
                };
                known.insert(text("identity")?.unwrap_or_default(), found);
            }
        }
        Ok(known)
    }
    /// Keeps the report's rows, so that a finding opens down to the row that says it.
    async fn store_report(
        &self,
        ctx: &Ctx,
        file: &FileRead,
        report: &Report,
        rows: &[(Id, &Sighting)],
        findings: &std::collections::HashSet<Id>,
    ) -> Result<(), Error> {
        let tx = self.db.begin().await?;
        let subject = report.subject.as_ref().and_then(|s| serde_json::to_string(s).ok()).unwrap_or_default();
        let targets = serde_json::to_string(&report.targets).unwrap_or_default();
        let sql = "INSERT INTO scan_report (sha256, path, tool, tool_version, started_at, ended_at, complete, failed, rows, targets, components, subject, read_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) ON CONFLICT (sha256) DO NOTHING";
        let at = report.ended.or(report.started).unwrap_or(file.modified).min(ctx.now);
        let values = cells![
            file.sha256.clone(),
            file.path.clone(),
            report.tool.clone(),
            report.tool_version.clone().unwrap_or_default(),
            report.started.unwrap_or(at),
            at,
            report.complete,
            report.tool_failed.clone().unwrap_or_default(),
            report.sightings.len() as i64,
            targets,
            report.components.len() as i64,
            subject,
            ctx.now,
        ];
        tx.run(sql, values).await?;
        let insert = "INSERT INTO sighting (sha256, row_no, finding_id, severity, outcome, body) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (sha256, row_no) DO NOTHING";
        for (number, (finding, sighting)) in rows.iter().enumerate() {
            let finding = findings.contains(finding).then_some(*finding);
            let body = serde_json::to_string(sighting).unwrap_or_default();
            let outcome =
                serde_json::to_value(sighting.outcome).ok().and_then(|v| v.as_str().map(str::to_owned));
            let row_no = if sighting.row > 0 { sighting.row as i64 } else { number as i64 + 1 };
            let values = cells![
                file.sha256.clone(),
                row_no,
                finding,
                sighting.severity.key(),
                outcome.unwrap_or_default(),
                body
            ];
            tx.run(insert, values).await?;
        }
        let insert = "INSERT INTO component (sha256, row_no, name, version, purl, kind) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (sha256, row_no) DO NOTHING";
        for (number, component) in report.components.iter().enumerate() {
            let values: Vec<Cell> = cells![
                file.sha256.clone(),
                number as i64 + 1,
                component.name.clone(),
                component.version.clone().unwrap_or_default(),
                component.purl.clone().unwrap_or_default(),
                component.kind.clone(),
            ];
            tx.run(insert, values).await?;
        }
        Ok(tx.commit().await?)
    }
}

/// The key that keeps a finding one over many reports: class, asset, and what the reader made of weakness and
/// place, which holds no version, score or date (`specs/exposure.md` 5).
fn identity(sighting: &Sighting, asset: Option<Id>) -> String {
    let asset = asset.map_or_else(|| sighting.asset.label().to_lowercase(), |a| a.to_string());
    let key = format!("1|{:?}|{asset}|{}", sighting.class, sighting.identity);
    format!("1:{}", &blake3::hash(key.as_bytes()).to_hex()[..32])
}

fn class_key(class: Class) -> &'static str {
    match class {
        Class::Package => "package",
        Class::HostCheck | Class::Other => "host",
        Class::Compliance => "benchmark",
        Class::Code => "code",
        Class::Web => "web",
        Class::Cloud => "cloud",
        Class::Secret => "secret",
    }
}

fn new_finding(draft: &Draft) -> Edits {
    let s = &draft.sighting;
    let ids: Vec<String> = s.vulnerabilities.iter().map(|v| line(v)).filter(|v| !v.is_empty()).collect();
    let maybe = |value: Option<&str>| {
        value.filter(|v| !v.trim().is_empty()).map_or(Value::Empty, |v| Value::text(&line(v)))
    };
    let description = [
        s.solution.as_deref().map(|x| format!("**What to do:** {x}")),
        s.evidence.as_deref().map(|e| format!("**As reported:**\n\n{e}")),
    ];
    let description = description.into_iter().flatten().collect::<Vec<_>>().join("\n\n");
    let title = if s.title.trim().is_empty() { &s.rule } else { &s.title };
    let due = days(s.severity).map(|d| draft.first.date().plus_days(d));
    Edits::from([
        ("name".into(), Value::text(&line(if title.trim().is_empty() { "Unnamed check" } else { title }))),
        ("class".into(), Value::Choice(class_key(s.class).into())),
        ("severity".into(), Value::Choice(s.severity.key().into())),
        ("asset".into(), draft.asset.map_or(Value::Empty, |a| Value::Link(a.0))),
        ("description".into(), Value::text(&text(&description))),
        ("vulnerability".into(), ids.first().map_or(Value::Empty, |v| Value::text(v))),
        ("weaknesses".into(), Value::text(&text(&ids.join("\n")))),
        ("flaw".into(), maybe(s.cwe.as_deref())),
        ("tool".into(), maybe(Some(&s.tool))),
        ("rule".into(), maybe(Some(&s.rule))),
        ("locus".into(), maybe(Some(&s.locus))),
        ("identity".into(), Value::text(&draft.identity)),
        ("confidence".into(), Value::Choice("likely".into())),
        ("presence".into(), Value::Choice("present".into())),
        ("verdict".into(), Value::Choice("none".into())),
        ("fixed_in".into(), maybe(s.fixed_in.as_deref())),
        ("first_seen".into(), Value::Moment(draft.first)),
        ("last_seen".into(), Value::Moment(draft.last)),
        ("due".into(), due.map_or(Value::Empty, Value::Date)),
        ("deadline_profile".into(), Value::text("severity/1.0.0")),
        (
            "deadline_outcome".into(),
            days(s.severity).map_or(Value::Empty, |d| Value::text(&format!("{d} days"))),
        ),
    ])
}

/// What a further report changes: times widen, severity follows the newest report, a deadline only ever moves
/// earlier by itself.
fn seen_again(draft: &Draft, old: &Known) -> Edits {
    let mut edits = Edits::new();
    if old.first.is_none_or(|first| draft.first < first) {
        edits.insert("first_seen".into(), Value::Moment(draft.first));
    }
    if old.last.is_none_or(|last| draft.last > last) {
        edits.insert("last_seen".into(), Value::Moment(draft.last));
        edits.insert("presence".into(), Value::Choice("present".into()));
        if old.severity != draft.sighting.severity.key() {
            edits.insert("severity".into(), Value::Choice(draft.sighting.severity.key().into()));
        }
        let first = old.first.map_or(draft.first, |f| f.min(draft.first));
        let candidate = days(draft.sighting.severity).map(|d| first.date().plus_days(d));
        if let Some(candidate) = candidate.filter(|c| old.due.is_none_or(|due| *c < due)) {
            edits.insert("due".into(), Value::Date(candidate));
        }
    }
    edits
}
