//! Sign-in with e-mail and password.

use leptos::prelude::*;

use super::{frame::centred_form, page, take_flash};
use crate::web::{
    parts::{PasswordField, ProblemSummary, TextField},
    paths,
};

pub(super) fn sign_in() -> AnyView {
    page(|request| async move {
        let form = take_flash(&request).await.form.unwrap_or_default();
        let next = request.query("next").unwrap_or_default();
        Ok(centred_form(
            "Sign in".into(),
            &form,
            view! {
                <ProblemSummary problems=form.problems.clone()/>
                <form method="post" action=paths::SIGN_IN>
                    <input type="hidden" name="next" value=next/>
                    <TextField name="email" label="Email" value=form.value("email") required=true kind="email" autocomplete="username"/>
                    <PasswordField name="password" label="Password" autocomplete="current-password"/>
                    <button class="button main wide">"Sign in"</button>
                </form>
            }
            .into_any(),
        ))
    })
}
