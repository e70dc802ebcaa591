//! What must hold for every register, whoever adds the next one.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::collections::HashSet;
use std::fmt::Write;
use wardkeep_register::{Field, Kind, Schema, Value, Verb};
use wardkeep_registers::{all, by_key, by_path, by_prefix};

const SRC: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/src");
/// Files that are no register.
const SHARED: [&str; 4] = ["lib", "checks", "choices", "testing"];
/// Columns that every register's table has beside its fields.
const HEAD: [&str; 14] = [
    "id",
    "register",
    "reference",
    "ref_prefix",
    "ref_number",
    "title",
    "unit_id",
    "stage",
    "version",
    "restricted",
    "created_at",
    "changed_at",
    "custom",
    "from_change",
];

fn files() -> Vec<String> {
    let entries = std::fs::read_dir(SRC).unwrap();
    let mut names: Vec<String> =
        entries.map(|e| e.unwrap().path().file_stem().unwrap().to_string_lossy().into_owned()).collect();
    names.retain(|n| !SHARED.contains(&n.as_str()));
    names.sort_unstable();
    names
}

fn source(key: &str) -> String {
    std::fs::read_to_string(format!("{SRC}/{key}.rs")).unwrap()
}

/// The part of a file that declares, without its tests.
fn declaration(key: &str) -> String {
    source(key).split("#[cfg(test)]").next().unwrap().to_owned()
}

#[test]
fn every_file_is_in_the_list_and_named_by_its_key() {
    let mut keys: Vec<&str> = all().iter().map(|s| s.key).collect();
    keys.sort_unstable();
    assert_eq!(files(), keys);
}

