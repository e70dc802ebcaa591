//! CSV rows of other tools: blank lines, comment lines and human numbers.

use wardkeep_types::{Problem, limits};

/// A row and its line in the file.
pub(super) struct Row {
    pub line: u64,
    pub cells: Vec<String>,
}

/// Header and rows; lines that begin with `#` and blank lines are passed over.
pub(super) fn rows(text: &str, file: &str) -> Result<(Vec<String>, Vec<Row>), Problem> {
    if text.len() as u64 > limits::DOCUMENT_BYTES {
        let message = format!("the file has {} bytes, the limit is {}", text.len(), limits::DOCUMENT_BYTES);
        return Err(Problem::new(file, "too_large", message).hint("Split the file."));
    }
    let mut reader = csv::ReaderBuilder::new()
        .comment(Some(b'#'))
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let unreadable = |error: &csv::Error| {
        let line = error.position().map_or(1, csv::Position::line);
        Problem::new(format!("{file}:{line}"), "unreadable", error.to_string())
            .hint("Save the file as CSV again.")
    };
    let header = reader.headers().map_err(|e| unreadable(&e))?.iter().map(str::to_lowercase).collect();
    let mut out = Vec::new();
    for record in reader.records() {
        let record = record.map_err(|e| unreadable(&e))?;
        let line = record.position().map_or(0, csv::Position::line);
        out.push(Row { line, cells: record.iter().map(str::to_owned).collect() });
    }
    Ok((header, out))
}

/// Where the named columns are.
pub(super) fn columns<const N: usize>(
    header: &[String],
    names: [&str; N],
    file: &str,
) -> Result<[usize; N], Problem> {
    let mut out = [0; N];
    for (slot, name) in out.iter_mut().zip(names) {
        *slot = header.iter().position(|h| h == name).ok_or_else(|| {
            Problem::new(format!("{file}:1"), "column", format!("column '{name}' is missing"))
                .hint("Add the column, or rename the one that holds it.")
        })?;
    }
    Ok(out)
}

/// A number as people write it: `12%` is 0.12, `$8,000` is 8000, `.10` is 0.1.
pub fn number(text: &str) -> Option<f64> {
    let bare: String = text.trim().chars().filter(|c| !matches!(c, ',' | '$' | '€' | ' ' | '_')).collect();
    let (bare, scale) = bare.strip_suffix('%').map_or((bare.as_str(), 1.0), |b| (b, 0.01));
    if bare.is_empty()
        || !bare.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-' | 'e' | 'E' | '+'))
    {
        return None;
    }
    bare.parse::<f64>().ok().filter(|x| x.is_finite()).map(|x| x * scale)
}
