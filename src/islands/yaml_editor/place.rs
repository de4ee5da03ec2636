//! Places in a text: what browsers count in UTF-16 units, people and the server in lines and characters, both from 1.

#![cfg_attr(not(any(test, feature = "hydrate")), expect(dead_code, reason = "only a browser has a caret"))]

/// Line and column of a caret.
pub(super) fn of_caret(text: &str, caret: usize) -> (usize, usize) {
    let (mut line, mut column, mut units) = (1, 1, 0);
    for c in text.chars() {
        if units >= caret {
            break;
        }
        units += c.len_utf16();
        (line, column) = if c == '\n' { (line + 1, 1) } else { (line, column + 1) };
    }
    (line, column)
}

/// The caret of a line and column; the end of the line or of the text where there is no such place.
pub(super) fn caret_of(text: &str, line: usize, column: usize) -> usize {
    let units = |text: &str| text.chars().map(char::len_utf16).sum::<usize>();
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(units).sum();
    let within = text.split('\n').nth(line.saturating_sub(1)).unwrap_or_default();
    before + within.chars().take(column.saturating_sub(1)).map(char::len_utf16).sum::<usize>()
}

/// How many UTF-16 units the last `count` characters before a caret have.
pub(super) fn units_before(text: &str, caret: usize, count: usize) -> usize {
    let (line, column) = of_caret(text, caret);
    caret.saturating_sub(caret_of(text, line, column.saturating_sub(count).max(1)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "a: b\n- 😀é: c\n\nd";

    #[test]
    fn a_place_and_its_caret_are_the_same() {
        for (place, caret) in [((1, 1), 0), ((1, 5), 4), ((2, 1), 5), ((2, 4), 9), ((2, 5), 10), ((3, 1), 14), ((4, 2), 16)] {
            assert_eq!((of_caret(TEXT, caret), caret_of(TEXT, place.0, place.1)), (place, caret));
        }
    }

    #[test]
    fn a_place_that_is_not_there_is_the_nearest_end() {
        assert_eq!((caret_of(TEXT, 1, 99), caret_of(TEXT, 99, 1), of_caret(TEXT, 99)), (4, 16, (4, 2)));
    }

    #[test]
    fn characters_before_a_caret_are_counted_as_browsers_do() {
        assert_eq!((units_before(TEXT, 10, 2), units_before(TEXT, 10, 1), units_before(TEXT, 5, 3)), (3, 1, 0));
    }
}
