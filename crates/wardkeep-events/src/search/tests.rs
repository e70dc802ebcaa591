use super::*;
use proptest::prelude::*;
use wardkeep_types::event::{Dialect, Event, EventId, FieldValue, LogSource};
use wardkeep_types::{Date, Length, Moment};

const NOW: &str = "2026-03-31T12:00:00Z";

fn parse(text: &str) -> Search {
    text.parse().unwrap_or_else(|e: SearchError| panic!("{text}: {e} at {}", e.column(text)))
}

fn event() -> Event {
    let raw = r#"{"CommandLine":"powershell -enc SQBFAFgA","Image":"C:\\Windows\\System32\\cmd.exe"}"#;
    let mut event = Event::new(Dialect::Windows, "web/a.evtx".into(), 7, raw);
    event.id = EventId::of("a", raw.as_bytes(), 0);
    event.at = "2026-03-31T09:00:00Z".parse().unwrap();
    event.host = Some("WEB-1.corp".into());
    event.user = Some("Anna".into());
    event.src_ip = Some("10.1.2.3".into());
    event.logsources = [LogSource {
        category: Some("process_creation".into()),
        product: Some("windows".into()),
        service: None,
    }]
    .into();
    event.fields.insert("EventID".into(), FieldValue::Int(4688));
    event.fields.insert("CommandLine".into(), "powershell -enc SQBFAFgA".into());
    event.fields.insert("Image".into(), r"C:\Windows\System32\cmd.exe".into());
    event.fields.insert("Groups".into(), FieldValue::List(vec!["a".into(), "Domain Admins".into()]));
    event.fields.insert("odd name".into(), "x".into());
    event.fields.insert("Empty".into(), FieldValue::Null);
    event
}

#[test]
fn questions_are_answered_for_one_event() {
    let yes = [
        "",
        "*",
        "host:web*",
        "HOST:WEB-1.CORP",
        "user:anna -outcome:success \"powershell -enc\" src_ip:10.0.0.0/8 last:24h",
        "field.CommandLine:*ENC*",
        "commandline:*enc*",
        "user:(bob OR anna)",
        "user:(bob OR a?na) NOT host:db*",
        "EventID:4688",
        "EventID:>=4688 EventID:<4689 EventID:4000..5000",
        "Groups:\"domain admins\"",
        "\"odd name\":x",
        "groups:*",
        "-Empty:* -nothing:*",
        "C:\\Windows\\*\\cmd.exe",
        "\"C:\\Windows\\System32\"",
        "image:C:\\Windows\\*",
        "ip:10.1.2.3 dialect:windows source:*.evtx",
        "logsource:process_creation logsource:proc*",
        "from:2026-03-31 to:2026-03-31",
        "from:2026-03-31T09:00 to:now",
        "(user:bob OR user:anna) AND -(host:db OR host:dc)",
        "powershell*enc",
    ];
    let no = [
        "host:web",
        "user:\"ann*\"",
        "-user:anna",
        "src_ip:10.2.0.0/16",
        "EventID:<4688",
        "empty:*",
        "logsource:category",
        "logsource:process",
        "from:2026-03-31T09:00:01",
        "to:2026-03-30",
        "last:1h",
        "dst_ip:*",
        "user:bob OR host:db",
        "c:\\windows\\cmd.exe",
    ];
    let (event, now) = (event(), NOW.parse().unwrap());
    for (texts, wanted) in [(&yes[..], true), (&no[..], false)] {
        for text in texts {
            assert_eq!(Matching::new(&parse(text), now).matches(&event), wanted, "{text}");
        }
    }
}

