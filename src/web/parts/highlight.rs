//! YAML to read, in colours: by classes, as the content policy allows no inline style. Owns no colours: style/parts.css has them.

use std::sync::LazyLock;

use leptos::prelude::*;
use syntect::{
    parsing::{ParseState, ScopeStack, SyntaxSet},
    util::LinesWithEndings,
};

/// Longer texts are shown plain: colouring is the most work of a page.
const MAX_BYTES: usize = 64 * 1024;
/// A longer line is shown plain: the syntax is regular expressions.
const MAX_LINE: usize = 2 * 1024;

static SYNTAXES: LazyLock<SyntaxSet> = LazyLock::new(two_face::syntax::extra_newlines);

/// Reads the syntaxes, which takes a moment, before the first page needs them.
pub fn warm_up() {
    LazyLock::force(&SYNTAXES);
}

/// A read-only view of YAML.
#[component]
pub fn Highlighted(#[prop(into)] text: String) -> impl IntoView {
    view! { <pre class="code yaml" tabindex="0" role="group" aria-label="YAML">{highlight_yaml(&text)}</pre> }
}

/// The text with what each piece is: keys, texts, numbers and other constants, comments, marks. Above 64 KiB it is plain.
pub fn highlight_yaml(text: &str) -> AnyView {
    pieces(text)
        .into_iter()
        .map(|(class, piece)| match class {
            Some(class) => view! { <span class=class>{piece}</span> }.into_any(),
            None => piece.into_any(),
        })
        .collect_view()
        .into_any()
}

/// Neighbours of one class are one piece.
fn pieces(text: &str) -> Vec<(Option<&'static str>, String)> {
    let long = text.len() > MAX_BYTES || text.lines().any(|line| line.len() > MAX_LINE);
    let syntax = SYNTAXES.find_syntax_by_extension("yaml").filter(|_| !long);
    let Some(syntax) = syntax else { return vec![(None, text.to_owned())] };
    let (mut state, mut stack, mut pieces) = (ParseState::new(syntax), ScopeStack::new(), Vec::new());
    for line in LinesWithEndings::from(text) {
        // A line that the syntax can't read stays plain; it is never lost.
        let ops = state.parse_line(line, &SYNTAXES).unwrap_or_default();
        let mut from = 0;
        for (at, op) in ops {
            add(&mut pieces, &stack, &line[from..at]);
            from = at;
            let _ = stack.apply(&op);
        }
        add(&mut pieces, &stack, &line[from..]);
    }
    pieces
}

fn add(pieces: &mut Vec<(Option<&'static str>, String)>, stack: &ScopeStack, text: &str) {
    if text.is_empty() {
        return;
    }
    let class = if text.trim().is_empty() { None } else { class_of(stack) };
    match pieces.last_mut() {
        Some((last, piece)) if *last == class => piece.push_str(text),
        _ => pieces.push((class, text.to_owned())),
    }
}

/// The innermost scope that says something; the editor's own tokens have the same classes.
fn class_of(stack: &ScopeStack) -> Option<&'static str> {
    stack.as_slice().iter().rev().find_map(|scope| {
        let scope = scope.build_string();
        let is = |prefix: &str| scope.starts_with(prefix);
        if is("punctuation.separator.decimal") {
            None // of a number
        } else if is("comment") || is("punctuation.definition.comment") {
            Some("y-comment")
        } else if is("entity.name.tag") {
            Some("y-key")
        } else if is("constant") {
            Some("y-constant")
        } else if is("entity.name.other.anchor") || is("variable.other.alias") || is("storage") {
            Some("y-mark")
        } else if is("punctuation.definition.string") || is("string.quoted") {
            Some("y-text")
        } else if is("punctuation") || is("keyword") {
            Some("y-mark")
        } else {
            None
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(text: &str) -> String {
        let text = text.to_owned();
        Owner::new().with(|| view! { <Highlighted text=text/> }.to_html())
    }

    fn of_class<'a>(pieces: &'a [(Option<&str>, String)], class: &str) -> Vec<&'a str> {
        pieces.iter().filter(|(of, _)| *of == Some(class)).map(|(_, piece)| piece.trim()).collect()
    }

    #[test]
    fn keys_texts_constants_and_comments_are_told_apart() {
        let pieces = pieces("# The greeter\nversion: 0.1\nname: \"Greeter API\"\nok: true\n");
        assert_eq!(of_class(&pieces, "y-key"), ["version", "name", "ok"], "{pieces:?}");
        assert_eq!(of_class(&pieces, "y-constant"), ["0.1", "true"], "{pieces:?}");
        assert_eq!(of_class(&pieces, "y-text"), ["\"Greeter API\""], "{pieces:?}");
        assert_eq!(of_class(&pieces, "y-comment"), ["# The greeter"], "{pieces:?}");
    }

    #[test]
    fn no_character_is_lost_whatever_the_text() {
        let long = "a: b\n".repeat(20_000);
        let wide = format!("a: [{}]\n", "x, ".repeat(2_000));
        for text in ["", "a", "a:\r\n  - &x <b>\n", "\u{feff}: {[\n'\n\"", long.as_str(), wide.as_str()] {
            assert_eq!(pieces(text).into_iter().map(|(_, piece)| piece).collect::<String>(), text);
        }
        assert_eq!(pieces(&long).len(), 1, "plain");
        assert_eq!(pieces(&wide).len(), 1, "plain");
    }

    #[test]
    fn text_is_inert_and_carries_no_style() {
        let shown = html("a: '</pre><script>'\n");
        assert!(!shown.contains("<script") && !shown.contains("style="), "{shown}");
    }
}
