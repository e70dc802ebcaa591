//! A real sshd refuses real sign-ins, a real rsyslog forwards its log, and an alert appears.

use crate::program::{Server, command, json, pause};
use std::net::TcpListener;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

fn program(name: &str) -> Option<PathBuf> {
    let folders = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"];
    let found = folders.iter().map(|folder| Path::new(folder).join(name)).find(|path| path.exists());
    if found.is_none() {
        assert!(std::env::var_os("CI").is_none(), "{name} is missing");
        eprintln!("{name} is missing; this test is left out");
    }
    found
}

struct Ended(Child);

impl Drop for Ended {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn free_port() -> u16 {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port()
}

#[test]
fn failed_sign_ins_at_a_real_sshd_become_an_alert() {
    let (Some(sshd), Some(rsyslogd), Some(ssh), Some(keygen)) =
        (program("sshd"), program("rsyslogd"), program("ssh"), program("ssh-keygen"))
    else {
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let at = |name: &str| dir.path().join(name);
    let data = at("data");
    std::fs::create_dir_all(&data).unwrap();
    let (syslog, door) = (free_port(), free_port());
    std::fs::write(
        data.join("wardkeep.toml"),
        format!("[intake]\ntcp = \"127.0.0.1:{syslog}\"\nflush_seconds = 1\n"),
    )
    .unwrap();
    let _server = Server::start(&data);
    let log = at("sshd.log");
    std::fs::write(&log, "").unwrap();
    let config = format!(
        "global(workDirectory=\"{work}\")\nmodule(load=\"imfile\" PollingInterval=\"1\")\ninput(type=\"imfile\" File=\"{log}\" Tag=\"sshd[4242]:\" Facility=\"authpriv\" Severity=\"info\")\n*.* action(type=\"omfwd\" target=\"127.0.0.1\" port=\"{syslog}\" protocol=\"tcp\" action.resumeInterval=\"1\")\n",
        work = dir.path().display(),
        log = log.display(),
    );
    std::fs::write(at("rsyslog.conf"), config).unwrap();
    let _rsyslog = Ended(
        Command::new(rsyslogd)
            .args([
                "-n",
                "-f",
                at("rsyslog.conf").to_str().unwrap(),
                "-i",
                at("rsyslog.pid").to_str().unwrap(),
            ])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap(),
    );
    // A service that has long been running: what is written while it starts, this one may not see.
    while !at("rsyslog.pid").exists() {
        pause(50);
    }
    pause(2_000);
    let key = at("host_key");
    assert!(
        Command::new(&keygen)
            .args(["-q", "-t", "ed25519", "-N", "", "-f", key.to_str().unwrap()])
            .status()
            .unwrap()
            .success()
    );
    let config = format!(
        "Port {door}\nListenAddress 127.0.0.1\nHostKey {}\nPidFile none\nUsePAM no\nPasswordAuthentication yes\nMaxAuthTries 20\nStrictModes no\nLogLevel VERBOSE\n",
        key.display()
    );
    std::fs::write(at("sshd_config"), config).unwrap();
    // The password that a stranger would try, given without a terminal.
    let answer = at("answer.sh");
    std::fs::write(&answer, "#!/bin/sh\necho guessed\n").unwrap();
    std::fs::set_permissions(&answer, std::fs::Permissions::from_mode(0o700)).unwrap();
    // Debian's sshd wants this folder; without the right to make it there is no sshd to test with.
    let _ = std::fs::create_dir_all("/run/sshd");
    let errors = std::fs::OpenOptions::new().append(true).open(&log).unwrap();
    let mut sshd = Ended(
        Command::new(sshd)
            .args(["-D", "-e", "-f", at("sshd_config").to_str().unwrap()])
            .stderr(errors)
            .spawn()
            .unwrap(),
    );
    for _ in 0..50 {
        if std::fs::read_to_string(&log).unwrap().contains("Server listening") {
            break;
        }
        pause(100);
    }
    assert!(sshd.0.try_wait().unwrap().is_none(), "sshd ended: {}", std::fs::read_to_string(&log).unwrap());
    // Two connections: newer servers shut out an address that fails in many.
    for n in 0..2 {
        let options = [
            "StrictHostKeyChecking=no",
            "UserKnownHostsFile=/dev/null",
            "ConnectTimeout=5",
            "PreferredAuthentications=password",
            "PubkeyAuthentication=no",
            "NumberOfPasswordPrompts=8",
        ];
        let tried = Command::new(&ssh)
            .args(["-p", &door.to_string()])
            .args(options.iter().flat_map(|option| ["-o", option]))
            .args([&format!("nobody{n}@127.0.0.1"), "true"])
            .env("HOME", dir.path())
            .env("SSH_ASKPASS", &answer)
            .env("SSH_ASKPASS_REQUIRE", "force")
            .env("DISPLAY", ":none")
            .stdin(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .unwrap();
        assert!(!tried.success());
    }
    let refused = std::fs::read_to_string(&log).unwrap();
    assert!(refused.matches("Failed password for ").count() >= 10, "sshd said: {refused}");
    let tried = Instant::now();
    while !alerts(&data).contains("Many failed SSH logons from one address") {
        assert!(tried.elapsed() < Duration::from_mins(1), "no alert; sshd said: {refused}");
        pause(50);
    }
    println!("an alert {:.2} s after the last failed sign-in", tried.elapsed().as_secs_f64());
    // Every sign-in that it names is shown in full, also those that had gone to their files before.
    let (named, bare) = copies(&data);
    assert!(named >= 10 && bare == 0, "{bare} of {named} records have no copy");
    let sources = json(&data, &["source", "list"]);
    let sources = sources["sources"].as_array().unwrap();
    assert!(
        sources.iter().any(|s| s["address"].as_str().is_some_and(|a| a.starts_with("syslog/"))),
        "{sources:?}"
    );
}

/// Records that the alert names, and how many of them have no copy beside it.
fn copies(data: &Path) -> (usize, usize) {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let target = wardkeep_store::Target::File(data.join("wardkeep.db"));
        let db = wardkeep_store::Db::open(&target).await.unwrap();
        let sql = "SELECT e.raw FROM alert_event e JOIN alert a ON a.id = e.alert_id WHERE a.name = $1";
        let name = "Many failed SSH logons from one address";
        let rows = db.rows(sql, wardkeep_store::cells![name]).await.unwrap();
        let bare = rows.iter().filter(|row| row.try_get::<String>("", "raw").unwrap().is_empty());
        (rows.len(), bare.count())
    })
}

/// All alerts, as a table that another process exports.
fn alerts(data: &Path) -> String {
    let ran = command(data, &["export", "--register", "alerts", "-o", "-"]).output().unwrap();
    String::from_utf8(ran.stdout).unwrap()
}
