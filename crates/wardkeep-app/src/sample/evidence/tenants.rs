//! Audit logs of cloud services that the organisation uses, and events that a collector wrote in OCSF.

use super::super::organisation::{CAST, account};
use super::Made;
use super::scene::{ATTACKER, DAY, Lines, Scene};
use serde_json::{Value, json};
use wardkeep_types::Moment;

pub(super) fn files(scene: &mut Scene) -> Vec<Made> {
    vec![
        Made::new("cloud/entra-signins.json", "entra", entra(scene)),
        Made::new("cloud/m365-audit.csv", "m365", m365(scene)),
        Made::new("cloud/okta-system.json", "okta", okta(scene)),
        Made::new("cloud/google-workspace.json", "google_workspace", google(scene)),
        Made::new("cloud/github-audit.json", "github", github(scene)),
        Made::new("cloud/collector.ocsf.json", "ocsf", ocsf(scene)),
        Made::new("windows/fs01-system.xml", "windows_xml", windows(scene)),
    ]
}

/// The mail name of one of the people.
fn person(scene: &mut Scene) -> String {
    let cast: Vec<String> = CAST.iter().map(|one| account(one.name)).collect();
    scene.random.pick(&cast).clone()
}

/// Records of some moments, oldest first.
fn records(
    scene: &mut Scene,
    small: usize,
    full: usize,
    mut make: impl FnMut(&mut Scene, Moment, usize) -> Value,
) -> Vec<String> {
    let mut lines = Lines::default();
    for n in 0..scene.many(small, full) {
        let at = scene.lately(6);
        let record = make(scene, at, n);
        lines.push(at, record.to_string());
    }
    lines.text().lines().map(str::to_owned).collect()
}

fn entra(scene: &mut Scene) -> String {
    let rows = records(scene, 20, 600, |scene, at, n| {
        let user = person(scene);
        let code = if n % 11 == 3 { 50_126 } else { 0 };
        json!({
            "id": format!("00000000-0000-4000-8000-{n:012}"), "createdDateTime": at, "userPrincipalName": format!("{user}@tarnwald.example"),
            "appDisplayName": "Office 365 Exchange Online", "ipAddress": format!("192.0.2.{}", 100 + n % 50), "clientAppUsed": "Browser",
            "conditionalAccessStatus": "success", "status": {"errorCode": code, "failureReason": if code == 0 { "Other." } else { "Invalid username or password." }},
            "deviceDetail": {"displayName": format!("nb-{user}"), "operatingSystem": "Windows 11"}, "location": {"city": "Tarnwald", "countryOrRegion": "DE"},
        })
    });
    format!(
        "{{\"@odata.context\":\"https://graph.microsoft.com/v1.0/$metadata#auditLogs/signIns\",\"value\":[\n{}\n]}}\n",
        rows.join(",\n")
    )
}

/// The export of the compliance portal: a table with the record as a text in one cell.
fn m365(scene: &mut Scene) -> String {
    const OPERATIONS: [(&str, &str, &str); 4] = [
        ("FileAccessed", "SharePoint", "https://tarnwald.sharepoint.example/sites/quality/handbook.docx"),
        ("MailItemsAccessed", "Exchange", "inbox"),
        ("TeamsSessionStarted", "MicrosoftTeams", "session"),
        ("FileDownloaded", "SharePoint", "https://tarnwald.sharepoint.example/sites/quality/plan.xlsx"),
    ];
    let rows = records(scene, 20, 600, |scene, at, n| {
        let user = format!("{}@tarnwald.example", person(scene));
        let (operation, workload, object) = *scene.random.pick(&OPERATIONS);
        json!({
            "CreationTime": at.timestamp().strftime("%Y-%m-%dT%H:%M:%S").to_string(), "Id": format!("00000000-0000-4000-9000-{n:012}"),
            "Operation": operation, "OrganizationId": "11111111-2222-4333-8444-555555555555", "RecordType": 6, "ResultStatus": "Succeeded",
            "UserType": 0, "Workload": workload, "UserId": user, "ClientIP": format!("192.0.2.{}", 100 + n % 50), "ObjectId": object,
        })
    });
    let mut table = "RecordId,CreationDate,RecordType,Operation,UserId,AuditData\n".to_owned();
    for row in rows {
        let record: Value = serde_json::from_str(&row).unwrap_or_default();
        let cell = |name: &str| record[name].as_str().unwrap_or_default().to_owned();
        let (id, at, operation, user) = (cell("Id"), cell("CreationTime"), cell("Operation"), cell("UserId"));
        table.push_str(&format!("{id},{at}Z,6,{operation},{user},\"{}\"\n", row.replace('"', "\"\"")));
    }
    table
}

