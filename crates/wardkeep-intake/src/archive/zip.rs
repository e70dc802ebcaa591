//! ZIP archives.

use super::{Whole, too_many};
use crate::meter::Expanded;
use crate::read::{Body, Depth, Piece, Run, piece};
use crate::source::ReadSeek;
use crate::time::civil_moment;
use crate::{Closed, Ending, Format, Refusal};
use std::sync::Arc;
use wardkeep_types::Moment;
use zip::result::ZipError;

/// Reads every member in the archive's order.
pub(crate) fn zip(run: &mut Run<'_>, name: &Arc<str>, input: &mut dyn ReadSeek) -> Result<Ending, Refusal> {
    let (meter, limits) = (run.meter.clone(), &run.options.limits);
    let mut archive = zip::ZipArchive::new(input).map_err(|e| broken(&e))?;
    if archive.len() > limits.archive_entries {
        return Err(too_many(limits.archive_entries));
    }
    let mut whole = Whole::default();
    for index in 0..archive.len() {
        if run.sink.cancelled() {
            return Ok(Ending::Cancelled);
        }
        let member_name = archive.name_for_index(index).unwrap_or("unnamed member").to_owned();
        let file: Arc<str> = format!("{name}!{member_name}").into();
        let member = match archive.by_index(index) {
            Ok(member) => member,
            Err(error) => {
                let (format, result) = (Format::unknown("archive member", ""), Err(broken(&error)));
                run.sink.closed(&Closed { file, format, result, events: 0, rows: 0, faults: 0 });
                continue;
            }
        };
        if !member.is_file() {
            continue;
        }
        let modified = member.last_modified().and_then(moment).unwrap_or(Moment::EPOCH);
        let mut member = Expanded { inner: member, meter: meter.clone(), limits };
        let depth = Depth { member: true, unpacked: false };
        let body = Body::Stream(&mut member);
        whole.member(piece(run, Piece { name: file, modified, depth, body }))?;
    }
    Ok(whole.ending())
}

/// A member's date; ZIP keeps local time without a zone, which is near enough for a log's year.
fn moment(at: zip::DateTime) -> Option<Moment> {
    let day = (i64::from(at.year()), u32::from(at.month()), u32::from(at.day()));
    civil_moment(day, (u32::from(at.hour()), u32::from(at.minute()), u32::from(at.second())), 0)
}

fn broken(error: &ZipError) -> Refusal {
    match error {
        ZipError::UnsupportedArchive(text) if *text == ZipError::PASSWORD_REQUIRED => Refusal::new(
            "encrypted",
            "The archive member is encrypted.",
            "Take the password off and give the archive again.",
        ),
        ZipError::UnsupportedArchive(text) => Refusal::new(
            "unsupported_archive",
            format!("The archive uses something that is not supported: {text}."),
            "Pack it again with the usual deflate method.",
        ),
        ZipError::Io(error) => Refusal::from_io(error),
        other => Refusal::new(
            "broken_archive",
            format!("The archive is damaged: {other}."),
            "Fetch or pack it again.",
        ),
    }
}
