//! Checks of rules before they are made active, and records that are looked at before events are made of them.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::needless_for_each)]

mod common;

use common::{at, data, files, load, plain, read_events, sigma_rules};
use serde_json::json;
use std::collections::BTreeSet;
use std::time::Duration;
use wardkeep_detect::check::{DryRun, cost, lint, regression};
use wardkeep_detect::{Engine, RuleSet, Seen};
use wardkeep_events::{LightMapping, classify};
use wardkeep_intake::{Options, Sink, Source};
use wardkeep_types::Moment;
use wardkeep_types::columns::ColumnsBuilder;
use wardkeep_types::event::{Event, LogSource};
use wardkeep_types::record::{Names, Record};

const NOISY: &str = "title: Noisy\nid: 00000000-0000-4000-8000-000000000001\nlogsource: {product: test}\ndetection: {s: {a|contains: x}, condition: s}\n";

#[test]
fn a_dry_run_shows_days_and_values() {
    let (set, _) = load(NOISY);
    let mut run = DryRun::new(&set, 0).unwrap();
    assert!(run.wants("a") && !run.wants("b") && !run.has_keywords());
    for day in 0..3 {
        let mut builder = ColumnsBuilder::default();
        for n in 0..10 {
            let value = if n <= day { format!("x{}", n % 2) } else { "quiet".into() };
            let mut event = at(plain(n, &json!({"a": value, "b": n})), i64::from(day) * 86_400);
            event.host = Some("h1".into());
            builder.push(&event);
        }
        run.add(&builder.finish());
    }
    let report = run.finish();
    assert_eq!((report.events, report.looked_at, report.hits), (30, 30, 6));
    let days: Vec<_> = report.per_day.iter().map(|(day, hits)| format!("{day}={hits}")).collect();
    assert_eq!(days, ["1970-01-01=1", "1970-01-02=2", "1970-01-03=3"]);
    let top = |field: &str| {
        let (_, values) = report.top.iter().find(|(name, _)| name == field).unwrap();
        values.iter().map(|value| format!("{} {}", value.value, value.hits)).collect::<Vec<_>>()
    };
    assert_eq!(top("a"), ["x0 4", "x1 2"]);
    assert_eq!(top("wardkeep.host"), ["h1 6"]);
    assert_eq!(report.examples.len(), 6);
}

#[test]
fn costs_and_remarks_name_the_rule() {
    let text = format!(
        "{NOISY}---\ntitle: Twin\n{}---\ntitle: Restless\nlogsource: {{product: nowhere}}\ndetection: {{s: {{b: null}}, condition: not s}}\n---\ntitle: Slow\nlogsource: {{product: test}}\ndetection: {{s: {{b|re: '^[0-9]+$'}}, condition: s}}\n",
        NOISY.split_once("000001\n").unwrap().1
    );
    let (set, problems) = load(&text);
    assert!(problems.is_empty(), "{problems:?}");
    let provided: BTreeSet<LogSource> =
        [LogSource { product: Some("test".into()), ..LogSource::default() }].into();
    let remarks = lint(&set, &provided);
    let of = |title: &str| {
        let id = set.rules().iter().find(|rule| *rule.title == *title).unwrap().id.to_string();
        remarks.iter().filter(|r| r.rule == id).map(|r| r.code).collect::<BTreeSet<_>>()
    };
    assert!(of("Noisy").contains("no_level") && !of("Noisy").contains("no_id"));
    assert!(of("Twin").contains("twin") && of("Twin").contains("no_id"));
    assert!(of("Restless").is_superset(&["blind", "restless"].into()), "{:?}", of("Restless"));
    assert!(of("Slow").contains("slow_expression"));
    let mut builder = ColumnsBuilder::default();
    (0..8).for_each(|n| builder.push(&plain(n, &json!({"a": "x", "b": n.to_string()}))));
    let ticks = std::cell::Cell::new(0);
    let now = || {
        ticks.set(ticks.get() + 1);
        Duration::from_millis(ticks.get() * ticks.get())
    };
    let costs = cost(&set, &builder.finish(), &now);
    let shown: BTreeSet<_> = costs.iter().map(|c| (c.title.as_str(), c.events, c.hits)).collect();
    assert_eq!(shown, [("Noisy", 8, 8), ("Restless", 0, 0), ("Slow", 8, 8), ("Twin", 8, 8)].into());
    assert!(costs.windows(2).all(|pair| pair[0].took >= pair[1].took));
}

