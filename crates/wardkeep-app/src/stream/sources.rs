//! The register of log sources: who is known, who turned up by itself, what came from whom.

use crate::auth::Secret;
use crate::records::{Edits, Proposal};
use crate::{App, Ctx, Error, Refusal};
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::sync::Arc;
use subtle::ConstantTimeEq as _;
use wardkeep_register::Value;
use wardkeep_store::{Cell, cells};
use wardkeep_types::event::{Event, TimeQuality};
use wardkeep_types::{Id, Moment};

/// Begins every token of a source, so that it is told apart from other tokens and found by secret scanners.
const MARK: &str = "wksrc_";

/// What came from a source between two checkpoints.
#[derive(Debug, Clone, Default)]
pub(super) struct Tally {
    pub events: u64,
    pub failures: u64,
    pub bytes: u64,
    pub last: Option<Moment>,
    /// Longest time from the event to its receipt, microseconds.
    pub lag: i64,
    first_event: Option<Moment>,
    last_event: Option<Moment>,
}

impl Tally {
    pub fn event(&mut self, event: &Event, received: Moment) {
        self.events += 1;
        if event.time_quality != TimeQuality::Missing {
            self.lag = self.lag.max(received.as_micros() - event.at.as_micros());
            self.first_event = Some(self.first_event.map_or(event.at, |first| first.min(event.at)));
            self.last_event = Some(self.last_event.map_or(event.at, |last| last.max(event.at)));
        }
    }
    /// Whether anything came.
    pub fn is_something(&self) -> bool {
        self.last.is_some() || self.events > 0 || self.failures > 0
    }
    /// Adds what came afterwards.
    pub fn merge(&mut self, later: Self) {
        self.events += later.events;
        self.failures += later.failures;
        self.bytes += later.bytes;
        self.last = self.last.max(later.last);
        self.lag = self.lag.max(later.lag);
        let firsts = [self.first_event, later.first_event];
        self.first_event = firsts.into_iter().flatten().min();
        self.last_event = self.last_event.max(later.last_event);
    }
    pub fn seen(&mut self, received: Moment, bytes: u64) {
        self.last = self.last.max(Some(received));
        self.bytes += bytes;
    }
}

/// The statements that add tallies to the counters.
pub(super) fn tally_rows(tallies: &HashMap<Arc<str>, Tally>, now: Moment) -> Vec<(&'static str, Vec<Cell>)> {
    let mut rows = Vec::new();
    for (source, tally) in tallies {
        let Some(last) = tally.last else { continue };
        let (events, failures) = (tally.events as i64, tally.failures as i64);
        let sql = "INSERT INTO source_state (address, last_seen, events, failures, bytes, lag) VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (address) DO UPDATE SET last_seen = excluded.last_seen, events = source_state.events + excluded.events, failures = source_state.failures + excluded.failures, bytes = source_state.bytes + excluded.bytes, lag = excluded.lag";
        rows.push((
            sql,
            cells![source.to_string(), last, events, failures, tally.bytes as i64, tally.lag.max(0)],
        ));
        let hour = last.as_micros().div_euclid(3_600_000_000);
        let sql = "INSERT INTO source_hour (address, hour, events, failures) VALUES ($1, $2, $3, $4) ON CONFLICT (address, hour) DO UPDATE SET events = source_hour.events + excluded.events, failures = source_hour.failures + excluded.failures";
        rows.push((sql, cells![source.to_string(), hour, events, failures]));
        // Live sources are evidence too: the newest record says what "now" is.
        let (first, newest) = (tally.first_event.unwrap_or(last), tally.last_event.unwrap_or(last));
        let sql = "INSERT INTO evidence_file (sha256, path, format, size, rows, first_at, last_at, read_at, state, problems, live) VALUES ($1, $2, 'live', $3, $4, $5, $6, $7, 'read', '', 1) ON CONFLICT (sha256, path) DO UPDATE SET size = evidence_file.size + excluded.size, rows = evidence_file.rows + excluded.rows, last_at = CASE WHEN evidence_file.last_at > excluded.last_at THEN evidence_file.last_at ELSE excluded.last_at END, read_at = excluded.read_at";
        rows.push((
            sql,
            cells![
                format!("live:{source}"),
                source.to_string(),
                tally.bytes as i64,
                events,
                first,
                newest.min(now),
                now
            ],
        ));
    }
    rows
}

