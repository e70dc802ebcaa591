//! Those who send: several connections, each with its own stretch of numbers and its own clockwork.

use super::lines::{self, Way};
use super::server::pause;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};
use wardkeep_types::{Clock as _, SystemClock};

/// Records in one body or one write.
const TOGETHER: u64 = 500;
/// How long a server may be silent before a connection is made anew.
const PATIENCE: Duration = Duration::from_mins(1);

/// What all senders share.
#[derive(Debug)]
pub struct Plan {
    /// Where HTTP is answered, and the token of the source.
    pub http: (SocketAddr, String),
    /// Where syslog is taken.
    pub tcp: SocketAddr,
    /// Records a second of one connection; nothing means as fast as it goes.
    pub rate: Option<f64>,
    /// For how long is sent.
    pub time: Duration,
    /// Number of the next record.
    pub next: AtomicU64,
    /// Set when the server is gone.
    pub over: AtomicBool,
}

/// What one connection did.
#[derive(Debug, Default)]
pub struct Did {
    /// Records sent, probes among them.
    pub sent: u64,
    /// Records that the server acknowledged.
    pub acknowledged: u64,
    /// Bytes of records, before packing.
    pub bytes: u64,
    /// Bytes on the wire.
    pub wire: u64,
    /// Times the server asked to come back later, or the connection broke.
    pub again: u64,
    /// Milliseconds until each body was acknowledged.
    pub waits: Vec<f64>,
}

/// How bodies are packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packed {
    /// Not.
    Plain,
    /// gzip.
    Gzip,
    /// Zstandard.
    Zstd,
}

impl Packed {
    fn pack(self, text: &str) -> std::io::Result<(Vec<u8>, &'static str)> {
        Ok(match self {
            Self::Plain => (text.as_bytes().to_vec(), ""),
            Self::Gzip => {
                let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
                encoder.write_all(text.as_bytes())?;
                (encoder.finish()?, "Content-Encoding: gzip\r\n")
            }
            Self::Zstd => (zstd::encode_all(text.as_bytes(), 1)?, "Content-Encoding: zstd\r\n"),
        })
    }
}

/// Sends until the time is over.
pub fn run(plan: &Arc<Plan>, way: Way, packed: Packed, probes: bool) -> std::io::Result<Did> {
    let (mut did, mut text) = (Did::default(), String::new());
    let mut line = Connection { to: if way == Way::Http { plan.http.0 } else { plan.tcp }, open: None };
    let begun = Instant::now();
    let mut probed = 0;
    while begun.elapsed() < plan.time && !plan.over.load(Ordering::Relaxed) {
        if let Some(rate) = plan.rate {
            let due = Duration::from_secs_f64(did.sent as f64 / rate);
            if let Some(early) = due.checked_sub(begun.elapsed()).filter(|early| !early.is_zero()) {
                pause(early);
            }
        }
        let first = plan.next.fetch_add(TOGETHER, Ordering::Relaxed);
        let now = SystemClock.now();
        text.clear();
        // A probe a second, last of its body.
        let probe = probes && begun.elapsed().as_secs() >= probed;
        for number in first..first + TOGETHER {
            if probe && number + 1 == first + TOGETHER {
                lines::put_probe(&mut text, way, number, now);
                probed += 1;
            } else {
                lines::put(&mut text, way, number, now);
            }
        }
        did.sent += TOGETHER;
        did.bytes += text.len() as u64;
        match way {
            Way::Http => {
                let (body, header) = packed.pack(&text)?;
                let sent = Instant::now();
                while !plan.over.load(Ordering::Relaxed) {
                    did.wire += body.len() as u64;
                    match line.post(&plan.http.1, &body, header, first) {
                        Ok(200) => {
                            did.acknowledged += TOGETHER;
                            did.waits.push(sent.elapsed().as_secs_f64() * 1e3);
                            break;
                        }
                        _ => did.again += 1,
                    }
                    pause(Duration::from_millis(200));
                }
            }
            Way::Syslog => {
                line.write(text.as_bytes())?;
                did.wire += text.len() as u64;
            }
        }
    }
    Ok(did)
}

struct Connection {
    to: SocketAddr,
    open: Option<BufReader<TcpStream>>,
}

impl Connection {
    fn stream(&mut self) -> std::io::Result<&mut BufReader<TcpStream>> {
        if self.open.is_none() {
            let stream = TcpStream::connect(self.to)?;
            stream.set_read_timeout(Some(PATIENCE))?;
            stream.set_nodelay(true)?;
            self.open = Some(BufReader::new(stream));
        }
        self.open.as_mut().ok_or_else(|| std::io::Error::other("no connection"))
    }
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<()> {
        self.stream()?.get_mut().write_all(bytes)
    }
    /// Posts a body and gives the status. A connection that breaks is made anew by the next call.
    fn post(&mut self, token: &str, body: &[u8], packing: &str, key: u64) -> std::io::Result<u16> {
        let to = self.to;
        let head = format!(
            "POST /api/v1/events HTTP/1.1\r\nHost: {to}\r\nAuthorization: Bearer {token}\r\nIdempotency-Key: bench-{key}\r\n{packing}Content-Length: {}\r\n\r\n",
            body.len()
        );
        let done = self.stream().and_then(|stream| {
            stream.get_mut().write_all(head.as_bytes())?;
            stream.get_mut().write_all(body)?;
            answer(stream)
        });
        if done.is_err() {
            self.open = None;
        }
        done
    }
}

/// Reads one answer and gives its status.
fn answer(stream: &mut BufReader<TcpStream>) -> std::io::Result<u16> {
    let (mut status, mut length, mut row) = (0, 0_u64, String::new());
    loop {
        row.clear();
        if stream.read_line(&mut row)? == 0 {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        }
        let text = row.trim_end();
        if text.is_empty() {
            break;
        }
        if let Some(rest) = text.strip_prefix("HTTP/1.1 ") {
            status = rest.get(..3).and_then(|s| s.parse().ok()).unwrap_or(0);
        } else if let Some((name, value)) = text.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            length = value.trim().parse().map_err(std::io::Error::other)?;
        }
    }
    std::io::copy(&mut stream.by_ref().take(length), &mut std::io::sink())?;
    Ok(status)
}
