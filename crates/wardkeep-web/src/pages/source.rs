//! What the page of a log source shows beside its fields: how it does now.

use super::chain::count;
use super::reader::Reader;
use super::taste::length;
use crate::parts::{FactView, FieldGroupView, NoticeView, Tone, Value, field_groups, notice};
use crate::words::{fill, words};
use maud::{Markup, html};
use wardkeep_app::Error;
use wardkeep_app::records::RecordView;
use wardkeep_app::stream::{LimitOf, SourcePanel};
use wardkeep_report::chart::{Tone as Drawn, sparkline};
use wardkeep_types::Length;

/// The panel; nothing of older versions.
pub async fn panel(reader: &Reader, view: &RecordView) -> Result<Markup, Error> {
    if view.known_at.is_some() {
        return Ok(html! {});
    }
    let panel = reader.state.app.source_panel(view).await?;
    Ok(html! {
        div.chain {
            section #now {
                @if let Some(told) = silence(reader, &panel) { (notice(&told)) }
                (field_groups(&[
                    FieldGroupView { title: words("source.now").to_owned(), facts: arrivals(reader, &panel) },
                    FieldGroupView { title: words("source.expected").to_owned(), facts: expected(reader, view, &panel) },
                ]))
            }
        }
    })
}

fn silence(reader: &Reader, panel: &SourcePanel) -> Option<NoticeView> {
    let since = panel.silent.filter(|_| panel.stage == "active")?;
    let text = fill("source.silent", &[("at", &super::chain::at(reader, since))]);
    Some(NoticeView { tone: Tone::Bad, text: text.into(), ..NoticeView::default() })
}

fn arrivals(reader: &Reader, panel: &SourcePanel) -> Vec<FactView> {
    let taste = &reader.taste;
    let last = panel.last_seen.map_or_else(
        || Value::Unknown(words("source.never").to_owned()),
        |at| Value::Moment(taste.moment_stamp(at)),
    );
    let (day, bad) = (count(taste, panel.day.0), count(taste, panel.day.1));
    let rate = if panel.hours.is_empty() {
        Value::Unknown(words("source.never").to_owned())
    } else {
        let said = fill("source.rate_said", &[("n", &day)]);
        Value::Html(
            html! { (sparkline(&said, &panel.hours, Drawn::Accent)) " " (fill("source.rate_day", &[("n", &day)])) },
        )
    };
    let failures = if panel.ever.0 == 0 {
        Value::Unknown(words("source.never").to_owned())
    } else {
        Value::text(fill("source.failures_day", &[("bad", &bad), ("n", &day)]))
    };
    let failures = FactView {
        sub: Some(fill(
            "source.failures_ever",
            &[("bad", &count(taste, panel.ever.1)), ("n", &count(taste, panel.ever.0))],
        )),
        ..FactView::new(words("source.failures"), failures)
    };
    let lag = match panel.last_seen {
        None => Value::Unknown(words("source.never").to_owned()),
        Some(_) if panel.lag < 1_000_000 => Value::text(words("source.lag_none")),
        Some(_) => Value::text(length(Length::from_seconds(panel.lag / 1_000_000))),
    };
    vec![
        FactView::new(words("source.last"), last),
        FactView::new(words("source.rate"), rate),
        failures,
        FactView {
            help: Some(words("source.lag_help").to_owned()),
            ..FactView::new(words("source.lag"), lag)
        },
    ]
}

fn expected(reader: &Reader, view: &RecordView, panel: &SourcePanel) -> Vec<FactView> {
    let taste = &reader.taste;
    let hourly = panel.hourly.map_or_else(
        || Value::Unknown(words("source.not_learned").to_owned()),
        |n| Value::text(fill("source.hourly", &[("n", &count(taste, n))])),
    );
    let (seconds, of) = panel.limit;
    let by = match of {
        LimitOf::Set => words("source.limit_set"),
        LimitOf::Learned => words("source.limit_learned"),
        LimitOf::Usual => words("source.limit_usual"),
    };
    let assets = if panel.assets == 0 {
        Value::Unknown(words("source.no_assets").to_owned())
    } else {
        Value::text(count(taste, panel.assets))
    };
    let mut limit = FactView {
        sub: Some(by.to_owned()),
        ..FactView::new(words("source.limit"), Value::text(length(Length::from_seconds(seconds))))
    };
    if view.may_edit {
        let text = length(Length::from_seconds(seconds));
        let edit = format!("/log-sources/{}/edit", view.reference);
        limit.value = Value::Html(html! { (text) " " a href=(edit) { (words("source.adjust")) } });
    }
    vec![
        FactView::new(words("source.expected_rate"), hourly),
        limit,
        FactView::new(words("source.assets"), assets),
    ]
}
