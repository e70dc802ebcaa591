//! The use cases: the one write path, assess, import, export, jobs and notices. The only place that joins
//! registers, rights, store and engines.

mod app;
pub mod assess;
pub mod auth;
mod config;
pub mod courier;
mod ctx;
pub mod events;
pub mod exchange;
mod folder;
pub mod ioc;
pub mod records;
mod refusal;
pub mod risk;
pub mod rules;
pub mod sample;
pub mod stream;
pub mod work;

pub use app::{App, Organisation};
pub use config::{Config, ConfigError, Intake, IntakeTail, IntakeTls};
pub use ctx::Ctx;
pub use folder::DataFolder;
pub use refusal::{Error, Fault, Refusal};
