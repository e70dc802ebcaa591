//! The subcommands, one file each.

pub mod assess;
pub mod backup;
pub mod bench;
pub mod completions;
pub mod demo;
pub mod doctor;
pub mod events;
pub mod export;
pub mod import;
pub mod ioc;
pub mod man;
pub mod restore;
pub mod risk;
pub mod risk_kept;
pub mod rule;
pub mod serve;
pub mod source;
pub mod token;
pub mod units;
pub mod user;
pub mod verify;
