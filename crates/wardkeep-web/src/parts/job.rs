//! Long work: how far, what it says, how to stop or resume it.

use super::{ButtonView, Sentence, Tone, buttons};
use crate::words::words;
use maud::{Markup, html};

/// How a job stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum JobState {
    /// Waits for its turn.
    #[default]
    Waiting,
    /// Works.
    Running,
    /// Done.
    Done,
    /// Stopped by a fault or by a person; can be resumed.
    Stopped,
}

/// A job.
#[derive(Debug, Clone, Default)]
pub struct JobView {
    /// Id of the element, for live refresh.
    pub id: String,
    /// What it does.
    pub title: String,
    /// How it stands.
    pub state: JobState,
    /// Steps done, and of how many when that is known.
    pub steps: (u64, Option<u64>),
    /// One sentence: "18,204 of 50,000 rows, about 2 minutes left".
    pub said: Sentence,
    /// Its log, oldest first.
    pub log: Vec<LogLine>,
    /// Cancel, resume, open the result.
    pub acts: Vec<ButtonView>,
    /// Address of server-sent events; each one refreshes this part.
    pub live: Option<String>,
}

/// A line of a log.
#[derive(Debug, Clone, Default)]
pub struct LogLine {
    /// `14:02:11`.
    pub at: String,
    /// What.
    pub text: String,
    /// How it is meant.
    pub tone: Tone,
}

/// A job's progress and log.
pub fn job(view: &JobView) -> Markup {
    let class = match view.state {
        JobState::Waiting => "progress",
        JobState::Running => "progress running",
        JobState::Done => "progress done",
        JobState::Stopped => "progress stopped",
    };
    let (done, total) = view.steps;
    html! {
        section class=(class) id=(view.id) data-live=[view.live.as_deref()] {
            h2 { (view.title) }
            p role="status" { (view.said) }
            @if let Some(total) = total {
                progress value=(done) max=(total.max(1)) aria-label=(view.title) { (done) "/" (total) }
            } @else if view.state == JobState::Running { progress aria-label=(view.title) {} }
            @if !view.acts.is_empty() { div.row { (buttons(&view.acts)) } }
            @if !view.log.is_empty() {
                ol.log tabindex="0" aria-label=(words("job.log")) {
                    @for line in &view.log {
                        li class=[(line.tone != Tone::Plain).then(|| line.tone.class())] {
                            span.quiet { (line.at) } span { (line.text) }
                        }
                    }
                }
            }
        }
    }
}
