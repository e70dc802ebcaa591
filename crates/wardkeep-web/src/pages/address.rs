//! Addresses of pages: a path and the pairs after `?`, so that every view has an address.

use std::fmt;

/// A path of ours with its pairs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    path: String,
    pairs: Vec<(String, String)>,
}

impl Address {
    /// A path with pairs; empty ones and those that only carry a message fall away.
    pub fn new(path: impl Into<String>, pairs: &[(String, String)]) -> Self {
        let kept = pairs.iter().filter(|(name, value)| !value.trim().is_empty() && name != "flash");
        Self { path: path.into(), pairs: kept.cloned().collect() }
    }
    /// The same with that pair, in the place of others of its name.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.pairs.retain(|(known, _)| known != name);
        self.pairs.push((name.to_owned(), value.into()));
        self
    }
    /// The same without pairs of those names.
    #[must_use]
    pub fn without(mut self, names: &[&str]) -> Self {
        self.pairs.retain(|(known, _)| !names.contains(&known.as_str()));
        self
    }
    /// The pairs.
    pub fn pairs(&self) -> &[(String, String)] {
        &self.pairs
    }
    /// What stands after `?`, without it.
    pub fn query(&self) -> String {
        let pair = |(name, value): &(String, String)| format!("{}={}", encode(name), encode(value));
        self.pairs.iter().map(pair).collect::<Vec<_>>().join("&")
    }
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.path)?;
        if self.pairs.is_empty() { Ok(()) } else { write!(f, "?{}", self.query()) }
    }
}

impl From<Address> for String {
    fn from(address: Address) -> Self {
        address.to_string()
    }
}

/// Percent-encodes what is not plain in a query (WHATWG URL, application/x-www-form-urlencoded).
pub fn encode(text: &str) -> String {
    use fmt::Write as _;
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'@' | b',' | b'|' => {
                out.push(char::from(byte));
            }
            b' ' => out.push('+'),
            other => {
                // Writing to a string does not fail.
                let _ = write!(out, "%{other:02X}");
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{Address, encode};

    #[test]
    fn pairs_are_replaced_and_encoded() {
        let pairs = [("q", "a b&c"), ("stage", ""), ("flash", "saved"), ("sort", "-due")];
        let pairs = pairs.map(|(n, v)| (n.to_owned(), v.to_owned()));
        let address = Address::new("/risks", &pairs);
        assert_eq!(address.to_string(), "/risks?q=a+b%26c&sort=-due");
        assert_eq!(address.clone().with("sort", "name").to_string(), "/risks?q=a+b%26c&sort=name");
        assert_eq!(address.without(&["q", "sort"]).to_string(), "/risks");
        assert_eq!(encode("ü#?"), "%C3%BC%23%3F");
    }
}
