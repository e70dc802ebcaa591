//! Nessus reports with credentials: one from a month ago, one from three days ago.

use super::super::estate::{System, Thing};
use super::super::random::Random;
use super::Made;
use super::scene::{DAY, Scene};
use std::fmt::Write as _;
use wardkeep_types::Moment;

/// Number of the check (made up), title, severity from 0 to 4, CVSS, protocol and port, service, CVE, how it is mended, on which
/// systems, of a hundred hosts so many.
type Check = (
    u32,
    &'static str,
    u8,
    &'static str,
    &'static str,
    u16,
    &'static str,
    &'static str,
    &'static str,
    System,
    usize,
);

#[rustfmt::skip] // one row a line
const CHECKS: [Check; 18] = [
    (990_101, "OpenSSH server: race before sign-in", 4, "8.1", "tcp", 22, "ssh", "CVE-2024-6387", "Update OpenSSH to 9.8p1 or the fixed package of the distribution.", System::Linux, 14),
    (990_102, "sudo: overflow in argument handling", 3, "7.8", "tcp", 0, "general", "CVE-2021-3156", "Update sudo to 1.9.5p2 or later.", System::Linux, 7),
    (990_103, "curl: overflow with SOCKS5 proxies", 3, "9.8", "tcp", 0, "general", "CVE-2023-38545", "Update curl to 8.4.0 or later.", System::Linux, 16),
    (990_104, "OpenSSL: endless loop with certain certificates", 2, "7.5", "tcp", 443, "https", "CVE-2022-0778", "Update OpenSSL and restart its users.", System::Linux, 12),
    (990_105, "Linux kernel: pages of read-only files can be written", 3, "7.8", "tcp", 0, "general", "CVE-2022-0847", "Update the kernel and restart.", System::Linux, 5),
    (990_106, "Log4j: lookups run foreign code", 4, "10.0", "tcp", 8_443, "https", "CVE-2021-44228", "Update Log4j to 2.17.1 or later.", System::Linux, 3),
    (990_107, "SSH: weak key exchange offered", 1, "3.7", "tcp", 22, "ssh", "", "Leave only current algorithms in the configuration.", System::Linux, 25),
    (990_108, "Web server tells its version", 0, "", "tcp", 443, "https", "", "", System::Linux, 30),
    (990_201, "Windows print service runs foreign drivers", 4, "8.8", "tcp", 445, "cifs", "CVE-2021-34527", "Install the monthly update; stop the service where nobody prints.", System::Windows, 10),
    (990_202, "Netlogon accepts an empty password", 4, "10.0", "tcp", 445, "cifs", "CVE-2020-1472", "Install the update and enforce secure channels.", System::Windows, 4),
    (990_203, "Monthly update of Windows is missing", 3, "", "tcp", 445, "cifs", "", "Install the newest monthly update.", System::Windows, 28),
    (990_204, "SMB signing is not required", 2, "5.3", "tcp", 445, "cifs", "", "Require signing by policy.", System::Windows, 30),
    (990_205, "Remote desktop without network level authentication", 2, "4.0", "tcp", 3_389, "msrdp", "", "Require it by policy.", System::Windows, 15),
    (990_206, "Windows version without support", 4, "10.0", "tcp", 0, "general", "", "Replace the system.", System::Windows, 0),
    (990_301, "Browser is out of date", 3, "8.8", "tcp", 445, "cifs", "", "Let the browser update itself.", System::Workplace, 12),
    (990_302, "Windows version without support", 4, "10.0", "tcp", 0, "general", "", "Upgrade or replace the computer.", System::Workplace, 0),
    (990_401, "Management page with the maker's password", 4, "9.8", "tcp", 80, "www", "", "Set a password of your own.", System::Network, 4),
    (990_402, "SNMP answers to 'public'", 3, "7.5", "udp", 161, "snmp", "", "Set a secret community or use version 3.", System::Network, 12),
];

