//! Correlations: thresholds, windows and their edges, order of time, grouping, chains, bounds (DE-6, DE-6a).
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::needless_for_each)]

mod common;

use common::{at, load, plain, run};
use serde_json::{Value, json};
use wardkeep_detect::{Engine, Hit, RuleSet};
use wardkeep_types::Length;
use wardkeep_types::event::Event;

const BASES: &str = "title: Fail\nname: fail\nlogsource: {product: test}\ndetection: {s: {a: fail}, condition: s}\n---\ntitle: Good\nname: good\nlogsource: {product: test}\ndetection: {s: {a: good}, condition: s}\n---\n";

fn set(correlation: &str) -> RuleSet {
    let (set, problems) = load(&format!("{BASES}title: C\nname: c\ncorrelation:\n{correlation}"));
    assert!(problems.is_empty(), "{correlation}: {problems:?}");
    set
}

/// Events from (second, fields).
fn events(list: &[(i64, Value)]) -> Vec<Event> {
    (1..).zip(list).map(|(number, (second, fields))| at(plain(number, fields), *second)).collect()
}

/// Hits as (rule, first second, last second, count), whatever the order of arrival.
fn check(correlation: &str, list: &[(i64, Value)], expected: &[(usize, i64, i64, u64)]) {
    let set = set(correlation);
    let mut events = events(list);
    let shown = |hits: &[Hit]| {
        let second = |m: wardkeep_types::Moment| m.seconds_since(wardkeep_types::Moment::EPOCH);
        let mut shown: Vec<_> =
            hits.iter().map(|h| (h.rule, second(h.from), second(h.at), h.count)).collect();
        shown.sort_unstable();
        shown
    };
    assert_eq!(shown(&run(&set, &events)), expected, "{correlation}");
    let keys = |hits: &[Hit]| hits.iter().map(|h| h.key("c")).collect::<std::collections::BTreeSet<_>>();
    let once = keys(&run(&set, &events));
    events.reverse();
    assert_eq!(shown(&run(&set, &events)), expected, "{correlation}, reversed");
    assert_eq!(keys(&run(&set, &events)), once, "alert keys depend on the order");
}

fn fails(seconds: &[i64]) -> Vec<(i64, Value)> {
    seconds.iter().map(|second| (*second, json!({"a": "fail", "ip": "x", "n": second}))).collect()
}

#[test]
fn event_count_within_a_sliding_window() {
    let three =
        "  type: event_count\n  rules: [fail]\n  group-by: [ip]\n  timespan: 10s\n  condition: {gte: 3}\n";
    check(three, &fails(&[0, 4, 9]), &[(2, 0, 9, 3)]);
    // Exactly one span apart is outside.
    check(three, &fails(&[0, 4, 10]), &[]);
    check(three, &fails(&[0, 4, 10, 13]), &[(2, 4, 13, 3)]);
    // A hit is reported once; what follows starts anew.
    check(three, &fails(&[0, 1, 2, 3, 4]), &[(2, 0, 2, 3)]);
    check(three, &fails(&[0, 1, 2, 3, 4, 5]), &[(2, 0, 2, 3), (2, 3, 5, 3)]);
    // Equal times count one by one.
    check(three, &fails(&[5, 5, 5]), &[(2, 5, 5, 3)]);
    let range = "  type: event_count\n  rules: [fail]\n  timespan: 10s\n  condition: {gt: 1, lte: 2}\n";
    check(range, &fails(&[0, 1]), &[(2, 0, 1, 2)]);
}

#[test]
fn groups_do_not_mix_and_missing_values_are_left_out() {
    let two = "  type: event_count\n  rules: [fail]\n  group-by: [ip, user]\n  timespan: 1m\n  condition: {gte: 2}\n";
    let event = |second, ip: &str, user: &str| (second, json!({"a": "fail", "ip": ip, "user": user}));
    check(two, &[event(0, "x", "1"), event(1, "x", "2"), event(2, "y", "1")], &[]);
    check(two, &[event(0, "x", "1"), event(1, "x", "2"), event(2, "x", "1")], &[(2, 0, 2, 2)]);
    check(two, &[(0, json!({"a": "fail", "ip": "x"})), (1, json!({"a": "fail", "ip": "x"}))], &[]);
    let set = set(two);
    let mut engine = Engine::new(&set);
    events(&[(0, json!({"a": "fail"}))]).iter().for_each(|e| engine.push(e, &mut Vec::new()));
    assert_eq!(engine.counts().correlations.ungrouped, 1);
    let hits = run(&set, &events(&[event(0, "x", "1"), event(1, "x", "1")]));
    let group: Vec<_> = hits[0].group.iter().map(|(name, value)| format!("{name}={value}")).collect();
    assert_eq!((group.join(" "), hits[0].events.len()), ("ip=x user=1".to_owned(), 2));
}