/// A source to be made.
#[derive(Debug, Clone)]
pub struct NewSource {
    /// What people call it.
    pub name: String,
    /// `syslog`, `http` or `file`.
    pub kind: String,
    /// Sender or path; of HTTP the name that stands in its address, made of the name when absent.
    pub address: Option<String>,
    /// Format of its records.
    pub format: Option<String>,
    /// Days that its records are kept.
    pub keep_days: Option<i64>,
    /// Its unit.
    pub unit: Id,
}

/// A source as the command line lists it.
#[derive(Debug, Clone, PartialEq)]
pub struct SourceLine {
    /// `SRC-0001`.
    pub reference: String,
    /// What people call it.
    pub name: String,
    /// By which it is known.
    pub address: String,
    /// Stage.
    pub stage: String,
    /// When its last record came.
    pub last_seen: Option<Moment>,
    /// Records so far.
    pub events: i64,
    /// Of these not understood.
    pub failures: i64,
    /// Longest time from event to receipt lately, microseconds.
    pub lag: i64,
}

impl App {
    /// Makes a source; of HTTP also its token, which is shown this once.
    pub async fn add_source(&self, ctx: &Ctx, new: &NewSource) -> Result<(String, Option<Secret>), Error> {
        let slug: String = new
            .name
            .trim()
            .to_lowercase()
            .chars()
            .map(|c| if c.is_ascii_alphanumeric() { c } else { '-' })
            .collect();
        let address = match (&*new.kind, &new.address) {
            (kind, Some(address)) => format!("{kind}/{address}"),
            ("http", None) => format!("http/{}", slug.trim_matches('-')),
            (kind, None) => {
                let text = format!("say which: --address ADDRESS for {kind}");
                return Err(Refusal::invalid("address", "required", text).into());
            }
        };
        let id = Id::new(ctx.now);
        let mut edits = Edits::from([
            ("name".into(), Value::text(&crate::assess::line_of(&new.name))),
            ("kind".into(), Value::Choice(new.kind.clone())),
            ("address".into(), Value::text(&address)),
        ]);
        if let Some(format) = &new.format {
            wardkeep_intake::Format::from_key(format).ok_or_else(|| {
                Refusal::invalid("format", "unknown", format!("there is no format {format}"))
            })?;
            edits.insert("format".into(), Value::text(format));
        }
        if let Some(days) = new.keep_days {
            edits.insert("keep_days".into(), Value::Int(days));
        }
        let mut proposal = Proposal::add(App::schema("log_source")?, id, new.unit, edits);
        proposal.why = Some("added by hand".into());
        let done = self.write_one(ctx, proposal).await?;
        let approve = Proposal::movement(App::schema("log_source")?, id, None, "approve");
        self.write_one(ctx, approve).await?;
        let token = if new.kind == "http" { Some(self.new_token(id, ctx.now).await?) } else { None };
        Ok((done.reference.to_string(), token))
    }
    /// A new token for a source of HTTP, in place of those it has. Only the program itself, on the console, may.
    pub async fn renew_source_token(&self, ctx: &Ctx, reference: &str) -> Result<Secret, Error> {
        if ctx.person().is_some() {
            return Err(Refusal::Forbidden("tokens of sources are made on the console".into()).into());
        }
        let number = reference.rsplit('-').next().and_then(|n| n.parse::<i64>().ok()).unwrap_or(-1);
        let sql = "SELECT id, kind FROM log_source WHERE ref_number = $1";
        let row = self.db.row(sql, cells![number]).await?.ok_or(Refusal::NotFound)?;
        if row.try_get::<String>("", "kind").map_err(Error::fault)? != "http" {
            return Err(Refusal::NotYet("only sources of HTTP have a token".into()).into());
        }
        self.new_token(Id::from_uuid(row.try_get("", "id").map_err(Error::fault)?), ctx.now).await
    }
    async fn new_token(&self, source: Id, now: Moment) -> Result<Secret, Error> {
        let prefix = &hash(Secret::random().reveal())[..12];
        let secret = Secret::random();
        let token = Secret::given(&format!("{MARK}{prefix}_{}", secret.reveal()));
        let tx = self.db.begin().await?;
        tx.run("DELETE FROM source_token WHERE source_id = $1", cells![source]).await?;
        let sql = "INSERT INTO source_token (prefix, source_id, hash, created_at) VALUES ($1, $2, $3, $4)";
        tx.run(sql, cells![prefix, source, hash(token.reveal()), now]).await?;
        tx.commit().await?;
        Ok(token)
    }
    /// Whether that is how a token of a source begins.
    pub fn is_source_token(bearer: &str) -> bool {
        bearer.starts_with(MARK)
    }
    /// The address of the source whose token it is; `None` when it is unknown or its source is retired.
    pub(super) async fn source_of_token(&self, bearer: &str) -> Result<Option<String>, Error> {
        let Some(prefix) = bearer.strip_prefix(MARK).and_then(|rest| rest.get(..12)) else { return Ok(None) };
        let sql = "SELECT t.hash, s.address FROM source_token t JOIN log_source s ON s.id = t.source_id WHERE t.prefix = $1 AND s.stage <> 'retired'";
        let Some(row) = self.db.row(sql, cells![prefix]).await? else { return Ok(None) };
        let known: String = row.try_get("", "hash").map_err(Error::fault)?;
        let fits: bool = hash(bearer).as_bytes().ct_eq(known.as_bytes()).into();
        let address: String = row.try_get("", "address").map_err(Error::fault)?;
        Ok(fits.then_some(address))
    }
    /// The format of the source of that address. Who is not known is registered as new, up to a number.
    pub(super) async fn source_of(&self, address: &str, unit: Id) -> Result<Option<String>, Error> {
        let sql = "SELECT format FROM log_source WHERE address = $1";
        if let Some(row) = self.db.row(sql, cells![address]).await? {
            return row.try_get::<Option<String>>("", "format").map_err(Error::fault);
        }
        let sql = "SELECT count(*) AS k FROM log_source WHERE stage = 'new'";
        let known: i64 = match self.db.row(sql, cells![]).await? {
            Some(row) => row.try_get("", "k").map_err(Error::fault)?,
            None => 0,
        };
        if known >= self.config.intake.unknown_sources as i64 {
            tracing::warn!(
                address,
                "a sender is not known and too many wait to be approved; its records are kept"
            );
            return Ok(None);
        }
        let (kind, name) = address.split_once('/').unwrap_or(("syslog", address));
        let edits = Edits::from([
            ("name".into(), Value::text(&crate::assess::line_of(name))),
            ("kind".into(), Value::Choice(kind.to_owned())),
            ("address".into(), Value::text(address)),
        ]);
        let ctx = self.intake_ctx();
        let id = crate::assess::id_of("log_source", address);
        let schema = App::schema("log_source")?;
        self.write_one(&ctx, Proposal::add(schema, id, unit, edits).because("it began to send")).await?;
        if kind == "file" {
            // The configuration names it: that is approval.
            self.write_one(&ctx, Proposal::movement(schema, id, None, "approve")).await?;
        }
        Ok(None)
    }
    /// Every source with its counters.
    pub async fn source_lines(&self) -> Result<Vec<SourceLine>, Error> {
        let sql = "SELECT s.ref_number, s.name, s.address, s.stage, c.last_seen, c.events, c.failures, c.lag FROM log_source s LEFT JOIN source_state c ON c.address = s.address ORDER BY s.ref_number LIMIT 10000";
        let rows = self.db.rows(sql, cells![]).await?;
        rows.iter()
            .map(|row| {
                let text = |name: &str| row.try_get::<String>("", name).map_err(Error::fault);
                let int = |name: &str| row.try_get::<Option<i64>>("", name).map_err(Error::fault);
                Ok(SourceLine {
                    reference: format!("SRC-{:04}", int("ref_number")?.unwrap_or(0)),
                    name: text("name")?,
                    address: text("address")?,
                    stage: text("stage")?,
                    last_seen: int("last_seen")?.map(Moment::from_micros),
                    events: int("events")?.unwrap_or(0),
                    failures: int("failures")?.unwrap_or(0),
                    lag: int("lag")?.unwrap_or(0),
                })
            })
            .collect()
    }
}

fn hash(text: &str) -> String {
    hex::encode(Sha256::digest(text.as_bytes()))
}
