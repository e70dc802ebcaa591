//! Log sources: who sends us records, how often, and how long it may be silent.

use crate::checks::only;
use crate::{Asset, Person};
use wardkeep_register::prelude::*;

/// A machine, service or file that sends log records.
#[derive(Record)]
pub struct LogSource {
    /// What people call it.
    #[field(title)]
    pub name: Line,
    /// How its records arrive.
    #[field(list, filter)]
    pub kind: SourceKind,
    /// The sender, token or path by which it is known: syslog/10.0.0.7, http/firewalls, file//var/log/auth.log.
    #[field(unique)]
    pub address: Line,
    /// Format of its records, such as syslog or json; each record is judged by its content when this is empty.
    pub format: Option<Line>,
    /// Who answers for it.
    #[field(filter)]
    pub owner: Option<Link<Person>>,
    /// Assets whose records it brings.
    pub assets: Links<Asset>,
    /// What it is and how it is set up.
    pub description: Markdown,
    /// How long it may be silent; worked out from its history when this is empty.
    pub silence_limit: Option<Length>,
    /// Days that its records are kept; as long as their kind when this is empty.
    pub keep_days: Option<i64>,
    /// How long it may be silent, by its own history.
    #[field(computed)]
    pub learned_limit: Option<Length>,
    /// Records in a usual hour, by its own history.
    #[field(list, computed)]
    pub hourly: Option<i64>,
    /// When it sent its last record; brought up to date every hour, the panel beside it shows now.
    #[field(list, computed)]
    pub last_seen: Option<Moment>,
    /// Since when it has been silent for longer than it may.
    #[field(list, computed)]
    pub silent_since: Option<Moment>,
    /// Records that came so far; brought up to date every hour.
    #[field(computed)]
    pub records: Option<i64>,
    /// Records that could not be understood and were kept as they came.
    #[field(computed)]
    pub failures: Option<i64>,
}

/// How records of a source arrive.
#[derive(Debug, Clone, Copy, PartialEq, Choice)]
pub enum SourceKind {
    /// Syslog over UDP, TCP or TLS; known by its address.
    Syslog,
    /// HTTP; known by its token.
    Http,
    /// A file or folder that is followed.
    File,
}

/// Life of a log source.
#[derive(Clone, Copy, PartialEq, Stages)]
pub enum Stage {
    /// Turned up by itself; nobody has looked yet. Its records are kept.
    #[open]
    New,
    /// Known and expected to send.
    #[open]
    Active,
    /// Not expected to send for now; its silence is no alert.
    #[open]
    Paused,
    /// No longer a source; what it sends is refused or kept without being expected.
    #[done]
    Retired,
}

use Stage::{Active, New, Paused, Retired};

impl Register for LogSource {
    type Stage = Stage;
    const NAMES: Names = Names {
        one: "log source",
        many: "log sources",
        prefix: "SRC",
        area: Area::Detect,
        key: "log_source",
    };
    const MOVES: &'static [Move<Self>] = &[
        Move::new("approve", &[New], Active),
        Move::new("pause", &[New, Active], Paused).with_reason().only_if(is_owned),
        Move::new("resume", &[Paused], Active),
        Move::new("retire", &[New, Active, Paused], Retired).needs(Verb::Retire).with_reason(),
        Move::new("reopen", &[Retired], Active).with_reason().only_if(is_owned),
    ];

    fn check(&self, _stage: Stage, problems: &mut Problems) {
        let limit = self.silence_limit.is_none_or(|limit| limit.seconds() >= 60);
        problems.require(limit, "silence_limit", "range", "a source may be silent for a minute at least");
        let kept = self.keep_days.is_none_or(|days| (1..=36_600).contains(&days));
        problems.require(
            kept,
            "keep_days",
            "range",
            "give 1 to 36600 days; empty keeps as long as their kind",
        );
    }
}

fn is_owned(source: &LogSource, _: &GuardContext) -> Result<(), Refused> {
    only(source.owner.is_some(), "name who answers for it first")
}

#[cfg(test)]
mod tests {
    use super::LogSource;
    use crate::testing::{ID, sample};

    #[test]
    fn who_takes_a_source_out_of_sight_answers_for_it() {
        sample::<LogSource>().with("silence_limit", "30s").fails_in("silence_limit");
        sample::<LogSource>().with("keep_days", "0").fails_in("keep_days");
        sample::<LogSource>().refuses("pause", "answers for it").with("owner", ID).allows("pause");
        let source = sample::<LogSource>().at("retired").refuses("reopen", "answers for it");
        source.with("owner", ID).allows("reopen");
    }
}
