//! Moments and days, absolute and relative at once.

use super::Place;
use maud::{Markup, html};

/// A moment or day, worded for the reader's zone and format.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Stamp {
    /// Machine form: `2026-08-12` or `2026-08-12T14:00:00Z`.
    pub iso: String,
    /// With zone where there is a time: `12 Aug 2026, 14:00 CEST`.
    pub absolute: String,
    /// `2 hours ago`, `in 3 days`; empty when it says nothing.
    pub relative: String,
}

impl Stamp {
    /// From its three forms.
    pub fn new(iso: impl Into<String>, absolute: impl Into<String>, relative: impl Into<String>) -> Self {
        Self { iso: iso.into(), absolute: absolute.into(), relative: relative.into() }
    }
    /// In a cell the absolute form with the relative one as title; elsewhere both in plain sight.
    pub fn show(&self, place: Place) -> Markup {
        let title = (place == Place::Cell && !self.relative.is_empty()).then_some(&self.relative);
        html! {
            time datetime=(self.iso) title=[title] { (self.absolute) }
            @if place == Place::Field && !self.relative.is_empty() { " " span.quiet { "(" (self.relative) ")" } }
        }
    }
}

/// How near a due day is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Urgency {
    /// Far off, or done.
    #[default]
    Calm,
    /// Near.
    Soon,
    /// Past.
    Late,
}
