//! Thirty risks with estimates in the currency of their unit.

use super::organisation::BEGIN;
use super::plan::{Plan, Sheet, Who};

/// What became of a risk.
#[derive(Clone, Copy, PartialEq)]
enum Fate {
    /// Written down, not yet estimated.
    Draft,
    /// Estimated.
    Assessed,
    /// Being reduced; after months of work it is estimated anew.
    Treating,
    /// Accepted; the days until the acceptance ends.
    Accepted(i64),
    /// No longer there.
    Closed,
}

use Fate::{Accepted, Assessed, Closed, Draft, Treating};

struct RiskPlan {
    key: &'static str,
    unit: &'static str,
    owner: &'static str,
    name: &'static str,
    source: &'static str,
    services: &'static str,
    /// Times a year: low, likely, high.
    times: &'static str,
    /// Thousands of the unit's currency each time.
    loss: [i64; 3],
    treatment: &'static str,
    fate: Fate,
    story: &'static str,
    plan: &'static str,
}

macro_rules! risk {
    ($key:literal $unit:literal $owner:literal, $name:literal, $source:literal, $services:literal, $times:literal x [$low:literal, $likely:literal, $high:literal], $treatment:literal -> $fate:expr, $story:literal, $plan:literal) => {
        RiskPlan {
            key: $key,
            unit: $unit,
            owner: $owner,
            name: $name,
            source: $source,
            services: $services,
            times: $times,
            loss: [$low, $likely, $high],
            treatment: $treatment,
            fate: $fate,
            story: $story,
            plan: $plan,
        }
    };
}

