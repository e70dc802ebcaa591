//! Small logs made for one rule each.

use crate::support::{Counted, collect_bytes, files};
use std::path::Path;
use wardkeep_intake::{Ending, Options, Position, Source, read};
use wardkeep_types::event::{Event, TimeQuality};

fn shown(event: &Event) -> String {
    let part = |text: &Option<Box<str>>| text.as_deref().unwrap_or("-").to_owned();
    let parts =
        [&event.host, &event.user, &event.src_ip, &event.dst_ip, &event.action, &event.outcome].map(part);
    format!("{:?} {} {}", event.dialect, event.at, parts.join(" "))
}

fn check(text: &str, format: &str, expect: &[&str]) {
    let (result, out) = collect_bytes("x", text.as_bytes().to_vec());
    assert_eq!((result, out.faults.as_slice()), (Ok(Ending::Complete), &[][..]), "{text}");
    assert_eq!(out.opened[0].format.key(), format, "{text}");
    assert_eq!(out.events.iter().map(shown).collect::<Vec<_>>(), expect, "{text}");
}

#[test]
fn records_inside_syslog_are_unwrapped() {
    let record = "type=SYSCALL msg=audit(1493129355.852:624): arch=c000003e syscall=59 success=yes auid=1001 exe=\"/bin/su\"";
    let text = format!(
        "<134>Feb  3 04:05:06 fw1 CEF:0|A|B|1|5|n|3|src=10.0.0.1 suser=anna act=blocked\n\
         <134>1 2026-02-03T04:05:06Z fw2 dev - - - LEEF:1.0|A|B|1|login|src=10.0.0.2\tusrName=bo\n\
         <13>Feb  3 04:05:06 app1 web[7]: {{\"user\":\"eve\",\"src_ip\":\"10.0.0.3\",\"outcome\":\"denied\"}}\n\
         <13>Feb  3 04:05:06 app1 web: @cee:{{\"time\":\"2026-02-03T00:00:00Z\",\"user\":\"eve\"}}\n\
         <13>Feb  3 04:05:06 h1 audispd: {record}\n\
         <13>Feb  3 04:05:06 h1 audispd: type=EOE msg=audit(1493129355.852:624):\n\
         <13>Feb  3 04:05:06 h1 web: {{not json}}\n\
         <13>Feb  3 04:05:06 h1 Cron: LEEF or CEF in a text\n"
    );
    // Of the formats that could be meant, syslog holds them all.
    let options = Options { format: wardkeep_intake::Format::from_key("syslog"), ..Options::default() };
    let mut out = wardkeep_intake::Collected::default();
    let source = Source::memory("x", "2026-03-01T00:00:00Z".parse().unwrap(), text.clone().into_bytes());
    assert_eq!(read(source, &options, &mut out), Ok(Ending::Complete));
    let all: Vec<_> = out.events.iter().map(shown).collect();
    assert_eq!(
        all,
        [
            "Cef 2026-02-03T04:05:06Z fw1 anna 10.0.0.1 - blocked failure",
            "Leef 2026-02-03T04:05:06Z fw2 bo 10.0.0.2 - login -",
            "Json 2026-02-03T04:05:06Z app1 eve 10.0.0.3 - - failure",
            "Json 2026-02-03T00:00:00Z app1 eve - - - -",
            "Auditd 2017-04-25T14:09:15.852Z h1 1001 - - executed success",
            "Syslog 2026-02-03T04:05:06Z h1 - - - - -",
            "Syslog 2026-02-03T04:05:06Z h1 - - - - -",
        ]
    );
    assert_eq!(out.events[0].time_quality, TimeQuality::AssumedYear);
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!((&*out.events[0].raw, &*out.events[2].raw), (lines[0], lines[2]));
    assert_eq!(&*out.events[4].raw, lines[4..6].join("\n"));
    assert!(out.faults.is_empty(), "{:?}", out.faults);
}

