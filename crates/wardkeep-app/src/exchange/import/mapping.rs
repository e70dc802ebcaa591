//! Files whose header does not say what the columns mean: they are kept, and a person maps them.

use super::columns::{Columns, StageOptions};
use super::upload::{Upload, read_upload};
use super::view::ImportHead;
use crate::{App, Ctx, Error, Refusal};
use wardkeep_register::{Field, Kind, Schema, Verb};
use wardkeep_store::Files;
use wardkeep_types::{Id, Moment};

/// Rows of a file that are shown as samples of its columns.
const SAMPLES: usize = 3;

/// A column of a kept file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MappedColumn {
    /// Its title in the file.
    pub title: String,
    /// The field it fills now, or `reference`, `unit`, `stage`.
    pub field: Option<String>,
    /// What stands in it in the first rows; empty cells are left out.
    pub samples: Vec<String>,
}

/// What a person needs to see to map columns by hand.
#[derive(Debug, Clone, PartialEq)]
pub struct MappingView {
    /// The file's columns, in its order.
    pub columns: Vec<MappedColumn>,
    /// The fields that a column can fill.
    pub fields: Vec<Field>,
    /// Mandatory fields that no column fills yet.
    pub missing: Vec<Field>,
    /// Rows of the file.
    pub rows: u64,
}

impl App {
    /// Keeps a file whose columns are not understood, so that [`App::restage_import`] can read it with columns that
    /// a person mapped. Needs what staging needs.
    pub async fn keep_import(
        &self,
        ctx: &Ctx,
        schema: &'static Schema,
        unit: Option<Id>,
        upload: &Upload,
    ) -> Result<Id, Error> {
        let organisation = self.organisation().await?;
        let unit = unit.or_else(|| organisation.units.roots().next()).ok_or_else(|| {
            Refusal::NotYet("import the organisation's units first; every record belongs to one".into())
        })?;
        self.may_import(ctx, &organisation, unit, Verb::Add, ctx.person())?;
        if !organisation.units.contains(unit) {
            return Err(Refusal::invalid("unit", "unknown_ref", "there is no such unit").into());
        }
        let (import, options) = (Id::new(ctx.now), StageOptions::default());
        let columns = Columns::read(schema, &organisation, &upload.table.columns, &options);
        self.begin_import(ctx, schema, (import, unit), &columns, upload, options).await?;
        Ok(import)
    }

    /// The columns of an import's file and the fields they can fill.
    pub async fn import_mapping(&self, ctx: &Ctx, head: &ImportHead) -> Result<MappingView, Error> {
        let organisation = self.organisation().await?;
        self.may_import(ctx, &organisation, head.unit, Verb::Add, head.person)?;
        let schema = Self::schema(&head.register)?;
        let upload = self.kept_upload(head, ctx.now).await?;
        let columns = Columns::read(schema, &organisation, &upload.table.columns, &head.notes.options);
        let sample = |place: usize| {
            let cells = upload.table.rows.iter().filter_map(|row| row.cells.get(place));
            let told = cells.map(|cell| cell.trim()).filter(|cell| !cell.is_empty());
            told.take(SAMPLES).map(|cell| cell.chars().take(80).collect()).collect()
        };
        let mapped = columns.uses.iter().enumerate().map(|(place, used)| MappedColumn {
            title: used.title.clone(),
            field: used.field.clone(),
            samples: sample(place),
        });
        let fields = schema.fields.iter().chain(organisation.custom(schema.key));
        let fields = fields.filter(|f| !f.computed && f.kind != Kind::File);
        Ok(MappingView {
            columns: mapped.collect(),
            fields: fields.copied().collect(),
            missing: columns.missing,
            rows: upload.table.rows.len() as u64,
        })
    }

    /// The file of an import, read again.
    pub(super) async fn kept_upload(&self, head: &ImportHead, now: Moment) -> Result<Upload, Error> {
        let missing = || Refusal::NotYet("the file is no longer kept; hand it in again".into());
        let files = Files::open(self.folder.path())?;
        let mut bytes = Vec::new();
        let mut file = files.get(&head.file_sha256).await?.ok_or_else(missing)?;
        tokio::io::AsyncReadExt::read_to_end(&mut file, &mut bytes).await.map_err(Error::fault)?;
        Ok(read_upload(&head.file_name, bytes, None, now)?)
    }
}