#[test]
fn values_are_counted_and_summed() {
    let event = |second, user: &str| (second, json!({"a": "fail", "user": user}));
    let distinct =
        "  type: value_count\n  rules: [fail]\n  timespan: 10s\n  condition: {field: user, gte: 3}\n";
    check(distinct, &[event(0, "1"), event(1, "2"), event(2, "2"), event(3, "1")], &[]);
    check(distinct, &[event(0, "1"), event(1, "2"), event(2, "2"), event(3, "3")], &[(2, 0, 3, 4)]);
    check(distinct, &[event(0, "1"), event(5, "2"), event(11, "3")], &[]);
    let with = |kind: &str, condition: &str| {
        format!("  type: {kind}\n  rules: [fail]\n  timespan: 1h\n  condition: {{field: n, {condition}}}\n")
    };
    check(&with("value_sum", "gt: 50"), &fails(&[10, 20, 30]), &[(2, 10, 30, 3)]);
    check(&with("value_avg", "gte: 15"), &fails(&[10, 20]), &[(2, 10, 20, 2)]);
    check(&with("value_median", "gte: 20"), &fails(&[10, 20, 30]), &[(2, 10, 30, 3)]);
    check(&with("value_percentile", "percentile: 90, gte: 30"), &fails(&[10, 20, 30]), &[(2, 10, 30, 3)]);
}

#[test]
fn temporal_rules_and_their_order() {
    let event = |second, what: &str| (second, json!({"a": what, "ip": "x", "source": "x"}));
    let any = "  type: temporal\n  rules: [fail, good]\n  group-by: [ip]\n  timespan: 10s\n";
    check(any, &[event(0, "good"), event(9, "fail")], &[(2, 0, 9, 2)]);
    check(any, &[event(0, "good"), event(10, "fail")], &[]);
    check(any, &[event(0, "fail"), event(1, "fail")], &[]);
    let ordered = "  type: temporal_ordered\n  rules: [fail, good]\n  group-by: [ip]\n  timespan: 10s\n";
    check(ordered, &[event(0, "good"), event(1, "fail")], &[]);
    check(ordered, &[event(0, "good"), event(1, "fail"), event(2, "good")], &[(2, 0, 2, 3)]);
    check(ordered, &[event(3, "good"), event(3, "fail")], &[(2, 3, 3, 2)]);
    let either = "  type: temporal\n  rules: [fail, good]\n  timespan: 10s\n  condition: fail and not good\n";
    check(either, &[event(0, "fail")], &[(2, 0, 0, 1)]);
    let alias = "  type: temporal\n  rules: [fail, good]\n  group-by: [who]\n  timespan: 10s\n  aliases:\n    who:\n      fail: ip\n      good: source\n";
    check(alias, &[event(0, "fail"), event(1, "good")], &[(2, 0, 1, 2)]);
}

#[test]
fn tumbling_and_session_windows() {
    let tumbling =
        "  type: event_count\n  rules: [fail]\n  timespan: 10s\n  window: tumbling\n  condition: {gte: 2}\n";
    check(tumbling, &fails(&[8, 11]), &[]);
    check(tumbling, &fails(&[11, 19]), &[(2, 11, 19, 2)]);
    let session = "  type: event_count\n  rules: [fail]\n  timespan: 1m\n  window: session\n  gap: 5s\n  condition: {gte: 3}\n";
    check(session, &fails(&[0, 5, 10]), &[(2, 0, 10, 3)]);
    check(session, &fails(&[0, 6, 10]), &[]);
}

