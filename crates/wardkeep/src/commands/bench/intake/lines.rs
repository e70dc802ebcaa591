//! Log records as a mixed office writes them, each with a number of its own.

use std::fmt::Write as _;
use std::net::Ipv4Addr;
use wardkeep_types::Moment;

/// Stands before the number in every record.
const MARK: &str = "rid=";
/// Digits of the number.
const DIGITS: usize = 10;

/// How records travel.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Way {
    /// One record a line in a body of HTTP.
    Http,
    /// One syslog message a line of a connection.
    Syslog,
}

impl Way {
    /// Its name in answers.
    pub fn name(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Syslog => "tcp",
        }
    }
}

/// Appends record `number` with its line break: two in five are Windows events, the others lines of sshd, sudo and a
/// web server. One in 200 is a failed sign-in.
pub fn put(out: &mut String, way: Way, number: u64, at: Moment) {
    let roll = mixed(number);
    let host = roll >> 8 & 63;
    let done = match roll % 10 {
        0..=3 => windows(out, way, number, at, roll),
        4 | 5 => sshd(out, number, at, roll),
        6 => writeln!(
            out,
            "<85>1 {at} app{host:02} sudo {} - -   deploy : TTY=pts/{} ; PWD=/srv/app ; USER=root ; COMMAND=/usr/bin/systemctl status worker {MARK}{number:010}",
            1_000 + roll % 30_000,
            roll >> 20 & 7,
        ),
        _ => web(out, way, number, at, roll),
    };
    // Writing to a string does not fail.
    let _ = done;
}

/// Appends a record that fires a rule which nothing else fires, from a host of its own: the alert it makes is
/// recognised by the host.
pub fn put_probe(out: &mut String, way: Way, number: u64, at: Moment) {
    front(out, way, at, "probe");
    let _ = writeln!(
        out,
        r#"{{"@timestamp":"{at}","EventID":1102,"Channel":"Security","SourceName":"Microsoft-Windows-Eventlog","Hostname":"probe-{number:010}","SubjectUserName":"probe","SubjectDomainName":"OFFICE","Message":"The audit log was cleared. {MARK}{number:010}"}}"#
    );
}

/// The number of a record, from the text in which it was stored.
pub fn number_of(raw: &str) -> Option<u64> {
    let at = raw.find(MARK)? + MARK.len();
    raw.get(at..at + DIGITS)?.parse().ok()
}

