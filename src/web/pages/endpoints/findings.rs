//! What is said about a text of endpoints: a count, and every finding with a link to its place.

use leptos::prelude::*;

use crate::domain::endpoints::{Completion, Finding, Reading, Severity};

/// Lines with errors, from 1, each once.
pub(super) fn marked(reading: &Reading) -> Vec<usize> {
    let mut lines: Vec<_> = errors(reading).map(|finding| finding.line).collect();
    lines.dedup();
    lines
}

fn errors(reading: &Reading) -> impl Iterator<Item = &Finding> {
    reading.problems.iter().filter(|finding| finding.severity == Severity::Error)
}

/// The count and the list, as the editor's page and its fragment have them.
pub(super) fn findings(reading: &Reading) -> AnyView {
    let marks = marked(reading).iter().map(usize::to_string).collect::<Vec<_>>().join(" ");
    let rows = reading.problems.iter().map(row).collect_view();
    view! {
        <p class="finding-count" data-say="" aria-live="polite">{count(reading)}</p>
        <div data-problems=""><ul class="findings" data-marks=marks>{rows}</ul></div>
    }
    .into_any()
}

fn row(finding: &Finding) -> AnyView {
    let class = format!("finding {}", finding.severity.as_str());
    let place = format!("Line {}, column {}", finding.line, finding.column);
    let word = match finding.severity {
        Severity::Error => "Error",
        Severity::Warning => "Warning",
        Severity::Note => "Note",
    };
    view! {
        <li class=class>
            <b class="severity">{word}</b>
            <a href="#field-yaml" data-line=finding.line.to_string() data-column=finding.column.to_string()>{place}</a>
            <span>{finding.message.clone()}</span>
        </li>
    }
    .into_any()
}

/// One sentence: `2 errors, 1 warning.`, or how many endpoints there are.
pub(super) fn count(reading: &Reading) -> String {
    let of = |severity| reading.problems.iter().filter(|finding| finding.severity == severity).count();
    let words = [(Severity::Error, "error"), (Severity::Warning, "warning"), (Severity::Note, "note")];
    let told: Vec<_> = words.into_iter().map(|(severity, word)| (of(severity), word)).filter(|(count, _)| *count > 0).collect();
    if told.is_empty() {
        return format!("No problems. {}.", in_words(reading.endpoints.len(), "endpoint"));
    }
    let told: Vec<_> = told.into_iter().map(|(count, word)| in_words(count, word)).collect();
    format!("{}.", told.join(", "))
}

pub(super) fn in_words(count: usize, word: &str) -> String {
    if count == 1 { format!("1 {word}") } else { format!("{count} {word}s") }
}

/// What could stand at the caret; `replaces` characters before it go.
pub(super) fn completions(replaces: usize, completions: Vec<Completion>) -> AnyView {
    let rows = completions
        .into_iter()
        .map(|completion| {
            let shown = completion.insert.trim().trim_end_matches(':').to_owned();
            view! {
                <li role="option" aria-selected="false" data-insert=completion.insert>
                    <span class="mono">{shown}</span><small>{completion.meaning}</small>
                </li>
            }
        })
        .collect_view();
    view! { <ul data-replaces=replaces.to_string()>{rows}</ul> }.into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::endpoints::read;

    #[test]
    fn a_count_names_what_there_is() {
        let reading = read("version: 0.1\nendpoints:\n  - name: a\n    port: x\n    type: RESTful\n");
        assert!(count(&reading).starts_with("2 errors"), "{}", count(&reading));
        assert_eq!(marked(&reading), [4, 5]);
        let fine = read("version: 0.1\nendpoints:\n  - {name: a, port: 1, type: TCP, networkVisibility: Project}\n");
        assert_eq!(count(&fine), "No problems. 1 endpoint.");
    }

    #[test]
    fn words_of_the_text_are_inert() {
        let reading = read("version: 0.1\nendpoints:\n  - name: a\n    port: 1\n    type: \"<script>\"\n");
        let html = Owner::new().with(|| findings(&reading).to_html());
        assert!(html.contains("&lt;script&gt;") && !html.contains("<script"), "{html}");
    }
}
