//! `/rules/write`: the text of a rule, written or changed here.

use super::super::frame::Frame;
use super::super::list::register;
use super::super::posted::Posted;
use super::super::reader::{Reader, go};
use crate::parts::{
    ButtonView, FieldView, FormGroupView, FormView, HeadView, Input, ProblemView, Sentence, form, head,
};
use crate::words::words;
use axum::response::Response;
use maud::html;
use wardkeep_app::rules::draft_of;
use wardkeep_app::{Error, Refusal};
use wardkeep_register::Verb;
use wardkeep_rights::Resource;
use wardkeep_types::Id;

/// A rule begun from a stored record: its log source, and the fields that were chosen.
async fn from_record(reader: &Reader, event: &str) -> Result<String, Error> {
    let at = reader.asked("at").and_then(|at| at.parse().ok());
    let view = reader.state.app.event_in_full(&reader.ctx, &reader.organisation, event, at).await?;
    let chosen: Vec<&str> =
        reader.pairs.iter().filter(|(name, _)| name == "field").map(|(_, value)| value.as_str()).collect();
    Ok(draft_of(&view.event, &chosen, &Id::new(reader.now()).to_string()))
}

/// `GET /rules/write?rule=`, or `?event=&field=`.
pub async fn show(reader: Reader) -> Response {
    reader
        .answer(async {
            let schema = register("rules")?;
            let text = match reader.asked("rule") {
                Some(reference) => {
                    let head =
                        reader.state.app.find(&reader.ctx, &reader.organisation, schema, reference).await?;
                    reader.state.app.rule_detail(head.id).await?.text
                }
                None => match reader.asked("event") {
                    Some(event) => from_record(&reader, event).await?,
                    None => words("rules.example").to_owned(),
                },
            };
            page(&reader, text, Vec::new())
        })
        .await
}

fn page(reader: &Reader, text: String, problems: Vec<ProblemView>) -> Result<Response, Error> {
    let schema = register("rules")?;
    if !super::super::frame::may(reader, Resource::of(schema), Verb::Add) {
        return Err(Refusal::NotFound.into());
    }
    let title = words("rules.write");
    let field = FieldView {
        key: "text".to_owned(),
        label: words("rules.text").to_owned(),
        help: Some(words("rules.write_help").to_owned()),
        error: None,
        required: true,
        locked: None,
        input: Input::Text(text),
    };
    let view = FormView {
        action: super::WRITE.to_owned(),
        fields: reader.hidden(),
        groups: vec![FormGroupView { title: String::new(), fields: vec![field] }],
        problems,
        acts: vec![
            ButtonView::submit(words("rules.write_act")).main(),
            ButtonView::link(words("rules.write_back"), "/rules"),
        ],
        ..FormView::default()
    };
    let main = html! {
        (head(&HeadView { title: title.to_owned(), ..HeadView::default() }))
        div.rule-text { (form(&view)) }
    };
    Ok(reader.page(Frame::new(title).within(schema).back(words("rules.many"), "/rules").crumb(title), main))
}

/// `POST /rules/write`.
pub async fn write(posted: Posted) -> Response {
    let reader = &posted.reader;
    reader
        .answer(async {
            let app = &reader.state.app;
            let unit = app.rule_unit(&reader.ctx, &reader.organisation).ok_or(Refusal::NotFound)?;
            let text = posted.text("text").replace("\r\n", "\n");
            match app.write_rules(&reader.ctx, unit, &text).await {
                Ok(done) => {
                    let labels =
                        app.labels(&reader.ctx, &reader.organisation, done.records.iter().copied()).await?;
                    let first = done.records.first().and_then(|id| labels.get(*id));
                    Ok(go(first.map_or_else(|| "/rules".to_owned(), |label| label.path.clone())))
                }
                Err(Error::Refusal(refusal))
                    if matches!(refusal, Refusal::Invalid(_) | Refusal::NotYet(_)) =>
                {
                    page(reader, text, told(&refusal))
                }
                Err(error) => Err(error),
            }
        })
        .await
}

fn told(refusal: &Refusal) -> Vec<ProblemView> {
    let key = Some("text".to_owned());
    match refusal {
        Refusal::Invalid(problems) => problems
            .iter()
            .map(|p| {
                let said =
                    if p.hint.is_empty() { p.message.clone() } else { format!("{}; {}", p.message, p.hint) };
                ProblemView { text: Sentence::new(said), key: key.clone() }
            })
            .collect(),
        Refusal::NotYet(why) => vec![ProblemView { text: Sentence::new(why.clone()), key }],
        _ => Vec::new(),
    }
}
