//! Cursors: where a page of a list ended.

use crate::Cell;
use std::fmt;
use std::str::FromStr;
use wardkeep_types::{Id, ParseError};

/// The sort value and id of a page's last row. Travels in the URL, so it is text; its content is not secret
/// (the reader has just seen it) and is bound as a value, never pasted into a statement.
#[derive(Debug, Clone, PartialEq)]
pub struct Cursor {
    /// Sort value of the last row.
    pub value: Cell,
    /// Its id.
    pub id: Id,
    /// Pages backwards, towards the first row.
    pub backwards: bool,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let way = if self.backwards { 'b' } else { 'f' };
        let (kind, text) = match &self.value {
            Cell::Text(text) => ('t', text.as_ref().map(|t| format!("v{}", hex::encode(t)))),
            Cell::Int(int) => ('i', int.map(|i| format!("v{i}"))),
            Cell::Id(id) => ('u', id.map(|i| format!("v{i}"))),
        };
        write!(f, "{way}.{kind}{}.{}", text.unwrap_or_default(), self.id)
    }
}

impl FromStr for Cursor {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let wrong = || ParseError("this page link is damaged; start again from the first page".into());
        let parts: Vec<&str> = text.split('.').collect();
        let [way, value, id] = parts[..] else { return Err(wrong()) };
        let (kind, value) = value.split_at_checked(1).ok_or_else(wrong)?;
        let value = value.strip_prefix('v');
        let value = match kind {
            "t" => Cell::Text(
                value
                    .map(|v| hex::decode(v).ok().and_then(|b| String::from_utf8(b).ok()).ok_or_else(wrong))
                    .transpose()?,
            ),
            "i" => Cell::Int(value.map(|v| v.parse().map_err(|_| wrong())).transpose()?),
            "u" => Cell::Id(value.map(str::parse).transpose()?),
            _ => return Err(wrong()),
        };
        Ok(Self { value, id: id.parse()?, backwards: way == "b" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cursors_survive_the_url() {
        let id = Id::new(wardkeep_types::Moment::EPOCH);
        for value in
            [Cell::from("a.b ü"), Cell::from(-5_i64), Cell::Text(None), Cell::Int(None), Cell::from(id)]
        {
            let cursor = Cursor { value, id, backwards: true };
            assert_eq!(cursor.to_string().parse::<Cursor>().unwrap(), cursor);
        }
        assert!("x".parse::<Cursor>().is_err());
        assert!("f.q1.zz".parse::<Cursor>().is_err());
    }
}
