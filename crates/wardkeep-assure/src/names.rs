//! Finding a subject of one source again in another.

use std::collections::HashMap;

/// A name as it is compared: lower case, without blanks around it and without the dot that ends a full host
/// name.
pub fn normal(name: &str) -> String {
    name.trim().trim_end_matches('.').to_lowercase()
}

/// The first label of a host name; `None` for addresses and for names with a path or blanks, which are
/// compared whole.
fn label(name: &str) -> Option<&str> {
    let plain = name.chars().all(|c| c.is_alphanumeric() || "-_.".contains(c));
    let address = name.chars().all(|c| c.is_ascii_digit() || c == '.');
    (plain && !address).then(|| name.split('.').next()).flatten().filter(|l| !l.is_empty())
}

/// Members by name. A short host name finds the one full name that begins with it, and the other way round;
/// two members that share a first label are told apart or not found at all.
#[derive(Debug, Default)]
pub struct Names {
    whole: HashMap<String, usize>,
    short: HashMap<String, Option<usize>>,
}

impl Names {
    /// Adds a name of a member. The first member that bears a whole name keeps it.
    pub fn add(&mut self, name: &str, member: usize) {
        let name = normal(name);
        if name.is_empty() {
            return;
        }
        if let Some(label) = label(&name) {
            let entry = self.short.entry(label.to_owned()).or_insert(Some(member));
            if *entry != Some(member) {
                *entry = None;
            }
        }
        self.whole.entry(name).or_insert(member);
    }

    /// The member that bears the name.
    pub fn find(&self, name: &str) -> Option<usize> {
        let name = normal(name);
        if let Some(member) = self.whole.get(&name) {
            return Some(*member);
        }
        let label = label(&name)?;
        // A full name finds a member known by its short name, but never one known by another full name.
        if label == name { self.short.get(label).copied().flatten() } else { self.whole.get(label).copied() }
    }
}

#[cfg(test)]
mod tests {
    use super::Names;

    #[test]
    fn short_and_full_names_meet_when_they_are_clear() {
        let mut names = Names::default();
        for (name, member) in [
            ("web01.example.org", 0),
            ("db01", 1),
            ("app.a.org", 2),
            ("app.b.org", 3),
            ("10.0.0.1", 4),
            ("10.0.0.2", 5),
        ] {
            names.add(name, member);
        }
        let check = |name: &str, member: Option<usize>| assert_eq!(names.find(name), member, "{name}");
        check("WEB01.example.org.", Some(0));
        check("web01", Some(0));
        check("web01.other.org", None);
        check("db01.example.org", Some(1));
        check("app", None);
        check("app.b.org", Some(3));
        check("10.0.0.2", Some(5));
        check("10", None);
        check("", None);
    }
}
