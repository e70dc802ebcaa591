//! What the controls of a form sent, as the texts that the write path reads.

use super::super::taste::Taste;
use wardkeep_register::{EstimateOf, Field, Kind};

/// The texts of those fields. A field of several controls becomes one text; a box that is not ticked sends
/// nothing and means no, so only fields that the form showed may be asked for.
pub fn texts_of<'a>(
    shown: impl Iterator<Item = &'a Field>,
    pairs: &[(String, String)],
    taste: &Taste,
) -> Vec<(String, String)> {
    shown
        .filter(|field| field.kind != Kind::File && !field.computed)
        .map(|field| (field.name.to_owned(), text_of(field, pairs, taste)))
        .collect()
}

fn text_of(field: &Field, pairs: &[(String, String)], taste: &Taste) -> String {
    let all = || pairs.iter().filter(|(name, _)| name == field.name).map(|(_, text)| text.trim());
    let plain = || pairs.iter().find(|(name, _)| name == field.name).map_or("", |(_, text)| text.as_str());
    let part = |part: &str| {
        let wanted = format!("{}.{part}", field.name);
        pairs.iter().find(|(name, _)| *name == wanted).map_or("", |(_, text)| text.trim())
    };
    match field.kind {
        Kind::Bool => if all().any(|t| matches!(t, "true" | "yes" | "on")) { "yes" } else { "no" }.to_owned(),
        Kind::Money if part("amount").is_empty() => String::new(),
        Kind::Money => format!("{} {}", ungrouped(part("amount")), part("currency")),
        Kind::Estimate(of) => {
            let points = ["low", "likely", "high"].map(part);
            if points.iter().all(|p| p.is_empty()) {
                return String::new();
            }
            let currency =
                if of == EstimateOf::Money { format!(" {}", part("currency")) } else { String::new() };
            points.map(|p| format!("{}{currency}", ungrouped(p))).join(" | ")
        }
        Kind::Links(_) => all().filter(|t| !t.is_empty()).collect::<Vec<_>>().join("|"),
        Kind::Moment => taste.moment_sent(plain()),
        Kind::Int | Kind::Percent => ungrouped(plain()),
        // Browsers send line breaks as two characters; records keep one.
        Kind::Text | Kind::Markdown => plain().replace("\r\n", "\n"),
        Kind::Line
        | Kind::Date
        | Kind::Duration
        | Kind::Choice(_)
        | Kind::Link(_)
        | Kind::Url
        | Kind::File => plain().to_owned(),
    }
}

/// `1,800,000` and `1 800 000` as `1800000`. A comma that does not part groups of three stays, and is refused
/// where figures are read: it may mean something else.
fn ungrouped(text: &str) -> String {
    let text: String = text.chars().filter(|c| !c.is_whitespace()).collect();
    let (whole, part) = text.split_once('.').map_or((text.as_str(), None), |(w, p)| (w, Some(p)));
    let groups: Vec<&str> = whole.split(',').collect();
    let digits = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_digit());
    let fits = groups.len() > 1
        && groups.iter().all(|g| digits(g))
        && groups[0].len() <= 3
        && !groups[0].starts_with('0')
        && groups[1..].iter().all(|g| g.len() == 3);
    if !fits {
        return text;
    }
    let part = part.map(|p| format!(".{p}")).unwrap_or_default();
    format!("{}{part}", groups.concat())
}

#[cfg(test)]
mod tests {
    use super::{texts_of, ungrouped};
    use crate::pages::taste::Taste;
    use wardkeep_register::{EstimateOf, Field, Kind};
    use wardkeep_types::Moment;

    #[test]
    fn only_groups_of_three_are_joined() {
        for (typed, read) in [
            ("1,800,000", "1800000"),
            ("1 800 000.50", "1800000.50"),
            ("12,50", "12,50"),
            ("0,125", "0,125"),
            ("1,80", "1,80"),
            ("", ""),
            ("a,bcd", "a,bcd"),
        ] {
            assert_eq!(ungrouped(typed), read);
        }
    }

    #[test]
    fn fields_of_several_controls_become_one_text() {
        let field = |name, kind| Field::new(name, "", kind);
        let fields = [
            field("loss", Kind::Estimate(EstimateOf::Money)),
            field("cost", Kind::Money),
            field("rate", Kind::Estimate(EstimateOf::PerYear)),
            field("assets", Kind::Links("asset")),
            field("key", Kind::Bool),
            field("at", Kind::Moment),
        ];
        let pairs = [
            ("loss.low", "900 000"),
            ("loss.likely", "1,800,000"),
            ("loss.high", "4000000"),
            ("loss.currency", "EUR"),
            ("cost.amount", ""),
            ("cost.currency", "EUR"),
            ("assets", "AST-0001"),
            ("assets", ""),
            ("assets", "AST-0002 Server"),
            ("at", "2026-01-02T09:00"),
        ];
        let pairs = pairs.map(|(n, v)| (n.to_owned(), v.to_owned()));
        let taste = Taste::new("Europe/Berlin", "ymd", "comma", Moment::EPOCH);
        let texts: Vec<String> =
            texts_of(fields.iter(), &pairs, &taste).into_iter().map(|(_, t)| t).collect();
        assert_eq!(
            texts,
            [
                "900000 EUR | 1800000 EUR | 4000000 EUR",
                "",
                "",
                "AST-0001|AST-0002 Server",
                "no",
                "2026-01-02T08:00:00Z"
            ]
        );
    }
}