const RISKS: [RiskPlan; 30] = [
    risk!("ransom" "hospital" "it", "Ransomware stops the hospital", "attack", "ehr emergency hosting", "0.05|0.15|0.4" x [900, 4200, 21000], "reduce" -> Treating, "An attacker gets in by mail or a stolen account and locks servers; the hospital works on paper for days.", "Second factor everywhere, unchangeable backup, restore drills, fewer administrators."),
    risk!("ransom_us" "clinics" "us_officer", "Ransomware stops the clinics", "attack", "us_ehr us_billing", "0.05|0.12|0.3" x [150, 700, 3900], "reduce" -> Treating, "As at the hospital; the clinic record is with a provider, files and billing are not.", "Move files into the provider's storage; separate administrator accounts."),
    risk!("bec" "insurer" "insurance", "Changed bank details in a payment", "attack", "payout", "0.1|0.4|1.5" x [8, 45, 320], "reduce" -> Treating, "A mail that looks like a member's asks for another account; a payment goes astray.", "Call back on the known number; second person above 2,000 EUR."),
    risk!("ehr_down" "hospital" "apps", "The patient record stands still for a day", "failure", "ehr emergency theatre", "0.1|0.3|0.8" x [120, 480, 1900], "reduce" -> Treating, "Storage, database or an update fails; the read-only copy bridges hours, not a day.", "Restore within four hours; updates first on the copy."),
    risk!("power" "it" "infra", "Both data rooms lose power", "environment", "hosting network", "0.005|0.02|0.06" x [400, 1800, 9000], "accept" -> Accepted(140), "A long blackout outlasts the generators.", "Generators for 48 hours; fuel contract. The rest is accepted."),
    risk!("devices" "hospital" "biomed", "A medical device is manipulated or falls ill with the network", "attack", "icu theatre imaging", "0.01|0.05|0.2" x [60, 900, 12000], "reduce" -> Treating, "Old systems in devices cannot be mended; one worm reaches many.", "A network of their own; contracts that name security updates."),
    risk!("insider" "hospital" "dpo", "Staff look at records out of curiosity", "error", "ehr", "2|6|15" x [2, 9, 60], "reduce" -> Assessed, "Colleagues, neighbours, people in the news.", "Monthly look at unusual access."),
    risk!("misdirect" "claims" "claims", "Letters or mails reach the wrong member", "error", "claims policies", "12|30|70" x [1, 2, 15], "reduce" -> Treating, "Wrong envelope, wrong attachment, old address.", "Address check in the system; delay of a minute before sending."),
    risk!("lost" "brinkau" "brinkau", "A laptop or tablet is lost", "error", "desk outpatient", "1|3|7" x [1, 3, 25], "reduce" -> Accepted(210), "Left in a train or stolen from a car.", "Encrypted disks, remote wipe."),
    risk!("cloud_open" "it" "apps", "Storage in the cloud is open to everybody", "error", "portal members", "0.1|0.3|1" x [20, 260, 2600], "reduce" -> Treating, "A setting for a test stays after it.", "Settings are checked every night; new accounts are closed by default."),
    risk!("portal" "hospital" "apps", "Attack on the patient portal", "attack", "portal", "0.2|0.6|1.6" x [12, 110, 1500], "reduce" -> Treating, "A flaw in the application lets others read results.", "Test twice a year; filter in front; updates within days."),
    risk!("members_portal" "claims" "apps", "Attack on the member portal", "attack", "members", "0.2|0.5|1.3" x [10, 90, 1100], "reduce" -> Assessed, "As with the patient portal.", "The same team, the same tests."),
    risk!("ehr_supplier" "hospital" "apps", "The maker of the patient record fails or is attacked", "supplier", "ehr", "0.02|0.06|0.15" x [300, 2100, 11000], "reduce" -> Assessed, "No updates, or updates one must not trust.", "Exit plan; code in escrow."),
    risk!("us_cloud" "clinics" "us_officer", "The clinic record's provider stands still for days", "supplier", "us_ehr us_appointments", "0.1|0.25|0.6" x [40, 180, 900], "share" -> Treating, "As other providers have shown.", "Insurance; printed lists; contract with a penalty."),
    risk!("identity_down" "it" "infra", "Nobody can sign in", "supplier", "identity", "0.2|0.5|1.2" x [15, 90, 520], "reduce" -> Assessed, "The directory service fails.", "Emergency accounts on every ward."),
    risk!("admin" "it" "infra", "An administrator's account is taken over", "attack", "identity hosting", "0.03|0.1|0.3" x [200, 1500, 14000], "reduce" -> Treating, "One account opens everything.", "Separate laptops, short-lived rights."),
    risk!("nis2" "hospital" "director", "An incident is reported late", "obligation", "ehr", "0.1|0.3|0.8" x [5, 60, 2000], "reduce" -> Treating, "24 hours are short when nobody knows who decides.", "Clock and draft in one place; drill twice a year."),
    risk!("hipaa_fine" "clinics" "us_officer", "Audit finds gaps in the clinics' risk analysis", "obligation", "us_ehr", "0.03|0.1|0.25" x [50, 240, 1600], "reduce" -> Treating, "Usual first question of an audit.", "Yearly analysis with this register."),
    risk!("dora_exit" "insurer" "ict_risk", "No way out of the claims system", "supplier", "claims policies", "0.02|0.05|0.12" x [500, 1900, 6000], "reduce" -> Assessed, "The supplier raises prices or is sold.", "Export in an open format; tested once a year."),
    risk!("fraud" "claims" "claims", "Invented invoices", "attack", "claims payout", "4|12|30" x [1, 4, 40], "reduce" -> Accepted(30), "Pictures of invoices are easy to make.", "Check by model and by hand above 500 EUR."),
    risk!("ai_letters" "hospital" "dpo", "The language model writes something wrong into a letter", "error", "ehr", "1|5|20" x [1, 8, 300], "reduce" -> Treating, "Dictation turns into text that reads well and is false.", "The physician signs each letter; samples every month."),
    risk!("fire" "it" "infra", "Fire in data room A", "environment", "hosting backup", "0.002|0.01|0.03" x [700, 2600, 8000], "share" -> Accepted(-12), "Room B carries the clinical servers only.", "Insurance; early smoke detection."),
    risk!("staff" "it" "it", "Too few people for operations at night", "failure", "monitoring hosting", "2|5|12" x [2, 11, 90], "reduce" -> Assessed, "Illness and holidays meet.", "Provider takes over at night."),
    risk!("ddos" "it" "infra", "Lines are flooded", "attack", "portal members network", "0.3|0.8|2" x [3, 22, 150], "share" -> Accepted(95), "Portals cannot be reached for hours.", "The carrier filters."),
    risk!("paper" "hospital" "cfo", "Old paper records are lost", "failure", "finance", "0.02|0.05|0.2" x [10, 60, 400], "avoid" -> Closed, "A hall of a supplier in a flood plain.", "Records were moved."),
    risk!("usb" "lab" "lab", "Harmful program by USB stick", "attack", "lab imaging", "0.2|0.5|1.5" x [3, 25, 400], "avoid" -> Closed, "Pictures on sticks from other houses.", "Reading station apart from the network."),
    risk!("tele" "pine" "pine", "A stranger joins a video visit", "error", "telehealth", "0.5|2|5" x [1, 3, 30], "reduce" -> Treating, "Links are passed on.", "Waiting room; links that end."),
    risk!("quantum" "it" "ciso", "Recorded data are decrypted later", "attack", "network backup", "0.001|0.01|0.05" x [500, 3000, 15000], "undecided" -> Draft, "Long-lived health data meet new computers.", ""),
    risk!("merger" "group" "ceo", "A clinic is bought with unknown systems", "obligation", "us_ehr", "0.2|0.5|1" x [20, 120, 900], "undecided" -> Draft, "Two offers are on the table.", ""),
    risk!("ai_act" "lab" "dpo", "Fracture detection counts as high-risk AI", "obligation", "imaging", "0.2|0.5|1" x [10, 80, 700], "undecided" -> Assessed, "Duties of the AI Act for those who use it.", "To be clarified with the maker."),
];

