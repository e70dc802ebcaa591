//! A new register: one file, one line in the list, one migration. Everything else follows from them.

use crate::root;
use anyhow::{Context as _, Result, bail, ensure};
use std::fs;
use wardkeep_register::Area;
use wardkeep_registers::{all, by_prefix};

/// Writes the register's file and lists it; `many` and `prefix` as in `Names`, `area` as in `Area`.
pub fn make(name: &str, many: &str, prefix: &str, area: &str) -> Result<()> {
    let key = name.replace([' ', '-'], "_").to_lowercase();
    ensure!(
        key.chars().all(|c| c.is_ascii_lowercase() || c == '_'),
        "a register's name is plain letters: {name}"
    );
    ensure!((2..=4).contains(&prefix.len()), "a prefix has two to four letters: {prefix}");
    let areas = Area::ALL.map(Area::key).join(", ");
    let area = Area::ALL
        .into_iter()
        .find(|a| a.key() == area.to_lowercase())
        .with_context(|| format!("there is no area {area}; there are {areas}"))?;
    if let Some(other) = by_prefix(prefix) {
        bail!("the prefix {prefix} is that of {}; choose another", other.names.many);
    }
    let registers = root().join("crates/wardkeep-registers/src");
    let file = registers.join(format!("{key}.rs"));
    ensure!(!file.exists(), "there already is a register {key}");
    let one = key.replace('_', " ");
    let type_name: String = key.split('_').map(capital).collect();
    let text = TEMPLATE
        .replace("{Type}", &type_name)
        .replace("{one}", &one)
        .replace("{many}", &many.replace('_', " "))
        .replace("{Many}", &capital(&many.replace('_', " ")))
        .replace("{key}", &key)
        .replace("{PREFIX}", &prefix.to_uppercase())
        .replace("{Area}", &capital(area.key()));
    fs::write(&file, text)?;
    let list = registers.join("lib.rs");
    let mut lib = fs::read_to_string(&list)?;
    lib = insert(&lib, "pub mod ", &format!("pub mod {key};"));
    lib = insert(&lib, "pub use ", &format!("pub use {key}::{type_name};"));
    lib = list_it(&lib, &type_name, all().iter().filter(|s| s.names.area <= area).count())?;
    fs::write(&list, lib)?;
    println!("written: crates/wardkeep-registers/src/{key}.rs, listed in lib.rs");
    println!("next: fill in its fields; give it a row in crates/wardkeep-rights/src/rights.txt;");
    println!("      cargo xtask migrate diff --write {key}, and list the migration;");
    println!(
        "      UPDATE=1 cargo test -p wardkeep-registers -p wardkeep-rights, and read what changed; cargo test"
    );
    Ok(())
}

/// Puts a type into the list of registers, after the first `before` of them: the list goes by area.
fn list_it(lib: &str, type_name: &str, before: usize) -> Result<String> {
    let mut lines: Vec<&str> = lib.lines().collect();
    let listed: Vec<usize> = (0..lines.len()).filter(|i| lines[*i].contains("Schema::of::<")).collect();
    let at = match before.checked_sub(1) {
        None => listed.first().copied(),
        Some(last) => listed.get(last).map(|i| i + 1),
    };
    let line = format!("    Schema::of::<{type_name}>,");
    lines.insert(at.context("the list of registers in lib.rs is not as it was")?, &line);
    Ok(lines.join("\n") + "\n")
}

fn capital(word: &str) -> String {
    let mut letters = word.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

/// Puts `line` before the first line of its sort that stands after it in the alphabet, or after the last.
fn insert(text: &str, sort: &str, line: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    let of_sort = |l: &&str| l.starts_with(sort) && l.ends_with(';');
    let at = lines
        .iter()
        .position(|l| of_sort(l) && **l > *line)
        .or_else(|| lines.iter().rposition(of_sort).map(|i| i + 1))
        .unwrap_or(lines.len());
    lines.insert(at, line);
    lines.join("\n") + "\n"
}

const TEMPLATE: &str = r#"//! {Many}: what they are, in one sentence.

use crate::Person;
use wardkeep_register::prelude::*;

/// What one {one} is.
#[derive(Record)]
pub struct {Type} {
    /// What people call it.
    #[field(title)]
    pub name: Line,
    /// What it is about.
    pub description: Markdown,
    /// Who answers for it.
    #[field(list, filter)]
    pub owner: Option<Link<Person>>,
    /// When it was done or looked at last.
    #[field(list)]
    pub last_on: Option<Date>,
    /// When it must be done or looked at again.
    #[field(list, due)]
    pub due: Option<Date>,
}

/// Life of a {one}.
#[derive(Clone, Copy, PartialEq, Stages)]
pub enum Stage {
    /// Written down.
    #[open]
    Draft,
    /// At work.
    #[open]
    Active,
    /// Finished.
    #[done]
    Closed,
}

impl Register for {Type} {
    type Stage = Stage;
    const NAMES: Names =
        Names { one: "{one}", many: "{many}", prefix: "{PREFIX}", area: Area::{Area}, key: "{key}" };
    const MOVES: &'static [Move<Self>] = &[
        Move::new("activate", &[Stage::Draft], Stage::Active).only_if(is_owned),
        Move::new("close", &[Stage::Active], Stage::Closed).with_reason().only_if(is_owned),
        Move::new("reopen", &[Stage::Closed], Stage::Active).with_reason(),
    ];

    fn check(&self, stage: Stage, problems: &mut Problems) {
        let owned = stage == Stage::Draft || self.owner.is_some();
        problems.require(owned, "owner", "required", "past draft, somebody must answer for it");
    }
}

fn is_owned({key}: &{Type}, _: &GuardContext) -> Result<(), Refused> {
    {key}.owner.map(|_| ()).ok_or_else(|| Refused::because("name who answers for it first"))
}

#[cfg(test)]
mod tests {
    use super::{Type};
    use crate::testing::{ID, sample};

    #[test]
    fn somebody_must_answer_for_it() {
        sample::<{Type}>().refuses("activate", "answers").with("owner", ID).allows("activate");
        sample::<{Type}>().at("active").fails_in("owner");
    }
}
"#;

#[cfg(test)]
mod tests {
    use super::list_it;

    #[test]
    fn a_register_is_listed_after_those_of_its_area() {
        let list = "const LIST: &[X] = &[\n    Schema::of::<Unit>,\n    Schema::of::<Risk>,\n];\n";
        let with = |before| list_it(list, "Drill", before).unwrap();
        let at = |text: &str| text.lines().position(|l| l.contains("Drill"));
        assert_eq!([0, 1, 2].map(|before| at(&with(before))), [Some(1), Some(2), Some(3)]);
        assert!(list_it(list, "Drill", 3).is_err());
    }
}
