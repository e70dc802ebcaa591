//! JSON as people export it from elsewhere or from us: an array of objects, or one object a line.

use super::upload::Unread;
use serde::de::{DeserializeSeed, Deserializer, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Value as Json};
use std::fmt;
use wardkeep_intake::{Row, Table};
use wardkeep_types::{Problem, Problems, limits};

/// Reads objects into a table of texts; every name becomes a column. `fields` within an object, as the API gives
/// them, are taken as names of the object itself. Lines that are no object are left out and told.
pub(super) fn table(text: &str, notes: &mut Problems) -> Result<Table, Unread> {
    let text = text.trim_start_matches('\u{feff}').trim();
    let mut objects: Vec<(u64, Map<String, Json>)> = Vec::new();
    if text.starts_with('[') {
        let Json::Array(items) =
            read(text).map_err(|e| Unread::new("json", format!("The JSON cannot be read: {e}.")))?
        else {
            return Err(Unread::new("json", "The JSON is not a list."));
        };
        for (index, item) in items.into_iter().enumerate() {
            match item {
                Json::Object(object) => objects.push((index as u64 + 1, object)),
                _ => notes.add(not_an_object(&format!("item {}", index + 1))),
            }
        }
    } else {
        for (index, line) in text.lines().enumerate().filter(|(_, l)| !l.trim().is_empty()) {
            match read(line) {
                Ok(Json::Object(object)) => objects.push((index as u64 + 1, object)),
                Ok(_) => notes.add(not_an_object(&format!("line {}", index + 1))),
                Err(error) => {
                    let message = format!("The line cannot be read: {error}. It was left out.");
                    notes.add(
                        Problem::new(format!("line {}", index + 1), "json", message)
                            .hint("Mend it and import again."),
                    );
                }
            }
        }
    }
    if objects.is_empty() {
        return Err(Unread::new("empty", "The file holds no JSON objects."));
    }
    Ok(rows(objects))
}

fn not_an_object(place: &str) -> Problem {
    Problem::new(place, "json", "This is no JSON object. It was left out.")
        .hint("Write one object for each record.")
}

/// What every record has beside its fields, as views name it. No field bears such a name, but a label may: objects
/// speak by names.
const BESIDE: [&str; 9] =
    ["id", "version", "restricted", "created_at", "changed_at", "register", "path", "unit_id", "stage_label"];

fn rows(objects: Vec<(u64, Map<String, Json>)>) -> Table {
    let mut table = Table::default();
    let mut place: std::collections::HashMap<String, usize> = std::collections::HashMap::new();
    let mut wide: Vec<(u64, Vec<(usize, String)>)> = Vec::with_capacity(objects.len());
    for (line, object) in objects {
        let mut cells = Vec::with_capacity(object.len());
        for (name, json) in flattened(object).into_iter().filter(|(name, _)| !BESIDE.contains(&name.as_str()))
        {
            let index = *place.entry(name.to_lowercase()).or_insert_with(|| {
                table.columns.push(name.clone());
                table.columns.len() - 1
            });
            cells.push((index, cell(&json)));
        }
        wide.push((line, cells));
    }
    for (line, named) in wide {
        let mut cells = vec![String::new(); table.columns.len()];
        for (index, text) in named {
            cells[index] = text;
        }
        table.rows.push(Row { line, cells });
    }
    table
}

/// The object with the members of `fields` beside its own; a list of fields as views give them is read too.
fn flattened(object: Map<String, Json>) -> Vec<(String, Json)> {
    let mut flat = Vec::with_capacity(object.len());
    for (name, json) in object {
        match (name.as_str(), json) {
            ("fields", Json::Object(fields)) => flat.extend(fields),
            ("fields", Json::Array(fields)) => flat.extend(fields.into_iter().filter_map(|field| {
                let name = field.get("name")?.as_str()?.to_owned();
                Some((name, field.get("json").cloned().unwrap_or(Json::Null)))
            })),
            (_, json) => flat.push((name, json)),
        }
    }
    flat
}

