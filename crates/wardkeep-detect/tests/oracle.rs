//! Streaming, columnar and rsigma on the same recorded events: the same hits, but for differences whose cause is known.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::needless_for_each)]

mod common;

use common::{data, files, read_events, sigma_rules};
use rsigma_eval::JsonEvent;
use std::collections::BTreeSet;
use wardkeep_detect::{Engine, Hunt, RuleSet};
use wardkeep_types::columns::ColumnsBuilder;
use wardkeep_types::event::LogSource;

/// Rules on which rsigma and we differ, with why. The full corpus is compared by `wardkeep bench detect`.
const KNOWN: [(&str, &str); 4] = [
    (
        "94309181-d345-4cbf-b5fe-061769bdf9cb",
        "a placeholder without a list: ours sleeps, rsigma runs without the filter",
    ),
    (
        "4a0b2c7e-7cb2-495d-8b63-5f268e7bfd67",
        "windash: a slash in the rule stands for a dash too (Sigma 2.1)",
    ),
    ("ab6bffca-beff-4baa-af11-6733f296d57a", "endswith with a `?`: 0x10 does end with `1?`"),
    ("f6de9536-0441-4b3f-a646-f4e00f300ffd", "endswith with a `?`: 0x10210 does end with `1????`"),
];

fn theirs(source: &LogSource) -> rsigma_parser::LogSource {
    let text = |part: &Option<std::sync::Arc<str>>| part.as_deref().map(str::to_owned);
    rsigma_parser::LogSource {
        category: text(&source.category),
        product: text(&source.product),
        service: text(&source.service),
        ..rsigma_parser::LogSource::default()
    }
}

#[test]
fn three_matchers_find_the_same() {
    let (Some(root), Some(logs)) = (data("detection/sigma"), data("detection/evtx")) else { return };
    let rules = sigma_rules(&root);
    let mut oracle = rsigma_eval::Engine::new();
    let parsed: Vec<_> =
        rules.iter().flat_map(|file| rsigma_parser::parse_sigma_yaml(&file.text).unwrap().rules).collect();
    assert!(oracle.add_rules(&parsed).is_empty());
    let (set, _) = RuleSet::load(rules);
    let mut paths = files(&logs, &[".evtx"]);
    paths.retain(|path| path.metadata().unwrap().len() < 1_200_000);
    let events = read_events(&paths.into_iter().step_by(3).collect::<Vec<_>>());

    let id = |rule: u32| set.rules()[rule as usize].id.to_string();
    let mut engine = Engine::new(&set);
    let streaming: BTreeSet<(String, usize)> = events
        .iter()
        .enumerate()
        .flat_map(|(at, event)| {
            engine.fired(event).into_iter().map(move |rule| (rule, at)).collect::<Vec<_>>()
        })
        .map(|(rule, at)| (id(rule), at))
        .collect();
    let mut builder = ColumnsBuilder::default();
    events.iter().for_each(|event| builder.push(event));
    let columns = builder.finish();
    let columnar: BTreeSet<(String, usize)> =
        Hunt::new(&set).run(&columns).into_iter().map(|(rule, row)| (id(rule), row as usize)).collect();
    assert_eq!(streaming, columnar);

    let mut found: BTreeSet<(String, usize)> = BTreeSet::new();
    for (at, event) in events.iter().enumerate() {
        let value = serde_json::to_value(&event.fields).unwrap();
        let json = JsonEvent::borrow(&value);
        for source in event.logsources.iter() {
            let hits = oracle.evaluate_with_logsource(&json, &theirs(source));
            found.extend(hits.into_iter().map(|hit| (hit.header.rule_id.unwrap().to_lowercase(), at)));
        }
    }
    let known = |pair: &&(String, usize)| KNOWN.iter().any(|(id, _)| *id == pair.0);
    let different: Vec<_> = streaming.symmetric_difference(&found).collect();
    let unexplained: Vec<_> = different.iter().filter(|pair| !known(pair)).collect();
    println!(
        "{} events: {} pairs, {} of rsigma, {} differ for known causes",
        events.len(),
        streaming.len(),
        found.len(),
        different.len() - unexplained.len()
    );
    assert!(streaming.len() > 300, "{}", streaming.len());
    assert!(unexplained.is_empty(), "{unexplained:?}");
}
