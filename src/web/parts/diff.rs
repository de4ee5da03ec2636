//! The difference of two texts, line by line. Escapes both; colours are never the only sign.

use std::time::Duration;

use leptos::prelude::*;
use similar::{Change, ChangeTag, TextDiff};

/// Unchanged lines around a change.
const CONTEXT: usize = 3;
/// Past it the difference is told in larger pieces than it has to be.
const PATIENCE: Duration = Duration::from_millis(250);

/// What `after` has that `before` has not, and the other way round: the lines that changed with those around them, each with
/// its numbers. Says so where nothing changed.
#[component]
pub fn Diff(#[prop(into)] before: String, #[prop(into)] after: String) -> impl IntoView {
    let diff = TextDiff::configure().timeout(PATIENCE).diff_lines(before.as_str(), after.as_str());
    let groups = diff.grouped_ops(CONTEXT);
    if groups.is_empty() {
        return view! { <p class="dim">"Nothing changes."</p> }.into_any();
    }
    let groups = groups
        .iter()
        .map(|ops| {
            let lines = ops.iter().flat_map(|op| diff.iter_changes(op)).map(line).collect_view();
            view! { <span class="hunk">{lines}</span> }
        })
        .collect_view();
    view! { <pre class="code diff" tabindex="0" role="group" aria-label="Changes">{groups}</pre> }.into_any()
}

fn line(change: Change<&str>) -> AnyView {
    let (class, sign, word) = match change.tag() {
        ChangeTag::Insert => ("line added", "+", Some("Added: ")),
        ChangeTag::Delete => ("line removed", "-", Some("Removed: ")),
        ChangeTag::Equal => ("line", " ", None),
    };
    let number = |index: Option<usize>| index.map(|index| (index + 1).to_string()).unwrap_or_default();
    let text = change.value().trim_end_matches(['\n', '\r']);
    view! {
        <span class=class>
            <span class="number" aria-hidden="true">{number(change.old_index())}</span>
            <span class="number" aria-hidden="true">{number(change.new_index())}</span>
            {word.map(|word| view! { <span class="visually-hidden">{word}</span> })}
            <span class="sign" aria-hidden="true">{sign}</span>
            <span class="text">{format!("{text}\n")}</span>
        </span>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(before: &str, after: &str) -> String {
        let (before, after) = (before.to_owned(), after.to_owned());
        Owner::new().with(|| view! { <Diff before=before after=after/> }.to_html())
    }

    #[test]
    fn changed_lines_are_told_by_word_and_number_with_three_around_them() {
        let before: String = (1..=20).map(|n| format!("line {n}\n")).collect();
        let shown = html(&before, &before.replace("line 10\n", "line ten\n"));
        assert_eq!(shown.matches("line added").count(), 1, "{shown}");
        assert!(shown.contains("Removed: ") && shown.contains("Added: "), "{shown}");
        assert!(shown.contains("line 7\n") && shown.contains("line 13\n"), "{shown}");
        assert!(!shown.contains("line 6\n") && !shown.contains("line 14\n"), "{shown}");
    }

    #[test]
    fn lines_are_inert() {
        let shown = html("", "<script>alert(1)</script>");
        assert!(shown.contains("&lt;script&gt;") && !shown.contains("<script"), "{shown}");
    }

    #[test]
    fn what_is_the_same_is_said_to_be() {
        assert!(html("a\n", "a\n").contains("Nothing changes."));
    }

    #[test]
    fn a_last_line_without_its_end_is_one_line() {
        let shown = html("a\nb", "a\nc");
        assert_eq!((shown.matches("line added").count(), shown.matches("line removed").count()), (1, 1), "{shown}");
    }
}
