//! Linux servers and network gear: sign-ins, syslog.

use super::super::estate::System;
use super::Made;
use super::pack;
use super::scene::{ATTACKER, DAY, Lines, Scene};
use crate::Error;
use wardkeep_types::Moment;

/// RFC 3164: no year.
fn old(at: Moment, host: &str, program: &str, pid: i64, message: &str) -> String {
    format!("{} {host} {program}[{pid}]: {message}", at.timestamp().strftime("%b %e %H:%M:%S"))
}

/// RFC 5424.
fn new(priority: u8, at: Moment, host: &str, program: &str, pid: i64, message: &str) -> String {
    format!("<{priority}>1 {at} {host} {program} {pid} - - {message}")
}

pub(super) fn files(scene: &mut Scene) -> Result<Vec<Made>, Error> {
    let guessed = guessed(scene);
    let auth = sign_ins(scene, 0);
    let servers = servers(scene);
    let mut network = Made::new("logs/network.log", "syslog", network(scene));
    network.bytes.extend_from_slice(b"-- the disk of the collector was full here --\n");
    network.planted = 1;
    let old_auth = pack::tar(
        scene.ago(7 * DAY),
        &[("auth.log.1", sign_ins(scene, 1).into_bytes()), ("syslog.1", quiet(scene).into_bytes())],
    )?;
    Ok(vec![
        Made::new("logs/sftp01-auth.log", "auth_log", guessed),
        Made::new("logs/auth.log", "auth_log", auth),
        Made::new("logs/servers.log.gz", "gzip", pack::gzip(servers.as_bytes())?),
        network,
        Made::new("logs/rotated.tar", "tar", old_auth),
    ])
}

/// The file exchange server: an address guesses names and passwords for eight minutes, gets in, and takes root.
fn guessed(scene: &mut Scene) -> String {
    let mut lines = Lines::default();
    let host = scene.machine("sftp01").host.unwrap_or_default();
    let begin = scene.ago(2 * DAY + 5 * 3_600);
    let names = ["root", "admin", "test", "oracle", "backup", "ftp", "transfer", "postgres", "svc-transfer"];
    for n in 0..44_i64 {
        let at = begin.plus_seconds(n * 11);
        let name = names[n as usize % names.len()];
        let known = matches!(name, "root" | "backup" | "svc-transfer");
        let who = if known { name.to_owned() } else { format!("invalid user {name}") };
        lines.push(
            at,
            old(
                at,
                &host,
                "sshd",
                21_000 + n,
                &format!("Failed password for {who} from {ATTACKER} port {} ssh2", 40_000 + n * 7),
            ),
        );
    }
    let story = [
        (500, "sshd", format!("Accepted password for svc-transfer from {ATTACKER} port 51122 ssh2")),
        (
            501,
            "sshd",
            "pam_unix(sshd:session): session opened for user svc-transfer(uid=1004) by (uid=0)".to_owned(),
        ),
        (
            560,
            "sudo",
            "svc-transfer : TTY=pts/1 ; PWD=/home/svc-transfer ; USER=root ; COMMAND=/bin/bash".to_owned(),
        ),
        (
            655,
            "useradd",
            "new user: name=sysupd, UID=0, GID=0, home=/root, shell=/bin/bash, from=/dev/pts/1".to_owned(),
        ),
        (1_900, "sshd", "pam_unix(sshd:session): session closed for user svc-transfer".to_owned()),
    ];
    for (seconds, program, message) in story {
        let at = begin.plus_seconds(seconds);
        lines.push(at, old(at, &host, program, 21_060, &message));
    }
    for _ in 0..scene.many(20, 160) {
        let (at, port) = (scene.lately(6), scene.random.between(30_000, 60_000));
        let partner = format!("192.0.2.{}", 200 + scene.random.below(6));
        lines.push(
            at,
            old(
                at,
                &host,
                "sshd",
                port,
                &format!(
                    "Accepted publickey for partner-{} from {partner} port {port} ssh2: ED25519 SHA256:{}",
                    partner.len(),
                    scene.random.hex(20)
                ),
            ),
        );
    }
    lines.text()
}

