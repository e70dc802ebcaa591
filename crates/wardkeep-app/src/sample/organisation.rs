//! Units, and the people everybody knows by name.

use super::beside;
use super::plan::{Plan, Sheet, Who};
use wardkeep_rights::Role;
use wardkeep_types::{Id, Moment};

/// Days ago on which the year begins.
pub(super) const BEGIN: i64 = 366;

/// A unit of the sample organisation.
pub(super) struct UnitPlan {
    pub key: &'static str,
    name: &'static str,
    kind: &'static str,
    parent: &'static str,
    /// ISO 3166 code.
    pub country: &'static str,
    zone: &'static str,
    currency: &'static str,
    /// Domain of its mail addresses and host names; all end in a reserved name (RFC 2606).
    pub domain: &'static str,
    /// People who work there at the end of the year, joiners included.
    pub people: usize,
    purpose: &'static str,
    /// Who leads it: a key of the cast.
    pub lead: &'static str,
}

impl UnitPlan {
    /// What people call it.
    pub fn title(&self) -> &'static str {
        self.name
    }
}

macro_rules! unit {
    ($key:literal, $name:literal, $kind:literal in $parent:literal, $country:literal $zone:literal $currency:literal, $domain:literal, $people:literal, $lead:literal, $purpose:literal) => {
        UnitPlan {
            key: $key,
            name: $name,
            kind: $kind,
            parent: $parent,
            country: $country,
            zone: $zone,
            currency: $currency,
            domain: $domain,
            people: $people,
            purpose: $purpose,
            lead: $lead,
        }
    };
}

const TARNWALD: &str = "tarnwald.example";

/// The twelve units, each after the one above it.
pub(super) const UNITS: [UnitPlan; 12] = [
    unit!("group", "Tarnwald Health Group (sample)", "organisation" in "", "DE" "Europe/Berlin" "EUR", "tarnwald.example", 14, "ceo",
        "Sample data: this organisation, its people and everything about them are invented, so that Wardkeep can be looked at with a year of history.\n\nIt runs a hospital in Germany, clinics in the United States and a small insurer in Austria."),
    unit!("hospital", "Tarnwald Hospital", "legal_entity" in "group", "DE" "Europe/Berlin" "EUR", "tarnwald.example", 30, "director",
        "Sample data: a hospital with 380 beds; an essential entity under NIS2 and the German critical infrastructure rules."),
    unit!("acute", "Emergency and intensive care", "department" in "hospital", "DE" "Europe/Berlin" "EUR", "tarnwald.example", 62, "acute",
        "Admits emergencies day and night and runs 24 intensive care beds."),
    unit!("surgery", "Surgery and theatres", "department" in "hospital", "DE" "Europe/Berlin" "EUR", "tarnwald.example", 50, "surgery",
        "Eight operating theatres, anaesthesia and recovery."),
    unit!("lab", "Laboratory and imaging", "department" in "hospital", "DE" "Europe/Berlin" "EUR", "tarnwald.example", 44, "lab",
        "Blood work, pathology, X-ray, CT and MRI for the whole group in Europe."),
    unit!("brinkau", "Outpatient centre Brinkau", "site" in "hospital", "DE" "Europe/Berlin" "EUR", "tarnwald.example", 30, "brinkau",
        "Consultations and day surgery, 20 km from the hospital."),
    unit!("clinics", "Alder Fork Clinics", "legal_entity" in "group", "US" "America/Chicago" "USD", "alderfork.example", 22, "president",
        "Sample data: two primary care clinics; a covered entity under HIPAA."),
    unit!("north", "Alder Fork North clinic", "site" in "clinics", "US" "America/Chicago" "USD", "alderfork.example", 34, "north",
        "Family medicine, pediatrics and walk-in care."),
    unit!("pine", "Pine Ridge clinic", "site" in "clinics", "US" "America/Chicago" "USD", "alderfork.example", 28, "pine",
        "Family medicine and physical therapy."),
    unit!("insurer", "Sonnhalde Insurance", "legal_entity" in "group", "AT" "Europe/Vienna" "EUR", "sonnhalde.example", 20, "insurance",
        "Sample data: a small supplementary health insurer; a financial entity under DORA."),
    unit!("claims", "Policies and claims", "department" in "insurer", "AT" "Europe/Vienna" "EUR", "sonnhalde.example", 32, "claims",
        "Writes policies and pays claims of 61,000 members."),
    unit!("it", "Shared IT", "service" in "group", "DE" "Europe/Berlin" "EUR", "tarnwald.example", 34, "it",
        "Runs networks, data centre, cloud accounts and workplaces of the whole group, and its security operations."),
];

