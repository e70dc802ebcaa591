//! Syslog messages with their length in front (RFC 6587), as TCP senders write them into files.

use super::Syslog;
use crate::emit::Emit;
use crate::line::{LineRecords, too_long};
use crate::text::cut;
use crate::{Ending, Position, Refusal};
use std::io::{self, BufRead, BufReader, Read};

/// Whether a text begins with a length and a priority: `83 <34>1 ...`.
pub(crate) fn is_framed(text: &[u8]) -> bool {
    length(text).is_some_and(|(_, digits)| text.get(digits + 1) == Some(&b'<'))
}

/// A length, and its number of digits; a blank stands behind it.
fn length(text: &[u8]) -> Option<(usize, usize)> {
    let digits = text.iter().take(8).take_while(|b| b.is_ascii_digit()).count();
    if digits == 0 || digits == 8 || text[0] == b'0' || text.get(digits) != Some(&b' ') {
        return None;
    }
    std::str::from_utf8(&text[..digits]).ok()?.parse().ok().map(|length| (length, digits))
}

/// A message without its length, if one is in front.
pub(super) fn unframed(line: &str) -> &str {
    match length(line.as_bytes()) {
        Some((_, digits)) if line.as_bytes().get(digits + 1) == Some(&b'<') => &line[digits + 1..],
        _ => line,
    }
}

/// Reads a file of such messages. The position of an event is the number of its message. Where a length is wrong,
/// reading goes on at the next line.
pub(crate) fn framed(emit: &mut Emit<'_>, input: &mut dyn Read) -> Result<Ending, Refusal> {
    let mut input = BufReader::with_capacity(64 * 1024, input);
    let mut syslog = Syslog::default();
    let mut buffer = Vec::new();
    let mut number = 0;
    let ending = loop {
        if emit.stop() {
            break Ok(Ending::Cancelled);
        }
        match next(&mut input, &mut buffer, emit.limits.line_bytes) {
            Ok(Frame::End) => break Ok(Ending::Complete),
            Ok(Frame::Blank) => {}
            Ok(Frame::Message) => {
                number += 1;
                let text = String::from_utf8_lossy(buffer.trim_ascii_end());
                if !text.is_empty() {
                    syslog.line(emit, number, &text);
                }
            }
            Ok(Frame::TooLong(bytes)) => {
                number += 1;
                too_long(emit, number, bytes);
            }
            Ok(Frame::Cut) => {
                number += 1;
                let at = Position::Record(number);
                emit.fault(
                    at,
                    "truncated",
                    "The file ends in the middle of a message.",
                    "Fetch the file again.",
                );
                break Ok(Ending::Truncated { at });
            }
            Ok(Frame::NoLength) => {
                number += 1;
                let text = String::from_utf8_lossy(&buffer).into_owned();
                let remedy =
                    "The sender counts its messages' lengths wrongly; reading went on at the next line.";
                emit.bad_line(
                    number,
                    text.trim_end(),
                    "bad_frame",
                    "No length stands in front of the message.",
                    remedy,
                );
            }
            Err(error) => break cut(emit, Position::Record(number + 1), &error),
        }
    };
    syslog.end(emit);
    ending
}

enum Frame {
    Message,
    /// Only line breaks.
    Blank,
    TooLong(u64),
    /// The file ends before the message does.
    Cut,
    /// A line without a length; it is in the buffer.
    NoLength,
    End,
}

fn next(input: &mut impl BufRead, buffer: &mut Vec<u8>, limit: usize) -> io::Result<Frame> {
    buffer.clear();
    let ready = input.fill_buf()?;
    if ready.is_empty() {
        return Ok(Frame::End);
    }
    let blanks = ready.iter().take_while(|b| matches!(b, b'\n' | b'\r' | b'\0')).count();
    if blanks > 0 {
        input.consume(blanks);
        return Ok(Frame::Blank);
    }
    // Digits and a blank, one byte at a time: they may stand across the end of what is ready.
    let mut head = Vec::with_capacity(9);
    while head.len() < 9 {
        let Some(byte) = input.fill_buf()?.first().copied() else { break };
        head.push(byte);
        input.consume(1);
        if !byte.is_ascii_digit() {
            break;
        }
    }
    let Some((length, _)) = length(&head) else {
        buffer.extend_from_slice(&head);
        if head.last() != Some(&b'\n') {
            input.by_ref().take(limit as u64).read_until(b'\n', buffer)?;
        }
        return Ok(Frame::NoLength);
    };
    if length > limit {
        let passed = io::copy(&mut input.by_ref().take(length as u64), &mut io::sink())?;
        return Ok(if passed < length as u64 { Frame::Cut } else { Frame::TooLong(length as u64) });
    }
    input.by_ref().take(length as u64).read_to_end(buffer)?;
    Ok(if buffer.len() < length { Frame::Cut } else { Frame::Message })
}
