//! AWS CloudTrail of the cloud accounts.

use super::super::organisation::{CAST, account};
use super::scene::{ATTACKER, DAY, Scene};
use super::{Made, pack};
use crate::Error;
use serde_json::{Value, json};
use wardkeep_types::Moment;

const PORTAL: &str = "111122223333";
const TEST: &str = "111122226666";
const MEMBERS: &str = "111122224444";

pub(super) fn files(scene: &mut Scene) -> Result<Vec<Made>, Error> {
    let mut portal = calls(scene, PORTAL);
    portal.extend(sign_ins(scene, PORTAL));
    let mut test = calls(scene, TEST);
    test.extend(mistakes(scene));
    let mut members = calls(scene, MEMBERS);
    members.extend(sign_ins(scene, MEMBERS));
    let members = pack::gzip(file(members).as_bytes())?;
    Ok(vec![
        Made::new("cloud/111122223333-cloudtrail.json", "cloudtrail", file(portal)),
        Made::new("cloud/111122226666-cloudtrail.json", "cloudtrail", file(test)),
        Made::new("cloud/111122224444-cloudtrail.json.gz", "gzip", members),
    ])
}

fn file(mut records: Vec<(Moment, Value)>) -> String {
    records.sort_by_key(|(at, _)| *at);
    let rows: Vec<String> = records.into_iter().map(|(_, record)| record.to_string()).collect();
    format!("{{\"Records\":[\n{}\n]}}\n", rows.join(",\n"))
}

fn user(cloud: &str, name: &str) -> Value {
    json!({"type": "IAMUser", "principalId": format!("AIDA{}", name.to_uppercase()), "arn": format!("arn:aws:iam::{cloud}:user/{name}"), "accountId": cloud, "userName": name})
}

fn role(cloud: &str, name: &str) -> Value {
    json!({
        "type": "AssumedRole", "principalId": format!("AROASAMPLE:{name}"), "arn": format!("arn:aws:sts::{cloud}:assumed-role/{name}/session"), "accountId": cloud,
        "sessionContext": {"sessionIssuer": {"type": "Role", "arn": format!("arn:aws:iam::{cloud}:role/{name}"), "userName": name}, "attributes": {"mfaAuthenticated": "true"}},
    })
}

fn record(
    scene: &mut Scene,
    at: Moment,
    cloud: &str,
    source: &str,
    name: &str,
    who: Value,
    address: &str,
) -> Value {
    let read_only = ["Describe", "Get", "List"].iter().any(|p| name.starts_with(p));
    json!({
        "eventVersion": "1.09", "eventTime": at, "eventSource": source, "eventName": name, "awsRegion": "eu-central-1",
        "sourceIPAddress": address, "userAgent": "sample/1.0", "userIdentity": who, "readOnly": read_only, "eventType": "AwsApiCall",
        "eventID": format!("{}-{}-4{}-8{}-{}", scene.random.hex(8), scene.random.hex(4), scene.random.hex(3), scene.random.hex(3), scene.random.hex(12)),
        "recipientAccountId": cloud, "managementEvent": true,
    })
}

/// What machines and administrators do all day.
fn calls(scene: &mut Scene, cloud: &str) -> Vec<(Moment, Value)> {
    const CALLS: [(&str, &str); 8] = [
        ("ec2.amazonaws.com", "DescribeInstances"),
        ("s3.amazonaws.com", "GetBucketAcl"),
        ("s3.amazonaws.com", "ListBuckets"),
        ("sts.amazonaws.com", "GetCallerIdentity"),
        ("logs.amazonaws.com", "DescribeLogGroups"),
        ("ecs.amazonaws.com", "UpdateService"),
        ("iam.amazonaws.com", "ListRoles"),
        ("iam.amazonaws.com", "AttachRolePolicy"),
    ];
    let mut all = Vec::new();
    for n in 0..scene.many(25, 900) {
        let at = scene.lately(6);
        let (source, name) = CALLS[if n % 40 == 9 { 7 } else { scene.random.below(7) }];
        let who = role(cloud, if name == "AttachRolePolicy" { "platform-admin" } else { "deploy" });
        let mut made = record(scene, at, cloud, source, name, who, "192.0.2.31");
        if name == "AttachRolePolicy" {
            made["requestParameters"] = json!({"roleName": "portal-task", "policyArn": format!("arn:aws:iam::{cloud}:policy/portal-read")});
        }
        all.push((at, made));
    }
    all
}

