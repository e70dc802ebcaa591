//! From what stands in link cells to records: references, mail addresses, ids, titles; also of rows of the same
//! file that are not yet written.

use crate::{App, Ctx, Error, Organisation};
use std::collections::{HashMap, HashSet};
use wardkeep_register::{Field, Schema};
use wardkeep_store::Cell;
use wardkeep_types::{Id, Reference};

/// Most different texts that are looked up as titles: each look-up walks the titles of a register.
const TITLES: usize = 5_000;

/// What link cells may mean.
#[derive(Default)]
pub(super) struct Targets {
    /// References, mail addresses and ids of records that the actor may see.
    known: HashMap<String, Id>,
    /// By register and title: the one visible record of that title, or `None` when there are several.
    titles: HashMap<(&'static str, String), Option<Id>>,
    /// Titles and unique values of rows that will be added: row index, or `None` when there are several.
    rows: HashMap<String, Option<usize>>,
}

/// What one part of a link cell means.
pub(super) enum Found {
    /// A stored record.
    Record(Id),
    /// The record that a row of this file will make.
    Row(usize),
}

impl Targets {
    /// Announces a row that will add a record under a unique value; of two rows with the same, the later is refused.
    pub(super) fn announce_unique(&mut self, value: &str, row: usize) {
        self.rows.entry(fold(value)).or_insert(Some(row));
    }

    /// Announces a row that will add a record under a title.
    pub(super) fn announce(&mut self, name: &str, row: usize) {
        let several = self.rows.get(&fold(name)).is_some_and(|known| *known != Some(row));
        self.rows.insert(fold(name), (!several).then_some(row));
    }

    /// What a part of a cell means; `own` says that the link points to the register that is being imported.
    pub(super) fn find(&self, target: &'static str, own: bool, text: &str) -> Result<Found, String> {
        let what = target.replace('_', " ");
        let key = key(text);
        let fits = key.parse::<Reference>().map_or(true, |reference| {
            wardkeep_registers::by_key(target).is_some_and(|s| s.names.prefix == reference.prefix())
        });
        if let Some(id) = self.known.get(&key).filter(|_| is_exact(&key)) {
            return if fits { Ok(Found::Record(*id)) } else { Err(format!("'{text}' is not a {what}")) };
        }
        match self.titles.get(&(target, fold(text))) {
            Some(Some(id)) => return Ok(Found::Record(*id)),
            Some(None) => {
                return Err(format!(
                    "several records of this register are called '{text}'; write the reference"
                ));
            }
            None => {}
        }
        match self.rows.get(&fold(text)) {
            Some(Some(row)) if own => Ok(Found::Row(*row)),
            Some(None) if own => Err(format!("several rows of this file are called '{text}'")),
            _ => Err(format!("there is no {what} '{text}'")),
        }
    }
}

fn fold(text: &str) -> String {
    text.trim().to_lowercase()
}

/// People write `RSK-0042`, `RSK-0042 Ransomware` or a mail address.
fn key(text: &str) -> String {
    let text = fold(text);
    let first = text.split_whitespace().next().unwrap_or_default();
    if text.contains('@') && first.parse::<Reference>().is_err() { text } else { first.to_owned() }
}

/// Whether a key says by itself which record is meant; the first word of a title does not.
fn is_exact(key: &str) -> bool {
    key.contains('@') || key.parse::<Reference>().is_ok() || key.parse::<Id>().is_ok()
}

/// The parts of a link cell.
pub(super) fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split(['|', '\n']).map(str::trim).filter(|p| !p.is_empty())
}

impl App {
    /// Looks up everything that stands in link cells, in a few statements.
    pub(super) async fn link_targets(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        schema: &Schema,
        cells: &[(Field, &str)],
    ) -> Result<Targets, Error> {
        // One cell of each text is enough to ask for.
        let asked: HashSet<(&'static str, &str)> = cells.iter().map(|(f, text)| (f.name, *text)).collect();
        let rows: Vec<(String, String)> =
            asked.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
        let known = self.resolve(ctx, organisation, schema, &[rows]).await?;
        let mut wanted: HashMap<&'static str, HashSet<String>> = HashMap::new();
        for (field, text) in cells {
            let Some(target) = field.kind.target() else { continue };
            let open = parts(text).filter(|p| !(is_exact(&key(p)) && known.contains_key(&key(p))));
            wanted.entry(target).or_default().extend(open.map(str::to_owned));
        }
        let mut titles = HashMap::new();
        for (target, texts) in wanted {
            let texts: Vec<String> = texts.into_iter().take(TITLES).collect();
            self.titles(ctx, organisation, target, &texts, &mut titles).await?;
        }
        Ok(Targets { known, titles, rows: HashMap::new() })
    }

    async fn titles(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        target: &'static str,
        texts: &[String],
        titles: &mut HashMap<(&'static str, String), Option<Id>>,
    ) -> Result<(), Error> {
        let mut found: Vec<(Id, String)> = Vec::new();
        for chunk in texts.chunks(400) {
            // SQLite folds ASCII letters alone, PostgreSQL all of them; asking for both forms finds the same rows.
            let forms: HashSet<String> =
                chunk.iter().flat_map(|t| [fold(t), t.trim().to_ascii_lowercase()]).collect();
            let mut values: Vec<Cell> = vec![target.into()];
            let marks: Vec<String> = (2..forms.len() + 2).map(|i| format!("${i}")).collect();
            values.extend(forms.into_iter().map(Cell::from));
            let sql = format!(
                "SELECT id, title FROM record WHERE register = $1 AND lower(title) IN ({})",
                marks.join(",")
            );
            for row in self.db.rows(&sql, values).await? {
                let id = row.try_get::<uuid::Uuid>("", "id").map_err(Error::fault)?;
                found.push((Id::from_uuid(id), row.try_get("", "title").map_err(Error::fault)?));
            }
        }
        let labels = self.labels(ctx, organisation, found.iter().map(|(id, _)| *id)).await?;
        for (id, title) in found.into_iter().filter(|(id, _)| labels.get(*id).is_some()) {
            titles.entry((target, fold(&title))).and_modify(|one| *one = None).or_insert(Some(id));
        }
        Ok(())
    }
}
