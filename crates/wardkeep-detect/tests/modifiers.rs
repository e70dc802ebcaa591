//! Each modifier and each form of value, on values that must match and values that must not.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::needless_for_each)]

mod common;

use common::{fires, load, plain, run};
use serde_json::{Value, json};
use wardkeep_detect::{Placeholders, RuleFile, RuleSet};

/// One line of a detection against one event.
fn check(item: &str, event: Value, expected: bool) {
    let detection = format!("  s:\n    {item}\n  condition: s");
    assert_eq!(fires(&detection, &event), expected, "{item} on {event}");
}

#[test]
fn plain_values() {
    check("a: CMD.exe", json!({"a": "cmd.EXE"}), true);
    check("a: MÜLLER", json!({"a": "müller"}), true);
    check("a: cmd.exe", json!({"a": "cmd.exe "}), true);
    check("a: cmd.exe", json!({"a": " cmd.exe"}), false);
    check("a: cmd.exe", json!({"b": "cmd.exe"}), false);
    check("a: [x, y]", json!({"a": "Y"}), true);
    check("a: x", json!({"a": ["w", "X"]}), true);
    check("a.b: x", json!({"a": {"b": "x"}}), true);
    check("a: 4688", json!({"a": 4688}), true);
    check("a: 4688", json!({"a": "4688"}), true);
    check("a: '4688'", json!({"a": 4688}), true);
    check("a: 4688", json!({"a": 46880}), false);
    check("a: 1.5", json!({"a": 1.5}), true);
    check("a: true", json!({"a": true}), true);
    check("a: true", json!({"a": "True"}), true);
    check("a: true", json!({"a": false}), false);
    check("a: ''", json!({"a": ""}), true);
    check("a: ''", json!({"a": "x"}), false);
    check("a: ''", json!({}), false);
    check("a: null", json!({"a": null}), true);
    check("a: null", json!({}), true);
    check("a: null", json!({"a": ""}), false);
    check("a: null", json!({"a": 0}), false);
    check("a: [null, x]", json!({}), true);
}

#[test]
fn wildcards_and_escapes() {
    check(r"a: '*\cmd.exe'", json!({"a": r"C:\cmd.exe"}), true);
    check(r"a: 'c:\\windows\\*'", json!({"a": r"C:\Windows\x"}), true);
    check(r"a: '\\\\host\\share'", json!({"a": r"\\host\share"}), true);
    check("a: 'x*z'", json!({"a": "x--z"}), true);
    check("a: 'x?z'", json!({"a": "xyz"}), true);
    check("a: 'x?z'", json!({"a": "xz"}), false);
    check(r"a: 'x\*z'", json!({"a": "x*z"}), true);
    check(r"a: 'x\*z'", json!({"a": "x-z"}), false);
    check(r"a: 'x\?z'", json!({"a": "x?z"}), true);
    check(r"a: 'x\\*z'", json!({"a": r"x\yz"}), true);
    check(r"a: 'x\\\*z'", json!({"a": r"x\*z"}), true);
    check("a: '*'", json!({"a": "anything"}), true);
    check("a: '*'", json!({}), false);
    check("a: '*x*'", json!({"a": 5}), false);
}

#[test]
fn places() {
    check("a|contains: EnC", json!({"a": "x -enc y"}), true);
    check("a|contains: 'e?c'", json!({"a": "x -enc y"}), true);
    check("a|contains: ' -enc '", json!({"a": "p -enc "}), true);
    check("a|contains: enc", json!({"a": "en c"}), false);
    check("a|startswith: C:\\", json!({"a": "c:\\x"}), true);
    check("a|startswith: x", json!({"a": "yx"}), false);
    check("a|endswith: .EXE", json!({"a": "a.exe"}), true);
    check("a|endswith: .exe", json!({"a": "a.exe\t "}), true);
    check("a|endswith: x", json!({"a": "xy"}), false);
    check("a|contains: 46", json!({"a": 1468}), true);
    check("a|contains|all: [x, y]", json!({"a": "yyxx"}), true);
    check("a|contains|all: [x, y]", json!({"a": "yy"}), false);
    check("a|contains|all: [x, y]", json!({"a": ["y", "x"]}), true);
    check("a|cased: Cmd", json!({"a": "Cmd"}), true);
    check("a|cased: Cmd", json!({"a": "cmd"}), false);
    check("a|contains|cased: Cmd", json!({"a": "xCmdx"}), true);
    check("a|contains|cased: Cmd", json!({"a": "xcmdx"}), false);
}

