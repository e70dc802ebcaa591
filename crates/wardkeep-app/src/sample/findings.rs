//! Weaknesses of the past year: found by scans and tests, mended ever faster. What the newest scans say comes from
//! the example evidence, when it is assessed.

use super::assets::Held;
use super::estate::System;
use super::plan::{Plan, Sheet, Who};
use wardkeep_types::Id;

/// Title, severity, place, vulnerability, version in which it is mended, how.
type Weakness = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str);

#[rustfmt::skip] // one row a line
const LINUX: [Weakness; 8] = [
    ("OpenSSH server can be taken over before sign-in", "critical", "tcp/22", "CVE-2024-6387", "9.8p1", "Install the update and restart the service."),
    ("sudo lets every account become root", "high", "host", "CVE-2021-3156", "1.9.5p2", "Install the update."),
    ("polkit helper lets every account become root", "high", "host", "CVE-2021-4034", "0.120", "Install the update."),
    ("curl overruns its memory with a long proxy name", "medium", "host", "CVE-2023-38545", "8.4.0", "Install the update."),
    ("OpenSSL hangs on a crafted certificate", "medium", "tcp/443", "CVE-2022-0778", "1.1.1n", "Install the update and restart services."),
    ("Kernel lets accounts write to read-only files", "high", "host", "CVE-2022-0847", "5.16.11", "Install the kernel and restart."),
    ("Web server tells its exact version", "low", "tcp/443", "", "", "Switch the banner off."),
    ("Web server trusts a crafted name answer", "medium", "tcp/443", "CVE-2021-23017", "1.21.0", "Install the update."),
];

#[rustfmt::skip] // one row a line
const WINDOWS: [Weakness; 6] = [
    ("Print service runs foreign drivers as the system", "critical", "tcp/445", "CVE-2021-34527", "July 2021 update", "Install the update; stop the service where nobody prints."),
    ("Domain controller accepts a reset without password", "critical", "tcp/445", "CVE-2020-1472", "August 2020 update", "Install the update and enforce secure channels."),
    ("Remote desktop without network level authentication", "medium", "tcp/3389", "", "", "Require it by group policy."),
    ("SMB signing is not required", "medium", "tcp/445", "", "", "Require it by group policy."),
    ("Old TLS versions are offered", "low", "tcp/443", "", "", "Switch off TLS 1.0 and 1.1."),
    ("Monthly update is missing", "high", "host", "", "newest monthly update", "Install it; find out why the update server was not reached."),
];

/// Title, class, severity, asset, owner, found so many days ago, days until due, stage now, what it is.
type ByHand = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    i64,
    i64,
    &'static str,
    &'static str,
);

