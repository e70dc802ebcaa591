//! Indicators of compromise: addresses, names and hashes that are known to be bad and are looked for in log records.

use crate::checks::{is_over, lies_ahead, only};
use crate::choices::Tlp;
use wardkeep_register::prelude::*;
use wardkeep_types::ioc::{IocKind, is_reserved};

/// A value that is known to be bad.
#[derive(Record)]
pub struct Ioc {
    /// The value; written so that nobody opens it by a slip of the finger, and taken in that form too.
    #[field(title, unique)]
    pub value: Line,
    /// What kind of value it is.
    #[field(list, filter, label = "Type")]
    pub kind: IocType,
    /// How sure the source is that it is bad.
    #[field(list)]
    pub confidence: Percent,
    /// With whom it may be shared.
    #[field(list, filter, label = "TLP")]
    pub tlp: Tlp,
    /// Who says so: a feed, a report, an incident of ours.
    #[field(list, filter)]
    pub source: Option<Line>,
    /// First day whose records count; all do when it is empty.
    pub valid_from: Option<Date>,
    /// Last day on which it is looked for; until it is revoked when it is empty.
    #[field(list)]
    pub valid_until: Option<Date>,
    /// What is known about it.
    pub note: Markdown,
}

/// What kind of value it is.
#[derive(Debug, Clone, Copy, PartialEq, Choice)]
pub enum IocType {
    /// An address, or a block of addresses such as 198.51.100.0/24.
    #[label("IP address or block")]
    Ip,
    /// A host name; names below it count too.
    #[label("Host name")]
    Domain,
    /// The address of a page.
    #[label("Web address")]
    Url,
    /// MD5 of a file.
    #[label("MD5")]
    Md5,
    /// SHA-1 of a file.
    #[label("SHA-1")]
    Sha1,
    /// SHA-256 of a file.
    #[label("SHA-256")]
    Sha256,
    /// A mail address.
    #[label("Mail address")]
    Mail,
}

impl IocType {
    /// The kind of value that it is.
    pub fn of_value(self) -> IocKind {
        match self {
            Self::Ip => IocKind::Ip,
            Self::Domain => IocKind::Domain,
            Self::Url => IocKind::Url,
            Self::Md5 => IocKind::Md5,
            Self::Sha1 => IocKind::Sha1,
            Self::Sha256 => IocKind::Sha256,
            Self::Mail => IocKind::Mail,
        }
    }
}

/// Life of an indicator.
#[derive(Clone, Copy, PartialEq, Stages)]
pub enum Stage {
    /// Known, and not looked for yet.
    #[open]
    Candidate,
    /// Looked for in every record that arrives, and in those that are stored.
    #[open]
    Active,
    /// Its last day has passed.
    #[done]
    Expired,
    /// No longer bad, or withdrawn by its source.
    #[done]
    Revoked,
    /// Was never bad.
    #[done]
    FalsePositive,
}

use Stage::{Active, Candidate, Expired, FalsePositive, Revoked};

impl Register for Ioc {
    type Stage = Stage;
    const NAMES: Names = Names {
        one: "indicator of compromise",
        many: "indicators of compromise",
        prefix: "IND",
        area: Area::Detect,
        key: "ioc",
    };
    const MOVES: &'static [Move<Self>] = &[
        Move::new("confirm", &[Candidate], Active).only_if(is_uncommon),
        Move::new("confirm_in_spite", &[Candidate], Active)
            .needs(Verb::Approve)
            .with_reason()
            .only_if(is_timely),
        Move::new("expire", &[Active], Expired).only_if(end_has_come),
        Move::new("renew", &[Expired], Active).only_if(is_timely),
        Move::new("revoke", &[Candidate, Active], Revoked).with_reason(),
        Move::new("false_positive", &[Candidate, Active], FalsePositive).with_reason(),
        Move::new("reopen", &[Expired, Revoked, FalsePositive], Candidate).with_reason(),
    ];
    const TIDY: Option<fn(&mut Self)> = Some(tidy);

    fn check(&self, stage: Stage, problems: &mut Problems) {
        if let Err(error) = self.kind.of_value().normal(self.value.as_str()) {
            problems.require(false, "value", "invalid", &error.to_string());
        }
        let known = stage == Candidate || self.source.is_some();
        problems.require(known, "source", "required", "what is looked for has a source that can be asked");
        if let (Some(from), Some(until)) = (self.valid_from, self.valid_until) {
            problems.require(from <= until, "valid_until", "order", "its last day lies before its first");
        }
    }
}

