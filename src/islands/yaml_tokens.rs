//! Colours YAML line by line while one types: keys, texts, constants, comments, marks. No parser: a line alone says what it
//! is, but for block scalars, whose lines are text. The classes are those of the server's read-only views.

/// A piece of a line, with its class.
type Piece<'a> = (Option<&'static str>, &'a str);

/// Above it a text is not coloured: it is painted anew with every key.
pub const MAX_PAINTED: usize = 64 * 1024;

/// The lines of a text as HTML, each in an element of its own; those of `marked` (from 1) are marked as wrong.
pub fn paint(text: &str, marked: &[usize]) -> String {
    let mut html = String::with_capacity(text.len() * 3);
    let (is_plain, mut block) = (text.len() > MAX_PAINTED, None);
    for (at, line) in text.split('\n').enumerate() {
        html.push_str(if marked.contains(&(at + 1)) { "<span class=\"row wrong\">" } else { "<span class=\"row\">" });
        let pieces = if is_plain { vec![(None, line)] } else { pieces(line, &mut block) };
        for (class, piece) in pieces.into_iter().filter(|(_, piece)| !piece.is_empty()) {
            match class {
                Some(class) => {
                    html.push_str("<span class=\"");
                    html.push_str(class);
                    html.push_str("\">");
                    escape(piece, &mut html);
                    html.push_str("</span>");
                }
                None => escape(piece, &mut html),
            }
        }
        html.push_str("\n</span>");
    }
    html
}

/// The numbers of the lines as HTML, as [`paint`] has the lines.
pub fn numbers(text: &str, marked: &[usize]) -> String {
    let row = |line| match marked.contains(&line) {
        true => format!("<span class=\"row wrong\">{line}\n</span>"),
        false => format!("<span class=\"row\">{line}\n</span>"),
    };
    (1..=text.split('\n').count()).map(row).collect()
}

/// One line. `block` is the indentation of the key whose block scalar the line may belong to.
fn pieces<'a>(line: &'a str, block: &mut Option<usize>) -> Vec<Piece<'a>> {
    let indent = line.len() - line.trim_start().len();
    if let Some(of) = *block {
        if indent > of || line.trim().is_empty() {
            return vec![(Some("y-text"), line)];
        }
        *block = None;
    }
    let mut pieces = vec![(None, &line[..indent])];
    let mut rest = &line[indent..];
    if matches!(rest.trim_end(), "---" | "...") {
        pieces.push((Some("y-mark"), rest));
        return pieces;
    }
    while let Some(item) = rest.strip_prefix("- ").map(|_| 2).or((rest == "-").then_some(1)) {
        let width = item + rest[item..].len() - rest[item..].trim_start().len();
        pieces.push((Some("y-mark"), &rest[..width]));
        rest = &rest[width..];
    }
    if let Some(end) = key_end(rest) {
        pieces.push((Some("y-key"), &rest[..end]));
        pieces.push((Some("y-mark"), &rest[end..=end]));
        rest = &rest[end + 1..];
        if rest.trim_start().starts_with(['|', '>']) {
            *block = Some(indent);
        }
    }
    value(rest, &mut pieces);
    pieces
}

/// Where the colon after a key stands: one that a blank or the line's end follows, before any quote or comment.
fn key_end(rest: &str) -> Option<usize> {
    let from = match rest.chars().next()? {
        quote @ ('"' | '\'') => rest[1..].find(quote)? + 2,
        '#' | '[' | '{' => return None,
        _ => 0,
    };
    let end = from + rest[from..].find(':')?;
    let ends = rest[end + 1..].is_empty() || rest[end + 1..].starts_with([' ', '\t', '\r']);
    (ends && !rest[from..end].contains(" #")).then_some(end)
}

