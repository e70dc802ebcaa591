//! About 400 people: those who were there, those who joined, and those who left.

use super::names::{FAMILY, GIVEN, jobs};
use super::organisation::{BEGIN, CAST, UNITS, UnitPlan, account, email};
use super::plan::{Plan, Sheet, Who};
use std::collections::BTreeSet;
use wardkeep_types::Id;

/// Of a hundred people, so many joined within the year.
const JOINERS: usize = 11;
/// Of a hundred people who were there, so many left within the year.
const LEAVERS: usize = 8;

/// Somebody who works for the organisation.
#[derive(Debug, Clone)]
pub(super) struct Employee {
    pub id: Id,
    pub unit: &'static str,
    pub name: String,
    /// Mail address.
    pub email: String,
    /// Still here at the end of the year.
    pub here: bool,
    /// Number in the personnel system.
    pub number: String,
}

/// Fills the units. Those of the cast count among a unit's people.
pub(super) fn plan(plan: &mut Plan) -> Vec<Employee> {
    let mut names: BTreeSet<String> = CAST.iter().map(|c| c.name.to_owned()).collect();
    let ciso = plan.who("ciso");
    let mut all: Vec<Employee> = Vec::new();
    for character in &CAST {
        let unit = UNITS.iter().find(|u| u.key == character.unit).unwrap_or(&UNITS[0]);
        let id = plan.id(&format!("person/{}", character.key));
        let number = format!("P-{}", 1_001 + all.len());
        let since = plan.random.between(900, 4_000);
        let boss = plan.id("person/ceo");
        let lead = plan.id(&format!("person/{}", unit.lead));
        let mut sheet = Sheet::new().set("personnel_number", &number).set("joined_on", plan.day(since));
        if id != boss {
            sheet = sheet.set("lead", if lead == id { boss } else { lead });
        }
        plan.edit(
            plan.at(BEGIN - 1, 8, 0),
            ciso,
            "person",
            id,
            sheet,
            "taken over from the personnel system",
        );
        plan.step(plan.at(BEGIN - 1, 8, 30), ciso, "person", id, "start", "");
        let email = email(character.name, unit.domain);
        all.push(Employee { id, unit: unit.key, name: character.name.to_owned(), email, here: true, number });
    }
    for unit in &UNITS {
        let there = all.iter().filter(|e| e.unit == unit.key).count();
        for index in there..unit.people {
            let employee = one(plan, unit, index, &mut names, all.len());
            all.push(employee);
        }
    }
    plant(plan, &all);
    all
}

fn one(
    plan: &mut Plan,
    unit: &UnitPlan,
    index: usize,
    names: &mut BTreeSet<String>,
    count: usize,
) -> Employee {
    let name = loop {
        let name = format!("{} {}", plan.random.pick(&GIVEN), plan.random.pick(&FAMILY));
        if names.insert(name.clone()) {
            break name;
        }
    };
    let list = jobs(unit.key);
    let job = if index.is_multiple_of(9) { list[0] } else { plan.random.pick(&list[1..]) };
    let privileged = unit.key == "it" && !job.starts_with("Service");
    let employment = match plan.random.below(100) {
        0..=5 => "contractor",
        6..=9 => "trainee",
        _ => "employee",
    };
    let (email, number) = (email(&name, unit.domain), format!("P-{}", 1_001 + count));
    let sheet = Sheet::named(&name)
        .set("email", &email)
        .set("job_title", job)
        .set("employment", employment)
        .set("privileged", privileged)
        .set("personnel_number", &number)
        .set("account_names", account(&name));
    let (unit_id, lead) = (plan.id(&format!("unit/{}", unit.key)), plan.id(&format!("person/{}", unit.lead)));
    let (sheet, key) = (sheet.set("lead", lead), number.clone());
    let nightly = Who::System("personnel import");
    if plan.random.chance(JOINERS) {
        let (day, before) = (plan.random.between(9, 330), plan.random.between(15, 30));
        let signed = plan.at(day + before, 3, 10);
        let sheet = sheet.set("joined_on", plan.day(day));
        let id = plan.add(signed, nightly, "person", &key, unit_id, sheet, "contract signed");
        plan.step(plan.at(day, 3, 10), nightly, "person", id, "start", "");
        return Employee { id, unit: unit.key, name, email, here: true, number };
    }
    let since = plan.random.between(400, 6_000);
    let joined = plan.day(since);
    let ciso = plan.who("ciso");
    let at = plan.at(BEGIN - 1, 9, 0);
    let id = plan.add(
        at,
        ciso,
        "person",
        &key,
        unit_id,
        sheet.set("joined_on", joined),
        "taken over from the personnel system",
    );
    plan.step(plan.at(BEGIN - 1, 9, 30), ciso, "person", id, "start", "");
    let here = !plan.random.chance(LEAVERS);
    if !here {
        let (day, before) = (plan.random.between(4, 320), plan.random.between(14, 34));
        let told = plan.at(day + before, 3, 10);
        plan.edit(told, nightly, "person", id, Sheet::new().set("left_on", plan.day(day)), "contract ended");
        plan.step(plan.at(day - 1, 3, 10), nightly, "person", id, "leave", "");
    } else if plan.random.chance(3) {
        away(plan, id);
    }
    Employee { id, unit: unit.key, name, email, here, number }
}

/// Away for months: parental leave, an illness. Some are back.
fn away(plan: &mut Plan, id: Id) {
    let from = plan.random.between(20, 250);
    let nightly = Who::System("personnel import");
    plan.step(plan.at(from, 3, 10), nightly, "person", id, "step_away", "on leave");
    let back = from - plan.random.between(60, 180);
    plan.step(plan.at(back, 3, 10), nightly, "person", id, "return", "");
}

/// What an officer should find: somebody who is gone and still counts as being at work.
fn plant(plan: &mut Plan, all: &[Employee]) {
    let forgotten: Vec<Id> =
        all.iter().filter(|e| e.here && e.unit == "north").map(|e| e.id).skip(20).take(1).collect();
    let us_officer = plan.who("us_officer");
    for id in forgotten {
        let told = plan.at(40, 15, 20);
        plan.edit(
            told,
            us_officer,
            "person",
            id,
            Sheet::new().set("left_on", plan.day(19)),
            "moved to another employer",
        );
    }
}
