//! Good rules survive bad neighbours; faults name place and remedy; filters and explanations.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::needless_for_each)]

mod common;

use common::{load, plain, run};
use serde_json::json;
use wardkeep_detect::{Outcome, RuleFile, RuleSet, explain};
use wardkeep_types::Severity;
use wardkeep_types::event::LogSource;

const GOOD: &str = "title: Good\nid: 11111111-1111-4111-8111-111111111111\nname: good\nlevel: high\nstatus: stable\ntags: [attack.execution, attack.t1059.001]\nlogsource:\n  product: test\ndetection:\n  s:\n    a: 1\n  condition: s\n";

#[test]
fn faults_name_line_and_remedy() {
    let check = |text: &str, line: u32, word: &str| {
        let (set, problems) = load(text);
        assert!(set.is_empty(), "{text}");
        let found = problems.iter().find(|p| p.refused).unwrap_or_else(|| panic!("{text}: {problems:?}"));
        assert_eq!(found.line, line, "{text}: {found:?}");
        assert!(found.message.contains(word) && !found.remedy.is_empty(), "{found:?}");
    };
    check("", 1, "no rule");
    check("# only words\n", 1, "no rule");
    check("title: x\ndetection: [\n", 3, "YAML");
    check("- a\n- b\n", 1, "mapping");
    check("\ntitle: x\nlogsource: {}\n", 2, "detection");
    check(
        "title: x\nlogsource: {product: t}\ndetection:\n  s:\n    a|contians: 1\n  condition: s\n",
        5,
        "contians",
    );
    check(
        "title: x\nlogsource: {product: t}\ndetection:\n  s:\n    a: 1\n  condition: s and\n",
        6,
        "Condition",
    );
    check("title: x\nlogsource: {product: t}\ndetection:\n  s:\n    a: 1\n  condition: s and zz\n", 6, "zz");
    check("title: x\nlogsource: {product: t}\ndetection:\n  s:\n    a: 1\n  condition: 1 of x_*\n", 6, "x_*");
    check(
        "title: x\nlogsource: {product: t}\ndetection:\n  s:\n    a: 1\n  condition: s | count() > 5\n",
        6,
        "Condition",
    );
    check(
        "title: x\nlogsource: {product: t}\ndetection:\n  s:\n    ip|cidr: 10.0.0.0/99\n  condition: s\n",
        5,
        "10.0.0.0/99",
    );
    check("title: x\nlogsource: {product: t}\ndetection:\n  s:\n    n|gt: many\n  condition: s\n", 5, "many");
    check(
        "title: x\nlogsource: {product: t}\ndetection:\n  s:\n    a|base64: 'x*'\n  condition: s\n",
        5,
        "wildcard",
    );
    check(&"x".repeat(2_000_000), 1, "bytes");
}

#[test]
fn a_bad_file_or_document_stops_nobody() {
    let bad = "title: Bad\nlogsource: {product: test}\ndetection:\n  s:\n    a|nope: 1\n  condition: s\n";
    let mixed = format!("{GOOD}---\n{bad}---\n{}", GOOD.replace("11111111-", "22222222-"));
    let files = [
        RuleFile::new("a.yml", "%%% not yaml: ["),
        RuleFile::new("b.yml", mixed),
        RuleFile::new("c.yml", GOOD),
    ];
    let (set, problems) = RuleSet::load(files);
    assert_eq!(set.len(), 2);
    let places: Vec<_> = problems.iter().map(|p| (p.file.as_str(), p.line)).collect();
    assert_eq!(places, [("a.yml", 1), ("b.yml", 18), ("c.yml", 2)]);
    assert!(problems[2].message.contains("used already by b.yml"));
    let shown = wardkeep_types::Problem::from(&problems[1]);
    assert!(shown.path.starts_with("b.yml:18:"), "{shown:?}");
}

