//! Links correlations to the rules they watch.

use super::{Compiler, Place, means};
use crate::correlation::{Correlation, Kind, Member, Presence, Span};
use crate::ir::Order;
use crate::rule::Logic;
use rsigma_parser::{ConditionOperator, CorrelationCondition, CorrelationRule, CorrelationType, WindowMode};
use std::collections::HashSet;
use std::sync::Arc;

/// Rules that one correlation may watch.
const MOST_MEMBERS: usize = 1_000;

impl Compiler<'_> {
    /// Compiles all correlations and returns those that can be used, watched ones before their watchers.
    pub(super) fn link(&mut self) -> Vec<usize> {
        let parsed = std::mem::take(&mut self.correlations);
        let mut linked: HashSet<usize> = HashSet::new();
        let places: Vec<(usize, Place)> = parsed.iter().map(|(at, _, place)| (*at, place.clone())).collect();
        for (at, rule, place) in &parsed {
            match self.correlate(rule) {
                Ok(correlation) => {
                    self.rules[*at].condition = words(&correlation);
                    self.rules[*at].logic = Logic::Correlation(Box::new(correlation));
                    linked.insert(*at);
                }
                Err((message, remedy)) => self.complain(place, message, remedy, true),
            }
        }
        let order = self.sorted(&places, &linked);
        self.silence(&order);
        order
    }

    fn correlate(&self, parsed: &CorrelationRule) -> Result<Correlation, (String, &'static str)> {
        let mut members = Vec::new();
        let mut names: Vec<Vec<String>> = Vec::new();
        let value_fields = match &parsed.condition {
            CorrelationCondition::Threshold { field, .. } => field.clone().unwrap_or_default(),
            CorrelationCondition::Extended(_) => Vec::new(),
        };
        for reference in &parsed.rules {
            let rule = self.rules.iter().position(|rule| means(rule, reference)).ok_or_else(|| {
                (
                    format!("the correlation watches '{reference}', which is not among the rules"),
                    "name a rule by id or name",
                )
            })?;
            let field = |name: &String| -> Arc<str> {
                let alias = parsed.aliases.iter().find(|alias| alias.alias == *name);
                let known = |(by, _): &(&String, &String)| means(&self.rules[rule], by);
                let mapped = alias.and_then(|alias| alias.mapping.iter().find(known));
                mapped.map_or(name.as_str(), |(_, field)| field.as_str()).into()
            };
            members.push(Member {
                rule,
                group: parsed.group_by.iter().map(field).collect(),
                values: value_fields.iter().map(field).collect(),
            });
            let rule = &self.rules[rule];
            let mut called = vec![reference.clone(), rule.id.to_string()];
            called.extend(rule.name.as_deref().map(str::to_owned));
            names.push(called);
        }
        if members.is_empty() || members.len() > MOST_MEMBERS {
            return Err((
                format!("a correlation watches 1 to {MOST_MEMBERS} rules"),
                "list the rules by id or name",
            ));
        }
        let (kind, thresholds) = kind(parsed)?;
        if kind.needs_field() && value_fields.is_empty() {
            return Err(("the condition lacks the field to look at".into(), "add 'field' to the condition"));
        }
        let presence = match &parsed.condition {
            CorrelationCondition::Extended(expression) => {
                Some(Presence::lower(expression, &names).map_err(|name| {
                    (format!("the condition names '{name}', which it does not watch"), "list it in rules")
                })?)
            }
            CorrelationCondition::Threshold { .. } => None,
        };
        let micros = |seconds: u64| i64::try_from(seconds).ok().and_then(|s| s.checked_mul(1_000_000));
        let too_long = || ("the time span is too long".to_owned(), "write a time span below a century");
        let span = micros(parsed.timespan.seconds).filter(|s| *s > 0).ok_or_else(too_long)?;
        let window = match parsed.window {
            WindowMode::Sliding => Span::Sliding,
            WindowMode::Tumbling => Span::Tumbling,
            WindowMode::Session => {
                Span::Session(parsed.gap.as_ref().and_then(|gap| micros(gap.seconds)).ok_or_else(too_long)?)
            }
        };
        let group_by = parsed.group_by.iter().map(|name| Arc::from(name.as_str())).collect();
        Ok(Correlation {
            kind,
            members,
            group_by,
            span,
            window,
            thresholds,
            presence,
            generate: parsed.generate,
        })
    }

    /// Watched before watching; a circle, or a watched correlation that failed, takes its watchers with it.
    fn sorted(&mut self, places: &[(usize, Place)], linked: &HashSet<usize>) -> Vec<usize> {
        let mut order: Vec<usize> = Vec::new();
        loop {
            let ready = |at: usize| match &self.rules[at].logic {
                Logic::Correlation(correlation) => correlation.members.iter().all(|member| {
                    let is_correlation = places.iter().any(|(other, _)| *other == member.rule);
                    !is_correlation || order.contains(&member.rule)
                }),
                Logic::Detection(_) => false,
            };
            let next = places
                .iter()
                .map(|(at, _)| *at)
                .find(|at| linked.contains(at) && !order.contains(at) && ready(*at));
            match next {
                Some(at) => order.push(at),
                None => break,
            }
        }
        for (at, place) in places {
            if linked.contains(at) && !order.contains(at) {
                let message =
                    "the correlation watches itself in a circle, or one that cannot be used".to_owned();
                self.complain(place, message, "remove the circle, or mend the other correlation first", true);
            }
        }
        order
    }

    /// Rules that only feed correlations do not report their own hits, unless a correlation asks for them.
    fn silence(&mut self, order: &[usize]) {
        let mut silent: HashSet<usize> = HashSet::new();
        let mut spoken: HashSet<usize> = HashSet::new();
        for at in order {
            if let Logic::Correlation(correlation) = &self.rules[*at].logic {
                let set = if correlation.generate { &mut spoken } else { &mut silent };
                set.extend(correlation.members.iter().map(|member| member.rule));
            }
        }
        for rule in silent.difference(&spoken) {
            self.rules[*rule].reported = false;
        }
    }
}

