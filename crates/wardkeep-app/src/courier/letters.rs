//! The words of letters. A letter leaves the house: it names a record only when everybody with the right role may
//! open it, and never what its fields hold.

use crate::auth::{Mailable, Purpose};
use crate::work::{NoticeKind, NoticeView};
use wardkeep_courier::Letter;
use wardkeep_types::Moment;

/// A letter about a notice.
pub(super) fn notice_letter(
    to: (&str, &str),
    notice: &NoticeView,
    restricted: bool,
    public_url: &str,
) -> Letter {
    let (email, name) = to;
    let record = &notice.record;
    let what =
        if restricted { record.reference.clone() } else { format!("{} {}", record.reference, record.title) };
    let sentence = match notice.kind {
        NoticeKind::Mention => format!("{} mentioned you in a comment on {what}.", notice.who),
        NoticeKind::Comment => format!("{} commented on {what}, which you watch.", notice.who),
        NoticeKind::Change => format!("{} changed {what}, which you watch.", notice.who),
        NoticeKind::Assigned => format!("{} made you answerable for {what}.", notice.who),
    };
    let link = format!("{}{}", public_url.trim_end_matches('/'), record.path);
    Letter {
        to: email.to_owned(),
        name: name.to_owned(),
        subject: format!("{what}: {}", subject(notice.kind)),
        text: format!(
            "{sentence}\n\n{link}\n\nYou get this because you watch the record, are named in it or answer for it.\nWhat you watch is on the record's page.\n"
        ),
        id: notice.id.to_string(),
        at: notice.at,
    }
}

fn subject(kind: NoticeKind) -> &'static str {
    match kind {
        NoticeKind::Mention => "you were mentioned",
        NoticeKind::Comment => "a new comment",
        NoticeKind::Change => "changed",
        NoticeKind::Assigned => "yours now",
    }
}

/// A letter with a link to come in by.
pub fn link_letter(mail: &Mailable, public_url: &str, now: Moment) -> Letter {
    let link = format!("{}/link/{}", public_url.trim_end_matches('/'), mail.token.reveal());
    let (subject, does) = match mail.purpose {
        Purpose::SignIn => ("Sign in to Wardkeep", "This link signs you in, once:"),
        Purpose::NewPassword => {
            ("A new password for Wardkeep", "With this link you set a new password, once:")
        }
        Purpose::Invitation => (
            "Your account in Wardkeep",
            "An account was made for you. With this link you set its password, once:",
        ),
        Purpose::FirstStart => {
            ("The first account in Wardkeep", "With this link you make the first account, once:")
        }
    };
    Letter {
        to: mail.email.clone(),
        name: mail.name.clone(),
        subject: subject.to_owned(),
        text: format!(
            "{does}\n\n{link}\n\nIt holds until {}.\nIf you did not ask for it, leave it: without it nothing changes.\n",
            mail.expires_at
        ),
        id: wardkeep_types::Id::new(now).to_string(),
        at: now,
    }
}
