//! From what people type or send to values. References become ids here; a reference that the writer may not see
//! is as unknown as one that does not exist.

use crate::{App, Ctx, Error, Organisation};
use std::collections::{BTreeMap, HashMap};
use wardkeep_register::{Field, Kind, Schema, Value};
use wardkeep_types::{Id, Problem, Problems, Reference};

/// New values by field name.
pub type Edits = BTreeMap<String, Value>;

/// Reads the texts of a form or a row. `known` maps what stands in link fields (references, mail addresses,
/// ids) to ids.
pub fn parse_edits(
    schema: &Schema,
    custom: &[Field],
    texts: &[(String, String)],
    known: &HashMap<String, Id>,
) -> (Edits, Problems) {
    let (mut edits, mut problems) = (Edits::new(), Problems::new());
    for field in schema.fields.iter().chain(custom) {
        let Some((_, text)) = texts.iter().find(|(name, _)| name == field.name) else { continue };
        match parse_one(field, text, known) {
            Ok(value) => {
                edits.insert(field.name.to_owned(), value);
            }
            Err(message) => problems.add(Problem::new(field.name, "invalid", message)),
        }
    }
    (edits, problems)
}

fn parse_one(field: &Field, text: &str, known: &HashMap<String, Id>) -> Result<Value, String> {
    let find = |text: &str| {
        let found = known.get(&link_key(text)).or_else(|| known.get(&name_key(text)));
        found.copied().ok_or_else(|| {
            let what = field.kind.target().unwrap_or("record").replace('_', " ");
            format!(
                "there is no {what} '{}' that you may see; type its reference, or pick it from the list",
                text.trim()
            )
        })
    };
    match field.kind {
        Kind::Link(_) if !text.trim().is_empty() => find(text).map(Value::Link),
        Kind::Links(_) if !text.trim().is_empty() => {
            let parts = text.split(['|', '\n']).filter(|p| !p.trim().is_empty());
            let mut ids = parts.map(find).collect::<Result<Vec<_>, _>>()?;
            ids.sort_unstable();
            ids.dedup();
            Ok(Value::Links(ids))
        }
        Kind::Links(_) => Ok(Value::Links(Vec::new())),
        _ => Value::parse(field, text).map_err(|e| e.0),
    }
}

/// Who cannot remember a reference writes the whole name.
fn name_key(text: &str) -> String {
    text.trim().to_lowercase()
}

/// People write `RSK-0042`, `RSK-0042 Ransomware` (as pickers fill in), a mail address, or `me`.
fn link_key(text: &str) -> String {
    let text = text.trim().to_lowercase();
    let first = text.split_whitespace().next().unwrap_or_default();
    // A title after a reference may hold the sign of a mail address.
    if text.contains('@') && first.parse::<Reference>().is_err() { text } else { first.to_owned() }
}

impl App {
    /// Resolves everything that stands in link fields of those texts, within what the actor may see.
    pub async fn resolve(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        schema: &Schema,
        rows: &[Vec<(String, String)>],
    ) -> Result<HashMap<String, Id>, Error> {
        let mut wanted: HashMap<String, &'static str> = HashMap::new();
        for (name, text) in rows.iter().flatten() {
            let Some(target) = schema.field(name).and_then(|(_, f)| f.kind.target()) else { continue };
            for part in text.split(['|', '\n']).filter(|p| !p.trim().is_empty()) {
                wanted.insert(link_key(part), target);
            }
        }
        let mut found: HashMap<String, Id> = HashMap::new();
        let keys: Vec<&String> = wanted.keys().collect();
        for chunk in keys.chunks(400) {
            let marks: Vec<String> = (1..=chunk.len()).map(|i| format!("${i}")).collect();
            let marks = marks.join(",");
            let sql =
                format!("SELECT id, lower(reference) AS k FROM record WHERE lower(reference) IN ({marks})");
            self.collect(&sql, chunk, &mut found).await?;
            if chunk.iter().any(|k| k.contains('@')) {
                let sql = format!("SELECT id, email AS k FROM person WHERE email IN ({marks})");
                self.collect(&sql, chunk, &mut found).await?;
            }
        }
        for key in wanted.keys() {
            if let Ok(id) = key.parse::<Id>() {
                found.insert(key.clone(), id);
            }
        }
        if let Some(person) = ctx.person().filter(|_| wanted.contains_key("me")) {
            found.insert("me".into(), person);
        }
        self.resolve_names(schema, rows, &mut found).await?;
        let labels = self.labels(ctx, organisation, found.values().copied()).await?;
        found.retain(|_, id| labels.get(*id).is_some());
        Ok(found)
    }
    /// Whole names of records, for what is no reference; a name that two records bear names neither.
    async fn resolve_names(
        &self,
        schema: &Schema,
        rows: &[Vec<(String, String)>],
        found: &mut HashMap<String, Id>,
    ) -> Result<(), Error> {
        let mut wanted: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
        for (name, text) in rows.iter().flatten() {
            let Some(target) = schema.field(name).and_then(|(_, f)| f.kind.target()) else { continue };
            let parts =
                text.split(['|', '\n']).filter(|p| !p.trim().is_empty() && !found.contains_key(&link_key(p)));
            wanted.entry(target).or_default().extend(parts.map(name_key));
        }
        for (target, mut names) in wanted {
            names.sort_unstable();
            names.dedup();
            for chunk in names.chunks(400) {
                let marks: Vec<String> = (2..chunk.len() + 2).map(|i| format!("${i}")).collect();
                let sql = format!(
                    "SELECT id, lower(title) AS k FROM record WHERE register = $1 AND lower(title) IN ({})",
                    marks.join(",")
                );
                let values =
                    std::iter::once(target).chain(chunk.iter().map(String::as_str)).map(Into::into).collect();
                let mut bearers: HashMap<String, Vec<Id>> = HashMap::new();
                for row in self.db.rows(&sql, values).await? {
                    let id = row.try_get::<uuid::Uuid>("", "id").map_err(Error::fault)?;
                    bearers
                        .entry(row.try_get("", "k").map_err(Error::fault)?)
                        .or_default()
                        .push(Id::from_uuid(id));
                }
                found.extend(
                    bearers.into_iter().filter_map(|(name, ids)| (ids.len() == 1).then(|| (name, ids[0]))),
                );
            }
        }
        Ok(())
    }
    async fn collect(
        &self,
        sql: &str,
        keys: &[&String],
        found: &mut HashMap<String, Id>,
    ) -> Result<(), Error> {
        let values = keys.iter().map(|k| k.as_str().into()).collect();
        for row in self.db.rows(sql, values).await? {
            let id = row.try_get::<uuid::Uuid>("", "id").map_err(Error::fault)?;
            found.insert(row.try_get("", "k").map_err(Error::fault)?, Id::from_uuid(id));
        }
        Ok(())
    }
}
