//! Nothing but the events decides: not the order of rules or fields, not the size of batches, not the matcher.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::needless_for_each)]

mod common;

use common::{load, plain};
use proptest::prelude::*;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use wardkeep_detect::{Engine, Hunt, RuleSet, explain};
use wardkeep_types::columns::ColumnsBuilder;
use wardkeep_types::event::Event;

/// Short texts over few signs, so that they often meet.
fn word() -> impl Strategy<Value = String> {
    "[abAB. ü1]{0,4}"
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        6 => word().prop_map(Value::from),
        2 => (0_i64..3).prop_map(Value::from),
        1 => Just(Value::Null),
        1 => any::<bool>().prop_map(Value::from),
        1 => (0_i64..4).prop_map(|n| Value::from(n as f64 / 2.0)),
        1 => prop::collection::vec(word().prop_map(Value::from), 0..3).prop_map(Value::from),
    ]
}

fn event() -> impl Strategy<Value = Value> {
    prop::collection::btree_map("[fgh]", value(), 0..4)
        .prop_map(|fields| Value::Object(fields.into_iter().collect::<Map<_, _>>()))
}

/// One line of a detection, as JSON, which is YAML too.
fn item() -> impl Strategy<Value = String> {
    let modifier = prop_oneof![
        Just(""),
        Just("|contains"),
        Just("|startswith"),
        Just("|endswith"),
        Just("|contains|all"),
        Just("|cased"),
        Just("|contains|cased"),
        Just("|neq"),
        Just("|exists"),
        Just("|re"),
        Just("|re|i"),
        Just("|gte"),
        Just("|fieldref"),
    ];
    ("[fgh]", modifier, prop::collection::vec("[abAB.ü*?1]{0,3}", 1..3)).prop_map(
        |(field, modifier, values)| {
            let values: Vec<String> = match modifier {
                "|exists" => vec![(values[0].len() % 2 == 0).to_string()],
                "|gte" => vec!["1".into()],
                "|fieldref" => vec!["'g'".into()],
                "|re" | "|re|i" => {
                    values.iter().map(|v| format!("'{}'", v.replace(['*', '?'], "."))).collect()
                }
                "" if values[0].is_empty() => vec!["null".into(), "''".into()],
                _ => values.iter().map(|v| format!("'{v}'")).collect(),
            };
            format!("'{field}{modifier}': [{}]", values.join(", "))
        },
    )
}

fn rule() -> impl Strategy<Value = String> {
    let condition = prop_oneof![
        Just("a"),
        Just("a and not b"),
        Just("a or b"),
        Just("not a"),
        Just("1 of them"),
        Just("all of them"),
        Just("a and (b or k)"),
        Just("k or a"),
        Just("a and not k"),
    ];
    (item(), item(), item(), "[abü1]{1,2}", condition).prop_map(|(a, a2, b, keyword, condition)| {
        // The same field twice would be the same key.
        let a2 = if a.split('|').next() == a2.split('|').next() { String::new() } else { format!(", {a2}") };
        format!(
            "logsource: {{product: test}}\ndetection:\n  a: {{{a}{a2}}}\n  b: {{{b}}}\n  k: ['{keyword}']\n  condition: {condition}\n"
        )
    })
}

fn set(rules: &[String]) -> RuleSet {
    let text: Vec<String> = rules
        .iter()
        .enumerate()
        .map(|(at, rule)| format!("title: r{at}\nid: {at:08}-0000-4000-8000-000000000000\n{rule}"))
        .collect();
    load(&text.join("---\n")).0
}

type Pairs = BTreeSet<(String, u64)>;

fn streamed(set: &RuleSet, events: &[Event]) -> Pairs {
    let mut engine = Engine::new(set);
    let id = |rule: u32, event: &Event| (set.rules()[rule as usize].id.to_string(), event.position);
    events
        .iter()
        .flat_map(|event| engine.fired(event).into_iter().map(|rule| id(rule, event)).collect::<Vec<_>>())
        .collect()
}

fn hunted(set: &RuleSet, events: &[Event], batch: usize) -> Pairs {
    let mut hunt = Hunt::new(set);
    let mut pairs = Pairs::new();
    for events in events.chunks(batch) {
        let mut builder = ColumnsBuilder::default();
        events.iter().for_each(|event| builder.push(event));
        let found = hunt.run(&builder.finish());
        pairs.extend(
            found.iter().map(|(rule, row)| {
                (set.rules()[*rule as usize].id.to_string(), events[*row as usize].position)
            }),
        );
    }
    pairs
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    /// Both matchers say what looking at each part of each rule says.
    #[test]
    fn matchers_agree_with_explanations(
        rules in prop::collection::vec(rule(), 1..6),
        events in prop::collection::vec(event(), 1..12),
        batch in 1_usize..12,
    ) {
        let set = set(&rules);
        let events: Vec<Event> = (1..).zip(&events).map(|(number, fields)| plain(number, fields)).collect();
        let explained: Pairs = events
            .iter()
            .flat_map(|event| set.rules().iter().filter(|rule| explain(rule, event).fires).map(|rule| (rule.id.to_string(), event.position)))
            .collect();
        prop_assert_eq!(&streamed(&set, &events), &explained);
        prop_assert_eq!(&hunted(&set, &events, batch), &explained);
    }

    /// The order of rules and of events changes nothing.
    #[test]
    fn order_changes_nothing(
        rules in prop::collection::vec(rule(), 2..6),
        events in prop::collection::vec(event(), 1..12),
    ) {
        let forward = set(&rules);
        let numbered: Vec<String> = rules
            .iter()
            .enumerate()
            .map(|(at, rule)| format!("title: r{at}\nid: {at:08}-0000-4000-8000-000000000000\n{rule}"))
            .rev()
            .collect();
        let backward = load(&numbered.join("---\n")).0;
        let mut events: Vec<Event> = (1..).zip(&events).map(|(number, fields)| plain(number, fields)).collect();
        let pairs = streamed(&forward, &events);
        prop_assert_eq!(&streamed(&backward, &events), &pairs);
        events.reverse();
        prop_assert_eq!(&streamed(&backward, &events), &pairs);
    }
}
