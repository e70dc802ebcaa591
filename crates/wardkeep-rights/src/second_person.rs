//! The second person: who may complete what somebody else asked for (`specs/assurance.md` RO-1, RO-2).

use crate::ActorKind;
use wardkeep_register::Refused;
use wardkeep_types::{Id, Moment};

/// Hours after which single-officer mode lets the asker complete a move (RO-2).
pub const SINGLE_OFFICER_WAIT_HOURS: i64 = 24;

/// What is known when somebody completes a move that needs a second person. People, not accounts: two accounts of
/// one human are one person here.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Approval {
    /// Who asked for the move; `None` when a program did.
    pub asker: Option<Id>,
    /// Who wrote the record.
    pub author: Option<Id>,
    /// Who changed it last since it was asked for, or at all.
    pub last_editor: Option<Id>,
    /// Who wants to complete it.
    pub approver: Option<Id>,
    /// What sort of actor that is.
    pub approver_kind: ActorKind,
    /// When it was asked for.
    pub asked_at: Moment,
    /// Until when the request stands.
    pub expires_at: Option<Moment>,
    /// The present moment.
    pub now: Moment,
    /// Whether the organisation has one officer only and says so in its settings.
    pub single_officer_mode: bool,
}

/// How an approval counts, everywhere it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Independence {
    /// A second person agreed.
    Independent,
    /// The same person completed it in single-officer mode: "not independently approved".
    NotIndependent,
}

/// Whether the approver may complete the move, and how that counts. The right to do so is [`crate::decide`]'s.
pub fn second_person(case: &Approval) -> Result<Independence, Refused> {
    if case.expires_at.is_some_and(|end| case.now > end) {
        return Err(Refused::because("this request is over; ask again"));
    }
    let (Some(approver), ActorKind::Human) = (case.approver, case.approver_kind) else {
        return Err(Refused::because("only a person can agree; programs and models cannot"));
    };
    let involved =
        [(case.asker, "asked for it"), (case.last_editor, "changed it last"), (case.author, "wrote it")];
    let Some((_, role)) = involved.into_iter().find(|(person, _)| *person == Some(approver)) else {
        return Ok(Independence::Independent);
    };
    if !case.single_officer_mode {
        return Err(Refused::because(format!("somebody else must agree, since you {role}")));
    }
    let from = case.asked_at.plus_seconds(SINGLE_OFFICER_WAIT_HOURS * 3_600);
    if case.now < from {
        return Err(Refused::because(format!(
            "you {role}; in single-officer mode you can complete it from {from} on"
        )));
    }
    Ok(Independence::NotIndependent)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ASKED: Moment = Moment::from_micros(1_780_000_000_000_000);

    fn id(name: &str) -> Id {
        Id::derived(&Id::NIL, name)
    }

    fn case(approver: &str) -> Approval {
        Approval {
            asker: Some(id("asker")),
            author: Some(id("author")),
            last_editor: Some(id("editor")),
            approver: Some(id(approver)),
            approver_kind: ActorKind::Human,
            asked_at: ASKED,
            expires_at: None,
            now: ASKED.plus_seconds(60),
            single_officer_mode: false,
        }
    }

    #[test]
    fn asker_author_and_last_editor_are_refused_and_others_are_not() {
        for (who, why) in [("asker", "asked for it"), ("author", "wrote it"), ("editor", "changed it last")] {
            assert!(second_person(&case(who)).unwrap_err().0.contains(why), "{who}");
        }
        assert_eq!(second_person(&case("other")), Ok(Independence::Independent));
    }

    #[test]
    fn programs_never_agree() {
        for kind in [ActorKind::Service, ActorKind::System] {
            let waited = ASKED.plus_seconds(200_000);
            let case =
                Approval { approver_kind: kind, single_officer_mode: true, now: waited, ..case("other") };
            assert!(second_person(&case).is_err());
        }
        assert!(second_person(&Approval { approver: None, ..case("other") }).is_err());
    }

    #[test]
    fn single_officer_mode_waits_a_day_and_is_marked() {
        let at = |seconds| Approval {
            single_officer_mode: true,
            now: ASKED.plus_seconds(seconds),
            ..case("asker")
        };
        assert!(second_person(&at(86_399)).is_err());
        assert_eq!(second_person(&at(86_400)), Ok(Independence::NotIndependent));
        // A clock set back never shortens the wait; a real second person is independent in any mode.
        assert!(second_person(&at(-86_400)).is_err());
        let other = Approval { single_officer_mode: true, ..case("other") };
        assert_eq!(second_person(&other), Ok(Independence::Independent));
    }

    #[test]
    fn a_request_that_is_over_completes_nothing() {
        let over = Approval { expires_at: Some(ASKED), ..case("other") };
        assert!(second_person(&over).unwrap_err().0.contains("ask again"));
    }
}
