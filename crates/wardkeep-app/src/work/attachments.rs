//! Attachments: which stored files hang on a record. Their bytes are the store's matter.

use super::row::{get, id, moment};
use crate::{App, Ctx, Error, Organisation, Refusal};
use serde_json::{Value as Json, json};
use wardkeep_register::{Schema, Verb};
use wardkeep_store::{Act, Content, FieldEdit, Write, cells};
use wardkeep_types::{FileRef, Id, Line, Moment};

/// A file on a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachmentView {
    /// Its id.
    pub id: Id,
    /// Name, address, size, media type.
    pub file: FileRef,
    /// Who attached it.
    pub by: String,
    /// When.
    pub at: Moment,
}

const COLUMNS: &str = "a.id, a.sha256, a.name, a.size, a.media, a.at, p.title AS by_name FROM attachment a LEFT JOIN record p ON p.id = a.person_id";

fn read(row: &sea_orm::QueryResult) -> Result<AttachmentView, Error> {
    Ok(AttachmentView {
        id: id(row, "id")?,
        file: FileRef {
            sha256: get(row, "sha256")?,
            name: get(row, "name")?,
            size: get::<i64>(row, "size")? as u64,
            media: get(row, "media")?,
        },
        by: get::<Option<String>>(row, "by_name")?.unwrap_or_else(|| "Wardkeep".into()),
        at: moment(row, "at")?,
    })
}

impl App {
    /// A record's files, newest first; at most 200. That the reader may see the record is the caller's matter.
    pub async fn attachments(&self, record: Id) -> Result<Vec<AttachmentView>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} WHERE a.record_id = $1 AND a.removed_at IS NULL ORDER BY a.at DESC, a.id DESC LIMIT 200"
        );
        self.db.rows(&sql, cells![record]).await?.iter().map(read).collect()
    }
    /// One file of a record that the actor may see.
    pub async fn attachment(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        schema: &Schema,
        reference: &str,
        file: Id,
    ) -> Result<AttachmentView, Error> {
        let head = self.find(ctx, organisation, schema, reference).await?;
        let sql = format!("SELECT {COLUMNS} WHERE a.id = $1 AND a.record_id = $2 AND a.removed_at IS NULL");
        let row = self.db.row(&sql, cells![file, head.id]).await?.ok_or(Refusal::NotFound)?;
        read(&row)
    }
    /// Hangs a stored content on a record under a name; needs Edit on the record.
    pub async fn attach(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        schema: &Schema,
        reference: &str,
        content: &Content,
        name: &str,
    ) -> Result<Id, Error> {
        let head = self.seen(ctx, organisation, schema, reference, Verb::Edit).await?;
        let name: Line = name
            .parse()
            .map_err(|_| Refusal::invalid("file", "invalid", "give the file a name of one line"))?;
        let (made, file) = (Id::new(ctx.now), content.named(name.as_str()));
        let sql = "INSERT INTO attachment (id, record_id, sha256, name, size, media, person_id, at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let values = cells![
            made,
            head.id,
            file.sha256.clone(),
            file.name.clone(),
            file.size as i64,
            file.media.clone(),
            ctx.person(),
            ctx.now
        ];
        let act = Act {
            act: "attachment:add".into(),
            record: Some((head.id, wardkeep_register::intern(schema.key))),
            unit: Some(head.unit),
            fields: vec![FieldEdit { field: "file".into(), old: Json::Null, new: json!(file) }],
            why: None,
            statements: vec![content.statement(ctx.now), (sql.into(), values)],
        };
        self.db.write(&ctx.author(), vec![Write::Act(act)], vec![]).await?;
        Ok(made)
    }
    /// Takes a file off a record; its bytes stay as long as anything else names them. Needs Edit on the record.
    pub async fn detach(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        schema: &Schema,
        reference: &str,
        file: Id,
        why: &str,
    ) -> Result<(), Error> {
        let head = self.seen(ctx, organisation, schema, reference, Verb::Edit).await?;
        let found = self.attachment(ctx, organisation, schema, reference, file).await?;
        let sql = "UPDATE attachment SET removed_at = $1 WHERE id = $2 AND removed_at IS NULL";
        let act = Act {
            act: "attachment:remove".into(),
            record: Some((head.id, wardkeep_register::intern(schema.key))),
            unit: Some(head.unit),
            fields: vec![FieldEdit { field: "file".into(), old: json!(found.file), new: Json::Null }],
            why: Some(why.trim().to_owned()).filter(|w| !w.is_empty()),
            statements: vec![(sql.into(), cells![ctx.now, file])],
        };
        self.db.write(&ctx.author(), vec![Write::Act(act)], vec![]).await?;
        Ok(())
    }
}
