//! What goes out to the world and what goes on beside requests: webhooks, mail, notices, and the tasks that carry
//! them. Each reads the change log at its own pace, and what it tells follows the rights of the one who is told,
//! at the moment of telling.

mod asked;
mod background;
mod counter;
mod deliver;
mod dispatch;
mod letters;
mod mail;
mod people;
mod row;
mod webhooks;

pub use asked::VERIFY;
pub use background::run_background;
pub use deliver::Desk;
pub use letters::link_letter;
pub use mail::{mailer, post_links};
pub use webhooks::{DeliveryView, EVENT_ACTS, NewWebhook, WebhookState, WebhookView};
