//! Records that arrive one by one.

use crate::support::collect_bytes;
use wardkeep_intake::{Collected, Format, LineReader, Position};
use wardkeep_types::Moment;
use wardkeep_types::event::{Dialect, TimeQuality};

fn now() -> Moment {
    "2026-03-01T00:00:00Z".parse().unwrap()
}

const LINES: &str = "Feb 28 06:55:46 h sshd[1]: Failed password for root from 10.0.0.1 port 1 ssh2\n\
    {\"time\":1700000000,\"src_ip\":\"10.0.0.2\"}\n\n\
    10.0.0.3 - - [17/May/2015:10:05:03 +0000] \"GET / HTTP/1.1\" 200 12\r\n\
    <34>1 2026-02-03T04:05:06.7Z mx su - ID47 - 'su root' failed\n\
    hello\n";

#[test]
fn pieces_of_every_kind_are_read() {
    let mut reader = LineReader::new("live", None).unwrap();
    let mut out = Collected::default();
    let lines = reader.push_lines(LINES.as_bytes(), |line, _| 10 + line, now(), &mut out);
    assert_eq!(lines, 6);
    let shown: Vec<_> = out.events.iter().map(|e| (e.dialect, e.position, e.time_quality)).collect();
    let expect = [
        (Dialect::Auth, 10, TimeQuality::AssumedYear),
        (Dialect::Json, 11, TimeQuality::Stated),
        (Dialect::WebAccess, 13, TimeQuality::Stated),
        (Dialect::Auth, 14, TimeQuality::Stated),
        (Dialect::Text, 15, TimeQuality::Missing),
    ];
    assert_eq!(shown, expect);
    assert!(out.events.iter().all(|e| &*e.source == "live"));
    let last = &out.events[4];
    assert_eq!(
        (last.at, &*last.raw, last.text("problem").as_deref()),
        (now(), "hello", Some("unknown_line"))
    );
    let told: Vec<_> = out.faults.iter().map(|f| (f.code, f.position, &*f.file)).collect();
    assert_eq!(told, [("unknown_line", Position::Line(15), "live")]);
}

#[test]
fn files_and_arrivals_agree() {
    let text = "Feb 28 06:55:46 h app: same\n".repeat(3);
    let (_, file) = collect_bytes("a.log", text.clone().into_bytes());
    let mut reader = LineReader::new("a.log", Some(Format::Syslog)).unwrap();
    let mut out = Collected::default();
    for (number, line) in (1..).zip(text.lines()) {
        reader.push(line.as_bytes(), number, now(), &mut out);
    }
    assert_eq!(out.events, file.events);
}

#[test]
fn ids_by_position_outlive_the_reader() {
    let text =
        "{\"time\":1700000000}\n[{\"time\":1700000000},{\"time\":1700000000}]\n{\"time\":1700000000}\n";
    let ids = |from: usize, reader: LineReader| {
        let (mut reader, mut out) = (reader.ids_by_position(), Collected::default());
        reader.push_lines(&text.as_bytes()[from..], |_, byte| from as u64 + byte, now(), &mut out);
        assert!(out.faults.is_empty(), "{:?}", out.faults);
        out.events.into_iter().map(|e| (e.position, e.id)).collect::<Vec<_>>()
    };
    let new = || LineReader::new("tail", Some(Format::Json)).unwrap();
    let whole = ids(0, new());
    assert_eq!(whole.iter().map(|(at, _)| *at).collect::<Vec<_>>(), [0, 20, 20, 62]);
    let distinct: std::collections::BTreeSet<_> = whole.iter().collect();
    assert_eq!(distinct.len(), 4);
    assert_eq!(ids(20, new()), whole[1..]);
    let (mut reader, mut out) = (new().ids_by_position(), Collected::default());
    for _ in 0..2 {
        reader.push(text.lines().nth(1).unwrap().as_bytes(), 20, now(), &mut out);
    }
    assert_eq!(out.events[..2], out.events[2..]);
}

#[test]
fn bad_pieces_are_kept_and_long_ones_told() {
    let check = |format: Format, piece: &[u8], code: &str, kept: usize| {
        let mut reader = LineReader::new("s", Some(format)).unwrap();
        let mut out = Collected::default();
        reader.push(piece, 7, now(), &mut out);
        let told: Vec<_> = out.faults.iter().map(|f| (f.code, f.position)).collect();
        assert_eq!((told, out.events.len()), (vec![(code, Position::Line(7))], kept));
        for event in &out.events {
            assert_eq!((event.dialect, event.raw.as_bytes()), (Dialect::Text, piece));
        }
    };
    check(Format::Syslog, b"no syslog", "bad_line", 1);
    check(Format::WebAccess, b"no access", "bad_line", 1);
    check(Format::Json, b"{\"a\":", "bad_record", 1);
    check(Format::Json, b"[]", "bad_record", 1);
    check(Format::Json, b"17", "bad_record", 1);
    check(Format::Json, b"{\"a\":01}", "bad_record", 1);
    check(Format::Syslog, &b"x".repeat(2 << 20), "too_long", 0);
    assert_eq!(LineReader::new("s", Some(Format::Evtx)).unwrap_err().code, "wrong_format");
}