pub(super) fn files(scene: &mut Scene) -> Vec<Made> {
    let mut hosts: Vec<Thing> = Vec::new();
    let wanted = [
        (System::Linux, 18, 90),
        (System::Windows, 14, 60),
        (System::Network, 5, 60),
        (System::Workplace, 3, 220),
    ];
    for (system, small, full) in wanted {
        hosts.extend(scene.machines(system).into_iter().take(scene.many(small, full)));
    }
    let (before, lately) = (scene.ago(33 * DAY), scene.ago(3 * DAY + 6_000));
    // What was found a month ago was partly mended since.
    let older: Vec<Thing> = hosts.iter().step_by(2).cloned().collect();
    vec![
        Made::new("scans/internal-last-month.nessus", "nessus", report(&older, before, 100)),
        Made::new("scans/internal.nessus", "nessus", report(&hosts, lately, 70)),
    ]
}

/// `share`: of a hundred weaknesses, so many are still there.
fn report(hosts: &[Thing], at: Moment, share: usize) -> String {
    let mut out = String::from(
        "<?xml version=\"1.0\" ?>\n<NessusClientData_v2>\n<Policy><policyName>Internal, with credentials</policyName></Policy>\n<Report name=\"Tarnwald internal\" xmlns:cm=\"http://www.nessus.org/cm\">\n",
    );
    for (index, host) in hosts.iter().enumerate() {
        let begin = at.plus_seconds(index as i64 * 40);
        // The same host has the same weaknesses in every report, whatever else is in it.
        let seed = host.key.bytes().fold(7_u64, |h, b| h.wrapping_mul(31).wrapping_add(u64::from(b)));
        one(&mut out, host, begin, share, &mut Random::new(seed));
    }
    out + "</Report>\n</NessusClientData_v2>\n"
}

fn one(out: &mut String, host: &Thing, begin: Moment, share: usize, random: &mut Random) {
    let (address, name) = (host.address.clone().unwrap_or_default(), host.host.clone().unwrap_or_default());
    let seconds = |at: Moment| at.as_micros() / 1_000_000;
    let credentialed = host.system != System::Network && !random.chance(6);
    let tags = [
        ("HOST_START_TIMESTAMP", seconds(begin).to_string()),
        ("HOST_END_TIMESTAMP", (seconds(begin) + 310).to_string()),
        ("host-ip", address.clone()),
        ("host-fqdn", name),
        ("operating-system", host.product.clone()),
        ("Credentialed_Scan", credentialed.to_string()),
    ];
    let _ = writeln!(out, "<ReportHost name=\"{address}\"><HostProperties>");
    for (tag, value) in tags {
        let _ = writeln!(out, "<tag name=\"{tag}\">{value}</tag>");
    }
    let _ = writeln!(out, "</HostProperties>");
    let told = format!(
        "Nessus version : 10.8.3\nCredentialed checks : {}\n",
        if credentialed { "yes" } else { "no" }
    );
    item(out, (19_506, "Nessus Scan Information", 0, "", "tcp", 0, "general", "", "", host.system, 0), &told);
    for check in CHECKS {
        let (.., system, often) = check;
        let old = check.1.ends_with("without support") && host.supported.is_some_and(|days| days < 0);
        let has = old || random.chance(often);
        let still = old || random.below(100) < share;
        if system == host.system && has && still {
            let output =
                if credentialed { "Found by reading the installed version." } else { "Found from outside." };
            item(out, check, output);
        }
    }
    out.push_str("</ReportHost>\n");
}

fn item(out: &mut String, check: Check, output: &str) {
    let (id, title, severity, score, protocol, port, service, cve, solution, ..) = check;
    let factor = ["None", "Low", "Medium", "High", "Critical"][usize::from(severity.min(4))];
    let _ = writeln!(
        out,
        "<ReportItem port=\"{port}\" svc_name=\"{service}\" protocol=\"{protocol}\" severity=\"{severity}\" pluginID=\"{id}\" pluginName=\"{title}\" pluginFamily=\"Sample\">"
    );
    let _ = writeln!(out, "<risk_factor>{factor}</risk_factor><plugin_name>{title}</plugin_name>");
    if !score.is_empty() {
        let _ = writeln!(out, "<cvss3_base_score>{score}</cvss3_base_score>");
    }
    if !cve.is_empty() {
        let _ = writeln!(out, "<cve>{cve}</cve>");
    }
    if !solution.is_empty() {
        let _ = writeln!(out, "<solution>{solution}</solution>");
    }
    let _ = writeln!(out, "<plugin_output>{output}</plugin_output></ReportItem>");
}
