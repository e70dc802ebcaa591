//! Log records as many machines write them, in the order of time: text that the readers of live intake read, so that
//! what is measured is what comes in. Which record is which depends on its number alone.

use serde_json::{Map, Value as Json, json};
use wardkeep_intake::Format;
use wardkeep_types::{Date, Moment};

/// Days over which the records are spread.
pub(super) const DAYS: i64 = 30;
const MICROS: i64 = DAYS * 86_400_000_000;

/// The senders, each with the format of its records.
pub(super) const SENDERS: [(&str, Format); 4] = [
    ("http/windows", Format::WindowsJson),
    ("syslog/10.0.0.7", Format::AuthLog),
    ("file//var/log/nginx/access.log", Format::WebAccess),
    ("http/cloudtrail", Format::CloudTrail),
];

/// The first day.
fn start() -> Date {
    Date::new(2026, 3, 1).unwrap_or_else(|| Moment::EPOCH.date())
}

/// A number that looks random and is the same every time.
fn scatter(n: u64, of: u64) -> u64 {
    let mut x = n.wrapping_mul(0x9e37_79b9_7f4a_7c15).wrapping_add(of.wrapping_mul(0xd1b5_4a32_d192_ed03));
    x ^= x >> 32;
    x = x.wrapping_mul(0xd6e8_feb8_6659_fd93);
    x ^ (x >> 32)
}

/// One of so many, of which few are met often, as machines and people are.
fn skewed(r: u64, most: u64) -> u64 {
    (r % most).min(scatter(r, 99) % most).min(scatter(r, 98) % most)
}

/// The values that records of one moment share.
pub(super) struct Facts {
    /// When.
    pub at: Moment,
    /// The machine.
    pub host: String,
    /// The person.
    pub user: String,
    /// The other side.
    pub ip: String,
    program: u64,
    pid: u64,
    /// More that looks random.
    more: u64,
}

impl Facts {
    /// Of the nth of so many records.
    pub(super) fn of(n: u64, all: u64) -> Self {
        let at = start().start().as_micros()
            + (i128::from(n) * i128::from(MICROS) / i128::from(all.max(1))) as i64;
        let far = scatter(n, 3);
        // Most addresses are from within; one in fifty is from anywhere.
        let ip = if far.is_multiple_of(50) {
            format!("{}.{}.{}.{}", 20 + far % 150, (far >> 8) % 256, (far >> 16) % 256, (far >> 24) % 256)
        } else {
            format!("10.{}.{}.{}", far % 8, (far >> 8) % 64, 1 + (far >> 16) % 254)
        };
        Self {
            at: Moment::from_micros(at),
            host: format!("WS-{:04}.corp.example", skewed(scatter(n, 1), 2_500)),
            user: format!("user{:04}", skewed(scatter(n, 2), 4_000)),
            ip,
            program: skewed(scatter(n, 4), 3_000),
            pid: 4 * (1 + scatter(n, 5) % 5_000),
            more: scatter(n, 6),
        }
    }
    /// The SHA-256 of the program.
    pub(super) fn sha256(&self) -> String {
        (6..10).map(|of| format!("{:016X}", scatter(self.program, of))).collect()
    }
    fn image(&self) -> String {
        format!("C:\\Program Files\\Vendor{}\\tool{}.exe", self.program % 90, self.program)
    }
    fn guid(&self, of: u64) -> String {
        let (a, b) = (scatter(self.more, of), scatter(self.more, of + 1));
        format!(
            "{{{:08x}-{:04x}-{:04x}-{:04x}-{:012x}}}",
            a as u32,
            a as u16,
            b as u16,
            (b >> 16) as u16,
            b >> 16
        )
    }
}

/// The nth of so many records: the place of its sender, and its text.
pub(super) fn record(n: u64, all: u64) -> (usize, String) {
    let facts = Facts::of(n, all);
    match scatter(n, 7) % 20 {
        0..12 => (0, windows(n, &facts)),
        12..15 => (1, sshd(&facts)),
        15..18 => (2, web(&facts)),
        _ => (3, cloud(&facts)),
    }
}

