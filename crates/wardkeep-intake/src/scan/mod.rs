//! Scanner reports and bills of materials, read into sightings.
use crate::emit::Emit;
use crate::{Ending, Refusal};
use std::io::Read;
pub(crate) fn nessus(_: &mut Emit<'_>, _: &mut dyn Read, _: &[u8]) -> Result<Ending, Refusal> {
    Ok(Ending::Complete)
}
pub(crate) fn nmap(_: &mut Emit<'_>, _: &mut dyn Read, _: &[u8]) -> Result<Ending, Refusal> {
    Ok(Ending::Complete)
}
pub(crate) fn cyclonedx(_: &mut Emit<'_>, _: &mut dyn Read, _: &[u8]) -> Result<Ending, Refusal> {
    Ok(Ending::Complete)
}
pub(crate) fn sarif(_: &mut Emit<'_>, _: &mut dyn Read) -> Result<Ending, Refusal> {
    Ok(Ending::Complete)
}
