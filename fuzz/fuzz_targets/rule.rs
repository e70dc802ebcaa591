//! Rule files: whatever compiles runs, and the streaming matcher, the columnar one and the explanation agree about an
//! event. What stands after a line of five equals signs is the event, as JSON.
#![no_main]

use serde_json::Value;
use wardkeep_detect::{Engine, Hunt, Pipeline, RuleFile, RuleSet, Samples, explain};
use wardkeep_types::columns::ColumnsBuilder;
use wardkeep_types::event::{Dialect, Event, FieldValue};

fn event(text: &str, set: &RuleSet) -> Event {
    let mut event = Event::new(Dialect::Text, "fuzz".into(), 1, text);
    let mut sources: Vec<_> = set.rules().iter().map(|rule| rule.logsource.clone()).take(4).collect();
    sources.sort();
    sources.dedup();
    event.logsources = sources.into();
    let Ok(Value::Object(fields)) = serde_json::from_str(text) else { return event };
    for (name, value) in fields {
        let value = match value {
            Value::Null => FieldValue::Null,
            Value::Bool(is) => FieldValue::Bool(is),
            Value::Number(n) if n.is_i64() => FieldValue::Int(n.as_i64().unwrap_or_default()),
            Value::Number(n) => FieldValue::Float(n.as_f64().unwrap_or_default()),
            Value::String(text) => FieldValue::from(text.as_str()),
            other => FieldValue::from(other.to_string().as_str()),
        };
        event.fields.insert(name.as_str().into(), value);
    }
    event
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let (rules, about) = text.split_once("\n=====\n").unwrap_or((text, "{}"));
    let (set, problems) = RuleSet::load([RuleFile::new("fuzz.yml", rules)]);
    assert!(problems.iter().all(|problem| !problem.message.is_empty()));
    let _ = Pipeline::parse("fuzz.yml", rules);
    let _ = Samples::parse(rules);
    let event = event(about, &set);
    let mut engine = Engine::new(&set);
    let mut streamed = engine.fired(&event);
    engine.take(&event, &streamed, &mut Vec::new());
    engine.finish(&mut Vec::new());
    let mut columns = ColumnsBuilder::default();
    columns.push(&event);
    let mut hunted: Vec<u32> = Hunt::new(&set).run(&columns.finish()).into_iter().map(|(rule, _)| rule).collect();
    let fires = |(at, rule)| explain(rule, &event).fires.then_some(at);
    let explained: Vec<u32> = (0..).zip(set.rules()).filter_map(fires).collect();
    streamed.sort_unstable();
    hunted.sort_unstable();
    assert_eq!(streamed, explained, "streaming and explanation");
    assert_eq!(hunted, explained, "columns and explanation");
});
