//! Data categories: how data are classified and how each class is handled.

use crate::Person;
use crate::checks::{lies_ahead, only, owned};
use crate::choices::Classification;
use wardkeep_register::prelude::*;

/// Data that are handled in the same way.
#[derive(Record)]
pub struct DataCategory {
    /// What people call it.
    #[field(title)]
    pub name: Line,
    /// What belongs to it and what does not.
    pub description: Markdown,
    /// Who may see it.
    #[field(list, filter)]
    pub classification: Classification,
    /// Whether it tells something about people.
    #[field(list, filter)]
    pub personal: PersonalData,
    /// Who decides how it is handled.
    #[field(list, filter)]
    pub owner: Option<Link<Person>>,
    /// How it is marked, stored, sent, printed and destroyed.
    pub handling: Markdown,
    /// Must be unreadable to whoever takes the disk.
    pub encrypted_at_rest: bool,
    /// Must be unreadable on the way.
    pub encrypted_in_transit: bool,
    /// May be given to AI services outside the organisation.
    pub may_feed_outside_ai: bool,
    /// How long it is kept.
    #[field(list)]
    pub kept_for: Option<Length>,
    /// Law, contract or consent on which it rests.
    pub legal_basis: Option<Line>,
    /// When it must be looked at again.
    #[field(list, due)]
    pub review_on: Option<Date>,
}

/// What data tell about people.
#[derive(Debug, Clone, Copy, PartialEq, Choice)]
pub enum PersonalData {
    /// Nothing.
    None,
    /// They can be tied to a person.
    Personal,
    /// Health, belief, origin, biometrics and the like: specially protected.
    Special,
}

/// Life of a data category.
#[derive(Clone, Copy, PartialEq, Stages)]
pub enum Stage {
    /// Being written.
    #[open]
    Draft,
    /// Everybody handles it so.
    #[open]
    InForce,
    /// No longer used.
    #[done]
    Withdrawn,
}

impl Register for DataCategory {
    type Stage = Stage;
    const NAMES: Names = Names {
        one: "data category",
        many: "data categories",
        prefix: "DAT",
        area: Area::Identify,
        key: "data_category",
    };
    const MOVES: &'static [Move<Self>] = &[
        Move::new("put_in_force", &[Stage::Draft], Stage::InForce)
            .needs(Verb::Approve)
            .second_person()
            .with_reason()
            .only_if(is_complete),
        Move::new("review", &[Stage::InForce], Stage::InForce).only_if(has_next_review),
        Move::new("revise", &[Stage::InForce, Stage::Withdrawn], Stage::Draft).with_reason(),
        Move::new("withdraw", &[Stage::Draft, Stage::InForce], Stage::Withdrawn)
            .needs(Verb::Retire)
            .with_reason(),
    ];

    fn check(&self, stage: Stage, problems: &mut Problems) {
        let guarded =
            self.personal != PersonalData::Special || self.classification >= Classification::Confidential;
        problems.require(
            guarded,
            "classification",
            "too_open",
            "specially protected data are confidential at least",
        );
        let kept = stage != Stage::InForce || self.personal == PersonalData::None || self.kept_for.is_some();
        problems.require(
            kept,
            "kept_for",
            "required",
            "data about people need a time after which they are erased",
        );
        let inside = !self.may_feed_outside_ai || self.classification < Classification::Secret;
        problems.require(
            inside,
            "may_feed_outside_ai",
            "contradiction",
            "secret data stay within the organisation",
        );
    }
}

fn is_complete(category: &DataCategory, _: &GuardContext) -> Result<(), Refused> {
    owned(category.owner)?;
    only(!category.handling.as_str().is_empty(), "write how it is handled before it comes into force")
}

fn has_next_review(category: &DataCategory, context: &GuardContext) -> Result<(), Refused> {
    lies_ahead(category.review_on, "the date of the next review", context)
}

#[cfg(test)]
mod tests {
    use super::DataCategory;
    use crate::testing::{ID, sample};

    #[test]
    fn rules_come_into_force_when_written() {
        let owned = sample::<DataCategory>().refuses("put_in_force", "answers").with("owner", ID);
        owned
            .refuses("put_in_force", "how it is handled")
            .with("handling", "Encrypt it.")
            .allows("put_in_force");
    }

    #[test]
    fn data_about_people_are_protected() {
        sample::<DataCategory>().with("personal", "special").fails_in("classification");
        sample::<DataCategory>().at("in_force").with("personal", "personal").fails_in("kept_for");
        let secret = sample::<DataCategory>().with("classification", "secret");
        secret.with("may_feed_outside_ai", "yes").fails_in("may_feed_outside_ai");
    }
}
