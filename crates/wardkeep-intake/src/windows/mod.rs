//! Windows events, from EVTX files and from the JSON that exports and agents make of them: the same fields and
//! entities come out of each.

mod entities;
mod evtx;
mod names;
mod xml;

pub(crate) use entities::{TIMES, fill};
pub(crate) use evtx::evtx;
pub(crate) use names::{SAME, is_windows, target};
pub(crate) use xml::{XmlEvents, xml};