fn windows(n: u64, facts: &Facts) -> String {
    let kind = scatter(n, 8) % 12;
    let (channel, provider, id) = match kind {
        0..4 => ("Microsoft-Windows-Sysmon/Operational", "Microsoft-Windows-Sysmon", 1),
        4..7 => ("Microsoft-Windows-Sysmon/Operational", "Microsoft-Windows-Sysmon", 3),
        7..9 => ("Microsoft-Windows-Sysmon/Operational", "Microsoft-Windows-Sysmon", 11),
        9..11 => ("Security", "Microsoft-Windows-Security-Auditing", 4_624),
        _ => ("Security", "Microsoft-Windows-Security-Auditing", 4_625),
    };
    let at = facts.at.to_string();
    let mut all = Map::new();
    let mut put = |name: &str, value: Json| drop(all.insert(name.to_owned(), value));
    put("@timestamp", json!(at));
    put("Channel", json!(channel));
    put("SourceName", json!(provider));
    put("EventID", json!(id));
    put("Hostname", json!(facts.host));
    put("RecordNumber", json!(n));
    put("Severity", json!("INFO"));
    put("Version", json!(if id == 1 { 5 } else { 2 }));
    match id {
        1 => {
            put("UtcTime", json!(at));
            put("ProcessGuid", json!(facts.guid(10)));
            put("ProcessId", json!(facts.pid));
            put("Image", json!(facts.image()));
            put("FileVersion", json!(format!("{}.0.{}", facts.program % 12, facts.program % 400)));
            put("Description", json!(format!("Tool {}", facts.program)));
            put("Company", json!(format!("Vendor {}", facts.program % 90)));
            let line = format!("\"{}\" --job {} --quiet", facts.image(), facts.more % 1_000);
            put("CommandLine", json!(line));
            put("CurrentDirectory", json!(format!("C:\\Users\\{}\\", facts.user)));
            put("User", json!(format!("CORP\\{}", facts.user)));
            put("LogonId", json!(format!("0x{:x}", facts.more & 0xff_ffff)));
            put("IntegrityLevel", json!("Medium"));
            put("Hashes", json!(format!("MD5={},SHA256={}", &facts.sha256()[..32], facts.sha256())));
            put("ParentProcessGuid", json!(facts.guid(12)));
            put("ParentProcessId", json!(facts.pid + 4));
            put("ParentImage", json!("C:\\Windows\\explorer.exe"));
            put("ParentCommandLine", json!("C:\\Windows\\Explorer.EXE"));
        }
        3 => {
            put("UtcTime", json!(at));
            put("ProcessGuid", json!(facts.guid(10)));
            put("ProcessId", json!(facts.pid));
            put("Image", json!(facts.image()));
            put("User", json!(format!("CORP\\{}", facts.user)));
            put("Protocol", json!("tcp"));
            put("Initiated", json!("true"));
            put("SourceIp", json!(format!("10.1.{}.{}", facts.more % 16, 1 + (facts.more >> 8) % 254)));
            put("SourcePort", json!(49_152 + facts.more % 16_000));
            put("DestinationIp", json!(facts.ip));
            put("DestinationPort", json!([443, 80, 53, 445, 8_080][(facts.more % 5) as usize]));
        }
        11 => {
            put("UtcTime", json!(at));
            put("ProcessGuid", json!(facts.guid(10)));
            put("ProcessId", json!(facts.pid));
            put("Image", json!(facts.image()));
            let file =
                format!("C:\\Users\\{}\\AppData\\Local\\Temp\\{:08x}.tmp", facts.user, facts.more as u32);
            put("TargetFilename", json!(file));
            put("CreationUtcTime", json!(at));
        }
        _ => {
            put("SubjectUserSid", json!("S-1-5-18"));
            put("SubjectUserName", json!(format!("{}$", facts.host.split('.').next().unwrap_or_default())));
            put("SubjectDomainName", json!("CORP"));
            put("TargetUserName", json!(facts.user));
            put("TargetDomainName", json!("CORP"));
            put("TargetLogonId", json!(format!("0x{:x}", facts.more & 0xff_ffff)));
            put("LogonType", json!([2, 3, 5, 7, 10][(facts.more % 5) as usize]));
            put("LogonProcessName", json!("User32 "));
            put("AuthenticationPackageName", json!("Negotiate"));
            put("WorkstationName", json!(facts.host.split('.').next()));
            put("IpAddress", json!(facts.ip));
            put("IpPort", json!(facts.more % 60_000));
            put("ProcessName", json!("C:\\Windows\\System32\\svchost.exe"));
            if id == 4_625 {
                put("Status", json!("0xc000006d"));
                put("SubStatus", json!("0xc000006a"));
            }
        }
    }
    Json::Object(all).to_string()
}

