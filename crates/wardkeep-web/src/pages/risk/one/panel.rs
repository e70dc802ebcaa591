//! What the page of a risk's record shows of its figures, with the way to all of them.

use super::super::super::reader::Reader;
use super::super::say::{amounts, foot};
use super::{in_money, in_words, said};
use crate::parts::{ButtonView, answer};
use crate::words::words;
use maud::{Markup, html};
use wardkeep_app::records::RecordView;
use wardkeep_app::{Error, Refusal};

/// The panel; nothing before the first run or where the reader may not see figures.
pub async fn panel(reader: &Reader, view: &RecordView) -> Result<Markup, Error> {
    let found = reader.state.app.risk_shown(&reader.ctx, &reader.organisation, &view.reference).await;
    let risk = match found {
        Ok(risk) => risk,
        Err(Error::Refusal(Refusal::NotFound)) => return Ok(html! {}),
        Err(error) => return Err(error),
    };
    let Some(run) = &risk.run else { return Ok(html! {}) };
    let a = amounts(&reader.taste, run);
    let mut line = said(&reader.taste, &a, &risk);
    line.next.push(ButtonView::link(words("risk.all_figures"), format!("/risk/{}", risk.record.reference)));
    Ok(html! {
        section.risk-panel aria-label=(words("risk.in_money")) {
            (answer(&line))
            div.beside { (in_words(&risk.qualitative)) (in_money(&a, &risk)) }
            p.small.quiet { (foot(&reader.taste, run)) }
        }
    })
}
