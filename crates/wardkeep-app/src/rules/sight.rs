//! Which log sources really arrive: a rule whose log source nobody gives is blind, however active it is (DE-2).

use crate::{App, Error};
use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use wardkeep_store::{Cell, cells};
use wardkeep_types::Moment;
use wardkeep_types::event::{Event, LogSource};

/// Events, first and last time.
type Span = (u64, Moment, Moment);

/// Counts events by log source, cheaply: one look-up an event.
#[derive(Debug, Clone, Default)]
pub struct SeenSources {
    sets: HashMap<Arc<[LogSource]>, Span>,
    /// Sets that came as this allocation, which they hold: events of one kind share it.
    by_place: HashMap<usize, (Arc<[LogSource]>, Span), ahash::RandomState>,
}

/// Allocations of sets that are known at a time.
const PLACES: usize = 1_024;

/// Of no event yet.
const NONE: Span = (0, Moment::from_micros(i64::MAX), Moment::from_micros(i64::MIN));

fn join(span: &mut Span, other: Span) {
    *span = (span.0 + other.0, span.1.min(other.1), span.2.max(other.2));
}

impl SeenSources {
    /// Takes an event in, log sources filled. Times after `now` are not believed.
    pub fn add(&mut self, event: &Event, now: Moment) {
        let at = event.at.min(now);
        let place = event.logsources.as_ptr() as usize;
        if self.by_place.len() >= PLACES && !self.by_place.contains_key(&place) {
            for (_, (set, span)) in self.by_place.drain() {
                join(self.sets.entry(set).or_insert(NONE), span);
            }
        }
        let (_, span) = self.by_place.entry(place).or_insert_with(|| (event.logsources.clone(), NONE));
        join(span, (1, at, at));
    }
    fn single(&self) -> HashMap<&LogSource, Span> {
        let mut single: HashMap<&LogSource, Span> = HashMap::new();
        let here = self.by_place.values().map(|(set, span)| (set, span));
        for (set, span) in self.sets.iter().chain(here) {
            for source in set.iter() {
                join(single.entry(source).or_insert(NONE), *span);
            }
        }
        single
    }
    /// The statements that add this to what is known.
    pub(crate) fn statements(&self) -> Vec<(String, Vec<Cell>)> {
        let sql = "INSERT INTO log_source_seen (source, events, first_at, last_at) VALUES ($1, $2, $3, $4) ON CONFLICT (source) DO UPDATE SET events = log_source_seen.events + excluded.events, first_at = CASE WHEN excluded.first_at < log_source_seen.first_at THEN excluded.first_at ELSE log_source_seen.first_at END, last_at = CASE WHEN excluded.last_at > log_source_seen.last_at THEN excluded.last_at ELSE log_source_seen.last_at END";
        let mut all: Vec<_> = self.single().into_iter().collect();
        all.sort_by(|a, b| a.0.cmp(b.0));
        let row = |(source, (count, first, last)): (&LogSource, Span)| {
            (sql.to_owned(), cells![said(source), count as i64, first, last])
        };
        all.into_iter().map(row).collect()
    }
}

/// A log source in words that can be read back: `product windows, category process_creation`.
pub(crate) fn said(source: &LogSource) -> String {
    let parts = [("product", &source.product), ("category", &source.category), ("service", &source.service)];
    let said: Vec<String> =
        parts.iter().filter_map(|(name, part)| Some(format!("{name} {}", part.as_deref()?))).collect();
    said.join(", ")
}

/// Reads what [`said`] wrote.
pub(crate) fn heard(text: &str) -> LogSource {
    let mut source = LogSource::default();
    for part in text.split(", ") {
        let Some((name, value)) = part.split_once(' ') else { continue };
        let place = match name {
            "product" => &mut source.product,
            "category" => &mut source.category,
            "service" => &mut source.service,
            _ => continue,
        };
        *place = Some(Arc::from(value));
    }
    source
}

impl App {
    /// Adds to what is known of log sources that arrive; for whoever stores events.
    pub async fn note_sources(&self, seen: &SeenSources) -> Result<(), Error> {
        let tx = self.db.begin().await?;
        for (sql, values) in seen.statements() {
            tx.run(&sql, values).await?;
        }
        Ok(tx.commit().await?)
    }
    /// The log sources of which records arrived at or after a moment.
    pub async fn sources_seen(&self, since: Moment) -> Result<BTreeSet<LogSource>, Error> {
        let sql = "SELECT source FROM log_source_seen WHERE last_at >= $1";
        let rows = self.db.rows(sql, cells![since]).await?;
        rows.iter()
            .map(|row| row.try_get::<String>("", "source").map(|said| heard(&said)).map_err(Error::fault))
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::{SeenSources, heard, said};
    use std::sync::Arc;
    use wardkeep_types::Moment;
    use wardkeep_types::event::{Dialect, Event, LogSource};

    #[test]
    fn log_sources_are_counted_and_read_back() {
        let source = |category: &str| LogSource {
            product: Some("windows".into()),
            category: Some(category.into()),
            service: None,
        };
        let mut seen = SeenSources::default();
        for n in 0..3 {
            let mut event = Event::new(Dialect::Windows, Arc::from("a"), n, "x");
            event.at = Moment::EPOCH.plus_seconds(n as i64);
            event.logsources = if n == 0 { [source("a")].into() } else { [source("a"), source("b")].into() };
            seen.add(&event, Moment::EPOCH.plus_seconds(1));
        }
        let single = seen.single();
        assert_eq!(single[&source("a")].0, 3);
        assert_eq!(single[&source("b")], (2, Moment::EPOCH.plus_seconds(1), Moment::EPOCH.plus_seconds(1)));
        assert_eq!(seen.statements().len(), 2);
        assert_eq!(said(&source("a")), "product windows, category a");
        assert_eq!(heard(&said(&source("a"))), source("a"));
        assert_eq!(heard(""), LogSource::default());
    }
}
