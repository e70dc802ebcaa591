//! Containers: gzip, Zstandard, tar and ZIP. Members are streamed; nothing is written to disk.

mod zip;

pub(crate) use zip::zip;

use crate::meter::Expanded;
use crate::read::{Body, Depth, Piece, Run, piece};
use crate::{Ending, Format, Position, Refusal};
use std::io::{self, Read};
use std::sync::Arc;
use wardkeep_types::Moment;

/// Reads a container that needs no going back.
pub(crate) fn stream(
    run: &mut Run<'_>,
    format: &Format,
    name: &Arc<str>,
    modified: Moment,
    depth: Depth,
    input: &mut dyn Read,
) -> Result<Ending, Refusal> {
    let depth = Depth { unpacked: true, ..depth };
    let inner_name: Arc<str> = inner_name(name).into();
    let (meter, limits) = (run.meter.clone(), &run.options.limits);
    match format {
        Format::Gzip => {
            let inner = flate2::bufread::MultiGzDecoder::new(io::BufReader::new(input));
            let modified = gzip_date(&inner).unwrap_or(modified);
            let mut inner = Expanded { inner, meter, limits };
            let body = Body::Stream(&mut inner);
            piece(run, Piece { name: inner_name, modified, depth, body })
        }
        Format::Zstd => {
            let mut inner = zstd::stream::read::Decoder::new(input).map_err(|e| Refusal::from_io(&e))?;
            // 128 MiB, the largest window that zstd uses without being told to.
            inner.window_log_max(27).map_err(|e| Refusal::from_io(&e))?;
            let mut inner = Expanded { inner, meter, limits };
            let body = Body::Stream(&mut inner);
            piece(run, Piece { name: inner_name, modified, depth, body })
        }
        _ => tar(run, name, input),
    }
}

/// The date that a gzip header states, if any.
fn gzip_date<R: io::BufRead>(decoder: &flate2::bufread::MultiGzDecoder<R>) -> Option<Moment> {
    let seconds = decoder.header()?.mtime();
    (seconds > 0).then(|| Moment::EPOCH.plus_seconds(i64::from(seconds)))
}

/// `auth.log.gz` holds `auth.log`, but is displayed as given: only the format is judged by the inner name.
fn inner_name(name: &str) -> String {
    name.to_owned()
}

fn tar(run: &mut Run<'_>, name: &Arc<str>, input: &mut dyn Read) -> Result<Ending, Refusal> {
    let (meter, limits) = (run.meter.clone(), &run.options.limits);
    let mut archive = tar::Archive::new(input);
    let mut whole = Whole::default();
    let mut read = 0_u64;
    for (index, entry) in archive.entries().map_err(|e| Refusal::from_io(&e))?.enumerate() {
        if index >= limits.archive_entries {
            return Err(too_many(limits.archive_entries));
        }
        if run.sink.cancelled() {
            return Ok(Ending::Cancelled);
        }
        let entry = match entry {
            Ok(entry) => entry,
            Err(error)
                if error.get_ref().is_some_and(
                    <dyn std::error::Error + std::marker::Send + std::marker::Sync + 'static>::is::<Refusal>,
                ) =>
            {
                return Err(Refusal::from_io(&error));
            }
            Err(error) if read == 0 && index == 0 => return Err(Refusal::from_io(&error)),
            Err(_) => {
                whole.cut(Position::Record(index as u64 + 1));
                break;
            }
        };
        if !entry.header().entry_type().is_file() {
            continue;
        }
        let path = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let seconds = entry.header().mtime().unwrap_or(0).min(i64::MAX as u64 / 2_000_000);
        let modified = Moment::EPOCH.plus_seconds(seconds as i64);
        let mut entry = Expanded { inner: entry, meter: meter.clone(), limits };
        let member = Piece {
            name: format!("{name}!{path}").into(),
            modified,
            depth: Depth { member: true, unpacked: false },
            body: Body::Stream(&mut entry),
        };
        whole.member(piece(run, member))?;
        read += 1;
    }
    Ok(whole.ending())
}

fn too_many(limit: usize) -> Refusal {
    Refusal::new(
        "too_many_members",
        format!("The archive has more than {limit} members."),
        "Unpack it and give the folder.",
    )
}

/// How an archive ends, from how its members ended: a member that is not understood is listed on its own and does
/// not spoil the others, but a bomb stops everything.
#[derive(Default)]
struct Whole {
    worst: Option<Ending>,
}

impl Whole {
    fn member(&mut self, result: Result<Ending, Refusal>) -> Result<(), Refusal> {
        match result {
            Err(refusal) if refusal.code == "bomb" => return Err(refusal),
            Ok(Ending::Complete) | Err(_) => {}
            Ok(ending) => self.worst = Some(ending),
        }
        Ok(())
    }
    fn cut(&mut self, at: Position) {
        self.worst = Some(Ending::Truncated { at });
    }
    fn ending(self) -> Ending {
        self.worst.unwrap_or(Ending::Complete)
    }
}
