//! What a command prints: plain words in 80 columns for people, one JSON object for programs.
//!
//! Names of files, hosts and rules come from logs, and who writes a log may put escape codes into it. So text is
//! cleaned of control characters on its way out, and the only escape codes that reach a terminal are ours.

use crate::exit::Failure;
use serde_json::Value as Json;
use std::io::{self, IsTerminal as _, Write as _};

/// Columns of an answer. Narrow enough for every terminal and for a mail.
pub const WIDTH: usize = 80;

/// How a piece of text looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// As it is.
    Plain,
    /// Headings and figures that matter.
    Bold,
    /// What may be skipped.
    Dim,
    /// Fine.
    Good,
    /// Wants attention.
    Warn,
    /// Wants action.
    Bad,
}

impl Style {
    const fn code(self) -> &'static str {
        match self {
            Self::Plain => "",
            Self::Bold => "\x1b[1m",
            Self::Dim => "\x1b[2m",
            Self::Good => "\x1b[32m",
            Self::Warn => "\x1b[33m",
            Self::Bad => "\x1b[31m",
        }
    }
}

/// A line in the making.
#[derive(Debug, Clone, Default)]
pub struct Line(Vec<(Style, String)>);

impl Line {
    /// An empty line.
    pub fn new() -> Self {
        Self::default()
    }
    /// Adds text in a style.
    pub fn put(mut self, style: Style, text: impl AsRef<str>) -> Self {
        self.0.push((style, clean(text.as_ref())));
        self
    }
    /// Adds plain text.
    pub fn text(self, text: impl AsRef<str>) -> Self {
        self.put(Style::Plain, text)
    }
    fn render(&self, colour: bool) -> String {
        let part = |(style, text): &(Style, String)| match (colour, style) {
            (false, _) | (_, Style::Plain) => text.clone(),
            (true, style) => format!("{}{text}\x1b[0m", style.code()),
        };
        self.0.iter().map(part).collect::<String>().trim_end().to_owned()
    }
}

/// Where answers go.
#[derive(Debug, Clone, Copy)]
pub struct Out {
    /// One JSON object instead of words.
    pub json: bool,
    colour: bool,
}

impl Out {
    /// Answers on standard output; colour only where somebody sees it and nobody asked for none.
    pub fn new(json: bool) -> Self {
        let wanted = std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty());
        let able = std::env::var_os("TERM").is_none_or(|v| v != "dumb");
        Self { json, colour: wanted && able && io::stdout().is_terminal() }
    }
    /// The JSON object of a command; nothing without `--json`.
    pub fn json(&self, value: &Json) -> io::Result<()> {
        if !self.json {
            return Ok(());
        }
        let text = serde_json::to_string_pretty(value).map_err(io::Error::other)?;
        write(&text)
    }
    /// A line for people; nothing with `--json`.
    pub fn line(&self, line: &Line) -> io::Result<()> {
        if self.json { Ok(()) } else { write(&line.render(self.colour)) }
    }
    /// Plain text for people; nothing with `--json`.
    pub fn say(&self, text: impl AsRef<str>) -> io::Result<()> {
        self.line(&Line::new().text(text))
    }
    /// An empty line and a heading.
    pub fn heading(&self, text: &str) -> io::Result<()> {
        self.say("")?;
        self.line(&Line::new().put(Style::Bold, text))
    }
    /// Text as it is, for files that are printed (a script, a page of the manual).
    pub fn raw(&self, bytes: &[u8]) -> io::Result<()> {
        tolerate(io::stdout().lock().write_all(bytes))
    }
    /// A paragraph within the width, each line after the first indented.
    pub fn wrapped(&self, first: &str, indent: usize, style: Style, text: &str) -> io::Result<()> {
        let room = WIDTH.saturating_sub(indent).max(20);
        for (i, part) in wrap(&clean(text), room).into_iter().enumerate() {
            let lead = if i == 0 { format!("{first:<indent$}") } else { " ".repeat(indent) };
            self.line(&Line::new().text(lead).put(style, part))?;
        }
        Ok(())
    }
    /// Says how a command failed: in words to standard error, with `--json` as the one object.
    pub fn failure(&self, failure: &Failure) {
        if self.json {
            let _ = self.json(&failure.to_json());
            return;
        }
        let mut error = io::stderr().lock();
        let mut tell = |lead: &str, text: &str| {
            if !text.is_empty() {
                let text = text.lines().map(clean).collect::<Vec<_>>().join("\n         ");
                let _ = writeln!(error, "{lead:<8} {text}");
            }
        };
        tell("error:", &failure.what);
        tell("where:", &failure.place);
        let lists = failure.problems.len() > 1 || failure.problems.iter().any(|p| !p.hint.is_empty());
        for problem in failure.problems.iter().take(20).filter(|_| lists) {
            tell("", &format!("{}: {}", problem.path, problem.message));
            tell("", &problem.hint);
        }
        tell("mend:", &failure.remedy);
    }
}

/// A remark for people on standard error: also with `--json`, where standard output is for the object alone.
pub fn note(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{}", clean(text));
}

fn write(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    tolerate(writeln!(out, "{text}").and_then(|()| out.flush()))
}

/// Whoever closes the pipe has read enough.
fn tolerate(result: io::Result<()>) -> io::Result<()> {
    match result {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Text without anything a terminal would obey: control characters and marks that turn the writing direction.
pub fn clean(text: &str) -> String {
    let turns =
        |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().map(|c| if c.is_control() || turns(c) { '\u{fffd}' } else { c }).collect()
}

/// Words in lines of at most `room` characters; a word that is longer is broken.
pub fn wrap(text: &str, room: usize) -> Vec<String> {
    let (mut lines, mut line, mut used) = (Vec::new(), String::new(), 0);
    for word in text.split_whitespace() {
        let mut word: Vec<char> = word.chars().collect();
        if used > 0 && used + 1 + word.len() > room {
            lines.push(std::mem::take(&mut line));
            used = 0;
        }
        while word.len() > room {
            lines.push(word.drain(..room).collect());
        }
        if used > 0 {
            line.push(' ');
            used += 1;
        }
        used += word.len();
        line.extend(word);
    }
    if used > 0 || lines.is_empty() {
        lines.push(line);
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::{Line, Style, clean, wrap};

    #[test]
    fn nothing_from_a_log_reaches_the_terminal_as_a_command() {
        assert_eq!(clean("a\x1b[2Jb\u{202e}c\u{9b}31m"), "a\u{fffd}[2Jb\u{fffd}c\u{fffd}31m");
        let line = Line::new().put(Style::Bad, "x\x1b]0;y\x07").text(" z  ");
        assert_eq!(line.render(true), "\x1b[31mx\u{fffd}]0;y\u{fffd}\x1b[0m z");
        assert_eq!(line.render(false), "x\u{fffd}]0;y\u{fffd} z");
    }

    #[test]
    fn text_stays_within_its_room() {
        assert_eq!(wrap("one two three", 7), ["one two", "three"]);
        assert_eq!(wrap("abcdefgh ij", 3), ["abc", "def", "gh", "ij"]);
        assert_eq!(wrap("", 5), [""]);
    }
}
