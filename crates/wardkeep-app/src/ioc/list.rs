//! Lists of indicators as files: one value a line, or a table with a column for values.

use wardkeep_types::Problem;
use wardkeep_types::ioc::IocKind;

/// A value of a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IocLine {
    /// Line in the file, from 1.
    pub line: u64,
    /// The value as it stands there.
    pub text: String,
    /// What the list says it is.
    pub kind: Option<IocKind>,
    /// What the list says about it.
    pub note: String,
}

/// A value with its kind and in normal form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IocRow {
    /// Line in the file.
    pub line: u64,
    /// What it is.
    pub kind: IocKind,
    /// Its normal form.
    pub normal: String,
    /// What the list says about it.
    pub note: String,
}

/// Names of the column in which values stand.
const VALUES: [&str; 9] =
    ["value", "indicator", "ioc", "ioc_value", "observable", "domain", "url", "ip", "hash"];
const KINDS: [&str; 3] = ["type", "kind", "ioc_type"];
const NOTES: [&str; 4] = ["note", "comment", "description", "malware"];

/// Reads a list. Blank lines and lines that begin with `#`, `//` or `;` are passed over, and what follows ` #` on a line.
pub fn read_list(text: &str) -> Vec<IocLine> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let head = text.lines().find(|line| !is_comment(line)).unwrap_or_default();
    let mark = [',', ';', '\t'].into_iter().find(|mark| head.contains(*mark));
    let names: Vec<String> = mark.map_or_else(Vec::new, |mark| {
        head.split(mark).map(|name| name.trim().trim_matches('"').to_lowercase().replace(' ', "_")).collect()
    });
    let column = |known: &[&str]| names.iter().position(|name| known.contains(&name.as_str()));
    match (mark, column(&VALUES)) {
        (Some(mark), Some(value)) => table(text, mark, value, column(&KINDS), column(&NOTES)),
        _ => plain(text),
    }
}

fn is_comment(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line.starts_with(['#', ';']) || line.starts_with("//")
}

fn plain(text: &str) -> Vec<IocLine> {
    let one = |(number, line): (usize, &str)| {
        let text = line.split(" #").next().unwrap_or_default().trim();
        let alone = VALUES.contains(&text.to_lowercase().as_str());
        (!is_comment(line) && !alone).then(|| IocLine {
            line: number as u64 + 1,
            text: text.to_owned(),
            kind: None,
            note: String::new(),
        })
    };
    text.lines().enumerate().filter_map(one).collect()
}

fn table(text: &str, mark: char, value: usize, kind: Option<usize>, note: Option<usize>) -> Vec<IocLine> {
    let mut reader = csv::ReaderBuilder::new()
        .delimiter(mark as u8)
        .comment(Some(b'#'))
        .flexible(true)
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes());
    let mut lines = Vec::new();
    for record in reader.records() {
        // What is no row of a table is told by the line that it stands on.
        let (line, cell): (u64, Box<dyn Fn(usize) -> String>) = match &record {
            Ok(row) => (
                row.position().map_or(0, csv::Position::line),
                Box::new(|at| row.get(at).unwrap_or_default().to_owned()),
            ),
            Err(error) => (
                error.position().map_or(0, csv::Position::line),
                Box::new(|at| if at == value { error.to_string() } else { String::new() }),
            ),
        };
        let text = cell(value);
        if !text.is_empty() {
            let kind = kind.and_then(|at| kind_named(&cell(at)));
            lines.push(IocLine { line, text, kind, note: note.map(&cell).unwrap_or_default() });
        }
    }
    lines
}

/// The kind that a list names in its own words.
fn kind_named(text: &str) -> Option<IocKind> {
    let text = text.to_lowercase().replace(['-', '_', ' '], "");
    Some(match text.as_str() {
        "ip" | "ipv4" | "ipv6" | "ipaddress" | "ipdst" | "ipsrc" | "cidr" | "ipv4addr" | "ipv6addr" => {
            IocKind::Ip
        }
        "domain" | "hostname" | "host" | "fqdn" | "domainname" => IocKind::Domain,
        "url" | "uri" | "link" => IocKind::Url,
        "md5" | "md5hash" | "filehashmd5" => IocKind::Md5,
        "sha1" | "sha1hash" | "filehashsha1" => IocKind::Sha1,
        "sha256" | "sha256hash" | "filehashsha256" => IocKind::Sha256,
        "mail" | "email" | "emailaddr" | "emailsrc" | "emailaddress" => IocKind::Mail,
        _ => return None,
    })
}

impl IocLine {
    /// The value with its kind: as `kind` says for all, else as the list says, else by its form.
    pub fn read(&self, file: &str, kind: Option<IocKind>) -> Result<IocRow, Problem> {
        let place = format!("{file}:{}", self.line);
        let kind = kind.or(self.kind).or_else(|| IocKind::guess(&self.text));
        let shown: String = self.text.chars().take(80).collect();
        let Some(kind) = kind else {
            let text = format!("'{shown}' is no address, name, hash or mail address");
            return Err(Problem::new(place, "unknown_ioc", text).hint("mend the line, or leave it out"));
        };
        match kind.normal(&self.text) {
            Ok(normal)
                if kind.defanged(&normal).chars().count() <= wardkeep_types::limits::LINE_CHARACTERS =>
            {
                Ok(IocRow { line: self.line, kind, normal, note: self.note.clone() })
            }
            Ok(_) => {
                let most = wardkeep_types::limits::LINE_CHARACTERS;
                let text = format!("'{shown}...' is longer than {most} characters");
                Err(Problem::new(place, "too_long", text).hint("take its host name instead"))
            }
            Err(error) => Err(Problem::new(place, "wrong_ioc", format!("'{shown}': {error}"))
                .hint("mend the line, or name another type")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{IocKind, read_list};

    #[test]
    fn plain_lists_and_tables_are_read() {
        let plain = "\u{feff}# bad ones\nindicator\n198.51.100[.]7 # seen twice\n\nhxxp://evil[.]example/a;b\n// no\n";
        let lines: Vec<(u64, String)> = read_list(plain).into_iter().map(|l| (l.line, l.text)).collect();
        assert_eq!(lines, [(3, "198.51.100[.]7".to_owned()), (5, "hxxp://evil[.]example/a;b".to_owned())]);
        let table = "# feed\nfirst_seen,ioc_type,ioc_value,comment\n2026-01-01,ip-dst,198.51.100.7,\"seen, twice\"\n2026-01-01,what,evil.example,\n2026-01-01,url,,\n";
        let lines = read_list(table);
        assert_eq!(lines.len(), 2);
        assert_eq!((lines[0].line, lines[0].kind, &*lines[0].note), (3, Some(IocKind::Ip), "seen, twice"));
        let row = lines[1].read("feed.csv", None).unwrap();
        assert_eq!((row.kind, &*row.normal), (IocKind::Domain, "evil.example"));
    }

    #[test]
    fn what_is_none_is_told_with_its_line() {
        let lines = read_list("198.51.100.7\nnonsense\nhttp://evil.example/".to_owned().as_str());
        let problem = lines[1].read("list.txt", None).unwrap_err();
        assert_eq!((problem.path.as_str(), problem.code.as_ref()), ("list.txt:2", "unknown_ioc"));
        let problem = lines[2].read("list.txt", Some(IocKind::Ip)).unwrap_err();
        assert_eq!((problem.path.as_str(), problem.code.as_ref()), ("list.txt:3", "wrong_ioc"));
        let long = read_list(&format!("http://evil.example/{}", "a".repeat(300)));
        assert_eq!(long[0].read("list.txt", None).unwrap_err().code, "too_long");
    }
}