#[test]
fn names_are_unique_and_found() {
    let unique = |of: fn(&Schema) -> &str| all().iter().map(of).collect::<HashSet<_>>().len();
    assert_eq!([unique(|s| s.key), unique(|s| s.path), unique(|s| s.names.prefix)], [all().len(); 3]);
    for schema in all() {
        let prefix = schema.names.prefix;
        assert!(
            (2..=4).contains(&prefix.len()) && prefix.bytes().all(|b| b.is_ascii_uppercase()),
            "{prefix}"
        );
        assert!(schema.key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_'), "{}", schema.key);
        for found in [by_key(schema.key), by_path(schema.path), by_prefix(prefix)] {
            assert_eq!(found.unwrap().key, schema.key);
        }
    }
    assert!(all().is_sorted_by_key(|s| s.names.area), "the menu goes by area");
}

fn check_field(schema: &Schema, field: &Field) {
    let place = format!("{}.{}", schema.key, field.name);
    assert!(!HEAD.contains(&field.name), "{place} is a column that every record has");
    assert!(field.help.ends_with(['.', '?']), "{place}: the help is a sentence");
    assert!(!field.computed || !field.required, "{place}: what is computed is empty at first");
    assert!(
        !field.filter || !matches!(field.kind, Kind::Text | Kind::Markdown | Kind::Links(_)),
        "{place} is no filter"
    );
    assert!(!field.list || field.kind.sortable(), "{place} makes no column");
    if let Some(target) = field.kind.target() {
        assert!(by_key(target).is_some(), "{place} points to the unknown register {target}");
    }
    if let Kind::Choice(options) = field.kind {
        let keys: HashSet<_> = options.iter().map(|o| o.key).collect();
        assert_eq!(keys.len(), options.len(), "{place} has a choice twice");
        for option in options {
            assert!(option.help.ends_with('.'), "{place}: {} has no help", option.key);
            assert_eq!(
                Value::parse(field, option.label).unwrap(),
                Value::Choice(option.key.into()),
                "{place}"
            );
        }
    }
}

#[test]
fn fields_are_described_and_lists_read_well() {
    for schema in all() {
        schema.fields.iter().for_each(|field| check_field(schema, field));
        let named = |f: &&Field| f.title && f.kind == Kind::Line && f.required;
        assert_eq!(schema.fields.iter().filter(named).count(), 1, "{} has one title", schema.key);
        assert_eq!(schema.fields.iter().filter(|f| f.title).count(), 1, "{} has one title", schema.key);
        assert!(schema.fields.iter().filter(|f| f.due).count() <= 1, "{} has one deadline", schema.key);
        let columns = schema.fields.iter().filter(|f| f.list || f.title).count();
        assert!((4..=8).contains(&columns), "{} shows {columns} columns", schema.key);
        let owner = schema.field("owner");
        assert!(owner.is_none() || schema.owner_index().is_some(), "{}: owner is a person", schema.key);
    }
}

#[test]
fn stages_and_moves_hang_together() {
    for schema in all() {
        let key = schema.key;
        assert!(schema.stages.iter().all(|s| s.help.ends_with('.')), "{key}: a stage has no help");
        assert!(schema.moves.iter().filter(|m| m.guarded).count() >= 2, "{key} needs two guarded moves");
        for stage in &schema.stages[1..] {
            assert!(schema.moves.iter().any(|m| m.to == stage.key), "{key}: nothing leads to {}", stage.key);
        }
        assert!(schema.is_open(schema.first_stage().key), "{key} begins open");
        assert!(schema.stages.iter().any(|s| !schema.is_open(s.key)), "{key} never ends");
        let mut seen = HashSet::new();
        for movement in &schema.moves {
            assert!(
                movement.from.iter().all(|from| seen.insert((movement.name, *from))),
                "{key}: {} is unclear",
                movement.name
            );
            let approves = matches!(movement.needs, Verb::Approve | Verb::Retire);
            assert!(!movement.second_person || approves, "{key}: a second person approves {}", movement.name);
            let decides = movement.needs != Verb::Edit;
            assert!(
                !decides || movement.with_reason || movement.guarded,
                "{key}: {} needs a why",
                movement.name
            );
        }
    }
}

#[test]
fn every_register_checks_and_tests_itself() {
    for schema in all() {
        let text = source(schema.key);
        assert!(text.contains(".refuses(") && text.contains(".fails_in("), "{} tests no refusal", schema.key);
        assert!(
            declaration(schema.key).contains("problems."),
            "{} checks nothing between fields",
            schema.key
        );
    }
}

/// One line a register, for reviewers and for the table of a release.
fn summary() -> String {
    let mut text = String::from(
        "Made by a test; `UPDATE=1 cargo test -p wardkeep-registers` writes it anew.\n\
         Lines: the declaration, without its tests; in brackets those of its lists and stages.\n\n\
         register       prefix area     lines      fields columns links stages moves guarded second checks\n",
    );
    for s in all() {
        let declared = declaration(s.key);
        let lists = declared
            .split("#[derive(")
            .skip(1)
            .filter(|part| part.split('\n').next().is_some_and(|l| !l.contains("Record")));
        let in_lists: usize =
            lists.map(|part| part.split("\n}").next().unwrap_or("").lines().count() + 3).sum();
        let count = |of: &dyn Fn(&Field) -> bool| s.fields.iter().filter(|f| of(f)).count();
        let moves = |of: fn(&wardkeep_register::MoveSchema) -> bool| s.moves.iter().filter(|m| of(m)).count();
        writeln!(
            text,
            "{:<14} {:<6} {:<8} {:<10} {:>6} {:>7} {:>5} {:>6} {:>5} {:>7} {:>6} {:>6}",
            s.key,
            s.names.prefix,
            s.names.area.key(),
            format!("{} ({in_lists})", declared.trim_end().lines().count()),
            s.fields.len(),
            count(&|f| f.list || f.title),
            count(&|f| f.kind.target().is_some()),
            s.stages.len(),
            s.moves.len(),
            moves(|m| m.guarded),
            moves(|m| m.second_person),
            declared.matches("problems.require(").count() + declared.matches("problems.add(").count(),
        )
        .unwrap();
    }
    text
}

#[test]
fn the_printed_summary_is_true() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/registers.txt");
    let now = summary();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &now).unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    assert!(now == kept, "registers changed: read the change and run with UPDATE=1\n{now}");
}