#[test]
fn regular_expressions() {
    check(r"a|re: 'e[nm]c\s'", json!({"a": "x -enc y"}), true);
    check("a|re: ENC", json!({"a": "enc"}), false);
    check("a|re|i: ENC", json!({"a": "enc"}), true);
    check("a|re|i: Σ", json!({"a": "ς"}), true);
    check("a|re: 'a.b'", json!({"a": "a\nb"}), false);
    check("a|re|s: 'a.b'", json!({"a": "a\nb"}), true);
    check("a|re: '^b'", json!({"a": "a\nb"}), false);
    check("a|re|m: '^b'", json!({"a": "a\nb"}), true);
    check("a|re|i|m|s: '^B.C'", json!({"a": "a\nb\nc"}), true);
    check("a|re: 'x$'", json!({"a": "x  "}), true);
    check(r"a|re: '^\d{4}$'", json!({"a": 4688}), true);
    let (_, problems) =
        load("title: t\nlogsource: {product: test}\ndetection:\n  s:\n    a|re: '(?=x)y'\n  condition: s");
    assert_eq!((problems[0].line, problems[0].column, problems[0].refused), (5, 12, true), "{problems:?}");
}

#[test]
fn addresses() {
    check("a|cidr: 10.0.0.0/8", json!({"a": "10.1.2.3"}), true);
    check("a|cidr: 10.0.0.0/8", json!({"a": "11.1.2.3"}), false);
    check("a|cidr: [10.0.0.0/8, '::1/128']", json!({"a": "::1"}), true);
    check("a|cidr: 10.0.0.0/8", json!({"a": "::ffff:10.1.2.3"}), true);
    check("a|cidr: 10.0.0.0/8", json!({"a": "host"}), false);
    check("a|cidr: 10.0.0.0/8", json!({}), false);
}

#[test]
fn presence_and_fields() {
    check("a|exists: true", json!({"a": null}), true);
    check("a|exists: true", json!({}), false);
    check("a|exists: false", json!({}), true);
    check("a|exists: false", json!({"a": 1}), false);
    check("a|fieldref: b", json!({"a": "X", "b": "x"}), true);
    check("a|fieldref: b", json!({"a": "x", "b": "y"}), false);
    check("a|fieldref: b", json!({"a": "x"}), false);
    check("a|fieldref: b", json!({"a": "x", "b": ["y", "x"]}), true);
    check("a|fieldref|contains: b", json!({"a": "wxy", "b": "X"}), true);
    check("a|fieldref|startswith: b", json!({"a": "wxy", "b": "X"}), false);
    check("a|fieldref|endswith: b", json!({"a": "wxy", "b": "XY"}), true);
    check("a|cased|fieldref: b", json!({"a": "X", "b": "x"}), false);
    check("a|fieldref|neq: b", json!({"a": "X", "b": "y"}), true);
    check("a|fieldref|neq: b", json!({"a": "X", "b": "x"}), false);
}

#[test]
fn encodings() {
    use base64::Engine as _;
    let code = |bytes: &[u8]| base64::engine::general_purpose::STANDARD.encode(bytes);
    check("a|base64: foobar", json!({"a": "Zm9vYmFy"}), true);
    check("a|base64|contains: foobar", json!({"a": "x Zm9vYmFy y"}), true);
    for before in 0..4 {
        let text = format!("{}http://x", "#".repeat(before));
        check("a|base64offset|contains: 'http://'", json!({"a": code(text.as_bytes())}), true);
        let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
        check("a|wide|base64offset|contains: 'http://'", json!({"a": code(&wide)}), true);
        check("a|utf16le|base64offset|contains: 'http://'", json!({"a": code(&wide)}), true);
        let big: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
        check("a|utf16be|base64offset|contains: 'http://'", json!({"a": code(&big)}), true);
    }
    check("a|base64offset|contains: 'http://'", json!({"a": code(b"ftp://example")}), false);
    check(
        "a|utf16|base64|startswith: cmd",
        json!({"a": code(&[0xFF, 0xFE, b'c', 0, b'm', 0, b'd', 0])}),
        true,
    );
    check("a|wide|contains: cmd", json!({"a": "c\0m\0d\0"}), true);
}

#[test]
fn dashes() {
    for dash in ["-", "/", "–", "—", "―"] {
        check("a|windash|contains: ' -enc '", json!({"a": format!("p {dash}enc x")}), true);
        check("a|contains|windash: ' -enc '", json!({"a": format!("p {dash}enc x")}), true);
    }
    check("a|windash|contains: ' -enc '", json!({"a": "p enc x"}), false);
    check("a|windash|contains: 'a-b'", json!({"a": "a/b"}), false);
}

