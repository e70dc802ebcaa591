//! Single decisions that people would ask about.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use wardkeep_register::Verb;
use wardkeep_rights::{Actor, Grant, Named, Resource, Role, Target, UnitTree, decide, scope};
use wardkeep_types::{Date, Id};

fn id(name: &str) -> Id {
    Id::derived(&Id::NIL, name)
}

fn today() -> Date {
    "2026-06-01".parse().unwrap()
}

/// group > it > (prod, lab); group > sales
fn units() -> UnitTree {
    let above = |unit, parent: &str| (id(unit), Some(id(parent)));
    let top = (id("group"), None);
    UnitTree::build([
        above("prod", "it"),
        above("lab", "it"),
        above("it", "group"),
        above("sales", "group"),
        top,
    ])
    .unwrap()
}

fn ada(grants: &[(Role, &str)]) -> Actor {
    let grants = grants.iter().map(|(role, unit)| Grant::new(*role, id(unit))).collect();
    Actor::human(id("ada"), "Ada", grants, today())
}

/// `Ok`, or the status a page would answer with.
fn check(actor: &Actor, verb: Verb, register: &'static str, unit: &str, owner: &str) -> Result<(), u16> {
    let target = Target::of(id(unit), Some(id(owner)));
    let decision = decide(actor, &units(), verb, Resource::Register(register), &target);
    decision.map(|_| ()).map_err(|denied| if denied.visible { 403 } else { 404 })
}

#[test]
fn a_reader_of_one_unit_sees_nothing_of_its_neighbour() {
    let reader = ada(&[(Role::Reader, "prod")]);
    assert_eq!(check(&reader, Verb::View, "asset", "prod", "bob"), Ok(()));
    assert_eq!(check(&reader, Verb::View, "asset", "lab", "bob"), Err(404));
    assert_eq!(check(&reader, Verb::View, "asset", "it", "bob"), Err(404));
    assert_eq!(check(&reader, Verb::Edit, "asset", "prod", "bob"), Err(403));
    assert_eq!(check(&reader, Verb::View, "finding", "prod", "bob"), Err(404));
}

#[test]
fn an_owner_edits_own_records_only() {
    let owner = ada(&[(Role::Owner, "it")]);
    assert_eq!(check(&owner, Verb::Edit, "control", "prod", "ada"), Ok(()));
    assert_eq!(check(&owner, Verb::Edit, "control", "prod", "bob"), Err(403));
    assert_eq!(check(&owner, Verb::View, "risk", "prod", "bob"), Err(404));
    assert_eq!(check(&owner, Verb::Edit, "control", "sales", "ada"), Err(404));
    assert_eq!(check(&owner, Verb::Approve, "control", "prod", "ada"), Err(403));
}

#[test]
fn frameworks_are_read_from_below_and_changed_from_above() {
    let officer = ada(&[(Role::Officer, "prod")]);
    assert_eq!(check(&officer, Verb::View, "framework", "group", "bob"), Ok(()));
    assert_eq!(check(&officer, Verb::Edit, "framework", "group", "bob"), Err(403));
    assert!(
        scope(&officer, &units(), Resource::Register("risk"), Verb::View)
            .all_units()
            .contains(Some(id("prod")))
    );
}

#[test]
fn the_need_to_know_list_lets_in_and_keeps_out() {
    let target = |named| Target { restricted: true, named, ..Target::of(id("prod"), Some(id("bob"))) };
    let incident = Resource::Register("incident");
    let officer = ada(&[(Role::Officer, "group")]);
    assert!(!decide(&officer, &units(), Verb::View, incident, &target(false)).unwrap_err().visible);
    assert!(decide(&officer, &units(), Verb::Edit, incident, &target(true)).is_ok());
    // Counsel holds no role in response: being named lets them read, not write.
    let counsel = ada(&[(Role::Employee, "group")]);
    assert!(decide(&counsel, &units(), Verb::View, incident, &target(true)).is_ok());
    assert!(decide(&counsel, &units(), Verb::Edit, incident, &target(true)).unwrap_err().visible);
    assert!(
        decide(&Actor::system("clock job", today()), &units(), Verb::Edit, incident, &target(false)).is_ok()
    );
}

#[test]
fn settings_need_the_whole_organisation() {
    let setting = |actor: &Actor| {
        decide(actor, &units(), Verb::Edit, Named::Setting.into(), &Target::INSTALLATION).is_ok()
    };
    assert!(setting(&ada(&[(Role::Administrator, "group")])));
    assert!(!setting(&ada(&[(Role::Administrator, "it")])));
    let shallow = Grant { recursive: false, ..Grant::new(Role::Administrator, id("group")) };
    assert!(!setting(&Actor::human(id("ada"), "Ada", vec![shallow], today())));
}

#[test]
fn administrators_give_roles_to_others_and_see_no_security_content() {
    let admin = ada(&[(Role::Administrator, "group")]);
    let give = |to| {
        decide(
            &admin,
            &units(),
            Verb::Add,
            Named::Grant.into(),
            &Target { owner: Some(id(to)), ..Target::INSTALLATION },
        )
    };
    assert!(give("bob").is_ok());
    assert!(give("ada").unwrap_err().sentence.contains("ask another administrator"));
    for register in ["risk", "control", "finding", "incident", "evidence"] {
        assert_eq!(check(&admin, Verb::View, register, "prod", "bob"), Err(404), "{register}");
    }
}

#[test]
fn external_auditors_leave_on_their_date() {
    let until = |until| {
        let grant = Grant { until, ..Grant::new(Role::ExternalAuditor, id("it")) };
        check(&Actor::human(id("ada"), "Ada", vec![grant], today()), Verb::View, "control", "it", "bob")
    };
    assert_eq!(until(Some(today())), Ok(()));
    assert_eq!(until(Some(today().plus_days(-1))), Err(404));
    assert_eq!(until(None), Err(404));
}

#[test]
fn a_refusal_says_whom_to_ask() {
    let target = Target::of(id("prod"), Some(id("bob")));
    let refused =
        decide(&ada(&[(Role::Reader, "it")]), &units(), Verb::Edit, Resource::Register("control"), &target);
    let sentence = refused.unwrap_err().sentence;
    assert_eq!(
        sentence,
        "to edit this control you need, in its unit, the role Security officer or Owner (for own records)"
    );
}

#[test]
fn people_who_have_the_top_unit_need_no_condition() {
    let everything =
        scope(&ada(&[(Role::Officer, "group")]), &units(), Resource::Register("risk"), Verb::View);
    assert_eq!(*everything.all_units(), wardkeep_rights::Units::Every);
    assert!(everything.own_units().is_empty() && !everything.is_empty());
    let own = scope(&ada(&[(Role::Employee, "it")]), &units(), Resource::Register("task"), Verb::View);
    assert!(own.all_units().is_empty() && own.own_units().contains(Some(id("lab"))));
}

#[test]
fn the_program_reaches_everything_but_approvals() {
    let program = Actor::system("clock job", today());
    let of = |verb| scope(&program, &units(), Resource::Register("incident"), verb);
    assert!(of(Verb::Edit).sees_restricted() && !of(Verb::Edit).is_empty());
    assert!(!of(Verb::Approve).sees_restricted() && of(Verb::Approve).is_empty());
}
