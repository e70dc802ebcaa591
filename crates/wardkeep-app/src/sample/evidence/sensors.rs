//! What sensors, firewalls and programs write: audit records, Suricata, Zeek, CEF, LEEF, logfmt, error logs, a table.

use super::super::estate::System;
use super::Made;
use super::scene::{ATTACKER, DAY, Lines, SCANNER, Scene};
use serde_json::json;
use wardkeep_types::Moment;

pub(super) fn files(scene: &mut Scene) -> Vec<Made> {
    vec![
        Made::new("logs/sftp01-audit.log", "auditd", audit(scene)),
        Made::new("network/suricata-eve.json", "suricata", suricata(scene)),
        Made::new("network/zeek-conn.log", "zeek", zeek(scene)),
        Made::new("network/edge-firewall.cef", "cef", cef(scene)),
        Made::new("network/proxy.leef", "leef", leef(scene)),
        Made::new("network/vpn-sessions.csv", "csv_log", vpn(scene)),
        Made::new("web/portal-error.log", "web_error", errors(scene)),
        Made::new("web/interface-engine.log", "logfmt", logfmt(scene)),
    ]
}

/// Seconds since 1970 with so many digits behind the point.
fn seconds(at: Moment, digits: usize) -> String {
    format!("{}.{:0digits$}", at.as_micros().div_euclid(1_000_000), 0)
}

/// Commands that administrators ran on the file exchange server, each as the kernel's records of one serial number.
fn audit(scene: &mut Scene) -> String {
    let mut lines = Lines::default();
    const COMMANDS: [(&str, &[&str]); 5] = [
        ("/usr/bin/systemctl", &["systemctl", "status", "ssh"]),
        ("/usr/bin/tail", &["tail", "-n", "50", "/var/log/auth.log"]),
        ("/usr/bin/df", &["df", "-h"]),
        ("/usr/bin/apt-get", &["apt-get", "update"]),
        ("/usr/bin/rsync", &["rsync", "-a", "/srv/in dir/", "backup01:/srv/in/"]),
    ];
    for n in 0..scene.many(12, 300) {
        let (at, serial) = (scene.lately(6), 41_000 + n);
        let (exe, words) = *scene.random.pick(&COMMANDS);
        let stamp = format!("msg=audit({}:{serial})", seconds(at, 3));
        let pid = scene.random.between(2_000, 60_000);
        let comm = exe.rsplit('/').next().unwrap_or(exe);
        let arguments: Vec<String> = words
            .iter()
            .enumerate()
            // Auditd writes what holds a blank in hexadecimal.
            .map(|(at, word)| {
                if word.contains(' ') { format!("a{at}={}", hex(word)) } else { format!("a{at}=\"{word}\"") }
            })
            .collect();
        let record = format!(
            "type=SYSCALL {stamp}: arch=c000003e syscall=59 success=yes exit=0 a0=55d0 a1=55d8 a2=55e0 a3=8 items=1 \
             ppid=1200 pid={pid} auid=1004 uid=0 gid=0 euid=0 suid=0 fsuid=0 egid=0 sgid=0 fsgid=0 tty=pts0 ses=7 \
             comm=\"{comm}\" exe=\"{exe}\" key=\"commands\"\n\
             type=EXECVE {stamp}: argc={} {}\n\
             type=CWD {stamp}: cwd=\"/root\"\n\
             type=PATH {stamp}: item=0 name=\"{exe}\" inode=271071 dev=08:01 mode=0100755 ouid=0 ogid=0 rdev=00:00 nametype=NORMAL\n\
             type=PROCTITLE {stamp}: proctitle={}",
            words.len(),
            arguments.join(" "),
            hex(&words.join("\0")),
        );
        lines.push(at, record);
    }
    for n in 0..scene.many(6, 60) {
        let at = scene.lately(6);
        let serial = 90_000 + n;
        lines.push(
            at,
            format!(
                "type=USER_LOGIN msg=audit({}:{serial}): pid=900 uid=0 auid=4294967295 ses=4294967295 msg='op=login \
                 acct=\"root\" exe=\"/usr/sbin/sshd\" hostname=? addr={ATTACKER} terminal=sshd res=failed'",
                seconds(at, 3)
            ),
        );
    }
    lines.text()
}

fn hex(text: &str) -> String {
    text.bytes().map(|byte| format!("{byte:02X}")).collect()
}

/// An address inside, one of the machines'.
fn inside(scene: &mut Scene) -> String {
    format!("10.20.{}.{}", 4 + scene.random.below(6), 10 + scene.random.below(200))
}

