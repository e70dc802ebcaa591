//! One human sentence per change. It is made when it is read, from the entry and the values that are still
//! there, so that erasing a value erases it from the sentence too.

use wardkeep_register::{Kind, Schema, label_of};
use wardkeep_store::ChangeRecord;

/// What was done, in words: "changed treatment and review on", "accepted the risk".
pub fn describe(schema: Option<&Schema>, change: &ChangeRecord) -> String {
    let what = schema.map_or("record", |s| s.names.one);
    let (act, detail) = change.entry.act.split_once(':').unwrap_or((&change.entry.act, ""));
    let fields: Vec<String> = change
        .fields
        .iter()
        .filter(|f| !["stage", "record"].contains(&f.field.as_str()))
        .map(|f| field_label(schema, &f.field).to_lowercase())
        .collect();
    match act {
        "add" => format!("added the {what}"),
        "edit" if fields == ["restricted"] => {
            let on = change.fields.iter().any(|f| f.new == Some(serde_json::Value::Bool(true)));
            if on {
                format!("restricted the {what} to named people")
            } else {
                format!("opened the {what} again")
            }
        }
        "edit" if fields.is_empty() => format!("saved the {what} without changes"),
        "edit" => format!("changed {}", join(&fields)),
        "move" => {
            let stage = change.fields.iter().find(|f| f.field == "stage").and_then(|f| f.new.as_ref());
            let stage = stage.and_then(|s| s.as_str()).map(label_of).unwrap_or_default();
            let stage = if stage.is_empty() { stage } else { format!(": now {}", stage.to_lowercase()) };
            format!("{} the {what}{stage}", past(detail))
        }
        "compute" => format!("worked out {}", join(&fields)),
        "erase" => "erased personal data".to_owned(),
        "comment" => "commented".to_owned(),
        "attachment" => format!("{} a file", if detail == "add" { "attached" } else { "took off" }),
        "need_to_know" if detail == "add" => format!("named somebody who may open the {what}"),
        "need_to_know" => format!("took somebody off the list of those who may open the {what}"),
        "approval" => match detail {
            "ask" => "asked for approval".to_owned(),
            "approved" => "agreed to what was asked".to_owned(),
            "rejected" => "refused what was asked".to_owned(),
            "withdrawn" => "took the request back".to_owned(),
            _ => format!("closed a request: the {what} changed meanwhile"),
        },
        "delegation" if detail == "add" => "named somebody to stand in".to_owned(),
        "delegation" => "ended a delegation".to_owned(),
        _ => beside(&change.entry.act),
    }
}

/// What was done beside the records: accounts, keys, imports. Ends so that a name can follow.
fn beside(act: &str) -> String {
    let known = [
        ("account:add", "made an account for"),
        ("account:link", "sent a sign-in link to"),
        ("account:state", "changed whether one may sign in as"),
        ("account:reset_factor", "took the second factor off"),
        ("account:end_sessions", "ended the sessions of"),
        ("password:change", "set the password of"),
        ("totp:add", "added a code app for"),
        ("totp:remove", "removed the code app of"),
        ("passkey:add", "added a passkey for"),
        ("passkey:remove", "removed a passkey of"),
        ("recovery:replace", "made new recovery codes for"),
        ("session:end_others", "ended the other sessions of"),
        ("grant:add", "gave a role to"),
        ("grant:end", "took a role from"),
        ("token:add", "made an API token for"),
        ("token:revoke", "revoked an API token of"),
        ("key:add", "made the key that signs the log"),
        ("key:rotate", "changed the key that signs the log"),
        ("import:add", "read a file for import"),
        ("import:apply", "applied an import"),
        ("import:undo", "undid an import"),
        ("import:discard", "threw an import away"),
        ("export:all", "exported everything"),
        ("observation:add", "recorded an observation"),
        ("custom_field:add", "made a field"),
        ("custom_field:retire", "retired a field"),
        ("webhook:add", "added a webhook"),
        ("webhook:change", "changed a webhook"),
        ("webhook:end", "ended a webhook"),
        ("setting:change", "changed a setting"),
        ("job:stop", "stopped a job"),
        ("job:retry", "started a job again"),
    ];
    known
        .iter()
        .find(|(name, _)| *name == act)
        .map_or_else(|| act.replace([':', '_'], " "), |(_, said)| (*said).to_owned())
}

/// What people read for a field of that register.
pub(crate) fn field_label(schema: Option<&Schema>, name: &str) -> String {
    schema.and_then(|s| s.field(name)).map_or_else(|| label_of(name), |(_, f)| f.label())
}

/// What people read for the key of a stage or a choice.
pub(crate) fn key_label(schema: Option<&Schema>, name: &str, json: &serde_json::Value) -> Option<String> {
    let (schema, key) = (schema?, json.as_str()?);
    if name == "stage" {
        return schema.stage(key).map(|s| s.label.to_owned());
    }
    let Kind::Choice(options) = schema.field(name)?.1.kind else { return None };
    options.iter().find(|o| o.key == key).map(|o| o.label.to_owned())
}

fn join(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [one] => one.clone(),
        [first @ .., last] if first.len() < 4 => format!("{} and {last}", first.join(", ")),
        _ => format!("{} and {} more fields", words[..3].join(", "), words.len() - 3),
    }
}

/// "accept" becomes "accepted"; good enough for the verbs registers use, and tested over all of them.
fn past(verb: &str) -> String {
    let (first, rest) =
        verb.split_once('_').map_or((verb, String::new()), |(f, r)| (f, format!(" {}", r.replace('_', " "))));
    let irregular = [
        ("leave", "marked as left:"),
        ("step", "stepped"),
        ("put", "put"),
        ("begin", "began"),
        ("hold", "held"),
        ("send", "sent"),
        ("take", "took"),
        ("withdraw", "withdrew"),
        ("build", "built"),
        ("set", "set"),
        ("shut", "shut"),
        ("find", "found"),
        ("draw", "drew"),
        ("go", "went"),
        ("bring", "brought"),
        ("lift", "lifted"),
        ("drop", "dropped"),
        ("plan", "planned"),
        ("stop", "stopped"),
        ("submit", "submitted"),
        ("onboard", "onboarded"),
        ("offboard", "offboarded"),
        ("scope", "scoped"),
        ("choose", "chose"),
        ("bind", "bound"),
        ("bear", "began to bear"),
    ];
    if let Some((_, word)) = irregular.iter().find(|(v, _)| *v == first) {
        return format!("{word}{rest}");
    }
    let base = match first {
        v if v.ends_with('e') => format!("{v}d"),
        v if v.ends_with('y') && !v.ends_with("ay") && !v.ends_with("oy") => {
            format!("{}ied", &v[..v.len() - 1])
        }
        v => format!("{v}ed"),
    };
    format!("{base}{rest}")
}

#[cfg(test)]
mod tests {
    use super::{join, past};

    #[test]
    fn sentences_read_well() {
        assert_eq!(past("accept"), "accepted");
        assert_eq!(past("step_away"), "stepped away");
        assert_eq!(past("verify"), "verified");
        assert_eq!(past("close"), "closed");
        let words: Vec<String> = ["a", "b", "c"].iter().map(|s| (*s).to_owned()).collect();
        assert_eq!(join(&words), "a, b and c");
    }

    #[test]
    fn no_move_of_any_register_makes_an_odd_word() {
        for schema in wardkeep_registers::all() {
            for step in &schema.moves {
                let word = past(step.name);
                assert!(
                    !word.ends_with("eeed") && !word.ends_with("aked") && !word.contains('_'),
                    "{}: {word}",
                    schema.key
                );
            }
        }
    }
}
