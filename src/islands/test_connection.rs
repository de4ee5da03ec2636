//! Tries a registry without leaving the form, so that a typed password is not lost.

use leptos::prelude::*;

use super::refusal::Refusal;

/// What the registry answered.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize)]
pub struct Tried {
    pub works: bool,
    pub message: String,
}

/// Asks the registry that the form describes; nothing is saved.
#[server(prefix = "/do", endpoint = "try_registry")]
pub async fn try_registry(
    #[server(default)] organization: String,
    #[server(default)] authentication: String,
    #[server(default)] host: String,
    #[server(default)] username: String,
    #[server(default)] password: String,
) -> Result<Tried, Refusal> {
    crate::web::pages::registries::try_out(organization, authentication, host, username, password).await
}

/// Its child is the plain form's own button, which posts the form to the same address.
#[island]
pub fn TestConnection(organization: String, children: Children) -> impl IntoView {
    #[cfg(feature = "ssr")]
    super::announce();
    let answer = RwSignal::new(None::<Result<Tried, Refusal>>);
    let busy = RwSignal::new(false);
    let words_at = NodeRef::<leptos::html::Div>::new();
    #[cfg(feature = "hydrate")]
    let ask = move |event: leptos::ev::MouseEvent| {
        use super::browser::value;
        event.prevent_default();
        event.stop_propagation();
        if busy.get_untracked() {
            return;
        }
        busy.set(true);
        let organization = organization.clone();
        leptos::task::spawn_local(async move {
            let basic = document().query_selector("input[name=authentication][value=basic]:checked").ok().flatten().is_some();
            let authentication = if basic { "basic" } else { "public" };
            let asked =
                try_registry(organization, authentication.into(), value("field-host"), value("field-username"), value("field-password"));
            answer.set(Some(asked.await));
            busy.set(false);
            if let Some(words) = words_at.get_untracked() {
                request_animation_frame(move || words.scroll_into_view_with_bool(false));
            }
        });
    };
    #[cfg(not(feature = "hydrate"))]
    let ask = {
        let _ = organization;
        |_: leptos::ev::MouseEvent| ()
    };
    let words = move || {
        if busy.get() {
            return Some(("note", "Asking the registry…".to_owned()));
        }
        answer.get().map(|answer| match answer {
            Ok(Tried { works: true, message }) => ("note good", message),
            Ok(Tried { message, .. }) => ("note bad", message),
            Err(refusal) => {
                let all: Vec<String> = refusal.problems.into_iter().map(|problem| problem.message).collect();
                ("note bad", if all.is_empty() { refusal.message } else { all.join(" ") })
            }
        })
    };
    view! {
        <div class="test-connection">
            <div on:click=ask>{children()}</div>
            <div node_ref=words_at aria-live="polite">
                {move || words().map(|(class, text)| view! { <p class=class>{text}</p> })}
            </div>
        </div>
    }
}