#[test]
fn facts_of_a_rule_are_kept() {
    let (set, problems) = load(GOOD);
    assert!(problems.is_empty());
    let rule = set.find("11111111-1111-4111-8111-111111111111").unwrap();
    assert_eq!(
        (rule.level, rule.techniques.as_slice(), rule.tactics.as_slice()),
        (Severity::High, &["T1059.001".to_owned()][..], &["execution".to_owned()][..])
    );
    assert_eq!((&*rule.title, rule.condition.as_str(), rule.reported), ("Good", "s", true));
    let (nameless, _) = load("title: N\nlogsource: {product: test}\ndetection: {s: {a: 1}, condition: s}");
    let (again, _) = load("title: N\nlogsource: {product: test}\ndetection: {s: {a: 1}, condition: s}");
    assert!(nameless.rules()[0].id.starts_with("unnamed-") && nameless.rules()[0].id == again.rules()[0].id);
}

#[test]
fn a_rule_without_log_source_looks_at_nothing() {
    let (set, problems) = load("title: N\nlogsource: {}\ndetection: {s: {a: 1}, condition: s}");
    assert!(!problems[0].refused && !set.rules()[0].runnable());
    assert!(run(&set, &[plain(1, &json!({"a": 1}))]).is_empty());
    let (set, _) = load(GOOD);
    let mut unknown = plain(1, &json!({"a": 1}));
    unknown.logsources = [].into();
    let mut other = unknown.clone();
    other.logsources = [LogSource { product: Some("other".into()), ..LogSource::default() }].into();
    assert!(run(&set, &[unknown, other]).is_empty());
}

#[test]
fn global_documents_are_joined() {
    let text = "action: global\ntitle: G\nlogsource: {product: test}\n---\nid: a1\ndetection: {s: {a: 1}, condition: s}\n---\nid: a2\ndetection: {s: {a: 2}, condition: s}\n";
    let (set, problems) = load(text);
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(run(&set, &[plain(1, &json!({"a": 2}))]).iter().map(|h| h.rule).collect::<Vec<_>>(), [1]);
}

#[test]
fn filters_narrow_the_rules_they_name() {
    let filter = "title: Known admin\nlogsource:\n  product: test\nfilter:\n  rules:\n    - good\n  known:\n    user: adm\n  condition: not known\n";
    let text = format!(
        "{GOOD}---\n{filter}---\n{}",
        GOOD.replace("11111111-", "22222222-").replace("name: good", "name: second")
    );
    let (set, problems) = load(&text);
    assert!(problems.is_empty(), "{problems:?}");
    assert_eq!(set.rules()[0].filters.len(), 1);
    let rules = |json| run(&set, &[plain(1, &json)]).iter().map(|h| h.rule).collect::<Vec<_>>();
    assert_eq!(rules(json!({"a": 1, "user": "adm"})), [1]);
    assert_eq!(rules(json!({"a": 1, "user": "eve"})), [0, 1]);
    let (_, problems) = load(&format!("{GOOD}---\n{}", filter.replace("product: test", "product: other")));
    assert!(problems[0].message.contains("applies to no rule"), "{problems:?}");
}

#[test]
fn explanations_show_each_part() {
    let text = "title: E\nlogsource: {product: test}\ndetection:\n  sel:\n    Image|endswith: ['\\cmd.exe', '\\sh.exe']\n    Parent: x\n  filter:\n    User: root\n  condition: sel and not filter\n";
    let (set, _) = load(text);
    let mut event = plain(1, &json!({"Image": "C:\\CMD.exe", "User": "root"}));
    let told = explain(&set.rules()[0], &event);
    assert!(!told.fires && told.routed && told.logic.outcome == Outcome::False);
    let sel = &told.logic.parts[0];
    assert_eq!((sel.label.as_str(), sel.outcome), ("sel: all of", Outcome::False));
    assert_eq!((sel.parts[0].outcome, sel.parts[0].value.as_deref()), (Outcome::True, Some("C:\\CMD.exe")));
    assert_eq!(sel.parts[0].found, ["is '*\\cmd.exe'"]);
    assert_eq!((sel.parts[1].outcome, sel.parts[1].field.as_deref()), (Outcome::Missing, Some("Parent")));
    let not = &told.logic.parts[1];
    assert_eq!(
        (not.label.as_str(), not.outcome, not.parts[0].outcome),
        ("not", Outcome::False, Outcome::True)
    );
    event.logsources = [].into();
    assert!(!explain(&set.rules()[0], &event).routed);
    assert!(serde_json::to_string(&told).unwrap().contains("\"missing\""));
}

