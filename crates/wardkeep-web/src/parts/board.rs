//! A board: one lane a stage. Cards move by their own pages, not by dragging, so that each move has its reason.

use super::{LinkView, Place, Value, show};
use crate::words::words;
use maud::{Markup, html};

/// A board.
#[derive(Debug, Clone, Default)]
pub struct BoardView {
    /// Lanes, in the order of stages.
    pub lanes: Vec<LaneView>,
}

/// A stage.
#[derive(Debug, Clone, Default)]
pub struct LaneView {
    /// Name.
    pub name: String,
    /// How many in all.
    pub count: String,
    /// The first of them.
    pub cards: Vec<CardView>,
    /// The list of all.
    pub more: Option<LinkView>,
}

/// A record.
#[derive(Debug, Clone, Default)]
pub struct CardView {
    /// Its name and address.
    pub title: LinkView,
    /// Severity, owner, due day.
    pub facts: Vec<Value>,
}

/// The board.
pub fn board(view: &BoardView) -> Markup {
    html! {
        div.board tabindex="0" role="region" aria-label=(words("board.label")) {
            @for lane in &view.lanes {
                section {
                    h2 { (lane.name) span.count { (lane.count) } }
                    ul.cards {
                        @for card in &lane.cards {
                            li {
                                (card.title)
                                @if !card.facts.is_empty() {
                                    div.meta { @for fact in &card.facts { (show(fact, Place::Cell)) } }
                                }
                            }
                        }
                    }
                    @if let Some(more) = &lane.more { p.small { (more) } }
                }
            }
        }
    }
}
