//! Frameworks: laws, standards and house rules that say what good looks like.

use crate::Person;
use crate::checks::{only, owned};
use wardkeep_register::prelude::*;

/// A list of requirements from one source in one version.
#[derive(Record)]
pub struct Framework {
    /// Its usual name.
    #[field(title)]
    pub name: Line,
    /// Stable name in lower case by which imports know it, such as urn:wardkeep:nis2.
    #[field(unique)]
    pub urn: Line,
    /// Its version, as its publisher writes it.
    #[field(list, label = "Version")]
    pub edition: Line,
    /// Who publishes it.
    #[field(list)]
    pub publisher: Line,
    /// Why we follow it.
    #[field(list, filter)]
    pub obligation: Obligation,
    /// Who keeps an eye on it.
    #[field(list, filter)]
    pub owner: Option<Link<Person>>,
    /// What its licence lets us do with its text.
    #[field(filter)]
    pub licence: Licence,
    /// Its copyright line, printed under every use.
    pub copyright: Option<Line>,
    /// What it is about and how far it reaches, in our words.
    pub summary: Markdown,
    /// Where its publisher keeps it.
    pub address: Option<Url>,
    /// From what it was loaded.
    #[field(filter)]
    pub format: Format,
    /// Language of its text, such as en.
    pub language: Option<Line>,
    /// SHA-256 of what it was loaded from.
    #[field(computed)]
    pub source_sha256: Option<Line>,
    /// How many of its entries can be assessed.
    #[field(list, computed)]
    pub requirements: Option<i64>,
    /// Lowest score of its scale.
    pub score_from: Option<i64>,
    /// Highest score of its scale.
    pub score_to: Option<i64>,
    /// The version that takes its place.
    pub superseded_by: Option<Link<Framework>>,
}

/// Why a framework is followed.
#[derive(Debug, Clone, Copy, PartialEq, Choice)]
pub enum Obligation {
    /// We want to.
    Voluntary,
    /// A contract asks for it.
    Contract,
    /// A law asks for it.
    Law,
}

/// What a framework's licence allows (`specs/assurance.md` FW-2).
#[derive(Debug, Clone, Copy, PartialEq, Choice)]
pub enum Licence {
    /// Not known: treated as restricted.
    Unknown,
    /// Free to use.
    Open,
    /// Free, if what we make of it is free too.
    ShareAlike,
    /// Free, unchanged only.
    NoDerivatives,
    /// Its text stays inside; exports carry ids and our words.
    Restricted,
}

/// From what a framework was loaded.
#[derive(Debug, Clone, Copy, PartialEq, Choice)]
pub enum Format {
    /// Entered by people.
    ByHand,
    /// A pack that comes with Wardkeep.
    Pack,
    /// An OSCAL catalog or profile.
    Oscal,
    /// A library in YAML.
    Yaml,
    /// A table.
    Csv,
}

/// Life of a framework.
#[derive(Clone, Copy, PartialEq, Stages)]
pub enum Stage {
    /// There to be read.
    #[open]
    Loaded,
    /// We measure ourselves by it.
    #[open]
    InUse,
    /// A newer version took its place.
    #[done]
    Superseded,
    /// Taken out.
    #[done]
    Removed,
}

impl Register for Framework {
    type Stage = Stage;
    const NAMES: Names =
        Names { one: "framework", many: "frameworks", prefix: "FRW", area: Area::Govern, key: "framework" };
    const MOVES: &'static [Move<Self>] = &[
        Move::new("use", &[Stage::Loaded], Stage::InUse).only_if(is_usable),
        Move::new("supersede", &[Stage::Loaded, Stage::InUse], Stage::Superseded)
            .with_reason()
            .only_if(has_successor),
        Move::new("remove", &[Stage::Loaded, Stage::Superseded], Stage::Removed)
            .needs(Verb::Retire)
            .with_reason(),
        Move::new("restore", &[Stage::Superseded, Stage::Removed], Stage::Loaded).with_reason(),
    ];

    fn check(&self, _stage: Stage, problems: &mut Problems) {
        let urn = self.urn.as_str();
        let urn_fine =
            urn.starts_with("urn:") && !urn.contains(char::is_whitespace) && *urn == urn.to_lowercase();
        problems.require(
            urn_fine,
            "urn",
            "invalid",
            "write the name as urn:publisher:name, in lower case without blanks",
        );
        let named = matches!(self.licence, Licence::Open | Licence::Unknown) || self.copyright.is_some();
        problems.require(
            named,
            "copyright",
            "required",
            "this licence asks for the copyright line under every use",
        );
        if let (Some(from), Some(to)) = (self.score_from, self.score_to) {
            problems.require(from < to, "score_to", "order", "the highest score lies above the lowest");
        }
    }
}

fn is_usable(framework: &Framework, _: &GuardContext) -> Result<(), Refused> {
    owned(framework.owner)?;
    let filled = framework.requirements.is_some_and(|count| count > 0);
    only(filled, "it holds nothing that can be assessed; load or enter its requirements first")
}

fn has_successor(framework: &Framework, _: &GuardContext) -> Result<(), Refused> {
    only(framework.superseded_by.is_some(), "name the version that takes its place")
}

#[cfg(test)]
mod tests {
    use super::Framework;
    use crate::testing::{ID, Sample, sample};

    fn framework() -> Sample {
        sample::<Framework>().with("urn", "urn:test:rules")
    }

    #[test]
    fn an_empty_framework_measures_nothing() {
        let owned = framework().refuses("use", "answers").with("owner", ID);
        owned.refuses("use", "nothing that can be assessed").with("requirements", "93").allows("use");
        framework().at("in_use").refuses("supersede", "takes its place");
    }

    #[test]
    fn names_and_licences_are_exact() {
        framework().stands();
        framework().with("urn", "ISO 27001").fails_in("urn");
        framework().with("licence", "restricted").fails_in("copyright");
        framework().with("score_from", "5").with("score_to", "0").fails_in("score_to");
    }
}
