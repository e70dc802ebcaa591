//! Answers of several people to one question, pooled by how well each one's earlier ranges held.
//!
//! Pooled are the points: the 5 % and the 95 % points on the scale of factors, so that ranges of a lognormal stay
//! one; three points on the scale of amounts. A person whose ranges fail counts little, one who was never scored
//! counts like the average of those who were.

use super::super::load::Held;
use super::nodes::share;
use super::{loss, newest, rate};
use std::collections::BTreeMap;
use wardkeep_registers::RiskEstimate;
use wardkeep_registers::estimate::{About, Outcome};
use wardkeep_risk::import::weight_of;
use wardkeep_risk::model::{FormLoss, RateSpec, ShareSpec, Sourced, pooled_law, pooled_rate, pooled_share};
use wardkeep_types::Id;

/// Answers whose truth is known, and how many of them held it, by person.
pub(in super::super) fn scored<'a>(
    estimates: impl IntoIterator<Item = &'a Held<RiskEstimate>>,
) -> BTreeMap<Id, (usize, usize)> {
    let mut people: BTreeMap<Id, (usize, usize)> = BTreeMap::new();
    for one in estimates {
        if let Some(outcome) = one.record.outcome {
            let slot = people.entry(one.record.owner.id()).or_default();
            slot.0 += 1;
            slot.1 += usize::from(outcome == Outcome::Held);
        }
    }
    people
}

/// Shares of these people in a pool; they sum to 1.
pub(in super::super) fn shares(people: &[Id], scored: &BTreeMap<Id, (usize, usize)>) -> Vec<f64> {
    let known: Vec<Option<f64>> =
        people.iter().map(|p| scored.get(p).map(|(answered, held)| weight_of(*answered, *held))).collect();
    let seen: Vec<f64> = known.iter().flatten().copied().collect();
    let usual = if seen.is_empty() { 1.0 } else { seen.iter().sum::<f64>() / seen.len() as f64 };
    let raw: Vec<f64> = known.into_iter().map(|w| w.unwrap_or(usual)).collect();
    let sum: f64 = raw.iter().sum();
    raw.iter().map(|w| if sum > 0.0 { w / sum } else { 1.0 / raw.len() as f64 }).collect()
}

/// The answers of one scenario, each question with everybody's newest answer.
pub(super) struct Pool<'a> {
    answers: Vec<&'a Held<RiskEstimate>>,
    scored: BTreeMap<Id, (usize, usize)>,
}

impl<'a> Pool<'a> {
    pub(super) fn of(scenario: Id, all: &'a [Held<RiskEstimate>]) -> Self {
        Self { answers: newest(scenario, all), scored: scored(all) }
    }
    /// All answers.
    pub(super) fn answers(&self) -> &[&'a Held<RiskEstimate>] {
        &self.answers
    }
    /// Answers about one number, newest first.
    pub(super) fn about(&self, about: About) -> Vec<&'a Held<RiskEstimate>> {
        let mut found: Vec<_> = self.answers.iter().copied().filter(|e| e.record.about == about).collect();
        found.sort_by(|a, b| (b.record.stated_on, &b.reference).cmp(&(a.record.stated_on, &a.reference)));
        found
    }
    /// A number of times a year.
    pub(super) fn rate(&self, about: About) -> Option<Sourced<RateSpec>> {
        self.pooled(&self.about(about), rate, pooled_rate)
    }
    /// A number from 0 to 1.
    pub(super) fn share(&self, about: About) -> Option<Sourced<ShareSpec>> {
        self.pooled(&self.about(about), share, pooled_share)
    }
    /// Losses of these answers, form by form in the order of the forms.
    pub(super) fn losses(&self, about: About) -> Vec<FormLoss> {
        let mut forms: BTreeMap<String, Vec<&Held<RiskEstimate>>> = BTreeMap::new();
        for one in self.about(about) {
            forms.entry(super::form_name(one.record.form).to_owned()).or_default().push(one);
        }
        forms
            .values()
            .filter_map(|answers| {
                let first = answers.iter().find_map(|e| loss(e))?;
                let amount = self.pooled(answers, |e| loss(e).map(|l| l.amount), pooled_law)?;
                Some(FormLoss { amount, ..first })
            })
            .collect()
    }
    /// One value from several: those of the newest answer's shape, weighted; the trail names each with its share.
    fn pooled<T: Clone>(
        &self,
        answers: &[&Held<RiskEstimate>],
        read: impl Fn(&Held<RiskEstimate>) -> Option<Sourced<T>>,
        mix: impl Fn(&[(f64, T)]) -> Option<T>,
    ) -> Option<Sourced<T>> {
        let read: Vec<(&Held<RiskEstimate>, Sourced<T>)> =
            answers.iter().filter_map(|e| Some((*e, read(e)?))).collect();
        let (_, first) = read.first()?;
        let shape = std::mem::discriminant(&first.value);
        let alike = |one: &Sourced<T>| std::mem::discriminant(&one.value) == shape;
        let kept: Vec<&(&Held<RiskEstimate>, Sourced<T>)> =
            read.iter().filter(|(_, one)| alike(one)).collect();
        if kept.len() < 2 {
            return Some(first.clone());
        }
        let people: Vec<Id> = kept.iter().map(|(e, _)| e.record.owner.id()).collect();
        let shares = shares(&people, &self.scored);
        let values: Vec<(f64, T)> =
            shares.iter().zip(&kept).map(|(share, (_, one))| (*share, one.value.clone())).collect();
        let mut out = Sourced { value: mix(&values)?, ..first.clone() };
        out.source = kept.iter().map(|(_, one)| one.source).max().unwrap_or(first.source);
        let named: Vec<String> = shares
            .iter()
            .zip(&kept)
            .map(|(share, (e, _))| format!("{} {:.0} %", e.reference, 100.0 * share))
            .collect();
        out.reason = format!("Pooled by how earlier ranges held: {}. {}", named.join(", "), first.reason);
        out.evidence = kept.iter().map(|(e, _)| e.reference.clone()).collect();
        for (_, one) in &kept {
            for id in one.evidence.iter().skip(1) {
                if !out.evidence.contains(id) {
                    out.evidence.push(id.clone());
                }
            }
        }
        Some(out)
    }
}

#[cfg(test)]
mod tests {
    use super::shares;
    use std::collections::BTreeMap;
    use wardkeep_types::Id;

    #[test]
    fn whoever_held_more_counts_more_and_the_unscored_like_the_average() {
        let people: Vec<Id> = (1..=5).map(|n| Id::derived(&Id::NIL, &n.to_string())).collect();
        // The five of the public calibration data: 8, 6, 4, 3 and 1 of 10.
        let scored: BTreeMap<Id, (usize, usize)> =
            people.iter().copied().zip([(10, 8), (10, 6), (10, 4), (10, 3), (10, 1)]).collect();
        let found = shares(&people, &scored);
        assert!(found.windows(2).all(|p| p[0] > p[1]), "{found:?}");
        assert!((found.iter().sum::<f64>() - 1.0).abs() < 1e-12 && found[0] > 0.9, "{found:?}");
        let both = shares(&[people[0], Id::derived(&Id::NIL, "new")], &scored);
        assert!((both[0] - 0.5).abs() < 1e-12, "{both:?}");
        assert_eq!(shares(&people[..2], &BTreeMap::new()), [0.5, 0.5]);
    }
}
