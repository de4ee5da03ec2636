//! A file to copy: its path, and what stands in it.

use leptos::prelude::*;

use super::icons;

/// `path` is also what the copy button names.
#[component]
pub fn CodeBlock(#[prop(into)] path: String, #[prop(into)] text: String) -> impl IntoView {
    view! {
        <div class="code-block">
            <p class="code-path">
                <code>{path.clone()}</code>
                <button type="button" class="icon js-only" data-copy=text.clone() aria-label=format!("Copy {path}")>{icons::copy()}</button>
            </p>
            <pre class="code" tabindex="0" role="region" aria-label=path><code>{text}</code></pre>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_can_be_copied_and_is_inert() {
        let html = Owner::new().with(|| view! { <CodeBlock path="/etc/a.toml" text="<b>\"x\""/> }.to_html());
        assert!(html.contains("&lt;b&gt;\"x\"") && html.contains("data-copy=\"&lt;b&gt;&quot;x&quot;\""), "{html}");
    }
}