fn sshd(facts: &Facts) -> String {
    let (host, pid, port) =
        (facts.host.split('.').next().unwrap_or_default(), facts.pid, 1_024 + facts.more % 60_000);
    let said = match facts.more % 10 {
        0..3 => format!("Failed password for {} from {} port {port} ssh2", facts.user, facts.ip),
        3 => format!("Invalid user {} from {} port {port}", facts.user, facts.ip),
        4..7 => format!("Accepted publickey for {} from {} port {port} ssh2", facts.user, facts.ip),
        _ => format!("pam_unix(sshd:session): session opened for user {} by (uid=0)", facts.user),
    };
    format!("{} {host} sshd[{pid}]: {said}", facts.at)
}

fn web(facts: &Facts) -> String {
    let day = facts.at.to_string();
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let month = day[5..7].parse::<usize>().ok().and_then(|m| months.get(m - 1)).unwrap_or(&"Jan");
    let at = format!("{}/{month}/{}:{} +0000", &day[8..10], &day[..4], &day[11..19]);
    let status = [200, 200, 200, 200, 304, 302, 404, 500][(facts.more % 8) as usize];
    format!(
        "{} - - [{at}] \"GET /shop/item/{}?ref={} HTTP/1.1\" {status} {} \"https://shop.example/\" \"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/{}.0.0.0 Safari/537.36\"",
        facts.ip,
        facts.program,
        facts.more % 90,
        200 + facts.more % 40_000,
        100 + facts.more % 30
    )
}

fn cloud(facts: &Facts) -> String {
    let name = ["DescribeInstances", "GetObject", "PutObject", "AssumeRole", "ConsoleLogin", "ListBuckets"]
        [(facts.more % 6) as usize];
    let region = ["eu-central-1", "eu-west-1", "us-east-1"][(facts.more % 3) as usize];
    json!({
        "eventVersion": "1.08",
        "userIdentity": {
            "type": "IAMUser", "principalId": format!("AIDA{:016X}", scatter(facts.program, 20)),
            "arn": format!("arn:aws:iam::123456789012:user/{}", facts.user), "accountId": "123456789012",
            "userName": facts.user,
        },
        "eventTime": format!("{}Z", &facts.at.to_string()[..19]), "eventSource": "ec2.amazonaws.com",
        "eventName": name, "awsRegion": region,
        "sourceIPAddress": facts.ip, "userAgent": "aws-cli/2.15.30 Python/3.11.8 Linux/6.1.0",
        "requestParameters": { "bucketName": format!("bucket-{}", facts.program % 200) },
        "responseElements": null, "requestID": facts.guid(30).trim_matches(['{', '}']),
        "eventID": facts.guid(32).trim_matches(['{', '}']), "readOnly": facts.more % 6 != 2,
        "eventType": "AwsApiCall", "managementEvent": true, "recipientAccountId": "123456789012",
        "eventCategory": "Management",
    })
    .to_string()
}
