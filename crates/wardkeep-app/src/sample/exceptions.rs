//! Exceptions: in force, about to end, ended, asked for, refused.

use super::assets::Held;
use super::plan::{Plan, Sheet, Who};

/// Name, target, controls or policy key, assets by the beginning of their key, owner, starts so many days ago, ends
/// in so many days, what becomes of it, reason, what makes up for it, EUR at stake.
type ExceptionPlan = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    i64,
    i64,
    &'static str,
    &'static str,
    &'static str,
    i64,
);

#[rustfmt::skip] // one row a line
const EXCEPTIONS: [ExceptionPlan; 15] = [
    ("Central stations of intensive care stay on Windows Server 2016", "control", "vulnerability-fixing", "icu-central", "biomed", 200, 120, "approve", "The maker has not released its software for a newer system.", "Own network, no mail or web, checked every month.", 35_000),
    ("No endpoint protection on image archive servers", "control", "malware-protection", "pacs", "lab", 150, 190, "approve", "The maker forbids it in its approval as a medical product.", "Files are scanned on the way in; servers are rebuilt from a known state.", 22_000),
    ("Old X-ray units without updates", "control", "vulnerability-fixing", "xr", "biomed", 120, 75, "approve", "Will be replaced when their support ends.", "Device network.", 9_000),
    ("Fax gateway until the health authority takes mail", "asset", "", "fax", "it", 90, 18, "approve", "The authority accepts reports by fax only.", "Sits alone behind a firewall.", 4_000),
    ("Shared account at the admission desk", "control", "mfa", "adm", "acute", 60, 9, "approve", "Changing users takes too long in an emergency.", "Badge reader is ordered; the desk is always staffed.", 15_000),
    ("Eleven claims servers without log forwarding", "control", "log-coverage", "claims-app", "soc", 45, 95, "approve", "The supplier's upgrade brings it.", "Logs are kept on the servers for 30 days.", 12_000),
    ("Test accounts without second factor", "control", "mfa", "test", "apps", 300, -70, "expire", "Automatic tests cannot use a second factor.", "Test network only.", 3_000),
    ("Password length in the laboratory system", "policy", "passwords", "", "lab", 250, -5, "approve", "The system takes ten characters at most.", "Locks after five attempts.", 5_000),
    ("Remote maintenance of the CT at night without call", "control", "remote-access", "ct", "biomed", 280, -150, "revoke", "The maker repaired at night.", "Recorded sessions.", 8_000),
    ("Video gateway without the monthly scan", "control", "vulnerability-scanning", "af-tele", "pine", 220, -40, "resolve", "Scan disturbed the visits.", "Manual check by the supplier.", 2_000),
    ("Old network storage until its data have moved", "asset", "", "nas-old", "infra", 30, 60, "ask", "Moving the data takes until spring.", "Read-only; no access from outside.", 6_000),
    ("Exam room computers without automatic lock", "control", "secure-configuration", "ws1005", "north", 12, 80, "ask", "Hands are in gloves; the screen locks in the middle of a procedure.", "Rooms are locked.", 4_000),
    ("Administrator rights for two radiographers", "policy", "access", "", "lab", 100, 100, "reject", "A plug-in asks for it.", "", 7_000),
    ("Mail forwarding to a private mailbox", "policy", "acceptable", "", "brinkau", 75, 60, "reject", "Easier on the road.", "", 2_000),
    ("Paper archive without sprinklers", "asset", "", "site-archive", "cfo", 20, 200, "draft", "", "", 10_000),
];

/// Asks for them and decides.
pub(super) fn plan(plan: &mut Plan, assets: &[Held]) {
    for (index, exception) in EXCEPTIONS.iter().enumerate() {
        one(plan, index, exception, assets);
    }
}

fn one(plan: &mut Plan, index: usize, exception: &ExceptionPlan, assets: &[Held]) {
    let (name, target, about, asset, owner, starts, until, fate, reason, compensation, stake) = *exception;
    let (unit, officer, second) = match owner {
        "pine" | "north" => ("unit/clinics", "us_officer", "president"),
        _ => ("unit/group", "deputy", "ciso"),
    };
    let (unit, officer, second) = (plan.id(unit), plan.who(officer), plan.who(second));
    let owner_id = plan.id(&format!("person/{owner}"));
    let made = plan.work(starts + 12);
    let covered: Vec<_> = assets
        .iter()
        .filter(|h| !asset.is_empty() && h.thing.key.starts_with(asset) && plan.was_there(h.id, made))
        .collect();
    let subjects: Vec<String> = covered.iter().filter_map(|h| h.thing.host.clone()).collect();
    let ids: Vec<_> = covered.iter().map(|h| h.id).collect();
    let mut sheet = Sheet::named(name)
        .set("target", target)
        .all("assets", &ids)
        .set("subjects", subjects.join("\n"))
        .set("owner", owner_id)
        .set("starts_on", plan.day(starts))
        .set("until", plan.day(-until))
        .set("at_stake", format!("{stake} EUR"))
        .set("reason", reason)
        .set("compensation", compensation);
    if target == "control" {
        let controls = plan.ids("control", about);
        sheet = sheet.all("controls", &controls);
    } else if target == "policy" {
        let policies = plan.ids("policy", about);
        sheet = sheet.all("policies", &policies);
    }
    let id = plan.add(made, officer, "exception", &format!("e{index}"), unit, sheet, "");
    if fate == "draft" {
        return;
    }
    let asked = plan.after(made, 1);
    plan.step(asked, officer, "exception", id, "ask", "");
    if fate == "ask" {
        return;
    }
    let decided = plan.after(asked, 6);
    if fate == "reject" {
        plan.step(decided, second, "exception", id, "reject", "another way exists and costs little");
        return;
    }
    plan.step(
        decided,
        second,
        "exception",
        id,
        "approve",
        "agreed for the time asked, with what makes up for it",
    );
    match fate {
        "expire" => {
            plan.step(plan.at(-until - 1, 5, 0), Who::System("deadlines"), "exception", id, "expire", "");
        }
        "revoke" => {
            let at = plan.work(-until + 30);
            plan.step(at, second, "exception", id, "revoke", "a session was not recorded");
        }
        "resolve" => {
            let at = plan.work(-until + 12);
            plan.step(at, officer, "exception", id, "resolve", "the scan runs on Sundays now");
        }
        _ => {}
    }
}
