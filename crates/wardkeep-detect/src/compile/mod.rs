//! Joins parsed documents into a rule set: lowers detections, links correlations to their rules, applies filters.

mod link;

use crate::bounds;
use crate::ir::Node;
use crate::lower::{LowerError, Lowering};
use crate::pipeline::Pipeline;
use crate::placeholder::Placeholders;
use crate::problem::{Document, RuleProblem};
use crate::rule::{Logic, Rule, RuleFile, attack, logsource, severity, status};
use rsigma_parser as sigma;
use std::collections::HashMap;
use std::sync::Arc;
use wardkeep_types::event::LogSource;

/// Where something stands, to report faults found later.
#[derive(Debug, Clone)]
struct Place {
    file: String,
    line: u32,
    column: u32,
}

/// Collects documents until all are known.
#[derive(Debug)]
pub(crate) struct Compiler<'p> {
    lowering: Lowering<'p>,
    pipelines: Vec<&'p Pipeline>,
    rules: Vec<Rule>,
    ids: HashMap<Arc<str>, Arc<str>>,
    correlations: Vec<(usize, sigma::CorrelationRule, Place)>,
    filters: Vec<(sigma::FilterRule, Place)>,
    problems: Vec<RuleProblem>,
    full: bool,
}

/// A finished rule set and what was wrong with its files.
#[derive(Debug)]
pub(crate) struct Compiled {
    pub rules: Vec<Rule>,
    pub fields: Vec<Arc<str>>,
    pub order: Vec<usize>,
    pub problems: Vec<RuleProblem>,
}

impl<'p> Compiler<'p> {
    pub(crate) fn new(placeholders: &'p Placeholders, pipelines: Vec<&'p Pipeline>) -> Self {
        Self {
            lowering: Lowering::new(placeholders),
            pipelines,
            rules: Vec::new(),
            ids: HashMap::new(),
            correlations: Vec::new(),
            filters: Vec::new(),
            problems: Vec::new(),
            full: false,
        }
    }

    pub(crate) fn problem(&mut self, problem: RuleProblem) {
        self.problems.push(problem);
    }
    fn complain(&mut self, place: &Place, message: String, remedy: &str, refused: bool) {
        self.problems.push(RuleProblem {
            file: place.file.clone(),
            line: place.line,
            column: place.column,
            message,
            remedy: remedy.to_owned(),
            refused,
        });
    }
    fn place(file: &RuleFile, part: Document<'_>, near: &str) -> Place {
        let (line, column) = part.find(near);
        Place { file: file.path.clone(), line, column }
    }
    fn lower_problem(&mut self, file: &RuleFile, part: Document<'_>, error: &LowerError) {
        let place = Self::place(file, part, &error.near);
        self.complain(&place, error.message.clone(), &error.remedy, true);
    }
    /// Refuses a second rule of the same id, and rules beyond the limit.
    fn admit(&mut self, id: &Arc<str>, file: &RuleFile, part: Document<'_>) -> bool {
        if let Some(first) = self.ids.get(id) {
            let message = format!("the id {id} is used already by {first}");
            let place = Self::place(file, part, id);
            self.complain(&place, message, "give the rule an id of its own (a new UUID)", true);
            return false;
        }
        if self.rules.len() >= bounds::RULES {
            if !self.full {
                let message = format!("there are more than {} rules", bounds::RULES);
                let place = Self::place(file, part, "");
                self.complain(&place, message, "load fewer folders", true);
            }
            self.full = true;
            return false;
        }
        self.ids.insert(id.clone(), file.path.as_str().into());
        true
    }

    pub(crate) fn rule(&mut self, file: &RuleFile, part: Document<'_>, parsed: &sigma::SigmaRule) {
        let mut rewritten;
        let mut parsed = parsed;
        if !self.pipelines.is_empty() {
            rewritten = parsed.clone();
            for pipeline in &self.pipelines {
                if let Err(reason) = pipeline.rewrite(&mut rewritten) {
                    let message = format!("the pipeline '{}' refuses the rule: {reason}", pipeline.name);
                    let place = Self::place(file, part, "");
                    return self.complain(
                        &place,
                        message,
                        "leave the rule out, or change the pipeline",
                        true,
                    );
                }
            }
            parsed = &rewritten;
        }
        let node = self.lowering.detections(&parsed.detection);
        let unset = self.lowering.take_unset();
        let node = match node {
            Ok(node) => node,
            Err(error) => return self.lower_problem(file, part, &error),
        };
        let id =
            parsed.id.as_deref().map_or_else(|| made_id(&parsed.title, &node), |id| id.to_lowercase().into());
        if !self.admit(&id, file, part) {
            return;
        }
        if parsed.detection.timeframe.is_some() {
            let place = Self::place(file, part, "timeframe");
            let remedy = "write a correlation rule with a timespan instead";
            self.complain(&place, "a time frame in a detection has no effect".into(), remedy, false);
        }
        let source = logsource(&parsed.logsource);
        if source == LogSource::default() {
            let place = Self::place(file, part, "logsource");
            let remedy = "give the log source a category, product or service";
            self.complain(&place, "without a log source the rule looks at no event".into(), remedy, false);
        }
        if !unset.is_empty() {
            let place = Self::place(file, part, &format!("%{}%", unset[0]));
            let message =
                format!("the rule sleeps until these placeholders have a list: {}", unset.join(", "));
            self.complain(&place, message, "set the lists in the settings of rules", false);
        }
        let (tactics, techniques) = attack(&parsed.tags);
        self.rules.push(Rule {
            id,
            name: parsed.name.as_deref().map(Arc::from),
            title: parsed.title.trim().into(),
            description: parsed.description.clone().unwrap_or_default().trim().to_owned(),
            author: parsed.author.clone().unwrap_or_default(),
            level: severity(parsed.level),
            status: status(parsed.status),
            tags: parsed.tags.clone(),
            tactics,
            techniques,
            references: parsed.references.clone(),
            logsource: source,
            logic: Logic::Detection(node),
            condition: parsed.detection.condition_strings.join(" | "),
            fields: parsed.fields.clone(),
            falsepositives: parsed.falsepositives.clone(),
            unset_placeholders: unset,
            filters: Vec::new(),
            reported: true,
            asleep: false,
            path: file.path.as_str().into(),
            source: file.source,
        });
    }