#[test]
fn public_regression_tests_are_run() {
    let Some(root) = data("detection/sigma") else { return };
    let (set, _) = RuleSet::load(sigma_rules(&root));
    let mut read = |path: &std::path::Path| Ok(read_events(&[path.to_owned()]));
    let result = regression(&root.join("regression_data"), &set, &mut read).unwrap();
    println!("{result:?}");
    assert_eq!((result.cases, result.fired), (202, 202));
    assert!(result.missed.is_empty());
    // Without the rules every test says why it failed.
    let none = regression(&root.join("regression_data"), &RuleSet::default(), &mut read).unwrap();
    assert_eq!((none.fired, none.missed.len()), (0, none.cases));
    assert!(none.missed[0].reason.contains("not among those loaded"));
}

/// Pairs of rule and record, seen before an event is made, or from the event.
struct Both<'s> {
    engine: Engine,
    mapping: LightMapping<'static>,
    set: &'s RuleSet,
    looks: bool,
    pairs: BTreeSet<(String, String)>,
    events: usize,
}

impl Sink for Both<'_> {
    fn looks(&self) -> bool {
        self.looks
    }
    fn wants(&mut self, record: &mut Record, line: &str, names: &mut Names) -> bool {
        let Some(sources) = self.mapping.classify(record, line, names) else { return true };
        match self.engine.see(record, line, names, &sources) {
            Seen::Nothing => false,
            Seen::Fires(rules) => {
                let id = |rule: &u32| self.set.rules()[*rule as usize].id.to_string();
                self.pairs.extend(rules.iter().map(|rule| (id(rule), line.to_owned())));
                false
            }
            Seen::Unsure => true,
        }
    }
    fn event(&mut self, mut event: Event) {
        self.events += 1;
        classify(&mut event);
        let id = |rule: &u32| self.set.rules()[*rule as usize].id.to_string();
        self.pairs.extend(self.engine.fired(&event).iter().map(|rule| (id(rule), event.raw.to_string())));
    }
}

/// Looking at records gives the hits that events give, and saves making most of the events.
#[test]
fn records_fire_what_their_events_fire() {
    let Some(root) = data("detection/sigma") else { return };
    let Some(logs) = data("logs/otrf-security-datasets") else { return };
    let (set, _) = RuleSet::load(sigma_rules(&root));
    let both = |looks: bool| {
        let mapping = LightMapping::new(wardkeep_events::logsource::shipped());
        let engine = Engine::new(&set);
        let mut sink = Both { engine, mapping, set: &set, looks, pairs: BTreeSet::new(), events: 0 };
        for path in files(&logs, &[".zip"]).into_iter().step_by(4) {
            let _ = wardkeep_intake::read(Source::file(&path, "x").unwrap(), &Options::default(), &mut sink);
        }
        // The forms of Windows records that recorded event files have.
        if let Some(evtx) = data("detection/evtx") {
            let paths = files(&evtx, &[".evtx"]);
            let small = paths.into_iter().filter(|path| path.metadata().unwrap().len() < 300_000);
            let events = read_events(&small.step_by(4).collect::<Vec<_>>());
            let lines: String = events.iter().map(|event| format!("{}\n", event.raw)).collect();
            let source = Source::memory("y", Moment::EPOCH, lines.into_bytes());
            let _ = wardkeep_intake::read(source, &Options::default(), &mut sink);
        }
        (sink.pairs, sink.events)
    };
    let (seen, made) = both(true);
    let (whole, all) = both(false);
    println!("{} pairs; {made} of {all} events made", whole.len());
    assert!(all > 2_000 && whole.len() > 50, "{all} {}", whole.len());
    assert_eq!(seen, whole);
    assert!(made * 20 < all, "{made} of {all}");
}
