//! The rate of loss events before the change of controls: entered directly, or from threat events.
//!
//! `L = TEF V`, `TEF = CF PoA`, `V = P(TC > RS)`; what is entered directly makes what lies below it ignored. The nodes
//! are taken as independent of each other.

use super::origin::SourceKind;
use super::rate::{Incidents, RateBelief};
use super::scenario::{Nodes, Scenario};
use super::share::contest;
use wardkeep_types::Problem;

/// A node that moves no figure, and what was entered directly above it. Both are keys of the model file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ignored {
    /// The node.
    pub node: &'static str,
    /// What stands above it.
    pub since: &'static str,
}

impl Ignored {
    /// Where it stands in a scenario.
    pub(super) fn place(self) -> String {
        if self.node == "near_misses" { self.node.into() } else { format!("nodes.{}", self.node) }
    }
}

impl Nodes {
    /// Whether a rate can be worked out of them.
    pub fn is_whole(&self) -> bool {
        (self.threat_events.is_some() || (self.contacts.is_some() && self.action.is_some()))
            && (self.vulnerability.is_some() || (self.capability.is_some() && self.resistance.is_some()))
    }
    /// Keys of the nodes that were entered, from the top.
    pub fn entered(&self) -> Vec<&'static str> {
        [
            ("threat_events", self.threat_events.is_some()),
            ("contacts", self.contacts.is_some()),
            ("action", self.action.is_some()),
            ("vulnerability", self.vulnerability.is_some()),
            ("capability", self.capability.is_some()),
            ("resistance", self.resistance.is_some()),
        ]
        .into_iter()
        .filter_map(|(key, there)| there.then_some(key))
        .collect()
    }
}

impl Scenario {
    /// What is believed about its rate before the change of controls, own incidents and near misses counted in, with
    /// the weakest source of what it rests on.
    pub fn belief(&self, path: &str) -> Result<(RateBelief, SourceKind), Problem> {
        base_rate(self, path)
    }
    /// What was entered and moves no figure, since something above it was entered directly.
    pub fn ignored(&self) -> Vec<Ignored> {
        let none = Nodes::default();
        let nodes = self.nodes.as_ref().unwrap_or(&none);
        let near = self.near_misses.is_some().then_some("near_misses");
        nodes
            .entered()
            .into_iter()
            .chain(near)
            .filter_map(|node| {
                let since = match node {
                    _ if self.rate.is_some() => "rate",
                    "contacts" | "action" if nodes.threat_events.is_some() => "threat_events",
                    "capability" | "resistance" if nodes.vulnerability.is_some() => "vulnerability",
                    _ => return None,
                };
                Some(Ignored { node, since })
            })
            .collect()
    }
}

/// The rate with own incidents counted, and the weakest source of what it rests on.
pub(super) fn base_rate(scenario: &Scenario, path: &str) -> Result<(RateBelief, SourceKind), Problem> {
    let incidents = scenario.incidents.as_ref();
    if let Some(rate) = &scenario.rate {
        return Ok((rate.value.belief(incidents, &format!("{path}.rate"))?, rate.source));
    }
    let missing = || {
        Problem::new(path, "rate", "there is neither a rate nor threat events with a vulnerability")
            .hint("Enter the rate, or how often threats come and how often they succeed.")
    };
    let nodes = scenario.nodes.as_ref().ok_or_else(missing)?;
    let place = |node: &str| format!("{path}.nodes.{node}");
    let (vulnerability, of_vulnerability) = match (&nodes.vulnerability, &nodes.capability, &nodes.resistance)
    {
        (Some(direct), _, _) => (direct.value.law(&place("vulnerability"))?.nodes(), direct.source),
        (None, Some(capability), Some(resistance)) => {
            let (c, r) =
                (capability.value.law(&place("capability"))?, resistance.value.law(&place("resistance"))?);
            (vec![(contest(&c, &r).value(), 1.0)], capability.source.max(resistance.source))
        }
        _ => return Err(missing()),
    };
    let (threat, of_threat) = match (&nodes.threat_events, &nodes.contacts, &nodes.action) {
        (Some(direct), _, _) => (direct.value.belief(None, &place("threat_events"))?, direct.source),
        (None, Some(contacts), Some(action)) => {
            let acts = action.value.law(&place("action"))?.nodes();
            let contacted = contacts.value.belief(None, &place("contacts"))?;
            (contacted.thinned(&acts), contacts.source.max(action.source))
        }
        _ => return Err(missing()),
    };
    let harmed: f64 = vulnerability.iter().map(|(x, w)| x * w).sum();
    let threat = match &scenario.near_misses {
        // Near misses are the threat events that do no harm, `TEF (1 - V)` a year. Those that do harm are counted below,
        // at `TEF V` a year: together one period is counted once.
        Some(seen) => {
            let seen = Incidents { multiplier: seen.multiplier * (1.0 - harmed).max(0.0), ..*seen };
            threat.counted(&seen, &format!("{path}.near_misses"))?
        }
        None => threat,
    };
    // Own loss events speak about the loss event rate, so they are counted after the nodes are joined.
    let joined = threat.thinned(&vulnerability);
    let counted = match incidents {
        Some(seen) => joined.counted(seen, &format!("{path}.incidents"))?,
        None => joined,
    };
    Ok((counted, of_vulnerability.max(of_threat)))
}
