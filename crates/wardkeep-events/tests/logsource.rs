//! The shipped mapping against the public reference table and against single facts.
#![allow(clippy::unwrap_used, clippy::print_stdout)]

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::sync::Arc;
use wardkeep_events::logsource::{CONTENT, Mapping, classify, shipped};
use wardkeep_types::event::{Dialect, Event, FieldValue};

fn event(dialect: Dialect, fields: &[(&str, &str)]) -> Event {
    let mut event = Event::new(dialect, Arc::from("test"), 1, "");
    for (name, value) in fields {
        let value = value.parse().map_or_else(|_| FieldValue::from(*value), FieldValue::Int);
        event.fields.insert((*name).into(), value);
    }
    classify(&mut event);
    event
}

fn shown(event: &Event) -> BTreeSet<String> {
    let part = |text: &Option<Arc<str>>| text.as_deref().unwrap_or("").to_owned();
    event.logsources.iter().map(|s| [&s.product, &s.category, &s.service].map(part).join("/")).collect()
}

fn check(dialect: Dialect, fields: &[(&str, &str)], expected: &[&str]) {
    let expected: BTreeSet<String> = expected.iter().map(ToString::to_string).collect();
    assert_eq!(shown(&event(dialect, fields)), expected, "{fields:?}");
}

#[test]
fn every_file_of_the_folder_is_embedded_and_compiles() {
    Mapping::compile(CONTENT.iter().copied()).unwrap();
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../content/logsources");
    let there: BTreeSet<String> =
        std::fs::read_dir(folder).unwrap().map(|f| f.unwrap().file_name().into_string().unwrap()).collect();
    let listed: BTreeSet<String> = CONTENT.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(there, listed);
    assert!(shipped().logsources().len() > 100);
}

#[test]
fn a_bad_mapping_names_file_and_line() {
    let error = Mapping::compile([("x.yaml", "dialect: windows\nsources: []\nwrong: 1\n")]).unwrap_err();
    assert!(error.to_string().contains("x.yaml") && error.message.contains("line 3"), "{error}");
    let twice =
        "dialect: windows\nkeys: [C]\nsources: [{is: [a], logsource: {}}, {is: [A], logsource: {}}]\n";
    assert!(Mapping::compile([("y.yaml", twice)]).unwrap_err().message.contains("twice"));
}

#[test]
fn a_windows_event_has_a_set_of_log_sources() {
    let sysmon = ("Channel", "Microsoft-Windows-Sysmon/Operational");
    let registry = ["windows//sysmon", "windows/registry_event/sysmon", "windows/registry_set/sysmon"];
    check(Dialect::Windows, &[sysmon, ("EventID", "13")], &registry);
    check(
        Dialect::Windows,
        &[sysmon, ("EventID", "12"), ("EventType", "DeleteValue")],
        &["windows//sysmon", "windows/registry_event/sysmon", "windows/registry_delete/sysmon"],
    );
    check(
        Dialect::Windows,
        &[("Channel", "Security"), ("EventID", "4688")],
        &["windows//security", "windows/process_creation/security"],
    );
    check(Dialect::Windows, &[("Channel", "Security"), ("EventID", "1")], &["windows//security"]);
    check(Dialect::Windows, &[("Channel", "Something/New"), ("EventID", "1")], &["windows//"]);
    // Forwarded logs keep the provider.
    check(
        Dialect::Windows,
        &[("Channel", "ForwardedEvents"), ("Provider_Name", "Microsoft-Windows-Sysmon"), ("EventID", "3")],
        &["windows//sysmon", "windows/network_connection/sysmon"],
    );
    check(
        Dialect::Windows,
        &[("Channel", "Microsoft-Windows-Windows Defender/Operational"), ("EventID", "1119")],
        &["windows//windefend", "windows/antivirus/windefend"],
    );
}

#[test]
fn fields_get_the_names_that_rules_use() {
    let started = event(
        Dialect::Windows,
        &[
            ("Channel", "security"),
            ("EventID", "4688"),
            ("NewProcessName", "C:\\a.exe"),
            ("ParentProcessName", "C:\\b.exe"),
            ("MandatoryLabel", "S-1-16-12288"),
        ],
    );
    assert_eq!(started.text("Image").unwrap(), "C:\\a.exe");
    assert_eq!(started.text("ParentImage").unwrap(), "C:\\b.exe");
    assert_eq!(started.field("IntegrityLevel").unwrap().to_string(), "High, S-1-16-12288");
    let mut again = started.clone();
    classify(&mut again);
    assert_eq!(again, started);
    let defender = [("Channel", "Microsoft-Windows-Windows Defender/Operational"), ("EventID", "1116")];
    let found = event(Dialect::Windows, &[defender[0], defender[1], ("Threat Name", "EICAR"), ("Path", "x")]);
    assert_eq!(found.text("ThreatName").unwrap(), "EICAR");
    assert_eq!(found.text("Signature").unwrap(), "EICAR");
    assert_eq!(found.text("Filename").unwrap(), "x");
    let own = event(
        Dialect::Windows,
        &[("Channel", "Security"), ("EventID", "4688"), ("Image", "i"), ("NewProcessName", "n")],
    );
    assert_eq!(own.text("Image").unwrap(), "i");
}

