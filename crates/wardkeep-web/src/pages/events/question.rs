//! The question of a page: the search as it was typed, a period beside it, and where in the answer one is.

use super::super::address::Address;
use super::super::reader::Reader;
use crate::words::words;
use wardkeep_events::search::{Expr, Search, SearchError, When, Window};
use wardkeep_types::event::EventId;
use wardkeep_types::{Length, Moment};

/// Periods that are one click away.
pub const PERIODS: [&str; 5] = ["1h", "24h", "7d", "30d", ""];

/// What a page was asked.
pub struct Question {
    /// As it was typed.
    pub typed: String,
    /// The period beside it; empty is all time.
    pub period: String,
    /// What it means.
    pub read: Result<Search, SearchError>,
    /// The last event of the page before.
    pub after: Option<(Moment, EventId)>,
}

impl Question {
    /// Reads the address.
    pub fn of(reader: &Reader) -> Self {
        let typed = reader.asked("q").unwrap_or_default().trim().to_owned();
        let asked = reader.asked("last").unwrap_or_default();
        let period = PERIODS.iter().find(|period| **period == asked).copied().unwrap_or_default();
        let after = reader.asked("after").and_then(|text| {
            let (at, id) = text.split_once('-')?;
            let mut bytes = [0; 16];
            if id.len() != 32 || !id.is_ascii() {
                return None;
            }
            for (i, byte) in bytes.iter_mut().enumerate() {
                *byte = u8::from_str_radix(&id[2 * i..2 * i + 2], 16).ok()?;
            }
            Some((Moment::from_micros(at.parse().ok()?), EventId(bytes)))
        });
        Self { read: typed.parse(), typed, period: period.to_owned(), after }
    }
    /// The search with the period, unless the search has its own.
    pub fn search(&self) -> Result<Search, &SearchError> {
        let mut search = match &self.read {
            Ok(search) => search.clone(),
            Err(error) => return Err(error),
        };
        if search.window == Window::default()
            && let Ok(length) = self.period.parse::<Length>()
        {
            search.window.from = Some(When::Ago(length));
        }
        Ok(search)
    }
    /// The page of the same question with another search.
    pub fn with(&self, search: &Search) -> String {
        self.page(&search.to_string())
    }
    /// The page with one more condition.
    pub fn narrowed(&self, more: Expr) -> String {
        match &self.read {
            Ok(search) => self.with(&search.clone().and(more)),
            Err(_) => self.page(&self.typed),
        }
    }
    /// The page of that text and this period.
    pub fn page(&self, typed: &str) -> String {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        Address::new(super::EVENTS, &[pair("q", typed), pair("last", &self.period)]).to_string()
    }
    /// The same question at another address of ours.
    pub fn at(&self, path: &str) -> String {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        Address::new(path, &[pair("q", &self.typed), pair("last", &self.period)]).to_string()
    }
}

/// What people read for a period.
pub fn period_name(period: &str) -> &'static str {
    match period {
        "1h" => words("events.last_1h"),
        "24h" => words("events.last_24h"),
        "7d" => words("events.last_7d"),
        "30d" => words("events.last_30d"),
        _ => words("events.all_time"),
    }
}