/// What stands after a key: a value, then perhaps a comment.
fn value<'a>(rest: &'a str, pieces: &mut Vec<Piece<'a>>) {
    let comment = comment_start(rest).unwrap_or(rest.len());
    let (value, comment) = rest.split_at(comment);
    let (trimmed, lead) = (value.trim(), value.len() - value.trim_start().len());
    pieces.push((None, &value[..lead]));
    pieces.push((class_of(trimmed), &value[lead..lead + trimmed.len()]));
    pieces.push((None, &value[lead + trimmed.len()..]));
    pieces.push((Some("y-comment"), comment));
}

fn comment_start(rest: &str) -> Option<usize> {
    let mut quote = None;
    let mut before = ' ';
    for (at, c) in rest.char_indices() {
        match (quote, c) {
            (None, '#') if before.is_whitespace() => return Some(at),
            (None, '"' | '\'') if before.is_whitespace() || matches!(before, '[' | '{' | ',') => quote = Some(c),
            (Some(open), c) if open == c && before != '\\' => quote = None,
            _ => {}
        }
        before = c;
    }
    None
}

fn class_of(value: &str) -> Option<&'static str> {
    let is_constant = matches!(value, "true" | "false" | "null" | "~") || value.parse::<f64>().is_ok();
    match value.chars().next()? {
        _ if is_constant => Some("y-constant"),
        '"' | '\'' => Some("y-text"),
        '&' | '*' | '!' | '|' | '>' | '[' | ']' | '{' | '}' | '-' => Some("y-mark"),
        _ => None,
    }
}

fn escape(text: &str, html: &mut String) {
    for c in text.chars() {
        match c {
            '<' => html.push_str("&lt;"),
            '>' => html.push_str("&gt;"),
            '&' => html.push_str("&amp;"),
            c => html.push(c),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(line: &str) -> Vec<(&'static str, &str)> {
        pieces(line, &mut None)
            .into_iter()
            .filter_map(|(class, piece)| Some((class?, piece)))
            .filter(|(_, piece)| !piece.is_empty())
            .collect()
    }

    #[test]
    fn a_line_is_told_apart() {
        assert_eq!(
            told("  - name: \"a: # b\" # c"),
            [("y-mark", "- "), ("y-key", "name"), ("y-mark", ":"), ("y-text", "\"a: # b\""), ("y-comment", "# c")]
        );
        assert_eq!(told("version: 0.1"), [("y-key", "version"), ("y-mark", ":"), ("y-constant", "0.1")]);
        assert_eq!(told("# a: b"), [("y-comment", "# a: b")]);
        assert_eq!(told("http://x/y"), []);
        assert_eq!(told("'a b': *x"), [("y-key", "'a b'"), ("y-mark", ":"), ("y-mark", "*x")]);
        assert_eq!(told("- - 1"), [("y-mark", "- "), ("y-mark", "- "), ("y-constant", "1")]);
    }

    #[test]
    fn lines_of_a_block_scalar_are_text() {
        let html = paint("a: |\n  b: 1\n\n  c\nd: 2", &[]);
        assert_eq!(html.matches("y-key").count(), 2, "{html}");
    }

    #[test]
    fn no_character_is_lost_and_none_becomes_markup() {
        let odd =
            ["", "\n", "a:", "- ", "\"", "'é: ü'", "a: 'x\\' # y", "<b>&: \"<i>\"", "\t-\t", "\u{feff}k: v\r", "日本: 語 # 漢", "-", ": :"];
        let long = "k: v\n".repeat(20_000);
        for text in odd.into_iter().chain([long.as_str()]) {
            let html = paint(text, &[1]);
            let plain: String = html.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text)).collect();
            let plain = plain.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
            assert_eq!(plain, format!("{text}\n"), "{html}");
            assert!(!html.contains("<b>") && !html.contains("<i>"), "{html}");
        }
    }

    #[test]
    fn marked_lines_are_marked_in_both_columns() {
        assert_eq!(numbers("a\nb", &[2]), "<span class=\"row\">1\n</span><span class=\"row wrong\">2\n</span>");
        assert_eq!(paint("\n", &[2]), "<span class=\"row\">\n</span><span class=\"row wrong\">\n</span>");
    }
}
