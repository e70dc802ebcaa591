//! Marks that an export leaves where it cannot say what stands there, and that an import understands as "leave
//! this as it is".

/// Stands for a value that the exporter may not read.
pub(crate) const MASKED: &str = "(confidential)";
/// Ends a text that was longer than a cell of a workbook may be.
pub(crate) const CUT: &str = "[cut here: a cell holds no more; take CSV or JSON lines]";
/// Begins the row of a template that explains its columns.
pub(crate) const HELP: &str = "#help";
/// Stands for records that the exporter may not see.
pub(crate) const HIDDEN: &str = "(not visible)";

/// Most characters that a cell of a workbook holds.
pub(crate) const CELL_CHARACTERS: usize = 32_000;

/// A cell made safe for spreadsheets: what would be run as a formula gets an apostrophe before it
/// (`specs/assurance.md` IM-4). A text that already begins with apostrophes before such a sign gets one more, so
/// that reading takes off exactly what writing put on.
pub(crate) fn protected(text: &str) -> std::borrow::Cow<'_, str> {
    if runs(text) { format!("'{text}").into() } else { text.into() }
}

/// A cell of a workbook, which is stored as text and never run: only what reading would strip is protected.
pub(crate) fn shielded(text: &str) -> std::borrow::Cow<'_, str> {
    if text.starts_with('\'') && runs(text) { format!("'{text}").into() } else { text.into() }
}

fn runs(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(['=', '+', '-', '@', '\t', '\r'])
}

#[cfg(test)]
mod tests {
    use super::{protected, shielded};

    #[test]
    fn formulas_get_an_apostrophe_and_only_formulas() {
        for text in ["=1+1", "+49 30", "-5 EUR", "@x", "'=1", "''=1"] {
            assert_eq!(protected(text), format!("'{text}"));
        }
        for text in ["", "'tis", "a=b", "'"] {
            assert_eq!(protected(text), text);
        }
        assert_eq!(shielded("=1"), "=1");
        assert_eq!(shielded("'=1"), "''=1");
    }
}
