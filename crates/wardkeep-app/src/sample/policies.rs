//! Policies from draft to print, with one version after the other, and the objectives they serve.

use super::organisation::BEGIN;
use super::plan::{Plan, Sheet, Who};

/// Key, title, kind, version, owner, for everybody, audience, days ago of coming into force (0: not yet), days until
/// the next review, what it asks.
type PolicyPlan = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    bool,
    &'static str,
    i64,
    i64,
    &'static str,
);

#[rustfmt::skip] // one row a line
const POLICIES: [PolicyPlan; 13] = [
    ("security-1", "Information security policy", "policy", "1.4", "ciso", true, "", 345, -1, "Security serves patients and members. The management answers for it; everybody takes part."),
    ("security", "Information security policy", "policy", "2.0", "ciso", true, "", 120, 245, "Security serves patients and members. New: duties of the management under NIS2, and one page for suppliers."),
    ("acceptable", "Use of devices and accounts", "policy", "1.2", "deputy", true, "", 338, 40, "Devices and accounts are for work, are locked when left, and are never shared."),
    ("access", "Access and accounts", "standard", "1.1", "it", false, "desk infra", 330, 22, "Everybody has what their work needs and no more; administrators have a second account."),
    ("passwords", "Passwords and second factors", "standard", "2.1", "it", true, "", 300, 70, "Long passwords, no forced changes, a second factor wherever an outsider could try."),
    ("backup", "Backup and restore", "standard", "1.0", "infra", false, "infra", 325, 15, "Every server is copied daily; one copy cannot be changed; restores are tried each quarter."),
    ("logging", "Logging", "standard", "1.0", "soc", false, "soc infra apps", 260, 100, "What is logged, how long it is kept and who may read it."),
    ("patching", "Mending weaknesses", "standard", "1.3", "infra", false, "infra apps biomed", 310, -18, "Critical weaknesses within 14 days, exploited ones within 3."),
    ("incident", "Handling of incidents", "procedure", "2.2", "soc", true, "", 315, 55, "Whom to call, who decides, who tells the authorities."),
    ("supplier", "Security of suppliers", "policy", "1.1", "deputy", false, "security us_it", 280, 90, "Suppliers are weighed before they start and looked at every year."),
    ("devices", "Medical devices on the network", "standard", "0.9", "biomed", false, "biomed network", 95, 270, "Devices get a network of their own, a named contact and a plan for their end."),
    ("ai", "Use of AI services", "guideline", "0.3", "dpo", true, "", 0, 0, "Which data may be given to which AI service, and how its answers are checked."),
    ("remote", "Working from home and abroad", "policy", "1.0", "hospital_iso", true, "", 0, 0, "Only with our devices, through the remote access gateway, and never on shared computers."),
];

/// Writes them.
pub(super) fn plan(plan: &mut Plan) {
    let (ciso, ceo, root) = (plan.who("ciso"), plan.who("ceo"), plan.id("unit/group"));
    for (key, name, kind, edition, owner, everybody, audience, force, review, asks) in POLICIES {
        let begun = if force > 0 { (force + 34).min(BEGIN - 12) } else { 38 };
        let made = plan.work(begun);
        let (owner, audience) = (plan.id(&format!("person/{owner}")), plan.ids("team", audience));
        let frameworks = plan.ids("framework", "iso27001 nis2 hipaa dora");
        let mut sheet = Sheet::named(name)
            .set("kind", kind)
            .set("edition", edition)
            .set("owner", owner)
            .set("summary", asks)
            .set("body", body(name, asks))
            .set("classification", "internal")
            .set("for_everybody", everybody)
            .all("audience", &audience)
            .set("needs_confirmation", everybody)
            .all("frameworks", &frameworks)
            .set("review_every", "365d");
        if key == "security" {
            let earlier = plan.id("policy/security-1");
            sheet = sheet
                .set("replaces", earlier)
                .set("change_note", "Duties of the management; one page for suppliers.");
        }
        let id = plan.add(made, ciso, "policy", key, root, sheet, "");
        if key == "ai" {
            continue;
        }
        let mut handed = plan.after(made, 5);
        plan.step(handed, ciso, "policy", id, "submit", "");
        if force == 0 {
            continue;
        }
        if key == "logging" {
            let back = plan.after(handed, 2);
            plan.step(
                back,
                ciso,
                "policy",
                id,
                "ask_for_changes",
                "the works council asks for a shorter time for web logs",
            );
            let mended = plan.after(back, 3);
            plan.edit(
                mended,
                ciso,
                "policy",
                id,
                Sheet::new().set("change_note", "Web logs are kept for 90 days."),
                "agreed with the works council",
            );
            handed = plan.after(mended, 0);
            plan.step(handed, ciso, "policy", id, "submit", "");
        }
        let approved = plan.after(handed, 9);
        plan.step(approved, ceo, "policy", id, "approve", "agreed in the management meeting");
        let out = plan.at(force, 8, 10).max(plan.after(approved, 1));
        let next = plan.day(if review == -1 { -20 } else { -review });
        let dates = Sheet::new().set("in_force_from", out.date()).set("review_on", next);
        plan.edit(out, ciso, "policy", id, dates, "");
        let published = plan.after(out, 0);
        plan.step(published, ceo, "policy", id, "publish", "");
        if review > 50 && force > 250 {
            let reviewed = plan.work(force - 220);
            let next = Sheet::new().set("review_on", reviewed.date().plus_days(365));
            plan.edit(reviewed, ciso, "policy", id, next, "looked at with its owner; nothing to change");
            let done = plan.after(reviewed, 0);
            plan.step(done, ciso, "policy", id, "review", "");
        }
        if key == "security" {
            let earlier = plan.id("policy/security-1");
            let done = plan.after(published, 0);
            plan.step(done, ciso, "policy", earlier, "retire", "version 2.0 takes its place");
        }
    }
}