/// Other bits for each number, equal for equal numbers.
fn mixed(number: u64) -> u64 {
    let mut x = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    x = (x ^ (x >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    x = (x ^ (x >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    x ^ (x >> 31)
}

fn address(roll: u64) -> Ipv4Addr {
    Ipv4Addr::new(10, (roll >> 24 & 31) as u8, (roll >> 32) as u8, (roll >> 40) as u8)
}

/// What stands before a record of another format in a syslog message.
fn front(out: &mut String, way: Way, at: Moment, program: &str) {
    if way == Way::Syslog {
        let _ = write!(out, "<134>1 {at} relay1 {program} - - - ");
    }
}

fn sshd(out: &mut String, number: u64, at: Moment, roll: u64) -> std::fmt::Result {
    let (host, pid, port) = (roll >> 8 & 63, 1_000 + roll % 30_000, 1_024 + (roll >> 16 & 0x7fff));
    write!(out, "<38>1 {at} app{host:02} sshd {pid} - - ")?;
    if number % 200 == 7 {
        let from = Ipv4Addr::new(203, 0, 113, (roll >> 24 & 31) as u8);
        return writeln!(out, "Failed password for root from {from} port {port} ssh2 {MARK}{number:010}");
    }
    let user = ["deploy", "backup", "anna", "ci", "monitor"][(roll >> 12) as usize % 5];
    writeln!(
        out,
        "Accepted publickey for {user} from {} port {port} ssh2: ED25519 SHA256:{:016x}{MARK}{number:010}",
        address(roll),
        roll.rotate_left(17)
    )
}

fn web(out: &mut String, way: Way, number: u64, at: Moment, roll: u64) -> std::fmt::Result {
    const PATHS: [&str; 6] =
        ["/", "/assets/app.js", "/api/v2/orders", "/login", "/images/logo.svg", "/api/v2/items"];
    const AGENTS: [&str; 3] = [
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:139.0) Gecko/20100101 Firefox/139.0",
        "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Safari/537.36",
    ];
    front(out, way, at, "nginx");
    let text = at.to_string();
    let (date, time) = (at.date(), text.get(11..19).unwrap_or("00:00:00"));
    let month = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
        [usize::from(text.get(5..7).and_then(|m| m.parse::<u8>().ok()).unwrap_or(1).clamp(1, 12)) - 1];
    let (day, year) = (text.get(8..10).unwrap_or("01"), text.get(..4).unwrap_or("1970"));
    debug_assert!(date.to_string().starts_with(year));
    let status = if (roll >> 50).is_multiple_of(32) { 404 } else { 200 };
    writeln!(
        out,
        "{} - - [{day}/{month}/{year}:{time} +0000] \"GET {}?{MARK}{number:010} HTTP/1.1\" {status} {} \"https://shop.example/\" \"{}\"",
        address(roll),
        PATHS[(roll >> 12) as usize % PATHS.len()],
        200 + (roll >> 44 & 0x3fff),
        AGENTS[(roll >> 16) as usize % AGENTS.len()],
    )
}

fn windows(out: &mut String, way: Way, number: u64, at: Moment, roll: u64) -> std::fmt::Result {
    const STARTED: [(&str, &str, &str); 8] = [
        ("svchost.exe", "services.exe", "C:\\\\Windows\\\\system32\\\\svchost.exe -k netsvcs -p -s Schedule"),
        ("conhost.exe", "cmd.exe", "\\\\??\\\\C:\\\\Windows\\\\system32\\\\conhost.exe 0xffffffff -ForceV1"),
        ("taskhostw.exe", "svchost.exe", "taskhostw.exe KEYROAMING"),
        ("RuntimeBroker.exe", "svchost.exe", "C:\\\\Windows\\\\System32\\\\RuntimeBroker.exe -Embedding"),
        (
            "backgroundTaskHost.exe",
            "svchost.exe",
            "C:\\\\Windows\\\\system32\\\\backgroundTaskHost.exe -ServerName:App",
        ),
        (
            "dllhost.exe",
            "svchost.exe",
            "C:\\\\Windows\\\\system32\\\\DllHost.exe /Processid:{3AD05575-8857-4850-9277-11B85BDB8E09}",
        ),
        (
            "SearchProtocolHost.exe",
            "SearchIndexer.exe",
            "C:\\\\Windows\\\\system32\\\\SearchProtocolHost.exe Global_UsGthrFltPipeMssGthrPipe1",
        ),
        ("cmd.exe", "explorer.exe", "C:\\\\Windows\\\\system32\\\\cmd.exe /c dir"),
    ];
    front(out, way, at, "winlog");
    let (host, user) = (roll >> 8 & 63, roll >> 14 & 127);
    if roll >> 21 & 1 == 0 {
        let (image, parent, line) = STARTED[(roll >> 24) as usize % STARTED.len()];
        return writeln!(
            out,
            r#"{{"@timestamp":"{at}","EventID":4688,"Channel":"Security","SourceName":"Microsoft-Windows-Security-Auditing","Hostname":"ws{host:03}.office.example","RecordNumber":{number},"Keywords":"0x8020000000000000","SubjectUserSid":"S-1-5-21-1004336348-1177238915-682003330-{user}","SubjectUserName":"user{user:03}","SubjectDomainName":"OFFICE","SubjectLogonId":"0x{:x}","NewProcessId":"0x{:x}","NewProcessName":"C:\\Windows\\System32\\{image}","TokenElevationType":"%%1938","ProcessId":"0x{:x}","CommandLine":"{line} {MARK}{number:010}","ParentProcessName":"C:\\Windows\\System32\\{parent}","MandatoryLabel":"S-1-16-8192"}}"#,
            roll >> 33 & 0xff_ffff,
            roll >> 17 & 0xffff,
            roll >> 29 & 0xffff,
        );
    }
    writeln!(
        out,
        r#"{{"@timestamp":"{at}","EventID":4624,"Channel":"Security","SourceName":"Microsoft-Windows-Security-Auditing","Hostname":"dc{:02}.office.example","RecordNumber":{number},"SubjectUserSid":"S-1-0-0","SubjectUserName":"-","SubjectDomainName":"-","TargetUserSid":"S-1-5-21-1004336348-1177238915-682003330-{user}","TargetUserName":"user{user:03}","TargetDomainName":"OFFICE","TargetLogonId":"0x{:x}","LogonType":"3","LogonProcessName":"Kerberos","AuthenticationPackageName":"Kerberos","WorkstationName":"-","LogonGuid":"{{{:08x}-0000-0000-0000-000000000000}}","IpAddress":"{}","IpPort":"{}","ElevatedToken":"%%1842","Note":"{MARK}{number:010}"}}"#,
        host & 3,
        roll >> 33 & 0xff_ffff,
        roll as u32,
        address(roll),
        1_024 + (roll >> 16 & 0x7fff),
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use wardkeep_intake::{Collected, LineReader};
    use wardkeep_types::event::Dialect;

    #[test]
    fn every_record_is_understood_and_keeps_its_number() {
        let at: Moment = "2026-03-01T10:20:30.123456Z".parse().unwrap();
        for way in [Way::Http, Way::Syslog] {
            let (mut text, mut out) = (String::new(), Collected::default());
            (0..500).for_each(|number| put(&mut text, way, number, at));
            put_probe(&mut text, way, 500, at);
            let mut reader = LineReader::new("bench", None).unwrap();
            for (place, line) in text.lines().enumerate() {
                reader.push(line.as_bytes(), place as u64 + 1, at, &mut out);
            }
            assert!(out.faults.is_empty(), "{:?}", out.faults.first());
            let numbers: Vec<u64> = out.events.iter().map(|e| number_of(&e.raw).unwrap()).collect();
            assert_eq!(numbers, (0..=500).collect::<Vec<_>>());
            let windows = out.events.iter().filter(|e| e.dialect == Dialect::Windows).count();
            assert!((150..250).contains(&windows), "{windows} of Windows over {}", way.name());
            let probe = out.events.last().unwrap();
            assert_eq!(probe.host.as_deref(), Some("probe-0000000500"));
            assert!(out.events.iter().all(|e| (e.at.as_micros() - at.as_micros()).abs() < 1_000_000));
        }
    }
}
