//! Teams, and the categories of data.

use super::organisation::BEGIN;
use super::people::Employee;
use super::plan::{Plan, Sheet};
use wardkeep_types::Id;

/// Key, unit, name, duty, lead, deputy, on call, purpose, unit whose people are its members and how many of them.
type TeamPlan = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    bool,
    &'static str,
    &'static str,
    usize,
);

#[rustfmt::skip] // one row a line
const TEAMS: [TeamPlan; 14] = [
    ("security", "group", "Information security", "security", "ciso", "deputy", false, "Sets the rules, advises, watches over risks and controls. Does not run systems.", "group", 2),
    ("soc", "it", "Security operations", "security", "soc", "analyst", true, "Looks at alerts, leads the technical part of incidents, hunts.", "it", 4),
    ("crisis", "group", "Crisis team", "crisis", "ceo", "director", true, "Decides when patients, members or the whole group are at stake.", "group", 4),
    ("privacy", "group", "Privacy and law", "legal", "dpo", "us_officer", false, "Judges whether data about people were touched and who must be told.", "group", 3),
    ("audit", "group", "Internal audit", "audit", "audit", "cfo", false, "Checks the others; owns nothing that it checks.", "group", 2),
    ("infra", "it", "Infrastructure", "operations", "infra", "it", true, "Data centre, virtual servers, storage, backup.", "it", 8),
    ("network", "it", "Networks", "operations", "infra", "it", true, "Switches, firewalls, wireless, remote access.", "it", 5),
    ("desk", "it", "Service desk", "operations", "it", "apps", false, "Workplaces, accounts, first help.", "it", 7),
    ("apps", "it", "Applications", "development", "apps", "it", true, "Builds and runs the portals and interfaces.", "it", 7),
    ("biomed", "hospital", "Medical technology", "operations", "biomed", "hospital_iso", true, "Buys, connects and maintains medical devices.", "hospital", 6),
    ("acute", "acute", "Emergency and intensive care", "business", "acute", "surgery", true, "Treats emergencies and the gravely ill.", "acute", 20),
    ("lab", "lab", "Laboratory and imaging", "business", "lab", "acute", true, "Reports findings to the wards.", "lab", 16),
    ("us_it", "clinics", "Clinic systems (US)", "operations", "us_officer", "north", false, "Looks after the systems of both clinics with Shared IT.", "clinics", 4),
    ("claims", "claims", "Claims", "business", "claims", "ict_risk", false, "Decides and pays claims.", "claims", 14),
];

/// Key, name, classification, personal, owner, days kept, legal basis, feeds outside AI, description, handling.
type DataPlan = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    i64,
    &'static str,
    bool,
    &'static str,
    &'static str,
);

#[rustfmt::skip] // one row a line
const DATA: [DataPlan; 8] = [
    ("treatment", "Treatment records", "secret", "special", "acute", 10_957, "Treatment contract; GDPR Art. 9(2)(h); HIPAA treatment", false, "Everything written down while a person is treated: history, findings, orders, letters.", "Only inside clinical systems. Printed only for the patient or another treating physician; shredded after use."),
    ("imaging", "Medical images", "secret", "special", "lab", 10_957, "Radiation protection law; GDPR Art. 9(2)(h)", false, "X-ray, CT, MRI and ultrasound with their reports.", "In the image archive only. Sent to other houses through the exchange platform, never by mail."),
    ("members", "Member and claims data", "confidential", "special", "claims", 3_653, "Insurance contract; GDPR Art. 9(2)(f)", false, "Policies, claims, invoices and medical questions of members.", "In the claims system. Letters leave through the print service; mail only encrypted."),
    ("billing", "Billing data", "confidential", "personal", "cfo", 3_653, "Tax and commercial law; HIPAA payment", false, "Invoices, codes and payments of patients and members.", "In finance and billing systems. Extracts are encrypted and deleted after 30 days."),
    ("staff", "Personnel data", "confidential", "personal", "dpo", 3_653, "Employment contract", false, "Contracts, pay, time, training and health checks of staff.", "In the personnel system. Health checks with the company doctor only."),
    ("security", "Security logs and secrets", "confidential", "personal", "soc", 400, "Legitimate interest, Art. 6(1)(f); house rules", false, "Logs, alerts, keys, passwords and network plans.", "Keys in the vault only. Logs for 13 months, read by security operations only."),
    ("internal", "Internal documents", "internal", "none", "it", 2_192, "House rules", true, "Instructions, plans, minutes and figures without names.", "On shared drives and the intranet. Not sent outside without asking."),
    ("public", "Published material", "public", "none", "ceo", 2_192, "House rules", true, "Web pages, brochures, press releases.", "Free to use once released."),
];