/// Administrators at work, with keys; one still signs in with a password.
fn sign_ins(scene: &mut Scene, weeks_ago: i64) -> String {
    let mut lines = Lines::default();
    let (servers, admins) = (scene.machines(System::Linux), scene.admins());
    const COMMANDS: [&str; 6] = [
        "/usr/bin/systemctl restart nginx",
        "/usr/bin/apt-get update",
        "/usr/bin/apt-get -y upgrade",
        "/usr/bin/journalctl -u ssh",
        "/usr/sbin/lvextend -L +20G /dev/vg0/data",
        "/usr/bin/tail -n 200 /var/log/syslog",
    ];
    for n in 0..scene.many(120, 2_400) {
        let at = scene.lately(6).plus_seconds(-weeks_ago * 7 * DAY);
        let host = scene.random.pick(&servers).host.clone().unwrap_or_default();
        let (admin, pid) = (scene.random.pick(&admins).clone(), scene.random.between(900, 32_000));
        let from = format!("10.10.8.{}", 20 + scene.random.below(40));
        let key = scene.random.hex(20);
        let method = if n % 60 == 7 { "password" } else { "publickey" };
        let tail = if method == "password" { String::new() } else { format!(": ED25519 SHA256:{key}") };
        lines.push(
            at,
            old(
                at,
                &host,
                "sshd",
                pid,
                &format!("Accepted {method} for {admin} from {from} port {} ssh2{tail}", 40_000 + pid),
            ),
        );
        lines.push(
            at.plus_seconds(1),
            old(
                at.plus_seconds(1),
                &host,
                "sshd",
                pid,
                &format!("pam_unix(sshd:session): session opened for user {admin}(uid=1001) by (uid=0)"),
            ),
        );
        if n % 3 == 0 {
            let (later, command) = (at.plus_seconds(40), scene.random.pick(&COMMANDS));
            lines.push(
                later,
                old(
                    later,
                    &host,
                    "sudo",
                    pid + 2,
                    &format!("{admin} : TTY=pts/0 ; PWD=/home/{admin} ; USER=root ; COMMAND={command}"),
                ),
            );
        }
        if n % 25 == 3 {
            let later = at.plus_seconds(90);
            lines.push(later, old(later, &host, "sudo", pid + 3, &format!("{admin} : command not allowed ; TTY=pts/0 ; PWD=/home/{admin} ; USER=root ; COMMAND=/usr/bin/passwd root")));
        }
    }
    lines.text()
}

/// Every server but a few says something within the last day.
fn servers(scene: &mut Scene) -> String {
    let mut lines = Lines::default();
    for (index, server) in scene.machines(System::Linux).iter().enumerate() {
        if index % 11 == 6 {
            continue;
        }
        let host = server.host.clone().unwrap_or_default();
        for _ in 0..scene.many(1, 30) {
            chatter(scene, &mut lines, &host, 1);
        }
        chatter(scene, &mut lines, &host, 6);
    }
    let devices = scene.machines(System::Device);
    for device in devices.iter().step_by(2) {
        let (host, at) = (device.host.clone().unwrap_or_default(), scene.lately(1));
        lines.push(at, new(134, at, &host, "device", 1, "self test passed"));
    }
    lines.text()
}

fn chatter(scene: &mut Scene, lines: &mut Lines, host: &str, days: i64) {
    const SAYS: [(&str, u8, &str); 6] = [
        ("CRON", 78, "(root) CMD (/usr/local/bin/collect-metrics)"),
        ("systemd", 30, "Started Daily apt download activities."),
        ("systemd", 30, "Reached target Timer Units."),
        ("chronyd", 30, "Selected source 10.10.1.61"),
        ("kernel", 6, "device eth0 entered promiscuous mode"),
        ("backup", 86, "nightly copy finished, 0 errors"),
    ];
    let at = if days == 1 {
        let seconds = scene.random.between(700, 70_000);
        scene.ago(seconds)
    } else {
        scene.lately(days)
    };
    let ((program, priority, message), pid) = (*scene.random.pick(&SAYS), scene.random.between(200, 30_000));
    lines.push(at, new(priority, at, host, program, pid, message));
}

/// Firewalls, switches and gateways, with priority in the old form.
fn network(scene: &mut Scene) -> String {
    let mut lines = Lines::default();
    for gear in scene.machines(System::Network) {
        let host = gear.host.clone().unwrap_or_default();
        for _ in 0..scene.many(2, 24) {
            let seconds = scene.random.between(700, 80_000);
            let (at, port) = (scene.ago(seconds), scene.random.between(1, 48));
            let (priority, program, message) = if gear.exposure == "internet" {
                let from = format!("198.51.100.{}", scene.random.below(250));
                (
                    132,
                    "filter",
                    format!(
                        "DROP IN=wan SRC={from} DST={} PROTO=TCP DPT={}",
                        gear.address.clone().unwrap_or_default(),
                        scene.random.pick(&[22, 23, 445, 3389, 8080])
                    ),
                )
            } else {
                (189, "port", format!("Interface Gi1/0/{port} changed state to up"))
            };
            lines.push(at, format!("<{priority}>{}", old(at, &host, program, 100 + port, &message)));
        }
    }
    lines.text()
}

/// A week in which nothing happened.
fn quiet(scene: &mut Scene) -> String {
    let mut lines = Lines::default();
    let hosts: Vec<String> =
        scene.machines(System::Linux).iter().take(12).filter_map(|t| t.host.clone()).collect();
    for host in &hosts {
        for _ in 0..4 {
            chatter(scene, &mut lines, host, 6);
        }
    }
    lines.text()
}
