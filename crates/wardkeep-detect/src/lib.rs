//! Sigma: parse, compile, match, explain.
//!
//! Rule files go into a [`RuleSet`]; an [`Engine`] runs it over events and returns [`Hit`]s; [`explain`] says why a
//! rule fired on an event or did not. Rules see only events of the log source they are written for (DE-2). All
//! matching reads one form of a rule, [`ir`], so that further matchers agree with this one.
//!
//! ```
//! use wardkeep_detect::{Engine, RuleFile, RuleSet};
//! let text = "title: Root\nlogsource: {product: linux}\ndetection: {s: {user: root}, condition: s}";
//! let (set, problems) = RuleSet::load([RuleFile::new("root.yml", text)]);
//! assert!(problems.is_empty());
//! let engine = Engine::new(&set);
//! assert_eq!(engine.rules().len(), 1);
//! ```

#[cfg(feature = "bench")]
pub mod bench;
mod bounds;
mod builtin;
pub mod check;
mod cidr;
mod compile;
pub mod correlation;
mod encode;
mod engine;
mod eval;
mod explain;
mod fold;
mod hit;
mod hunt;
mod ioc;
pub mod ir;
mod light;
mod load;
mod lower;
mod matcher;
mod pattern;
mod pipeline;
mod placeholder;
mod problem;
mod route;
mod rule;
mod sample;
mod time_part;
mod view;

pub use bounds::{RULE_FILE_BYTES, RULE_FILE_VALUES, RULES};
pub use builtin::{builtin, shipped_samples};
pub use cidr::Cidr;
pub use correlation::{Restored, SavedState};
pub use engine::{Engine, EngineCounts};
pub use explain::{Explanation, Outcome, Step, explain};
pub use fold::{fold, fold_char};
pub use hit::{AlertKey, Hit, alert_key};
pub use hunt::Hunt;
pub use ioc::{Ioc, IocSet};
pub use light::Seen;
pub use load::RuleSet;
pub use pattern::{Pattern, Piece};
pub use pipeline::Pipeline;
pub use placeholder::Placeholders;
pub use problem::RuleProblem;
pub use route::takes;
pub use rule::{Logic, Rule, RuleFile, RuleSource, Status};
pub use sample::{Sample, SampleEvent, Samples};
pub use time_part::TimePart;