#[test]
fn other_dialects_are_known() {
    check(Dialect::CloudTrail, &[], &["aws//cloudtrail"]);
    check(Dialect::Auth, &[("program", "sshd(pam_unix)")], &["linux//auth", "linux//sshd"]);
    check(Dialect::Syslog, &[("program", "/usr/sbin/CRON")], &["linux//syslog", "linux//cron"]);
    check(Dialect::Auditd, &[], &["linux//auditd"]);
    check(Dialect::Zeek, &[("_path", "dns")], &["zeek//", "zeek/dns/dns"]);
    check(Dialect::Suricata, &[("event_type", "alert")], &["suricata//", "suricata/ids/alert"]);
    check(Dialect::Auditd, &[("syscall", "execve")], &["linux//auditd", "linux/process_creation/auditd"]);
    check(Dialect::Zeek, &[("_path", "conn")], &["zeek//", "zeek//conn", "/firewall/"]);
    check(Dialect::Suricata, &[("event_type", "http")], &["suricata//", "suricata//http", "/proxy/"]);
    check(Dialect::Entra, &[("_log", "signinlogs")], &["azure//signinlogs"]);
    check(Dialect::M365, &[("Workload", "Exchange")], &["m365//audit", "m365//exchange"]);
    check(Dialect::Okta, &[], &["okta//okta"]);
    check(Dialect::GoogleWorkspace, &[("id.applicationName", "admin")], &["gcp//google_workspace.admin"]);
    check(Dialect::GitHub, &[], &["github//audit"]);
    check(Dialect::Cef, &[("deviceProduct", "PAN-OS")], &["paloalto/firewall/"]);
    check(Dialect::Leef, &[("product", "Web Proxy")], &["/proxy/"]);
    check(Dialect::Ocsf, &[("class_name", "DNS Activity")], &["/dns/"]);
    check(Dialect::WebError, &[("server_software", "nginx")], &["nginx//nginx"]);
    for dialect in [Dialect::Logfmt, Dialect::Table] {
        check(dialect, &[("a", "b")], &[]);
    }
    let run = event(Dialect::Auditd, &[("syscall", "execve"), ("exe", "/bin/sh"), ("ppid", "7")]);
    assert_eq!(
        (run.text("Image").unwrap(), run.text("ParentProcessId").unwrap()),
        ("/bin/sh".into(), "7".into())
    );
    check(Dialect::Json, &[("a", "b")], &[]);
    check(Dialect::Text, &[], &[]);
    let web = [("cs-uri", "/a?b=1"), ("cs-uri-query", "b=1"), ("cs-user-agent", "curl")];
    check(Dialect::WebAccess, &web, &["/webserver/"]);
    let hit = event(Dialect::WebAccess, &web);
    assert_eq!(hit.field("cs-uri-query").unwrap().to_string(), "b=1, /a?b=1");
    assert_eq!(hit.text("c-useragent").unwrap(), "curl");
    let call = event(Dialect::CloudTrail, &[("userIdentity.type", "Root"), ("eventName", "StopLogging")]);
    assert_eq!((call.user.as_deref(), call.action.as_deref()), (Some("Root"), Some("StopLogging")));
}

/// The shared test data, or a reason to skip.
fn data(path: &str) -> Option<PathBuf> {
    let root = std::env::var_os("WARDKEEP_DATA").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data")),
        PathBuf::from,
    );
    let path = root.join(path);
    if path.exists() {
        return Some(path);
    }
    assert!(std::env::var_os("CI").is_none(), "{} is missing", path.display());
    println!("skipped: {} is missing", path.display());
    None
}

/// Every row of the reference table must come out of our mapping.
#[test]
fn the_public_reference_table_agrees() {
    let Some(path) = data("detection/sigma/tests/thor.yml") else { return };
    let table: serde_yaml_ng::Value =
        serde_yaml_ng::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let rows = table["logsources"].as_mapping().unwrap();
    let text = |value: &serde_yaml_ng::Value| value.as_str().map(str::to_owned);
    // Channel of each service, from the rows that name channels.
    let mut channels = std::collections::HashMap::new();
    for row in rows.values() {
        if let (Some(service), Some(first)) =
            (text(&row["service"]), row["sources"].get(0).and_then(|s| s.as_str()))
        {
            channels.entry(service).or_insert_with(|| first.trim_start_matches("WinEventLog:").to_owned());
        }
    }
    let mut checked = 0;
    for (name, row) in rows {
        let name = name.as_str().unwrap();
        for source in row["sources"].as_sequence().into_iter().flatten().filter_map(|s| s.as_str()) {
            let Some(channel) = source.strip_prefix("WinEventLog:") else { continue };
            let found = event(Dialect::Windows, &[("Channel", channel), ("EventID", "0")]);
            let wanted = format!("windows//{}", text(&row["service"]).unwrap());
            assert!(shown(&found).contains(&wanted), "{name}: {channel} gives {:?}", shown(&found));
            checked += 1;
        }
        let Some(category) = text(&row["category"]) else { continue };
        let Some(service) = text(&row["rewrite"]["service"]) else { continue };
        let ids = match &row["conditions"]["EventID"] {
            serde_yaml_ng::Value::Sequence(ids) => ids.clone(),
            one => vec![one.clone()],
        };
        for id in ids {
            let id = id.as_i64().unwrap().to_string();
            let mut fields = vec![("Channel", channels[&service].as_str()), ("EventID", id.as_str())];
            let kind = text(&row["conditions"]["EventType"]);
            fields.extend(kind.as_deref().map(|kind| ("EventType", kind)));
            for original in
                row["fieldmappings"].as_mapping().into_iter().flatten().map(|(_, original)| original)
            {
                fields.push((original.as_str().unwrap(), "probe"));
            }
            let found = event(Dialect::Windows, &fields);
            let wanted = format!("windows/{category}/{service}");
            assert!(shown(&found).contains(&wanted), "{name}: {fields:?} gives {:?}", shown(&found));
            for (alias, _) in row["fieldmappings"].as_mapping().into_iter().flatten() {
                assert_eq!(found.text(alias.as_str().unwrap()).as_deref(), Some("probe"), "{name}");
            }
            checked += 1;
        }
    }
    println!("reference table: {checked} facts agree");
    assert!(checked >= 105, "{checked}");
}
