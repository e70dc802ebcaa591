//! The 25 baseline controls as records, and the frameworks that ask for them.

use super::organisation::BEGIN;
use super::plan::{Plan, Sheet, Who};
use crate::Error;
use crate::assess::control_edits;
use wardkeep_assure::baseline::{BaselineControl, CSF_CATEGORIES, Performed, controls};

/// Baseline key, owner, operating team, effort, cost to build and to run (EUR), days ago since it works; 0: it is being
/// built, -1: it is decided.
type ControlPlan = (&'static str, &'static str, &'static str, &'static str, i64, i64, i64);

#[rustfmt::skip] // one row a line
const CONTROLS: [ControlPlan; 25] = [
    ("alert-triage", "soc", "soc", "m", 40_000, 160_000, 290),
    ("asset-ownership", "it", "infra", "s", 8_000, 12_000, 300),
    ("assigned-work", "ciso", "security", "s", 2_000, 6_000, 310),
    ("audit-logging", "soc", "soc", "m", 30_000, 22_000, 255),
    ("awareness-training", "deputy", "security", "m", 15_000, 28_000, 240),
    ("backup-restore", "infra", "infra", "l", 90_000, 64_000, 320),
    ("control-oversight", "ciso", "security", "s", 3_000, 8_000, 280),
    ("encryption", "it", "desk", "m", 25_000, 9_000, 230),
    ("exceptions", "ciso", "security", "xs", 1_000, 3_000, 300),
    ("incident-handling", "soc", "soc", "m", 20_000, 35_000, 325),
    ("joiners-leavers", "it", "desk", "m", 18_000, 15_000, 210),
    ("log-coverage", "soc", "soc", "l", 75_000, 48_000, 150),
    ("malware-protection", "soc", "soc", "m", 45_000, 70_000, 330),
    ("mfa", "infra", "infra", "l", 60_000, 32_000, 120),
    ("network-exposure", "infra", "network", "m", 22_000, 11_000, -1),
    ("phishing-reporting", "soc", "soc", "s", 6_000, 10_000, 0),
    ("policies", "ciso", "security", "s", 4_000, 9_000, 315),
    ("privileged-access", "infra", "infra", "l", 55_000, 27_000, 85),
    ("remote-access", "infra", "network", "m", 35_000, 14_000, 175),
    ("risk-reviews", "ciso", "security", "s", 2_000, 12_000, 305),
    ("secure-configuration", "infra", "infra", "l", 70_000, 30_000, 0),
    ("software-inventory", "apps", "apps", "m", 16_000, 12_000, 60),
    ("supplier-reviews", "deputy", "security", "m", 9_000, 25_000, 225),
    ("vulnerability-fixing", "infra", "infra", "m", 24_000, 58_000, 270),
    ("vulnerability-scanning", "soc", "soc", "m", 28_000, 26_000, 275),
];

/// Key, name, version, publisher, obligation, owner, licence, copyright line, address, whether it is in use, summary.
type FrameworkPlan = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

#[rustfmt::skip] // one row a line
const FRAMEWORKS: [FrameworkPlan; 8] = [
    ("csf", "NIST Cybersecurity Framework", "2.0", "NIST", "voluntary", "ciso", "open", "", "https://www.nist.gov/cyberframework", "Six functions and 22 categories of outcomes; the order in which we speak about security."),
    ("iso27001", "ISO/IEC 27001", "2022", "ISO and IEC", "contract", "ciso", "restricted", "ISO/IEC hold the copyright in the text.", "https://www.iso.org/standard/27001", "The management system that payers and partners ask for. Its text stays with those who bought it."),
    ("nis2", "NIS2 directive", "2022/2555", "European Union", "law", "hospital_iso", "open", "", "https://eur-lex.europa.eu/eli/dir/2022/2555/oj", "The hospital is an essential entity: measures, reporting within 24 and 72 hours, duties of the management."),
    ("gdpr", "General Data Protection Regulation", "2016/679", "European Union", "law", "dpo", "open", "", "https://eur-lex.europa.eu/eli/reg/2016/679/oj", "Security of processing and notification of breaches."),
    ("hipaa", "HIPAA Security Rule", "45 CFR 164 subpart C", "US Department of Health and Human Services", "law", "us_officer", "open", "", "https://www.hhs.gov/hipaa/for-professionals/security/", "Safeguards for electronic health information of the clinics."),
    ("dora", "Digital Operational Resilience Act", "2022/2554", "European Union", "law", "ict_risk", "open", "", "https://eur-lex.europa.eu/eli/reg/2022/2554/oj", "ICT risk, incidents, tests and third parties of the insurer."),
    ("pci", "PCI DSS", "4.0.1", "PCI Security Standards Council", "contract", "cfo", "restricted", "PCI SSC holds the copyright in the text.", "https://www.pcisecuritystandards.org/", "Card payments at the clinics' front desks."),
    ("house", "House rules for security", "3", "Tarnwald Health Group", "voluntary", "deputy", "open", "", "https://intranet.tarnwald.example/security", "What we ask of ourselves beyond the law."),
];

