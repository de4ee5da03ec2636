//! First start: the setup code, then the first admin, the organization and its first project.

use leptos::prelude::*;

use super::{
    frame::{centred, centred_form},
    page, take_flash,
};
use crate::{
    domain::organizations,
    web::{
        form::FormState,
        parts::{PasswordField, ProblemSummary, TextField},
        paths, session,
    },
};

pub(super) fn setup() -> AnyView {
    page(|request| async move {
        let needed = organizations::needs_setup(&request.app.context).await?;
        if !needed {
            return Ok(already_done());
        }
        let session = request.session()?;
        let form = take_flash(&request).await.form.unwrap_or_default();
        if session::is_setup_open(&session).await? {
            return Ok(first_admin(&form));
        }
        let code = request.query("code").unwrap_or_else(|| form.value("code").to_owned());
        Ok(code_form(&form, code))
    })
}

fn already_done() -> AnyView {
    centred(
        "This console is set up".into(),
        view! { <p>"There is an admin already."</p><p><a class="button main" href=paths::SIGN_IN>"Sign in"</a></p> }.into_any(),
    )
}

fn code_form(form: &FormState, code: String) -> AnyView {
    let problem = form.problem("code");
    centred_form(
        "Set up Slipway".into(),
        form,
        view! {
            <p>"The server printed a setup link when it started. It proves that you may set this console up."</p>
            <form method="post" action="/setup/code">
                <TextField name="code" label="Setup code" value=code problem=problem required=true mono=true autocomplete="one-time-code"/>
                <button class="button main wide">"Continue"</button>
            </form>
        }
        .into_any(),
    )
}

fn first_admin(form: &FormState) -> AnyView {
    centred_form(
        "Make the first admin".into(),
        form,
        view! {
            <ProblemSummary problems=form.problems.clone()/>
            <form method="post" action=paths::SETUP>
                <TextField name="email" label="Email" value=form.value("email") problem=form.problem("email") required=true kind="email" autocomplete="username"/>
                <PasswordField name="password" label="Password" problem=form.problem("password") help="At least 12 characters." autocomplete="new-password"/>
                <TextField name="organization" label="Organization" value=form.value("organization") problem=form.problem("organization") required=true help="Your company or team: letters, digits, spaces, - and _."/>
                <TextField name="project" label="Project" value=form.value("project") problem=form.problem("project") required=true help="Components live in projects. Environments Development and Production are made for you."/>
                <button class="button main wide">"Create"</button>
            </form>
        }
        .into_any(),
    )
}
