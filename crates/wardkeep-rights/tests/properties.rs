//! What must hold for every actor, tree and target.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use proptest::prelude::*;
use wardkeep_register::Verb;
use wardkeep_rights::{
    Actor, ActorKind, Grant, Named, Resource, Role, Scopes, Target, UnitTree, decide, scope,
};
use wardkeep_types::{Date, Id};

const REGISTERS: [&str; 8] =
    ["risk", "control", "finding", "incident", "task", "framework", "person", "new_register"];

fn id(kind: &str, n: usize) -> Id {
    Id::derived(&Id::NIL, &format!("{kind}{n}"))
}

fn today() -> Date {
    "2026-06-01".parse().unwrap()
}

/// Twelve units: each stands below an earlier one, or on top.
fn trees() -> impl Strategy<Value = UnitTree> {
    proptest::collection::vec(0..6usize, 12).prop_map(|above| {
        let mut tree = UnitTree::default();
        for (n, up) in above.into_iter().enumerate() {
            let parent = (up > 0 && n > 0).then(|| id("unit", (n - 1).saturating_sub(up - 1)));
            tree = tree.with(id("unit", n), parent).or_else(|_| tree.with(id("unit", n), None)).unwrap();
        }
        tree
    })
}

fn grants() -> impl Strategy<Value = Grant> {
    let day = prop_oneof![Just(None), (-30..30i64).prop_map(Some)];
    (0..Role::ALL.len(), 0..13usize, any::<bool>(), day).prop_map(|(role, unit, recursive, day)| Grant {
        role: Role::ALL[role],
        unit: id("unit", unit),
        recursive,
        until: day.map(|d| today().plus_days(d)),
        engagement: None,
    })
}

fn resources() -> impl Strategy<Value = Resource> {
    prop_oneof![
        (0..REGISTERS.len()).prop_map(|n| Resource::Register(REGISTERS[n])),
        (0..Named::ALL.len()).prop_map(|n| Resource::Named(Named::ALL[n])),
    ]
}

fn targets() -> impl Strategy<Value = Target> {
    let unit = prop_oneof![1 => Just(None), 6 => (0..13usize).prop_map(|n| Some(id("unit", n)))];
    let owner = prop_oneof![Just(None), (0..3usize).prop_map(|n| Some(id("person", n)))];
    let (restricted, named) = (any::<bool>(), any::<bool>());
    (unit, owner, restricted, named).prop_map(|(unit, owner, restricted, named)| Target {
        unit,
        owner,
        restricted,
        named,
    })
}

fn verbs() -> impl Strategy<Value = Verb> {
    (0..Verb::ALL.len()).prop_map(|n| Verb::ALL[n])
}

fn actor(grants: Vec<Grant>) -> Actor {
    Actor::human(id("person", 0), "Ada", grants, today())
}

fn many() -> impl Strategy<Value = Vec<Grant>> {
    proptest::collection::vec(grants(), 0..5)
}

fn is_grant(resource: Resource) -> bool {
    resource == Resource::Named(Named::Grant)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1_000))]

    #[test]
    fn administrators_never_approve(tree in trees(), given in many(), what in resources(), target in targets()) {
        let given = given.into_iter().map(|g| Grant { role: Role::Administrator, ..g }).collect();
        prop_assert!(decide(&actor(given), &tree, Verb::Approve, what, &target).is_err());
    }

    #[test]
    fn programs_never_approve(tree in trees(), given in many(), what in resources(), target in targets()) {
        for kind in [ActorKind::Service, ActorKind::System] {
            let program = Actor { kind, ..actor(given.clone()) };
            prop_assert!(decide(&program, &tree, Verb::Approve, what, &target).is_err());
        }
    }

    #[test]
    fn another_grant_takes_nothing_away(
        tree in trees(), given in many(), more in grants(), what in resources(), verb in verbs(), target in targets()
    ) {
        let before = decide(&actor(given.clone()), &tree, verb, what, &target).is_ok();
        let after = decide(&actor([given, vec![more]].concat()), &tree, verb, what, &target).is_ok();
        prop_assert!(!before || after);
    }

    #[test]
    fn rights_on_a_unit_go_down_only(tree in trees(), one in grants(), verb in verbs(), target in targets()) {
        // What belongs to no unit, or to one that is not known yet, is for those who hold every top unit.
        let register = Resource::Register("risk");
        if decide(&actor(vec![one.clone()]), &tree, verb, register, &target).is_ok() {
            match target.unit.filter(|u| tree.contains(*u)) {
                Some(unit) => prop_assert!(tree.is_within(unit, one.unit) && (one.recursive || unit == one.unit)),
                None => prop_assert!(one.recursive && tree.roots().eq([one.unit])),
            }
        }
    }

    #[test]
    fn expired_grants_give_nothing(
        tree in trees(), given in many(), what in resources(), verb in verbs(), target in targets()
    ) {
        let past = given.into_iter().map(|g| Grant { until: Some(today().plus_days(-1)), ..g }).collect();
        let actor = actor(past);
        prop_assert!(decide(&actor, &tree, verb, what, &target).is_err());
        prop_assert!(scope(&actor, &tree, what, verb).is_empty());
    }

    #[test]
    fn restricted_records_need_more_than_a_role(
        tree in trees(), given in many(), what in resources(), verb in verbs(), target in targets()
    ) {
        let target = Target { restricted: true, named: false, ..target };
        let refused = decide(&actor(given), &tree, verb, what, &target);
        prop_assert!(refused.is_err_and(|d| verb == Verb::Add || !d.visible));
    }

    #[test]
    fn a_list_holds_what_the_decision_allows(
        tree in trees(), given in many(), what in resources(), verb in verbs(), target in targets()
    ) {
        let actor = actor(given);
        let listed = scope(&actor, &tree, what, verb).admits(&target);
        prop_assert!(is_grant(what) || listed == decide(&actor, &tree, verb, what, &target).is_ok());
    }

    #[test]
    fn a_token_only_narrows(
        tree in trees(), given in many(), what in resources(), verb in verbs(), target in targets(), view in any::<bool>()
    ) {
        let scopes: Scopes = if view { "*:view" } else { "risk:* finding:edit" }.parse().unwrap();
        let open = actor(given);
        let narrow = Actor { token_scopes: Some(scopes.clone()), ..open.clone() };
        let allowed = decide(&narrow, &tree, verb, what, &target).is_ok();
        prop_assert!(!allowed || (scopes.admit(what, verb) && decide(&open, &tree, verb, what, &target).is_ok()));
    }

    #[test]
    fn nobody_gives_roles_to_themselves(tree in trees(), given in many(), verb in verbs(), target in targets()) {
        let target = Target { owner: Some(id("person", 0)), ..target };
        let reads = matches!(verb, Verb::View | Verb::Export);
        prop_assert!(reads || decide(&actor(given), &tree, verb, Named::Grant.into(), &target).is_err());
    }

    #[test]
    fn what_is_invisible_is_said_to_be_absent(
        tree in trees(), given in many(), what in resources(), verb in verbs(), target in targets()
    ) {
        let actor = actor(given);
        let hidden = verb != Verb::Add && decide(&actor, &tree, Verb::View, what, &target).is_err();
        if let (true, Err(denied)) = (hidden, decide(&actor, &tree, verb, what, &target)) {
            prop_assert!(!denied.visible && denied.sentence.starts_with("there is nothing here"));
        }
    }
}
