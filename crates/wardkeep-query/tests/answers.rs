//! The engine answers as the test of one event does, skips what it need not read, and does nothing but read.

#![allow(clippy::unwrap_used)] // tests

use std::sync::Arc;
use wardkeep_app::events::{
    Answer, AskError, Bounds, Cell, EventStore as _, Holdings, Question, SearchAsk, StoredFile,
};
use wardkeep_events::search::{Matching, Search};
use wardkeep_events::store::{EventWriter, dialect_key};
use wardkeep_query::{QueryStore, Room};
use wardkeep_types::Moment;
use wardkeep_types::event::{Dialect, Event, EventId, FieldValue, LogSource};

fn now() -> Moment {
    "2026-03-31T12:00:00Z".parse().unwrap()
}

fn event(n: u64) -> Event {
    let dialect = if n.is_multiple_of(3) { Dialect::Auth } else { Dialect::Windows };
    let raw = format!(r#"{{"n":{n},"Image":"C:\\Windows\\p{}.exe","Ä":"Straße"}}"#, n % 5);
    let mut event = Event::new(dialect, format!("source-{}", n % 2).into(), n, raw);
    event.id = EventId::of("a", event.raw.as_bytes(), n as u32);
    event.at = now().plus_seconds(-(n as i64) * 3_600);
    event.host = Some(["WEB-1", "web-2", "db-1"][n as usize % 3].into());
    event.user = (!n.is_multiple_of(4)).then(|| ["anna", "Bob", "carol"][n as usize % 3].into());
    event.src_ip = (n % 5 > 1).then(|| format!("10.{}.0.{n}", n % 3).into());
    event.dst_ip = n.is_multiple_of(7).then(|| "fe80::1".into());
    event.outcome = Some(if n.is_multiple_of(2) { "success" } else { "failure" }.into());
    event.message = n.is_multiple_of(6).then(|| "Somebody signed in".into());
    event.logsources = [LogSource {
        category: Some(if n.is_multiple_of(2) { "process_creation" } else { "registry_set" }.into()),
        product: Some("windows".into()),
        service: None,
    }]
    .into();
    event.fields.insert("EventID".into(), FieldValue::Int(4_600 + n as i64 % 9));
    event.fields.insert("Image".into(), format!("C:\\Windows\\p{}.exe", n % 5).into());
    let mixed = match n % 4 {
        0 => FieldValue::Int(n as i64),
        1 => FieldValue::List(vec!["a".into(), format!("x{n}").into()]),
        2 => FieldValue::Bool(true),
        _ => "text".into(),
    };
    event.fields.insert("Mixed".into(), mixed);
    if n == 11 {
        // More fields than get a column: what is left stands in JSON.
        (0..600).for_each(|i| drop(event.fields.insert(format!("f{i:03}").into(), FieldValue::Int(i))));
    }
    event
}

struct Here {
    _dir: tempfile::TempDir,
    store: QueryStore,
    holdings: Holdings,
    events: Vec<Event>,
}

fn here() -> Here {
    let dir = tempfile::tempdir().unwrap();
    let mut writer = EventWriter::new(dir.path(), now());
    let mut events: Vec<Event> = (0..200).map(event).collect();
    // The newest ten are in no file yet.
    events[10..].iter().for_each(|e| writer.push(e.clone()).unwrap());
    let files = writer.finish().unwrap().into_iter().map(|w| StoredFile {
        name: w.name,
        day: w.day,
        dialect: dialect_key(w.dialect).into(),
        rows: w.rows,
        first: w.first,
        last: w.last,
        size: w.size,
        sha256: w.sha256,
    });
    let holdings = Holdings { files: files.collect(), recent: events[..10].into() };
    events.sort_by_key(|e| std::cmp::Reverse((e.at, e.id)));
    let room = Room { threads: 2, memory: 64 << 20, at_once: 2, waiting: 8 };
    let store = QueryStore::open(dir.path(), room).unwrap();
    Here { _dir: dir, store, holdings, events }
}

impl Here {
    fn ask(&self, question: Question, rows: usize) -> Result<Answer, AskError> {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(self.store.ask(self.holdings.clone(), question, Bounds::rows(rows)))
    }
    fn search(&self, text: &str, rows: usize) -> Answer {
        let search: Search = text.parse().unwrap_or_else(|e| panic!("{text}: {e}"));
        let ask = SearchAsk { search, now: now(), after: None };
        self.ask(Question::Search(ask), rows).unwrap_or_else(|e| panic!("{text}: {e}"))
    }
    fn sql(&self, text: &str) -> Result<Answer, AskError> {
        self.ask(Question::Sql(text.into()), 1_000)
    }
}

#[test]
fn the_engine_answers_as_the_test_of_one_event_does() {
    let here = here();
    for text in [
        "",
        "host:web*",
        "host:WEB-1 user:ANNA",
        "-user:anna",
        "-user:*",
        "user:(anna OR bob) outcome:failure",
        "src_ip:10.1.0.4",
        "-src_ip:10.1.0.4",
        "src_ip:10.1.0.0/16 OR dst_ip:FE80::1",
        "ip:10.2.0.8",
        "-ip:10.2.0.8",
        "ip:10.2.0.8 OR user:carol",
        "ip:10.2.0.8 src_ip:10.1.0.4",
        "dialect:windows (ip:10.2.0.8 dst_ip:*)",
        "dst_ip:*",
        "EventID:4603",
        "eventid:>=4605 EventID:<4607",
        "-EventID:>4604",
        "Mixed:true",
        "Mixed:x13",
        "Mixed:>100",
        "-Mixed:text",
        "Mixed:*",
        "f599:599",
        "-f599:*",
        "nothing:*",
        "-nothing:*",
        "image:C:\\windows\\p3*",
        "C:\\Windows\\p4.exe",
        "straße",
        "\"signed in\"",
        "logsource:registry_set dialect:AUTH",
        "-dialect:auth source:*-1",
        "last:24h",
        "from:2026-03-28 to:2026-03-29 host:db*",
        "(host:db-1 (user:bob OR outcome:success)) OR -(EventID:4600 OR user:anna)",
    ] {
        let matching = Matching::new(&text.parse().unwrap(), now());
        let wanted: Vec<String> =
            here.events.iter().filter(|e| matching.matches(e)).map(|e| e.id.to_string()).collect();
        let answer = here.search(text, 1_000);
        let ids: Vec<String> =
            answer.rows.iter().map(|row| answer.cell(row, "event_id").to_string()).collect();
        assert_eq!(ids, wanted, "{text}");
        let counted = here.search(&format!("{text} | count"), 10);
        assert_eq!(counted.rows, [[Cell::Int(wanted.len() as i64)]], "{text}");
    }
}

#[test]
fn pages_follow_each_other_without_gap_or_overlap() {
    let here = here();
    let search: Search = "host:web*".parse().unwrap();
    let whole = here.search("host:web*", 1_000);
    let (mut after, mut seen) = (None, Vec::new());
    loop {
        let ask = SearchAsk { search: search.clone(), now: now(), after };
        let page = here.ask(Question::Search(ask), 7).unwrap();
        seen.extend(page.rows.iter().cloned());
        let Some(last) = page.rows.last().filter(|_| page.more) else { break };
        let mut id = [0; 16];
        let text = page.cell(last, "event_id").to_string();
        for (i, byte) in id.iter_mut().enumerate() {
            *byte = u8::from_str_radix(&text[i * 2..i * 2 + 2], 16).unwrap();
        }
        after = Some((page.cell(last, "at").at().unwrap(), EventId(id)));
    }
    assert_eq!(seen, whole.rows);
}

#[test]
fn events_are_counted_and_shown() {
    let here = here();
    let count = |of: &dyn Fn(&Event) -> bool| here.events.iter().filter(|e| of(e)).count() as i64;
    let by = here.search("| count by host", 10);
    assert_eq!(by.columns, ["host", "events"]);
    let hosts = ["WEB-1", "web-2", "db-1"];
    for row in &by.rows {
        let host = row[0].text().unwrap();
        assert!(hosts.contains(&host));
        assert_eq!(row[1], Cell::Int(count(&|e| e.host.as_deref() == Some(host))));
    }
    let top = here.search("EventID:>4600 | top 2 Mixed", 10);
    assert_eq!(top.rows[0][0], Cell::Text("text".into()));
    assert_eq!(top.rows.len(), 2);
    let over = here.search("last:3d | over 1d by outcome", 100);
    assert_eq!(over.columns, ["at", "outcome", "events"]);
    assert!(over.rows.iter().all(|row| row[0].at().unwrap().as_micros() % 86_400_000_000 == 0));
    assert_eq!(over.rows.iter().map(|row| row[2].int().unwrap()).sum::<i64>(), 73);
    let fields = here.search("f599:599 | fields user,f599,host", 10);
    assert_eq!(fields.columns, ["event_id", "at", "user", "field.f599", "host"]);
    assert_eq!(fields.rows[0][3].to_string(), "599");
    assert_eq!(here.search("host:db-1 | limit 3", 10).rows.len(), 3);
}

#[test]
fn files_of_other_days_and_kinds_are_not_opened() {
    let here = here();
    let all = here.search("host:web*", 10).files;
    let day = here.search("from:2026-03-29 to:2026-03-29", 10).files;
    let kind = here.search("dialect:auth", 10).files;
    assert!(day < all && day > 0, "{day} of {all}");
    assert!(kind < all && kind > 0, "{kind} of {all}");
    // An address is looked for only where it may be, whichever side it stood on.
    let address = |text: &str| here.search(&format!("{text} | count"), 10).files;
    assert_eq!((address("ip:192.0.2.1"), address("dst_ip:10.2.0.8")), (0, 0));
    assert_eq!((address("ip:10.2.0.14"), address("src_ip:10.2.0.14")), (1, 1));
    assert!(address("ip:10.2.0.14 OR user:anna") > 1 && address("-ip:10.2.0.14") > 1);
    // A file that is not in the manifest is not there.
    let mut fewer = here.holdings.clone();
    fewer.files.clear();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let ask = SearchAsk { search: "| count".parse().unwrap(), now: now(), after: None };
    let counted = runtime.block_on(here.store.ask(fewer, Question::Search(ask), Bounds::rows(10)));
    assert_eq!(counted.unwrap().rows, [[Cell::Int(10)]]);
}

#[test]
fn sql_reads_and_does_nothing_else() {
    let here = here();
    let rows = |text: &str| here.sql(text).unwrap_or_else(|e| panic!("{text}: {e}")).rows;
    assert_eq!(rows("SELECT count(*) FROM events"), [[Cell::Int(200)]]);
    assert_eq!(rows("select count(*) from events where field.EventID = 4603 and host like 'WEB%'").len(), 1);
    let with = "WITH w AS (SELECT host, count(*) AS n FROM events GROUP BY host) SELECT max(n) FROM w";
    assert_eq!(rows(with), [[Cell::Int(67)]]);
    assert_eq!(rows("SELECT e.\"field.Image\" FROM events e WHERE e.user IS NULL LIMIT 2").len(), 2);
    assert_eq!(rows("SELECT e.field.Image, e.position FROM events e ORDER BY 2 LIMIT 2").len(), 2);
    for text in [
        "DROP TABLE events",
        "CREATE TABLE x AS SELECT 1",
        "INSERT INTO events SELECT * FROM events",
        "COPY events TO '/tmp/x.csv'",
        "COPY (SELECT 1) TO '/tmp/x.parquet'",
        "CREATE EXTERNAL TABLE x STORED AS CSV LOCATION '/etc/passwd'",
        "SELECT * FROM '/etc/passwd'",
        "SELECT * FROM read_csv('/etc/passwd')",
        "SELECT * FROM generate_series(1, 10)",
        "SELECT * FROM information_schema.tables",
        "SELECT * FROM other",
        "SELECT 1; SELECT 2",
        "SET datafusion.execution.batch_size = 1",
        "EXPLAIN SELECT 1",
        "SELECT nothing FROM events",
        "SELECT 1 INTO x FROM events",
        "DELETE FROM events",
        "not sql at all",
        "",
    ] {
        let answer = here.sql(text);
        assert!(matches!(answer, Err(AskError::Wrong(_))), "{text}: {answer:?}");
    }
    let many = here.sql("SELECT a.at FROM events a, events b").unwrap();
    assert!(many.more && many.rows.len() == 1_000);
}

#[test]
fn what_takes_too_long_or_too_much_is_stopped() {
    let here = here();
    let endless = "SELECT count(*) FROM events a, events b, events c, events d, events e WHERE a.raw < b.raw";
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let bounds = Bounds { rows: 10, seconds: 1 };
    let ask = here.store.ask(here.holdings.clone(), Question::Sql(endless.into()), bounds);
    assert!(matches!(runtime.block_on(ask), Err(AskError::TooSlow(1))));
    let large =
        "SELECT count(*) FROM (SELECT DISTINCT a.raw, b.raw, c.event_id FROM events a, events b, events c)";
    let ask = here.ask(Question::Sql(large.into()), 10);
    assert!(matches!(ask, Err(AskError::TooLarge)), "{ask:?}");
    // Deeply nested expressions end with an answer or a refusal, not with the program.
    let deep = format!("SELECT {}1{} FROM events LIMIT 1", "(".repeat(5_000), ")".repeat(5_000));
    assert!(here.sql(&deep).is_err());
    let long = format!("SELECT count(*) FROM events WHERE 1=1 {}", "OR position = 3 ".repeat(1_500));
    drop(here.sql(&long));
    let store: Arc<dyn wardkeep_app::events::EventStore> = Arc::new(here.store);
    drop(store);
}