#[test]
fn messages_with_their_length_in_front() {
    let messages = ["<34>1 - h app 7 - - one\ntwo", "<34>1 - h app 7 - - three", "<34>1 - h app 7 - - four"];
    let framed = |message: &str| format!("{} {message}", message.len());
    let text = format!("{}{}\n{}", framed(messages[0]), framed(messages[1]), framed(messages[2]));
    let (result, out) = collect_bytes("x", text.clone().into_bytes());
    assert_eq!((result, out.faults.as_slice()), (Ok(Ending::Complete), &[][..]));
    assert_eq!(out.events.iter().map(|e| &*e.raw).collect::<Vec<_>>(), messages);
    assert_eq!(out.events.iter().map(|e| e.position).collect::<Vec<_>>(), [1, 2, 3]);
    let (result, out) = collect_bytes("x", text.as_bytes()[..text.len() - 2].to_vec());
    assert_eq!((result, out.events.len()), (Ok(Ending::Truncated { at: Position::Record(3) }), 2));
    let lost = format!("{}no length\n{}", framed(messages[1]), framed(messages[2]));
    let (_, out) = collect_bytes("x", lost.into_bytes());
    assert_eq!((out.events.len(), out.faults[0].code), (2, "bad_frame"));
}

#[test]
fn cloud_logs_say_who_did_what() {
    check(
        r#"{"id":"1","createdDateTime":"2026-02-03T04:05:06Z","userPrincipalName":"a@b.example","appDisplayName":"x","ipAddress":"10.0.0.1","status":{"errorCode":50126}}"#,
        "entra",
        &["Entra 2026-02-03T04:05:06Z - a@b.example 10.0.0.1 - Sign-in activity failure"],
    );
    check(
        r#"{"time":"2026-02-03T04:05:06Z","operationName":"Add user","category":"AuditLogs","properties":{"activityDisplayName":"Add user","result":"success","initiatedBy":{"user":{"userPrincipalName":"a@b.example","ipAddress":"10.0.0.1"}}}}"#,
        "entra",
        &["Entra 2026-02-03T04:05:06Z - a@b.example 10.0.0.1 - Add user success"],
    );
    let record = r#"{"CreationTime":"2026-02-03T04:05:06","Operation":"New-InboxRule","Workload":"Exchange","UserId":"a@b.example","ClientIP":"10.0.0.1:4711","ResultStatus":"True","Parameters":[{"Name":"Name","Value":"x"},{"Name":"ForwardTo","Value":"y"}]}"#;
    let expect = "M365 2026-02-03T04:05:06Z - a@b.example 10.0.0.1 - New-InboxRule success";
    check(record, "m365", &[expect]);
    let quoted = serde_json::to_string(record).unwrap();
    check(&format!("[{{\"RecordType\":1,\"UserIds\":\"a\",\"AuditData\":{quoted}}}]"), "m365", &[expect]);
    let cell = record.replace('"', "\"\"");
    check(
        &format!("CreationDate,UserIds,Operations,AuditData\n2026-02-03T04:05:06Z,a,b,\"{cell}\"\n"),
        "m365",
        &[expect],
    );
    check(
        r#"[{"published":"2026-02-03T04:05:06Z","eventType":"user.session.start","actor":{"alternateId":"a@b.example"},"client":{"ipAddress":"10.0.0.1"},"outcome":{"result":"FAILURE"}}]"#,
        "okta",
        &["Okta 2026-02-03T04:05:06Z - a@b.example 10.0.0.1 - user.session.start failure"],
    );
    check(
        r#"{"kind":"admin#reports#activities","items":[{"id":{"time":"2026-02-03T04:05:06Z","applicationName":"login"},"actor":{"email":"a@b.example"},"ipAddress":"10.0.0.1","events":[{"name":"login_failure","type":"login"}]}]}"#,
        "google_workspace",
        &["GoogleWorkspace 2026-02-03T04:05:06Z - a@b.example 10.0.0.1 - login_failure failure"],
    );
    check(
        r#"{"@timestamp":1770091506000,"action":"repo.destroy","actor":"anna","actor_ip":"10.0.0.1","org":"o"}"#,
        "github",
        &["GitHub 2026-02-03T04:05:06Z - anna 10.0.0.1 - repo.destroy -"],
    );
    check(
        r#"{"class_uid":3002,"category_uid":3,"class_name":"Authentication","activity_name":"Logon","time":1770091506000,"status_id":2,"user":{"name":"anna"},"src_endpoint":{"ip":"10.0.0.1"},"dst_endpoint":{"ip":"10.0.0.2","hostname":"h"}}"#,
        "ocsf",
        &["Ocsf 2026-02-03T04:05:06Z h anna 10.0.0.1 10.0.0.2 Logon failure"],
    );
}

