//! The portals: access logs in the combined form, and the patient portal's own log.

use super::scene::{DAY, Lines, SCANNER, Scene};
use super::{Made, pack};
use crate::Error;
use serde_json::json;
use wardkeep_types::Moment;

#[rustfmt::skip] // one row a line
const BROWSERS: [&str; 4] = [
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0.0.0 Safari/537.36",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_6 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.6 Mobile/15E148 Safari/604.1",
    "Mozilla/5.0 (X11; Linux x86_64; rv:132.0) Gecko/20100101 Firefox/132.0",
    "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/129.0.0.0 Mobile Safari/537.36",
];

pub(super) fn files(scene: &mut Scene) -> Result<Vec<Made>, Error> {
    let (patients, members, own) = (patients(scene), members(scene), own(scene));
    Ok(vec![
        Made::new("web/portal-access.log", "web_access", patients),
        Made::new("web/members-access.log.zst", "zstd", pack::zstd(members.as_bytes())?),
        Made::new("web/portal-app.ndjson", "json", own),
    ])
}

fn hit(lines: &mut Lines, at: Moment, from: &str, request: &str, status: u16, bytes: i64, agent: &str) {
    let time = at.timestamp().strftime("%d/%b/%Y:%H:%M:%S +0000");
    lines.push(at, format!("{from} - - [{time}] \"{request} HTTP/1.1\" {status} {bytes} \"-\" \"{agent}\""));
}

fn visitors(scene: &mut Scene, lines: &mut Lines, pages: &[&str], count: usize) {
    for _ in 0..count {
        let (at, page, browser) = (scene.lately(6), *scene.random.pick(pages), *scene.random.pick(&BROWSERS));
        let from = format!("198.51.100.{}", 1 + scene.random.below(60));
        let status = if scene.random.chance(4) { 404 } else { 200 };
        let bytes = scene.random.between(300, 48_000);
        hit(lines, at, &from, &format!("GET {page}"), status, bytes, browser);
    }
}

/// Ordinary visitors, and a scanner that tries what scanners try.
fn patients(scene: &mut Scene) -> String {
    let mut lines = Lines::default();
    let count = scene.many(350, 9_000);
    visitors(
        scene,
        &mut lines,
        &[
            "/",
            "/login",
            "/appointments",
            "/letters",
            "/letters/48211",
            "/results",
            "/static/app.css",
            "/static/app.js",
            "/help",
        ],
        count,
    );
    let begin = scene.ago(2 * DAY + 14_000);
    const TRIES: [&str; 8] = [
        "GET /letters?id=1%27%20OR%20%271%27=%271",
        "GET /results?sort=name+UNION+SELECT+1,2,table_name+FROM+information_schema.tables",
        "GET /static/../../../../etc/passwd",
        "GET /download?file=..%2f..%2f..%2fetc%2fpasswd",
        "GET /.git/config",
        "GET /wp-login.php",
        "GET /admin",
        "POST /login",
    ];
    for n in 0..scene.many(40, 400) {
        let at = begin.plus_seconds(n as i64 * 2);
        let status = if n % 8 == 7 { 401 } else { 404 };
        hit(&mut lines, at, SCANNER, TRIES[n % 8], status, 153, "sqlmap/1.8#stable (https://sqlmap.org)");
    }
    lines.text()
}

/// The member portal, where an uploaded script answered.
fn members(scene: &mut Scene) -> String {
    let mut lines = Lines::default();
    let count = scene.many(200, 5_000);
    visitors(scene, &mut lines, &["/", "/sign-in", "/claims/new", "/claims", "/policies", "/brokers"], count);
    let begin = scene.ago(3 * DAY + 30_000);
    hit(&mut lines, begin, SCANNER, "POST /claims/upload", 200, 61, BROWSERS[2]);
    for (n, command) in ["whoami", "id", "uname%20-a", "cat%20/etc/passwd"].into_iter().enumerate() {
        let at = begin.plus_seconds(20 + n as i64 * 31);
        hit(
            &mut lines,
            at,
            SCANNER,
            &format!("GET /uploads/invoice-8841.php?cmd={command}"),
            200,
            120 + n as i64,
            BROWSERS[2],
        );
    }
    lines.text()
}

/// What the portal itself notes, one JSON object a line.
fn own(scene: &mut Scene) -> String {
    let mut lines = Lines::default();
    const ACTIONS: [&str; 5] =
        ["sign_in", "result_viewed", "letter_downloaded", "appointment_booked", "sign_out"];
    for n in 0..scene.many(80, 2_000) {
        let (at, action) = (scene.lately(6), *scene.random.pick(&ACTIONS));
        let outcome = if n % 23 == 4 { "failure" } else { "success" };
        let row = json!({
            "timestamp": at, "service": "patient-portal", "host": "portal-app01.tarnwald.example", "action": action, "outcome": outcome,
            "user": format!("patient-{}", 20_000 + scene.random.below(9_000)), "source": {"ip": format!("198.51.100.{}", 1 + scene.random.below(60))},
        });
        lines.push(at, row.to_string());
    }
    lines.text()
}