#[test]
fn correlations_chain_and_stay_silent_unless_told() {
    let chain = format!(
        "{BASES}title: Many\nname: many\ncorrelation:\n  type: event_count\n  rules: [fail]\n  group-by: [ip]\n  timespan: 10s\n  condition: {{gte: 2}}\n---\ntitle: Then good\ncorrelation:\n  type: temporal_ordered\n  rules: [many, good]\n  group-by: [ip]\n  timespan: 1m\n"
    );
    let event = |second, what: &str, ip: &str| (second, json!({"a": what, "ip": ip}));
    let list = events(&[
        event(0, "fail", "x"),
        event(1, "fail", "x"),
        event(30, "good", "x"),
        event(31, "good", "y"),
    ]);
    let (set, problems) = load(&chain);
    assert!(problems.is_empty(), "{problems:?}");
    let rules = |set: &RuleSet| run(set, &list).iter().map(|h| h.rule).collect::<Vec<_>>();
    assert_eq!(rules(&set), [3]);
    let (set, _) = load(&chain.replace("title: Many\n", "title: Many\ngenerate: true\n"));
    assert_eq!(rules(&set), [0, 0, 3]);
    let circle = "title: A\nname: a\ncorrelation: {type: temporal, rules: [b], timespan: 1m}\n---\ntitle: B\nname: b\ncorrelation: {type: temporal, rules: [a], timespan: 1m}\n";
    let (set, problems) = load(circle);
    assert_eq!(problems.iter().filter(|p| p.refused && p.message.contains("circle")).count(), 2);
    assert!(run(&set, &list).is_empty());
    let (_, problems) = load("title: A\ncorrelation: {type: temporal, rules: [none], timespan: 1m}\n");
    assert!(problems[0].message.contains("'none'") && problems[0].line == 2, "{problems:?}");
}

#[test]
fn a_stream_reports_at_once_and_takes_late_events() {
    let set = set(
        "  type: event_count\n  rules: [fail]\n  group-by: [ip]\n  timespan: 10s\n  condition: {gte: 3}\n",
    );
    let list = events(&fails(&[0, 4, 9, 100]));
    let mut engine = Engine::live(&set, Length::from_seconds(0));
    let mut hits = Vec::new();
    engine.push(&list[0], &mut hits);
    engine.push(&list[1], &mut hits);
    assert!(hits.is_empty());
    engine.push(&list[2], &mut hits);
    assert_eq!(hits.len(), 1);
    // The second event comes late, and the window is still seen.
    let mut engine = Engine::live(&set, Length::from_seconds(0));
    let mut hits = Vec::new();
    for event in [&list[0], &list[2], &list[1]] {
        engine.push(event, &mut hits);
    }
    assert_eq!((hits.len(), engine.counts().correlations.late), (1, 1));
    // With an allowance for lateness the window waits.
    let mut engine = Engine::live(&set, Length::from_seconds(30));
    let mut hits = Vec::new();
    list[..3].iter().for_each(|event| engine.push(event, &mut hits));
    assert!(hits.is_empty());
    engine.push(&list[3], &mut hits);
    assert_eq!(hits.len(), 1);
    engine.finish(&mut hits);
    assert_eq!(hits.len(), 1);
    // Old hits are forgotten as time goes on.
    let mut engine = Engine::live(&set, Length::from_seconds(0));
    for (number, second) in (0..).zip(0..500) {
        let event = at(plain(number, &json!({"a": "fail", "ip": second})), second * 20);
        engine.push(&event, &mut hits);
    }
    assert!(engine.counts().correlations.held < 5, "{:?}", engine.counts());
}

#[test]
fn state_is_bounded_and_eviction_is_counted() {
    let set = set(
        "  type: event_count\n  rules: [fail]\n  group-by: [ip]\n  timespan: 10s\n  condition: {gte: 3}\n",
    );
    let mut engine = Engine::bounded(&set, None, 100);
    let mut hits = Vec::new();
    for number in 0..1_000 {
        engine.push(&at(plain(number, &json!({"a": "fail", "ip": number})), number.into()), &mut hits);
    }
    let counts = engine.counts().correlations;
    assert!(counts.held <= 100 && counts.evicted >= 900, "{counts:?}");
    // What could be judged before it was dropped is reported.
    for number in 1_000..1_003 {
        engine.push(&at(plain(number, &json!({"a": "fail", "ip": "z"})), 2_000), &mut hits);
    }
    for number in 1_003..1_500 {
        engine.push(&at(plain(number, &json!({"a": "fail", "ip": number})), 3_000), &mut hits);
    }
    assert_eq!(hits.len(), 1);
}

#[test]
fn reading_twice_changes_nothing() {
    let set = set(
        "  type: event_count\n  rules: [fail]\n  group-by: [ip]\n  timespan: 10s\n  condition: {gte: 3}\n",
    );
    let list = events(&fails(&[0, 4]));
    let twice: Vec<Event> = [list.clone(), list].concat();
    assert!(run(&set, &twice).is_empty());
}

