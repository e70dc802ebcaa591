//! Alerts: born once under their key, grown when more of the same arrives.

use super::assets::AssetIndex;
use super::reading::{AlertDraft, Claim, Sample, sample};
use super::{line, text};
use crate::ioc::IocFacts;
use crate::records::{Edits, Proposal};
use crate::{App, Ctx, Error};
use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;
use wardkeep_detect::{AlertKey, Rule, RuleSet};
use wardkeep_register::{Schema, Value};
use wardkeep_store::{Cell, cells};
use wardkeep_types::event::EventId;
use wardkeep_types::{Id, Moment};

impl App {
    /// Writes drafts as alerts. Repeating changes nothing: an alert is found by its key, an event by its id.
    pub(crate) async fn write_alerts(
        &self,
        ctx: &Ctx,
        unit: Id,
        rules: &RuleSet,
        drafts: HashMap<AlertKey, AlertDraft>,
    ) -> Result<(), Error> {
        if drafts.is_empty() {
            return Ok(());
        }
        let schema = App::schema("alert")?;
        let assets = self.asset_index().await?;
        let mut drafts: Vec<AlertDraft> = drafts.into_values().collect();
        drafts.sort_by_key(|d| (d.from, d.key));
        self.find_samples(&mut drafts).await?;
        let facts = self.facts_of(&drafts).await?;
        let births = Births { rules, facts: &facts, assets: &assets, unit };
        for chunk in drafts.chunks(500) {
            let known = self.known_alerts(chunk).await?;
            let (mut proposals, mut rows): (Vec<Proposal>, Vec<(String, Vec<Cell>)>) =
                (Vec::new(), Vec::new());
            for draft in chunk {
                let key = draft.key.to_string();
                let id = super::id_for("alert", &key);
                match known.get(&key) {
                    None => {
                        let Some(new) = births.proposal(schema, id, draft, &key) else { continue };
                        proposals.push(new);
                        rows.extend(events(id, draft, &HashSet::new()));
                    }
                    Some(old) => {
                        let fresh = draft.events.iter().filter(|e| !old.events.contains(*e)).count() as u64;
                        if fresh == 0 {
                            continue;
                        }
                        let edits = grown((old.first, old.last, old.count), fresh, draft);
                        proposals.push(
                            Proposal::change(schema, old.id, None, edits).because("more of the same arrived"),
                        );
                        rows.extend(events(old.id, draft, &old.events));
                    }
                }
            }
            self.write_batch(ctx, proposals, rows).await?;
        }
        Ok(())
    }
    /// What the alerts of indicators say of them.
    pub(super) async fn facts_of(&self, drafts: &[AlertDraft]) -> Result<HashMap<Id, IocFacts>, Error> {
        let named = drafts.iter().filter_map(|draft| match &draft.claim {
            Claim::Ioc(ioc, _) => Some(ioc.id),
            Claim::Rule(_) => None,
        });
        let ids: HashSet<Id> = named.collect();
        self.ioc_facts(&ids.into_iter().collect::<Vec<_>>()).await
    }
    async fn known_alerts(&self, drafts: &[AlertDraft]) -> Result<HashMap<String, Known>, Error> {
        let marks: Vec<String> = (1..=drafts.len()).map(|i| format!("${i}")).collect();
        let marks = marks.join(",");
        let keys: Vec<Cell> = drafts.iter().map(|d| d.key.to_string().into()).collect();
        let sql = format!(
            "SELECT id, source_ref, first_event, last_event, event_count FROM alert WHERE source_ref IN ({marks})"
        );
        let mut known = HashMap::new();
        let mut by_id: HashMap<Id, String> = HashMap::new();
        for row in self.db.rows(&sql, keys.clone()).await? {
            let moment = |name: &str| {
                row.try_get::<Option<i64>>("", name).map(|m| m.map(Moment::from_micros)).map_err(Error::fault)
            };
            let key: String = row.try_get("", "source_ref").map_err(Error::fault)?;
            let id = Id::from_uuid(row.try_get("", "id").map_err(Error::fault)?);
            let count = row.try_get::<Option<i64>>("", "event_count").map_err(Error::fault)?.unwrap_or(0);
            by_id.insert(id, key.clone());
            known.insert(
                key,
                Known {
                    id,
                    first: moment("first_event")?,
                    last: moment("last_event")?,
                    count,
                    events: HashSet::new(),
                },
            );
        }
        if known.is_empty() {
            return Ok(known);
        }
        let sql = format!(
            "SELECT e.alert_id, e.event_id FROM alert_event e JOIN alert a ON a.id = e.alert_id WHERE a.source_ref IN ({marks})"
        );
        for row in self.db.rows(&sql, keys).await? {
            let id = Id::from_uuid(row.try_get("", "alert_id").map_err(Error::fault)?);
            let event: String = row.try_get("", "event_id").map_err(Error::fault)?;
            let mut bytes = [0; 16];
            if hex::decode_to_slice(event, &mut bytes).is_ok()
                && let Some(known) = by_id.get(&id).and_then(|key| known.get_mut(key))
            {
                known.events.insert(EventId(bytes));
            }
        }
        Ok(known)
    }
    /// Correlations name events by id only: fetches the first few of each from the store.
    async fn find_samples(&self, drafts: &mut [AlertDraft]) -> Result<(), Error> {
        let bare = drafts.iter().filter(|d| d.samples.is_empty());
        let wanted: HashSet<EventId> = bare.flat_map(|d| d.events.iter().take(20)).copied().collect();
        if wanted.is_empty() {
            return Ok(());
        }
        let (folder, names) = (self.folder.events(), self.event_files(None).await?);
        let found: HashMap<EventId, Sample> = tokio::task::spawn_blocking(move || {
            let mut found = HashMap::new();
            for name in names {
                wardkeep_events::store::read_events(&folder, &name, |event| {
                    if wanted.contains(&event.id) {
                        found.insert(event.id, sample(&event));
                    }
                    if found.len() == wanted.len() {
                        ControlFlow::Break(())
                    } else {
                        ControlFlow::Continue(())
                    }
                })
                .map_err(Error::fault)?;
            }
            Ok::<_, Error>(found)
        })
        .await
        .map_err(Error::fault)??;
        for draft in drafts.iter_mut().filter(|d| d.samples.is_empty()) {
            draft.samples = draft.events.iter().take(20).filter_map(|e| found.get(e)).cloned().collect();
        }
        Ok(())
    }
}

