//! Scopes: what a token may do at most, whatever its holder may do.

use crate::Resource;
use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;
use wardkeep_register::Verb;
use wardkeep_types::ParseError;

/// A token's scopes, written `import:add finding:view`. `*` stands for every resource, or for every verb but
/// Approve: agreeing is a person's act, so a token has it only when it is written out.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Scopes(BTreeSet<(String, Option<Verb>)>);

impl Scopes {
    /// Whether the token may do it at all.
    pub fn admit(&self, resource: Resource, verb: Verb) -> bool {
        self.0.iter().any(|(name, allowed)| {
            let verb_fits = match allowed {
                Some(allowed) => *allowed == verb,
                None => verb != Verb::Approve,
            };
            verb_fits && (name == "*" || name == resource.key())
        })
    }
}

impl FromStr for Scopes {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let one = |word: &str| {
            let wrong =
                || ParseError(format!("'{word}' is not a scope; write it as finding:view or import:*"));
            let (name, verb) = word.split_once(':').ok_or_else(wrong)?;
            let known =
                name == "*" || !name.is_empty() && name.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
            let verb = match verb {
                "*" => None,
                key => Some(Verb::ALL.into_iter().find(|v| v.key() == key).ok_or_else(wrong)?),
            };
            if known { Ok((name.to_owned(), verb)) } else { Err(wrong()) }
        };
        text.split_whitespace().map(one).collect::<Result<_, _>>().map(Self)
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, (name, verb)) in self.0.iter().enumerate() {
            let blank = if i > 0 { " " } else { "" };
            write!(f, "{blank}{name}:{}", verb.map_or("*", Verb::key))?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scopes_read_what_they_show_and_never_approve_by_star() {
        let scopes: Scopes = "import:add  finding:* *:view".parse().unwrap();
        assert_eq!(scopes.to_string().parse::<Scopes>().unwrap(), scopes);
        let finding = Resource::Register("finding");
        assert!(scopes.admit(finding, Verb::Edit) && scopes.admit(Resource::Register("risk"), Verb::View));
        assert!(
            !scopes.admit(finding, Verb::Approve) && !scopes.admit(Resource::Register("risk"), Verb::Edit)
        );
        assert!("risk:approve".parse::<Scopes>().unwrap().admit(Resource::Register("risk"), Verb::Approve));
        for wrong in ["risk", "risk:fly", ":view", "Risk:view", "risk:view,risk:edit"] {
            assert!(wrong.parse::<Scopes>().is_err(), "{wrong}");
        }
    }
}