/// A value in the form in which a cell of a CSV file would hold it.
fn cell(json: &Json) -> String {
    match json {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        Json::Bool(yes) => if *yes { "yes" } else { "no" }.to_owned(),
        Json::Number(number) => number.to_string(),
        Json::Array(items) => items.iter().map(cell).collect::<Vec<_>>().join("|"),
        Json::Object(object) => {
            let amount = |json: &Json| {
                let currency = json.get("currency")?.as_str()?.parse().ok()?;
                Some(wardkeep_types::Money::new(json.get("minor")?.as_i64()?, currency).to_string())
            };
            let point = |name: &str| {
                object.get(name).map(|p| amount(p).unwrap_or_else(|| p.to_string().replace('"', "")))
            };
            match (amount(json), point("low"), point("likely"), point("high")) {
                (Some(money), ..) => money,
                (None, Some(low), Some(likely), Some(high)) => format!("{low} | {likely} | {high}"),
                // A unit or a linked record as views give it, else a stored file.
                _ => match object.get("reference").and_then(Json::as_str) {
                    Some(reference) => reference.to_owned(),
                    None => json.to_string(),
                },
            }
        }
    }
}

fn read(text: &str) -> Result<Json, serde_json::Error> {
    let mut input = serde_json::Deserializer::from_str(text);
    let json = Strict(0).deserialize(&mut input)?;
    input.end()?;
    Ok(json)
}

/// Reads any JSON, but refuses an object that names the same member twice and nesting beyond the limit
/// (`specs/assurance.md` IM-5).
#[derive(Clone, Copy)]
struct Strict(usize);

impl<'de> DeserializeSeed<'de> for Strict {
    type Value = Json;
    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<Json, D::Error> {
        input.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Strict {
    type Value = Json;
    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }
    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }
    fn visit_bool<E>(self, yes: bool) -> Result<Json, E> {
        Ok(yes.into())
    }
    fn visit_i64<E>(self, number: i64) -> Result<Json, E> {
        Ok(number.into())
    }
    fn visit_u64<E>(self, number: u64) -> Result<Json, E> {
        Ok(number.into())
    }
    fn visit_f64<E>(self, number: f64) -> Result<Json, E> {
        Ok(number.into())
    }
    fn visit_str<E>(self, text: &str) -> Result<Json, E> {
        Ok(text.into())
    }
    fn visit_string<E>(self, text: String) -> Result<Json, E> {
        Ok(text.into())
    }
    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Json, A::Error> {
        let inner = self.deeper()?;
        let mut list = Vec::new();
        while let Some(item) = items.next_element_seed(inner)? {
            list.push(item);
        }
        Ok(Json::Array(list))
    }
    fn visit_map<A: MapAccess<'de>>(self, mut members: A) -> Result<Json, A::Error> {
        let inner = self.deeper()?;
        let mut object = Map::new();
        while let Some(name) = members.next_key::<String>()? {
            let json = members.next_value_seed(inner)?;
            if object.contains_key(&name) {
                return Err(A::Error::custom("an object names the same member twice"));
            }
            object.insert(name, json);
        }
        Ok(Json::Object(object))
    }
}

impl Strict {
    fn deeper<E: serde::de::Error>(self) -> Result<Self, E> {
        if self.0 >= limits::NESTING {
            return Err(E::custom(format!("it is nested deeper than {} levels", limits::NESTING)));
        }
        Ok(Self(self.0 + 1))
    }
}

#[cfg(test)]
mod tests {
    use super::table;
    use wardkeep_types::Problems;

    #[test]
    fn lists_and_lines_become_rows_and_bad_lines_are_told() {
        let mut notes = Problems::new();
        let read = table(r#"[{"name":"A","tags":["x","y"],"loss":{"minor":150,"currency":"EUR"}},{"name":"B","critical":true}]"#, &mut notes).unwrap();
        assert_eq!(read.columns, ["name", "tags", "loss", "critical"]);
        assert_eq!(read.rows[0].cells, ["A", "x|y", "1.50 EUR", ""]);
        assert_eq!(read.rows[1].cells, ["B", "", "", "yes"]);
        let read = table("{\"name\":\"A\"}\n\n[1]\n{\"name\":\n{\"fields\":{\"name\":\"B\"}}\n", &mut notes)
            .unwrap();
        assert_eq!((read.rows.len(), read.rows[1].line, read.rows[1].cells[0].as_str()), (2, 5, "B"));
        assert_eq!(notes.0.len(), 2);
        assert!(table(r#"[{"name":"A","name":"B"}]"#, &mut notes).unwrap_err().message.contains("twice"));
        let deep = format!("[{}{}]", "[".repeat(100), "]".repeat(100));
        assert!(table(&deep, &mut notes).unwrap_err().message.contains("64 levels"));
    }
}
