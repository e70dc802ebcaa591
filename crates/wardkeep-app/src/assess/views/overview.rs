//! The posture as it was last worked out, as far as the reader may see it.

use super::facts::format_label;
use super::row::{id, int, maybe_moment, moment, text};
use crate::{App, Ctx, Error, Organisation, Refusal};
use std::collections::HashMap;
use wardkeep_assure::Effect;
use wardkeep_register::Verb;
use wardkeep_report::{Alerts, Evidence, FormatLine, Posture, Unread};
use wardkeep_rights::{Named, Resource, scope};
use wardkeep_store::cells;
use wardkeep_types::{Id, Moment};

/// The posture for a page.
#[derive(Debug, Clone)]
pub struct PostureView {
    /// What is the case.
    pub posture: Posture,
    /// References of the controls, in their order.
    pub references: Vec<String>,
    /// When it was worked out; `None` before the first assessment.
    pub computed_at: Option<Moment>,
    /// What the reader may not see, by register key.
    pub hidden: Vec<&'static str>,
    /// Files that were not understood, beyond those listed.
    pub more_unread: u64,
}

/// Files listed that were not understood.
const UNREAD: i64 = 25;
/// Formats whose rows are log records.
const LOGS: [&str; 7] = ["evtx", "windows_json", "cloudtrail", "json", "syslog", "auth_log", "web_access"];

