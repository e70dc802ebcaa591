//! The posture report and charts, from plain data: HTML and SVG out, no clock, no files, no network.
//!
//! The same data gives the same bytes. Nothing here needs a script; colours come from CSS variables of the
//! page (`--effective`, `--critical`, `--accent` ...), so a chart looks right in light, dark and print.

mod answer;
pub mod chart;
mod page;
mod posture;
#[cfg(test)]
mod sample;
pub mod shape;
pub mod words;

pub use answer::answer;
pub use page::posture_html;
pub use posture::{
    Action, Alerts, ControlLine, Due, Evidence, FailingLine, FindingCount, FormatLine, Posture, TacticCount,
    TestLine, Unread,
};