#[test]
fn a_broken_xml_event_costs_itself() {
    let event = |id: u32, inner: &str| {
        format!(
            "<Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='P'/><EventID>{id}</EventID>\n<Channel>Security</Channel><Computer>H</Computer><TimeCreated SystemTime='2026-02-03T04:05:06Z'/></System><EventData>{inner}</EventData></Event>"
        )
    };
    let text = format!(
        "<Events>{}\n{}\n{}</Events>",
        event(4624, "<Data Name='TargetUserName'>anna &amp; bo</Data>"),
        event(4624, "<Data Name='x'>y</Dat>"),
        event(4625, "<Data>a</Data><Data>b</Data>")
    );
    let (result, out) = collect_bytes("x.xml", text.clone().into_bytes());
    assert_eq!(result, Ok(Ending::Complete));
    let told: Vec<_> = out.faults.iter().map(|fault| (fault.code, fault.position)).collect();
    assert_eq!(told, [("bad_record", Position::Line(3))]);
    assert_eq!(out.events.iter().map(|e| e.position).collect::<Vec<_>>(), [1, 5]);
    assert_eq!(out.events[0].user.as_deref(), Some("anna & bo"));
    assert_eq!(out.events[1].text("Data").as_deref(), Some("a\nb"));
    let (result, out) = collect_bytes("x.xml", text.as_bytes()[..text.len() - 20].to_vec());
    assert_eq!((result, out.events.len()), (Ok(Ending::Truncated { at: Position::Line(5) }), 1));
    let wide: Vec<u8> =
        [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    assert_eq!(collect_bytes("x.xml", wide).1.events.len(), 2);
}

#[test]
fn rows_of_a_log_may_hold_line_breaks() {
    let text = "Time;Source;Message\n2026-02-03 04:05:06;a;\"one\ntwo; \"\"three\"\"\"\n2026-02-03 04:05:07;b;x;y\n2026-02-03 04:05:08;c;\"open\n";
    let (_, out) = collect_bytes("x.csv", text.as_bytes().to_vec());
    let said: Vec<_> = out.events.iter().map(|e| (e.position, e.message.as_deref().unwrap())).collect();
    assert_eq!(said, [(2, "one\ntwo; \"three\"")]);
    let told: Vec<_> = out.faults.iter().map(|fault| (fault.code, fault.position)).collect();
    assert_eq!(told, [("cells", Position::Line(4)), ("open_quote", Position::Line(5))]);
}

/// A generator that is the same in every run.
struct Numbers(u64);

impl Numbers {
    fn next(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as usize % below.max(1)
    }
}

#[test]
fn cut_and_scrambled_logs_never_panic() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/evidence");
    let mut numbers = Numbers(13);
    let (mut tried, mut kept) = (0, 0);
    for path in files(&folder) {
        let mut bytes = std::fs::read(&path).unwrap();
        bytes.truncate(12_000);
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let format = wardkeep_intake::sniff(&bytes, &name).format;
        for round in 0..24 {
            let mut broken = bytes.clone();
            match round % 3 {
                0 => broken.truncate(numbers.next(bytes.len())),
                1 => (0..20).for_each(|_| {
                    let at = numbers.next(bytes.len());
                    broken[at] = numbers.next(256) as u8;
                }),
                // Signs that mean something to some reader, at places where they do not belong.
                _ => (0..12).for_each(|_| {
                    let at = numbers.next(broken.len());
                    broken.insert(at, b"\"'\\|=[]{}<>,;:#\t\n\0\x1d"[numbers.next(19)]);
                }),
            }
            let format = format.is_log().then(|| format.clone());
            let options = Options { format, ..Options::default() };
            let mut out = Counted::default();
            let modified = "2026-12-01T00:00:00Z".parse().unwrap();
            let _ = read(Source::memory("broken", modified, broken), &options, &mut out);
            kept += out.events;
            tried += 1;
        }
    }
    println!("{tried} broken logs, {kept} events kept");
    assert!(kept > 10_000);
}