impl App {
    /// The posture of the organisation as it was last worked out. Nine statements.
    pub async fn posture_view(&self, ctx: &Ctx, organisation: &Organisation) -> Result<PostureView, Error> {
        let sees = |register: &'static str| super::sees_all(ctx, organisation, Resource::Register(register));
        if scope(&ctx.actor, &organisation.units, Resource::Register("control"), Verb::View).is_empty() {
            return Err(Refusal::NotFound.into());
        }
        let hidden: Vec<&'static str> =
            ["alert", "finding", "evidence"].into_iter().filter(|r| !sees(r)).collect();
        let shown = |register: &str| !hidden.contains(&register);
        let mut results = self.latest_results().await?;
        let mut effects = Vec::new();
        let (mut as_of, mut computed_at): (Option<Moment>, Option<Moment>) = (None, None);
        let mut rows = self.control_rows().await?;
        if !sees("control") {
            // Somebody of a single unit sees its controls; what belongs to no unit stays hidden.
            let labels = self.labels(ctx, organisation, rows.iter().map(|r| r.id)).await?;
            rows.retain(|r| labels.get(r.id).is_some());
        }
        for control in rows {
            if let Some((effect, at)) = results.remove(&control.id) {
                as_of = as_of.max(Some(effect.at.as_of));
                computed_at = computed_at.max(Some(at));
                effects.push((control, effect));
            }
        }
        let as_of = as_of.unwrap_or(ctx.now);
        let today = as_of.date();
        let (none, nowhere) = (HashMap::new(), HashMap::new());
        let outcomes =
            |category: &str| if category.is_empty() { Vec::new() } else { vec![category.to_owned()] };
        let controls = effects.iter().map(|(row, effect)| {
            super::super::posture::control_line(&row.name, outcomes(&row.category), effect, &none, &nowhere)
        });
        let controls = controls.collect();
        let findings = if shown("finding") { self.open_findings(today).await? } else { Vec::new() };
        let alerts = if shown("alert") { self.alert_counts().await? } else { Alerts::default() };
        let mut first = self.first_actions(&effects, today).await?;
        let may = |place: &String| match place.get(..3) {
            Some("ALR") => shown("alert"),
            Some("FND") => shown("finding"),
            _ => true,
        };
        first.retain(|action| action.places.iter().all(may));
        let mut posture = Posture {
            as_of,
            subject: organisation
                .units
                .roots()
                .next()
                .map(|root| organisation.unit(root).1.to_owned())
                .unwrap_or_default(),
            made_by: concat!("Wardkeep ", env!("CARGO_PKG_VERSION")).to_owned(),
            evidence: Evidence::default(),
            banner: None,
            formats: Vec::new(),
            not_understood: Vec::new(),
            alerts,
            findings,
            controls,
            first,
            problems: Vec::new(),
            more_problems: 0,
            seconds: 0.0,
        };
        let more_unread = if shown("evidence") { self.fill_evidence(&mut posture).await? } else { 0 };
        if !super::sees_all(ctx, organisation, Named::Observation) {
            // What failed and where is not for everybody who sees that something did.
            posture.controls.iter_mut().flat_map(|c| &mut c.tests).for_each(|t| t.failing.clear());
        }
        let references = effects.into_iter().map(|(row, _)| row.reference).collect();
        Ok(PostureView { posture, references, computed_at, hidden, more_unread })
    }
    /// The same as a file to keep or send: with every failing subject, for who may see all of it.
    pub async fn posture_file(&self, ctx: &Ctx, organisation: &Organisation) -> Result<Posture, Error> {
        let view = self.posture_view(ctx, organisation).await?;
        let sees_all = view.hidden.is_empty() && super::sees_all(ctx, organisation, Named::Observation);
        if !sees_all {
            return Ok(view.posture);
        }
        let begun = self.clock.now();
        let mut posture = self.posture(ctx, view.posture.as_of, view.posture.subject.clone()).await?;
        posture.evidence = view.posture.evidence;
        posture.formats = view.posture.formats;
        posture.not_understood = view.posture.not_understood;
        posture.seconds = (self.clock.now().as_micros() - begun.as_micros()) as f64 / 1e6;
        Ok(posture)
    }
    /// The newest result of every control.
    async fn latest_results(&self) -> Result<HashMap<Id, (Effect, Moment)>, Error> {
        let sql = "SELECT r.control_id, r.computed_at, r.why FROM control_result r JOIN (SELECT control_id, max(computed_at) AS computed_at FROM control_result GROUP BY control_id) n ON n.control_id = r.control_id AND n.computed_at = r.computed_at";
        let mut found = HashMap::new();
        for row in self.db.rows(sql, cells![]).await? {
            let effect: Effect = serde_json::from_str(&text(&row, "why")?).map_err(Error::fault)?;
            found.insert(id(&row, "control_id")?, (effect, moment(&row, "computed_at")?));
        }
        Ok(found)
    }
    /// What was read by format, and what was not understood; gives how many files beyond those listed.
    async fn fill_evidence(&self, posture: &mut Posture) -> Result<u64, Error> {
        let sql = "SELECT format, state, count(*) AS n, CAST(sum(rows) AS BIGINT) AS total, CAST(sum(size) AS BIGINT) AS bytes, min(first_at) AS a, max(last_at) AS b FROM evidence_file GROUP BY format, state ORDER BY format, state";
        let mut unread = 0;
        for row in self.db.rows(sql, cells![]).await? {
            let count = |name: &str| int(&row, name).map(i64::unsigned_abs);
            let (format, files) = (text(&row, "format")?, count("n")?);
            let evidence = &mut posture.evidence;
            evidence.files += files;
            evidence.bytes += count("bytes")?;
            evidence.from = [evidence.from, maybe_moment(&row, "a")?].into_iter().flatten().min();
            evidence.to = evidence.to.max(maybe_moment(&row, "b")?);
            if format.is_empty() || format == "unknown" || text(&row, "state")? == "refused" {
                unread += files;
                continue;
            }
            let (name, rows) = (format_label(&format), count("total")?);
            if LOGS.contains(&format.as_str()) {
                posture.evidence.events += rows;
            }
            match posture.formats.iter_mut().find(|f| f.name == name) {
                Some(line) => (line.files, line.rows) = (line.files + files, line.rows + rows),
                None => posture.formats.push(FormatLine { name, files, rows, problems: 0 }),
            }
        }
        let sql = "SELECT path, problems FROM evidence_file WHERE format IN ('', 'unknown') OR state = 'refused' ORDER BY path LIMIT $1";
        for row in self.db.rows(sql, cells![UNREAD]).await? {
            posture
                .not_understood
                .push(Unread { file: text(&row, "path")?, reason: text(&row, "problems")? });
        }
        Ok(unread.saturating_sub(posture.not_understood.len() as u64))
    }
}