    pub(crate) fn correlation(
        &mut self,
        file: &RuleFile,
        part: Document<'_>,
        parsed: sigma::CorrelationRule,
    ) {
        let text = format!("{:?}", parsed.condition);
        let id = parsed.id.as_deref();
        let id: Arc<str> =
            id.map_or_else(|| id_of(&format!("{}{text}", parsed.title)), |id| id.to_lowercase().into());
        if !self.admit(&id, file, part) {
            return;
        }
        let (tactics, techniques) = attack(&parsed.tags);
        let place = Self::place(file, part, "correlation:");
        self.rules.push(Rule {
            id,
            name: parsed.name.as_deref().map(Arc::from),
            title: parsed.title.trim().into(),
            description: parsed.description.clone().unwrap_or_default().trim().to_owned(),
            author: parsed.author.clone().unwrap_or_default(),
            level: severity(parsed.level),
            status: status(parsed.status),
            tags: parsed.tags.clone(),
            tactics,
            techniques,
            references: parsed.references.clone(),
            logsource: LogSource::default(),
            // Replaced when the rules it watches are known.
            logic: Logic::Detection(Node::Any(Vec::new())),
            condition: String::new(),
            fields: parsed.fields.clone(),
            falsepositives: parsed.falsepositives.clone(),
            unset_placeholders: Vec::new(),
            filters: Vec::new(),
            reported: true,
            asleep: false,
            path: file.path.as_str().into(),
            source: file.source,
        });
        self.correlations.push((self.rules.len() - 1, parsed, place));
    }

    pub(crate) fn filter(&mut self, file: &RuleFile, part: Document<'_>, parsed: sigma::FilterRule) {
        self.filters.push((parsed, Self::place(file, part, "filter:")));
    }

    pub(crate) fn finish(mut self) -> Compiled {
        self.apply_filters();
        let order = self.link();
        let fields = self.lowering.into_fields();
        Compiled { rules: self.rules, fields, order, problems: self.problems }
    }
}

/// An id for a rule that has none: equal for equal title and logic.
fn made_id(title: &str, node: &Node) -> Arc<str> {
    let mut text = title.to_owned();
    node.atoms(&mut |atom| {
        text.push('\n');
        text.push_str(&atom.to_string());
    });
    id_of(&text)
}

fn id_of(text: &str) -> Arc<str> {
    let hash = blake3::hash(text.as_bytes()).to_hex();
    format!("unnamed-{}", &hash[..16]).into()
}

/// Whether a reference of a correlation or filter means this rule: by id, name or, as some write it, title.
fn means(rule: &Rule, reference: &str) -> bool {
    rule.id.eq_ignore_ascii_case(reference)
        || rule.name.as_deref() == Some(reference)
        || *rule.title == *reference
}

impl Compiler<'_> {
    fn apply_filters(&mut self) {
        for (filter, place) in std::mem::take(&mut self.filters) {
            let node = match self.lowering.detections(&filter.detection) {
                Ok(node) => node,
                Err(error) => {
                    self.complain(&place, error.message, &error.remedy, true);
                    continue;
                }
            };
            let unset = self.lowering.take_unset();
            if !unset.is_empty() {
                let message = format!(
                    "the filter is not applied until these placeholders have a list: {}",
                    unset.join(", ")
                );
                self.complain(&place, message, "set the lists in the settings of rules", true);
                continue;
            }
            let name: Arc<str> = format!("filter: {}", filter.title).into();
            let part = Node::Named(name, Arc::new(node));
            let source = filter.logsource.as_ref().map(logsource).unwrap_or_default();
            let mut applied = 0;
            for rule in &mut self.rules {
                let meant = match &filter.rules {
                    sigma::FilterRuleTarget::Any => true,
                    sigma::FilterRuleTarget::Specific(list) => {
                        list.iter().any(|reference| means(rule, reference))
                    }
                };
                let same_source =
                    source == LogSource::default() || crate::route::takes(&source, &rule.logsource);
                let Logic::Detection(node) = &mut rule.logic else { continue };
                if meant && same_source {
                    let before = std::mem::replace(node, Node::Any(Vec::new()));
                    *node = Node::All(vec![before, part.clone()]);
                    rule.filters.push(filter.title.as_str().into());
                    applied += 1;
                }
            }
            if applied == 0 {
                let message = format!("the filter '{}' applies to no rule", filter.title);
                self.complain(
                    &place,
                    message,
                    "name the rules by id and give the log source they have",
                    false,
                );
            }
        }
    }
}
