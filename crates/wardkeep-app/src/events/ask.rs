//! Asking, with rights and bounds.

use super::memo::{Key, Memo, counted_from};
use super::{Answer, AskError, Bounds, EventStore, Holdings, Question, SearchAsk, StoredFile};
use crate::{App, Ctx, Error, Organisation, Refusal};
use std::sync::{Arc, OnceLock};
use wardkeep_events::search::{Search, SearchError};
use wardkeep_register::Verb;
use wardkeep_rights::{Named, Target, decide};
use wardkeep_store::cells;
use wardkeep_types::event::{Event, EventId};
use wardkeep_types::{Moment, limits};

/// How much is stored, and from when to when.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct EventSpan {
    /// The first event.
    pub first: Moment,
    /// The last event.
    pub last: Moment,
    /// Events of the files that touch the period, and of none yet.
    pub events: u64,
}

/// Gives the events that were taken in and stand in no file yet.
pub type Recent = Box<dyn Fn() -> Arc<[Event]> + Send + Sync>;

/// What the program links into an installation.
#[derive(Default)]
pub struct EventList {
    store: OnceLock<Arc<dyn EventStore>>,
    recent: OnceLock<Recent>,
    memo: Memo,
}

impl App {
    /// Links the engine that answers questions about events; the first one stays.
    pub fn link_events(&self, store: Arc<dyn EventStore>) {
        let _ = self.events.store.set(store);
    }
    /// Links the live intake's events that are in no file yet; the first one stays.
    pub fn link_recent(&self, recent: Recent) {
        let _ = self.events.recent.set(recent);
    }
    /// Whether questions about events can be answered.
    pub fn has_event_store(&self) -> bool {
        self.events.store.get().is_some()
    }
    /// Events that are in no file yet.
    pub fn recent_events(&self) -> Arc<[Event]> {
        self.events.recent.get().map_or_else(|| Arc::from([]), |recent| recent())
    }
    /// Lets go of kept answers, which hold texts of log records: because files were replaced or deleted, or because
    /// somebody measures how long a question takes that nobody asked before.
    pub fn forget_answers(&self) {
        self.events.memo.clear();
    }
    /// Lets go of answers that were given a while ago.
    pub(crate) fn rest_answers(&self, now: Moment) {
        self.events.memo.rest(now);
    }
    #[cfg(test)]
    pub(super) fn answers_kept(&self) -> usize {
        self.events.memo.len()
    }
    /// Files of the manifest that may hold events of a period, and the events that are in no file yet.
    pub async fn holdings(&self, from: Option<Moment>, to: Option<Moment>) -> Result<Holdings, Error> {
        // What is in no file yet is asked for first: what is written meanwhile is then seen twice rather than never,
        // and told apart by its id.
        let recent = self.recent_events();
        Ok(Holdings { files: self.stored_between(from, to).await?, recent })
    }
    /// The files that hold events of a period.
    pub(crate) async fn stored_between(
        &self,
        from: Option<Moment>,
        to: Option<Moment>,
    ) -> Result<Vec<StoredFile>, Error> {
        let sql = "SELECT name, day, dialect, rows, first_at, last_at, sha256, size FROM event_file WHERE superseded_by IS NULL AND last_at >= $1 AND first_at < $2 ORDER BY first_at, name";
        let from = from.map_or(i64::MIN, Moment::as_micros);
        let to = to.map_or(i64::MAX, Moment::as_micros);
        let rows = self.db.rows(sql, cells![from, to]).await?;
        rows.iter().map(stored_file).collect()
    }
    /// What is stored of a period; nothing when there is none.
    pub async fn event_span(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        from: Option<Moment>,
        to: Option<Moment>,
    ) -> Result<Option<EventSpan>, Error> {
        self.may_with_events(ctx, organisation, Verb::View)?;
        let holdings = self.holdings(from, to).await?;
        let files = holdings.files.iter().map(|file| (file.first, file.last, file.rows));
        let recent = holdings.recent.iter().map(|event| (event.at, event.at, 1));
        Ok(files.chain(recent).fold(None, |span: Option<EventSpan>, (first, last, events)| {
            let known = span.unwrap_or(EventSpan { first, last, events: 0 });
            let (first, last) = (known.first.min(first), known.last.max(last));
            Some(EventSpan { first, last, events: known.events + events })
        }))
    }
    /// Refuses who may not do that with log records. They belong to no unit, so the right must cover all.
    pub(crate) fn may_with_events(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        verb: Verb,
    ) -> Result<(), Error> {
        if organisation.units.roots().next().is_none() {
            return Err(Refusal::NotFound.into());
        }
        for top in organisation.units.roots() {
            decide(&ctx.actor, &organisation.units, verb, Named::LogEvent.into(), &Target::of(top, None))?;
        }
        Ok(())
    }
    /// Answers a search.
    pub async fn search_events(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        search: Search,
        after: Option<(Moment, EventId)>,
        rows: usize,
    ) -> Result<Answer, Error> {
        self.may_with_events(ctx, organisation, Verb::View)?;
        // What has no end may begin a little early; an end that is counted from now stays where it is.
        let now = if search.window.to.is_none() { counted_from(ctx.now) } else { ctx.now };
        let (from, to) = search.window.resolve(now);
        let round = self.events.memo.round();
        let holdings = self.holdings(from, to).await?;
        let question = Question::Search(SearchAsk { search, now, after });
        let key = Key::of(&holdings, &question, rows);
        if let Some(known) = self.events.memo.get(&key) {
            return Ok(known);
        }
        let answer = self.ask(holdings, question, rows).await?;
        self.events.memo.keep(round, key, ctx.now, &answer);
        Ok(answer)
    }
    /// Answers a statement of SQL over the table `events`.
    pub async fn sql_events(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        sql: &str,
        rows: usize,
    ) -> Result<Answer, Error> {
        self.may_with_events(ctx, organisation, Verb::View)?;
        let holdings = self.holdings(None, None).await?;
        self.ask(holdings, Question::Sql(sql.to_owned()), rows).await
    }
    async fn ask(&self, holdings: Holdings, question: Question, rows: usize) -> Result<Answer, Error> {
        let store = self.events.store.get().ok_or(AskError::Absent)?;
        let rows = rows.min(limits::EXPORT_ROWS as usize);
        Ok(store.ask(holdings, question, Bounds::rows(rows)).await?)
    }
}

