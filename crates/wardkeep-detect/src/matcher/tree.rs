//! A rule's logic over numbered atoms.

/// A condition over the atoms of a plan.
#[derive(Debug, Clone)]
pub(crate) enum Tree {
    /// All hold.
    All(Box<[Tree]>),
    /// At least one holds.
    Any(Box<[Tree]>),
    /// At least so many hold.
    AtLeast(usize, Box<[Tree]>),
    /// It does not hold.
    Not(Box<Tree>),
    /// An atom that the automata decide.
    Atom(u32),
    /// An atom that must be asked of the whole event.
    Direct(u32),
}

impl Tree {
    /// Whether it holds. `atom` knows the decided atoms; `direct` may say that it cannot tell, and then the answer
    /// is `None` where it matters.
    pub(crate) fn holds(
        &self,
        atom: &impl Fn(u32) -> bool,
        direct: &mut dyn FnMut(u32) -> Option<bool>,
    ) -> Option<bool> {
        match self {
            Self::Atom(at) => Some(atom(*at)),
            Self::Direct(at) => direct(*at),
            Self::Not(part) => part.holds(atom, direct).map(|holds| !holds),
            Self::All(parts) => {
                let mut sure = true;
                for part in parts {
                    match part.holds(atom, direct) {
                        Some(false) => return Some(false),
                        Some(true) => {}
                        None => sure = false,
                    }
                }
                sure.then_some(true)
            }
            Self::Any(parts) => {
                let mut sure = true;
                for part in parts {
                    match part.holds(atom, direct) {
                        Some(true) => return Some(true),
                        Some(false) => {}
                        None => sure = false,
                    }
                }
                sure.then_some(false)
            }
            Self::AtLeast(count, parts) => {
                let (mut there, mut unsure) = (0, 0);
                for part in parts {
                    match part.holds(atom, direct) {
                        Some(true) => there += 1,
                        Some(false) => {}
                        None => unsure += 1,
                    }
                }
                if there >= *count {
                    Some(true)
                } else if there + unsure < *count {
                    Some(false)
                } else {
                    None
                }
            }
        }
    }
    /// The same with other numbers.
    pub(super) fn map(&self, atom: &mut impl FnMut(u32) -> u32, direct: &mut impl FnMut(u32) -> u32) -> Self {
        let mut all = |parts: &[Self]| parts.iter().map(|part| part.map(atom, direct)).collect();
        match self {
            Self::All(parts) => Self::All(all(parts)),
            Self::Any(parts) => Self::Any(all(parts)),
            Self::AtLeast(count, parts) => Self::AtLeast(*count, all(parts)),
            Self::Not(part) => Self::Not(Box::new(part.map(atom, direct))),
            Self::Atom(at) => Self::Atom(atom(*at)),
            Self::Direct(at) => Self::Direct(direct(*at)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Tree;

    #[test]
    fn what_cannot_be_told_matters_only_where_it_decides() {
        let atom = |at: u32| at == 1;
        let check = |tree: Tree, expect: Option<bool>| {
            assert_eq!(tree.holds(&atom, &mut |_| None), expect, "{tree:?}");
        };
        let two =
            |join: fn(Box<[Tree]>) -> Tree, known: u32| join(Box::new([Tree::Direct(0), Tree::Atom(known)]));
        check(two(Tree::All, 0), Some(false));
        check(two(Tree::All, 1), None);
        check(two(Tree::Any, 1), Some(true));
        check(two(Tree::Any, 0), None);
        check(Tree::Not(Box::new(two(Tree::All, 0))), Some(true));
        check(Tree::AtLeast(2, Box::new([Tree::Atom(1), Tree::Direct(0), Tree::Atom(0)])), None);
        check(Tree::AtLeast(3, Box::new([Tree::Atom(0), Tree::Direct(0), Tree::Atom(1)])), Some(false));
    }
}
