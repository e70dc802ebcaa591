use super::{Ioc, IocSet};
use proptest::prelude::*;
use wardkeep_types::columns::ColumnsBuilder;
use wardkeep_types::event::{Dialect, Event, FieldValue};
use wardkeep_types::ioc::IocKind;
use wardkeep_types::{Id, Moment};

fn ioc(text: &str) -> Ioc {
    let kind = IocKind::guess(text).unwrap_or_else(|| panic!("{text} is none"));
    Ioc { id: Id::NIL, kind, value: kind.normal(text).unwrap().into(), from: None, until: None }
}

fn set(values: &[&str]) -> IocSet {
    IocSet::new(values.iter().map(|value| ioc(value)).collect())
}

fn event(text: &str) -> Event {
    Event::new(Dialect::Text, "test".into(), 1, text)
}

#[track_caller]
fn check(indicator: &str, text: &str, found: bool) {
    let mut hits = Vec::new();
    set(&[indicator]).look(&event(text), &mut |place, field| hits.push((place, field.to_owned())));
    assert_eq!(!hits.is_empty(), found, "{indicator} in {text:?}");
}

#[test]
fn values_are_found_in_texts() {
    for (indicator, text) in [
        ("198.51.100.7", "connect to 198.51.100.7:443 failed"),
        ("198.51.100.7", "src=198.51.100.7,dst=10.0.0.1"),
        ("198.51.100.7", "from ::ffff:198.51.100.7 port 1"),
        ("198.51.100.0/24", "[198.51.100.200]"),
        ("2001:db8::/32", "from 2001:DB8:1::9 port 22"),
        ("2001:db8::9", "peer [2001:db8::9]:443"),
        ("evil.example", "query: www.Evil.Example. IN A"),
        ("evil.example", "GET http://evil.example:8080/x"),
        ("evil.example", "rcpt to <a.b@mail.evil.example>"),
        ("xn--bcher-kva.example", "visits shop.bücher.example now"),
        ("hxxp://evil[.]example/a?b=1", "url=\"HTTP://evil.example:80/a?b=1\" done"),
        ("https://evil.example/", "see https://Evil.example."),
        ("mallory@evil.example", "mail from: <Mallory@evil.example>"),
        ("d41d8cd98f00b204e9800998ecf8427e", "SHA1=0,MD5=D41D8CD98F00B204E9800998ECF8427E,IMPHASH=0"),
        ("d41d8cd98f00b204e9800998ecf8427e", "md5:d41d8cd98f00b204e9800998ecf8427e"),
    ] {
        check(indicator, text, true);
    }
}

#[test]
fn what_only_looks_alike_is_not_found() {
    for (indicator, text) in [
        ("198.51.100.7", "version 198.51.100.70"),
        ("198.51.100.7", "1.198.51.100.7"),
        ("198.51.100.0/24", "198.51.101.1"),
        ("2001:db8::/32", "2001:db9::1 12:30:59 aa:bb:cc:dd:ee:ff"),
        ("evil.example", "notevil.example evil.example.org evil.examples"),
        ("evil.example", "the evil example"),
        ("http://evil.example/a", "http://evil.example/ab http://evil.example"),
        ("mallory@evil.example", "amallory@evil.example mallory@evil.example.org"),
        ("d41d8cd98f00b204e9800998ecf8427e", "d41d8cd98f00b204e9800998ecf8427e0"),
    ] {
        check(indicator, text, false);
    }
}

#[test]
fn fields_are_named_and_an_indicator_is_told_once() {
    let set = set(&["203.0.113.9", "evil.example"]);
    let mut event = event("nothing");
    event.dialect = Dialect::Json;
    event.raw = r#"{"ip":"203.0.113.9"}"#.into();
    event.src_ip = Some("203.0.113.9".into());
    event.fields.insert("ip".into(), FieldValue::from("203.0.113.9"));
    event.fields.insert("q".into(), FieldValue::List(vec!["a".into(), "x.evil.example".into()]));
    let mut hits = Vec::new();
    set.look(&event, &mut |place, field| hits.push((place, field.to_owned())));
    assert_eq!(hits, [(0, "ip".to_owned()), (1, "q".to_owned())]);
}

#[test]
fn an_indicator_holds_for_its_time() {
    let mut one = ioc("203.0.113.9");
    let day = |text: &str| text.parse::<Moment>().unwrap();
    (one.from, one.until) = (Some(day("2026-03-01T00:00:00Z")), Some(day("2026-04-01T00:00:00Z")));
    let set = IocSet::new(vec![one]);
    for (at, found) in [("2026-02-28T23:59:59Z", 0), ("2026-03-01T00:00:00Z", 1), ("2026-04-01T00:00:00Z", 0)]
    {
        let mut event = event("203.0.113.9");
        event.at = day(at);
        let mut hits = 0;
        set.look(&event, &mut |_, _| hits += 1);
        assert_eq!(hits, found, "{at}");
    }
}

#[test]
fn the_narrowest_block_is_told() {
    let set = set(&["203.0.113.0/24", "203.0.113.9", "203.0.0.0/16"]);
    let mut hits = Vec::new();
    set.look(&event("203.0.113.9 203.0.113.8 203.0.1.1"), &mut |place, _| hits.push(place));
    assert_eq!(hits, [1, 0, 2]);
}

proptest! {
    #[test]
    fn streams_and_columns_find_the_same(texts in proptest::collection::vec("(evil|web)?[.](example|org) ?[0-9.:a-f]{0,20}@?(http://)?evil.example/?", 1..12)) {
        let set = set(&["evil.example", "http://evil.example/", "2001:db8::/32", "0.0.0.1"]);
        let (mut builder, mut streamed) = (ColumnsBuilder::default(), Vec::new());
        for (row, text) in texts.iter().enumerate() {
            let mut event = event(text);
            event.fields.insert("f".into(), FieldValue::from(text.chars().rev().collect::<String>()));
            event.message = Some(text.as_str().into());
            set.look(&event, &mut |place, _| streamed.push((row, place)));
            builder.push(&event);
        }
        let mut stored = Vec::new();
        set.look_columns(&builder.finish(), &mut |row, place, _| stored.push((row, place)));
        streamed.sort_unstable();
        stored.sort_unstable();
        stored.dedup();
        prop_assert_eq!(streamed, stored);
    }
    #[test]
    fn nothing_panics(text in "\\PC*", more in "[a-f0-9.:@/ ]{0,60}") {
        let set = set(&["evil.example", "https://evil.example/x", "2001:db8::/32", "1.2.3.4", "a@b.example", "d41d8cd98f00b204e9800998ecf8427e"]);
        set.look(&event(&format!("{text}{more}http://{text}")), &mut |_, _| {});
    }
}