/// Somebody with a part to play: key, unit, name, job, roles with the unit they are given on.
pub(super) struct Character {
    pub key: &'static str,
    pub unit: &'static str,
    pub name: &'static str,
    pub job: &'static str,
    roles: &'static [(Role, &'static str)],
}

macro_rules! character {
    ($key:literal, $unit:literal, $name:literal, $job:literal, $($role:ident @ $on:literal),*) => {
        Character { key: $key, unit: $unit, name: $name, job: $job, roles: &[$((Role::$role, $on)),*] }
    };
}

/// The cast. The security officer stands first: everybody else is entered by her.
pub(super) const CAST: [Character; 28] = [
    character!("ciso", "group", "Anneke Brandt", "Chief information security officer", Officer @ "group"),
    character!("deputy", "group", "Lukas Ferrand", "Deputy information security officer", Officer @ "group"),
    character!("ceo", "group", "Henrik Solberg", "Chief executive", Executive @ "group"),
    character!("cfo", "group", "Clara Montague", "Chief financial officer", Executive @ "group"),
    character!("audit", "group", "Tomasz Wilk", "Head of internal audit", InternalAuditor @ "group"),
    character!("dpo", "group", "Ingrid Vasseur", "Data protection officer", Reader @ "group", Owner @ "group"),
    character!("board", "group", "Sibylle Aumann", "Chair of the supervisory board", Board @ "group"),
    character!("director", "hospital", "Matthias Kern", "Hospital director", Executive @ "hospital"),
    character!("hospital_iso", "hospital", "Svenja Arndt", "Hospital information security officer", Officer @ "hospital"),
    character!("biomed", "hospital", "Radek Svoboda", "Head of medical technology", Owner @ "group"),
    character!("pharmacy", "hospital", "Lieselotte Graf", "Head pharmacist", Owner @ "group"),
    character!("acute", "acute", "Farida Haddad", "Head of emergency and intensive care", Owner @ "group"),
    character!("surgery", "surgery", "Jonas Weidlich", "Head of surgery", Owner @ "group"),
    character!("lab", "lab", "Oona Lindqvist", "Head of laboratory and imaging", Owner @ "group"),
    character!("brinkau", "brinkau", "Petra Halloran", "Head of the outpatient centre", Owner @ "group"),
    character!("president", "clinics", "Denise Calloway", "President", Executive @ "clinics"),
    character!("us_officer", "clinics", "Marcus Whitfield", "Security and privacy officer", Officer @ "clinics"),
    character!("north", "north", "Rosalind Pike", "Clinic manager", Owner @ "clinics"),
    character!("pine", "pine", "Emmett Dorsey", "Clinic manager", Owner @ "clinics"),
    character!("insurance", "insurer", "Elisabeth Rainer", "Managing director", Executive @ "insurer"),
    character!("ict_risk", "insurer", "Florian Pichler", "ICT risk manager", Officer @ "insurer"),
    character!("claims", "claims", "Katarina Novak", "Head of policies and claims", Owner @ "insurer"),
    character!("it", "it", "Bastian Krug", "Head of IT operations", Owner @ "group"),
    character!("infra", "it", "Mirela Ionescu", "Head of infrastructure", Owner @ "group"),
    character!("soc", "it", "Dagny Holm", "Head of security operations", Analyst @ "group", Owner @ "group"),
    character!("analyst", "it", "Ruben Achterberg", "Security analyst", Analyst @ "group"),
    character!("apps", "it", "Noah Castellan", "Head of applications", Owner @ "group"),
    character!("tester", "it", "Greta Lindholm", "Control tester", Tester @ "group"),
];

