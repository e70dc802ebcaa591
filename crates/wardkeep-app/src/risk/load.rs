//! Records of a register as their own type, all of them.

use crate::{App, Error, Organisation};
use wardkeep_register::{Register, Stored};
use wardkeep_store::{ListQuery, Reach, Sort};
use wardkeep_types::{Id, Moment};

/// A record with what every record has.
pub(crate) struct Held<R> {
    /// Its id.
    pub id: Id,
    /// Its reference.
    pub reference: String,
    /// Its unit.
    pub unit: Id,
    /// Its stage.
    pub stage: String,
    /// Its version.
    pub version: i64,
    /// When it was made.
    pub created_at: Moment,
    /// Its fields.
    pub record: R,
}

impl<R: Register> Held<R> {
    fn of(stored: Stored) -> Result<Self, Error> {
        let record = R::from_values(&stored.row.values)
            .map_err(|p| Error::fault(format!("{}: {p:?}", stored.head.reference)))?;
        let head = stored.head;
        Ok(Self {
            id: head.id,
            reference: head.reference.to_string(),
            unit: head.unit,
            stage: head.stage,
            version: head.version,
            created_at: head.created_at,
            record,
        })
    }
}

/// Names records and their versions, for answers that depend on them.
pub(crate) fn versions<'h, R: 'h>(held: impl IntoIterator<Item = &'h Held<R>>) -> String {
    held.into_iter().map(|h| format!("{}:{}", h.id, h.version)).collect::<Vec<_>>().join(",")
}

impl App {
    /// Every record of a register, in order of reference. For the program: what a reader may see is decided where
    /// it is shown.
    pub(crate) async fn held<R: Register>(&self, organisation: &Organisation) -> Result<Vec<Held<R>>, Error> {
        let schema = App::schema(R::NAMES.key)?;
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
        let mut stored = Vec::new();
        loop {
            let page = self.db.list(&ask).await?;
            stored.extend(page.rows);
            match page.next {
                Some(next) => ask.after = Some(next),
                None => break,
            }
        }
        for chunk in stored.chunks_mut(500) {
            self.fill_links(schema, chunk, None).await?;
        }
        stored.into_iter().map(Held::of).collect()
    }
}
