//! What gives a person away, and what stands in its place.

use super::Erasure;
use crate::needles::Needles;
use crate::read::stored;
use crate::sql::get;
use crate::{StoreError, Tx, cells};
use serde_json::Value as Json;
use wardkeep_register::Field;
use wardkeep_types::Id;

/// Replaces what gives a person away, for what the caller keeps elsewhere: the same marks as in the database.
pub struct Redactor(Needles);

impl Redactor {
    /// Looks for those texts. `id` is the person's record, `now` the moment of the erasure.
    pub fn new<'a>(texts: impl IntoIterator<Item = &'a str>, id: Id, now: wardkeep_types::Moment) -> Self {
        let marks = Marks::of(id, now);
        let mut needles = Needles::default();
        texts.into_iter().for_each(|text| needles.add(text, &marks.text, &marks.mail));
        Self(needles)
    }
    /// The text without what gives the person away; `None` when nothing does.
    pub fn redact(&self, text: &str) -> Option<String> {
        self.0.redact(text)
    }
}

/// What stands where personal data was.
pub(super) struct Marks {
    pub(super) text: String,
    pub(super) mail: String,
}

impl Marks {
    pub(super) fn of(id: Id, now: wardkeep_types::Moment) -> Self {
        Self {
            text: format!("[erased {}]", now.date()),
            mail: format!("erased-{}@erased.invalid", id.uuid().simple()),
        }
    }
}

/// Everything that gives the person away: what the personal fields hold, held, and were changed from and to.
pub(super) async fn needles(tx: &Tx, erasure: &Erasure<'_>, marks: &Marks) -> Result<Needles, StoreError> {
    let (schema, id) = (erasure.schema, erasure.id);
    let personal: Vec<&Field> = schema.fields.iter().filter(|f| f.personal).collect();
    let mut texts = erasure.also.clone();
    for table in [schema.key.to_owned(), format!("{}_was", schema.key)] {
        for row in &tx.rows(&format!("SELECT * FROM \"{table}\" WHERE id = $1"), cells![id]).await? {
            let record = stored(schema, &[], row)?;
            let values = schema.fields.iter().zip(&record.row.values).filter(|(f, _)| f.personal);
            texts.extend(values.map(|(_, value)| value.show()));
        }
    }
    let sql = "SELECT v.field, v.old_value, v.new_value FROM change c JOIN change_value v ON v.n = c.n WHERE c.record_id = $1";
    for row in &tx.rows(sql, cells![id]).await? {
        let field: String = get(row, "field")?;
        for side in ["old_value", "new_value"] {
            let value = get::<Option<String>>(row, side)?.and_then(|v| serde_json::from_str::<Json>(&v).ok());
            let text = |json: &Json| json.as_str().map(str::to_owned);
            match value {
                Some(Json::Object(whole)) if field == "record" => {
                    texts.extend(personal.iter().filter_map(|f| whole.get(f.name).and_then(text)));
                }
                Some(value) if personal.iter().any(|f| f.name == field) => texts.extend(text(&value)),
                _ => {}
            }
        }
    }
    let mut needles = Needles::default();
    for text in texts {
        // Several account names stand in one field; and what an earlier erasure left is no trace.
        for part in text.split([',', '\n']).chain([text.as_str()]) {
            let ours = part.starts_with("[erased ") || part.trim().ends_with("@erased.invalid");
            if !ours {
                needles.add(part, &marks.text, &marks.mail);
            }
        }
    }
    Ok(needles)
}