#[test]
fn order_and_time() {
    for (modifier, less, equal, more) in [
        ("lt", true, false, false),
        ("lte", true, true, false),
        ("gt", false, false, true),
        ("gte", false, true, true),
        ("neq", true, false, true),
    ] {
        check(&format!("a|{modifier}: 10"), json!({"a": 9}), less);
        check(&format!("a|{modifier}: 10"), json!({"a": "10"}), equal);
        check(&format!("a|{modifier}: 10"), json!({"a": 10.5}), more);
        check(&format!("a|{modifier}: 10"), json!({}), false);
    }
    check("a|lt: 10", json!({"a": "x"}), false);
    check("a|neq: x", json!({"a": "X"}), false);
    check("a|neq: [x, y]", json!({"a": "y"}), false);
    check("a|neq: [x, y]", json!({"a": "z"}), true);
    check("a|neq: x", json!({"a": ["x", "y"]}), false);
    let parts = [("minute", 5), ("hour", 23), ("day", 31), ("week", 1), ("month", 12), ("year", 2024)];
    for (part, number) in parts {
        check(&format!("t|{part}: {number}"), json!({"t": "2024-12-31T23:05:00Z"}), true);
        check(&format!("t|{part}: {}", number + 1), json!({"t": "2024-12-31T23:05:00Z"}), false);
        check(&format!("t|{part}|gte: {number}"), json!({"t": "2024-12-31 23:05:00.5"}), true);
    }
    check("t|hour: 1", json!({"t": "noon"}), false);
}

#[test]
fn keywords() {
    let list = "  k:\n    - Foo\n    - 'b?r'\n  condition: k";
    assert!(fires(list, &json!({"a": "xfoox"})));
    assert!(fires(list, &json!({"a": ["1", "a BaR"]})));
    assert!(!fires(list, &json!({"foo": "x"})));
    let all = "  k:\n    '|all':\n      - one\n      - two\n  condition: k";
    assert!(fires(all, &json!({"a": "one", "b": "two"})));
    assert!(!fires(all, &json!({"a": "one"})));
    assert!(fires("  k:\n    '|re': 'o.e'\n  condition: k", &json!({"a": "xx one"})));
    assert!(fires("  k: [4625]\n  condition: k", &json!({"a": 4625})));
}

#[test]
fn conditions() {
    let check = |condition: &str, event: Value, expected: bool| {
        let parts = "  sel_a:\n    a: 1\n  sel_b:\n    b: 1\n  filter_c:\n    c: 1\n  _hidden:\n    d: 1";
        assert_eq!(
            fires(&format!("{parts}\n  condition: {condition}"), &event),
            expected,
            "{condition} on {event}"
        );
    };
    check("sel_a and sel_b", json!({"a": 1, "b": 1}), true);
    check("sel_a and not sel_b", json!({"a": 1, "b": 1}), false);
    check("sel_a or sel_b and filter_c", json!({"a": 1}), true);
    check("(sel_a or sel_b) and filter_c", json!({"a": 1}), false);
    check("not sel_a and sel_b", json!({"b": 1}), true);
    check("not (sel_a and sel_b)", json!({"b": 1}), true);
    check("1 of sel_*", json!({"b": 1}), true);
    check("any of sel_*", json!({"c": 1}), false);
    check("all of sel_*", json!({"b": 1}), false);
    check("all of sel_* and not 1 of filter_*", json!({"a": 1, "b": 1}), true);
    check("2 of them", json!({"a": 1, "c": 1}), true);
    check("2 of them", json!({"a": 1, "d": 1}), false);
    check("1 of them", json!({"d": 1}), false);
    check("all of them", json!({"a": 1, "b": 1, "c": 1}), true);
    check("[sel_a, sel_b]", json!({"b": 1}), true);
    let either = "  s:\n    - a: 1\n      b: 1\n    - c: 1\n  condition: s";
    assert!(fires(either, &json!({"c": 1})) && fires(either, &json!({"a": 1, "b": 1})));
    assert!(!fires(either, &json!({"a": 1})));
}

#[test]
fn placeholders() {
    let text = "title: t\nlogsource: {product: test}\ndetection:\n  s:\n    a|expand: '%Admins%'\n  condition: not s";
    let (set, problems) = load(text);
    assert_eq!((problems.len(), problems[0].line, problems[0].refused), (1, 5, false));
    assert!(!set.rules()[0].runnable());
    assert!(run(&set, &[plain(1, &json!({"a": "eve"}))]).is_empty());
    let mut lists = Placeholders::new();
    lists.set("admins", ["root".to_owned(), "adm-*".to_owned()]);
    let (set, problems) = RuleSet::load_with([RuleFile::new("rule.yml", text)], &lists);
    assert!(problems.is_empty());
    let events = [plain(1, &json!({"a": "ADM-7"})), plain(2, &json!({"a": "eve"}))];
    assert_eq!(run(&set, &events).iter().map(|hit| hit.events[0]).collect::<Vec<_>>(), [events[1].id]);
}
