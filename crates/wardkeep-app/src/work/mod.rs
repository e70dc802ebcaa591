//! What every record has beside its fields (comments, watchers, attachments, need-to-know lists) and what every
//! person has (views, notices, delegations, a page for today).

mod approvals;
mod attachments;
mod comments;
mod counts;
mod custom_fields;
mod delegation;
mod jobs;
mod live;
mod mentions;
mod need_to_know;
mod notices;
mod recent;
mod row;
mod today;
mod views;
mod watchers;

pub use approvals::MoveWanted;
pub use attachments::AttachmentView;
pub use comments::CommentView;
pub use counts::RegisterCount;
pub use custom_fields::{CUSTOM_FIELDS, CUSTOM_KINDS, CustomFieldView, NewCustomField};
pub use delegation::{DelegationView, NewDelegation};
pub use jobs::HealthView;
pub use live::{LiveChange, LiveTopic};
pub use mentions::{Mention, mentions};
pub use notices::{NoticeKind, NoticeView};
pub use recent::RecentView;
pub use today::{StateCounts, TodayView, WorkItem};
pub use views::{NewView, SavedView};
pub use watchers::Named;
