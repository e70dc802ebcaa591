//! Processing pipelines in pySigma's form.
#![allow(clippy::unwrap_used, clippy::print_stdout, clippy::needless_for_each)]

mod common;

use common::{event, run};
use serde_json::{Value, json};
use wardkeep_detect::{Pipeline, Placeholders, RuleFile, RuleProblem, RuleSet};
use wardkeep_types::event::{Dialect, LogSource};

const RULE: &str = "title: t\ntags: [attack.t1059]\nfields: [CommandLine]\nlogsource: {product: windows, category: process_creation}\ndetection:\n  selection:\n    CommandLine|contains: whoami\n    Image|endswith: '\\a.exe'\n  filter: {User: root}\n  condition: selection and not filter\n";

fn load(rule: &str, pipelines: &[&str]) -> (RuleSet, Vec<RuleProblem>) {
    let pipelines: Vec<Pipeline> =
        pipelines.iter().map(|text| Pipeline::parse("p.yml", text).unwrap().0).collect();
    RuleSet::load_through([RuleFile::new("rule.yml", rule)], &Placeholders::new(), &pipelines)
}

/// Whether a rule, rewritten, fires on fields of a log source.
fn check(pipelines: &[&str], category: &str, fields: &Value, expect: bool) {
    let (set, problems) = load(RULE, pipelines);
    assert!(problems.is_empty(), "{pipelines:?}: {problems:?}");
    let mut event = event(Dialect::Json, 1, fields);
    let source =
        LogSource { category: Some(category.into()), product: Some("windows".into()), service: None };
    event.logsources = [source].into();
    assert_eq!(!run(&set, &[event]).is_empty(), expect, "{pipelines:?} on {fields}");
}

#[test]
fn names_are_mapped() {
    let mapping = "name: ecs\ntransformations:\n  - id: m\n    type: field_name_mapping\n    mapping:\n      CommandLine: process.command_line\n      Image: [process.executable, process.name]\n      User: user.name\n";
    let ecs =
        json!({"process": {"command_line": "whoami", "executable": "C:\\a.exe"}, "user": {"name": "eve"}});
    check(&[], "process_creation", &json!({"CommandLine": "whoami", "Image": "x\\a.exe"}), true);
    check(&[mapping], "process_creation", &ecs, true);
    check(
        &[mapping],
        "process_creation",
        &json!({"process": {"command_line": "whoami", "name": "x\\a.exe"}}),
        true,
    );
    check(
        &[mapping],
        "process_creation",
        &json!({"process": {"command_line": "whoami", "name": "b"}}),
        false,
    );
    let root =
        json!({"process": {"command_line": "whoami", "executable": "C:\\a.exe"}, "user": {"name": "root"}});
    check(&[mapping], "process_creation", &root, false);
    let prefix = "transformations:\n  - {type: field_name_prefix, prefix: win., field_name_conditions: [{type: exclude_fields, fields: [User]}]}\n";
    check(
        &[prefix],
        "process_creation",
        &json!({"win": {"CommandLine": "whoami", "Image": "\\a.exe"}, "User": "x"}),
        true,
    );
    let prefixes =
        "transformations:\n  - {type: field_name_prefix_mapping, mapping: {Command: cmd., Im: i.}}\n";
    check(
        &[prefixes],
        "process_creation",
        &json!({"cmd": {"Line": "whoami"}, "i": {"age": "\\a.exe"}}),
        true,
    );
    let (set, _) = load(RULE, &[mapping]);
    assert_eq!(set.rules()[0].fields, ["process.command_line"]);
}

