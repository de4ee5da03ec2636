//! The one way to put text into a `<textarea>`: leptos 0.8 does not escape its children on the server.

use leptos::prelude::*;

use super::field::{around, described_by};

/// A text of several lines, escaped by itself, with its label, help and problem.
#[component]
pub fn TextArea(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(into)] value: String,
    #[prop(default = None)] problem: Option<String>,
    #[prop(optional, into)] help: Option<String>,
    #[prop(default = 3)] rows: u16,
    #[prop(default = "off")] autocomplete: &'static str,
    /// As many characters as the browser takes: for what travels in an address.
    #[prop(optional)]
    maxlength: Option<&'static str>,
    /// For code: nothing is spelt, lines are not broken.
    #[prop(optional)]
    mono: bool,
) -> impl IntoView {
    let class = if mono { "input mono" } else { "input" };
    let described = described_by(&name, help.as_ref(), problem.as_ref());
    let input = view! {
        <textarea
            class=class id=format!("field-{name}") name=name.clone() rows=rows.to_string() aria-invalid=problem.is_some().then_some("true")
            aria-describedby=described spellcheck=mono.then_some("false") autocapitalize="none" autocomplete=autocomplete maxlength=maxlength inner_html=escaped(&value)
        ></textarea>
    };
    around(&name, label, help, problem, input.into_any())
}

/// Text as the content of a `<textarea>`. The first newline would be dropped by the parser, so it is doubled.
pub(super) fn escaped(text: &str) -> String {
    let lead = if text.starts_with('\n') { "\n" } else { "" };
    format!("{lead}{}", text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn typed_text_cannot_leave_the_text_area() {
        let html = Owner::new().with(|| view! { <TextArea name="d" label="D" value="</textarea><script>alert(1)</script>&"/> }.to_html());
        assert!(html.contains("&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;</textarea>"), "{html}");
        assert!(!html.contains("<script"), "{html}");
    }
}