type KindAndThresholds = (Kind, Vec<(Order, u64)>);

fn kind(parsed: &CorrelationRule) -> Result<KindAndThresholds, (String, &'static str)> {
    let (thresholds, percent) = match &parsed.condition {
        CorrelationCondition::Threshold { predicates, percentile, .. } => {
            (predicates.iter().map(|(operator, count)| (order(*operator), *count)).collect(), *percentile)
        }
        CorrelationCondition::Extended(_) => (Vec::new(), None),
    };
    let kind = match parsed.correlation_type {
        CorrelationType::EventCount => Kind::EventCount,
        CorrelationType::ValueCount => Kind::ValueCount,
        CorrelationType::Temporal => Kind::Temporal,
        CorrelationType::TemporalOrdered => Kind::TemporalOrdered,
        CorrelationType::ValueSum => Kind::ValueSum,
        CorrelationType::ValueAvg => Kind::ValueAvg,
        CorrelationType::ValueMedian => Kind::ValuePercentile(50),
        CorrelationType::ValuePercentile => match u8::try_from(percent.unwrap_or(50)) {
            Ok(percent @ 0..=100) => Kind::ValuePercentile(percent),
            _ => return Err(("a percentile lies between 0 and 100".into(), "write percentile: 95")),
        },
    };
    let temporal = matches!(kind, Kind::Temporal | Kind::TemporalOrdered);
    if !temporal && thresholds.is_empty() {
        return Err((
            "this kind of correlation needs a threshold".into(),
            "write a condition such as gte: 10",
        ));
    }
    Ok((kind, thresholds))
}

fn order(operator: ConditionOperator) -> Order {
    match operator {
        ConditionOperator::Lt => Order::Less,
        ConditionOperator::Lte => Order::AtMost,
        ConditionOperator::Gt => Order::More,
        ConditionOperator::Gte => Order::AtLeast,
        ConditionOperator::Eq => Order::Equal,
        ConditionOperator::Neq => Order::Differs,
    }
}

/// The correlation in words, for people.
fn words(correlation: &Correlation) -> String {
    let counted = match correlation.kind {
        Kind::EventCount => "number of hits".to_owned(),
        Kind::ValueCount => "number of distinct values".to_owned(),
        Kind::Temporal => "all watched rules hit".to_owned(),
        Kind::TemporalOrdered => "all watched rules hit in order".to_owned(),
        Kind::ValueSum => "sum of values".to_owned(),
        Kind::ValueAvg => "mean of values".to_owned(),
        Kind::ValuePercentile(percent) => format!("percentile {percent} of values"),
    };
    let temporal = matches!(correlation.kind, Kind::Temporal | Kind::TemporalOrdered);
    let limits: Vec<String> =
        correlation.thresholds.iter().map(|(order, count)| format!("{} {count}", order.sign())).collect();
    let limits = if temporal { String::new() } else { format!(" {}", limits.join(" and ")) };
    let within = wardkeep_types::Length::from_seconds(correlation.span / 1_000_000);
    let by = if correlation.group_by.is_empty() {
        String::new()
    } else {
        format!(" by {}", correlation.group_by.join(", "))
    };
    format!("{counted}{limits} within {within}{by}")
}
