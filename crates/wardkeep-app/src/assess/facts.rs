//! Records, findings and reports as the facts that control tests ask for.

use crate::{App, Error, Organisation};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};
use wardkeep_assure::{Fact, Row, scan_rows, sighting_row};
use wardkeep_register::{Kind, Schema, Stored, Value};
use wardkeep_store::{ListQuery, Reach, Sort, cells};
use wardkeep_types::observation::Basis;
use wardkeep_types::sighting::{Component, Report, Sighting, Target};
use wardkeep_types::{Id, Moment};

impl App {
    /// Every record of a register, in pages, as facts.
    pub(crate) async fn record_rows(
        &self,
        organisation: &Organisation,
        register: &str,
    ) -> Result<Vec<Row>, Error> {
        if register == "technique" {
            return self.technique_rows().await;
        }
        let Some(schema) = wardkeep_registers::by_key(register) else { return Ok(Vec::new()) };
        let mut stored = Vec::new();
        let mut ask = ListQuery {
            schema,
            custom: organisation.custom(schema.key),
            reach: Reach { system: true, ..Reach::default() },
            filters: Vec::new(),
            text: None,
            sort: Sort { column: "ref_number".into(), descending: false },
            after: None,
            limit: 1_000,
            known_at: None,
        };
        loop {
            let page = self.db.list(&ask).await?;
            stored.extend(page.rows);
            match page.next {
                Some(next) => ask.after = Some(next),
                None => break,
            }
        }
        if schema.fields.iter().any(|f| matches!(f.kind, Kind::Links(_))) {
            for chunk in stored.chunks_mut(500) {
                self.fill_links(schema, chunk, None).await?;
            }
        }
        let ids: Vec<Id> =
            stored.iter().flat_map(|s| s.row.values.iter().flat_map(|v| v.links().to_vec())).collect();
        let mut names: HashMap<Id, String> = HashMap::new();
        let ids: Vec<Id> = ids.into_iter().collect::<std::collections::HashSet<_>>().into_iter().collect();
        for head in self.db.heads(&ids).await? {
            let shown = if head.register == "person" {
                head.title
            } else {
                format!("{} {}", head.reference, head.title)
            };
            names.insert(head.id, shown);
        }
        let assets = if register == "service" { self.names_of_services().await? } else { HashMap::new() };
        Ok(stored.iter().map(|record| record_row(schema, record, &names, &assets)).collect())
    }
    /// For each service, the names of the assets that support it: a bill of materials speaks of software.
    async fn names_of_services(&self) -> Result<HashMap<Id, Vec<String>>, Error> {
        let sql = "SELECT l.to_id AS service, a.name, a.hostnames, a.aliases, a.software_id FROM link l JOIN asset a ON a.id = l.from_id WHERE l.field = 'supports' AND l.to_change IS NULL AND a.stage <> 'retired'";
        let mut names: HashMap<Id, Vec<String>> = HashMap::new();
        for row in self.db.rows(sql, cells![]).await? {
            let service = Id::from_uuid(row.try_get("", "service").map_err(Error::fault)?);
            for column in ["name", "hostnames", "aliases", "software_id"] {
                let text: Option<String> = row.try_get("", column).map_err(Error::fault)?;
                names
                    .entry(service)
                    .or_default()
                    .extend(text.iter().flat_map(|t| t.lines()).map(str::to_owned));
            }
        }
        Ok(names)
    }
    /// Stored reports as rows of scans and of sightings.
    pub(crate) async fn report_rows(
        &self,
        from: Moment,
        sightings: bool,
    ) -> Result<(Vec<Row>, Vec<Row>), Error> {
        let index = self.asset_index().await?;
        let references = self.asset_references().await?;
        let label = |hint: &wardkeep_types::sighting::AssetHint| {
            index.of(hint).and_then(|a| references.get(&a.0)).cloned()
        };
        let (mut scans, mut rows) = (Vec::new(), Vec::new());
        let sql = "SELECT sha256, tool, ended_at, complete, failed, targets, components, subject FROM scan_report WHERE ended_at >= $1 ORDER BY ended_at, sha256";
        for row in self.db.rows(sql, cells![from]).await? {
            let text = |name: &str| row.try_get::<String>("", name).map_err(Error::fault);
            let int = |name: &str| {
                row.try_get::<Option<i64>>("", name).map(|i| i.unwrap_or(0)).map_err(Error::fault)
            };
            let (sha256, at) = (text("sha256")?, Moment::from_micros(int("ended_at")?));
            let targets: Vec<Target> = serde_json::from_str(&text("targets")?).map_err(Error::fault)?;
            let subject: Option<Component> = serde_json::from_str(&text("subject")?).ok();
            let kept = self.sightings_of(&sha256).await?;
            let blank = || Component {
                name: String::new(),
                version: None,
                purl: None,
                kind: String::new(),
                licences: Vec::new(),
            };
            let report = Report {
                tool: text("tool")?,
                ended: Some(at),
                targets,
                components: (0..int("components")?).map(|_| blank()).collect(),
                subject,
                sightings: kept,
                complete: int("complete")? != 0,
                tool_failed: Some(text("failed")?).filter(|f| !f.is_empty()),
                ..Report::default()
            };
            for scan in scan_rows(&report, &sha256, at) {
                let hint = hint_of(&scan);
                let asset = label(&hint);
                scans.push(match asset {
                    Some(asset) => scan.text("asset", asset),
                    None => scan,
                });
            }
            if sightings {
                rows.extend(
                    report.sightings.iter().map(|s| sighting_row(s, &sha256, label(&s.asset).as_deref(), at)),
                );
            }
        }
        Ok((scans, rows))
    }
    async fn sightings_of(&self, sha256: &str) -> Result<Vec<Sighting>, Error> {
        let sql = "SELECT body FROM sighting WHERE sha256 = $1 ORDER BY row_no";
        let rows = self.db.rows(sql, cells![sha256]).await?;
        rows.iter()
            .map(|r| {
                serde_json::from_str(&r.try_get::<String>("", "body").map_err(Error::fault)?)
                    .map_err(Error::fault)
            })
            .collect()
    }
    async fn asset_references(&self) -> Result<HashMap<Id, String>, Error> {
        let rows = self.db.rows("SELECT id, ref_number FROM asset", cells![]).await?;
        rows.iter()
            .map(|r| {
                let id = Id::from_uuid(r.try_get("", "id").map_err(Error::fault)?);
                Ok((id, format!("AST-{:04}", r.try_get::<i64>("", "ref_number").map_err(Error::fault)?)))
            })
            .collect()
    }
}

