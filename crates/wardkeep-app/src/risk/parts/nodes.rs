//! How threats become loss events, where the rate itself is not estimated, and what own incidents say about either.

use super::super::load::Held;
use super::pool::Pool;
use super::{WEIGHT, chance, sourced};
use wardkeep_registers::estimate::{About, Shape};
use wardkeep_registers::{Incident, RiskEstimate};
use wardkeep_risk::model::{Incidents, Nodes, Scenario as Part, ShareSpec, Sourced};
use wardkeep_types::{Date, Id, Moment};

/// Days of a year, for exposure.
const YEAR: f64 = 365.25;

/// An estimate of a chance, or of what one side has from 0 to 1.
pub(super) fn share(estimate: &Held<RiskEstimate>) -> Option<Sourced<ShareSpec>> {
    let e = &estimate.record;
    let spec = match (e.chance_range(), e.shape) {
        (Some((low, mode, high)), Shape::ThreePoints) if low < high => {
            ShareSpec::Pert { low: low.ratio(), mode: mode.ratio(), high: high.ratio(), weight: WEIGHT }
        }
        (Some((low, _, high)), Shape::Interval) => {
            ShareSpec::Interval { p05: low.ratio(), p95: high.ratio() }
        }
        _ => ShareSpec::Chance { probability: chance(e.chance?) },
    };
    Some(sourced(spec, estimate))
}

/// The nodes that were estimated.
pub(super) fn nodes(pool: &Pool<'_>) -> Option<Nodes> {
    let found = Nodes {
        threat_events: pool.rate(About::ThreatEvents),
        contacts: pool.rate(About::Contacts),
        action: pool.share(About::Action),
        vulnerability: pool.share(About::Vulnerability),
        capability: pool.share(About::Capability),
        resistance: pool.share(About::Resistance),
    };
    (!found.entered().is_empty()).then_some(found)
}

/// What is missing before anybody can say how often.
pub(super) fn missing(part: &Part) -> Option<&'static str> {
    let nodes = match (&part.rate, &part.nodes) {
        (Some(_), _) => return None,
        (None, None) => return Some("how often is not estimated"),
        (None, Some(nodes)) if nodes.is_whole() => return None,
        (None, Some(nodes)) => nodes,
    };
    let threat = nodes.threat_events.is_some() || (nodes.contacts.is_some() && nodes.action.is_some());
    Some(if threat {
        "how often is half estimated: vulnerability is missing, or capability and resistance"
    } else {
        "how often is half estimated: threat events are missing, or contacts and action"
    })
}

fn day<T>(value: Option<&Sourced<T>>) -> Option<Date> {
    value?.on.parse().ok()
}

/// When threat events were estimated: the newest answer that counts.
fn threat_stated(nodes: &Nodes) -> Option<Date> {
    day(nodes.threat_events.as_ref()).or_else(|| day(nodes.contacts.as_ref()).max(day(nodes.action.as_ref())))
}

/// When a scenario's rate, or what it is worked out of, was estimated: the newest answer that counts.
pub(in super::super) fn stated(part: &Part) -> Option<Date> {
    if let Some(rate) = &part.rate {
        return day(Some(rate));
    }
    let nodes = part.nodes.as_ref()?;
    let open = day(nodes.vulnerability.as_ref())
        .or_else(|| day(nodes.capability.as_ref()).max(day(nodes.resistance.as_ref())));
    threat_stated(nodes).max(open)
}

/// Own incidents and own near misses since the numbers were estimated: what came before is in the estimates already.
/// Without any incident only whole years of quiet count, so that figures do not drift from day to day. Without any near
/// miss nothing counts: that nobody wrote one down does not say that none happened.
pub(super) fn happened(
    scenario: Id,
    part: &Part,
    incidents: &[Held<Incident>],
    now: Moment,
) -> (Option<Incidents>, Option<Incidents>) {
    let begun = |i: &Held<Incident>| i.record.occurred_at.or(i.record.detected_at).unwrap_or(i.created_at);
    let own = |i: &&Held<Incident>| {
        i.record.scenario.is_some_and(|s| s.id() == scenario)
            && !i.record.is_exercise
            && i.stage != "cancelled"
            && begun(i) <= now
    };
    let count = |since: Date, near: bool| {
        let found = incidents.iter().filter(own).filter(|i| i.record.near_miss == near);
        found.filter(|i| begun(i).date() >= since).count()
    };
    let years = |since: Date| now.date().days_since(since) as f64 / YEAR;
    let seen = |events: usize, years: f64| Incidents {
        events: u32::try_from(events).unwrap_or(u32::MAX),
        years,
        multiplier: 1.0,
    };
    let harm = stated(part).and_then(|since| {
        let events = count(since, false);
        let years = if events == 0 { years(since).floor() } else { years(since).max(1.0 / YEAR) };
        (years > 0.0).then(|| seen(events, years))
    });
    // Beside a rate that was entered directly they change nothing, and are named as ignored.
    let since = part.nodes.as_ref().and_then(threat_stated).or_else(|| stated(part));
    let near = since.and_then(|since| {
        let events = count(since, true);
        (events > 0).then(|| seen(events, years(since).max(1.0 / YEAR)))
    });
    (harm, near)
}