/// One form for every value, whoever wrote it.
fn tidy(ioc: &mut Ioc) {
    let kind = ioc.kind.of_value();
    let shown = kind.normal(ioc.value.as_str()).map(|normal| kind.defanged(&normal));
    if let Some(line) = shown.ok().and_then(|shown| shown.parse().ok()) {
        ioc.value = line;
    }
}

fn is_timely(ioc: &Ioc, context: &GuardContext) -> Result<(), Refused> {
    only(ioc.source.is_some(), "say who says so first")?;
    match ioc.valid_until {
        None => Ok(()),
        day => lies_ahead(day, "its last day", context),
    }
}

fn is_uncommon(ioc: &Ioc, context: &GuardContext) -> Result<(), Refused> {
    is_timely(ioc, context)?;
    let kind = ioc.kind.of_value();
    let reserved = kind.normal(ioc.value.as_str()).is_ok_and(|normal| is_reserved(kind, &normal));
    only(
        !reserved,
        "this is private or reserved and stands in records every day: confirm it in spite of that, with a reason",
    )
}

fn end_has_come(ioc: &Ioc, context: &GuardContext) -> Result<(), Refused> {
    is_over(ioc.valid_until, "its last day", context)
}

#[cfg(test)]
mod tests {
    use super::Ioc;
    use crate::testing::sample;
    use wardkeep_register::{Schema, Value};

    #[test]
    fn what_is_looked_for_is_a_value_of_its_type_with_a_source() {
        let ioc = || sample::<Ioc>().with("value", "198.51.100[.]0/24").with("kind", "ip");
        ioc().stands();
        ioc().with("kind", "domain").fails_in("value");
        ioc().at("active").fails_in("source");
        ioc().with("source", "a report").at("active").stands();
        ioc().with("valid_from", "2026-05-02").with("valid_until", "2026-05-01").fails_in("valid_until");
        ioc().with("value", "198.51.0.0/4").fails_in("value");
    }

    #[test]
    fn moves_ask_for_a_source_time_and_a_second_look() {
        let ioc = || sample::<Ioc>().with("kind", "ip").with("value", "198.51.100.7");
        let said = || ioc().with("source", "a report");
        ioc().refuses("confirm", "who says so").with("source", "a report").allows("confirm");
        said().with("valid_until", "2026-05-31").refuses("confirm", "last day");
        said().with("valid_until", "2026-06-30").allows("confirm");
        let own = said().with("value", "10.1.2.3").refuses("confirm", "private");
        own.allows("confirm_in_spite");
        ioc().refuses("confirm_in_spite", "who says so");
        said().at("active").refuses("expire", "last day").with("valid_until", "2026-05-31").allows("expire");
        said().at("expired").with("valid_until", "2026-05-31").refuses("renew", "last day");
        said().at("expired").with("valid_until", "2026-12-31").allows("renew");
        for done in ["expired", "revoked", "false_positive"] {
            said().at(done).allows("reopen");
        }
    }

    #[test]
    fn values_are_tidied() {
        let schema = Schema::of::<Ioc>();
        let mut row = schema.empty_row();
        for (name, text) in
            [("value", "hXXps://EVIL.example"), ("kind", "url"), ("confidence", "80"), ("tlp", "amber")]
        {
            let (index, field) = schema.field(name).unwrap();
            row.values[index] = Value::parse(field, text).unwrap();
        }
        let row = schema.tidied(row);
        assert_eq!(schema.title(&row), "hxxps://evil[.]example/");
        assert_eq!(schema.tidied(row.clone()), row);
    }
}