/// Makes the teams.
pub(super) fn teams(plan: &mut Plan, people: &[Employee]) {
    let ciso = plan.who("ciso");
    let (made, live) = (plan.at(BEGIN - 2, 8, 0), plan.at(BEGIN - 2, 9, 0));
    for (key, unit, name, duty, lead, deputy, on_call, purpose, from, count) in TEAMS {
        let unit_id = plan.id(&format!("unit/{unit}"));
        let (lead, deputy) = (plan.id(&format!("person/{lead}")), plan.id(&format!("person/{deputy}")));
        let crew: Vec<Id> = people.iter().filter(|e| e.unit == from && e.here).map(|e| e.id).collect();
        let first = plan.random.below(crew.len());
        let mut members: Vec<Id> = crew.iter().cycle().skip(first).take(count).copied().collect();
        // People who joined later than the team was made cannot be in it from the start.
        let known: Vec<Id> = members.drain(..).filter(|id| plan.was_there(*id, made)).collect();
        members = known;
        members.extend([lead, deputy]);
        let extension = plan.random.between(100, 999);
        let sheet = Sheet::named(name)
            .set("duty", duty)
            .set("purpose", purpose)
            .set("owner", lead)
            .set("deputy", deputy)
            .all("members", &members)
            .set("email", format!("{key}@tarnwald.example"))
            .set("phone", format!("+49 30 5550 0{extension}"))
            .set("on_call", on_call);
        plan.add(made, ciso, "team", key, unit_id, sheet, "");
    }
    for (key, ..) in TEAMS {
        let id = plan.id(&format!("team/{key}"));
        plan.step(live, ciso, "team", id, "start", "");
    }
}

/// Makes the categories of data; each comes into force when the executive agrees, and is reviewed within the year.
pub(super) fn data(plan: &mut Plan) {
    let (ciso, ceo) = (plan.who("ciso"), plan.who("ceo"));
    let root = plan.id("unit/group");
    let made = plan.at(BEGIN - 3, 9, 0);
    for (index, (key, name, classification, personal, owner, kept, basis, ai, description, handling)) in
        DATA.into_iter().enumerate()
    {
        let owner = plan.id(&format!("person/{owner}"));
        let sheet = Sheet::named(name)
            .set("description", description)
            .set("classification", classification)
            .set("personal", personal)
            .set("owner", owner)
            .set("handling", handling)
            .set("encrypted_at_rest", classification != "public")
            .set("encrypted_in_transit", classification != "public")
            .set("may_feed_outside_ai", ai)
            .set("kept_for", format!("{kept}d"))
            .set("legal_basis", basis)
            .set("review_on", plan.day(150 - index as i64 * 20));
        let id = plan.add(made, ciso, "data_category", key, root, sheet, "");
        let agreed = plan.after(made, 9);
        plan.step(agreed, ceo, "data_category", id, "put_in_force", "agreed in the management meeting");
        // One review is overdue at the end of the year.
        let reviewed = plan.work(152 - index as i64 * 20);
        if key != "security" {
            let next = Sheet::new().set("review_on", reviewed.date().plus_days(365));
            plan.edit(reviewed, ciso, "data_category", id, next, "yearly review");
            let done = plan.after(reviewed, 0);
            plan.step(done, ciso, "data_category", id, "review", "");
        }
    }
}
