//! The records of the estate: entered in waves, confirmed by those who know, phased out, retired.

use super::estate::{Thing, estate};
use super::organisation::BEGIN;
use super::plan::{Plan, Sheet, Who};
use super::services::{RAISED, key};
use wardkeep_registers::choices::Level;
use wardkeep_types::Id;

/// An asset with its record.
pub(super) struct Held {
    pub id: Id,
    pub thing: Thing,
}

/// Makes all 600.
pub(super) fn plan(plan: &mut Plan) -> Vec<Held> {
    let mut all = Vec::new();
    for (index, thing) in estate().into_iter().enumerate() {
        let id = one(plan, index, &thing);
        all.push(Held { id, thing });
    }
    reweigh(plan, &all);
    parts(plan, &all);
    all
}

fn one(plan: &mut Plan, index: usize, thing: &Thing) -> Id {
    // Sorts of things came in one after the other; some turned up later, in a scan.
    let wave = match (thing.kind, thing.system) {
        ("device", _) => BEGIN - 46,
        (_, super::estate::System::Workplace) => BEGIN - 62,
        ("software" | "ai_system", _) => BEGIN - 24,
        _ => BEGIN - 9,
    };
    let found = thing.host.is_some() && index % 12 == 7;
    let system = Who::System("scan import");
    let officer = if thing.unit == "clinics" { plan.who("us_officer") } else { plan.who("deputy") };
    let unit = plan.id(&format!("unit/{}", thing.unit));
    let owner = plan.id(&format!("person/{}", thing.owner));
    let services = plan.ids("service", thing.services);
    let data = plan.ids("data_category", thing.data);
    let level = key(thing.level().unwrap_or(Level::Low));
    let mut sheet = Sheet::named(&thing.name)
        .set("kind", thing.kind)
        .set("environment", thing.environment)
        .set("exposure", thing.exposure)
        .set(
            "confidentiality",
            if thing.data.contains("treatment") || thing.data.contains("imaging") {
                "critical"
            } else if thing.data.is_empty() {
                "medium"
            } else {
                "high"
            },
        )
        .set("integrity", level)
        .set("availability", level)
        .set("product", &thing.product)
        .set("hostnames", thing.host.as_ref().map_or(String::new(), |h| format!("{h}\n{}", thing.short())))
        .set("addresses", thing.address.clone().unwrap_or_default())
        .set("serial_number", thing.serial.clone().unwrap_or_default())
        .set("cloud_id", thing.cloud_id.clone().unwrap_or_default())
        .set("software_id", thing.software_id.clone().unwrap_or_default());
    if matches!(thing.kind, "cloud_account" | "software") {
        sheet = sheet.set("aliases", &thing.key);
    }
    if let Some(days) = thing.supported {
        sheet = sheet.set("end_of_support", plan.day(-days));
    }
    if !thing.supplier.is_empty() {
        let supplier = plan.id(&format!("supplier/{}", thing.supplier));
        if plan.was_there(supplier, plan.at(wave, 0, 0)) {
            sheet = sheet.set("supplier", supplier);
        }
    }
    let known = Sheet::new().set("owner", owner).all("supports", &services).all("data", &data);
    if found {
        // The scan knows name and address; an officer adds the rest, and the owner confirms.
        let day = plan.random.between(2, 300);
        let id = plan.add(
            plan.at(day, 4, 30),
            system,
            "asset",
            &thing.key,
            unit,
            sheet,
            "answered in the weekly scan",
        );
        if day > 12 {
            let told = plan.work(day - 3);
            plan.edit(told, officer, "asset", id, known, "owner and purpose asked for");
            weigh(plan, told, id, thing);
            let confirmed = plan.after(told, 2);
            plan.step(confirmed, officer, "asset", id, "confirm", "");
        }
        return id;
    }
    let at = plan.at(wave, 10, 0);
    let all = sheet.and(known);
    let id = plan.add(at, officer, "asset", &thing.key, unit, all, "taken over from the inventory lists");
    weigh(plan, plan.at(wave, 10, 20), id, thing);
    plan.step(plan.at(wave - 1, 9, 0), officer, "asset", id, "confirm", "");
    if thing.supported.is_some_and(|days| days < 0) {
        retire(plan, officer, id, thing, index);
    }
    id
}

/// Criticality follows from the services, as they were weighed at that time.
fn weigh(plan: &mut Plan, at: wardkeep_types::Moment, id: Id, thing: &Thing) {
    let mut level = None;
    for name in thing.services.split_whitespace() {
        let raised = RAISED.iter().find(|(key, _, days)| *key == name && plan.at(*days, 23, 0) > at);
        let now = super::services::SERVICES.iter().find(|s| s.key == name).map(|s| s.level);
        level = level.max(raised.map(|(_, before, _)| *before).or(now));
    }
    if let Some(level) = level {
        let at = at.date().start().plus_seconds(20 * 3_600);
        plan.edit(
            at,
            Who::System("criticality"),
            "asset",
            id,
            Sheet::new().set("criticality", key(level)),
            "",
        );
    }
}

/// After a service was weighed anew, its assets follow on the same evening.
fn reweigh(plan: &mut Plan, all: &[Held]) {
    for (name, _, days) in RAISED {
        for held in all.iter().filter(|h| h.thing.services.split_whitespace().any(|s| s == name)) {
            let at = plan.at(days - 3, 23, 30);
            if plan.was_there(held.id, plan.at(days + 9, 0, 0)) && held.thing.level().is_some() {
                weigh(plan, at, held.id, &held.thing);
            }
        }
    }
}

/// What its maker no longer mends: most is on its way out, some is gone, some was forgotten.
fn retire(plan: &mut Plan, officer: Who, id: Id, thing: &Thing, index: usize) {
    if index % 4 == 1 {
        return;
    }
    let out = plan.random.between(60, 200);
    let at = plan.work(out);
    plan.step(at, officer, "asset", id, "phase_out", "its maker stops mending it");
    if index.is_multiple_of(2) {
        let gone = plan.after(at, 30);
        plan.edit(gone, officer, "asset", id, Sheet::new().set("supports", ""), "its work was moved");
        let done = plan.after(gone, 2);
        plan.step(
            done,
            officer,
            "asset",
            id,
            "retire",
            if thing.kind == "hardware" { "wiped and handed to the recycler" } else { "switched off" },
        );
    }
}

/// Virtual servers stand on virtualisation hosts, data sets on databases.
fn parts(plan: &mut Plan, all: &[Held]) {
    let officer = plan.who("deputy");
    let at = plan.at(BEGIN - 12, 15, 0);
    let hosts: Vec<Id> = all
        .iter()
        .filter(|h| h.thing.key.starts_with("hv") && plan.was_there(h.id, at))
        .map(|h| h.id)
        .collect();
    let virtual_ones =
        ["ehr", "lab-", "hl7", "portal", "claims-", "log", "git", "ci0", "test", "dev", "intra", "idp"];
    for (index, held) in all.iter().enumerate() {
        let fits = held.thing.host.is_some() && virtual_ones.iter().any(|p| held.thing.key.starts_with(p));
        if fits && plan.was_there(held.id, at) && !hosts.is_empty() {
            let host = hosts[index % hosts.len()];
            plan.edit(
                at,
                officer,
                "asset",
                held.id,
                Sheet::new().set("part_of", host),
                "from the list of virtual servers",
            );
        }
    }
}
