//! A text area for code: with the numbers of its lines, and its colours behind it once an island paints them. Where there is
//! no JavaScript it is a plain text area beside numbers.

use leptos::prelude::*;

use super::{field::described_by, text_area::escaped};
use crate::islands::yaml_tokens::{numbers, paint};

/// A field of YAML. `marked` are the lines with errors, from 1.
#[component]
pub fn CodeArea(
    #[prop(into)] name: String,
    #[prop(into)] label: String,
    #[prop(into)] value: String,
    #[prop(default = None)] problem: Option<String>,
    #[prop(into)] help: String,
    marked: Vec<usize>,
) -> impl IntoView {
    let described = described_by(&name, Some(&help), problem.as_ref());
    view! {
        <div class="field code-field">
            <label for=format!("field-{name}")>{label}</label>
            <p class="help" id=format!("help-{name}")>{help}</p>
            {problem.as_ref().map(|text| view! { <p class="problem" id=format!("problem-{name}")>{text.clone()}</p> })}
            <div class="code-area" data-scroll="">
                <pre class="numbers" data-numbers="" aria-hidden="true" inner_html=numbers(&value, &marked)></pre>
                <div class="code-cell">
                    <pre class="paint" data-paint="" aria-hidden="true" inner_html=paint(&value, &marked)></pre>
                    <textarea
                        id=format!("field-{name}") name=name aria-describedby=described aria-invalid=problem.is_some().then_some("true")
                        wrap="off" spellcheck="false" autocapitalize="none" autocomplete="off" rows="1" inner_html=escaped(&value)
                    ></textarea>
                    <ul id="yaml-options" class="options" role="listbox" aria-label="Completions" data-options="" hidden=true></ul>
                </div>
            </div>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_cannot_leave_it_in_any_of_its_layers() {
        let value = "</textarea></pre><script>alert(1)</script>";
        let html = Owner::new().with(|| view! { <CodeArea name="yaml" label="Y" value=value help="H" marked=vec![1]/> }.to_html());
        assert!(!html.contains("<script") && html.matches("</textarea>").count() == 1, "{html}");
        assert!(html.contains("<span class=\"row wrong\">1"), "{html}");
    }
}