/// Writes them down and treats them through the year.
pub(super) fn plan(plan: &mut Plan) {
    for (index, risk) in RISKS.iter().enumerate() {
        one(plan, index as i64, risk);
    }
}

fn one(plan: &mut Plan, index: i64, risk: &RiskPlan) {
    let (officer, second) = match risk.unit {
        "clinics" | "pine" => ("us_officer", "president"),
        "insurer" | "claims" => ("ict_risk", "insurance"),
        _ => ("ciso", "ceo"),
    };
    let (officer, second) = (plan.who(officer), plan.who(second));
    let currency = if matches!(risk.unit, "clinics" | "pine") { "USD" } else { "EUR" };
    let (unit, owner) = (plan.id(&format!("unit/{}", risk.unit)), plan.id(&format!("person/{}", risk.owner)));
    let services = plan.ids("service", risk.services);
    let young = matches!(risk.fate, Draft) || risk.key == "ai_act";
    let begun = if young { 25 + index } else { BEGIN - 18 - (index % 9) * 5 };
    let made = plan.work(begun);
    let sheet = Sheet::named(risk.name)
        .set("description", risk.story)
        .set("owner", owner)
        .set("source", risk.source)
        .all("affects", &[unit])
        .all("services", &services)
        .set("treatment", "undecided")
        .set("review_on", made.date().plus_days(120));
    let id = plan.add(
        made,
        officer,
        "risk",
        risk.key,
        unit,
        sheet,
        if young { "" } else { "from the first risk workshop" },
    );
    if risk.fate == Draft {
        return;
    }
    let estimated = plan.after(made, 8);
    plan.edit(
        estimated,
        officer,
        "risk",
        id,
        estimate(risk.times, risk.loss, currency),
        "estimated with the owner and two colleagues",
    );
    let assessed = plan.after(estimated, 0);
    plan.step(assessed, officer, "risk", id, "assess", "");
    let decided = plan.after(assessed, 20);
    let choice = Sheet::new().set("treatment", risk.treatment).set("treatment_plan", risk.plan);
    if risk.treatment != "undecided" {
        plan.edit(decided, officer, "risk", id, choice, "");
        let chosen = decided.plus_seconds(600);
        plan.step(chosen, officer, "risk", id, "choose", "");
    }
    match risk.fate {
        Draft | Assessed => {}
        Treating => {
            let begun = plan.after(decided, 3);
            plan.step(begun, officer, "risk", id, "treat", "");
            // Half a year later the work shows.
            let again = plan.after(begun, 150 + (index * 7) % 60);
            let better = estimate(&rarer(risk.times), risk.loss.map(|l| (l * 8 / 10).max(1)), currency);
            plan.edit(again, officer, "risk", id, better, "estimated anew after the first measures");
        }
        Accepted(days) => {
            let until = plan.day(-days);
            // An acceptance holds for a year at most.
            let asked = plan.work((345 - days).clamp(40, 300));
            plan.edit(asked, officer, "risk", id, Sheet::new().set("accepted_until", until), "");
            let agreed = plan.after(asked, 4);
            plan.step(agreed, second, "risk", id, "accept", "what is left lies within our appetite");
        }
        Closed => {
            let treated = plan.after(decided, 3);
            plan.step(treated, officer, "risk", id, "treat", "");
            let gone = plan.after(treated, 120);
            plan.step(gone, officer, "risk", id, "close", "the cause is gone");
        }
    }
    reviews(plan, index, id, officer, risk.fate);
}

/// A look every four months; the latest of every sixth was forgotten.
fn reviews(plan: &mut Plan, index: i64, id: wardkeep_types::Id, officer: Who, fate: Fate) {
    let closed = matches!(fate, Closed);
    for days in [230, 118, 14] {
        let forgotten = days == 14 && index % 6 == 2;
        if closed && days < 200 || forgotten {
            continue;
        }
        let at = plan.work(days - index % 9);
        let next = at.date().plus_days(if days == 118 && index % 6 == 2 { 90 } else { 120 });
        if plan.was_there(id, plan.at(days + 20, 0, 0)) {
            plan.edit(
                at,
                officer,
                "risk",
                id,
                Sheet::new().set("review_on", next),
                "looked at with its owner",
            );
        }
    }
}

fn estimate(times: &str, loss: [i64; 3], currency: &str) -> Sheet {
    let [low, likely, high] = loss.map(|thousand| format!("{} {currency}", thousand * 1_000));
    Sheet::new().set("frequency", times).set("loss", format!("{low}|{likely}|{high}"))
}

/// About a third fewer times.
fn rarer(times: &str) -> String {
    let part = |t: &str| t.parse::<f64>().map_or_else(|_| t.to_owned(), |n| format!("{:.3}", n * 0.65));
    times.split('|').map(part).collect::<Vec<_>>().join("|")
}
