//! The reader of EVTX over files made byte by byte, so that it is also tested without any test data.

use crate::make_evtx::{file, record};
use crate::support::collect_bytes;
use wardkeep_intake::{Ending, Position};

#[test]
fn a_made_file_is_read() {
    let (result, out) = collect_bytes("a.evtx", file(&["anna", "bo  "]));
    assert_eq!(result, Ok(Ending::Complete), "{:?}", out.faults);
    let shown: Vec<_> =
        out.events.iter().map(|e| (e.user.as_deref().unwrap(), e.outcome.as_deref().unwrap())).collect();
    assert_eq!(shown, [("anna", "success"), ("bo", "success")]);
    assert_eq!(
        (out.events[0].host.as_deref(), out.events[0].at.to_string().as_str()),
        (Some("HOST1"), "2020-09-13T12:26:40Z")
    );
    assert!(out.events[1].raw.contains("\"bo  \""), "{}", out.events[1].raw);
}

#[test]
fn a_cut_record_is_not_half_read() {
    let whole = file(&["anna", "bo"]);
    let first = 4_096 + 512 + record(512, 1, "anna").len();
    for cut in [first, first + 100, first + record(512, 1, "bo").len() - 1] {
        let (result, out) = collect_bytes("a.evtx", whole[..cut].to_vec());
        assert_eq!(result, Ok(Ending::Truncated { at: Position::Byte(cut as u64) }));
        assert_eq!((out.events.len(), out.faults.len()), (1, 1), "{cut}");
    }
}
