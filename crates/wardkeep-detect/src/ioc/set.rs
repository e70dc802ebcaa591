//! The tables, and how a text is looked up in them.

use super::Ioc;
use super::words::{AT, COLON, DOT, FOREIGN, NOT_HEX, Word, is_worth_it, url_at, words};
use std::collections::{HashMap, HashSet};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use wardkeep_types::columns::{Column, Columns, raw_is_text};
use wardkeep_types::event::{Event, FieldValue};
use wardkeep_types::ioc::IocKind;

type Table<K> = HashMap<K, u32, ahash::RandomState>;
/// Addresses of one length of prefix: how far to shift, and the prefixes.
type Prefixes<K> = Vec<(u32, Table<K>)>;

/// Bytes of a name or mail address at most.
const LONGEST: usize = 320;

/// Indicators, ready to be looked up.
#[derive(Debug, Clone, Default)]
pub struct IocSet {
    list: Vec<Ioc>,
    names: Table<Box<str>>,
    mails: Table<Box<str>>,
    hashes: Table<Box<str>>,
    urls: Table<Box<str>>,
    /// Hosts of the addresses of pages: most addresses need no closer look.
    url_hosts: HashSet<Box<str>, ahash::RandomState>,
    v4: Prefixes<u32>,
    v6: Prefixes<u128>,
}

