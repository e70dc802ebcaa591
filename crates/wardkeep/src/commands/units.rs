//! Units as people name them on the command line.

use crate::exit::Failure;
use wardkeep_app::Organisation;
use wardkeep_types::Id;

/// The unit of that reference (`UNI-0002`) or name; without one, the organisation itself.
pub fn find(organisation: &Organisation, wanted: Option<&str>) -> anyhow::Result<Id> {
    let Some(wanted) = wanted else {
        let none = || {
            let remedy =
                "open the link that `wardkeep serve` prints at the first start; it makes the organisation";
            Failure::refused("no_organisation", "there is no organisation yet").remedy(remedy)
        };
        return Ok(organisation.units.roots().next().ok_or_else(none)?);
    };
    let word = wanted.trim().to_lowercase();
    let mut found: Vec<Id> = Vec::new();
    for (id, (reference, name)) in &organisation.unit_names {
        if reference.to_lowercase() == word {
            return Ok(*id);
        }
        if name.to_lowercase() == word {
            found.push(*id);
        }
    }
    let (code, what) = match found.as_slice() {
        [one] => return Ok(*one),
        [] => ("unknown_unit", "there is no such unit"),
        _ => ("ambiguous_unit", "several units have this name"),
    };
    let mut known: Vec<String> = organisation.unit_names.values().map(|(r, n)| format!("{r} {n}")).collect();
    known.sort();
    let more = if known.len() > 12 { ", ..." } else { "" };
    let list = known.iter().take(12).cloned().collect::<Vec<_>>().join(", ");
    Err(Failure::refused(code, what).at(wanted).remedy(format!("use a reference: {list}{more}")).into())
}
