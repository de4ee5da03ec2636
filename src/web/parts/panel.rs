//! A side panel over its page. It has a URL of its own; closing it is a link. Give it to the page's frame, so that nothing
//! behind it can be reached while it is open.

use leptos::prelude::*;

use super::icons;

/// A dialogue at the side of its page.
pub struct Panel {
    pub title: String,
    /// The page without it.
    pub close: String,
    /// Wide enough for two columns.
    pub roomy: bool,
    pub content: AnyView,
}

impl Panel {
    /// With what the page has to say, if anything: behind a panel nobody would hear it.
    pub fn view(self, notice: Option<AnyView>) -> AnyView {
        let class = if self.roomy { "panel roomy" } else { "panel" };
        view! {
            <a class="veil" href=self.close.clone() tabindex="-1" aria-hidden="true"></a>
            <div class=class role="dialog" aria-modal="true" aria-labelledby="panel-title">
                <header><h2 id="panel-title" tabindex="-1" data-focus="">{self.title}</h2><a class="icon" href=self.close aria-label="Close">{icons::cross()}</a></header>
                {notice}
                {self.content}
            </div>
        }
        .into_any()
    }
}