/// The seeds of the fuzz targets, each by the reader it is for, and changed at random: what a fuzzer would do first.
#[test]
fn changed_seeds_never_panic() {
    let seeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz/seeds");
    let mut numbers = Numbers(17);
    let mut tried = 0;
    for path in files(&seeds) {
        let bytes = std::fs::read(&path).unwrap();
        let target = path.parent().unwrap().file_name().unwrap().to_string_lossy().into_owned();
        for _ in 0..60 {
            let mut changed = bytes.clone();
            for _ in 0..=numbers.next(6) {
                let at = numbers.next(changed.len() + 1);
                match numbers.next(3) {
                    0 if at < changed.len() => changed[at] = numbers.next(256) as u8,
                    1 => changed.truncate(at.max(1)),
                    _ => changed.insert(at, b"\"'\\|=[]{}<>,;:#\t\n\0\x1d"[numbers.next(19)]),
                }
            }
            let mut out = Counted::default();
            let modified = "2026-12-01T00:00:00Z".parse().unwrap();
            let mut live = wardkeep_intake::LineReader::new("live", None).unwrap();
            live.push_lines(&changed, |line, _| line + 1, modified, &mut out);
            live.push(&changed, 1, modified, &mut out);
            live.finish(modified, &mut out);
            assert!(!live.holds(), "{}", path.display());
            let format = wardkeep_intake::Format::from_key(&target);
            let _ = read(
                Source::memory("seed", modified, changed),
                &Options { format, ..Options::default() },
                &mut out,
            );
            tried += 1;
        }
    }
    println!("{tried} changed seeds");
}

#[test]
fn examples_of_every_log_format_are_read_whole() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/evidence");
    let end: wardkeep_types::Moment = "2026-11-20T09:30:00Z".parse().unwrap();
    let mut seen = std::collections::BTreeSet::new();
    for path in files(&folder).into_iter().filter(|path| path.extension().is_none_or(|end| end != "md")) {
        let mut out = wardkeep_intake::Collected::default();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let source = Source::memory(name.as_str(), end, std::fs::read(&path).unwrap());
        assert_eq!(read(source, &Options::default(), &mut out), Ok(Ending::Complete), "{name}");
        // One line of one file is broken on purpose.
        assert_eq!(out.faults.len(), usize::from(name == "network.log"), "{name} {:?}", out.faults);
        let early = end.plus_seconds(-14 * 86_400);
        assert!(out.events.iter().all(|e| e.at <= end && e.at >= early), "{name}");
        seen.extend(out.opened.iter().map(|opened| opened.format.key()));
    }
    let all = wardkeep_intake::Format::ALL;
    let missing: Vec<_> =
        all.iter().map(wardkeep_intake::Format::key).filter(|key| !seen.contains(key)).collect();
    assert!(missing.is_empty(), "{missing:?}");
}
