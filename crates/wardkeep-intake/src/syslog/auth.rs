//! What the lines of sshd, sudo, su and PAM say.

use crate::entities::put;
use wardkeep_types::event::Event;

const PROGRAMS: [&str; 20] = [
    "sshd",
    "sshd-session",
    "sudo",
    "su",
    "login",
    "systemd-logind",
    "useradd",
    "userdel",
    "usermod",
    "groupadd",
    "groupmod",
    "groupdel",
    "passwd",
    "chpasswd",
    "chage",
    "gdm-password",
    "polkitd",
    "pkexec",
    "dropbear",
    "doas",
];

/// The program without a PAM suffix: `sshd(pam_unix)` is `sshd`.
pub(super) fn plain_name(program: &str) -> &str {
    let program = program.rsplit('/').next().unwrap_or(program);
    program.split_once('(').map_or(program, |(name, _)| name)
}

pub(super) fn is_auth(program: &str) -> bool {
    program.contains("pam_unix") || PROGRAMS.contains(&plain_name(program))
}

/// Fills the event from the message.
pub(super) fn fill(event: &mut Event, program: &str, message: &str) {
    let message = repeated(event, message);
    let _ = pam(event, program, message).or_else(|| match plain_name(program) {
        "sshd" | "sshd-session" => ssh(event, message),
        "sudo" => sudo(event, message),
        "su" => su(event, message),
        _ => accounts(event, message),
    });
}

/// `message repeated 5 times: [ ... ]` speaks of the inner message.
fn repeated<'m>(event: &mut Event, message: &'m str) -> &'m str {
    let Some(rest) = message.strip_prefix("message repeated ") else { return message };
    let Some((count, inner)) = rest.split_once(" times: [") else { return message };
    if let Ok(count) = count.parse::<i64>() {
        put(&mut event.fields, "repeated", count);
    }
    inner.trim_start().trim_end_matches(']')
}

fn say(event: &mut Event, action: &str, outcome: Option<&str>) {
    event.action = Some(action.into());
    event.outcome = outcome.map(Into::into);
}

fn set_user(event: &mut Event, user: &str) {
    let user = user.split_once('(').map_or(user, |(name, _)| name).trim_matches(['\'', '"', '.', ',']);
    if !user.is_empty() {
        event.user = Some(user.into());
    }
}

/// `... from ADDRESS port N ...`: fills address and port; gives what stands before.
fn from<'m>(event: &mut Event, text: &'m str) -> Option<&'m str> {
    // The name may hold " from " itself, so the last one counts.
    let (front, rest) = text.rsplit_once(" from ")?;
    let mut words = rest.split_ascii_whitespace();
    event.src_ip = words.next().map(|word| word.trim_matches(['[', ']', ',']).into());
    if let (Some("port"), Some(Ok(port))) = (words.next(), words.next().map(str::parse::<i64>)) {
        put(&mut event.fields, "src_port", port);
    }
    Some(front)
}

fn ssh(event: &mut Event, message: &str) -> Option<()> {
    let verb = message.split_once(' ').map_or(message, |(verb, _)| verb);
    match verb {
        "Accepted" | "Failed" => {
            let front = from(event, message)?;
            let (method, user) = front[verb.len()..].trim_start().split_once(" for ")?;
            put(&mut event.fields, "auth_method", method);
            let invalid = user.strip_prefix("invalid user ").or_else(|| user.strip_prefix("illegal user "));
            put(&mut event.fields, "invalid_user", if invalid.is_some() { "true" } else { "false" });
            set_user(event, invalid.unwrap_or(user));
            match verb {
                "Accepted" => say(event, "accepted", Some("success")),
                _ => say(event, "failed", Some("failure")),
            }
        }
        "Invalid" | "Illegal" => {
            let front = from(event, message)?;
            set_user(event, front.split_once(" user ")?.1);
            say(event, "invalid_user", Some("failure"));
        }
        "Connection" | "Disconnected" | "Received" | "Disconnecting" => {
            say(event, if verb == "Connection" { "connection" } else { "disconnected" }, None);
            let mut words = message.split_ascii_whitespace();
            let address = words.find(|word| word.parse::<std::net::IpAddr>().is_ok());
            event.src_ip = address.map(Into::into);
            if let Some((_, rest)) = message.split_once(" user ") {
                set_user(event, rest.split_ascii_whitespace().next().unwrap_or_default());
            }
        }
        "error:" | "fatal:" if message.contains("maximum authentication attempts") => {
            let front = from(event, message)?;
            let user = front.split_once(" for ")?.1;
            set_user(event, user.strip_prefix("invalid user ").unwrap_or(user));
            say(event, "too_many_attempts", Some("failure"));
        }
        _ if message.contains("POSSIBLE BREAK-IN ATTEMPT") => {
            let address = message.split(['[', ']', ' ', ',']).find(|w| w.parse::<std::net::IpAddr>().is_ok());
            event.src_ip = address.map(Into::into);
            say(event, "reverse_mapping", Some("failure"));
        }
        _ => return None,
    }
    Some(())
}