struct Known {
    id: Id,
    first: Option<Moment>,
    last: Option<Moment>,
    count: i64,
    events: HashSet<EventId>,
}

pub(super) fn value(draft: &AlertDraft, name: &str) -> Option<String> {
    draft.group.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.to_string())
}

/// What every new alert is made with.
pub(super) struct Births<'a> {
    pub rules: &'a RuleSet,
    pub facts: &'a HashMap<Id, IocFacts>,
    pub assets: &'a AssetIndex,
    /// Of alerts whose host is no known asset.
    pub unit: Id,
}

impl Births<'_> {
    /// A new alert, in the unit of the asset that its host is; nothing where its rule or indicator is gone.
    pub(super) fn proposal(
        &self,
        schema: &'static Schema,
        id: Id,
        draft: &AlertDraft,
        key: &str,
    ) -> Option<Proposal> {
        let found = value(draft, "host").as_deref().and_then(|host| self.assets.find(host));
        let edits = new_alert(self.rules, self.facts, draft, key, found.map(|asset| asset.0))?;
        Some(Proposal::add(schema, id, found.map_or(self.unit, |asset| asset.1), edits))
    }
}

/// How an alert with these first and last events and that count grows by the `fresh` ones of a draft.
pub(super) fn grown(
    (first, last, count): (Option<Moment>, Option<Moment>, i64),
    fresh: u64,
    draft: &AlertDraft,
) -> Edits {
    let first = first.map_or(draft.from, |first| first.min(draft.from));
    let last = last.map_or(draft.at, |last| last.max(draft.at));
    Edits::from([
        ("first_event".into(), Value::Moment(first)),
        ("last_event".into(), Value::Moment(last)),
        ("event_count".into(), Value::Int(count + fresh as i64)),
    ])
}

/// The fields of a new alert; nothing when what claims it is no longer there.
fn new_alert(
    rules: &RuleSet,
    facts: &HashMap<Id, IocFacts>,
    draft: &AlertDraft,
    key: &str,
    asset: Option<Id>,
) -> Option<Edits> {
    let maybe = |value: Option<&str>| value.map_or(Value::Empty, |v| Value::text(&line(v)));
    let mut edits = match &draft.claim {
        Claim::Rule(place) => of_rule(rules.rules().get(*place)?, draft),
        Claim::Ioc(ioc, field) => facts.get(&ioc.id)?.edits(ioc, field, draft),
    };
    edits.extend([
        ("source".into(), Value::text("Wardkeep detection")),
        ("source_ref".into(), Value::text(key)),
        ("first_event".into(), Value::Moment(draft.from)),
        ("last_event".into(), Value::Moment(draft.at)),
        ("event_count".into(), Value::Int(draft.count.max(1) as i64)),
        ("host".into(), maybe(value(draft, "host").as_deref())),
        ("account".into(), maybe(value(draft, "user").as_deref())),
        ("asset".into(), asset.map_or(Value::Empty, Value::Link)),
        ("verdict".into(), Value::Choice("undecided".into())),
    ]);
    Some(edits)
}