pub(crate) fn stored_file(row: &sea_orm::QueryResult) -> Result<StoredFile, Error> {
    let int = |name: &str| row.try_get::<i64>("", name).map_err(Error::fault);
    let text = |name: &str| row.try_get::<String>("", name).map_err(Error::fault);
    Ok(StoredFile {
        name: text("name")?,
        day: text("day")?.parse().map_err(Error::fault)?,
        dialect: text("dialect")?,
        rows: int("rows")?.unsigned_abs(),
        first: Moment::from_micros(int("first_at")?),
        last: Moment::from_micros(int("last_at")?),
        size: int("size")?.unsigned_abs(),
        sha256: text("sha256")?,
    })
}

impl From<AskError> for Error {
    fn from(error: AskError) -> Self {
        let said = error.to_string();
        match error {
            AskError::Wrong(text) => Refusal::invalid("query", "wrong_question", text).into(),
            AskError::TooSlow(_) | AskError::TooLarge => Refusal::TooLarge(said).into(),
            AskError::Busy | AskError::Absent => Refusal::NotYet(said).into(),
            AskError::Fault(cause) => Self::fault(cause),
        }
    }
}

/// A wrong question as a refusal that names its place.
pub fn wrong_search(text: &str, error: &SearchError) -> Error {
    let path = format!("query:{}", error.column(text));
    let problem =
        wardkeep_types::Problem::new(path, error.code, error.message.clone()).hint(error.hint.clone());
    Refusal::Invalid(wardkeep_types::Problems(vec![problem])).into()
}