fn suricata(scene: &mut Scene) -> String {
    let mut lines = Lines::default();
    for n in 0..scene.many(30, 900) {
        let (at, from) = (scene.lately(6), inside(scene));
        let flow = 1_000_000 + n;
        let record = match scene.random.below(3) {
            0 => {
                json!({"timestamp": at, "flow_id": flow, "in_iface": "span0", "event_type": "dns", "src_ip": from, "src_port": 40_000 + n % 20_000, "dest_ip": "10.20.1.10", "dest_port": 53, "proto": "UDP", "dns": {"type": "query", "id": n, "rrname": "updates.vendor.example", "rrtype": "A"}})
            }
            1 => {
                json!({"timestamp": at, "flow_id": flow, "in_iface": "span0", "event_type": "tls", "src_ip": from, "src_port": 50_000, "dest_ip": "192.0.2.80", "dest_port": 443, "proto": "TCP", "tls": {"sni": "portal.tarnwald.example", "version": "TLS 1.3"}})
            }
            _ => {
                json!({"timestamp": at, "flow_id": flow, "in_iface": "span0", "event_type": "flow", "src_ip": from, "src_port": 51_000, "dest_ip": "192.0.2.81", "dest_port": 443, "proto": "TCP", "flow": {"pkts_toserver": 9, "pkts_toclient": 12, "bytes_toserver": 1_200, "bytes_toclient": 7_300, "state": "closed"}})
            }
        };
        lines.push(at, record.to_string());
    }
    let at = scene.ago(2 * DAY + 4 * 3_600);
    let alert = json!({"timestamp": at, "flow_id": 77, "in_iface": "span0", "event_type": "alert", "src_ip": ATTACKER, "src_port": 40_007, "dest_ip": "10.20.4.21", "dest_port": 22, "proto": "TCP", "alert": {"action": "allowed", "gid": 1, "signature_id": 9_000_001, "rev": 1, "signature": "SAMPLE many sign-in attempts over SSH", "category": "Attempted Administrator Privilege Gain", "severity": 2}});
    lines.push(at, alert.to_string());
    lines.text()
}

fn zeek(scene: &mut Scene) -> String {
    let mut lines = Lines::default();
    for _ in 0..scene.many(40, 1_500) {
        let (at, from, id) = (scene.lately(6), inside(scene), scene.random.hex(16));
        let port = scene.random.between(40_000, 60_000);
        let bytes = scene.random.between(200, 90_000);
        lines.push(
            at,
            format!(
                "{}\tC{id}\t{from}\t{port}\t192.0.2.80\t443\ttcp\tssl\t1.250000\t{}\t{bytes}\tSF\tT\t-\t(empty)",
                seconds(at, 6),
                bytes / 7
            ),
        );
    }
    let head = "#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n\
                #fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\torig_bytes\tresp_bytes\tconn_state\tlocal_orig\tlocal_resp\ttunnel_parents\n\
                #types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\tinterval\tcount\tcount\tstring\tbool\tbool\tset[string]\n";
    format!("{head}{}#close\t2026-01-01-00-00-00\n", lines.text())
}

/// The firewall at the edge, in syslog.
fn cef(scene: &mut Scene) -> String {
    let mut lines = Lines::default();
    for n in 0..scene.many(30, 1_000) {
        let at = scene.lately(6);
        let outside = if n % 9 == 0 { SCANNER } else { "192.0.2.33" };
        let (act, id) = if n % 9 == 0 { ("deny", "106023") } else { ("allow", "302013") };
        lines.push(
            at,
            format!(
                "<134>1 {at} edge-fw1.tarnwald.example CEF - - - CEF:0|Example Networks|Edge Firewall|7.2|{id}|connection {act}|3|\
                 rt={} src={outside} spt={} dst=192.0.2.80 dpt=443 proto=TCP act={act} deviceDirection=0 cs1=outside in cs1Label=rule",
                at.as_micros() / 1_000,
                30_000 + n
            ),
        );
    }
    lines.text()
}

/// The web proxy.
fn leef(scene: &mut Scene) -> String {
    let mut lines = Lines::default();
    let people = scene.accounts("acute");
    for _ in 0..scene.many(25, 800) {
        let (at, from) = (scene.lately(6), inside(scene));
        let user = scene.random.pick(&people).clone();
        lines.push(
            at,
            format!(
                "LEEF:2.0|Example Networks|Web Proxy|4.1|request|^|devTime={}^src={from}^usrName={user}^url=https://journal.example/issue^action=allowed^proto=TCP^identHostName=proxy1.tarnwald.example",
                at.as_micros() / 1_000
            ),
        );
    }
    lines.text()
}

/// Sessions of the remote access gateway, as its console exports them.
fn vpn(scene: &mut Scene) -> String {
    let mut lines = Lines::default();
    let people = scene.accounts("it");
    for n in 0..scene.many(20, 400) {
        let at = scene.lately(6);
        let user = scene.random.pick(&people).clone();
        lines.push(
            at,
            format!(
                "{at},{user},192.0.2.{},vpn1.tarnwald.example,login,success,\"session {n}, full tunnel\"",
                100 + n % 50
            ),
        );
    }
    format!("Timestamp,username,src_ip,hostname,action,result,message\n{}", lines.text())
}

/// What nginx in front of the patient portal could not do.
fn errors(scene: &mut Scene) -> String {
    let mut lines = Lines::default();
    for n in 0..scene.many(15, 300) {
        let at = scene.lately(6);
        lines.push(
            at,
            format!(
                "{} [error] 812#812: *{} open() \"/srv/portal/favicon-{n}.ico\" failed (2: No such file or directory), client: {SCANNER}, server: portal.tarnwald.example, request: \"GET /favicon-{n}.ico HTTP/1.1\", host: \"portal.tarnwald.example\"",
                at.timestamp().strftime("%Y/%m/%d %H:%M:%S"),
                900 + n
            ),
        );
    }
    lines.text()
}

/// The engine that passes messages between the wards' systems.
fn logfmt(scene: &mut Scene) -> String {
    let mut lines = Lines::default();
    let servers = scene.machines(System::Linux);
    for n in 0..scene.many(20, 500) {
        let at = scene.lately(6);
        let host = scene.random.pick(&servers).host.clone().unwrap_or_default();
        lines.push(
            at,
            format!(
                "time={at} level=info host={host} user=svc-interface msg=\"message passed on\" queue=results id={n} took_ms={}",
                scene.random.between(2, 90)
            ),
        );
    }
    lines.text()
}
