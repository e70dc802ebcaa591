//! `serve`: one at a time, a port of its own, a clean end.

use crate::support::Place;
use serde_json::Value as Json;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Stdio};
use std::time::Instant;

struct Serving {
    child: Child,
    said: Json,
}

impl Serving {
    fn start(place: &Place) -> Self {
        let mut child = place
            .command(&["serve", "--port", "0", "--json"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut text = String::new();
        for line in BufReader::new(child.stdout.take().unwrap()).lines() {
            let line = line.unwrap();
            text.push_str(&line);
            if line == "}" {
                break;
            }
        }
        let said = serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e}: {text}"));
        Self { child, said }
    }
    fn get(&self, path: &str) -> String {
        let mut stream = TcpStream::connect(self.said["listen"].as_str().unwrap()).unwrap();
        write!(stream, "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        answer
    }
    /// Asks it to end, as a service manager would.
    fn end(mut self) -> Option<i32> {
        let id = self.child.id().to_string();
        assert!(std::process::Command::new("kill").args(["-TERM", &id]).status().unwrap().success());
        self.child.wait().unwrap().code()
    }
}

#[test]
fn one_serves_and_the_second_is_told_who_does() {
    let place = Place::new();
    let begun = Instant::now();
    let serving = Serving::start(&place);
    eprintln!("first start took {:?}", begun.elapsed());
    let link = serving.said["first_start_link"].as_str().unwrap().to_owned();
    assert!(link.starts_with("http://localhost:") && link.contains("/link/"));
    assert!(serving.get("/").starts_with("HTTP/1.1 "), "it answers");
    let path = &link[link.find("/link/").unwrap()..];
    assert!(serving.get(path).starts_with("HTTP/1.1 200"), "{}", serving.get(path));

    let second = place.json(3, &["serve", "--port", "0"]);
    assert_eq!(second["error"]["code"], "in_use");
    let id = format!("process {}", serving.child.id());
    let message = second["error"]["message"].as_str().unwrap();
    assert!(message.contains(&id) && message.contains("http://localhost:"), "{message}");
    assert_eq!(place.run(&["restore", "/dev/null"]).exit, 3, "nor is anything restored over it");

    let doctor = place.json(0, &["doctor"]);
    assert_eq!(doctor["ok"], true, "{doctor}");
    assert_eq!(serving.end(), Some(0));

    // The end signed the log, and the lock went with the process.
    let begun = Instant::now();
    let again = Serving::start(&place);
    eprintln!("second start took {:?}", begun.elapsed());
    assert_ne!(again.said["first_start_link"], Json::from(link), "a new link each time");
    assert_eq!(again.end(), Some(0));
    let verified = place.json(0, &["verify"]);
    assert!(verified["ok"] == true && verified["report"]["heads"].as_u64().unwrap() >= 1, "{verified}");
}

#[test]
fn a_taken_port_is_said_before_anything_is_made() {
    let place = Place::new();
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let object = place.json(3, &["serve", "--port", &port]);
    assert_eq!(object["error"]["code"], "port_taken");
    assert!(object["error"]["message"].as_str().unwrap().contains(&port));
    assert!(object["error"]["remedy"].as_str().unwrap().contains("--port"));
    assert!(!place.at("data/wardkeep.db").exists());
}