fn of_rule(rule: &Rule, draft: &AlertDraft) -> Edits {
    let group: Vec<String> = draft.group.iter().map(|(n, v)| format!("{n}: {}", line(v))).collect();
    let causes = rule.falsepositives.iter().map(|f| format!("- {}", line(f))).collect::<Vec<_>>().join("\n");
    let description = format!(
        "{}\n\n**Condition:** `{}`\n\n{}",
        rule.description.trim(),
        rule.condition.replace('`', "'"),
        if causes.is_empty() { String::new() } else { format!("Known harmless causes:\n\n{causes}") }
    );
    let maybe = |value: Option<&str>| value.map_or(Value::Empty, |v| Value::text(&line(v)));
    let tactic = rule.tactics.iter().find_map(|t| tactic_id(t));
    let technique = rule.techniques.iter().find(|t| technique_fits(t)).map(String::as_str);
    Edits::from([
        ("name".into(), Value::text(&line(&rule.title))),
        ("severity".into(), Value::Choice(rule.level.key().into())),
        ("description".into(), Value::text(&text(&description))),
        ("rule".into(), Value::text(&line(&rule.id))),
        ("tactic".into(), maybe(tactic)),
        ("technique".into(), maybe(technique)),
        ("observables".into(), Value::text(&text(&group.join("\n")))),
        ("tlp".into(), Value::Choice("amber".into())),
    ])
}

fn technique_fits(technique: &str) -> bool {
    let rest = technique.strip_prefix('T').unwrap_or_default();
    let (number, sub) = rest.split_once('.').unwrap_or((rest, "000"));
    number.len() == 4 && sub.len() == 3 && (number.chars().chain(sub.chars())).all(|c| c.is_ascii_digit())
}

/// Tactics of MITRE ATT&CK for enterprise: short name and id.
pub(crate) const TACTICS: [(&str, &str, &str); 14] = [
    ("reconnaissance", "TA0043", "Reconnaissance"),
    ("resource-development", "TA0042", "Resource development"),
    ("initial-access", "TA0001", "Initial access"),
    ("execution", "TA0002", "Execution"),
    ("persistence", "TA0003", "Persistence"),
    ("privilege-escalation", "TA0004", "Privilege escalation"),
    ("defense-evasion", "TA0005", "Defence evasion"),
    ("credential-access", "TA0006", "Credential access"),
    ("discovery", "TA0007", "Discovery"),
    ("lateral-movement", "TA0008", "Lateral movement"),
    ("collection", "TA0009", "Collection"),
    ("command-and-control", "TA0011", "Command and control"),
    ("exfiltration", "TA0010", "Exfiltration"),
    ("impact", "TA0040", "Impact"),
];

pub(crate) fn tactic_id(name: &str) -> Option<&'static str> {
    // Names that newer versions of ATT&CK gave to parts of defence evasion.
    let name = if matches!(name, "stealth" | "defense-impairment") { "defense-evasion" } else { name };
    TACTICS.iter().find(|(key, _, _)| *key == name).map(|(_, id, _)| *id)
}

pub(super) fn events(alert: Id, draft: &AlertDraft, known: &HashSet<EventId>) -> Vec<(String, Vec<Cell>)> {
    let sql = "INSERT INTO alert_event (alert_id, event_id, at, source, position, raw, fields) VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (alert_id, event_id) DO NOTHING";
    let shown: HashMap<EventId, &Sample> = draft.samples.iter().map(|s| (s.id, s)).collect();
    let fresh = draft.events.iter().filter(|e| !known.contains(*e));
    fresh
        .map(|event| {
            let id = event.to_string();
            let values = match shown.get(event) {
                Some(s) => cells![
                    alert,
                    id,
                    s.at,
                    s.source.clone(),
                    s.position as i64,
                    s.raw.clone(),
                    s.fields.clone()
                ],
                None => cells![alert, id, draft.at, "", 0_i64, "", ""],
            };
            (sql.to_owned(), values)
        })
        .collect()
}
