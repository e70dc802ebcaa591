//! One line of a detection: a field, its modifiers, its values.

use super::value::{number, pieces_of, plain};
use super::{LowerError, Lowering};
use crate::cidr::Cidr;
use crate::encode::{Utf16, base64, base64_offsets, utf16};
use crate::ir::{Atom, Link, Node, Order, Place, Test};
use crate::pattern::{Pattern, Piece, dashed};
use crate::placeholder::expand;
use crate::time_part::TimePart;
use regex::{Regex, RegexBuilder};
use rsigma_parser::{DetectionItem, Modifier, SigmaValue};

/// Memory that one compiled regular expression may take, bytes.
const REGEX_BYTES: usize = 4 * 1024 * 1024;

/// What the modifiers of an item ask for.
#[derive(Debug, Default)]
struct Wishes {
    place: Option<Place>,
    all: bool,
    cased: bool,
    regex: bool,
    ignore_case: bool,
    multiline: bool,
    dot_all: bool,
    cidr: bool,
    exists: bool,
    expand: bool,
    field: bool,
    windash: bool,
    utf16: Option<Utf16>,
    base64: Option<bool>,
    order: Option<Order>,
    part: Option<TimePart>,
}

impl Wishes {
    fn read(modifiers: &[Modifier]) -> Self {
        let mut wishes = Self::default();
        for modifier in modifiers {
            match modifier {
                Modifier::Contains => wishes.place = Some(Place::Inside),
                Modifier::StartsWith => wishes.place = Some(Place::Start),
                Modifier::EndsWith => wishes.place = Some(Place::End),
                Modifier::All => wishes.all = true,
                Modifier::Cased => wishes.cased = true,
                Modifier::Re => wishes.regex = true,
                Modifier::IgnoreCase => wishes.ignore_case = true,
                Modifier::Multiline => wishes.multiline = true,
                Modifier::DotAll => wishes.dot_all = true,
                Modifier::Cidr => wishes.cidr = true,
                Modifier::Exists => wishes.exists = true,
                Modifier::Expand => wishes.expand = true,
                Modifier::FieldRef => wishes.field = true,
                Modifier::WindAsh => wishes.windash = true,
                Modifier::Wide => wishes.utf16 = Some(Utf16::Little),
                Modifier::Utf16be => wishes.utf16 = Some(Utf16::Big),
                Modifier::Utf16 => wishes.utf16 = Some(Utf16::Marked),
                Modifier::Base64 => wishes.base64 = Some(false),
                Modifier::Base64Offset => wishes.base64 = Some(true),
                Modifier::Lt => wishes.order = Some(Order::Less),
                Modifier::Lte => wishes.order = Some(Order::AtMost),
                Modifier::Gt => wishes.order = Some(Order::More),
                Modifier::Gte => wishes.order = Some(Order::AtLeast),
                Modifier::Neq => wishes.order = Some(Order::Differs),
                Modifier::Minute => wishes.part = Some(TimePart::Minute),
                Modifier::Hour => wishes.part = Some(TimePart::Hour),
                Modifier::Day => wishes.part = Some(TimePart::Day),
                Modifier::Week => wishes.part = Some(TimePart::Week),
                Modifier::Month => wishes.part = Some(TimePart::Month),
                Modifier::Year => wishes.part = Some(TimePart::Year),
            }
        }
        wishes
    }
    /// Whether text is asked for, so that a number in the rule is meant as digits.
    fn wants_text(&self) -> bool {
        self.place.is_some() || self.utf16.is_some() || self.base64.is_some() || self.cased || self.windash
    }
}

