//! The posture that an assessment ends with.

use super::alerts::TACTICS;
use super::{Assessed, Options, Totals};
use crate::{App, Ctx, Error};
use std::collections::{BTreeMap, HashMap};
use wardkeep_assure::{Effect, Instant};
use wardkeep_intake::Format;
use wardkeep_report::words::count;
use wardkeep_report::{
    Action, Alerts, ControlLine, Due, Evidence, FailingLine, FindingCount, FormatLine, Posture, TacticCount,
    TestLine, Unread,
};
use wardkeep_store::cells;
use wardkeep_types::observation::{Basis, Observation};
use wardkeep_types::{Date, Id, Moment, Severity, State};

impl App {
    #[allow(clippy::too_many_arguments)] // everything a run found, put together once
    pub(crate) async fn assessed(
        &self,
        ctx: &Ctx,
        options: &Options,
        totals: Totals,
        as_of: Moment,
        banner: Option<String>,
        seconds: f64,
        stopped: bool,
    ) -> Result<Assessed, Error> {
        let subject = options.paths.iter().map(|p| p.display().to_string()).collect::<Vec<_>>().join(", ");
        let mut posture = self.posture(ctx, as_of, subject).await?;
        posture.banner = banner;
        posture.evidence.files = totals.files;
        posture.evidence.bytes = totals.bytes;
        posture.evidence.events = totals.events;
        posture.formats = totals
            .formats
            .iter()
            .filter(|(key, _)| *key != "unknown")
            .map(|(key, c)| FormatLine {
                name: Format::from_key(key).map_or_else(|| key.clone(), |f| f.label().to_owned()),
                files: c.files,
                rows: c.rows,
                problems: c.problems,
            })
            .collect();
        posture.not_understood =
            totals.unread.into_iter().map(|(file, reason)| Unread { file, reason }).collect();
        posture.problems = totals.problems;
        posture.more_problems = totals.more_problems;
        posture.seconds = seconds;
        Ok(Assessed {
            posture,
            formats: totals.formats,
            events: totals.events,
            known_files: totals.known_files,
            stopped,
        })
    }
    /// The posture as of a moment, from what is stored.
    pub async fn posture(&self, ctx: &Ctx, as_of: Moment, subject: String) -> Result<Posture, Error> {
        let today = as_of.date();
        let at = Instant { as_of, known_at: ctx.now };
        let observations = self.observations(at).await?;
        let effects = self.effects_of(&observations, at).await?;
        let observations: HashMap<Id, Observation> =
            observations.into_iter().map(|r| (r.observation.id, r.observation)).collect();
        let places = self.places(&observations).await?;
        let mut controls = Vec::new();
        for (row, effect) in &effects {
            let outcomes = if row.category.is_empty() { Vec::new() } else { vec![row.category.clone()] };
            controls.push(control_line(&row.name, outcomes, effect, &observations, &places));
        }
        let findings = self.open_findings(today).await?;
        let alerts = self.alert_counts().await?;
        let row = self
            .db
            .row("SELECT min(first_at) AS a, max(last_at) AS b, count(*) AS n FROM evidence_file", cells![])
            .await?;
        let at = |name: &str| {
            row.as_ref()
                .and_then(|r| r.try_get::<Option<i64>>("", name).ok().flatten())
                .map(Moment::from_micros)
        };
        let first = self.first_actions(&effects, today).await?;
        Ok(Posture {
            as_of,
            subject,
            made_by: concat!("Wardkeep ", env!("CARGO_PKG_VERSION")).to_owned(),
            evidence: Evidence { from: at("a"), to: at("b"), ..Evidence::default() },
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
        })
    }
    /// Alerts by severity and tactic, but for dismissed ones.
    pub(super) async fn alert_counts(&self) -> Result<Alerts, Error> {
        let sql = "SELECT severity, tactic, count(*) AS n FROM alert WHERE stage <> 'dismissed' GROUP BY severity, tactic";
        let (mut by_severity, mut by_tactic): (BTreeMap<Severity, u64>, BTreeMap<String, u64>) =
            Default::default();
        let mut without = 0;
        for row in self.db.rows(sql, cells![]).await? {
            let text = |name: &str| row.try_get::<Option<String>>("", name).map_err(Error::fault);
            let n = row.try_get::<i64>("", "n").map_err(Error::fault)? as u64;
            let severity = text("severity")?.and_then(|s| s.parse().ok()).unwrap_or(Severity::Unknown);
            *by_severity.entry(severity).or_default() += n;
            match text("tactic")? {
                Some(tactic) => *by_tactic.entry(tactic).or_default() += n,
                None => without += n,
            }
        }
        let tactics = TACTICS.iter().filter_map(|(_, id, name)| {
            by_tactic.get(*id).map(|n| TacticCount { id: (*id).into(), name: (*name).into(), alerts: *n })
        });
        Ok(Alerts {
            by_severity: by_severity.into_iter().rev().collect(),
            by_tactic: tactics.collect(),
            without_tactic: without,
        })
    }
    /// Open findings by severity and deadline.
    pub(super) async fn open_findings(&self, today: Date) -> Result<Vec<FindingCount>, Error> {
        let sql = "SELECT severity, due, count(*) AS n FROM finding WHERE stage IN ('new', 'confirmed', 'claimed') GROUP BY severity, due";
        let mut counts: BTreeMap<(std::cmp::Reverse<Severity>, usize), u64> = BTreeMap::new();
        for row in self.db.rows(sql, cells![]).await? {
            let text = |name: &str| row.try_get::<Option<String>>("", name).map_err(Error::fault);
            let severity = text("severity")?.and_then(|s| s.parse().ok()).unwrap_or(Severity::Unknown);
            let due = Due::of(text("due")?.and_then(|d| d.parse().ok()), today);
            let place = Due::ALL.iter().position(|d| *d == due).unwrap_or(0);
            *counts.entry((std::cmp::Reverse(severity), place)).or_default() +=
                row.try_get::<i64>("", "n").map_err(Error::fault)? as u64;
        }
        Ok(counts
            .into_iter()
            .map(|((s, d), count)| FindingCount { severity: s.0, due: Due::ALL[d], count })
            .collect())
    }
    /// What to do first: failing controls and the worst open weaknesses and alerts, each with its reason.
    pub(super) async fn first_actions(
        &self,
        effects: &[(super::controls::ControlRow, Effect)],
        today: Date,
    ) -> Result<Vec<Action>, Error> {
        let mut actions = Vec::new();
        let overdue = "SELECT f.name, f.due, f.severity, f.ref_number, a.name AS asset FROM finding f LEFT JOIN asset a ON a.id = f.asset WHERE f.stage IN ('new', 'confirmed', 'claimed') AND f.severity IN ('critical', 'high') AND f.due IS NOT NULL ORDER BY CASE f.severity WHEN 'critical' THEN 0 ELSE 1 END, f.due, f.ref_number LIMIT 5";
        let alerts = "SELECT name, severity, host, event_count, ref_number FROM alert WHERE stage = 'new' AND severity IN ('critical', 'high') ORDER BY CASE severity WHEN 'critical' THEN 0 ELSE 1 END, last_event DESC, ref_number LIMIT 4";
        for row in self.db.rows(alerts, cells![]).await? {
            let text = |name: &str| {
                row.try_get::<Option<String>>("", name).map(Option::unwrap_or_default).map_err(Error::fault)
            };
            let number: i64 = row.try_get("", "ref_number").map_err(Error::fault)?;
            let events: i64 =
                row.try_get::<Option<i64>>("", "event_count").map_err(Error::fault)?.unwrap_or(1);
            let host = text("host")?;
            let on = if host.is_empty() { String::new() } else { format!(" on {host}") };
            actions.push(Action {
                what: format!("Look at \"{}\"{on}", text("name")?),
                why: format!(
                    "{events} log record{} and nobody has looked yet.",
                    if events == 1 { "" } else { "s" }
                ),
                places: vec![format!("ALR-{number:04}")],
                severity: text("severity")?.parse().ok(),
                due: None,
            });
        }
        for (row, effect) in effects.iter().filter(|(_, e)| e.state == State::Failing).take(4) {
            let reason = effect.reasons.first().map(|r| r.text.clone()).unwrap_or_default();
            let lift = effect.lift.as_ref().map(|l| format!(" {}", l.text)).unwrap_or_default();
            actions.push(Action {
                what: format!("Mend the control \"{}\"", row.name),
                why: format!("{reason}{lift}"),
                places: vec![row.reference.clone()],
                severity: None,
                due: None,
            });
        }
        for row in self.db.rows(overdue, cells![]).await? {
            let text = |name: &str| {
                row.try_get::<Option<String>>("", name).map(Option::unwrap_or_default).map_err(Error::fault)
            };
            let number: i64 = row.try_get("", "ref_number").map_err(Error::fault)?;
            let due: Option<Date> = text("due")?.parse().ok();
            let late = due.map_or(0, |d| today.days_since(d));
            let why = if late > 0 {
                format!("Its deadline passed {} ago.", count(late.unsigned_abs(), "day", "days"))
            } else {
                "It is due soon.".into()
            };
            let asset = text("asset")?;
            let on = if asset.is_empty() { String::new() } else { format!(" on {asset}") };
            actions.push(Action {
                what: format!("Fix \"{}\"{on}", text("name")?),
                why,
                places: vec![format!("FND-{number:04}")],
                severity: text("severity")?.parse().ok(),
                due,
            });
        }
        Ok(actions)
    }
    /// Where the log records and scan rows stand that observations rest on, in words.
    pub(crate) async fn places(
        &self,
        observations: &HashMap<Id, Observation>,
    ) -> Result<HashMap<Basis, String>, Error> {
        let mut places = HashMap::new();
        let wanted = observations.values().flat_map(|o| o.subjects.iter().take(50)).flat_map(|s| &s.basis);
        let wanted: std::collections::HashSet<&Basis> = wanted.collect();
        let events: Vec<&str> = wanted
            .iter()
            .filter_map(|b| if let Basis::Event { event } = b { Some(event.as_str()) } else { None })
            .collect();
        for chunk in events.chunks(500) {
            let marks: Vec<String> = (1..=chunk.len()).map(|i| format!("${i}")).collect();
            let sql = format!(
                "SELECT event_id, source, position FROM basis_event WHERE event_id IN ({})",
                marks.join(",")
            );
            for row in self.db.rows(&sql, chunk.iter().map(|e| (*e).into()).collect()).await? {
                let event: String = row.try_get("", "event_id").map_err(Error::fault)?;
                let source: String = row.try_get("", "source").map_err(Error::fault)?;
                let position: i64 = row.try_get("", "position").map_err(Error::fault)?;
                places.insert(Basis::Event { event }, format!("{source}, record {position}"));
            }
        }
        let mut paths: HashMap<String, String> = HashMap::new();
        for row in self.db.rows("SELECT sha256, path FROM scan_report", cells![]).await? {
            paths.insert(
                row.try_get("", "sha256").map_err(Error::fault)?,
                row.try_get("", "path").map_err(Error::fault)?,
            );
        }
        let ids: Vec<Id> = wanted
            .iter()
            .filter_map(|b| if let Basis::Record { id } = b { Some(*id) } else { None })
            .collect();
        let heads: HashMap<Id, String> = self
            .db
            .heads(&ids)
            .await?
            .into_iter()
            .map(|h| (h.id, format!("{} {}", h.reference, h.title)))
            .collect();
        for basis in wanted {
            let place = match basis {
                Basis::Event { .. } => continue,
                Basis::ScanRow { sha256, row } => paths.get(sha256).map(|p| format!("{p}, row {row}")),
                Basis::File { sha256 } => paths.get(sha256).cloned(),
                Basis::Record { id } => heads.get(id).cloned(),
            };
            if let Some(place) = place {
                places.insert(basis.clone(), place);
            }
        }
        Ok(places)
    }
}

