//! How deep the brackets of a text are nested, before a parser that recurses sees it.

use crate::domain::endpoints::node::Position;

/// Brackets are nested at most this deep.
pub(super) const MAX: usize = 64;

/// Where the brackets go past [`MAX`]. Those in strings and in comments, which begin with `comment`, do not count.
pub(super) fn too_deep(text: &str, comment: &str) -> Option<Position> {
    let (mut depth, mut at) = (0_usize, 0);
    while let Some(&byte) = text.as_bytes().get(at) {
        let rest = &text.as_bytes()[at..];
        let length = match byte {
            _ if rest.starts_with(comment.as_bytes()) => until(rest, b"\n", 0),
            b'/' if comment == "//" && rest.starts_with(b"/*") => until(rest, b"*/", 2),
            b'"' if rest.starts_with(b"\"\"\"") => until(rest, b"\"\"\"", 3),
            b'"' => string(rest),
            b'\'' if comment == "//" => string(rest),
            b'{' | b'[' | b'(' => {
                depth += 1;
                1
            }
            b'}' | b']' | b')' => {
                depth = depth.saturating_sub(1);
                1
            }
            _ => 1,
        };
        if depth > MAX {
            return Some(position(text, at));
        }
        at += length;
    }
    None
}

/// Line and column of a byte.
pub(super) fn position(text: &str, at: usize) -> Position {
    let before = &text.as_bytes()[..at.min(text.len())];
    let line_start = before.iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
    let column = before[line_start..].iter().filter(|b| !matches!(b, 0x80..=0xbf)).count() + 1;
    Position { line: before.iter().filter(|b| **b == b'\n').count() + 1, column }
}

/// Bytes up to and with an end, which is looked for from `from` on; all if there is none.
fn until(rest: &[u8], end: &[u8], from: usize) -> usize {
    rest[from..].windows(end.len()).position(|found| found == end).map_or(rest.len(), |i| from + i + end.len())
}

/// Bytes of a string on one line, with its quotes.
fn string(rest: &[u8]) -> usize {
    let mut end = 1;
    while let Some(byte) = rest.get(end) {
        match byte {
            b'\\' => end += 2,
            b'\n' => return end,
            byte if *byte == rest[0] => return end + 1,
            _ => end += 1,
        }
    }
    end
}
