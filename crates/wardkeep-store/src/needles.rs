//! What gives a person away in text: finding it and replacing it. Pure functions.

/// Shortest text that is searched for, in characters: shorter ones are part of too many words.
const SHORTEST: usize = 3;
/// Shortest number that is searched for, in digits.
const SHORTEST_NUMBER: usize = 4;

/// A text to be found in any letter case, standing by itself, and what takes its place.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Needle {
    /// In lower case.
    letters: Vec<char>,
    replacement: String,
}

/// Everything that gives one person away.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Needles {
    all: Vec<Needle>,
    /// The texts as they were given.
    pub texts: Vec<String>,
    /// Texts too short to be searched for.
    pub too_short: Vec<String>,
}

fn lower(c: char) -> char {
    c.to_lowercase().next().unwrap_or(c)
}

impl Needles {
    /// Adds a text in the forms in which it stands in plain text, JSON and web addresses, and a name of two or
    /// more words also as `Last, First`. Mail addresses are replaced by `mail`, all else by `mark`.
    pub fn add(&mut self, text: &str, mark: &str, mail: &str) {
        let text = text.trim();
        if text.is_empty() {
            return;
        }
        let digits = text.chars().all(|c| c.is_ascii_digit());
        let fine = text.chars().count() >= if digits { SHORTEST_NUMBER } else { SHORTEST };
        if !fine {
            if !self.too_short.iter().any(|t| t == text) {
                self.too_short.push(text.to_owned());
            }
            return;
        }
        if !self.texts.iter().any(|t| t == text) {
            self.texts.push(text.to_owned());
        }
        let replacement = if text.contains('@') { mail } else { mark };
        let mut forms = vec![text.to_owned()];
        if let Some((first, last)) = text.rsplit_once(' ') {
            forms.push(format!("{last}, {first}"));
        }
        for form in forms.clone() {
            let json = serde_json::Value::String(form.clone()).to_string();
            forms.push(json[1..json.len() - 1].to_owned());
            forms.push(percent(&form, "%20"));
            forms.push(percent(&form, "+"));
        }
        for form in forms {
            let letters: Vec<char> = form.chars().map(lower).collect();
            if !self.all.iter().any(|n| n.letters == letters) {
                self.all.push(Needle { letters, replacement: replacement.to_owned() });
            }
        }
        // Where one is part of another, the longer one goes first.
        self.all
            .sort_by(|a, b| b.letters.len().cmp(&a.letters.len()).then_with(|| a.letters.cmp(&b.letters)));
    }
    /// Whether there is nothing to search for.
    pub fn is_empty(&self) -> bool {
        self.all.is_empty()
    }
    /// Whether the text gives the person away.
    pub fn are_in(&self, text: &str) -> bool {
        self.redact(text).is_some()
    }
    /// The text without what gives the person away; `None` when nothing does.
    pub fn redact(&self, text: &str) -> Option<String> {
        let letters: Vec<(usize, char)> = text.char_indices().map(|(at, c)| (at, lower(c))).collect();
        let letter = |at: usize| letters.get(at).map(|l| l.1);
        let part_of_word = |at: usize| letter(at).is_some_and(char::is_alphanumeric);
        // The letter of `\\n` and its like ends no word: it stands for a line break.
        let escape = |at: usize| {
            at > 0 && letter(at - 1) == Some('\\') && matches!(letter(at), Some('n' | 'r' | 't' | 'b' | 'f'))
        };
        let (mut out, mut kept, mut at) = (String::new(), 0, 0);
        while at < letters.len() {
            // A match begins and ends where a word does, so that "Ada" is not found in "Adapter".
            let fits = |needle: &&Needle| {
                let end = at + needle.letters.len();
                let same = |(have, want): (&(usize, char), &char)| have.1 == *want;
                end <= letters.len()
                    && letters[at..end].iter().zip(&needle.letters).all(same)
                    && !(at > 0 && part_of_word(at - 1) && part_of_word(at) && !escape(at - 1))
                    && !(part_of_word(end) && part_of_word(end - 1))
            };
            match self.all.iter().find(fits) {
                Some(needle) => {
                    out.push_str(&text[kept..letters[at].0]);
                    out.push_str(&needle.replacement);
                    at += needle.letters.len();
                    kept = letters.get(at).map_or(text.len(), |l| l.0);
                }
                None => at += 1,
            }
        }
        if kept == 0 {
            return None;
        }
        out.push_str(&text[kept..]);
        Some(out)
    }
    /// Parts that a database can search for quickly, in lower case: of each needle the longest run of ASCII
    /// letters and digits, since both databases ignore the case of those alone. A needle without such a run
    /// (a name in another script) gives its exact forms.
    pub fn hints(&self) -> Vec<String> {
        let mut hints = Vec::new();
        for needle in &self.all {
            let runs = needle.letters.split(|c| !c.is_ascii_alphanumeric());
            if let Some(run) = runs.max_by_key(|r| r.len()).filter(|r| r.len() >= 2) {
                hints.push(run.iter().collect::<String>());
                continue;
            }
            let text: String = needle.letters.iter().collect();
            let mut capital = text.chars();
            let title = capital.next().map(|c| c.to_uppercase().collect::<String>() + capital.as_str());
            hints.extend([text.to_uppercase(), title.unwrap_or_default(), text]);
        }
        hints.sort_unstable();
        hints.dedup();
        hints
    }
    /// Most bytes that a needle takes in UTF-16 or UTF-8.
    pub fn longest(&self) -> usize {
        self.all.iter().map(|n| n.letters.len() * 4).max().unwrap_or(0)
    }
    /// Whether bytes from within a file give the person away, read as UTF-8 or UTF-16 text. `begins` and `ends`
    /// say whether the bytes are the first and the last of the file: elsewhere a word may go on beyond them.
    pub fn are_in_bytes(&self, bytes: &[u8], begins: bool, ends: bool) -> bool {
        // Without zeros UTF-16 reads like ASCII; what holds no hint then needs no closer look.
        let squeezed: Vec<u8> = bytes.iter().copied().filter(|b| *b != 0).collect();
        let squeezed = String::from_utf8_lossy(&squeezed).to_lowercase();
        let hints = self.hints();
        if hints.iter().all(|h| h.is_ascii() && !squeezed.contains(h.as_str())) {
            return false;
        }
        let framed = |text: &str| {
            let (before, after) = (if begins { "" } else { "x" }, if ends { "" } else { "x" });
            self.are_in(&format!("{before}{text}{after}"))
        };
        let wide = |order: fn([u8; 2]) -> u16, from: usize| {
            let units = bytes[from.min(bytes.len())..].chunks_exact(2).map(|pair| order([pair[0], pair[1]]));
            char::decode_utf16(units).map(|c| c.unwrap_or('\u{fffd}')).collect::<String>()
        };
        framed(&String::from_utf8_lossy(bytes))
            || [0, 1].into_iter().any(|from| {
                framed(&wide(u16::from_le_bytes, from)) || framed(&wide(u16::from_be_bytes, from))
            })
    }
}