#[test]
fn what_is_wrong_is_said_with_its_place() {
    for (text, column, code) in [
        ("user:", 1, "no_value"),
        ("a \"open", 3, "open_quote"),
        ("(a OR b", 1, "open_parenthesis"),
        ("a) b", 2, "stray_close"),
        ("a OR", 5, "missing"),
        ("a OR OR b", 6, "missing"),
        ("EventID:>=high", 1, "no_number"),
        ("n:9..1", 1, "turned"),
        ("last:soon", 1, "no_length"),
        ("last:1h from:now-2h", 9, "twice"),
        ("a (last:1h)", 4, "period_inside"),
        ("a | count by", 5, "no_field"),
        ("a | sort", 5, "stage"),
        ("a | over soon", 10, "no_length"),
        ("a | limit 0", 11, "no_number"),
        ("a | limit 5 | count", 15, "twice"),
        ("é | top 10 user, host", 5, "stage"),
        ("hash:abc", 1, "wrong_value"),
        ("\"\"", 1, "empty_text"),
        ("()", 2, "missing"),
        ("from:yesterday", 1, "no_time"),
    ] {
        let error = text.parse::<Search>().expect_err(text);
        assert_eq!((error.column(text), error.code), (column, code), "{text}: {error}");
        assert!(!error.hint.is_empty());
        let (before, wrong, after) = error.parts(text);
        assert_eq!(format!("{before}{wrong}{after}"), text);
    }
    let deep = "(".repeat(10_000) + "a";
    assert_eq!(deep.parse::<Search>().unwrap_err().code, "too_long");
    let deep = "(".repeat(100) + "a" + &")".repeat(100);
    assert_eq!(deep.parse::<Search>().unwrap_err().code, "too_deep");
}

#[test]
fn questions_are_told_in_words() {
    let said = |text: &str| parse(text).explain();
    assert_eq!(
        said("host:web* -outcome:success \"powershell -enc\" last:24h | count by user"),
        "Events where host looks like \"web*\" and not (outcome is \"success\") and the record contains \"powershell -enc\", in the last 24h, counted by user."
            .replace("24h", "1d")
    );
    assert_eq!(said(""), "Events, newest first.");
    assert_eq!(
        said("(user:a OR ip:10.0.0.0/8) EventID:>3 | over 1h by host"),
        "Events where (user is \"a\" or either address lies in 10.0.0.0/8) and the field EventID is above 3, counted for every 1h and host."
    );
}

fn name() -> impl Strategy<Value = FieldName> {
    prop_oneof![
        prop::sample::select(Known::ALL)
            .prop_filter("asked for texts", |k| !matches!(
                k,
                Known::Hash | Known::LogSource | Known::Raw | Known::Id
            ))
            .prop_map(FieldName::Known),
        "[A-Za-z][A-Za-z0-9_.]{0,8}".prop_map(FieldName::Other),
        "[ -~é]{1,6}".prop_map(FieldName::Other),
    ]
}

fn pattern() -> impl Strategy<Value = Pattern> {
    let piece = prop_oneof![
        3 => "\\PC{1,8}".prop_map(Some),
        1 => "(AND|OR|NOT|-x|>5|1\\.\\.2|10\\.0\\.0\\.0/8|C:\\\\x|a\"b)".prop_map(Some),
        2 => Just(None),
    ];
    (prop::collection::vec((piece, any::<bool>()), 0..4)).prop_map(|pieces| {
        let mut pattern = Pattern::default();
        for (piece, many) in pieces {
            match (piece, many) {
                (Some(text), _) => pattern.text(&text),
                (None, true) => pattern.many(),
                (None, false) => pattern.0.push(Piece::One),
            }
        }
        pattern
    })
}

