//! Mail addresses.

use crate::ParseError;
use std::fmt;
use std::str::FromStr;

/// A mail address: one `@`, a dotted domain, no blanks; kept in lower case, since people are matched by it.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Email(String);

impl Email {
    /// The address as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Email {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let text = text.trim();
        let wrong =
            || ParseError::new(format!("'{text}' is not a mail address; write it as name@example.org"));
        let (name, domain) = text.split_once('@').ok_or_else(wrong)?;
        let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"<>(),;:\"[]\\".contains(c);
        let labels_fine = domain
            .split('.')
            .all(|l| !l.is_empty() && l.len() <= 63 && l.chars().all(|c| c.is_alphanumeric() || c == '-'));
        if name.is_empty()
            || text.len() > 254
            || !name.chars().all(plain)
            || name.contains('@')
            || !labels_fine
        {
            return Err(wrong());
        }
        Ok(Self(text.to_lowercase()))
    }
}

impl fmt::Display for Email {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

crate::serde_as_text!(Email);

#[cfg(test)]
mod tests {
    use super::Email;

    #[test]
    fn accepts_usual_addresses_and_refuses_others() {
        let check = |text: &str, fine: bool| assert_eq!(text.parse::<Email>().is_ok(), fine, "{text}");
        check("Anna.Berg@Example.org", true);
        check("root@localhost", true);
        check("a@b@c.org", false);
        check("anna", false);
        check("@example.org", false);
        check("anna@example..org", false);
        check("an na@example.org", false);
        assert_eq!("Anna@Example.org".parse::<Email>().unwrap().as_str(), "anna@example.org");
    }
}
