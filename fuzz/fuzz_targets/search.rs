//! The search language: whatever is read is shown so that it reads as itself, and answers for an event.
#![no_main]

use wardkeep_events::search::{Matching, Search};
use wardkeep_types::Moment;
use wardkeep_types::event::{Dialect, Event};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    match text.parse::<Search>() {
        Ok(search) => {
            let shown = search.to_string();
            if shown.len() <= wardkeep_events::search::MOST_BYTES {
                assert_eq!(shown.parse::<Search>().as_ref(), Ok(&search), "{shown}");
            }
            assert!(!search.explain().is_empty());
            let event = Event::new(Dialect::Text, "fuzz".into(), 1, text);
            let _ = Matching::new(&search, Moment::EPOCH).matches(&event);
        }
        Err(error) => {
            let (before, wrong, after) = error.parts(text);
            assert_eq!(format!("{before}{wrong}{after}"), text);
        }
    }
});
