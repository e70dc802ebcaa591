//! What an update changed in a rule's text, line by line.

/// A line of two texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DiffLine {
    /// In both.
    Same(String),
    /// Only in the older one.
    Gone(String),
    /// Only in the newer one.
    New(String),
}

/// Lines compared at most; the rest of a longer text counts as replaced.
const MOST: usize = 1_500;

/// The lines of both texts in order, by their longest common sequence.
pub fn diff(before: &str, after: &str) -> Vec<DiffLine> {
    let (old, new): (Vec<&str>, Vec<&str>) = (before.lines().collect(), after.lines().collect());
    let head = old.iter().zip(&new).take_while(|(a, b)| a == b).count();
    let most = (old.len() - head).min(new.len() - head);
    let tail = (0..most).take_while(|n| old[old.len() - 1 - n] == new[new.len() - 1 - n]).count();
    let (a, b) = (&old[head..old.len() - tail], &new[head..new.len() - tail]);
    let same = |lines: &[&str]| lines.iter().map(|l| DiffLine::Same((*l).to_owned())).collect::<Vec<_>>();
    let mut all = same(&old[..head]);
    if a.len() > MOST || b.len() > MOST {
        all.extend(a.iter().map(|l| DiffLine::Gone((*l).to_owned())));
        all.extend(b.iter().map(|l| DiffLine::New((*l).to_owned())));
    } else {
        middle(a, b, &mut all);
    }
    all.extend(same(&old[old.len() - tail..]));
    all
}

fn middle(a: &[&str], b: &[&str], all: &mut Vec<DiffLine>) {
    let width = b.len() + 1;
    // longest[i][j]: length of the longest common sequence of a[i..] and b[j..].
    let mut longest = vec![0_u16; (a.len() + 1) * width];
    for i in (0..a.len()).rev() {
        for j in (0..b.len()).rev() {
            longest[i * width + j] = if a[i] == b[j] {
                longest[(i + 1) * width + j + 1] + 1
            } else {
                longest[(i + 1) * width + j].max(longest[i * width + j + 1])
            };
        }
    }
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        if i < a.len() && j < b.len() && a[i] == b[j] {
            all.push(DiffLine::Same(a[i].to_owned()));
            (i, j) = (i + 1, j + 1);
        } else if j == b.len() || (i < a.len() && longest[(i + 1) * width + j] >= longest[i * width + j + 1])
        {
            all.push(DiffLine::Gone(a[i].to_owned()));
            i += 1;
        } else {
            all.push(DiffLine::New(b[j].to_owned()));
            j += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{DiffLine, diff};

    #[test]
    fn applying_a_difference_gives_the_other_text() {
        let texts = ["", "a", "a\nb\nc", "a\nx\nc", "b\nc\nd\ne", "e\nd\nc\nb\na", "a\nb\nb\na"];
        for before in texts {
            for after in texts {
                let lines = diff(before, after);
                let kept = |skip: fn(&DiffLine) -> bool| {
                    let text = |line: &DiffLine| match line {
                        DiffLine::Same(t) | DiffLine::Gone(t) | DiffLine::New(t) => t.clone(),
                    };
                    lines.iter().filter(|l| !skip(l)).map(text).collect::<Vec<_>>().join("\n")
                };
                assert_eq!(kept(|l| matches!(l, DiffLine::New(_))), before);
                assert_eq!(kept(|l| matches!(l, DiffLine::Gone(_))), after);
            }
        }
        let changes = diff("a\nb\nc", "a\nx\nc");
        assert_eq!(changes.iter().filter(|l| matches!(l, DiffLine::Same(_))).count(), 2);
    }
}