fn term() -> impl Strategy<Value = Expr> {
    let number = prop_oneof![any::<i32>().prop_map(f64::from), (-1e9..1e9f64)];
    let sign = prop::sample::select(vec![Compare::Above, Compare::From, Compare::Below, Compare::UpTo]);
    let network = (any::<u32>(), 0..=32u8).prop_map(|(ip, bits)| {
        Network::parse(&format!("{}/{bits}", std::net::Ipv4Addr::from(ip))).expect("a network")
    });
    let test = prop_oneof![
        4 => pattern().prop_filter("is Exists", |p| p.0 != [Piece::Many]).prop_map(Test::Fits),
        1 => Just(Test::Exists),
        1 => (sign, number).prop_map(|(sign, number)| Test::Compare(sign, number)),
        1 => (any::<i32>(), 0..1000i32).prop_map(|(low, more)| Test::Between(f64::from(low), f64::from(low) + f64::from(more))),
        1 => network.prop_map(Test::Within),
    ];
    let span = Span::default();
    prop_oneof![
        (name(), test).prop_map(move |(field, test)| Expr::Term(Term { span, field: Some(field), test })),
        pattern()
            .prop_filter("is nothing", |p| !p.0.is_empty() && p.0 != [Piece::Many])
            .prop_map(move |p| Expr::Term(Term { span, field: None, test: Test::Fits(p) })),
    ]
}

fn expr() -> impl Strategy<Value = Expr> {
    term().prop_recursive(4, 24, 4, |inner| {
        let not = inner.clone().prop_map(|e| match e {
            Expr::Not(e) => *e,
            e => Expr::Not(Box::new(e)),
        });
        let flat = |or: bool| {
            move |parts: Vec<Expr>| {
                let mut flat = Vec::new();
                for part in parts {
                    match part {
                        Expr::Or(more) if or => flat.extend(more),
                        Expr::And(more) if !or => flat.extend(more),
                        other => flat.push(other),
                    }
                }
                if or { Expr::Or(flat) } else { Expr::And(flat) }
            }
        };
        prop_oneof![
            not,
            prop::collection::vec(inner.clone(), 2..4).prop_map(flat(true)),
            prop::collection::vec(inner, 2..4).prop_map(flat(false)),
        ]
    })
}

fn search() -> impl Strategy<Value = Search> {
    let when = prop_oneof![
        (1..2_000_000i64).prop_map(|s| When::Ago(Length::from_seconds(s))),
        (0..40_000i64).prop_map(|d| When::Day(Date::new(1970, 1, 1).unwrap().plus_days(d))),
        (0..4_000_000_000i64).prop_map(|s| When::At(Moment::EPOCH.plus_seconds(s))),
    ];
    let window =
        (prop::option::of(when.clone()), prop::option::of(when)).prop_map(|(from, to)| Window { from, to });
    let fields =
        prop::collection::btree_set(name(), 1..4).prop_map(|set| set.into_iter().collect::<Vec<_>>()).boxed();
    let length = (1..100_000i64).prop_map(Length::from_seconds);
    let stage = prop_oneof![
        Just(Stage::Count(Vec::new())),
        fields.clone().prop_map(Stage::Count),
        (1..1000u32, name()).prop_map(|(n, f)| Stage::Top(n, f)),
        (length, prop::option::of(name())).prop_map(|(l, f)| Stage::Over(l, f)),
        fields.prop_map(Stage::Fields),
    ];
    (
        prop_oneof![1 => Just(Expr::All), 9 => expr()],
        window,
        prop::option::of(stage),
        prop::option::of(1..=MOST_ROWS),
    )
        .prop_map(|(filter, window, stage, limit)| Search { filter, window, stage, limit })
}

proptest! {
    #[test]
    fn a_question_that_is_shown_reads_as_itself(search in search()) {
        let shown = search.to_string();
        prop_assume!(shown.len() <= MOST_BYTES);
        prop_assert_eq!(shown.parse::<Search>().map_err(|e| format!("{shown}: {e}")), Ok(search));
    }
    #[test]
    fn any_text_is_answered(text in "\\PC{0,60}|[a-z\":()|\\- *?.<>0-9/]{0,60}") {
        match text.parse::<Search>() {
            Ok(search) => {
                let _ = search.explain();
                let _ = Matching::new(&search, Moment::EPOCH).matches(&event());
                prop_assert_eq!(search.to_string().parse::<Search>(), Ok(search));
            }
            Err(error) => {
                let (before, wrong, after) = error.parts(&text);
                prop_assert_eq!(format!("{before}{wrong}{after}"), text);
            }
        }
    }
}