fn body(name: &str, asks: &str) -> String {
    format!(
        "# {name}\n\n{asks}\n\n## For whom\n\nFor all units of the group. Units may ask for more, never for less.\n\n## Who answers\n\nThe owner named above answers questions and keeps this text up to date. Whoever cannot keep a rule asks for an exception before, not after.\n\n## If it is not kept\n\nTell the security team. Mistakes that are told early have no consequences for the person."
    )
}

/// Key, sentence, reason, owner, measure, figures month by month, target, days until due, services, controls, end.
type ObjectivePlan = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static [i64],
    i64,
    i64,
    &'static str,
    &'static str,
    &'static str,
);

#[rustfmt::skip] // one row a line
const OBJECTIVES: [ObjectivePlan; 8] = [
    ("mfa", "Everybody who signs in from outside uses a second factor", "Stolen passwords were the start of two of three attacks on hospitals near us.", "infra", "Accounts without second factor", &[212, 190, 171, 150, 122, 96, 61, 38, 22, 14, 9], 0, 60, "identity", "mfa", ""),
    ("mend", "Critical weaknesses are mended within 14 days", "Exploits follow within days.", "infra", "Days to mend a critical weakness, median", &[39, 41, 36, 33, 29, 24, 25, 21, 18, 17, 16], 14, 120, "hosting network", "vulnerability-fixing vulnerability-scanning", ""),
    ("restore", "The patient record is back within four hours", "Wards can work on paper for four hours.", "infra", "Hours of the last restore test", &[11, 9, 9, 7, 6, 6, 5, 4], 4, -70, "ehr backup", "backup-restore", "reach"),
    ("phish", "Fewer than 5 % give a password to a test mail", "People are asked for passwords every day.", "deputy", "Share that gave a password, in tenths of a percent", &[128, 118, 112, 97, 88, 90, 74, 69, 62, 60], 50, 45, "mail", "awareness-training phishing-reporting", ""),
    ("report", "Half of all test mails are reported", "The first report counts: it stops the mail for all others.", "soc", "Share of test mails reported, in percent", &[14, 17, 19, 24, 29, 33, 38, 44, 51], 50, -20, "mail", "phishing-reporting", "reach"),
    ("logs", "All critical servers send logs", "What is not logged cannot be found out.", "soc", "Critical servers without logs", &[64, 61, 55, 41, 30, 19, 15, 12, 11], 0, -30, "monitoring", "log-coverage", "miss"),
    ("dora", "All critical suppliers have a tested exit plan", "DORA asks for it, and so does common sense.", "ict_risk", "Critical suppliers without a tested exit plan", &[11, 11, 10, 9, 9, 7, 6, 6], 0, 150, "claims payout", "supplier-reviews", ""),
    ("devices", "Medical devices have their own network", "Many cannot be mended; they must not be reachable.", "biomed", "Devices outside the device network", &[76, 76, 70, 62, 57], 0, 300, "icu theatre imaging", "network-exposure", ""),
];

/// Sets objectives and writes down the figure every month.
pub(super) fn objectives(plan: &mut Plan) {
    let (ciso, ceo, root) = (plan.who("ciso"), plan.who("ceo"), plan.id("unit/group"));
    for (key, name, reason, owner, measure, figures, target, due, services, controls, end) in OBJECTIVES {
        let begun = (figures.len() as i64 * 30 + 8 + (-due).max(0)).min(BEGIN - 20);
        let made = plan.work(begun);
        let owner = plan.id(&format!("person/{owner}"));
        let (services, controls) = (plan.ids("service", services), plan.ids("control", controls));
        let sheet = Sheet::named(name)
            .set("reason", reason)
            .set("owner", owner)
            .set("measure", measure)
            .set("base", figures[0])
            .set("target", target)
            .set("due", plan.day(-due))
            .all("services", &services)
            .all("controls", &controls);
        let id = plan.add(made, ciso, "objective", key, root, sheet, "");
        let agreed = plan.after(made, 3);
        plan.step(agreed, ceo, "objective", id, "agree", "agreed with the yearly plan");
        // The insurer's officer has no say in what belongs to the group.
        let who = if key == "dora" { ciso } else { Who::Person(owner) };
        for (month, figure) in figures.iter().enumerate() {
            let at = plan.work(begun - 6 - month as i64 * 30);
            plan.edit(at, who, "objective", id, Sheet::new().set("current", figure), "figure of the month");
        }
        let closed = plan.work((-due - 2).max(1));
        match end {
            "reach" => plan.step(closed, ciso, "objective", id, "reach", ""),
            "miss" => plan.step(
                closed,
                ciso,
                "objective",
                id,
                "miss",
                "eleven servers of a supplier cannot send logs before their upgrade",
            ),
            _ => {}
        }
    }
}
