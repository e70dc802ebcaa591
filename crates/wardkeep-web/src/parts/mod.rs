//! The design system: plain functions over plain view structs.
//!
//! A part takes text that is already worded and formatted for the reader; it escapes everything, carries no
//! inline style or script, and reads and works without JavaScript. `/design` shows each in every state.

mod answer;
mod badge;
mod board;
mod button;
mod chart;
mod fields;
mod filter;
mod form;
mod head;
mod icon;
mod import;
mod input;
mod job;
mod keys;
mod markdown;
mod nav;
mod notice;
mod pager;
mod rail;
mod raw;
mod shell;
mod stamp;
mod stats;
mod table;
mod tabs;
mod text;
pub(crate) mod theme;
mod timeline;
mod value;
mod versions;
mod why;

pub use answer::{AnswerView, answer};
pub use badge::{StageGroup, severity_badge, stage_mark, state_badge, state_class, tag, unknown};
pub use board::{BoardView, CardView, LaneView, board};
pub use button::{Act, ButtonView, Weight, button, buttons};
pub use chart::{ChartView, chart};
pub use fields::{FactView, FieldGroupView, field_groups, split};
pub use filter::{FilterControl, FilterPart, FilterView, filter};
pub use form::{FormGroupView, FormView, ProblemView, form};
pub use head::{HeadView, head};
pub use icon::{mark, severity_shape, state_shape, tone_shape};
pub use import::{ImportRowView, ImportView, Outcome, OutcomeCount, import_preview};
pub use input::{FieldView, Input, OptionView, field, picked_reference};
pub use job::{JobState, JobView, LogLine, job};
pub use keys::key_help;
pub use markdown::markdown;
pub use nav::{AreaView, CrumbView, NavLink};
pub use notice::{EmptyView, NoticeView, empty, notice};
pub use pager::{PagerView, pager};
pub use rail::{RailItem, RailKind, RailSection, rail};
pub use raw::{RawLine, RawView, raw};
pub use shell::{AsOfView, FlashView, ShellView, UserView, bare_page, page};
pub use stamp::{Stamp, Urgency};
pub use stats::{StatFigure, StatView, Trend, stats};
pub use table::{Align, CellView, ColumnView, Direction, RowView, SelectView, SortView, TableView, table};
pub use tabs::{TabView, TabsView, tabs};
pub use text::{LinkView, Piece, Sentence, Tone};
pub use theme::Theme;
pub use timeline::{ChangeView, EntryView, timeline};
pub use value::{Place, Value, show};
pub use versions::{VersionFieldView, VersionsView, versions};
pub use why::{WhyInput, WhyView, why_panel};

/// The form names that a part needs as an element id: letters, digits, `-` and `_` only.
pub(crate) fn id_of(key: &str) -> String {
    key.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' }).collect()
}

#[cfg(test)]
mod tests;