fn sudo(event: &mut Event, message: &str) -> Option<()> {
    let (user, rest) = message.trim_start().split_once(" : ")?;
    set_user(event, user.trim());
    let mut failed = None;
    for part in rest.split(" ; ") {
        match part.split_once('=') {
            Some((name @ ("TTY" | "PWD" | "USER" | "GROUP"), value)) => {
                let name = format!("sudo_{}", name.to_ascii_lowercase());
                put(&mut event.fields, &name, value);
            }
            Some(("COMMAND", value)) => put(&mut event.fields, "CommandLine", value),
            _ if failed.is_none() => failed = Some(part.trim()),
            _ => {}
        }
    }
    // A command with " ; " inside was cut by the split above: take it whole.
    if let Some((_, command)) = rest.split_once("COMMAND=") {
        put(&mut event.fields, "CommandLine", command);
    }
    if let Some(reason) = failed {
        put(&mut event.fields, "sudo_reason", reason);
    }
    say(event, "sudo", Some(if failed.is_some() { "failure" } else { "success" }));
    Some(())
}

fn su(event: &mut Event, message: &str) -> Option<()> {
    let failed = message.starts_with("FAILED") || message.contains(" failed") || message.starts_with("- ");
    let success =
        message.starts_with("Successful") || message.starts_with("+ ") || message.starts_with("(to ");
    if !failed && !success {
        return None;
    }
    if let Some((front, by)) = message.rsplit_once(" by ") {
        set_user(event, by);
        put(&mut event.fields, "target_user", front.rsplit(' ').next().unwrap_or_default());
    } else if let Some((target, user)) = message.strip_prefix("(to ").and_then(|rest| rest.split_once(") ")) {
        put(&mut event.fields, "target_user", target);
        set_user(event, user.split(' ').next().unwrap_or_default());
    }
    say(event, "su", Some(if failed { "failure" } else { "success" }));
    Some(())
}

fn pam(event: &mut Event, program: &str, message: &str) -> Option<()> {
    let body = match message.split_once(": ") {
        Some((tag, body)) if tag.starts_with("pam_") => body,
        _ if program.contains("pam_unix") => message,
        _ => return None,
    };
    let after = |word: &str| {
        body.split_once(word).map(|(_, rest)| rest.split_ascii_whitespace().next().unwrap_or(""))
    };
    if body.starts_with("session opened for user ") || body.starts_with("session closed for user ") {
        set_user(event, after(" for user ")?);
        let opened = body.starts_with("session opened");
        say(event, if opened { "session_opened" } else { "session_closed" }, Some("success"));
    } else if body.contains("authentication failure") {
        let told = |word: &str| after(word).filter(|value| !value.is_empty() && !value.contains('='));
        if let Some(user) = told(" user=") {
            set_user(event, user);
        }
        event.src_ip = told("rhost=").map(Into::into);
        say(event, "authentication_failure", Some("failure"));
    } else if body.starts_with("check pass") {
        say(event, "check_pass", Some("failure"));
    } else {
        return None;
    }
    Some(())
}

fn accounts(event: &mut Event, message: &str) -> Option<()> {
    let named = |word: &str| {
        Some(message.split_once(word)?.1.split([',', ' ']).next().unwrap_or_default().to_owned())
    };
    let (action, user) = if message.starts_with("new user: ") {
        ("user_added", named("name=")?)
    } else if message.starts_with("new group: ") {
        ("group_added", named("name=")?)
    } else if message.starts_with("delete user ") {
        ("user_deleted", named("delete user ")?)
    } else if message.starts_with("New session ") {
        ("session_opened", named(" of user ")?)
    } else if message.starts_with("password changed for ") {
        ("password_changed", named("changed for ")?)
    } else {
        return None;
    };
    set_user(event, &user);
    say(event, action, Some("success"));
    Some(())
}
