//! How much room a drawing has: a page or paper, or a phone, where names stand above their bars.

use super::Marks;
use maud::{Markup, html};

/// The room of a drawing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Room {
    /// A page, or paper.
    Broad,
    /// A phone: letters keep their size, so less is written beside the marks.
    Narrow,
}

impl Room {
    /// Width in units of the drawing, one of which is a pixel when nothing is scaled.
    pub(super) fn width(self) -> f64 {
        self.pick(760.0, 358.0)
    }
    /// One of two values.
    pub(super) fn pick<T>(self, broad: T, narrow: T) -> T {
        if self == Self::Broad { broad } else { narrow }
    }
    /// The class of the drawing, with `narrow` for the phone.
    pub(super) fn class(self, kind: &str) -> String {
        ["chart ", kind, self.pick("", " narrow")].concat()
    }
}

/// The drawing for a file; on a page also the one for phones behind it, and the page's style shows one of the two.
pub(super) fn drawn(marks: Marks, draw: impl Fn(Room) -> Markup) -> Markup {
    html! {
        (draw(Room::Broad))
        @if marks == Marks::Live { (draw(Room::Narrow)) }
    }
}

/// The left end of words at most `width` long that should begin at `wanted`, kept between two edges.
pub(super) fn kept(wanted: f64, width: f64, [left, right]: [f64; 2]) -> f64 {
    wanted.min(right - width).max(left)
}

/// About how wide words are in letters of 12 units.
pub(super) fn wide(text: &str) -> f64 {
    6.4 * text.chars().count() as f64
}
