//! The qualitative matrix with the risks in its cells and the test of its honesty.

use super::super::load::Held;
use super::super::views::{CellView, HonestyView, LevelName, MatrixView, QualitativeView, Ref};
use crate::{App, Ctx, Error, Organisation, Refusal};
use wardkeep_register::Verb;
use wardkeep_registers::risk_matrix::{Formula as Words, band, level, lines};
use wardkeep_registers::{Risk, RiskMatrix};
use wardkeep_rights::{Resource, Target, decide};
use wardkeep_risk::matrix::{Band, Formula, Honesty, Level, Matrix, Rating, Rule};
use wardkeep_types::Id;

/// The engine's matrix; `None` while it is not whole.
pub(in super::super) fn matrix(record: &RiskMatrix) -> Option<Matrix> {
    let levels = |text: &wardkeep_types::Text| -> Option<Vec<Level>> {
        let read = |line: &str| {
            let (name, anchor) = level(line)?;
            Some(Level { anchor, ..Level::named(name) })
        };
        lines(text).map(read).collect::<Option<Vec<_>>>().filter(|l| l.len() >= 2)
    };
    let bands: Option<Vec<Band>> =
        lines(&record.bands).map(|l| band(l).map(|(name, up_to)| Band { name, up_to })).collect();
    Some(Matrix {
        name: record.name.to_string(),
        likelihood: levels(&record.likelihood)?,
        impact: levels(&record.impact)?,
        rule: Rule::Formula(match record.formula {
            Words::Product => Formula::Product,
            Words::ProductAndImpact => Formula::ProductAndImpact,
            Words::ProductAndTwiceImpact => Formula::ProductAndTwiceImpact,
            Words::ProductAndLikelihood => Formula::ProductAndLikelihood,
            Words::ProductAndTwiceLikelihood => Formula::ProductAndTwiceLikelihood,
        }),
        bands: bands?,
    })
}

fn number(given: Option<i64>) -> Option<u32> {
    given.and_then(|n| u32::try_from(n).ok())
}

fn band_name(matrix: &Matrix, index: u32) -> String {
    matrix.bands.get(index as usize).map_or_else(|| index.to_string(), |b| b.name.clone())
}

fn place(levels: &[Level], value: f64) -> Option<u32> {
    let anchors: Option<Vec<(f64, f64)>> = levels.iter().map(|l| l.anchor).collect();
    let anchors = anchors?;
    let inside = anchors.iter().position(|(low, high)| value >= *low && value < *high);
    let found = inside.unwrap_or(if value < anchors.first()?.0 { 0 } else { anchors.len() - 1 });
    u32::try_from(found + 1).ok()
}

/// A risk's words, and where its figures would stand: events a year and the mean loss of one.
pub(super) fn qualitative(
    risk: &Risk,
    record: Option<Ref>,
    matrix: Option<&Matrix>,
    figures: Option<(f64, f64)>,
) -> QualitativeView {
    let (likelihood, impact) = (number(risk.likelihood), number(risk.impact));
    let named = |levels: &[Level], n: Option<u32>| {
        let n = n?;
        Some((n, levels.get(n.checked_sub(1)? as usize)?.name.clone()))
    };
    let rating = matrix.map_or(Rating::NotAssessed, |m| m.rate(likelihood, impact));
    let (rating, found) = match (rating, matrix) {
        (Rating::Rated { score, band }, Some(m)) => {
            let all = u32::try_from(m.bands.len()).unwrap_or(1);
            (Some((score, band_name(m, band))), Some((band, all)))
        }
        _ => (None, None),
    };
    let by_figures = matrix
        .zip(figures)
        .and_then(|(m, (rate, loss))| Some((place(&m.likelihood, rate)?, place(&m.impact, loss)?)));
    let disagreement = match (matrix, by_figures, likelihood.zip(impact)) {
        (Some(m), Some((l, i)), Some(said)) => {
            let rate = |cell: (u32, u32)| match m.rate(Some(cell.0), Some(cell.1)) {
                Rating::Rated { band, .. } => Some(band),
                Rating::NotAssessed => None,
            };
            rate((l, i)).zip(rate(said)).filter(|(figures, words)| figures != words).map(
                |(figures, words)| {
                    format!(
                        "The words say {}, the figures fall into {}.",
                        band_name(m, words),
                        band_name(m, figures)
                    )
                },
            )
        }
        _ => None,
    };
    QualitativeView {
        matrix: record,
        likelihood: matrix.and_then(|m| named(&m.likelihood, likelihood)),
        impact: matrix.and_then(|m| named(&m.impact, impact)),
        rating,
        band: found,
        by_figures,
        disagreement,
    }
}