/// Damaged rule files give problems, never a panic, and the good neighbour stays.
#[test]
fn damaged_files_cost_only_themselves() {
    let seeds: Vec<String> = wardkeep_detect::builtin().into_iter().map(|file| file.text).collect();
    let mut seed = 11_u64;
    let mut next = move |below: usize| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) as usize % below.max(1)
    };
    let signs = b":|-[]{}()'\"*&!%#,\n \\?<>=@0~";
    for round in 0..1_500 {
        let mut text = seeds[round % seeds.len()].clone().into_bytes();
        for _ in 0..=next(6) {
            let at = next(text.len());
            match next(4) {
                0 => text[at] = signs[next(signs.len())],
                1 => text.insert(at, signs[next(signs.len())]),
                2 => {
                    text.truncate(at.max(1));
                }
                _ => {
                    let end = (at + next(40)).min(text.len());
                    let piece = text[at..end].to_vec();
                    let to = next(text.len());
                    text.splice(to..to, piece);
                }
            }
        }
        let text = String::from_utf8_lossy(&text).into_owned();
        let (set, problems) =
            RuleSet::load([RuleFile::new("bad.yml", text), RuleFile::new("good.yml", GOOD)]);
        assert!(set.find("11111111-1111-4111-8111-111111111111").is_some());
        assert!(problems.iter().all(|p| p.line > 0 && p.column > 0 && !p.remedy.is_empty()));
    }
    let deep = GOOD
        .replace("condition: s", &format!("condition: \"{}s{}\"", "(".repeat(30_000), ")".repeat(30_000)));
    assert!(load(&deep).0.is_empty());
}

/// Rules that are not wanted are silent; what a wanted correlation watches is still looked at.
#[test]
fn only_wanted_rules_report() {
    let text = "title: A\nname: a\nid: 00000000-0000-4000-8000-00000000000a\nlogsource: {product: test}\ndetection: {s: {x: 1}, condition: s}\n---\ntitle: B\nid: 00000000-0000-4000-8000-00000000000b\nlogsource: {product: test}\ndetection: {s: {x: 1}, condition: s}\n---\ntitle: Many\nid: 00000000-0000-4000-8000-00000000000c\ncorrelation: {type: event_count, rules: [a], timespan: 1h, generate: true, condition: {gte: 2}}\n";
    let (set, problems) = common::load(text);
    assert!(problems.is_empty(), "{problems:?}");
    let events: Vec<_> =
        (0..2).map(|n| common::at(common::plain(n, &serde_json::json!({"x": 1})), 1)).collect();
    let titles = |set: &wardkeep_detect::RuleSet| {
        let hits = common::run(set, &events);
        let mut all: Vec<_> = hits.iter().map(|hit| set.rules()[hit.rule].title.to_string()).collect();
        all.sort();
        all
    };
    assert_eq!(titles(&set), ["A", "A", "B", "B", "Many"]);
    let kept = set.keep(|rule| *rule.title == *"Many");
    assert_eq!(titles(&kept), ["Many"]);
    assert_eq!(kept.rules().iter().map(|rule| rule.asleep).collect::<Vec<_>>(), [false, true, false]);
    let kept = set.keep(|rule| *rule.title == *"B");
    assert_eq!(titles(&kept), ["B", "B"]);
    assert!(kept.rules()[2].asleep && set.rules().iter().all(|rule| !rule.asleep));
}
