//! Alerts that the provider of the night watch sent, and evidence that people handed in.

use super::plan::{Plan, Sheet, Who};

/// Title, severity, technique, host, account, days ago, verdict, incident, what was found.
type AlertPlan = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    i64,
    &'static str,
    &'static str,
    &'static str,
);

#[rustfmt::skip] // one row a line
const ALERTS: [AlertPlan; 14] = [
    ("Sign-in from two countries within an hour", "high", "T1078.004", "officium", "knovak", 214, "true_positive", "phish", "Second sign-in through a rented server abroad."),
    ("Mail rule forwards everything", "medium", "T1114.003", "officium", "knovak", 214, "true_positive", "phish", "Same account, ten minutes later."),
    ("Many failed sign-ins at remote access", "medium", "T1110.003", "vpn01", "", 190, "benign", "", "Expired password on a telephone."),
    ("Scan of the portal", "low", "T1595.002", "portal-web01", "", 175, "true_positive", "", ""),
    ("Administrator group changed", "high", "T1098", "dc01", "mionescu", 150, "benign", "", "Planned change, ticket was there."),
    ("Unknown program on an admission computer", "medium", "T1204.002", "ws1011", "fhaddad", 133, "false_positive", "", "Label printer's new driver."),
    ("Data flow to a file sharing service", "medium", "T1567.002", "ws1047", "", 112, "benign", "", "Pictures for a congress, without names."),
    ("Backup job switched off", "high", "T1490", "bkp02", "", 84, "test", "", "Part of the drill."),
    ("Encoded PowerShell command", "high", "T1059.001", "patch01", "bkrug", 71, "false_positive", "", "Update agent of the maker; rule narrowed."),
    ("New service on a domain controller", "medium", "T1543.003", "dc02", "mionescu", 58, "benign", "", "Monitoring agent."),
    ("Sign-in with a leaver's account", "high", "T1078", "vpn02", "", 39, "duplicate", "", "The same as the alert before; account was closed that day."),
    ("Web shell in an upload folder", "critical", "T1505.003", "members-web01", "", 12, "undecided", "", ""),
    ("Unusual number of records opened", "medium", "T1213", "ehr-app01", "", 5, "undecided", "", ""),
    ("Sign-in at an odd hour", "low", "T1078", "idp01", "dcalloway", 2, "undecided", "", ""),
];

/// Brings the alerts in and has most of them judged.
pub(super) fn alerts(plan: &mut Plan) {
    let (provider, soc, analyst) = (Who::System("night watch"), plan.who("soc"), plan.who("analyst"));
    for (index, (title, severity, technique, host, account, days, verdict, incident, found)) in
        ALERTS.into_iter().enumerate()
    {
        let unit = plan.id("unit/it");
        let (mut seen, owner) = (plan.work(days), plan.id("person/analyst"));
        if !incident.is_empty() {
            // The incident grew out of it.
            let declared = plan.id(&format!("incident/{incident}"));
            seen = plan.made_at(declared).plus_seconds(-1_200 + index as i64 * 30);
        }
        let asset = plan.id(&format!("asset/{host}"));
        let mut sheet = Sheet::named(title)
            .set("severity", severity)
            .set("description", "Seen by the night watch of Vigil North Security.")
            .set("source", "Vigil North Security")
            .set("source_ref", format!("VN-{}", 40_117 + index * 13))
            .set("technique", technique)
            .set("first_event", seen.plus_seconds(-900))
            .set("last_event", seen)
            .set("event_count", 1 + (index * 7) % 23)
            .set("host", host)
            .set("account", account)
            .set("tlp", "amber")
            .set("verdict", "undecided");
        if plan.was_there(asset, seen) {
            sheet = sheet.set("asset", asset);
        }
        let arrived = seen.plus_seconds(180);
        let id = plan.add(arrived, provider, "alert", &format!("a{index}"), unit, sheet, "");
        if days < 10 {
            continue;
        }
        let taken = arrived.plus_seconds(60 + (index as i64 * 311) % 2_400);
        let who = if index.is_multiple_of(2) { analyst } else { soc };
        plan.edit(taken, who, "alert", id, Sheet::new().set("owner", owner), "");
        plan.step(taken.plus_seconds(5), who, "alert", id, "acknowledge", "");
        plan.edit(
            taken.plus_seconds(6),
            Who::System("alerts"),
            "alert",
            id,
            Sheet::new().set("acknowledged_at", taken),
            "",
        );
        if found.is_empty() {
            continue;
        }
        let judged = taken.plus_seconds(5_400);
        let mut sheet = Sheet::new().set("verdict", verdict).set("verdict_reason", found);
        if !incident.is_empty() {
            let incident = plan.id(&format!("incident/{incident}"));
            sheet = sheet.set("incident", incident);
        }
        plan.edit(judged, who, "alert", id, sheet, "");
        let (step, why) = match (incident.is_empty(), index) {
            (true, _) => ("dismiss", found),
            (false, 0) => ("promote", ""),
            (false, _) => ("merge", ""),
        };
        plan.step(judged.plus_seconds(60), who, "alert", id, step, why);
    }
}

/// Value, type, confidence, TLP, source, days ago, last step, why, note.
type IocPlan = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    i64,
    &'static str,
    &'static str,
    &'static str,
);

