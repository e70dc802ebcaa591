//! Findings: a weakness of an asset, at a place, over time.

use crate::checks::{entries, only, owned};
use crate::choices::Severity;
use crate::{Asset, Person};
use wardkeep_register::prelude::*;

/// A weakness of one asset, whoever reported it and however often.
#[derive(Record)]
pub struct Finding {
    /// What is weak, in a few words.
    #[field(title)]
    pub name: Line,
    /// What sort of weakness it is.
    #[field(filter)]
    pub class: Class,
    /// How bad it is.
    #[field(list, filter)]
    pub severity: Severity,
    /// What has it.
    #[field(list, filter)]
    pub asset: Option<Link<Asset>>,
    /// Who mends it.
    #[field(list, filter)]
    pub owner: Option<Link<Person>>,
    /// What it is, how it could be used and how it is mended.
    pub description: Markdown,
    /// The vulnerability that decides, such as CVE-2026-12345.
    #[field(list, filter)]
    pub vulnerability: Option<Line>,
    /// All vulnerability ids, one per line.
    pub weaknesses: Text,
    /// Kind of flaw, such as CWE-79.
    pub flaw: Option<Line>,
    /// Exploited somewhere, by a catalogue that says so.
    #[field(filter, computed)]
    pub known_exploited: bool,
    /// Tool that reported it first.
    pub tool: Option<Line>,
    /// The tool's name for the check.
    pub rule: Option<Line>,
    /// Where in the asset: package, file, address, port.
    pub locus: Option<Line>,
    /// The key that keeps it one finding over many reports.
    #[field(unique, computed)]
    pub identity: Option<Line>,
    /// How sure the match is.
    pub confidence: Confidence,
    /// Whether reports still see it.
    #[field(filter, computed)]
    pub presence: Option<Presence>,
    /// What people think of it.
    #[field(list, filter)]
    pub verdict: Verdict,
    /// Why that verdict.
    pub verdict_reason: Markdown,
    /// The version in which it is mended.
    pub fixed_in: Option<Line>,
    /// When a report first saw it.
    #[field(computed)]
    pub first_seen: Option<Moment>,
    /// When a report last saw it.
    #[field(computed)]
    pub last_seen: Option<Moment>,
    /// Until when it must be mended. The rules only ever move it earlier; later takes an approved exception.
    #[field(list, due)]
    pub due: Option<Date>,
    /// The set of rules that decided the deadline.
    #[field(computed)]
    pub deadline_profile: Option<Line>,
    /// What those rules said, such as 14 days.
    #[field(computed)]
    pub deadline_outcome: Option<Line>,
    /// How often it came back.
    #[field(computed)]
    pub reopened: Option<i64>,
    /// When it was closed.
    #[field(computed)]
    pub closed_on: Option<Date>,
}

/// Sorts of weakness; each has its own identity key (`specs/exposure.md` 5).
#[derive(Debug, Clone, Copy, PartialEq, Choice)]
pub enum Class {
    /// A vulnerable package of software.
    Package,
    /// A vulnerable product.
    Product,
    /// A package made to harm.
    Malware,
    /// What a host scanner found.
    Host,
    /// A rule of a benchmark that does not hold.
    Benchmark,
    /// A flaw in our own code.
    Code,
    /// A flaw in a web application as it runs.
    Web,
    /// A flaw in infrastructure written as code.
    Infrastructure,
    /// A setting of a cloud account.
    Cloud,
    /// Weak encryption or a bad certificate.
    #[label("TLS")]
    Tls,
    /// A password or key that lies open.
    Secret,
    /// A licence that does not fit.
    Licence,
    /// What a penetration test found.
    PenTest,
}

/// How sure the match is, surest first.
#[derive(Debug, Clone, Copy, PartialEq, Choice)]
pub enum Confidence {
    /// Exact name and version, or proven by trying.
    Confirmed,
    /// Exact name, version by a range of the maker.
    Likely,
    /// By a neighbouring package or a general range.
    Possible,
    /// By product names only.
    Weak,
}

/// Whether reports still see it.
#[derive(Debug, Clone, Copy, PartialEq, Choice)]
pub enum Presence {
    /// Seen by the newest report that looked.
    Present,
    /// Looked for, and not seen.
    Absent,
    /// Nobody has looked for longer than is usual.
    Unseen,
}

/// What people think of a finding.
#[derive(Debug, Clone, Copy, PartialEq, Choice)]
pub enum Verdict {
    /// Nothing yet.
    None,
    /// Being looked into.
    Investigating,
    /// It is not there.
    FalsePositive,
    /// It is there and cannot be used.
    NotAffected,
    /// It is there and an exception covers it.
    Accepted,
}

