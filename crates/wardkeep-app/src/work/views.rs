//! Saved views: a list's question under a name.

use super::row::{get, id, id_maybe};
use crate::{App, Ctx, Error, Organisation, Refusal};
use wardkeep_register::Verb;
use wardkeep_rights::{Named, Target, decide};
use wardkeep_store::cells;
use wardkeep_types::{Id, Line};

/// A view as a tab shows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedView {
    /// Its id.
    pub id: Id,
    /// What people call it.
    pub name: String,
    /// The question, as it stands after `?`.
    pub query: String,
    /// Whether everybody sees it who sees the list.
    pub shared: bool,
    /// Whether the reader made it.
    pub own: bool,
}

/// A view to be kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewView {
    /// Name.
    pub name: String,
    /// The question.
    pub query: String,
    /// For everybody.
    pub shared: bool,
}

/// Views of one person and register.
const MOST: i64 = 30;
/// Bytes of a question.
const LONGEST: usize = 2_000;

impl App {
    /// The actor's views of a list and those that others share, in order. A list is known by the key of its register,
    /// or as `events`.
    pub async fn saved_views(&self, ctx: &Ctx, list: &str) -> Result<Vec<SavedView>, Error> {
        let sql = "SELECT id, person_id, name, query, shared FROM saved_view WHERE register = $1 AND (shared = 1 OR person_id = $2) ORDER BY shared DESC, position, name LIMIT 60";
        let person = ctx.person().unwrap_or(Id::NIL);
        let read = |row: &sea_orm::QueryResult| {
            Ok(SavedView {
                id: id(row, "id")?,
                name: get(row, "name")?,
                query: get(row, "query")?,
                shared: get::<i64>(row, "shared")? != 0,
                own: id_maybe(row, "person_id")? == Some(person),
            })
        };
        self.db.rows(sql, cells![list, person]).await?.iter().map(read).collect()
    }
    /// Whether the actor may keep views for themselves (`shared` false) or for everybody.
    pub fn may_save_view(&self, ctx: &Ctx, organisation: &Organisation, shared: bool) -> bool {
        self.view_right(ctx, organisation, shared).is_ok()
    }
    fn view_right(&self, ctx: &Ctx, organisation: &Organisation, shared: bool) -> Result<(), Error> {
        let person = ctx.person().ok_or_else(|| Refusal::Forbidden("only people keep views".into()))?;
        let owner = (!shared).then_some(person);
        let tried = ctx.actor.grants_held().map(|grant| {
            let target = Target::of(grant.unit, owner);
            decide(&ctx.actor, &organisation.units, Verb::Add, Named::SavedView.into(), &target)
        });
        let mut last = None;
        for one in tried {
            match one {
                Ok(_) => return Ok(()),
                Err(denied) => last = Some(denied),
            }
        }
        Err(last.map_or_else(|| Refusal::NotFound.into(), Error::from))
    }
    /// Keeps a list's question under a name; the same name again replaces the question.
    pub async fn save_view(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        list: &str,
        wanted: &NewView,
    ) -> Result<Id, Error> {
        self.view_right(ctx, organisation, wanted.shared)?;
        let name: Line = wanted
            .name
            .trim()
            .parse()
            .map_err(|e: wardkeep_types::ParseError| Refusal::invalid("name", "invalid", e.0))?;
        if wanted.query.len() > LONGEST {
            return Err(Refusal::TooLarge(format!("a view holds {LONGEST} characters; filter less")).into());
        }
        let person = ctx.person();
        let views = self.saved_views(ctx, list).await?;
        let same = views.iter().find(|v| v.own && v.shared == wanted.shared && v.name == name.as_str());
        if let Some(same) = same {
            let sql = "UPDATE saved_view SET query = $1 WHERE id = $2";
            self.db.run(sql, cells![wanted.query.clone(), same.id]).await?;
            return Ok(same.id);
        }
        if views.iter().filter(|v| v.own).count() as i64 >= MOST {
            return Err(Refusal::TooLarge(format!(
                "you keep {MOST} views of this list already; remove one first"
            ))
            .into());
        }
        let made = Id::new(ctx.now);
        let sql = "INSERT INTO saved_view (id, register, person_id, name, query, shared, position) VALUES ($1, $2, $3, $4, $5, $6, (SELECT count(*) FROM saved_view WHERE register = $2))";
        self.db
            .run(sql, cells![made, list, person, name.as_str(), wanted.query.clone(), wanted.shared])
            .await?;
        Ok(made)
    }
    /// Removes a view of one's own; shared ones of others too, for whoever may keep views for everybody.
    pub async fn remove_view(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        list: &str,
        view: Id,
    ) -> Result<(), Error> {
        let found =
            self.saved_views(ctx, list).await?.into_iter().find(|v| v.id == view).ok_or(Refusal::NotFound)?;
        if !found.own {
            self.view_right(ctx, organisation, true)?;
        }
        self.db.run("DELETE FROM saved_view WHERE id = $1", cells![view]).await?;
        Ok(())
    }
}