fn console(
    scene: &mut Scene,
    at: Moment,
    cloud: &str,
    who: Value,
    address: &str,
    good: bool,
    second: bool,
) -> (Moment, Value) {
    let mut made = record(scene, at, cloud, "signin.amazonaws.com", "ConsoleLogin", who, address);
    made["eventType"] = json!("AwsConsoleSignIn");
    made["responseElements"] = json!({"ConsoleLogin": if good { "Success" } else { "Failure" }});
    made["additionalEventData"] =
        json!({"MFAUsed": if second { "Yes" } else { "No" }, "LoginTo": "https://console.aws.amazon.com/"});
    if !good {
        made["errorMessage"] = json!("Failed authentication");
    }
    (at, made)
}

/// People at the console: nearly all with a second factor.
fn sign_ins(scene: &mut Scene, cloud: &str) -> Vec<(Moment, Value)> {
    let mut all = Vec::new();
    let names: Vec<String> =
        CAST.iter().filter(|c| ["it", "clinics"].contains(&c.unit)).map(|c| account(c.name)).collect();
    for n in 0..scene.many(14, 90) {
        let (at, name) = (scene.lately(6), &names[n % names.len()]);
        let with = !(cloud == PORTAL && name == "ncastellan" && n < 9);
        let made = console(scene, at, cloud, user(cloud, name), "192.0.2.31", true, with);
        all.push(made);
    }
    let at = scene.lately(5);
    all.push(console(scene, at, cloud, role(cloud, "keystile-sso"), "192.0.2.31", true, false));
    let begin = scene.ago(3 * DAY);
    for n in 0..7 {
        let at = begin.plus_seconds(n * 45);
        all.push(console(scene, at, cloud, user(cloud, "bkrug"), ATTACKER, false, false));
    }
    all
}

/// The test account, where rules are bent: recording stopped, once in earnest and once in vain; keys; root.
fn mistakes(scene: &mut Scene) -> Vec<(Moment, Value)> {
    let (stopped, refused, keyed, rooted) =
        (scene.ago(DAY + 9_000), scene.ago(2 * DAY), scene.ago(4 * DAY), scene.ago(5 * DAY + 4_000));
    let trail = json!({"name": format!("arn:aws:cloudtrail:eu-central-1:{TEST}:trail/all")});
    let mut done = record(
        scene,
        stopped,
        TEST,
        "cloudtrail.amazonaws.com",
        "StopLogging",
        user(TEST, "ncastellan"),
        "192.0.2.31",
    );
    done["requestParameters"] = trail.clone();
    let mut denied = record(
        scene,
        refused,
        TEST,
        "cloudtrail.amazonaws.com",
        "StopLogging",
        user(TEST, "build-robot"),
        "192.0.2.31",
    );
    denied["requestParameters"] = trail;
    denied["errorCode"] = json!("AccessDenied");
    denied["errorMessage"] = json!("User is not authorized to perform: cloudtrail:StopLogging");
    let mut key = record(
        scene,
        keyed,
        TEST,
        "iam.amazonaws.com",
        "CreateAccessKey",
        user(TEST, "ncastellan"),
        "192.0.2.31",
    );
    key["requestParameters"] = json!({"userName": "build-robot"});
    key["responseElements"] = json!({"accessKey": {"userName": "build-robot", "status": "Active", "accessKeyId": "AKIASAMPLESAMPLE0001"}});
    let owner = json!({"type": "Root", "principalId": TEST, "arn": format!("arn:aws:iam::{TEST}:root"), "accountId": TEST});
    let root = console(scene, rooted, TEST, owner, "192.0.2.31", true, true);
    vec![(stopped, done), (refused, denied), (keyed, key), root]
}
