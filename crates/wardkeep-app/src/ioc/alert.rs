//! What an indicator found becomes an alert: one for an indicator, a host and a day.

use crate::assess::{AlertDraft, Claim, line_of};
use crate::records::Edits;
use crate::{App, Error};
use std::collections::HashMap;
use std::sync::Arc;
use wardkeep_detect::{AlertKey, Ioc, alert_key};
use wardkeep_register::Value;
use wardkeep_store::{Cell, cells};
use wardkeep_types::event::{Event, EventId};
use wardkeep_types::ioc::IocKind;
use wardkeep_types::{Id, Moment};

/// Events that a draft names.
const EVENTS: usize = 1_000;
/// Events of which a draft keeps a copy.
const SAMPLES: usize = 20;
/// Microseconds of a day.
const DAY: i64 = 86_400_000_000;

/// One event in which an indicator was seen.
pub(crate) struct Sighting<'e> {
    pub ioc: &'e Ioc,
    pub field: &'e str,
    pub id: EventId,
    pub at: Moment,
    /// Host that logged it, or else the source.
    pub group: (&'static str, &'e str),
}

/// Puts an event to the alert of an indicator that is in it, unless it was `counted` there already.
pub(crate) fn add_sighting(
    drafts: &mut HashMap<AlertKey, AlertDraft>,
    ioc: &Ioc,
    field: &str,
    event: &Event,
    counted: impl Fn(&AlertKey) -> bool,
) {
    let group = match event.host.as_deref() {
        Some(host) => ("host", host),
        None => ("source", &*event.source),
    };
    let sighting = Sighting { ioc, field, id: event.id, at: event.at, group };
    if counted(&sighting.key()) {
        return;
    }
    let draft = draft_of(drafts, &sighting);
    if draft.samples.len() < SAMPLES {
        draft.samples.push(crate::assess::sample(event));
    }
}

impl Sighting<'_> {
    fn group(&self) -> Vec<(Arc<str>, Box<str>)> {
        vec![(Arc::from(self.group.0), Box::from(self.group.1))]
    }
    /// The key of the alert of an indicator on a host. Its window is a day, as that of a rule over single events: what
    /// is seen again on the day is the same alert, once more; what is seen later is not lost in one that was closed.
    fn key(&self) -> AlertKey {
        let day = self.at.as_micros().div_euclid(DAY);
        alert_key(&format!("indicator:{}", self.ioc.id), &self.group(), day)
    }
}

/// The draft that a sighting belongs to, with the sighting in it.
pub(super) fn draft_of<'d>(
    drafts: &'d mut HashMap<AlertKey, AlertDraft>,
    sighting: &Sighting<'_>,
) -> &'d mut AlertDraft {
    let Sighting { ioc, field, id, at, .. } = *sighting;
    let key = sighting.key();
    let draft = drafts.entry(key).or_insert_with(|| AlertDraft {
        claim: Claim::Ioc(Arc::new(ioc.clone()), field.into()),
        key,
        group: sighting.group(),
        from: at,
        at,
        count: 0,
        events: Vec::new(),
        samples: Vec::new(),
    });
    draft.from = draft.from.min(at);
    draft.at = draft.at.max(at);
    draft.count += 1;
    if draft.events.len() < EVENTS {
        draft.events.push(id);
    }
    draft
}

/// What an alert says of its indicator.
#[derive(Debug, Clone)]
pub(crate) struct IocFacts {
    reference: String,
    value: String,
    source: String,
    /// Basis points.
    confidence: i64,
    tlp: String,
    note: String,
}

impl App {
    /// What alerts say of these indicators.
    pub(crate) async fn ioc_facts(&self, ids: &[Id]) -> Result<HashMap<Id, IocFacts>, Error> {
        let mut facts = HashMap::new();
        for chunk in ids.chunks(500) {
            let marks: Vec<String> = (1..=chunk.len()).map(|i| format!("${i}")).collect();
            let sql = format!(
                "SELECT id, ref_number, value, source, confidence, tlp, note FROM ioc WHERE id IN ({})",
                marks.join(",")
            );
            let values: Vec<Cell> = chunk.iter().flat_map(|id| cells![*id]).collect();
            for row in self.db.rows(&sql, values).await? {
                let text = |name: &str| row.try_get::<Option<String>>("", name).map_err(Error::fault);
                let int = |name: &str| row.try_get::<Option<i64>>("", name).map_err(Error::fault);
                let id = Id::from_uuid(row.try_get("", "id").map_err(Error::fault)?);
                let found = IocFacts {
                    reference: format!("IND-{:04}", int("ref_number")?.unwrap_or(0)),
                    value: text("value")?.unwrap_or_default(),
                    source: text("source")?.unwrap_or_default(),
                    confidence: int("confidence")?.unwrap_or(0),
                    tlp: text("tlp")?.unwrap_or_else(|| "amber".into()),
                    note: text("note")?.unwrap_or_default(),
                };
                facts.insert(id, found);
            }
        }
        Ok(facts)
    }
}

impl IocFacts {
    /// How bad an alert is: as sure as the indicator's source is.
    fn severity(&self) -> &'static str {
        match self.confidence {
            7_500.. => "high",
            4_000.. => "medium",
            _ => "low",
        }
    }
    /// The fields of a new alert that the indicator gives.
    pub(crate) fn edits(&self, ioc: &Ioc, field: &str, draft: &AlertDraft) -> Edits {
        let what = match ioc.kind {
            IocKind::Ip => "address",
            IocKind::Domain => "host name",
            IocKind::Url => "web address",
            IocKind::Mail => "mail address",
            IocKind::Md5 | IocKind::Sha1 | IocKind::Sha256 => "file",
        };
        let value = self.value.replace('`', "'");
        let mut text = format!(
            "The {what} `{value}` is an indicator of compromise ({}) from {}, who is {} % sure. It was seen in the field `{}`.",
            self.reference,
            if self.source.is_empty() { "nobody named" } else { &self.source },
            self.confidence / 100,
            field.replace('`', "'"),
        );
        if !self.note.trim().is_empty() {
            text.push_str("\n\n");
            text.push_str(self.note.trim());
        }
        let observables: Vec<String> = std::iter::once(self.value.clone())
            .chain(draft.group.iter().map(|(name, value)| format!("{name}: {}", line_of(value))))
            .collect();
        Edits::from([
            ("name".into(), Value::text(&line_of(&format!("Known bad {what} {} seen", self.value)))),
            ("severity".into(), Value::Choice(self.severity().into())),
            ("description".into(), Value::text(&crate::assess::text_of(&text))),
            ("indicator".into(), Value::Link(ioc.id)),
            ("observables".into(), Value::text(&crate::assess::text_of(&observables.join("\n")))),
            ("tlp".into(), Value::Choice(self.tlp.clone())),
        ])
    }
}