fn okta(scene: &mut Scene) -> String {
    let rows = records(scene, 15, 400, |scene, at, n| {
        let user = person(scene);
        let failed = n % 13 == 5;
        json!({
            "uuid": format!("00000000-0000-4000-a000-{n:012}"), "published": at, "eventType": "user.session.start", "version": "0",
            "severity": if failed { "WARN" } else { "INFO" }, "displayMessage": "User login to Okta",
            "actor": {"id": format!("00u{n}"), "type": "User", "alternateId": format!("{user}@tarnwald.example"), "displayName": user},
            "client": {"ipAddress": format!("192.0.2.{}", 100 + n % 50), "userAgent": {"rawUserAgent": "Mozilla/5.0"}},
            "outcome": {"result": if failed { "FAILURE" } else { "SUCCESS" }, "reason": if failed { json!("INVALID_CREDENTIALS") } else { Value::Null }},
            "target": [{"type": "AppInstance", "displayName": "Rota planning"}],
        })
    });
    format!("[\n{}\n]\n", rows.join(",\n"))
}

fn google(scene: &mut Scene) -> String {
    let rows = records(scene, 15, 400, |scene, at, n| {
        let user = person(scene);
        json!({
            "kind": "admin#reports#activity", "id": {"time": at, "uniqueQualifier": n.to_string(), "applicationName": "login", "customerId": "C0tarnwald"},
            "actor": {"email": format!("{user}@tarnwald.example"), "profileId": format!("1{n:020}")}, "ipAddress": format!("192.0.2.{}", 100 + n % 50),
            "events": [{"type": "login", "name": "login_success", "parameters": [{"name": "login_type", "value": "saml"}]}],
        })
    });
    format!("{{\"kind\":\"admin#reports#activities\",\"items\":[\n{}\n]}}\n", rows.join(",\n"))
}

fn github(scene: &mut Scene) -> String {
    const ACTIONS: [&str; 4] =
        ["pull_request.merge", "git.push", "git.clone", "workflows.completed_workflow_run"];
    let rows = records(scene, 15, 300, |scene, at, n| {
        let user = person(scene);
        let action = *scene.random.pick(&ACTIONS);
        json!({"@timestamp": at.as_micros() / 1_000, "_document_id": format!("doc{n}"), "action": action, "actor": user, "actor_ip": "192.0.2.120", "org": "tarnwald", "repo": "tarnwald/portal"})
    });
    rows.join("\n") + "\n"
}

fn ocsf(scene: &mut Scene) -> String {
    let rows = records(scene, 15, 300, |scene, at, n| {
        let user = person(scene);
        json!({
            "class_uid": 3_002, "class_name": "Authentication", "category_uid": 3, "category_name": "Identity & Access Management", "activity_id": 1,
            "activity_name": "Logon", "type_uid": 300_201, "severity_id": 1, "status_id": 1, "status": "Success", "time": at.as_micros() / 1_000,
            "metadata": {"version": "1.3.0", "product": {"name": "Directory collector"}}, "user": {"name": user},
            "src_endpoint": {"ip": format!("10.20.8.{}", 10 + n % 200)}, "dst_endpoint": {"hostname": "dc01.tarnwald.example"},
        })
    });
    rows.join("\n") + "\n"
}

/// The system log of a file server, as the event viewer saves it.
fn windows(scene: &mut Scene) -> String {
    let host = scene.machine("fs01").host.unwrap_or_else(|| "fs01.tarnwald.example".to_owned());
    let mut lines = Lines::default();
    for n in 0..scene.many(12, 300) {
        let at = scene.lately(6);
        lines.push(
            at,
            format!(
                "<Event xmlns=\"http://schemas.microsoft.com/win/2004/08/events/event\"><System><Provider Name=\"Service Control Manager\" EventSourceName=\"Service Control Manager\"/>\
                 <EventID Qualifiers=\"16384\">7036</EventID><Version>0</Version><Level>4</Level><Task>0</Task><Opcode>0</Opcode><Keywords>0x8080000000000000</Keywords>\
                 <TimeCreated SystemTime=\"{at}\"/><EventRecordID>{}</EventRecordID><Execution ProcessID=\"712\" ThreadID=\"{}\"/><Channel>System</Channel><Computer>{host}</Computer><Security/></System>\
                 <EventData><Data Name=\"param1\">Windows Update</Data><Data Name=\"param2\">{}</Data></EventData></Event>",
                4_000 + n,
                800 + n,
                if n % 2 == 0 { "running" } else { "stopped" }
            ),
        );
    }
    let at = scene.ago(3 * DAY);
    lines.push(
        at,
        format!(
            "<Event xmlns=\"http://schemas.microsoft.com/win/2004/08/events/event\"><System><Provider Name=\"Microsoft-Windows-Eventlog\"/><EventID>6005</EventID><Level>4</Level>\
             <TimeCreated SystemTime=\"{at}\"/><EventRecordID>3999</EventRecordID><Channel>System</Channel><Computer>{host}</Computer></System><EventData><Data>{ATTACKER}</Data></EventData></Event>"
        ),
    );
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\" standalone=\"yes\"?>\n<Events>\n{}</Events>\n",
        lines.text()
    )
}
