//! Tasks: what somebody has to do, once or again and again.

use crate::checks::{is_over, only, owned, recurrence_fits};
use crate::choices::Level;
use crate::{Asset, Control, Evidence, Finding, Incident, Person, Policy, Risk, Supplier};
use wardkeep_register::prelude::*;

/// Something that one person has to do.
#[derive(Record)]
pub struct Task {
    /// What is to be done.
    #[field(title)]
    pub name: Line,
    /// How, and when it counts as done.
    pub details: Markdown,
    /// What it serves.
    #[field(list, filter)]
    pub kind: TaskKind,
    /// Who does it.
    #[field(list, filter)]
    pub owner: Option<Link<Person>>,
    /// How much it matters.
    #[field(list, filter)]
    pub priority: Level,
    /// Until when.
    #[field(list, due)]
    pub due: Option<Date>,
    /// Until when exactly, if the hour matters.
    pub due_at: Option<Moment>,
    /// When it comes again, as a rule of RFC 5545 such as FREQ=MONTHLY;BYMONTHDAY=31.
    pub recurrence: Option<Line>,
    /// From where the next time is counted.
    pub anchor: Anchor,
    /// How long before it is due people are told.
    pub lead_time: Option<Length>,
    /// It is done only when evidence is attached.
    #[field(list, filter)]
    pub evidence_wanted: bool,
    /// What shows that it was done.
    pub evidence: Links<Evidence>,
    /// Tasks that come first.
    pub depends_on: Links<Task>,
    /// The incident waits for it.
    pub blocks_move: bool,
    /// The incident it belongs to.
    pub incident: Option<Link<Incident>>,
    /// Controls it serves.
    pub controls: Links<Control>,
    /// Risks it makes smaller.
    pub risks: Links<Risk>,
    /// Findings it closes.
    pub findings: Links<Finding>,
    /// Policies it is about.
    pub policies: Links<Policy>,
    /// Assets it is about.
    pub assets: Links<Asset>,
    /// Suppliers it is about.
    pub suppliers: Links<Supplier>,
    /// What came of it.
    pub outcome: Markdown,
    /// When it was done.
    #[field(computed)]
    pub done_at: Option<Moment>,
}

/// What tasks serve.
#[derive(Debug, Clone, Copy, PartialEq, Choice)]
pub enum TaskKind {
    /// Any piece of work.
    Work,
    /// Something must be looked at again.
    Review,
    /// A trace of a control must be kept.
    EvidenceCollection,
    /// A weakness or its cause must go.
    CorrectiveAction,
    /// Who may do what must be looked at.
    AccessReview,
    /// Part of handling an incident.
    Response,
    /// Something must be read, learned or confirmed.
    Training,
}

/// From where the next time is counted.
#[derive(Debug, Clone, Copy, PartialEq, Choice)]
pub enum Anchor {
    /// From the calendar, however late the last one was.
    Fixed,
    /// From the day the last one was done.
    AfterCompletion,
}

/// Life of a task.
#[derive(Clone, Copy, PartialEq, Stages)]
pub enum Stage {
    /// Waiting to be begun.
    #[open]
    ToDo,
    /// Begun.
    #[open]
    Doing,
    /// Something is in the way.
    #[open]
    Blocked,
    /// Done.
    #[done]
    Done,
    /// Not needed this time.
    #[done]
    Skipped,
    /// Its day went by; the next one still comes.
    #[done]
    Missed,
}

use Stage::{Blocked, Doing, Done, Missed, Skipped, ToDo};

impl Register for Task {
    type Stage = Stage;
    const NAMES: Names = Names { one: "task", many: "tasks", prefix: "TSK", area: Area::Govern, key: "task" };
    const NEED_TO_KNOW: bool = true;
    const MOVES: &'static [Move<Self>] = &[
        Move::new("start", &[ToDo, Blocked], Doing).only_if(is_owned),
        Move::new("block", &[ToDo, Doing], Blocked).with_reason(),
        Move::new("finish", &[ToDo, Doing], Done).only_if(is_shown),
        Move::new("skip", &[ToDo, Doing, Blocked], Skipped).with_reason(),
        Move::new("miss", &[ToDo, Doing, Blocked], Missed).only_if(day_went_by),
        Move::new("reopen", &[Done, Skipped], ToDo).with_reason(),
    ];

    fn check(&self, stage: Stage, problems: &mut Problems) {
        let rule_fine = self.recurrence.as_ref().is_none_or(|r| recurrence_fits(r.as_str()));
        problems.require(
            rule_fine,
            "recurrence",
            "invalid",
            "write the rule as FREQ=MONTHLY;BYMONTHDAY=31, at most daily",
        );
        let anchored = self.recurrence.is_none() || self.due.is_some();
        problems.require(anchored, "due", "required", "a task that comes again needs its first day");
        let same_day = self.due.zip(self.due_at).is_none_or(|(day, at)| at.date().days_since(day).abs() <= 1);
        problems.require(
            same_day,
            "due_at",
            "contradiction",
            "the hour lies on another day than the due date",
        );
        let placed = !self.blocks_move || self.incident.is_some();
        problems.require(placed, "incident", "required", "name the incident that waits for it");
        let shown = stage != Done || !self.evidence_wanted || !self.evidence.is_empty();
        problems.require(shown, "evidence", "required", "this task is done when its evidence is there");
    }
}

fn is_owned(task: &Task, _: &GuardContext) -> Result<(), Refused> {
    owned(task.owner)
}

fn is_shown(task: &Task, context: &GuardContext) -> Result<(), Refused> {
    is_owned(task, context)?;
    only(!task.evidence_wanted || !task.evidence.is_empty(), "attach the evidence that this task asks for")
}

fn day_went_by(task: &Task, context: &GuardContext) -> Result<(), Refused> {
    is_over(task.due, "the due date", context)
}

#[cfg(test)]
mod tests {
    use super::Task;
    use crate::testing::{ID, sample};

    #[test]
    fn done_means_shown_and_missed_means_late() {
        let asked =
            sample::<Task>().refuses("start", "answers").with("owner", ID).with("evidence_wanted", "yes");
        asked.refuses("finish", "attach the evidence").with("evidence", ID).allows("finish");
        sample::<Task>()
            .with("due", "2026-06-01")
            .refuses("miss", "wait until")
            .with("due", "2026-05-31")
            .allows("miss");
    }

    #[test]
    fn rules_days_and_hours_agree() {
        sample::<Task>().with("recurrence", "every month").with("due", "2026-06-30").fails_in("recurrence");
        sample::<Task>().with("recurrence", "FREQ=MONTHLY").fails_in("due");
        let hour = sample::<Task>().with("due", "2026-06-30");
        hour.with("due_at", "2026-07-09T08:00:00Z").fails_in("due_at");
        sample::<Task>().at("done").with("evidence_wanted", "yes").fails_in("evidence");
    }
}
