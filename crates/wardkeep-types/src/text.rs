//! Texts.

use crate::{ParseError, limits};
use std::fmt;
use std::str::FromStr;

macro_rules! text_type {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
        pub struct $name(String);
        impl $name {
            /// The text.
            pub fn as_str(&self) -> &str { &self.0 }
        }
        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) }
        }
        crate::serde_as_text!($name);
    };
}

text_type!(
    /// One line of at most 200 characters, without control characters, trimmed.
    Line
);
text_type!(
    /// Plain text of several lines, at most 64 KiB; line ends are `\n`.
    Text
);
text_type!(
    /// Markdown, at most 64 KiB. Raw HTML in it is shown as text, never rendered.
    Markdown
);
text_type!(
    /// A web address: `http` or `https` only, so that a link can never run a script.
    Url
);

impl FromStr for Line {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let text = text.trim();
        if text.chars().any(char::is_control) {
            return Err(ParseError::new("this must be one line, without line breaks or control characters"));
        }
        if text.chars().count() > limits::LINE_CHARACTERS {
            return Err(ParseError::new(format!(
                "this must not be longer than {} characters",
                limits::LINE_CHARACTERS
            )));
        }
        Ok(Self(text.to_owned()))
    }
}

fn long_text(text: &str) -> Result<String, ParseError> {
    if text.len() > limits::TEXT_BYTES {
        return Err(ParseError::new(format!("this text is longer than {} KiB", limits::TEXT_BYTES / 1024)));
    }
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    if text.chars().any(|c| c.is_control() && c != '\n' && c != '\t') {
        return Err(ParseError::new("this text holds control characters; remove them"));
    }
    Ok(text.trim_end().to_owned())
}

impl FromStr for Text {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Self, ParseError> {
        long_text(text).map(Self)
    }
}

impl FromStr for Markdown {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Self, ParseError> {
        long_text(text).map(Self)
    }
}

impl FromStr for Url {
    type Err = ParseError;
    fn from_str(text: &str) -> Result<Self, ParseError> {
        let text = text.trim();
        let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
        let fine = rest.is_some_and(|r| {
            !r.is_empty()
                && !r.starts_with('/')
                && !r.chars().any(|c| c.is_whitespace() || c.is_control() || "<>\"'`".contains(c))
        });
        if !fine || text.len() > 2_048 {
            return Err(ParseError::new(format!(
                "'{text}' is not a web address; it must begin with https:// or http://"
            )));
        }
        Ok(Self(text.to_owned()))
    }
}