fn hint_of(row: &Row) -> wardkeep_types::sighting::AssetHint {
    let text = |name: &str| row.facts.get(name).filter(|f| !f.is_empty()).map(Fact::shown);
    wardkeep_types::sighting::AssetHint {
        hostname: text("hostname"),
        ip: text("ip"),
        name: text("name"),
        cloud_uid: text("cloud_uid"),
    }
}

fn owned(text: impl Into<String>) -> Fact<'static> {
    let text = text.into();
    if text.is_empty() { Fact::Empty } else { Fact::Text(Cow::Owned(text)) }
}

fn lines(value: &Value) -> Fact<'static> {
    match value {
        Value::Text(text) => {
            Fact::List(text.split(['\n', ',']).map(str::trim).filter(|l| !l.is_empty()).map(owned).collect())
        }
        _ => Fact::Empty,
    }
}

/// A record as facts: its fields by name, `reference`, `title`, `stage`, `stage_category`, and the names by
/// which tests of any register ask (`review_on`, `done_on`, the names of an asset in logs and scans).
fn record_row(
    schema: &Schema,
    record: &Stored,
    names: &HashMap<Id, String>,
    assets: &HashMap<Id, Vec<String>>,
) -> Row {
    let mut facts: BTreeMap<String, Fact<'static>> = BTreeMap::new();
    for (field, value) in schema.fields.iter().zip(&record.row.values) {
        let fact = match value {
            Value::Empty => Fact::Empty,
            Value::Int(i) => Fact::Number(*i as f64),
            Value::Percent(p) => Fact::Number(p.ratio()),
            Value::Money(m) => Fact::Number(m.major()),
            Value::Date(d) => Fact::Day(*d),
            Value::Moment(m) => Fact::Moment(*m),
            Value::Duration(l) => Fact::Number(l.seconds() as f64),
            Value::Bool(b) => Fact::Bool(*b),
            Value::Link(id) => owned(names.get(id).cloned().unwrap_or_default()),
            Value::Links(ids) if ids.is_empty() => Fact::Empty,
            Value::Links(ids) => Fact::List(ids.iter().filter_map(|id| names.get(id)).map(owned).collect()),
            Value::Text(_) | Value::Choice(_) | Value::Estimate(_) | Value::File(_) => owned(value.show()),
        };
        facts.insert(field.name.to_owned(), fact);
    }
    let value = |name: &str| schema.field(name).map_or(&Value::Empty, |(i, _)| &record.row.values[i]);
    let category = if schema.is_open(&record.head.stage) { "open" } else { "done" };
    facts.insert("reference".into(), owned(record.head.reference.to_string()));
    facts.insert("title".into(), owned(schema.title(&record.row)));
    facts.insert("stage".into(), owned(record.head.stage.clone()));
    facts.insert("stage_category".into(), owned(category));
    if !facts.contains_key("review_on") {
        let due = schema.due_index().map_or(Fact::Empty, |i| facts[schema.fields[i].name].clone());
        facts.insert("review_on".into(), due);
    }
    match schema.key {
        "asset" => {
            facts.insert("hostname".into(), lines(value("hostnames")));
            facts.insert("ip".into(), lines(value("addresses")));
            facts.insert("aliases".into(), lines(value("aliases")));
            facts.insert("cloud_uid".into(), facts["cloud_id"].clone());
        }
        "control" => {
            facts.insert("baseline".into(), facts["outside_reference"].clone());
        }
        "task" => {
            let done = match value("done_at") {
                Value::Moment(at) => Fact::Day(at.date()),
                _ => Fact::Empty,
            };
            facts.insert("done_on".into(), done);
        }
        "finding" => {
            facts.insert("category".into(), owned(category));
        }
        "service" => {
            let known = assets.get(&record.head.id).into_iter().flatten();
            facts.insert("asset_names".into(), Fact::List(known.map(|n| owned(n.trim())).collect()));
        }
        _ => {}
    }
    Row { at: None, facts, basis: vec![Basis::Record { id: record.head.id }] }
}
