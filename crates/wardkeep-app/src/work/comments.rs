//! Comments: what people say about a record. Whoever sees a record may speak about it.

use super::mentions;
use super::notices::NoticeKind;
use super::row::{get, id, id_maybe, moment};
use crate::{App, Ctx, Error, Organisation, Refusal};
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use wardkeep_register::{Schema, Verb};
use wardkeep_store::{Act, FieldEdit, Write, cells};
use wardkeep_types::{Id, Moment, Text};

/// A comment as people read it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CommentView {
    /// Its id.
    pub id: Id,
    /// When it was written.
    pub at: Moment,
    /// Who wrote it; "somebody" when the person is unknown.
    pub author: String,
    /// The author's record.
    pub person: Option<Id>,
    /// The words, with `@` before who is meant.
    pub body: String,
}

impl App {
    /// A record's newest comments, oldest of them first, and how many there are in all. That the reader may see
    /// the record is the caller's matter.
    pub async fn comments(&self, record: Id, most: i64) -> Result<(Vec<CommentView>, i64), Error> {
        let sql = "SELECT c.id, c.at, c.body, c.person_id, r.title, count(*) OVER () AS total FROM comment c LEFT JOIN record r ON r.id = c.person_id WHERE c.record_id = $1 ORDER BY c.at DESC, c.id DESC LIMIT $2";
        let rows = self.db.rows(sql, cells![record, most]).await?;
        let total = rows.first().map_or(Ok(0), |row| get(row, "total"))?;
        let read = |row: &sea_orm::QueryResult| {
            Ok(CommentView {
                id: id(row, "id")?,
                at: moment(row, "at")?,
                author: get::<Option<String>>(row, "title")?.unwrap_or_else(|| "somebody".into()),
                person: id_maybe(row, "person_id")?,
                body: get(row, "body")?,
            })
        };
        let mut found = rows.iter().map(read).collect::<Result<Vec<_>, Error>>()?;
        found.reverse();
        Ok((found, total))
    }
    /// Says something about a record. Those who are named in it and those who watch the record get a notice;
    /// they read it only if they may see the record.
    pub async fn comment(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        schema: &Schema,
        reference: &str,
        body: &str,
    ) -> Result<Id, Error> {
        let head = self.find(ctx, organisation, schema, reference).await?;
        let author = ctx.person().ok_or_else(|| Refusal::Forbidden("only people comment".into()))?;
        let text: Text = body
            .trim()
            .parse()
            .map_err(|e: wardkeep_types::ParseError| Refusal::invalid("comment", "invalid", e.0))?;
        if text.as_str().is_empty() {
            return Err(Refusal::invalid("comment", "required", "write something first").into());
        }
        let made = Id::new(ctx.now);
        let insert = "INSERT INTO comment (id, record_id, person_id, at, body) VALUES ($1, $2, $3, $4, $5)";
        let mut statements = vec![(insert.to_owned(), cells![made, head.id, author, ctx.now, text.as_str()])];
        let mut told: BTreeMap<Id, NoticeKind> = self
            .watcher_ids(head.id)
            .await?
            .into_iter()
            .map(|person| (person, NoticeKind::Comment))
            .collect();
        for person in self.mentioned(&mentions(text.as_str())).await? {
            told.insert(person, NoticeKind::Mention);
        }
        told.remove(&author);
        statements
            .extend(told.into_iter().map(|(person, kind)| kind.statement(made, person, head.id, ctx.now)));
        let act = Act {
            act: "comment:add".into(),
            record: Some((head.id, wardkeep_register::intern(schema.key))),
            unit: Some(head.unit),
            fields: vec![FieldEdit { field: "comment".into(), old: Json::Null, new: json!(text.as_str()) }],
            why: None,
            statements,
        };
        self.db.write(&ctx.author(), vec![Write::Act(act)], vec![]).await?;
        Ok(made)
    }
    /// Checks that the actor may see a record, and gives its id: for what hangs on a record without being it.
    pub(super) async fn seen(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        schema: &Schema,
        reference: &str,
        verb: Verb,
    ) -> Result<wardkeep_store::HeadRow, Error> {
        let head = self.find(ctx, organisation, schema, reference).await?;
        self.allowed(ctx, organisation, schema, verb, &head).await?;
        Ok(head)
    }
}