#[rustfmt::skip] // one row a line
const IOCS: [IocPlan; 7] = [
    ("203.0.113[.]66", "ip", "90%", "amber", "Incident of our own", 213, "confirm", "", "From here somebody signed in with a phished password."),
    ("login-tarnwald[.]example", "domain", "95%", "amber", "Incident of our own", 213, "confirm", "", "The false sign-in page."),
    ("hxxps://login-tarnwald[.]example/owa/", "url", "95%", "amber", "Incident of our own", 213, "confirm", "", ""),
    ("198.51.100[.]0/27", "ip", "60%", "green", "Report of the sector's information exchange", 120, "revoke", "The provider has cleaned the range.", "Scans for remote access."),
    ("billing[@]lieferung-pruefen[.]example", "mail", "70%", "green", "Report of the sector's information exchange", 95, "confirm", "", "Sends false invoices."),
    ("cdn-static[.]example", "domain", "40%", "clear", "Public list", 60, "false_positive", "Delivers parts of the canteen's page.", ""),
    ("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855", "sha256", "20%", "clear", "Public list", 14, "", "", "Nobody has looked yet: this is the hash of an empty file."),
];

/// Brings in what is known to be bad.
pub(super) fn iocs(plan: &mut Plan) {
    let (soc, unit) = (plan.who("soc"), plan.id("unit/it"));
    for (index, (value, kind, confidence, tlp, source, days, step, why, note)) in IOCS.into_iter().enumerate()
    {
        let at = plan.work(days);
        let sheet = Sheet::new().set("value", value).set("kind", kind).set("confidence", confidence);
        let sheet = sheet.set("tlp", tlp).set("source", source).set("note", note);
        let id = plan.add(at, soc, "ioc", &format!("i{index}"), unit, sheet, "");
        match step {
            "" => {}
            "confirm" => plan.step(at.plus_seconds(600), soc, "ioc", id, "confirm", ""),
            later => {
                plan.step(at.plus_seconds(600), soc, "ioc", id, "confirm", "");
                let ended = plan.after(at, 20);
                plan.step(ended, soc, "ioc", id, later, why);
            }
        }
    }
}

/// Name, kind, owner, unit, controls, every so many days, holds for so many days, what it says.
type Proof = (&'static str, &'static str, &'static str, &'static str, &'static str, i64, i64, &'static str);

#[rustfmt::skip] // one row a line
const PROOFS: [Proof; 9] = [
    ("Restore test", "attestation", "infra", "it", "backup-restore", 91, 120, "The server named in the task was restored from the unchangeable copy into the test network. Time and checksums are in the log of the backup system."),
    ("Training figures", "attestation", "dpo", "group", "awareness-training", 91, 120, "Of those who had to, 93 % finished the course; the rest was reminded by their leads."),
    ("Access review of the patient record", "attestation", "apps", "hospital", "joiners-leavers", 91, 120, "All accounts were compared with the personnel list; wards confirmed the rest."),
    ("Encryption of laptops", "system_fact", "it", "it", "encryption", 60, 75, "Export of the management tool: all laptops on the list report an encrypted disk; those that did not report within 14 days are named."),
    ("Second factor by group", "system_fact", "infra", "it", "mfa", 30, 45, "Export of the sign-in service: accounts with and without a second factor, by unit."),
    ("Incident drill", "attestation", "soc", "hospital", "incident-handling", 170, 365, "Protocol of the drill with times, decisions and what was not found."),
    ("Firewall review", "attestation", "infra", "it", "network-exposure", 91, 120, "List of rules from outside with owner and reason; removed ones are struck through."),
    ("Administrator accounts", "system_fact", "infra", "it", "privileged-access", 30, 45, "Export of the directory: members of all groups with rights beyond their own work."),
    ("Fire and power test of the data rooms", "attestation", "infra", "it", "backup-restore", 182, 365, "Generators ran for an hour under load; smoke detectors were tried."),
];

/// Hands evidence in; somebody else looks at it; old evidence expires.
pub(super) fn evidence(plan: &mut Plan) {
    let mut number = 0_i64;
    for (name, kind, owner, unit, controls, every, holds, statement) in PROOFS {
        let (unit, owner_id, who) =
            (plan.id(&format!("unit/{unit}")), plan.id(&format!("person/{owner}")), plan.who(owner));
        let controls = plan.ids("control", controls);
        let mut days = 340 - (number * 11) % every;
        while days > 1 {
            number += 1;
            let at = plan.work(days);
            let until = at.date().plus_days(holds);
            let sheet = Sheet::named(format!("{name}, {}", &at.date().to_string()[..7]))
                .set("kind", kind)
                .set("owner", owner_id)
                .set("statement", statement)
                .set("effective_at", at.plus_seconds(-3_600))
                .set("collected_at", at.plus_seconds(-3_600))
                .set("valid_until", until)
                .set("classification", "internal")
                .all("controls", &controls);
            let id = plan.add(at, who, "evidence", &format!("p{number}"), unit, sheet, "");
            let handed = plan.after(at, 0);
            plan.step(handed, who, "evidence", id, "submit", "");
            let judged = plan.after(handed, 1 + (number * 3) % 6);
            let (second, no) = (plan.who("tester"), number % 13 == 5);
            if no {
                plan.step(
                    judged,
                    second,
                    "evidence",
                    id,
                    "reject",
                    "does not say which systems were looked at",
                );
            } else if number % 9 != 4 || days > 60 {
                plan.step(judged, second, "evidence", id, "accept", "");
                let over = until.plus_days(1).start().plus_seconds(4 * 3_600);
                plan.step(over, Who::System("deadlines"), "evidence", id, "expire", "");
            }
            days -= every;
        }
    }
}
