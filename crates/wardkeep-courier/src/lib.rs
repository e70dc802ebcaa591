//! Talks to the world: mail and signed webhooks. It knows addresses, bytes and secrets; what is told to whom, and
//! what happens after a failure, is decided by its caller.

mod address;
mod mail;
mod sign;
mod target;
mod webhook;

pub use address::{Reach, forbidden};
pub use mail::{Letter, MailError, MailSettings, Mailer, Security};
pub use sign::{TOLERANCE_SECONDS, sign, verify};
pub use target::{Target, TargetError};
pub use webhook::{Courier, Parcel, SendError};
