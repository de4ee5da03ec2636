//! "Did you mean ...?": the known word that is nearest to a mistyped one.

/// Words further apart than this many edits are not taken for a slip of the keys.
const MAX_EDITS: usize = 2;

/// The known word that `word` was probably meant to be.
pub(super) fn closest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    if word.chars().count() > 32 {
        return None;
    }
    let word = word.to_lowercase();
    let (edits, nearest) = known.iter().map(|&candidate| (edits(&word, &candidate.to_lowercase()), candidate)).min()?;
    (edits <= MAX_EDITS && edits < nearest.len() / 2).then_some(nearest)
}

/// The optimal string alignment distance: insertions, deletions, replacements and swapped neighbours that make one word
/// of the other.
fn edits(from: &str, to: &str) -> usize {
    let (from, to): (Vec<char>, Vec<char>) = (from.chars().collect(), to.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=to.len()).collect()];
    for (i, a) in from.iter().enumerate() {
        let mut row = vec![i + 1];
        for (j, b) in to.iter().enumerate() {
            let replaced = rows[i][j] + usize::from(a != b);
            let mut fewest = replaced.min(row[j] + 1).min(rows[i][j + 1] + 1);
            if i > 0 && j > 0 && *a == to[j - 1] && from[i - 1] == *b {
                fewest = fewest.min(rows[i - 1][j - 1] + 1);
            }
            row.push(fewest);
        }
        rows.push(row);
    }
    rows[from.len()][to.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_are_recognized() {
        let known = ["name", "displayName", "port", "type", "networkVisibility"];
        assert_eq!(closest("Port", &known), Some("port"));
        assert_eq!(closest("prt", &known), Some("port"));
        assert_eq!(closest("display_name", &known), Some("displayName"));
        assert_eq!(closest("networkVisibilty", &known), Some("networkVisibility"));
        assert_eq!(closest("nmae", &known), Some("name"));
        assert_eq!(closest("protocol", &known), None);
        assert_eq!(closest("", &known), None);
    }
}
