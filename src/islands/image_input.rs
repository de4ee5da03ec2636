//! What belongs under the field of an image: what the reference means, and Inspect.

use leptos::prelude::*;

use super::{Inspection, Preview};

/// Stands under the fields `image` and `registry` of a form. `preview` and `inspection` are fragments' paths; its children
/// are the plain form's own Inspect button.
#[component]
pub fn ImageInput(preview: String, inspection: String, children: Children) -> impl IntoView {
    view! {
        <Preview fragment=preview fields=vec!["image".to_owned()]>""</Preview>
        <Inspection fragment=inspection>{children()}</Inspection>
    }
}