impl IocSet {
    /// Makes the tables. Values that are not in normal form are never found; of equal ones the first is.
    pub fn new(list: Vec<Ioc>) -> Self {
        let mut set = Self::default();
        let (mut v4, mut v6): (HashMap<u32, Table<u32>>, HashMap<u32, Table<u128>>) = Default::default();
        for (place, one) in list.iter().enumerate() {
            let (place, value) = (place as u32, one.value.clone());
            match one.kind {
                IocKind::Domain => drop(set.names.entry(value).or_insert(place)),
                IocKind::Mail => drop(set.mails.entry(value).or_insert(place)),
                IocKind::Md5 | IocKind::Sha1 | IocKind::Sha256 => {
                    set.hashes.entry(value).or_insert(place);
                }
                IocKind::Url => {
                    set.url_hosts.insert(host_of_url(&value).into());
                    set.urls.entry(value).or_insert(place);
                }
                IocKind::Ip => {
                    let (address, bits) =
                        value.split_once('/').map_or((&*value, None), |(a, b)| (a, Some(b)));
                    let bits = bits.and_then(|bits| bits.parse::<u32>().ok());
                    match address.parse() {
                        Ok(IpAddr::V4(ip)) => {
                            let shift = 32 - bits.unwrap_or(32).min(32);
                            let key = ip.to_bits().checked_shr(shift).unwrap_or(0);
                            v4.entry(shift).or_default().entry(key).or_insert(place);
                        }
                        Ok(IpAddr::V6(ip)) => {
                            let shift = 128 - bits.unwrap_or(128).min(128);
                            let key = ip.to_bits().checked_shr(shift).unwrap_or(0);
                            v6.entry(shift).or_default().entry(key).or_insert(place);
                        }
                        Err(_) => {}
                    }
                }
            }
        }
        set.v4 = v4.into_iter().collect();
        set.v6 = v6.into_iter().collect();
        // The narrowest block that holds an address is the one that is told.
        set.v4.sort_by_key(|(shift, _)| *shift);
        set.v6.sort_by_key(|(shift, _)| *shift);
        set.list = list;
        set
    }
    /// Whether nothing is looked for.
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }
    /// How many are looked for.
    pub fn len(&self) -> usize {
        self.list.len()
    }
    /// The indicators, for the places that the look-ups give.
    pub fn list(&self) -> &[Ioc] {
        &self.list
    }
    /// Looks an event up. `each` gets the place of every indicator that is in it, once, and the field.
    pub fn look(&self, event: &Event, each: &mut dyn FnMut(usize, &str)) {
        if self.list.is_empty() {
            return;
        }
        let mut seen: Vec<u32> = Vec::new();
        let mut found = |field: &str, place: u32| {
            if !seen.contains(&place) && self.list[place as usize].holds_at(event.at) {
                seen.push(place);
                each(place as usize, field);
            }
        };
        for (name, value) in &event.fields {
            self.value(value, &mut |place| found(name, place));
        }
        let entities = [
            ("host", &event.host),
            ("src_ip", &event.src_ip),
            ("dst_ip", &event.dst_ip),
            ("user", &event.user),
            ("process", &event.process),
            ("message", &event.message),
        ];
        for (name, text) in entities {
            if let Some(text) = text.as_deref() {
                self.text(text, &mut |place| found(name, place));
            }
        }
        if raw_is_text(event.dialect) {
            self.text(&event.raw, &mut |place| found("raw", place));
        }
    }
    /// Gives every field of an event in which an indicator stands, with the text there, whatever its time.
    pub fn look_everywhere(&self, event: &Event, each: &mut dyn FnMut(&str, &str)) {
        for (name, value) in &event.fields {
            let mut found = false;
            self.value(value, &mut |_| found = true);
            if found {
                each(name, &value.to_string());
            }
        }
        let mut found = false;
        self.text(&event.raw, &mut |_| found = true);
        if found && raw_is_text(event.dialect) {
            each("raw", &event.raw);
        }
    }
    /// Looks stored columns up: each distinct value once. `each` gets the row, the place of the indicator and the
    /// field; an indicator in several fields of a row is told several times.
    pub fn look_columns(&self, columns: &Columns, each: &mut dyn FnMut(usize, usize, &str)) {
        if self.list.is_empty() {
            return;
        }
        let named = columns.fields.iter().chain(&columns.entities).map(|(name, column)| (&**name, column));
        for (name, column) in named.chain([("message", &columns.message), ("raw", &columns.raw)]) {
            self.column(column, &mut |row, place| {
                if columns.at.get(row).is_some_and(|at| self.list[place].holds_at(*at)) {
                    each(row, place, name.strip_prefix("wardkeep.").unwrap_or(name));
                }
            });
        }
    }
    fn column(&self, column: &Column, each: &mut dyn FnMut(usize, usize)) {
        let mut hit: HashMap<u32, Vec<u32>> = HashMap::new();
        for (at, value) in column.values.iter().enumerate() {
            self.value(value, &mut |place| {
                let places = hit.entry(at as u32 + 1).or_default();
                if !places.contains(&place) {
                    places.push(place);
                }
            });
        }
        if hit.is_empty() {
            return;
        }
        for (row, code) in column.codes.iter().enumerate() {
            for place in hit.get(code).into_iter().flatten() {
                each(row, *place as usize);
            }
        }
    }
    fn value(&self, value: &FieldValue, each: &mut dyn FnMut(u32)) {
        match value {
            FieldValue::Text(text) => self.text(text, each),
            FieldValue::List(items) => items.iter().for_each(|item| self.value(item, each)),
            _ => {}
        }
    }
    fn text(&self, text: &str, each: &mut dyn FnMut(u32)) {
        for word in words(text) {
            if !is_worth_it(&word) {
                continue;
            }
            if word.signs & COLON != 0 {
                self.with_colons(text, &word, each);
            } else {
                self.part(word.text, word.signs, each);
            }
        }
    }
    fn with_colons(&self, text: &str, word: &Word<'_>, each: &mut dyn FnMut(u32)) {
        let bare = word.text;
        if !self.v6.is_empty() && word.signs & AT == 0 && bare.bytes().filter(|b| *b == b':').count() >= 2 {
            let address = bare.parse::<Ipv6Addr>().ok();
            let address = address.or_else(|| bare.strip_suffix(':').and_then(|bare| bare.parse().ok()));
            if let Some(address) = address {
                return match address.to_ipv4_mapped() {
                    Some(v4) => self.v4(v4, each),
                    None => self.v6(address, each),
                };
            }
        }
        for part in bare.split(':').filter(|part| part.len() > 3) {
            self.part(part, word.signs, each);
        }
        if !self.urls.is_empty() && bare.ends_with(':') {
            self.url(text, word.start, bare, each);
        }
    }
    /// A word without colons.
    fn part(&self, part: &str, signs: u8, each: &mut dyn FnMut(u32)) {
        let part = part.trim_matches('.');
        if part.len() > LONGEST {
            return;
        }
        if !self.hashes.is_empty() && matches!(part.len(), 32 | 40 | 64) {
            if let Some(place) = lower(part, |text| self.hashes.get(text).copied()) {
                return each(place);
            }
            if signs & NOT_HEX == 0 {
                return;
            }
        }
        if signs & DOT == 0 {
            return;
        }
        if signs & FOREIGN != 0 && !part.is_ascii() {
            // Rare, and so worth the longer way.
            if let Ok(name) = IocKind::Domain.normal(part) {
                self.name(&name, each);
            }
            return;
        }
        if part.as_bytes().first().is_some_and(u8::is_ascii_digit)
            && let Ok(address) = part.parse::<Ipv4Addr>()
        {
            return self.v4(address, each);
        }
        if self.names.is_empty() && self.mails.is_empty() {
            return;
        }
        lower(part, |text| {
            let name = match text.rsplit_once('@') {
                Some((_, host)) => {
                    if let Some(place) = self.mails.get(text) {
                        each(*place);
                    }
                    host
                }
                None => text,
            };
            self.name(name, each);
            None::<()>
        });
    }
    /// A name in small letters: itself, then what it is below of.
    fn name(&self, name: &str, each: &mut dyn FnMut(u32)) {
        if self.names.is_empty() {
            return;
        }
        let mut rest = name;
        while let Some((_, above)) = rest.split_once('.') {
            if let Some(place) = self.names.get(rest) {
                return each(*place);
            }
            rest = above;
        }
    }
    fn v4(&self, address: Ipv4Addr, each: &mut dyn FnMut(u32)) {
        let bits = address.to_bits();
        for (shift, table) in &self.v4 {
            if let Some(place) = table.get(&bits.checked_shr(*shift).unwrap_or(0)) {
                return each(*place);
            }
        }
    }
    fn v6(&self, address: Ipv6Addr, each: &mut dyn FnMut(u32)) {
        let bits = address.to_bits();
        for (shift, table) in &self.v6 {
            if let Some(place) = table.get(&bits.checked_shr(*shift).unwrap_or(0)) {
                return each(*place);
            }
        }
    }
    fn url(&self, text: &str, start: usize, word: &str, each: &mut dyn FnMut(u32)) {
        // The scheme is the last run of letters of the word: `url=` and such may stand before it.
        let scheme = word[..word.len() - 1].rfind(|c: char| !c.is_ascii_alphabetic()).map_or(0, |at| at + 1);
        let url = url_at(text, start + scheme);
        if !url.get(word.len() - scheme..).is_some_and(|rest| rest.starts_with("//")) {
            return;
        }
        let host = host_of_url(url);
        let host = host.rsplit_once('@').map_or(host, |(_, host)| host);
        // Foreign letters are rare; they are looked at in any case.
        if host.is_ascii()
            && lower(host, |host| self.url_hosts.get(host.trim_end_matches('.')).map(|_| ())).is_none()
        {
            return;
        }
        if let Some(place) = IocKind::Url.normal(url).ok().and_then(|url| self.urls.get(&*url).copied()) {
            each(place);
        }
    }
}

/// Host of the address of a page, without port; of an address in brackets what stands before its first colon.
fn host_of_url(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let authority = authority.rsplit_once('@').map_or(authority, |(_, host)| host);
    authority.split(':').next().unwrap_or_default()
}

/// Gives the text in small letters, without asking for memory.
fn lower<R>(text: &str, with: impl FnOnce(&str) -> Option<R>) -> Option<R> {
    if !text.bytes().any(|b| b.is_ascii_uppercase()) {
        return with(text);
    }
    let mut buffer = [0; LONGEST];
    let small = buffer.get_mut(..text.len())?;
    small.copy_from_slice(text.as_bytes());
    small.make_ascii_lowercase();
    with(std::str::from_utf8(small).ok()?)
}