#[test]
fn conditions_decide_and_steps_follow_each_other() {
    let source = "priority: 5\ntransformations:\n  - type: change_logsource\n    category: proc\n    product: windows\n    rule_conditions: [{type: logsource, category: process_creation}]\n";
    let both = json!({"CommandLine": "whoami", "Image": "\\a.exe", "code": 1});
    check(&[source], "process_creation", &both, false);
    check(&[source], "proc", &both, true);
    let added = "priority: 10\ntransformations:\n  - type: add_condition\n    conditions: {code: [1, 2]}\n    rule_conditions: [{type: logsource, category: proc}]\n";
    check(&[added, source], "proc", &both, true);
    check(&[added, source], "proc", &json!({"CommandLine": "whoami", "Image": "\\a.exe", "code": 3}), false);
    // In the other order the condition is not met yet.
    let late = added.replace("priority: 10", "priority: 1");
    check(&[&late, source], "proc", &json!({"CommandLine": "whoami", "Image": "\\a.exe"}), true);
    let negated = "transformations:\n  - {type: add_condition, negated: true, template: true, conditions: {kind: $product}}\n";
    check(
        &[negated],
        "process_creation",
        &json!({"CommandLine": "whoami", "Image": "\\a.exe", "kind": "windows"}),
        false,
    );
    check(
        &[negated],
        "process_creation",
        &json!({"CommandLine": "whoami", "Image": "\\a.exe", "kind": "linux"}),
        true,
    );
    let chain = "transformations:\n  - {id: first, type: set_state, key: k, val: v, rule_conditions: [{type: tag, tag: attack.t1059}]}\n  - type: drop_detection_item\n    field_name_conditions: [{type: include_fields, fields: [Image]}]\n    rule_conditions: [{type: processing_state, key: k, val: v}, {type: processing_item_applied, processing_item_id: first}]\n";
    check(&[chain], "process_creation", &json!({"CommandLine": "whoami"}), true);
}

#[test]
fn values_change() {
    let replace = "transformations:\n  - {type: replace_string, regex: 'who(am)i', replacement: 'I-\\1'}\n";
    check(&[replace], "process_creation", &json!({"CommandLine": "I-am", "Image": "\\a.exe"}), true);
    let map = "transformations:\n  - {type: map_string, mapping: {whoami: [id, hostname]}}\n";
    check(&[map], "process_creation", &json!({"CommandLine": "hostname", "Image": "\\a.exe"}), true);
    check(&[map], "process_creation", &json!({"CommandLine": "whoami", "Image": "\\a.exe"}), false);
    let set = "transformations:\n  - type: set_value\n    value: 7\n    detection_item_conditions: [{type: match_string, cond: any, pattern: '^root$'}]\n";
    check(
        &[set],
        "process_creation",
        &json!({"CommandLine": "whoami", "Image": "\\a.exe", "User": 7}),
        false,
    );
    check(
        &[set],
        "process_creation",
        &json!({"CommandLine": "whoami", "Image": "\\a.exe", "User": "root"}),
        true,
    );
    let rule = RULE.replace("User: root", "'User|expand': '%admins%'");
    let vars = "vars: {admins: [root, adm*]}\ntransformations:\n  - {type: value_placeholders}\n";
    let (set, problems) = load(&rule, &[vars]);
    assert!(problems.is_empty() && set.rules()[0].unset_placeholders.is_empty(), "{problems:?}");
}

#[test]
fn refusals_and_faults_are_told() {
    let failure = "name: strict\ntransformations:\n  - {type: detection_item_failure, message: no images, field_name_conditions: [{type: include_fields, fields: [Image]}]}\n";
    let (set, problems) = load(RULE, &[failure]);
    assert!(
        set.is_empty() && problems[0].refused && problems[0].message.contains("no images"),
        "{problems:?}"
    );
    for (text, word) in [
        ("transformations:\n  - {type: fly}\n", "fly"),
        ("transformations:\n  - {type: replace_string, regex: '(', replacement: x}\n", "unclosed"),
        ("transformations: 7\n", "transformations"),
        ("transformations:\n  - {type: case, method: camel}\n", "camel"),
    ] {
        let problem = Pipeline::parse("p.yml", text).unwrap_err();
        assert!(problem.message.contains(word) && problem.refused && problem.line >= 1, "{problem:?}");
    }
    let (_, doubts) =
        Pipeline::parse("p.yml", "transformations: []\nfinalizers: [{type: concat}]\n").unwrap();
    assert_eq!((doubts.len(), doubts[0].line, doubts[0].refused), (1, 2, false));
}
