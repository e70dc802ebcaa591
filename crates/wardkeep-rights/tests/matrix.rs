//! Prints who may do what, in words, into `rights_matrix.txt`: for an auditor to read, and for a reviewer to see
//! every change of rights as a change of that file. `UPDATE=1 cargo test -p wardkeep-rights` writes it anew.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::fmt::Write;
use wardkeep_register::Verb;
use wardkeep_rights::{Extent, Named, Reach, Resource, Role, extent, reach};

fn section(out: &mut String, title: &str, resource: Resource) {
    let reach = match reach(resource) {
        Reach::Unit => "in the units of the grant",
        Reach::Library => "changed in the units of the grant, viewed from any unit",
        Reach::Anywhere => "with a grant on any unit",
        Reach::Installation => "for the whole installation",
    };
    writeln!(out, "\n{title}: {reach}").unwrap();
    let mut none = Vec::new();
    for role in Role::ALL {
        let words = |wanted: Extent| {
            let verbs = Verb::ALL.into_iter().filter(|v| extent(role, resource, *v) == wanted);
            verbs.map(Verb::key).collect::<Vec<_>>().join(", ")
        };
        let (all, own) = (words(Extent::All), words(Extent::Own));
        let line = match (all.is_empty(), own.is_empty()) {
            (true, true) => {
                none.push(role.label());
                continue;
            }
            (false, true) => all,
            (true, false) => format!("own only: {own}"),
            (false, false) => format!("{all}; own only: {own}"),
        };
        writeln!(out, "  {:<20} {line}", role.label()).unwrap();
    }
    if !none.is_empty() {
        writeln!(out, "  {:<20} {}", "(nothing)", none.join(", ")).unwrap();
    }
}

fn matrix() -> String {
    let mut out = String::from(
        "Who may do what in Wardkeep. Made by a test from crates/wardkeep-rights/src/rights.txt; do not edit.\n\
         \"Own\" is what the person answers for; for viewing also records on whose need-to-know list they stand.\n\
         A restricted record is seen by the people on its need-to-know list only, whatever their role.\n\
         Approving is a person's act: programs and models never may. Nobody changes their own roles.\n",
    );
    for schema in wardkeep_registers::all() {
        section(&mut out, &format!("{} [{}]", schema.key, schema.names.area), Resource::of(schema));
    }
    section(&mut out, "any register not named above", Resource::Register("other_register"));
    for named in Named::ALL {
        section(&mut out, named.key(), Resource::Named(*named));
    }
    out
}

#[test]
fn the_printed_matrix_is_the_table() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/rights_matrix.txt");
    let now = matrix();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &now).unwrap();
    }
    let kept = std::fs::read_to_string(path).unwrap_or_default();
    let differs = now.lines().zip(kept.lines()).find(|(a, b)| a != b);
    assert!(
        now == kept,
        "rights changed; read the change and run with UPDATE=1. First difference: {differs:?}"
    );
}

#[test]
fn every_register_has_its_own_row() {
    let table = include_str!("../src/rights.txt");
    for schema in wardkeep_registers::all() {
        let row = table.lines().any(|l| l.split_whitespace().next() == Some(schema.key));
        assert!(row, "give {} a row in rights.txt, or decide that the cautious one suits it", schema.key);
    }
}

#[test]
fn whoever_completes_a_move_with_a_second_person_exists_twice_over() {
    // Two different roles hold the move's verb, so that an organisation need not make two people officers.
    for schema in wardkeep_registers::all() {
        for movement in schema.moves.iter().filter(|m| m.second_person) {
            let may = |r: &Role| extent(*r, Resource::of(schema), movement.needs) == Extent::All;
            let roles: Vec<Role> = Role::ALL.into_iter().filter(may).collect();
            assert!(roles.len() >= 2, "{}: only {roles:?} may {}", schema.key, movement.name);
        }
    }
}
