//! Letters over real connections: to a small server of our own, and to aiosmtpd where Python has it.

#![allow(clippy::unwrap_used, reason = "a test may fail loudly")]

use std::io::{BufRead as _, BufReader, Read as _};
use std::process::{Command, Stdio};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader as Lines};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use wardkeep_courier::{Letter, MailError, MailSettings, Mailer, Security};

fn letter() -> Letter {
    Letter {
        to: "a.demir@hospital.example".into(),
        name: "Aylin Demir".into(),
        subject: "RSK-0001 Ransomware: changed".into(),
        text: "Jonas Berg changed RSK-0001 Ransomware, which you watch.\n\n.\nÜbrigens\n".into(),
        id: "01981a2b-3c4d-7e5f-8a9b-0c1d2e3f4a5b".into(),
        at: "2026-07-01T08:00:00Z".parse().unwrap(),
    }
}

fn mailer(port: u16) -> Mailer {
    let from = "Wardkeep <wardkeep@hospital.example>".into();
    Mailer::new(&MailSettings {
        host: "127.0.0.1".into(),
        port,
        from,
        account: None,
        security: Security::None,
    })
    .unwrap()
}

/// A server that says `to_recipient` to every recipient and tells what it got after DATA.
async fn server(to_recipient: &'static str) -> (u16, mpsc::UnboundedReceiver<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let (tell, told) = mpsc::unbounded_channel();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let (read, mut write) = stream.into_split();
            let mut lines = Lines::new(read).lines();
            let (mut data, mut got) = (false, String::new());
            write.write_all(b"220 here\r\n").await.unwrap();
            while let Ok(Some(line)) = lines.next_line().await {
                let reply = match line.as_str() {
                    "." if data => {
                        data = false;
                        let _ = tell.send(std::mem::take(&mut got));
                        "250 taken"
                    }
                    _ if data => {
                        got.push_str(line.strip_prefix('.').unwrap_or(&line));
                        got.push('\n');
                        continue;
                    }
                    "DATA" => {
                        data = true;
                        "354 go on"
                    }
                    "QUIT" => "221 bye",
                    line if line.starts_with("RCPT") => to_recipient,
                    _ => "250 fine",
                };
                if write.write_all(format!("{reply}\r\n").as_bytes()).await.is_err() {
                    break;
                }
            }
        }
    });
    (port, told)
}

#[tokio::test]
async fn a_letter_is_handed_in_whole() {
    let (port, mut told) = server("250 fine").await;
    mailer(port).send(&letter()).await.unwrap();
    let got = told.recv().await.unwrap();
    for line in [
        "To: \"Aylin Demir\" <a.demir@hospital.example>",
        "Subject: RSK-0001 Ransomware: changed",
        "Auto-Submitted: auto-generated",
    ] {
        assert!(got.lines().any(|l| l == line), "{line} is missing in\n{got}");
    }
    assert!(got.contains("which you watch."), "{got}");
}

#[tokio::test]
async fn what_may_pass_later_is_told_from_what_never_will() {
    for (reply, passing) in [("550 no such person", false), ("451 busy", true)] {
        let (port, _told) = server(reply).await;
        let error = mailer(port).send(&letter()).await.unwrap_err();
        assert_eq!(error.is_passing(), passing, "{error}");
    }
    let nobody = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap().port();
    let error = mailer(nobody).send(&letter()).await.unwrap_err();
    assert!(matches!(error, MailError::NotNow(_)), "{error}");
}

/// A server by others; `pip install aiosmtpd`. Without it the test says so and ends, except on CI.
#[tokio::test]
async fn another_program_reads_the_letter_as_it_was_meant() {
    let script = r"
import sys
from aiosmtpd.controller import Controller
class Keep:
    async def handle_DATA(self, server, session, envelope):
        from email import message_from_bytes, policy
        m = message_from_bytes(envelope.content, policy=policy.default)
        print(repr((envelope.rcpt_tos, str(m['subject']), m.get_content())), flush=True)
        return '250 taken'
c = Controller(Keep(), hostname='127.0.0.1', port=0)
import socket
s = socket.socket(); s.bind(('127.0.0.1', 0)); c.port = s.getsockname()[1]; s.close()
c.start(); print(c.port, flush=True); sys.stdin.read(); c.stop()
";
    let there =
        Command::new("python3").args(["-c", "import aiosmtpd"]).output().is_ok_and(|o| o.status.success());
    if !there {
        assert!(std::env::var_os("CI").is_none(), "the Python package aiosmtpd is needed here");
        eprintln!("skipped: the Python package aiosmtpd is not installed");
        return;
    }
    let mut child = Command::new("python3")
        .args(["-c", script])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut out = BufReader::new(child.stdout.take().unwrap());
    let mut port = String::new();
    out.read_line(&mut port).unwrap();
    mailer(port.trim().parse().unwrap()).send(&letter()).await.unwrap();
    drop(child.stdin.take());
    let mut said = String::new();
    out.read_to_string(&mut said).unwrap();
    child.wait().unwrap();
    assert!(
        said.contains("['a.demir@hospital.example']") && said.contains("'RSK-0001 Ransomware: changed'"),
        "{said}"
    );
    assert!(said.contains("\\n.\\r\\n") && said.contains("Übrigens"), "{said}");
}
