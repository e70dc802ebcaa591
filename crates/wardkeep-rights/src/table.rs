//! The table `rights.txt`, read once.

use crate::{Reach, Resource, Role};
use std::collections::HashMap;
use std::sync::LazyLock;
use wardkeep_register::Verb;

/// What a role may do with a resource's records.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Extent {
    /// Nothing.
    None,
    /// Only to own records.
    Own,
    /// To all records of the units it is granted on.
    All,
}

/// The row for registers that the table does not name.
const OTHER: &str = "other_register";

struct Row {
    reach: Reach,
    cells: [&'static str; Role::ALL.len()],
}

static TABLE: LazyLock<HashMap<&'static str, Row>> =
    LazyLock::new(|| rows().filter_map(|l| row(&l)).collect());

/// The lines of the table that hold rights, split into words.
fn rows() -> impl Iterator<Item = Vec<&'static str>> {
    let lines = include_str!("rights.txt").lines().filter(|l| !l.starts_with('#') && !l.trim().is_empty());
    lines.skip(1).map(|l| l.split_whitespace().collect())
}

/// A malformed row or cell gives no right, and a test refuses it.
fn row(words: &[&'static str]) -> Option<(&'static str, Row)> {
    let reach = match *words.get(1)? {
        "unit" => Reach::Unit,
        "library" => Reach::Library,
        "anywhere" => Reach::Anywhere,
        "installation" => Reach::Installation,
        _ => return None,
    };
    Some((*words.first()?, Row { reach, cells: words.get(2..)?.try_into().ok()? }))
}

fn find(resource: Resource) -> Option<&'static Row> {
    let other = matches!(resource, Resource::Register(_)).then_some(OTHER);
    TABLE.get(resource.key()).or_else(|| TABLE.get(other?))
}

const fn letter(verb: Verb) -> char {
    match verb {
        Verb::View => 'V',
        Verb::Add => 'A',
        Verb::Edit => 'E',
        Verb::Approve => 'P',
        Verb::Retire => 'R',
        Verb::Export => 'X',
        Verb::Administer => 'M',
    }
}

/// What `role` may do, at most, by `verb` with `resource`: the table, nothing else.
pub fn extent(role: Role, resource: Resource, verb: Verb) -> Extent {
    let cell = find(resource).map_or(".", |row| row.cells[role.column()]);
    let letter = letter(verb);
    if cell.contains(letter) {
        Extent::All
    } else if cell.contains(letter.to_ascii_lowercase()) {
        Extent::Own
    } else {
        Extent::None
    }
}

/// How far a grant reaches for `resource`.
pub fn reach(resource: Resource) -> Reach {
    find(resource).map_or(Reach::Unit, |row| row.reach)
}

/// The roles that may do it, each with its extent: for refusals that say whom to ask.
pub fn who_may(resource: Resource, verb: Verb) -> Vec<(Role, Extent)> {
    let all = Role::ALL.into_iter().map(|role| (role, extent(role, resource, verb)));
    all.filter(|(_, extent)| *extent != Extent::None).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Named;

    #[test]
    fn every_row_and_cell_is_well_formed() {
        let mut seen = std::collections::HashSet::new();
        for words in rows() {
            assert_eq!(words.len(), Role::ALL.len() + 2, "{words:?}");
            assert!(row(&words).is_some(), "{words:?}");
            assert!(seen.insert(words[0]), "{} stands twice", words[0]);
            for cell in &words[2..] {
                // Letters in one order, each once: a reader finds the same right at the same place.
                let order = "VAEPRXM";
                let places: Vec<_> = cell.chars().map(|c| order.find(c.to_ascii_uppercase())).collect();
                assert!(
                    *cell == "." || places.iter().all(Option::is_some) && places.is_sorted(),
                    "{words:?}"
                );
            }
        }
        for named in Named::ALL {
            assert!(TABLE.contains_key(named.key()), "{} has no row", named.key());
        }
    }

    #[test]
    fn a_register_without_a_row_gets_the_cautious_one() {
        let new = Resource::Register("training_course");
        assert_eq!(extent(Role::Officer, new, Verb::Edit), Extent::All);
        assert_eq!(extent(Role::Owner, new, Verb::Edit), Extent::Own);
        assert_eq!(extent(Role::ExternalAuditor, new, Verb::View), Extent::None);
    }

    #[test]
    fn outside_roles_and_administrators_stay_within_their_lines() {
        for row in TABLE.keys() {
            let resource = Named::ALL.iter().find(|n| n.key() == *row);
            let resource = resource.map_or(Resource::Register(row), |n| Resource::Named(*n));
            let may = |role, verb| extent(role, resource, verb) != Extent::None;
            assert!(!may(Role::Administrator, Verb::Approve), "administrators approve {row}");
            for verb in [Verb::Add, Verb::Edit, Verb::Approve, Verb::Retire, Verb::Administer] {
                let own_views = *row == "saved_view";
                assert!(
                    own_views || !may(Role::ExternalAuditor, verb),
                    "an external auditor may {verb} {row}"
                );
                assert!(!may(Role::Board, verb), "the board may {verb} {row}");
            }
            // Who may change or take out something may also see it, except deliveries by machines and reports.
            for role in Role::ALL.into_iter().filter(|r| *r != Role::Pipeline) {
                for verb in Verb::ALL {
                    assert!(!may(role, verb) || may(role, Verb::View), "{role} may {verb} {row} unseen");
                }
            }
        }
    }
}