/// Life of a finding.
#[derive(Clone, Copy, PartialEq, Stages)]
pub enum Stage {
    /// Reported.
    #[open]
    New,
    /// Somebody mends it.
    #[open]
    Confirmed,
    /// Said to be mended; the next report or retest decides.
    #[open]
    Claimed,
    /// Mended, and shown to be.
    #[done]
    Closed,
    /// Not a weakness of ours.
    #[done]
    Dismissed,
}

use Stage::{Claimed, Closed, Confirmed, Dismissed, New};

impl Register for Finding {
    type Stage = Stage;
    const NAMES: Names =
        Names { one: "finding", many: "findings", prefix: "FND", area: Area::Identify, key: "finding" };
    const MOVES: &'static [Move<Self>] = &[
        Move::new("confirm", &[New], Confirmed).only_if(is_planned),
        Move::new("claim", &[New, Confirmed], Claimed).only_if(is_planned),
        Move::new("return", &[Claimed], Confirmed).with_reason(),
        Move::new("close", &[New, Confirmed, Claimed], Closed).only_if(is_gone),
        Move::new("close_after_retest", &[Claimed], Closed)
            .needs(Verb::Approve)
            .second_person()
            .with_reason()
            .only_if(no_scan_sees_it),
        Move::new("dismiss", &[New, Confirmed, Claimed], Dismissed)
            .needs(Verb::Approve)
            .second_person()
            .with_reason()
            .only_if(is_no_weakness),
        Move::new("reopen", &[Closed, Dismissed], New).with_reason(),
    ];

    fn check(&self, _stage: Stage, problems: &mut Problems) {
        if let (Some(first), Some(last)) = (self.first_seen, self.last_seen) {
            problems.require(
                first <= last,
                "last_seen",
                "order",
                "it was last seen before it was first seen",
            );
        }
        let decided = !matches!(self.verdict, Verdict::None | Verdict::Investigating);
        let told = !decided || !self.verdict_reason.as_str().is_empty();
        problems.require(
            told,
            "verdict_reason",
            "required",
            "say why, so that the next reader need not ask again",
        );
        let named = self.vulnerability.as_ref().is_none_or(|v| {
            self.weaknesses.as_str().is_empty()
                || entries(&self.weaknesses).any(|w| w.eq_ignore_ascii_case(v.as_str()))
        });
        problems.require(
            named,
            "vulnerability",
            "missing",
            "the vulnerability that decides stands among the weaknesses",
        );
    }
}

fn is_planned(finding: &Finding, _: &GuardContext) -> Result<(), Refused> {
    owned(finding.owner)?;
    only(finding.asset.is_some(), "name the asset first: somebody must know where to mend it")
}

fn is_gone(finding: &Finding, _: &GuardContext) -> Result<(), Refused> {
    let gone = finding.presence == Some(Presence::Absent);
    only(
        gone,
        "only a report that looked for it and no longer sees it closes a finding; claim it as mended instead",
    )
}

fn no_scan_sees_it(finding: &Finding, _: &GuardContext) -> Result<(), Refused> {
    let by_hand =
        matches!(finding.class, Class::PenTest | Class::Secret | Class::Licence) || finding.tool.is_none();
    only(by_hand, "a tool reported it, so that tool must look again")
}

fn is_no_weakness(finding: &Finding, _: &GuardContext) -> Result<(), Refused> {
    let none = matches!(finding.verdict, Verdict::FalsePositive | Verdict::NotAffected);
    only(
        none,
        "give the verdict 'false positive' or 'not affected' first; what is accepted takes an exception",
    )
}

#[cfg(test)]
mod tests {
    use super::Finding;
    use crate::testing::{ID, sample};

    #[test]
    fn evidence_closes_findings_and_claims_do_not() {
        let claimed = sample::<Finding>().refuses("confirm", "answers").at("claimed").with("tool", "trivy");
        claimed
            .refuses("close", "no longer sees it")
            .refuses("close_after_retest", "look again")
            .with("presence", "absent")
            .allows("close");
        sample::<Finding>().at("claimed").with("class", "pen_test").allows("close_after_retest");
        sample::<Finding>().with("owner", ID).refuses("confirm", "asset");
    }

    #[test]
    fn verdicts_need_reasons() {
        let false_positive =
            sample::<Finding>().refuses("dismiss", "verdict").with("verdict", "false_positive");
        false_positive.allows("dismiss").fails_in("verdict_reason");
        let seen = sample::<Finding>().with("first_seen", "2026-05-02T00:00:00Z");
        seen.with("last_seen", "2026-05-01T00:00:00Z").fails_in("last_seen");
        let ids = sample::<Finding>().with("weaknesses", "CVE-2026-1\nGHSA-x");
        ids.with("vulnerability", "CVE-2026-2").fails_in("vulnerability");
    }
}
