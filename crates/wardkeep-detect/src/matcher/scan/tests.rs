use super::{Scan, Scratch};
use crate::eval::value_holds_alone;
use crate::ir::{Order, Test};
use crate::pattern::{Pattern, Piece};
use crate::view::Looked;
use wardkeep_types::event::FieldValue;

fn text(pattern: &str, cased: bool) -> Test {
    let piece = |c| match c {
        '*' => Piece::Many,
        '?' => Piece::One,
        c => Piece::Text(c.to_string().into()),
    };
    Test::Text(Pattern::new(pattern.chars().map(piece).collect(), cased))
}

/// Whatever a scan finds must be what asking each comparison finds.
#[test]
fn a_scan_agrees_with_asking() {
    let mut tests: Vec<Test> =
        ["*", "", "a", "ab*", "*ab", "*ab*", "a?c", "*a?c*b", "1", "*.0", "\u{fc}*", "x *", "* y", "k"]
            .iter()
            .flat_map(|pattern| [text(pattern, false), text(pattern, true)])
            .collect();
    tests.extend([Test::Int(1), Test::Int(-4), Test::Float(1.5), Test::Float(1.0), Test::Bool(true)]);
    tests.extend(
        ["(?i)ab+c", "^a.*b$", "abcd|dcba", "[0-9]"].map(|p| Test::Regex(regex::Regex::new(p).unwrap())),
    );
    tests.push(Test::Compare(Order::More, 0.5));
    tests.push(Test::Cidr(crate::Cidr::parse("10.0.0.0/8").unwrap()));
    let scan = Scan::new(tests.clone());
    let mut scratch = Scratch::default();
    let texts = [
        "",
        " ",
        "a",
        "A ",
        "ab",
        "AB",
        "xab",
        "xAB \t",
        "abc",
        "ABBC",
        "aXcb",
        "1",
        " 1 ",
        "1.0",
        "-4",
        "+1",
        "10.1.2.3",
        "\u{dc}x",
        "x ",
        "x y",
        "\u{212a}",
        "true",
        "TRUE ",
        "abcd dcba",
    ];
    let mut values: Vec<FieldValue> = texts.map(FieldValue::from).into();
    values.extend([
        FieldValue::Int(1),
        FieldValue::Int(-4),
        FieldValue::Float(1.5),
        FieldValue::Float(1.0),
        FieldValue::Bool(true),
    ]);
    for value in &values {
        let looked = Looked::new(value);
        scan.look(&looked, &mut scratch);
        let mut found = scratch.found.clone();
        found.sort_unstable();
        let asked: Vec<u32> =
            (0..tests.len() as u32).filter(|at| value_holds_alone(&tests[*at as usize], &looked)).collect();
        assert_eq!(found, asked, "{value:?}");
    }
}
