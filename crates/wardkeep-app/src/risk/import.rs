//! Models and answers of other tools: judged, shown beside our figures, and kept as drafts under a risk.

mod keep;

use super::views::{ComparedView, ExpertView, ImportView};
use crate::{App, Ctx, Error, Organisation, Refusal};
use wardkeep_register::Verb;
use wardkeep_rights::{Resource, Target, decide};
use wardkeep_risk::import::{
    Compared, calibrate, compare, mappings, openfair_example, pyfair, scenario_answers, tolerances,
};
use wardkeep_risk::law::LawSpec;
use wardkeep_risk::model::{self, Basis, Form, FormLoss, Scenario, SourceKind, Sourced};
use wardkeep_types::limits::DOCUMENT_BYTES;
use wardkeep_types::{Currency, Problem};

/// What to import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportAsk {
    /// Name of the file, for findings.
    pub name: String,
    /// Its text.
    pub content: String,
    /// Questions with their true answers, for a table of calibration answers.
    pub questions: Option<String>,
    /// Currency of files that name none; that of the organisation when absent.
    pub currency: Option<String>,
    /// Price year of files that name none; this year when absent.
    pub price_year: Option<u64>,
    /// Reference of the risk under which scenarios are kept as drafts; without it nothing is kept.
    pub risk: Option<String>,
}

impl App {
    /// Judges a file, and keeps its scenarios as drafts when a risk is named. Drafts move no figure.
    pub async fn risk_import(
        &self,
        ctx: &Ctx,
        organisation: &Organisation,
        ask: &ImportAsk,
    ) -> Result<ImportView, Error> {
        let root = organisation.units.roots().next().ok_or(Refusal::NotFound)?;
        let scenario = Resource::Register("scenario");
        decide(&ctx.actor, &organisation.units, Verb::Add, scenario, &Target::of(root, ctx.person()))?;
        if ask.content.len() as u64 > DOCUMENT_BYTES {
            let text = format!("the file has more than {DOCUMENT_BYTES} bytes: split it");
            return Err(Refusal::TooLarge(text).into());
        }
        let currency = match &ask.currency {
            Some(code) => code
                .parse()
                .map_err(|e: wardkeep_types::ParseError| Refusal::invalid("currency", "invalid", e.0))?,
            None => self.reporting_currency(organisation).await?,
        };
        let year = ask.price_year.and_then(|y| u16::try_from(y).ok());
        let year = year.unwrap_or_else(|| u16::try_from(ctx.now.date().civil().year()).unwrap_or(2025));
        let (mut view, parts, own) = judged(ask, currency, year)?;
        if let Some(reference) = &ask.risk {
            view.kept =
                self.risk_keep(ctx, organisation, reference, ask, (&parts, own), &mut view.problems).await?;
        }
        Ok(view)
    }
}

/// Judges a file without keeping anything; `year` stands where the file names no price year.
pub fn judge(ask: &ImportAsk, year: u16) -> Result<ImportView, Error> {
    let code = ask.currency.as_deref().unwrap_or("EUR");
    let currency =
        code.parse().map_err(|e: wardkeep_types::ParseError| Refusal::invalid("currency", "invalid", e.0))?;
    let year = ask.price_year.and_then(|y| u16::try_from(y).ok()).unwrap_or(year);
    judged(ask, currency, year).map(|(view, ..)| view)
}

fn judged(
    ask: &ImportAsk,
    currency: Currency,
    year: u16,
) -> Result<(ImportView, Vec<Scenario>, Currency), Error> {
    let refused = |problem: Problem| Error::from(Refusal::Invalid(wardkeep_types::Problems(vec![problem])));
    let mut view = ImportView {
        format: "wardkeep",
        read: 0,
        problems: Vec::new(),
        compared: Vec::new(),
        experts: Vec::new(),
        kept: Vec::new(),
    };
    let start = ask.content.trim_start();
    let head = start.lines().next().unwrap_or_default().to_lowercase();
    if table(&head, ask, &mut view).map_err(refused)? {
        return Ok((view, Vec::new(), currency));
    }
    if head.contains("sme") && head.contains("freq_low") {
        let (answers, problems) = scenario_answers(&ask.content).map_err(refused)?;
        view.format = "scenario_answers";
        view.read = answers.len();
        view.problems = problems;
        let usable = answers.into_iter().filter(|a| a.rate.is_some() && a.loss_fits);
        let parts = usable
            .map(|a| {
                let name = format!("{} by {}", a.scenario, a.expert);
                let amount = LawSpec::Interval { p05: a.loss.0, p95: a.loss.1 };
                let amount = Sourced::new(amount, SourceKind::Expert);
                let losses = vec![FormLoss { form: Form::Total, amount, time_driven: false }];
                let basis = Basis::NoModelledControls;
                Scenario { rate: a.rate, losses, basis, ..Scenario::named(&name, &name) }
            })
            .collect();
        return Ok((view, parts, currency));
    }
    let ours = start.contains(model::FORMAT);
    let model = if ours || !start.starts_with('{') {
        let model = model::read(&ask.content, &ask.name).map_err(refused)?;
        let found = model::lint(&model);
        view.problems.extend(found.faults.0);
        view.problems.extend(found.warnings.0);
        model
    } else if serde_json::from_str::<serde_json::Value>(start).is_ok_and(|v| v["input"]["tefl"].is_number()) {
        view.format = "openfair";
        openfair_example(&ask.content).map_err(refused)?.1
    } else {
        view.format = "pyfair";
        let found = pyfair(&ask.content, currency, year).map_err(refused)?;
        view.problems = found.problems;
        found.model
    };
    view.read = model.scenarios.len();
    for s in model.scenarios.iter().filter(|_| view.format == "pyfair") {
        if let Some(Compared { mean, product_sd, sum_sd, .. }) = compare(s) {
            view.compared.push(ComparedView { name: s.name.clone(), mean, product_sd, sum_sd });
        }
    }
    Ok((view, model.scenarios, model.currency))
}

/// Tables that hold no scenario: what labels mean, tolerances, and answers whose truth is known. False for others.
fn table(head: &str, ask: &ImportAsk, view: &mut ImportView) -> Result<bool, Problem> {
    let has = |names: &[&str]| {
        names.iter().all(|n| head.split(',').any(|cell| cell.trim().trim_matches('"') == *n))
    };
    if has(&["sme", "calibration_id", "low", "high"]) {
        let questions = ask.questions.as_deref().ok_or_else(|| {
            Problem::new(&ask.name, "questions", "answers alone say nothing: the true answers are missing")
                .hint("Give the file of questions too: --questions FILE.")
        })?;
        let found = calibrate(questions, &ask.content)?;
        (view.format, view.read, view.problems) = ("calibration", found.answers.len(), found.problems);
        view.experts = found
            .experts
            .into_iter()
            .map(|e| ExpertView {
                name: e.name,
                answered: e.answered,
                held: e.held,
                brier: e.brier,
                weight: e.weight,
            })
            .collect();
    } else if has(&["type", "label", "l", "ml", "h", "conf"]) {
        let (found, problems) = mappings(&ask.content)?;
        (view.format, view.read, view.problems) = ("labels", found.len(), problems);
    } else if has(&["level", "amount"]) {
        (view.format, view.read) = ("tolerances", tolerances(&ask.content)?.len());
    } else {
        return Ok(false);
    }
    Ok(true)
}
