//! Text: lines of bounded length, and encodings.

mod decode;
mod lines;

pub(crate) use decode::{Decoded, Encoding, encoding};
pub(crate) use lines::{Line, Lines};

use crate::emit::Emit;
use crate::{Ending, Position, Refusal};
use std::borrow::Cow;
use std::io::{self, Read};

/// Gives every line that says something to `each`. Bytes that are no UTF-8 become the replacement character.
pub(crate) fn each_line(
    emit: &mut Emit<'_>,
    input: &mut dyn Read,
    mut each: impl FnMut(&mut Emit<'_>, u64, &str),
) -> Result<Ending, Refusal> {
    let mut lines = Lines::new(input, emit.limits.line_bytes);
    loop {
        if emit.stop() {
            return Ok(Ending::Cancelled);
        }
        let number = lines.number + 1;
        match lines.next() {
            Ok(None) => return Ok(Ending::Complete),
            Ok(Some(Line::TooLong(length))) => too_long(emit, number, length),
            Ok(Some(Line::Bytes(bytes))) => {
                let line: Cow<'_, str> = String::from_utf8_lossy(bytes);
                if !line.trim().is_empty() {
                    each(emit, number, &line);
                }
            }
            Err(error) => return cut(emit, Position::Line(number), &error),
        }
    }
}

/// Tells of a line that was passed over.
pub(crate) fn too_long(emit: &mut Emit<'_>, number: u64, length: u64) {
    let limit = emit.limits.line_bytes >> 10;
    emit.fault(
        Position::Line(number),
        "too_long",
        format!("The line has {length} bytes; the limit is {limit} KiB. It was left out."),
        "Check that the file is a log with one record a line.",
    );
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
