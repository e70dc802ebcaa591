//! Real logs, with the numbers they must give.

use crate::support::{collect, count, data, files};
use std::collections::BTreeMap;
use wardkeep_intake::{Ending, Format};
use wardkeep_types::event::{Dialect, TimeQuality};

#[test]
fn evtx_gives_what_its_parser_gives() {
    let Some(folder) = data("detection/evtx") else { return };
    let (mut total, mut files_read, mut faults) = (0, 0, 0);
    for path in files(&folder).into_iter().filter(|path| path.extension().is_some_and(|e| e == "evtx")) {
        let (result, counted) = count(&path);
        let mut parser = evtx::EvtxParser::from_path(&path).unwrap();
        let expected: u64 =
            parser.serialized_records(|record| record.map(drop)).map(|r| u64::from(r.is_ok())).sum();
        assert_eq!(counted.events, expected, "{}", path.display());
        assert_eq!(counted.timed, counted.events, "{}", path.display());
        if !matches!(result, Ok(Ending::Complete)) || !counted.faults.is_empty() {
            println!("{}: {result:?} {:?}", path.display(), counted.faults);
        }
        total += counted.events;
        files_read += 1;
        faults += counted.faults.len();
    }
    println!("{files_read} EVTX files, {total} records, {faults} faults");
    assert!(files_read > 0 && total > 10_000);
}

#[test]
fn cloudtrail_gives_every_record() {
    let Some(folder) = data("logs/aws-cloudtrail") else { return };
    let mut outcomes: BTreeMap<String, u64> = BTreeMap::new();
    let mut total = 0;
    for path in files(&folder).into_iter().filter(|p| p.to_string_lossy().contains("CloudTrail_us")) {
        let (result, out) = collect(&path);
        assert_eq!(result, Ok(Ending::Complete), "{}", path.display());
        for event in &out.events {
            assert_eq!(event.dialect, Dialect::CloudTrail);
            assert!(
                event.action.is_some() && event.src_ip.is_some() && event.user.is_some(),
                "{}",
                event.raw
            );
            assert_eq!(event.time_quality, TimeQuality::Stated);
            if ["StopLogging", "DeleteTrail"].contains(&event.action.as_deref().unwrap()) {
                *outcomes.entry(event.outcome.as_deref().unwrap().to_owned()).or_default() += 1;
            }
        }
        total += out.events.len();
        assert!(out.faults.is_empty(), "{:?}", out.faults);
    }
    println!("{total} CloudTrail records; trail stopped or deleted: {outcomes:?}");
    assert_eq!(total, 2_900);
    assert_eq!((outcomes["success"], outcomes["failure"]), (2, 4));
}

#[test]
fn web_and_auth_logs_are_read_whole() {
    let Some(folder) = data("logs/web-access") else { return };
    let check = |name: &str, format: Format, events: u64, faults: usize| {
        let (result, out) = count(&folder.join(name));
        assert_eq!(result, Ok(Ending::Complete), "{name}");
        let last = &out.closed[0];
        assert_eq!((&last.format, out.events, out.faults.len()), (&format, events, faults), "{name}");
        assert_eq!(out.timed, out.events);
    };
    check("elastic-examples/apache_logs.gz", Format::WebAccess, 10_000, 0);
    check("elastic-examples/ml-suspicious-login-auth.log.gz", Format::AuthLog, 7_121, 0);
    check("influxdata-telegraf/nginx_logs", Format::WebAccess, 500, 0);
}

#[test]
fn syslog_of_two_thousand_lines() {
    let Some(folder) = data("logs/loghub") else { return };
    let check = |name: &str, key: &str| {
        let (result, out) = collect(&folder.join(name));
        assert_eq!(result, Ok(Ending::Complete), "{name}");
        let actions = out.events.iter().filter(|event| event.action.is_some()).count();
        println!(
            "{name}: {} events, {actions} with an action, {} faults",
            out.events.len(),
            out.faults.len()
        );
        assert_eq!(
            (out.opened[0].format.key(), out.events.len(), out.faults.len()),
            (key, 2_000, 0),
            "{name}"
        );
        out
    };
    let ssh = check("OpenSSH/OpenSSH_2k.log", "auth_log");
    // Counted in the file with grep.
    let failed = |e: &&wardkeep_types::event::Event| e.action.as_deref() == Some("failed");
    assert_eq!(ssh.events.iter().filter(failed).count(), 524);
    assert!(ssh.events.iter().all(|e| e.time_quality == TimeQuality::AssumedYear && e.host.is_some()));
    check("Linux/Linux_2k.log", "auth_log");
    let apache = check("Apache/Apache_2k.log", "web_error");
    assert!(apache.events.iter().all(|e| e.time_quality == TimeQuality::AssumedZone));
}

#[test]
fn mordor_zips_give_windows_events() {
    let Some(folder) = data("logs/otrf-security-datasets") else { return };
    let mut kinds: BTreeMap<String, u64> = BTreeMap::new();
    let (mut windows, mut unnamed) = (0_u64, 0_u64);
    for path in files(&folder).into_iter().filter(|path| path.extension().is_some_and(|e| e == "zip")) {
        let (result, out) = collect(&path);
        assert!(result.is_ok(), "{} {result:?}", path.display());
        for event in &out.events {
            *kinds.entry(format!("{:?}", event.dialect)).or_default() += 1;
            assert_ne!(event.time_quality, TimeQuality::Missing, "{}: {}", path.display(), event.raw);
            if event.dialect == Dialect::Windows {
                windows += 1;
                let named = ["Provider_Name", "Channel", "Computer"].iter().all(|n| event.field(n).is_some());
                // One recording was made without the provider; nothing in its records tells it.
                let known_lack = event.source.starts_with("wmic_remote_xsl_jscript.zip");
                assert!(named || known_lack, "{}: {}", event.source, event.raw);
                unnamed += u64::from(!named);
            }
        }
        for fault in &out.faults {
            println!("{fault}");
        }
        for closed in &out.closed {
            *kinds.entry(format!("file: {}", closed.format)).or_default() += 1;
        }
    }
    println!("{kinds:#?}\n{windows} Windows events, {unnamed} without provider, channel or computer");
    assert!(windows > 10_000);
}

#[test]
fn sigma_regression_json_equals_its_evtx() {
    let Some(folder) = data("detection/sigma/regression_data") else { return };
    let (mut pairs, mut events) = (0, 0);
    for json in files(&folder).into_iter().filter(|path| path.extension().is_some_and(|e| e == "json")) {
        let evtx = json.with_extension("evtx");
        if !evtx.exists() {
            continue;
        }
        let (result, from_json) = collect(&json);
        assert_eq!(result, Ok(Ending::Complete), "{}", json.display());
        let (result, from_evtx) = collect(&evtx);
        assert_eq!(result, Ok(Ending::Complete), "{}", evtx.display());
        assert_eq!(from_json.events.len(), from_evtx.events.len(), "{}", json.display());
        for (a, b) in from_json.events.iter().zip(&from_evtx.events) {
            assert_eq!((a.dialect, &a.host, &a.user, &a.action), (b.dialect, &b.host, &b.user, &b.action));
            for name in
                ["Provider_Name", "Channel", "EventID", "Computer", "Image", "CommandLine", "TargetObject"]
            {
                assert_eq!(a.field(name), b.field(name), "{} {name}", json.display());
            }
        }
        pairs += 1;
        events += from_json.events.len();
    }
    println!("{pairs} pairs, {events} events");
    assert!(pairs > 150);
}