/// What the test of honesty found, with names.
pub(super) fn honesty(matrix: &Matrix, found: Honesty, by_band: bool) -> HonestyView {
    let name = |rating: u32| {
        if by_band { band_name(matrix, rating) } else { rating.to_string() }
    };
    HonestyView {
        pairs: found.pairs,
        contradicted: found.contradicted,
        certainly_contradicted: found.certainly_contradicted,
        ties: found.ties,
        worst: found.worst.map(|w| (w.higher, w.lower, w.times)),
        sentences: found.sentences(),
        compression: found.compression.iter().map(|c| (name(c.rating), c.times)).collect(),
    }
}

impl App {
    /// A matrix (the first in use without a reference) with the risks in its cells and its honesty test. Risks that
    /// the reader may not see are in no cell.
    pub async fn risk_matrix(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        reference: Option<&str>,
    ) -> Result<MatrixView, Error> {
        let root = organisation.units.roots().next().ok_or(Refusal::NotFound)?;
        let units = &organisation.units;
        decide(&ctx.actor, units, Verb::View, Resource::Register("risk_matrix"), &Target::of(root, None))?;
        let all: Vec<Held<RiskMatrix>> = self.held(organisation).await?;
        let risks: Vec<Held<Risk>> = self.held(organisation).await?;
        let shown = match reference {
            Some(wanted) => Some(all.iter().find(|m| m.reference == wanted).ok_or(Refusal::NotFound)?),
            None => all.iter().find(|m| m.stage == "in_use").or_else(|| all.first()),
        };
        let ids = all.iter().map(|m| m.id).chain(risks.iter().map(|r| r.id));
        let labels = self.labels(ctx, organisation, ids).await?;
        let record = |id: Id| {
            labels.get(id).map(|l| Ref {
                reference: l.reference.clone(),
                name: l.title.clone(),
                path: l.path.clone(),
            })
        };
        let others =
            all.iter().filter(|m| shown.is_none_or(|s| s.id != m.id)).filter_map(|m| record(m.id)).collect();
        let made = shown.and_then(|m| matrix(&m.record));
        let live: Vec<&Held<Risk>> = risks.iter().filter(|r| r.stage != "closed").collect();
        let own = |r: &Held<Risk>| shown.is_some_and(|m| r.record.matrix.is_some_and(|x| x.id() == m.id));
        let rated = |r: &Held<Risk>| {
            let m = made.as_ref().filter(|_| own(r))?;
            let (l, i) = number(r.record.likelihood).zip(number(r.record.impact))?;
            m.score(l, i).map(|_| (l, i))
        };
        let names = |levels: &[Level]| {
            (1u32..)
                .zip(levels)
                .map(|(n, l)| LevelName { level: n, name: l.name.clone(), anchor: l.anchor })
                .collect::<Vec<_>>()
        };
        let rows = made.as_ref().map_or_else(Vec::new, |m| {
            let (high, wide) = (m.likelihood.len() as u32, m.impact.len() as u32);
            let cell = |l: u32, i: u32| {
                let score = m.score(l, i)?;
                let here = live.iter().filter(|r| rated(r) == Some((l, i)));
                Some(CellView {
                    likelihood: l,
                    impact: i,
                    score,
                    band: m.band(score),
                    risks: here.filter_map(|r| record(r.id)).collect(),
                })
            };
            (1..=high).rev().map(|l| (1..=wide).filter_map(|i| cell(l, i)).collect()).collect()
        });
        Ok(MatrixView {
            record: shown.and_then(|m| record(m.id)),
            others,
            likelihood: made.as_ref().map(|m| names(&m.likelihood)).unwrap_or_default(),
            impact: made.as_ref().map(|m| names(&m.impact)).unwrap_or_default(),
            formula: shown
                .map(|m| wardkeep_register::Choice::key(m.record.formula))
                .and_then(|key| super::levels::FORMULAS.iter().find(|(.., stored)| *stored == key))
                .map_or_else(String::new, |(short, ..)| (*short).to_owned()),
            bands: made
                .as_ref()
                .map(|m| m.bands.iter().map(|b| (b.name.clone(), b.up_to)).collect())
                .unwrap_or_default(),
            rows,
            not_assessed: live.iter().filter(|r| rated(r).is_none()).filter_map(|r| record(r.id)).collect(),
            honesty: made.as_ref().and_then(|m| Some(honesty(m, m.honesty(true)?, true))),
            honesty_by_score: made.as_ref().and_then(|m| Some(honesty(m, m.honesty(false)?, false))),
            currency: shown
                .and_then(|m| m.record.currency.as_ref())
                .map(ToString::to_string)
                .unwrap_or_default(),
        })
    }
}
