//! Lines of a text: where they begin and end, and a line more. Line breaks are LF or CRLF, as the text has them.

/// The line break of a text.
pub(super) fn line_break(text: &str) -> &'static str {
    if text.contains("\r\n") { "\r\n" } else { "\n" }
}

/// Where the line of a byte begins.
pub(super) fn start(text: &str, at: usize) -> usize {
    text[..at].rfind('\n').map_or(0, |i| i + 1)
}

/// Where the line that a piece ends in is over, its line break included. A block scalar ends with its line already.
pub(super) fn end(text: &str, at: usize) -> usize {
    if text[..at].ends_with('\n') {
        return at;
    }
    text[at..].find('\n').map_or(text.len(), |i| at + i + 1)
}

/// As many blanks as the text is long.
pub(super) fn blank(text: &str) -> String {
    text.chars().map(|_| ' ').collect()
}

/// The text with lines after the one in which a piece ends.
pub(super) fn insert_after(text: &str, piece_end: usize, lines: &[String]) -> String {
    let (at, line_break) = (end(text, piece_end), line_break(text));
    let lines = lines.join(line_break);
    if text[..at].ends_with('\n') {
        format!("{}{lines}{line_break}{}", &text[..at], &text[at..])
    } else {
        format!("{}{line_break}{lines}{}", &text[..at], &text[at..])
    }
}

/// The dash of the list item that starts at a byte: on its line, or alone on one before.
pub(super) fn dash_before(text: &str, item: usize) -> Option<usize> {
    let before = text[..item].trim_end_matches([' ', '\n', '\r']);
    let dash = before.strip_suffix('-')?.len();
    text[start(text, dash)..dash].bytes().all(|b| b == b' ').then_some(dash)
}
