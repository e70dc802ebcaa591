//! `/live`: tells an open page that something on it has changed, as far as its reader may see it.
//!
//! One event carries how many records changed since the page was made and the words for it; nothing else. What the
//! reader may not see is not counted, and rights are those of the moment, not of when the page was opened. The
//! stream does not keep a session alive: it ends with it.

use super::list::register;
use super::me::Me;
use super::reader::Reader;
use crate::state::State;
use crate::words::{fill, words};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::stream::unfold;
use std::convert::Infallible;
use std::sync::LazyLock;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use wardkeep_app::work::LiveTopic;
use wardkeep_app::{Ctx, Error, Refusal};
use wardkeep_register::Verb;
use wardkeep_rights::Resource;
use wardkeep_types::{Id, Moment};

/// How often the log is looked at.
const LOOK: Duration = Duration::from_secs(1);
/// Looks before a stream ends: an hour. A page that is open for longer is told when it is loaded again.
const LOOKS: u32 = 3_600;
/// Streams that one process holds at once; a page without one is merely not told.
const MOST: usize = 1_000;

static PLACES: LazyLock<std::sync::Arc<Semaphore>> =
    LazyLock::new(|| std::sync::Arc::new(Semaphore::new(MOST)));

/// `GET /live?of=/risks&since=...`.
pub(crate) async fn stream(me: Me, reader: Reader) -> Response {
    let opened = async {
        let topic = topic(&reader).await?;
        let since: Moment = reader
            .asked("since")
            .and_then(|text| text.parse().ok())
            .ok_or_else(|| Refusal::invalid("since", "invalid", words("live.since")))?;
        let after = reader.state.app.db.change_at(since).await?;
        let place = PLACES.clone().try_acquire_owned();
        let place = place.map_err(|_| Refusal::NotYet(words("live.full").to_owned()))?;
        let watch = Watch {
            state: reader.state.clone(),
            session: me.live.session,
            topic,
            after,
            upto: after,
            told: 0,
            looks: LOOKS,
            first: true,
            over: false,
            _place: place,
        };
        Ok(Sse::new(unfold(watch, Watch::next))
            .keep_alive(KeepAlive::new().interval(Duration::from_secs(25)))
            .into_response())
    };
    reader.answer(opened).await
}

/// What the page at that path shows, if the reader may see it.
async fn topic(reader: &Reader) -> Result<LiveTopic, Error> {
    let path = reader.asked("of").unwrap_or_default();
    if path == "/today" {
        return Ok(LiveTopic::All);
    }
    let mut parts = path.trim_start_matches('/').split('/');
    let schema = register(parts.next().unwrap_or_default())?;
    match (parts.next(), parts.next()) {
        (None, _) if super::frame::may(reader, Resource::of(schema), Verb::View) => {
            Ok(LiveTopic::List(schema))
        }
        (Some(reference), None) => {
            let head = reader.state.app.find(&reader.ctx, &reader.organisation, schema, reference).await?;
            Ok(LiveTopic::Record(head.id))
        }
        _ => Err(Refusal::NotFound.into()),
    }
}

/// One open stream.
struct Watch {
    state: State,
    session: Id,
    topic: LiveTopic,
    /// The change the page was made at.
    after: i64,
    /// The change up to which was looked.
    upto: i64,
    told: i64,
    looks: u32,
    first: bool,
    over: bool,
    _place: OwnedSemaphorePermit,
}

impl Watch {
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        if self.over {
            return None;
        }
        loop {
            if !std::mem::take(&mut self.first) {
                tokio::time::sleep(LOOK).await;
            }
            self.looks = self.looks.saturating_sub(1);
            let found = self.look().await;
            match found {
                Ok(Some(records)) if records > self.told => {
                    self.told = records;
                    return Some((Ok(Event::default().event("news").data(said(self.topic, records))), self));
                }
                Ok(Some(_)) if self.looks > 0 => {}
                other => {
                    if let Err(error) = other {
                        tracing::warn!(%error, "a page is no longer told of changes");
                    }
                    // Ends for good: the browser does not ask again.
                    self.over = true;
                    return Some((Ok(Event::default().event("end").data("")), self));
                }
            }
        }
    }
    /// How many records changed since the page was made; `None` when the session is over.
    async fn look(&mut self) -> Result<Option<i64>, Error> {
        let app = &self.state.app;
        if app.last_change().await? <= self.upto {
            return Ok(Some(self.told));
        }
        let now = app.clock.now();
        let Some(actor) = self.state.auth.actor_of_session(self.session, now).await? else { return Ok(None) };
        let organisation = app.organisation().await?;
        let found = app.changed_since(&Ctx::new(actor, now), &organisation, self.topic, self.after).await?;
        self.upto = found.upto;
        Ok(Some(found.records))
    }
}

fn said(topic: LiveTopic, records: i64) -> String {
    match (topic, records) {
        (LiveTopic::Record(_), _) => words("live.record").to_owned(),
        (_, 1) => words("live.one").to_owned(),
        (_, n) => fill("live.many", &[("n", &n.to_string())]),
    }
}