/// Mail address of a name: `Anna Berg` at `x.example` is `anna.berg@x.example`.
pub(super) fn email(name: &str, domain: &str) -> String {
    format!("{}@{domain}", name.to_lowercase().replace(' ', "."))
}

/// Makes units, cast and roles in the first two days. Returns the organisation itself.
pub(super) fn plan(plan: &mut Plan) -> Id {
    let start = plan.at(BEGIN, 7, 0);
    let system = Who::System("sample");
    plan.beside(start, system, beside::mark());
    let top = &UNITS[0];
    let root =
        plan.add(start, system, "unit", top.key, Id::NIL, sheet(top), "the sample organisation is made");
    let first = &CAST[0];
    let ciso = enter(plan, plan.at(BEGIN, 7, 5), system, first, root);
    let granted = plan.at(BEGIN, 7, 10);
    for role in [Role::Officer, Role::Administrator] {
        plan.grant(granted, system, ciso, first.name, role, root);
    }
    let ciso = Who::Person(ciso);
    for (minutes, unit) in (20..).step_by(5).zip(&UNITS[1..]) {
        let parent = plan.id(&format!("unit/{}", unit.parent));
        let at = plan.at(BEGIN, 7, minutes);
        // A unit is entered under the one above it, for which the officer answers.
        plan.add(at, ciso, "unit", unit.key, parent, sheet(unit).set("parent", parent), "");
    }
    let entered = plan.at(BEGIN, 9, 0);
    for character in &CAST[1..] {
        let unit = plan.id(&format!("unit/{}", character.unit));
        enter(plan, entered, ciso, character, unit);
    }
    for character in &CAST[1..] {
        let person = plan.id(&format!("person/{}", character.key));
        for (role, on) in character.roles {
            let on = plan.id(&format!("unit/{on}"));
            plan.grant(plan.at(BEGIN, 10, 0), ciso, person, character.name, *role, on);
        }
    }
    let (led, live) = (plan.at(BEGIN, 11, 0), plan.at(BEGIN, 11, 30));
    for unit in &UNITS {
        let (id, lead) = (plan.id(&format!("unit/{}", unit.key)), plan.id(&format!("person/{}", unit.lead)));
        plan.edit(led, ciso, "unit", id, Sheet::new().set("owner", lead), "");
    }
    for unit in &UNITS {
        let id = plan.id(&format!("unit/{}", unit.key));
        plan.step(live, ciso, "unit", id, "activate", "");
    }
    root
}

fn sheet(unit: &UnitPlan) -> Sheet {
    Sheet::named(unit.name)
        .set("kind", unit.kind)
        .set("country", unit.country)
        .set("time_zone", unit.zone)
        .set("currency", unit.currency)
        .set("purpose", unit.purpose)
}

fn enter(plan: &mut Plan, at: Moment, who: Who, character: &Character, unit: Id) -> Id {
    let domain = UNITS.iter().find(|u| u.key == character.unit).map_or(TARNWALD, |u| u.domain);
    let privileged = ["it", "infra", "soc", "apps"].contains(&character.key);
    let sheet = Sheet::named(character.name)
        .set("email", email(character.name, domain))
        .set("job_title", character.job)
        .set("employment", "employee")
        .set("privileged", privileged)
        .set("account_names", account(character.name));
    plan.add(at, who, "person", character.key, unit, sheet, "")
}

/// The name under which logs know a person: `Anna Berg` is `aberg`.
pub(super) fn account(name: &str) -> String {
    let lower = name.to_lowercase();
    let (first, last) = lower.split_once(' ').unwrap_or((&lower, ""));
    format!("{}{}", first.chars().next().unwrap_or('x'), last.replace(' ', ""))
}