#[rustfmt::skip] // one row a line
const BY_HAND: [ByHand; 18] = [
    ("Letters of other patients can be guessed by number", "pen_test", "critical", "patient-portal", "apps", 70, -49, "retested", "The number of a letter in the address can be counted up; the portal does not ask whose letter it is."),
    ("Session lives on after signing out", "pen_test", "medium", "patient-portal", "apps", 70, 18, "claimed", "A copied cookie works for eight hours after signing out."),
    ("Upload takes scripts", "pen_test", "high", "member-portal", "apps", 34, -4, "confirmed", "The check looks at the ending of the name only."),
    ("Error page shows the query", "pen_test", "low", "member-portal", "apps", 34, 80, "new", "Names of tables can be read."),
    ("Password of the database lies in the source", "secret", "high", "claims-rules", "apps", 52, -22, "retested", "Committed three years ago; still valid when found."),
    ("Key of the test cloud account in a build log", "secret", "high", "appointment-api", "apps", 11, 3, "confirmed", "The build prints its environment when it fails."),
    ("Storage bucket can be listed by everybody", "cloud", "high", "111122226666", "apps", 9, 5, "confirmed", "Holds test pictures without names; the name of the bucket suggests otherwise."),
    ("Root key of the account exists", "cloud", "medium", "111122227777", "infra", 27, 60, "new", "Not used for a year; should not exist."),
    ("Certificate ends in a week", "tls", "high", "af-tele01", "us_officer", 3, 4, "new", "Visits will fail when it ends."),
    ("Certificate for another name", "tls", "low", "sftp01", "infra", 40, 50, "confirmed", "Partners have to click a warning away."),
    ("Library under a licence that does not fit", "licence", "low", "ward-board", "apps", 90, 30, "confirmed", "Chart library may not be used without its source being opened."),
    ("Device accepts the maker's password", "pen_test", "critical", "mon05", "biomed", 110, -80, "retested", "The service password of the maker stands in its manual."),
    ("Badge opens the data room without a second check", "pen_test", "medium", "site-dc1", "infra", 130, -30, "dismissed", "Reported by the testers; the second door was held open for them."),
    ("Mail can be sent in our name", "pen_test", "medium", "mx01", "it", 150, -70, "retested", "The rule for the domain only asks for a report."),
    ("Old file share open to all staff", "pen_test", "high", "file02", "infra", 120, -75, "retested", "Scans of identity cards from 2016."),
    ("Interface takes messages from any address", "pen_test", "high", "hl701", "apps", 21, 9, "confirmed", "Orders could be invented from any ward computer."),
    ("Infusion pumps answer a plain web page", "pen_test", "medium", "pump03", "biomed", 21, 69, "new", "Rates can be read, not changed."),
    ("Wall socket in the waiting room is live", "pen_test", "medium", "acc04", "infra", 21, 39, "claimed", "Leads into the office network."),
];

/// Makes both sorts.
pub(super) fn plan(plan: &mut Plan, assets: &[Held]) {
    scans(plan, assets);
    for (index, finding) in BY_HAND.iter().enumerate() {
        by_hand(plan, index, finding, assets);
    }
}

/// One scan a month; what it found was mended within weeks, at the end of the year within days.
fn scans(plan: &mut Plan, assets: &[Held]) {
    let officer = plan.who("deputy");
    let mut number = 0;
    for (month, days) in (60..=330).rev().step_by(30).enumerate() {
        let scanned = plan.at(days, 4, 0);
        let count = 13 - month;
        for _ in 0..count {
            number += 1;
            let windows = plan.random.chance(40);
            let list: &[Weakness] = if windows { &WINDOWS } else { &LINUX };
            let wanted = if windows { System::Windows } else { System::Linux };
            let weakness = *plan.random.pick(list);
            let held: Vec<&Held> =
                assets.iter().filter(|h| h.thing.system == wanted && plan.was_there(h.id, scanned)).collect();
            let held = held[plan.random.below(held.len())];
            let slow = 34 - month as i64 * 3;
            let mended = days - plan.random.between(slow / 3, slow + 8);
            one(plan, number, weakness, held, (days, mended), officer);
        }
    }
}

fn allowed_days(severity: &str) -> i64 {
    match severity {
        "critical" => 7,
        "high" => 30,
        "medium" => 90,
        _ => 120,
    }
}