/// Percent-encoding of RFC 3986, all but its unreserved characters; a blank as given.
fn percent(text: &str, blank: &str) -> String {
    let hex = |half: u8| char::from(b"0123456789ABCDEF"[usize::from(half)]);
    let mut out = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            b' ' => out.push_str(blank),
            other => out.extend(['%', hex(other >> 4), hex(other & 15)]),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn needles(texts: &[&str]) -> Needles {
        let mut needles = Needles::default();
        for text in texts {
            needles.add(text, "[erased]", "erased@invalid");
        }
        needles
    }

    #[test]
    fn a_person_is_found_in_every_form_and_only_by_itself() {
        let needles = needles(&["Ada Löwe", "ada@example.org", "4711", "7", "ab"]);
        assert_eq!(needles.too_short, ["7", "ab"]);
        let cases = [
            ("Ask Ada Löwe.", Some("Ask [erased].")),
            ("LÖWE, ADA and ADA LÖWE", Some("[erased] and [erased]")),
            ("mailto:Ada@Example.org?x", Some("mailto:erased@invalid?x")),
            ("q=ada%40example.org&n=Ada+L%C3%B6we", Some("q=erased@invalid&n=[erased]")),
            ("no 4711, not 47110 or x4711", Some("no [erased], not 47110 or x4711")),
            ("Adapter, nada@example.org, ada@example.organ", None),
            (r"first\nAda Löwe\n", Some(r"first\n[erased]\n")),
            ("", None),
        ];
        for (text, expected) in cases {
            assert_eq!(needles.redact(text).as_deref(), expected, "{text}");
            assert!(!needles.are_in(&needles.redact(text).unwrap_or_default()), "{text}");
        }
        assert!(needles.hints().contains(&"ada".into()) && needles.hints().contains(&"4711".into()));
        let wide: Vec<u8> = "user Ada Löwe".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let seen = |bytes: &[u8]| needles.are_in_bytes(bytes, true, true);
        assert!(seen(&wide) && seen(&[&[1], wide.as_slice()].concat()) && !seen(b"nobody\0"));
        assert!(
            seen(b"4711")
                && !needles.are_in_bytes(b"4711", false, true)
                && !needles.are_in_bytes(b"4711", true, false)
        );
    }

    #[test]
    fn names_in_other_scripts_and_with_quotes_are_found() {
        let needles = needles(&["Анна Иванова", "Joe \"J\" O'Neil"]);
        assert_eq!(needles.redact(r#"{"by": "Joe \"J\" O'Neil"}"#).as_deref(), Some(r#"{"by": "[erased]"}"#));
        assert!(needles.are_in("АННА ИВАНОВА"));
        assert!(needles.hints().contains(&"АННА ИВАНОВА".into()));
    }

    proptest::proptest! {
        #[test]
        fn nothing_is_left_after_redaction(before in "\\PC{0,20}", after in "\\PC{0,20}") {
            let needles = needles(&["Ada Löwe", "ada@example.org"]);
            let text = format!("{before} ada löwe {after}");
            let redacted = needles.redact(&text).unwrap();
            proptest::prop_assert!(!needles.are_in(&redacted));
        }
    }
}
