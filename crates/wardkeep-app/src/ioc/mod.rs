//! Lists of indicators of compromise: which are looked for, in the stream and over history, and how lists come in.
//!
//! An indicator is a record of the register `ioc`. Those that are active are looked up in every event that arrives,
//! live or with a file; those that are new are looked up once in what is stored. One alert is raised for an indicator,
//! a host and a day, under a key that is the same for every run.

mod active;
mod alert;
mod hunt;
mod import;
mod list;
mod page;

pub use active::ActiveIocs;
pub(crate) use active::IocCache;
pub(crate) use alert::{IocFacts, add_sighting};
pub use hunt::{HISTORY_DAYS, HuntReport, IOC_HUNT};
pub use import::{IocImport, IocImported};
pub use list::{IocLine, IocRow, read_list};
pub use page::{IocOnAlert, IocPanel};