/// A control's line, with the tests it rests on.
pub(super) fn control_line(
    name: &str,
    outcomes: Vec<String>,
    effect: &Effect,
    observations: &HashMap<Id, Observation>,
    places: &HashMap<Basis, String>,
) -> ControlLine {
    let tests = effect.tests.iter().map(|test| {
        let observation = test.observation.and_then(|id| observations.get(&id));
        let subjects = observation.map_or(&[][..], |o| &o.subjects[..]);
        let failing = subjects.iter().filter(|s| s.passed == Some(false) && !s.excepted);
        let shown: Vec<FailingLine> = failing
            .clone()
            .take(10)
            .map(|s| FailingLine {
                subject: s.subject.clone(),
                detail: s.detail.clone(),
                places: s.basis.iter().filter_map(|b| places.get(b)).cloned().collect(),
            })
            .collect();
        let failed = test.counts.map_or(0, |c| c.failed);
        TestLine {
            name: test.name.clone(),
            state: test.state,
            reasons: test.reasons.iter().map(|r| r.text.clone()).collect(),
            factors: test.factors.map(|f| [f.coverage, f.proven, f.freshness, f.strength]),
            shown: test.low,
            note: observation.map(|o| o.note.clone()).unwrap_or_default(),
            effective_at: test.effective_at,
            observation: observation.map(wardkeep_assure::observation::hash),
            more_failing: failed.saturating_sub(shown.len() as u64),
            failing: shown,
        }
    });
    ControlLine {
        name: name.to_owned(),
        outcomes,
        state: effect.state,
        shown: effect.shown,
        high: effect.high,
        reasons: effect.reasons.iter().map(|r| r.text.clone()).collect(),
        lift: effect.lift.as_ref().map(|l| l.text.clone()),
        tests: tests.collect(),
    }
}
