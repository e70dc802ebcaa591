//! Appetite statements with their tests, and the indicators derived from them.

use super::super::load::Held;
use super::super::views::{AppetitePageView, IndicatorView};
use super::stamp::{curve, named, stamp, statements};
use crate::{App, Ctx, Error, Organisation};
use wardkeep_register::{Choice as _, Verb};
use wardkeep_registers::{Appetite, Indicator};
use wardkeep_types::Percent;

/// An alarm begins at this chance unless the indicator says otherwise.
const ALARM: f64 = 0.2;

impl App {
    /// Appetite statements, their tests and the indicators derived from them, for those who may view every risk.
    pub async fn risk_appetite(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
    ) -> Result<AppetitePageView, Error> {
        Self::risk_whole(ctx, organisation, Verb::View)?;
        let all: Vec<Held<Appetite>> = self.held(organisation).await?;
        let watched: Vec<Held<Indicator>> = self.held(organisation).await?;
        let Some(run) = self.risk_published().await? else {
            let empty = super::super::runs::Names::default();
            let labels = self.labels(ctx, organisation, all.iter().map(|a| a.id)).await?;
            let known = super::Known { labels, names: &empty };
            let waiting =
                all.iter().filter(|a| a.stage != "retired").filter_map(|a| known.id(a.id)).collect();
            return Ok(AppetitePageView {
                run: None,
                statements: Vec::new(),
                waiting,
                indicators: Vec::new(),
                curve: None,
            });
        };
        let mut more: Vec<wardkeep_types::Id> = all.iter().map(|a| a.id).collect();
        more.extend(watched.iter().map(|i| i.id));
        more.extend(watched.iter().map(|i| i.record.control.id()));
        let known = self.risk_known(ctx, organisation, &run, more).await?;
        let in_run = |a: &Held<Appetite>| run.model.appetite.iter().any(|rule| rule.id == a.id.to_string());
        let waiting = all.iter().filter(|a| a.stage != "retired" && !in_run(a));
        let indicators = watched
            .iter()
            .filter(|i| i.stage == "watched")
            .filter_map(|held| {
                let i = &held.record;
                let (crossed, alarm) = (i.chance_crossed.map(Percent::ratio), i.alarm_at.map(Percent::ratio));
                let control = known.id(i.control.id()).map(|c| c.name).unwrap_or_default();
                Some(IndicatorView {
                    record: known.id(held.id)?,
                    watches: format!("{control}: {}", i.quantity.key()),
                    value: i.figure.map(|p| 100.0 * p.ratio()),
                    threshold: i.threshold.map(|p| 100.0 * p.ratio()),
                    chance_crossed: crossed,
                    words: i.says.as_ref().map(ToString::to_string).unwrap_or_default(),
                    state: match crossed {
                        None => "unknown",
                        Some(chance) if chance >= alarm.unwrap_or(ALARM) => "alarm",
                        Some(chance) if chance >= 0.5 * alarm.unwrap_or(ALARM) => "watch",
                        Some(_) => "fine",
                    },
                    appetite: i.appetite.and_then(|a| known.id(a.id())),
                })
            })
            .collect();
        Ok(AppetitePageView {
            statements: named(organisation, statements(&run, &known)),
            waiting: waiting.filter_map(|a| known.id(a.id)).collect(),
            indicators,
            curve: Some(curve(&run.result)),
            run: Some(stamp(&run)),
        })
    }
}
