//! Windows: the security log of a domain controller as EVTX, and events that an agent ships as JSON lines.

use super::super::estate::System;
use super::Made;
use super::evtx::{self, Event};
use super::scene::{DAY, Lines, Scene};
use serde_json::{Value, json};
use wardkeep_types::Moment;

const AUDIT: &str = "Microsoft-Windows-Security-Auditing";
const SUCCESS: &str = "0x8020000000000000";
const FAILURE: &str = "0x8010000000000000";
const DEFENDER: &str = "Microsoft-Windows-Windows Defender";

pub(super) fn files(scene: &mut Scene) -> Vec<Made> {
    let (controller, shipped) = (controller(scene), shipped(scene));
    vec![
        Made::new("windows/dc01-security.evtx", "evtx", controller),
        Made::new("windows/winlogbeat.ndjson", "windows_json", shipped),
    ]
}

fn logon(at: Moment, computer: &str, id: u16, account: &str, kind: &str, address: &str) -> Event {
    let keywords = if id == 4625 { FAILURE } else { SUCCESS };
    let data = vec![
        ("TargetUserName", account.to_owned()),
        ("TargetDomainName", "TARNWALD".to_owned()),
        ("LogonType", kind.to_owned()),
        ("IpAddress", address.to_owned()),
    ];
    Event {
        at,
        provider: AUDIT,
        id,
        channel: "Security",
        computer: computer.to_owned(),
        keywords: Some(keywords),
        data,
    }
}

/// Sign-ins of a week, an account whose telephone keeps an old password, and a new domain administrator at night.
fn controller(scene: &mut Scene) -> Vec<u8> {
    let computer = scene.machine("dc01").host.unwrap_or_default();
    let (people, mut events) = (scene.accounts("acute"), Vec::new());
    for _ in 0..scene.many(70, 1_500) {
        let at = scene.lately(6);
        let (account, n) = (scene.random.pick(&people).clone(), scene.random.below(200));
        events.push(logon(at, &computer, 4_624, &account, "3", &format!("10.20.8.{n}")));
    }
    let begin = scene.ago(3 * DAY + 7_000);
    for n in 0..26 {
        events.push(logon(begin.plus_seconds(n * 20), &computer, 4_625, "jweidlich", "3", "10.20.8.77"));
    }
    let at = scene.ago(DAY + 26_000);
    let data = vec![
        ("MemberName", "CN=svc-print,OU=Services,DC=tarnwald,DC=example".to_owned()),
        ("TargetUserName", "Domain Admins".to_owned()),
        ("TargetSid", "S-1-5-21-1004336348-1177238915-682003330-512".to_owned()),
        ("SubjectUserName", "mionescu".to_owned()),
    ];
    events.push(Event {
        at,
        provider: AUDIT,
        id: 4_728,
        channel: "Security",
        computer: computer.clone(),
        keywords: Some(SUCCESS),
        data,
    });
    events.sort_by_key(|e| e.at);
    evtx::file(&events)
}

/// One line as winlogbeat writes it.
fn line(lines: &mut Lines, at: Moment, host: &str, provider: &str, channel: &str, id: u16, data: Value) {
    let record = json!({
        "@timestamp": at,
        "host": {"name": host},
        "winlog": {"provider_name": provider, "channel": channel, "event_id": id, "computer_name": host, "event_data": data},
        "agent": {"type": "winlogbeat", "version": "8.15.0"},
    });
    lines.push(at, record.to_string());
}

fn shipped(scene: &mut Scene) -> String {
    let mut lines = Lines::default();
    heartbeats(scene, &mut lines);
    spraying(scene, &mut lines);
    intrusion(scene, &mut lines);
    lines.text()
}

/// Every workplace and server that is switched on signs somebody in and reports on its protection.
fn heartbeats(scene: &mut Scene, lines: &mut Lines) {
    let keep = scene.many(3, 1);
    let accounts = scene.accounts("hospital");
    for system in [System::Windows, System::Workplace] {
        for (index, machine) in scene.machines(system).iter().enumerate() {
            let host = machine.host.clone().unwrap_or_default();
            if index % 9 == 5 || (system == System::Workplace && index % keep != 0) {
                continue;
            }
            let seconds = scene.random.between(700, 75_000);
            let (at, account) = (scene.ago(seconds), scene.random.pick(&accounts).clone());
            let data = json!({"TargetUserName": account, "TargetDomainName": "TARNWALD", "LogonType": "2", "IpAddress": "-"});
            line(lines, at, &host, AUDIT, "Security", 4_624, data);
            if index % 4 != 0 {
                let data = json!({"Product Version": "4.18.24090.11", "Platform version": "4.18.24090.11"});
                line(
                    lines,
                    at.plus_seconds(30),
                    &host,
                    DEFENDER,
                    "Microsoft-Windows-Windows Defender/Operational",
                    1_150,
                    data,
                );
            }
        }
    }
    let at = scene.ago(19_000);
    let host = scene.machine("ws1047").host.unwrap_or_default();
    line(
        lines,
        at,
        &host,
        DEFENDER,
        "Microsoft-Windows-Windows Defender/Operational",
        5_001,
        json!({"Product Name": "Microsoft Defender Antivirus"}),
    );
}

/// One address tries one password on many accounts.
fn spraying(scene: &mut Scene, lines: &mut Lines) {
    let begin = scene.ago(2 * DAY + 3_000);
    let host = scene.machine("dc02").host.unwrap_or_default();
    for (n, account) in scene.accounts("surgery").into_iter().take(18).enumerate() {
        let at = begin.plus_seconds(n as i64 * 17);
        let data = json!({"TargetUserName": account, "TargetDomainName": "TARNWALD", "LogonType": "3", "IpAddress": "10.20.8.33", "Status": "0xc000006d", "SubStatus": "0xc000006a"});
        line(lines, at, &host, AUDIT, "Security", 4_625, data);
    }
}

/// A file server: a service from a temporary folder, and the log is emptied five minutes later.
fn intrusion(scene: &mut Scene, lines: &mut Lines) {
    let begin = scene.ago(DAY + 40_000);
    let host = scene.machine("file02").host.unwrap_or_default();
    let service = json!({"ServiceName": "WinUpdSvc", "ImagePath": r"%COMSPEC% /c C:\Windows\Temp\u.exe", "ServiceType": "user mode service", "StartType": "demand start", "AccountName": "LocalSystem"});
    line(lines, begin, &host, "Service Control Manager", "System", 7_045, service);
    line(
        lines,
        begin.plus_seconds(310),
        &host,
        "Microsoft-Windows-Eventlog",
        "Security",
        1_102,
        json!({"SubjectUserName": "svc-print", "SubjectDomainName": "TARNWALD"}),
    );
    let patch = scene.machine("patch01").host.unwrap_or_default();
    let service = json!({"ServiceName": "VigilSensor", "ImagePath": r"C:\Program Files\Vigil\sensor.exe", "ServiceType": "user mode service", "StartType": "auto start", "AccountName": "LocalSystem"});
    line(lines, begin.plus_seconds(9_000), &patch, "Service Control Manager", "System", 7_045, service);
}
