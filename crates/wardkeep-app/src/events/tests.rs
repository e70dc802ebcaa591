//! Answers that hold texts of log records do not outlive the files these stood in.

use super::{Answer, Asked, Bounds, Cell, EventStore, Holdings, Question};
use crate::records::{Edits, EraseAsk, Proposal};
use crate::{App, Config, Ctx, DataFolder};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use wardkeep_events::search::Search;
use wardkeep_events::store::write_parts;
use wardkeep_register::Value;
use wardkeep_store::FilePolicy;
use wardkeep_types::event::{Dialect, Event, EventId};
use wardkeep_types::{Id, Moment, SetClock};

/// Gives a text of a record, and counts.
#[derive(Default)]
struct Store(AtomicUsize);

impl EventStore for Store {
    fn ask(&self, holdings: Holdings, _: Question, _: Bounds) -> Asked<'_, Answer> {
        self.0.fetch_add(1, Ordering::Relaxed);
        let rows = holdings.files.iter().map(|file| vec![Cell::Text(format!("anna in {}", file.name))]);
        let answer = Answer { rows: rows.collect(), ..Answer::default() };
        Box::pin(async move { Ok(answer) })
    }
}

struct Place {
    app: App,
    store: Arc<Store>,
    person: Id,
    _dir: tempfile::TempDir,
}

fn now() -> Moment {
    "2026-06-10T09:00:00Z".parse().unwrap()
}

fn ctx() -> Ctx {
    Ctx::system("test", now())
}

impl Place {
    /// Log records of two days, of which some name Anna.
    async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let folder = DataFolder::create(dir.path()).unwrap();
        let app = App::open(folder, Config::default(), Arc::new(SetClock::at(now()))).await.unwrap().0;
        let unit = app.ensure_baseline(&ctx()).await.unwrap();
        let person = Id::new(now());
        let text = |value: &str| Value::Text(value.into());
        let edits = Edits::from([
            ("name".into(), text("Anna Andersson")),
            ("email".into(), text("anna.andersson@example.org")),
            ("employment".into(), Value::Choice("employee".into())),
        ]);
        let schema = App::schema("person").unwrap();
        app.write_one(&ctx(), Proposal::add(schema, person, unit, edits)).await.unwrap();
        for part in 0..4_u8 {
            let event = |n: u8| {
                let mut event = Event::new(Dialect::Auth, "web1".into(), u64::from(n), "");
                event.raw = format!("session {part} {n} opened for anna.andersson@example.org").into();
                event.at = now().plus_seconds(-5 * 86_400 + i64::from(n));
                event.id = EventId([part * 16 + n; 16]);
                event
            };
            let events = vec![Arc::new((0..4).map(event).collect())];
            let written = write_parts(&app.folder.events(), now(), &events).unwrap();
            app.close_event_files(&ctx(), &written, "").await.unwrap();
        }
        let store = Arc::new(Store::default());
        app.link_events(store.clone());
        Self { app, store, person, _dir: dir }
    }
    /// Asks twice: once of the files, once of what is kept.
    async fn ask(&self) {
        let organisation = self.app.organisation().await.unwrap();
        let asked = self.store.0.load(Ordering::Relaxed);
        for _ in 0..2 {
            let search: Search = "anna".parse().unwrap();
            self.app.search_events(&ctx(), &organisation, search, None, 10).await.unwrap();
        }
        assert_eq!(self.store.0.load(Ordering::Relaxed), asked + 1);
        assert_eq!(self.app.answers_kept(), 1);
    }
}

#[tokio::test]
async fn an_answer_goes_when_files_are_replaced_deleted_or_a_person_is_erased() {
    let place = Place::new().await;
    let app = &place.app;
    place.ask().await;
    let done = app.compact_events(&ctx()).await.unwrap();
    assert_eq!((done.before, done.after), (4, 1));
    assert_eq!(app.answers_kept(), 0, "put together");
    place.ask().await;
    let ask = EraseAsk {
        person: place.person,
        basis: "GDPR 17(1)(b)".into(),
        also: Vec::new(),
        files: FilePolicy::Report,
    };
    assert_eq!(app.erase_person(&ctx(), &ask).await.unwrap().event_files, 1);
    assert_eq!(app.answers_kept(), 0, "erased");
    place.ask().await;
    app.retain_events(&ctx(), "*", Some(1)).await.unwrap();
    assert_eq!(app.apply_retention(&ctx()).await.unwrap().deleted.len(), 1);
    assert_eq!(app.answers_kept(), 0, "deleted");
}

#[tokio::test]
async fn an_answer_goes_after_a_while() {
    let place = Place::new().await;
    place.ask().await;
    place.app.rest_answers(now().plus_seconds(599));
    assert_eq!(place.app.answers_kept(), 1);
    place.app.rest_answers(now().plus_seconds(600));
    assert_eq!(place.app.answers_kept(), 0);
}
