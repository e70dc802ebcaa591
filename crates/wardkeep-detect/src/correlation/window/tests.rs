use super::{Entry, Running, first};
use crate::correlation::group::Group;
use crate::correlation::{Correlation, Kind, Member, Span};
use crate::ir::Order;
use wardkeep_types::event::EventId;

fn correlation(kind: Kind, window: Span, wanted: u64) -> Correlation {
    let member = Member { rule: 0, group: Vec::new(), values: Vec::new() };
    Correlation {
        kind,
        members: vec![member.clone(), member],
        group_by: Vec::new(),
        span: 100,
        window,
        thresholds: vec![(Order::AtLeast, wanted)],
        presence: None,
        generate: false,
    }
}

fn entries() -> Vec<Entry> {
    let (mut seed, mut at) = (7_u64, 0_i64);
    let mut next = move |most: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % most
    };
    let entry = |n: u64| {
        at += next(30) as i64;
        let value = Some(next(9).to_string().into());
        Entry { at, id: EventId::of("a", &n.to_le_bytes(), 0), member: next(2) as u16, value }
    };
    (0..600).map(entry).collect()
}

/// Every window there is, looked at with so many entries more each time.
fn all(correlation: &Correlation, entries: &[Entry], step: usize, keeps: bool) -> Vec<(usize, usize)> {
    let (mut found, mut free, mut next) = (Vec::new(), 0, 0);
    let mut running: Option<Running> = None;
    for there in (step..=entries.len()).step_by(step) {
        loop {
            let (window, looked) = first(correlation, &entries[..there], &mut running, free, next, i64::MAX);
            running = running.filter(|_| keeps);
            next = looked;
            let Some((start, last)) = window else { break };
            found.push((start, last));
            free = last + 1;
        }
    }
    found
}

/// Entries that come in no order of time, and many at one time: what is kept must not change what is found.
#[test]
fn late_entries_change_what_is_kept_as_if_nothing_were() {
    let mut roll = 11_u64;
    let mut next = |most: u64| {
        roll = roll.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (roll >> 33) % most
    };
    for (kind, wanted) in
        [(Kind::EventCount, 9), (Kind::ValueCount, 7), (Kind::ValueSum, 40), (Kind::Temporal, 0)]
    {
        for window in [Span::Sliding, Span::Tumbling, Span::Session(20)] {
            let correlation = correlation(kind, window, wanted);
            let (mut with, mut without) = (Group::default(), Group::default());
            let (mut windows, mut late, mut kept) = (0, 0, 0);
            for n in 0..3_000_u64 {
                // Time goes on by one in three; one in ten comes late, some very.
                let back = if next(10) == 0 { next(150) } else { next(2) };
                let at = (n / 3).saturating_sub(back) as i64;
                let value = Some(next(9).to_string().into());
                let id = EventId::of("a", &n.to_le_bytes(), 0);
                let entry = Entry { at, id, member: u16::from(next(40) == 0), value };
                late += u64::from(with.insert(&correlation, entry.clone()) == Some(true));
                kept += u64::from(with.running.is_some());
                without.insert(&correlation, entry);
                let until = (n / 3) as i64;
                let found = [&mut with, &mut without].map(|group| {
                    let mut found = Vec::new();
                    loop {
                        let Group { entries, free, next, running } = group;
                        let (window, looked) = first(&correlation, entries, running, *free, *next, until);
                        group.next = looked;
                        let Some((start, last)) = window else { break };
                        found.push((start, last));
                        group.free = last + 1;
                    }
                    found
                });
                assert_eq!(found[0], found[1], "{kind:?} {window:?} after {n}");
                windows += found[0].len();
                without.running = None;
            }
            assert!(windows > 10 && late > 500, "{kind:?} {window:?}: {windows} windows, {late} late");
            // Beside those that came right behind a reported window.
            assert!(kept > 1_000 || matches!(window, Span::Session(_)), "{kind:?} {window:?}: {kept} kept");
        }
    }
}

#[test]
fn what_is_kept_between_looks_changes_nothing() {
    let entries = entries();
    let kinds = [
        (Kind::EventCount, 5),
        (Kind::ValueCount, 4),
        (Kind::ValueSum, 20),
        (Kind::ValueAvg, 5),
        (Kind::ValuePercentile(75), 6),
        (Kind::Temporal, 0),
        (Kind::TemporalOrdered, 0),
    ];
    for (kind, wanted) in kinds {
        for window in [Span::Sliding, Span::Tumbling, Span::Session(20)] {
            let correlation = correlation(kind, window, wanted);
            let whole = all(&correlation, &entries, entries.len(), false);
            assert!(whole.len() > 3, "{kind:?} {window:?}: {}", whole.len());
            for (step, keeps) in [(1, true), (1, false), (7, true), (7, false)] {
                let found = all(&correlation, &entries[..entries.len() / 7 * 7], step, keeps);
                let expected: Vec<_> =
                    whole.iter().copied().filter(|(_, last)| *last < entries.len() / 7 * 7).collect();
                assert_eq!(found, expected, "{kind:?} {window:?} by {step}");
            }
        }
    }
}