impl Lowering<'_> {
    pub(super) fn item(&mut self, item: &DetectionItem) -> Result<Node, LowerError> {
        let wishes = Wishes::read(&item.field.modifiers);
        let name = item.field.name.as_deref();
        let near = name.unwrap_or("|");
        let mut tests = Vec::new();
        for value in &item.values {
            self.tests(&wishes, value, name.is_none(), &mut tests).map_err(|mut error| {
                if error.near.is_empty() {
                    near.clone_into(&mut error.near);
                }
                error
            })?;
        }
        if tests.is_empty() && self.unset.is_empty() {
            let message = format!("'{near}' has no values");
            return Err(LowerError::new(message, "give at least one value, or null", near));
        }
        let field = name.map(|name| self.field(name));
        // `neq` over a list means: none of them.
        let all = wishes.all || wishes.order == Some(Order::Differs);
        Ok(Node::Atom(Atom { field, link: if all { Link::All } else { Link::Any }, tests }))
    }

    fn tests(
        &mut self,
        wishes: &Wishes,
        value: &SigmaValue,
        keyword: bool,
        tests: &mut Vec<Test>,
    ) -> Result<(), LowerError> {
        if wishes.exists {
            tests.push(Test::Exists(truth(value)?));
        } else if wishes.regex {
            tests.push(Test::Regex(regex(&plain(value, "re")?, wishes)?));
        } else if wishes.cidr {
            let text = value.to_string();
            let block = Cidr::parse(&text).ok_or_else(|| {
                LowerError::new(format!("'{text}' is not an address block"), "write it as 10.0.0.0/8", &text)
            })?;
            tests.push(Test::Cidr(block));
        } else if wishes.field {
            let other = self.field(&plain(value, "fieldref")?);
            let place = wishes.place.unwrap_or(Place::Whole);
            let negated = wishes.order == Some(Order::Differs);
            tests.push(Test::Field { other, place, cased: wishes.cased, negated });
        } else if let Some(part) = wishes.part {
            let order = wishes.order.unwrap_or(Order::Equal);
            tests.push(Test::Part(part, order, number(value, "of time")? as i64));
        } else if let Some(order) = wishes.order.filter(|order| *order != Order::Differs) {
            tests.push(Test::Compare(order, number(value, "of order")?));
        } else {
            let start = tests.len();
            self.plain_tests(wishes, value, keyword, tests)?;
            if wishes.order == Some(Order::Differs) {
                let positive: Vec<Test> = tests.drain(start..).collect();
                tests.extend(positive.into_iter().map(|test| Test::Not(Box::new(test))));
            }
        }
        Ok(())
    }

    fn plain_tests(
        &mut self,
        wishes: &Wishes,
        value: &SigmaValue,
        keyword: bool,
        tests: &mut Vec<Test>,
    ) -> Result<(), LowerError> {
        match value {
            SigmaValue::Null => tests.push(Test::Null),
            SigmaValue::Integer(number) if !wishes.wants_text() && !keyword => tests.push(Test::Int(*number)),
            SigmaValue::Float(number) if !wishes.wants_text() && !keyword => tests.push(Test::Float(*number)),
            SigmaValue::Bool(wanted) if !wishes.wants_text() && !keyword => tests.push(Test::Bool(*wanted)),
            _ => {
                let place = if keyword { Place::Inside } else { wishes.place.unwrap_or(Place::Whole) };
                for pieces in self.encoded(wishes, value)? {
                    tests.push(Test::Text(Pattern::new(placed(pieces, place), wishes.cased)));
                }
            }
        }
        Ok(())
    }

    /// The value after `expand`, `windash` and the encodings: one or several texts, one of which must be found.
    fn encoded(&mut self, wishes: &Wishes, value: &SigmaValue) -> Result<Vec<Vec<Piece>>, LowerError> {
        let text = |text: String| vec![Piece::Text(text.into())];
        if wishes.utf16.is_some() || wishes.base64.is_some() {
            let bare = plain(value, if wishes.base64.is_some() { "base64" } else { "wide" })?;
            let bytes = wishes.utf16.map_or_else(|| bare.clone().into_bytes(), |order| utf16(&bare, order));
            return match wishes.base64 {
                Some(true) => Ok(base64_offsets(&bytes).into_iter().map(text).collect()),
                Some(false) => Ok(vec![text(base64(&bytes))]),
                None => String::from_utf8(bytes).map(|found| vec![text(found)]).map_err(|_| {
                    let message = format!("'{bare}' in UTF-16 is not text, so no field can hold it");
                    LowerError::new(message, "add base64 or base64offset after it", &bare)
                }),
            };
        }
        let mut forms = vec![pieces_of(value)];
        if wishes.expand {
            let none = crate::placeholder::Placeholders::new();
            match expand(forms.remove(0), self.placeholders.unwrap_or(&none)) {
                Ok(grown) => forms = grown,
                Err(name) if name.is_empty() => {
                    let message = format!("'{value}' grows into too many values");
                    return Err(LowerError::new(
                        message,
                        "shorten the placeholder's list",
                        value.to_string(),
                    ));
                }
                Err(name) => {
                    self.unset.insert(name);
                }
            }
        }
        Ok(if wishes.windash { forms.into_iter().map(dashed).collect() } else { forms })
    }
}

fn placed(mut pieces: Vec<Piece>, place: Place) -> Vec<Piece> {
    if matches!(place, Place::Inside | Place::End) {
        pieces.insert(0, Piece::Many);
    }
    if matches!(place, Place::Inside | Place::Start) {
        pieces.push(Piece::Many);
    }
    pieces
}

fn truth(value: &SigmaValue) -> Result<bool, LowerError> {
    match value.to_string().to_lowercase().as_str() {
        "true" | "yes" | "1" => Ok(true),
        "false" | "no" | "0" => Ok(false),
        other => Err(LowerError::new(
            format!("'exists' takes true or false, not '{other}'"),
            "write true or false",
            other,
        )),
    }
}

fn regex(text: &str, wishes: &Wishes) -> Result<Regex, LowerError> {
    // Flags stand in the text itself, so that the text says all and equal expressions can be told.
    let flags = [('i', wishes.ignore_case), ('m', wishes.multiline), ('s', wishes.dot_all)];
    let flags: String = flags.iter().filter(|(_, wanted)| *wanted).map(|(flag, _)| *flag).collect();
    let whole = if flags.is_empty() { text.to_owned() } else { format!("(?{flags}){text}") };
    RegexBuilder::new(&whole).size_limit(REGEX_BYTES).build().map_err(|error| {
        let cause = error.to_string();
        let cause = cause.lines().last().unwrap_or_default().trim_start_matches("error: ");
        LowerError::new(
            format!("the regular expression '{text}' cannot be used: {cause}"),
            "look-around and back references are not supported, because they can take unbounded time",
            text,
        )
    })
}