fn one(
    plan: &mut Plan,
    number: usize,
    weakness: Weakness,
    held: &Held,
    (found, mended): (i64, i64),
    officer: Who,
) {
    let (title, severity, place, vulnerability, fixed_in, how) = weakness;
    let scanner = Who::System("scan import");
    let (unit, owner) =
        (plan.id(&format!("unit/{}", held.thing.unit)), plan.id(&format!("person/{}", held.thing.owner)));
    let seen = plan.at(found, 3, 0);
    let sheet = Sheet::named(title)
        .set("class", "host")
        .set("severity", severity)
        .set("asset", held.id)
        .set("description", format!("**What to do:** {how}"))
        .set("vulnerability", vulnerability)
        .set("weaknesses", vulnerability)
        .set(
            "known_exploited",
            matches!(
                vulnerability,
                "CVE-2021-34527" | "CVE-2020-1472" | "CVE-2021-4034" | "CVE-2022-0847" | "CVE-2021-3156"
            ),
        )
        .set("tool", "nessus")
        .set("rule", format!("9{:05}", 10_000 + number))
        .set("locus", place)
        .set("identity", format!("sample:{number}"))
        .set("confidence", "likely")
        .set("presence", "present")
        .set("verdict", "none")
        .set("fixed_in", fixed_in)
        .set("first_seen", seen)
        .set("last_seen", seen)
        .set("due", plan.day(found - allowed_days(severity)))
        .set("deadline_profile", "severity/1.0.0")
        .set("deadline_outcome", format!("{} days", allowed_days(severity)));
    let id = plan.add(plan.at(found, 4, 0), scanner, "finding", &format!("scan-{number}"), unit, sheet, "");
    let asked = plan.work(found - 1);
    let who = if matches!(held.thing.unit, "clinics" | "pine" | "north") {
        plan.who("us_officer")
    } else {
        officer
    };
    plan.edit(asked, who, "finding", id, Sheet::new().set("owner", owner), "");
    let confirmed = plan.after(asked, 0);
    plan.step(confirmed, who, "finding", id, "confirm", "");
    let claimed = plan.work(mended + 2).max(plan.after(confirmed, 0));
    plan.step(claimed, who, "finding", id, "claim", "");
    // The next weekly look no longer sees it.
    let looked = plan.after(claimed, 7);
    let gone = Sheet::new().set("presence", "absent").set("closed_on", looked.date());
    plan.edit(looked, scanner, "finding", id, gone, "");
    let closed = plan.after(looked, 0);
    plan.step(closed, scanner, "finding", id, "close", "");
}

fn by_hand(plan: &mut Plan, index: usize, finding: &ByHand, assets: &[Held]) {
    let (title, class, severity, asset, owner, found, due, stage, about) = *finding;
    let (officer, second) = if owner == "us_officer" { ("us_officer", "ciso") } else { ("deputy", "ciso") };
    let (officer, second, owner) = (plan.who(officer), plan.who(second), plan.id(&format!("person/{owner}")));
    let made = plan.work(found);
    let held = assets.iter().find(|h| h.thing.key == asset && plan.was_there(h.id, made));
    let unit = plan.id(&format!("unit/{}", held.map_or("it", |h| h.thing.unit)));
    let mut sheet = Sheet::named(title)
        .set("class", class)
        .set("severity", severity)
        .set("description", about)
        .set("confidence", "confirmed")
        .set("verdict", "none")
        .set("due", plan.day(-due));
    if let Some(held) = held {
        sheet = sheet.set("asset", held.id);
    }
    let id = plan.add(
        made,
        officer,
        "finding",
        &format!("hand-{index}"),
        unit,
        sheet,
        if class == "pen_test" { "from the penetration test" } else { "" },
    );
    if stage == "new" || held.is_none() {
        return;
    }
    let asked = plan.after(made, 1);
    plan.edit(asked, officer, "finding", id, Sheet::new().set("owner", owner), "");
    let confirmed = plan.after(asked, 0);
    plan.step(confirmed, officer, "finding", id, "confirm", "");
    match stage {
        "claimed" | "retested" => {
            let claimed = plan.after(confirmed, (found - 12).clamp(2, 25));
            plan.step(claimed, officer, "finding", id, "claim", "");
            if stage == "retested" {
                retest(plan, claimed, second, id);
            }
        }
        "dismissed" => {
            let judged = plan.after(confirmed, 4);
            let verdict = Sheet::new()
                .set("verdict", "false_positive")
                .set("verdict_reason", "The second door locks; it was held open on the day of the test.");
            plan.edit(judged, officer, "finding", id, verdict, "");
            let done = plan.after(judged, 2);
            plan.step(done, second, "finding", id, "dismiss", "looked at on site");
        }
        _ => {}
    }
}

fn retest(plan: &mut Plan, claimed: wardkeep_types::Moment, second: Who, id: Id) {
    let tested = plan.after(claimed, 6);
    plan.step(
        tested,
        second,
        "finding",
        id,
        "close_after_retest",
        "tried again by the testers, no longer possible",
    );
    let closed = Sheet::new().set("closed_on", tested.date());
    plan.edit(tested.plus_seconds(60), Who::System("findings"), "finding", id, closed, "");
}
