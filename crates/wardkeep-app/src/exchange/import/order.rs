//! The order in which rows are written, so that rows come after the rows they point to.

/// Rows in writing order: each after the rows it points to, in the file's order as far as that allows. Rows of a
/// circle stand together.
pub(super) fn order(points_to: &[Vec<usize>]) -> Vec<usize> {
    let mut sequence = Vec::with_capacity(points_to.len());
    let mut seen = vec![false; points_to.len()];
    for start in 0..points_to.len() {
        // Rows may point in chains as long as the file, so the walk keeps its own stack.
        let mut stack = Vec::new();
        if !std::mem::replace(&mut seen[start], true) {
            stack.push((start, 0_usize));
        }
        while let Some((row, next)) = stack.pop() {
            let Some(&target) = points_to[row].get(next) else {
                sequence.push(row);
                continue;
            };
            stack.push((row, next + 1));
            if !std::mem::replace(&mut seen[target], true) {
                stack.push((target, 0));
            }
        }
    }
    sequence
}

#[cfg(test)]
mod tests {
    use super::order;

    #[test]
    fn rows_come_after_what_they_point_to() {
        assert_eq!(order(&[vec![2], vec![], vec![3], vec![], vec![4]]), [3, 2, 0, 1, 4]);
        assert_eq!(order(&[vec![1], vec![0], vec![]]), [1, 0, 2]);
        let chain: Vec<Vec<usize>> =
            (0..100_000).map(|i| if i + 1 < 100_000 { vec![i + 1] } else { vec![] }).collect();
        assert_eq!(order(&chain)[0], 99_999);
    }
}