/// Enters frameworks.
pub(super) fn frameworks(plan: &mut Plan) {
    let (root, ciso) = (plan.id("unit/group"), plan.who("ciso"));
    let at = plan.at(BEGIN - 10, 9, 0);
    for (key, name, edition, publisher, obligation, owner, licence, copyright, address, summary) in FRAMEWORKS
    {
        let owner = plan.id(&format!("person/{owner}"));
        let sheet = Sheet::named(name)
            .set("urn", format!("urn:sample:{key}:{}", edition.to_lowercase().replace(' ', "-")))
            .set("edition", edition)
            .set("publisher", publisher)
            .set("obligation", obligation)
            .set("owner", owner)
            .set("licence", licence)
            .set("copyright", copyright)
            .set("summary", summary)
            .set("address", address)
            .set("format", "by_hand")
            .set("language", "en");
        let id = plan.add(at, ciso, "framework", key, root, sheet, "");
        if key == "csf" {
            // Its categories are the only ones that Wardkeep knows one by one so far.
            let count = Sheet::new().set("requirements", CSF_CATEGORIES.len());
            plan.edit(plan.at(BEGIN - 10, 9, 30), Who::System("frameworks"), "framework", id, count, "");
            plan.step(plan.at(BEGIN - 10, 10, 0), ciso, "framework", id, "use", "");
        }
    }
}

/// Makes the controls.
pub(super) fn plan(plan: &mut Plan) -> Result<(), Error> {
    let baseline = controls()
        .map_err(|p| Error::fault(format!("baseline: {}", p.0.first().map_or("", |p| &p.message))))?;
    for (index, control) in baseline.iter().enumerate() {
        one(plan, index as i64, control);
    }
    Ok(())
}

fn one(plan: &mut Plan, index: i64, control: &BaselineControl) {
    let found = CONTROLS.iter().find(|(key, ..)| *key == control.key);
    let (_, owner, team, effort, build, run, since) =
        found.copied().unwrap_or(("", "ciso", "security", "m", 1_000, 1_000, 0));
    let (root, ciso) = (plan.id("unit/group"), plan.who("ciso"));
    let (owner, team) = (plan.id(&format!("person/{owner}")), plan.id(&format!("team/{team}")));
    let frameworks =
        plan.ids("framework", if control.is_key { "csf iso27001 nis2 hipaa dora" } else { "csf iso27001" });
    let made = plan.at(BEGIN - 14, 9, 0);
    let sheet = sheet(control)
        .set("effort", effort)
        .set("cost_build", format!("{build} EUR"))
        .set("cost_run", format!("{run} EUR"))
        .all("frameworks", &frameworks);
    let id = plan.add(made, ciso, "control", &control.key, root, sheet, "from the baseline");
    if control.key == "phishing-reporting" {
        let waiting = plan.at(BEGIN - 20, 10, 5);
        plan.step(waiting, ciso, "control", id, "hold", "waits for the new mail service and its button");
        return;
    }
    let asked = if since > 0 { (since + 30).min(BEGIN - 16) } else { 45 };
    let begun = plan.work(asked);
    let owned = Sheet::new().set("owner", owner).all("operators", &[team]);
    plan.edit(begun, ciso, "control", id, owned, "agreed in the security meeting");
    let planned = plan.after(begun, 0);
    plan.step(planned, ciso, "control", id, "plan", "");
    if since < 0 {
        return;
    }
    let building = plan.after(begun, 4);
    plan.step(building, ciso, "control", id, "build", "");
    if since == 0 {
        return;
    }
    let works = plan.work(since - 1);
    // Every ninth review is overdue at the end of the year.
    let due = if index % 9 == 2 { 11 } else { -(20 + (index * 37) % 160) };
    let dates = Sheet::new().set("start", works.date()).set("review_by", plan.day(due));
    plan.edit(works, ciso, "control", id, dates, "");
    let started = plan.after(works, 0);
    plan.step(started, ciso, "control", id, "put_in_operation", "");
    if since > 200 && due < 0 {
        let reviewed = plan.work(since - 185);
        let next = Sheet::new().set("review_by", reviewed.date().plus_days(365));
        let who = Who::Person(owner);
        plan.edit(reviewed, who, "control", id, next, "half-yearly look with the team that runs it");
        let done = plan.after(reviewed, 0);
        plan.step(done, who, "control", id, "review", "");
    }
}

/// The baseline's own values, and what this organisation does otherwise.
fn sheet(control: &BaselineControl) -> Sheet {
    let mut sheet = Sheet::new();
    if let Some(schema) = wardkeep_registers::by_key("control") {
        for (name, value) in control_edits(control) {
            if let Some((_, field)) = schema.field(&name).filter(|_| !value.is_empty()) {
                sheet = sheet.set(field.name, value.show());
            }
        }
    }
    let continuous = matches!(control.method, Performed::Automatic);
    sheet
        .set("frequency", if continuous { "continuous" } else { "monthly" })
        .set("priority", if control.is_key { "critical" } else { "high" })
}
