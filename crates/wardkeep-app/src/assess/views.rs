//! What an assessment stored, as plain views: the chain from a control's number down to the log line.
//!
//! Log records and report rows belong to no register. They are shown to whoever comes from a record or an
//! observation that they may see and that really rests on them, and to whoever may view log records, or evidence,
//! of the whole organisation. Everybody else finds nothing there.

mod alert;
mod basis;
mod control;
mod event;
mod evidence;
mod explain;
mod facts;
mod finding;
mod judged;
mod observation;
mod overview;
mod report;
mod row;
mod why;

pub use alert::{AlertChain, AlertEvent, RuleView};
pub use basis::{BasisKind, BasisView};
pub use control::{ControlTrend, Judged};
pub use event::LogEventView;
pub use evidence::{FileState, FilesAsk, FilesView, ReadFile};
pub use explain::Explained;
pub(crate) use explain::{explained, explained_event};
pub use finding::{DeadlineView, FindingChain, SeenIn};
pub use observation::{ObservationHead, ObservationView, SubjectView};
pub use overview::PostureView;
pub use report::{ReportAsk, ReportRow, ReportView, RowView};
pub use wardkeep_assure::{Effect, Instant, Kind as TestKind, Lift, Method, Reason, TestEffect, TestRules};
pub use wardkeep_detect::{Explanation, Outcome as StepOutcome, Step};
pub use why::{WhyControl, WhyTest};

use crate::{App, Ctx, Error, Organisation, Refusal};
use std::sync::LazyLock;
use wardkeep_assure::TestFile;
use wardkeep_register::Verb;
use wardkeep_rights::{Resource, Target, decide};
use wardkeep_types::{Id, Moment};

static TESTS: LazyLock<Result<Vec<TestFile>, String>> =
    LazyLock::new(|| wardkeep_assure::baseline::tests().map_err(|p| format!("tests: {p:?}")));

/// The tests that Wardkeep ships, read once.
fn tests() -> Result<&'static [TestFile], Error> {
    TESTS.as_deref().map_err(Error::fault)
}

/// Whether the actor may view that of the organisation as a whole: what is stored there names no unit.
fn sees_all(ctx: &Ctx, organisation: &Organisation, resource: impl Into<Resource>) -> bool {
    let Some(root) = organisation.units.roots().next() else { return false };
    decide(&ctx.actor, &organisation.units, Verb::View, resource.into(), &Target::of(root, None)).is_ok()
}

/// Whether the actor may view that within a unit.
fn sees_in(ctx: &Ctx, organisation: &Organisation, resource: impl Into<Resource>, unit: Id) -> bool {
    decide(&ctx.actor, &organisation.units, Verb::View, resource.into(), &Target::of(unit, None)).is_ok()
}

/// The two moments of a question (TM-1), from `?as_of=` and `?known_at=`. Days mean their last second; `as_of`
/// alone sets both; nothing asked gives `None`. The future is refused (TM-5).
pub fn instant(now: Moment, as_of: Option<&str>, known_at: Option<&str>) -> Result<Option<Instant>, Refusal> {
    let read = |path: &'static str, text: Option<&str>| -> Result<Option<Moment>, Refusal> {
        let Some(text) = text.map(str::trim).filter(|t| !t.is_empty()) else { return Ok(None) };
        let day =
            |day: wardkeep_types::Date| day.plus_days(1).start().plus_seconds(-1).min(now.max(day.start()));
        let at = text
            .parse::<Moment>()
            .or_else(|e| text.parse().map(day).map_err(|_| e))
            .map_err(|e| Refusal::invalid(path, "invalid", e.0))?;
        if at > now {
            let message = format!("{text} lies in the future; nothing is known of it yet");
            return Err(Refusal::invalid(path, "in_future", message));
        }
        Ok(Some(at))
    };
    let (as_of, known_at) = (read("as_of", as_of)?, read("known_at", known_at)?);
    Ok(match (as_of, known_at) {
        (None, None) => None,
        (Some(as_of), known) => Some(Instant { as_of, known_at: known.unwrap_or(as_of) }),
        (None, Some(known_at)) => Some(Instant { as_of: now, known_at }),
    })
}

/// A SHA-256, or the address of a report within a file, as it may stand in an address.
fn is_address(text: &str) -> bool {
    (32..=64).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_hexdigit() || b == b'-')
}

impl App {
    /// Keys of what is stored whole and never changed: a page that is asked for by a broken one finds nothing.
    fn address(text: &str) -> Result<&str, Error> {
        if is_address(text) { Ok(text) } else { Err(Refusal::NotFound.into()) }
    }
}

#[cfg(test)]
mod tests {
    use super::instant;
    use wardkeep_types::Moment;

    #[test]
    fn one_moment_sets_both_and_the_future_is_refused() {
        let at = |text: &str| text.parse::<Moment>().unwrap();
        let now = at("2026-08-12T10:00:00Z");
        let ask = |as_of, known| instant(now, as_of, known);
        assert_eq!(ask(None, Some(" ")).unwrap(), None);
        let both = ask(Some("2026-03-31"), None).unwrap().unwrap();
        assert_eq!((both.as_of, both.known_at), (at("2026-03-31T23:59:59Z"), at("2026-03-31T23:59:59Z")));
        let two = ask(Some("2026-03-31T12:00:00Z"), Some("2026-05-01")).unwrap().unwrap();
        assert_eq!((two.as_of, two.known_at), (at("2026-03-31T12:00:00Z"), at("2026-05-01T23:59:59Z")));
        assert_eq!(ask(None, Some("2026-05-01")).unwrap().unwrap().as_of, now);
        assert_eq!(ask(Some("2026-08-12"), None).unwrap().unwrap().as_of, now, "today is not the future");
        for (as_of, known) in
            [(Some("2026-08-13"), None), (None, Some("2026-08-12T10:00:01Z")), (Some("soon"), None)]
        {
            assert_eq!(ask(as_of, known).unwrap_err().status(), 422);
        }
    }
}
