//! Text: lines of bounded length, and encodings.

mod decode;
mod lines;

pub(crate) use decode::{Decoded, Encoding, encoding};
pub(crate) use lines::{Line, Lines};

use crate::emit::Emit;
use crate::line::{LineRecords, too_long};
use crate::{Ending, Position, Refusal};
use std::borrow::Cow;
use std::io::{self, Read};

/// Gives every line that says something to the reader of its records. Bytes that are no UTF-8 become the
/// replacement character.
pub(crate) fn each_record(
    emit: &mut Emit<'_>,
    input: &mut dyn Read,
    records: &mut dyn LineRecords,
) -> Result<Ending, Refusal> {
    let mut lines = Lines::new(input, emit.limits.line_bytes);
    let ending = loop {
        if emit.stop() {
            break Ok(Ending::Cancelled);
        }
        let number = lines.number + 1;
        match lines.next() {
            Ok(None) => break Ok(Ending::Complete),
            Ok(Some(Line::TooLong(length))) => too_long(emit, number, length),
            Ok(Some(Line::Bytes(bytes))) => {
                let line: Cow<'_, str> = String::from_utf8_lossy(bytes);
                if !line.trim().is_empty() {
                    records.line(emit, number, &line);
                }
            }
            Err(error) => break cut(emit, Position::Line(number), &error),
        }
    };
    records.end(emit);
    ending
}

/// A stream that broke off: what was read stands, and the file is not whole.
pub(crate) fn cut(emit: &mut Emit<'_>, at: Position, error: &io::Error) -> Result<Ending, Refusal> {
    if error
        .get_ref()
        .is_some_and(<dyn std::error::Error + std::marker::Send + std::marker::Sync + 'static>::is::<Refusal>)
    {
        return Err(Refusal::from_io(error));
    }
    let message = format!("The file breaks off here ({error}). What stands before was kept.");
    emit.fault(at, "truncated", message, "Fetch the file again.");
    Ok(Ending::Truncated { at })
}