/// Sharding by group gives the same hits as one worker.
#[test]
fn two_workers_agree_with_one() {
    let set = set(
        "  type: event_count\n  rules: [fail]\n  group-by: [ip]\n  timespan: 10s\n  condition: {gte: 3}\n",
    );
    let mut seed = 7_u64;
    let mut next = move || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        seed >> 33
    };
    let list: Vec<Event> = (0..2_000)
        .map(|number| {
            at(plain(number, &json!({"a": "fail", "ip": (next() % 20).to_string()})), (next() % 900) as i64)
        })
        .collect();
    let mut one: Vec<_> = run(&set, &list).into_iter().map(|h| (h.key("c"), h.events)).collect();
    let shard = |part: u32| -> Vec<Event> {
        list.iter().filter(|e| e.text("ip").unwrap().parse::<u32>().unwrap() % 2 == part).cloned().collect()
    };
    let mut two: Vec<_> =
        [0, 1].iter().flat_map(|part| run(&set, &shard(*part))).map(|h| (h.key("c"), h.events)).collect();
    one.sort();
    two.sort();
    assert!(one.len() > 50 && one == two, "{} {}", one.len(), two.len());
}

/// A restart, with the rules loaded anew, at any place of the stream: the same hits as without.
#[test]
fn a_restart_in_the_middle_changes_nothing() {
    let text = format!(
        "{BASES}title: Many\nname: many\ngenerate: true\ncorrelation:\n  type: event_count\n  rules: [fail]\n  group-by: [ip]\n  timespan: 10s\n  condition: {{gte: 2}}\n---\ntitle: Then good\ncorrelation:\n  type: temporal_ordered\n  rules: [many, good]\n  group-by: [ip]\n  timespan: 1m\n---\ntitle: Users\ncorrelation:\n  type: value_count\n  rules: [fail]\n  timespan: 30s\n  condition: {{field: ip, gte: 3}}\n"
    );
    let mut seed = 11_u64;
    let mut next = move || {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        seed >> 33
    };
    let list: Vec<Event> = (0..300)
        .map(|number| {
            let what = if next() % 4 == 0 { "good" } else { "fail" };
            let late = (next() % 12) as i64;
            let fields = json!({"a": what, "ip": (next() % 5).to_string()});
            at(plain(number, &fields), i64::from(number) * 3 - late)
        })
        .collect();
    for lateness in [None, Some(Length::from_seconds(0)), Some(Length::from_seconds(15))] {
        let (set, _) = load(&text);
        let mut whole = Vec::new();
        let mut engine = Engine::bounded(&set, lateness, 1_000_000);
        list.iter().for_each(|event| engine.push(event, &mut whole));
        engine.finish(&mut whole);
        assert!(whole.len() > 20, "{}", whole.len());
        for cut in [0, 1, 37, 150, 299, 300] {
            let mut parts = Vec::new();
            let mut engine = Engine::bounded(&set, lateness, 1_000_000);
            list[..cut].iter().for_each(|event| engine.push(event, &mut parts));
            let saved = serde_json::to_string(&engine.save()).unwrap();
            drop(engine);
            let (again, _) = load(&text);
            let mut engine = Engine::bounded(&again, lateness, 1_000_000);
            let restored = engine.restore(serde_json::from_str(&saved).unwrap());
            assert_eq!(restored.dropped, 0);
            list[cut..].iter().for_each(|event| engine.push(event, &mut parts));
            engine.finish(&mut parts);
            assert_eq!(parts, whole, "cut at {cut}, lateness {lateness:?}");
        }
    }
}

#[test]
fn a_changed_correlation_starts_anew() {
    let three =
        "  type: event_count\n  rules: [fail]\n  group-by: [ip]\n  timespan: 10s\n  condition: {gte: 3}\n";
    let mut engine = Engine::new(&set(three));
    let mut hits = Vec::new();
    events(&fails(&[0, 1])).iter().for_each(|event| engine.push(event, &mut hits));
    let saved = engine.save();
    let changed = set(&three.replace("gte: 3", "gte: 2"));
    let mut engine = Engine::new(&changed);
    let restored = engine.restore(saved.clone());
    assert_eq!((restored.groups, restored.dropped), (0, 1));
    engine.finish(&mut hits);
    assert!(hits.is_empty());
    // A broken state costs groups, never the engine.
    let broken: wardkeep_detect::SavedState =
        serde_json::from_str(&serde_json::to_string(&saved).unwrap().replace("\"free\":0", "\"free\":99"))
            .unwrap();
    let mut engine = Engine::new(&set(three));
    assert_eq!(engine.restore(broken).groups, 1);
    engine.finish(&mut hits);
    for cut in ["\"packed\":\"!", "\"packed\":\"AAAA"] {
        let text = serde_json::to_string(&saved).unwrap().replace("\"packed\":\"", cut);
        let restored = Engine::new(&set(three)).restore(serde_json::from_str(&text).unwrap());
        assert_eq!((restored.groups, restored.dropped), (0, 1), "{cut}");
    }
}
