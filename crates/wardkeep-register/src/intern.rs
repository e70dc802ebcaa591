//! Names that live as long as the program.

use crate::ChoiceOption;
use std::collections::{HashMap, HashSet};
use std::sync::{LazyLock, Mutex, PoisonError};

static NAMES: LazyLock<Mutex<HashSet<&'static str>>> = LazyLock::new(Mutex::default);
static LISTS: LazyLock<Mutex<HashMap<Vec<&'static str>, &'static [ChoiceOption]>>> =
    LazyLock::new(Mutex::default);

/// The one copy of `text`. Schemas hold `&'static str`; custom fields, made at run time, get theirs here. Each
/// distinct text is leaked once, so memory is bounded by the names ever used.
pub fn intern(text: &str) -> &'static str {
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = names.get(text) {
        return known;
    }
    let kept: &'static str = Box::leak(text.to_owned().into_boxed_str());
    names.insert(kept);
    kept
}

/// The choices of those labels, kept for as long as the program runs; equal lists are kept once.
pub fn intern_choices<'a>(labels: impl Iterator<Item = &'a str>) -> &'static [ChoiceOption] {
    let labels: Vec<&'static str> = labels.map(intern).collect();
    let mut lists = LISTS.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = lists.get(&labels) {
        return known;
    }
    let option = |label: &&'static str| ChoiceOption {
        key: intern(&label.to_lowercase().replace(' ', "_")),
        label,
        help: "",
    };
    let kept: &'static [ChoiceOption] = Vec::leak(labels.iter().map(option).collect());
    lists.insert(labels, kept);
    kept
}
