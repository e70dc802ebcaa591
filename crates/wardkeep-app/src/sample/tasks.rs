//! Recurring work of a year, done in time, late or not at all, and single tasks that are open now.

use super::plan::{Plan, Sheet, Who};

/// Name, kind, owner, unit, controls, every so many days, how it is done, what comes of it.
type Chore =
    (&'static str, &'static str, &'static str, &'static str, &'static str, i64, &'static str, &'static str);

#[rustfmt::skip] // one row a line
const CHORES: [Chore; 12] = [
    ("Review of administrator accounts", "access_review", "infra", "it", "privileged-access", 30, "List all accounts with administrator rights, ask each holder's lead, close what is not needed.", "Two accounts closed, the others confirmed."),
    ("Restore test", "evidence_collection", "infra", "it", "backup-restore", 91, "Restore one critical server into the test network and measure the time.", "Restored within the planned time; log attached."),
    ("Look at failed backups", "work", "infra", "it", "backup-restore", 30, "Mend what failed, note why.", "Three failed runs repeated."),
    ("Scan report with the owners", "review", "soc", "it", "vulnerability-scanning vulnerability-fixing", 30, "Go through the newest scan with infrastructure, applications and medical technology.", "Dates agreed for all critical weaknesses."),
    ("Access review of the patient record", "access_review", "apps", "hospital", "joiners-leavers", 91, "Compare accounts with the personnel list; ask wards about the rest.", "14 accounts closed."),
    ("Access review of the clinic record", "access_review", "us_officer", "clinics", "joiners-leavers", 91, "Compare accounts with the payroll list.", "3 accounts closed."),
    ("Test mail to all staff", "work", "deputy", "group", "phishing-reporting awareness-training", 30, "One test mail in two languages; no names in the report.", "Figures sent to the leads."),
    ("Firewall rules with the owners", "review", "infra", "it", "network-exposure", 91, "Every rule from outside has an owner and a reason, or it goes.", "Eleven rules removed."),
    ("Log sources that fell silent", "work", "soc", "it", "log-coverage", 30, "Ask the owner, mend or retire the source.", "All sources heard again."),
    ("Controls of the quarter", "review", "ciso", "group", "control-oversight", 91, "State, evidence and reviews of all controls for the management.", "Paper handed to the management."),
    ("Suppliers whose report has run out", "review", "deputy", "group", "supplier-reviews", 91, "Ask for new reports, note what they say about us.", "Four reports asked for, three came."),
    ("Claims system: accounts of brokers", "access_review", "claims", "claims", "joiners-leavers", 91, "Close accounts of brokers who left.", "Six accounts closed."),
];

/// Name, kind, owner, unit, priority, days until due, stage now, how.
type Single =
    (&'static str, &'static str, &'static str, &'static str, &'static str, i64, &'static str, &'static str);

#[rustfmt::skip] // one row a line
const SINGLES: [Single; 20] = [
    ("Move PACS server 3 to the new storage", "work", "lab", "lab", "high", 12, "doing", "Agree a night with radiology; keep the old storage for a week."),
    ("Second factor for the last nine accounts", "corrective_action", "infra", "it", "critical", 9, "doing", "Physicians on call: hand out tokens."),
    ("Replace Windows Server 2016 at intensive care", "corrective_action", "biomed", "hospital", "critical", -6, "blocked", "The maker must release its central station for the new system."),
    ("Sign the data processing agreement with the chat supplier", "work", "ict_risk", "insurer", "medium", 20, "to_do", "Draft is with the supplier."),
    ("Close the public test bucket", "corrective_action", "apps", "it", "high", -3, "to_do", "Found by the nightly check."),
    ("Train the crisis team on reporting deadlines", "training", "deputy", "group", "medium", 33, "to_do", "Two hours, with the hospital's case."),
    ("Exit plan for the claims system: try the export", "work", "ict_risk", "insurer", "high", 47, "to_do", "Export in the open format, load it into a test database."),
    ("Network plan of the clinics", "work", "us_officer", "clinics", "medium", 25, "doing", "Draw what is there, mark what reaches the internet."),
    ("Yearly risk analysis for HIPAA", "review", "us_officer", "clinics", "high", 61, "to_do", "From the risk register; sign with the president."),
    ("Renew the certificate of the video gateway", "work", "pine", "pine", "high", 5, "to_do", "Ends next week."),
    ("Inventory of printers with hard disks", "work", "it", "it", "low", -14, "to_do", "For the lease return."),
    ("Emergency accounts: change passwords in the envelopes", "work", "infra", "it", "high", 14, "to_do", "All wards, two people."),
    ("Describe the interface of the sepsis warning", "work", "biomed", "hospital", "low", 70, "to_do", "For the list of AI systems."),
    ("Ask Keystile for its new audit report", "review", "deputy", "group", "medium", 7, "doing", "Ran out this month."),
    ("Log forwarding of eleven claims servers", "corrective_action", "soc", "it", "high", 31, "blocked", "Waits for the supplier's upgrade."),
    ("Guideline for AI services: collect comments", "review", "dpo", "group", "medium", 10, "doing", "From wards, claims and works council."),
    ("Delete extracts older than 30 days", "work", "cfo", "group", "medium", 2, "to_do", "Finance share."),
    ("Separate the door cameras from the ward network", "corrective_action", "biomed", "hospital", "medium", 40, "to_do", "With the network team."),
    ("Fire drill in data room A", "work", "infra", "it", "low", 55, "to_do", "With the fire brigade."),
    ("Check tablets returned from Brinkau", "work", "brinkau", "brinkau", "low", -1, "doing", "Wipe and note serial numbers."),
];

/// Makes both sorts.
pub(super) fn plan(plan: &mut Plan) {
    let mut number = 0;
    for chore in &CHORES {
        let (.., every, _, _) = *chore;
        let mut days = 348 - (number * 5) % every;
        while days > -every / 2 {
            recurring(plan, chore, days, number);
            days -= every;
            number += 1;
        }
    }
    for (index, single) in SINGLES.iter().enumerate() {
        one(plan, single, index);
    }
}

/// The officer who gives out work in a unit.
fn officer(plan: &mut Plan, unit: &str) -> Who {
    plan.who(match unit {
        "clinics" | "pine" | "north" => "us_officer",
        "insurer" | "claims" => "ict_risk",
        _ => "ciso",
    })
}

/// Who does it: people with a role may change their own tasks, for others an officer notes it.
fn doer(plan: &mut Plan, owner: &str, unit: &str) -> Who {
    if owner == "cfo" { officer(plan, unit) } else { plan.who(owner) }
}

fn recurring(plan: &mut Plan, chore: &Chore, due: i64, number: i64) {
    let (name, kind, owner, unit, controls, every, how, outcome) = *chore;
    let (unit_id, owner_id) = (plan.id(&format!("unit/{unit}")), plan.id(&format!("person/{owner}")));
    let (officer, doer) = (officer(plan, unit), doer(plan, owner, unit));
    let controls = plan.ids("control", controls);
    let month = if every == 30 {
        plan.day(due).to_string()[..7].to_owned()
    } else {
        quarter(&plan.day(due).to_string())
    };
    let made = plan.work((due + 21).clamp(2, 351));
    let sheet = Sheet::named(format!("{name} {month}"))
        .set("details", how)
        .set("kind", kind)
        .set("owner", owner_id)
        .set("priority", if every == 30 { "medium" } else { "high" })
        .set("due", plan.day(due))
        .set("anchor", "fixed")
        .set("lead_time", "7d")
        .all("controls", &controls);
    let id = plan.add(made, officer, "task", &format!("chore-{number}"), unit_id, sheet, "");
    // The first half of the year was worse than the second.
    let (late, never) = if due > 180 { (22, 8) } else { (9, 2) };
    let draw = plan.random.below(100);
    if draw < never {
        plan.step(plan.at(due - 8, 6, 0), Who::System("tasks"), "task", id, "miss", "");
        return;
    }
    let delay = if draw < never + late { plan.random.between(2, 19) } else { -plan.random.between(1, 6) };
    let done = plan.work(due - delay);
    if due - delay < 1 || done <= made {
        return;
    }
    let noted = Sheet::new().set("outcome", outcome);
    plan.edit(done, doer, "task", id, noted, "");
    finish(plan, done, doer, id);
}

/// Finishing a task, and the day on which it was done.
fn finish(plan: &mut Plan, at: wardkeep_types::Moment, who: Who, id: wardkeep_types::Id) {
    let finished = plan.after(at, 0);
    plan.step(finished, who, "task", id, "finish", "");
    plan.edit(
        finished.plus_seconds(1),
        Who::System("tasks"),
        "task",
        id,
        Sheet::new().set("done_at", finished),
        "",
    );
}

fn quarter(day: &str) -> String {
    let month: u32 = day[5..7].parse().unwrap_or(1);
    format!("{} Q{}", &day[..4], month.div_ceil(3))
}

fn one(plan: &mut Plan, single: &Single, index: usize) {
    let (name, kind, owner, unit, priority, due, stage, how) = *single;
    let (unit_id, owner_id) = (plan.id(&format!("unit/{unit}")), plan.id(&format!("person/{owner}")));
    let (officer, doer) = (officer(plan, unit), doer(plan, owner, unit));
    let made = plan.work(20 + (index as i64 * 3) % 40);
    let sheet = Sheet::named(name)
        .set("details", how)
        .set("kind", kind)
        .set("owner", owner_id)
        .set("priority", priority)
        .set("due", plan.day(-due))
        .set("anchor", "fixed");
    let id = plan.add(made, officer, "task", &format!("single-{index}"), unit_id, sheet, "");
    let begun = plan.after(made, 5);
    match stage {
        "doing" => plan.step(begun, doer, "task", id, "start", ""),
        "blocked" => plan.step(begun, doer, "task", id, "block", how),
        _ => {}
    }
}
