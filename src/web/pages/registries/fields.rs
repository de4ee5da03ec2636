//! The fields of a registry's forms. Those of one kind of authentication carry its name as a class (`for-basic`); the
//! stylesheet hides the others, so that it works without scripts. What is hidden is sent all the same, and not read.

use leptos::prelude::*;

use crate::{
    domain::registries::{self, Authentication, Guidance, Vendor},
    web::{
        form::FormState,
        parts::{Choice, FileField, PasswordField, RadioCards, TextArea, TextField},
        paths,
    },
};

/// What the fields of a form are drawn from.
pub(super) struct Fields<'a> {
    pub(super) form: &'a FormState,
    pub(super) vendor: Vendor,
    /// The kinds to choose from, the recommended one first.
    pub(super) authentications: Vec<Authentication>,
    /// The kind whose secret may stay empty: the present one is kept then.
    pub(super) keeps_secret_of: Option<Authentication>,
}

impl Fields<'_> {
    pub(super) fn display_name(&self) -> AnyView {
        let (value, problem) = (self.form.value("display_name"), self.form.problem("display_name"));
        view! { <TextField name="display_name" label="Registry Display Name" value=value problem=problem required=true help="As people will choose it when they create a component."/> }.into_any()
    }

    pub(super) fn authentication(&self) -> AnyView {
        let chosen = match self.form.value("authentication") {
            "" => self.authentications.first().map_or("", |first| first.as_str()),
            typed => typed,
        };
        let choices = self.authentications.iter().map(|kind| choice(*kind)).collect();
        let recommended = self.vendor.authentications().first().map(|kind| kind.as_str());
        view! { <RadioCards name="authentication" label="Authentication Type" choices=choices value=chosen problem=self.form.problem("authentication") recommended=recommended/> }.into_any()
    }

    /// How to get the credential, for each kind to choose from.
    pub(super) fn guidance(&self) -> AnyView {
        let cards = self.authentications.iter().map(|kind| guidance(*kind, registries::guidance(self.vendor, *kind))).collect_view();
        view! { <div class="guidance">{cards}</div> }.into_any()
    }

    pub(super) fn host(&self) -> AnyView {
        let host = self.form.get("host").or(self.vendor.fixed_host()).unwrap_or_default();
        let help = match self.vendor.fixed_host() {
            Some(_) => "This vendor has only this host.".to_owned(),
            None => format!("Without https:// and without a path, such as {}.", self.vendor.host_form()),
        };
        view! {
            <div class="by-type for-public for-basic for-vendor_specific">
                <TextField name="host" label="Registry host" value=host problem=self.form.problem("host") required=true mono=true help=help/>
            </div>
        }
        .into_any()
    }

    pub(super) fn login(&self) -> AnyView {
        let Guidance { username_help, password_help, .. } = registries::guidance(self.vendor, Authentication::Basic);
        let kept = "Leave empty to keep the present one. A new host always asks for it again.";
        let password_help = if self.keeps_secret_of == Some(Authentication::Basic) { kept } else { password_help };
        view! {
            <div class="by-type for-basic">
                <TextField name="username" label="Username" value=self.form.value("username") problem=self.form.problem("username") mono=true help=username_help/>
                <PasswordField name="password" label="Password or token" problem=self.form.problem("password") autocomplete="new-password" help=password_help/>
            </div>
        }
        .into_any()
    }

    pub(super) fn docker_config(&self) -> AnyView {
        let kept = "Leave empty to keep the present one.";
        let typed = registries::guidance(self.vendor, Authentication::DockerConfig).password_help;
        let help = if self.keeps_secret_of == Some(Authentication::DockerConfig) { kept } else { typed };
        view! {
            <div class="by-type for-docker_config">
                <TextArea name="docker_config" label="Docker config (JSON)" value="" problem=self.form.problem("docker_config") rows=5 mono=true help=help/>
                <FileField name="docker_config_file" label="Or choose the file" accept=".json,application/json" help="Usually ~/.docker/config.json."/>
            </div>
        }
        .into_any()
    }

    pub(super) fn expires_on(&self) -> AnyView {
        expires_on(self.form)
    }

    pub(super) fn test_repository(&self) -> AnyView {
        let (value, problem) = (self.form.value("test_repository"), self.form.problem("test_repository"));
        view! {
            <div class="by-type for-public for-basic for-docker_config">
                <TextField name="test_repository" label="Repository to test with (optional)" value=value problem=problem mono=true help="Such as team/app: Test connection then tries to pull from it as well."/>
            </div>
        }
        .into_any()
    }

    pub(super) fn advanced(&self) -> AnyView {
        let (value, problem) = (self.form.value("ca_certificates"), self.form.problem("ca_certificates"));
        let open = !value.is_empty() || problem.is_some();
        view! {
            <details class="advanced by-type for-public for-basic for-docker_config" open=open>
                <summary>"Advanced"</summary>
                <TextArea name="ca_certificates" label="CA certificates" value=value problem=problem rows=4 mono=true help="PEM of the issuers of the registry's certificate, if this machine does not trust them already. The nodes need them too."/>
                <FileField name="ca_certificates_file" label="Or add a file of them" accept=".pem,.crt,.cer,application/x-pem-file"/>
            </details>
        }
        .into_any()
    }
}

pub(super) fn expires_on(form: &FormState) -> AnyView {
    let (value, problem) = (form.value("expires_on"), form.problem("expires_on"));
    view! {
        <div class="by-type for-basic for-docker_config">
            <TextField name="expires_on" label="Expires on (optional)" kind="date" value=value problem=problem help="The day on which the credential ends, if it does. Slipway warns two weeks before; a token that names its own end needs nothing here."/>
        </div>
    }
    .into_any()
}

fn choice(kind: Authentication) -> Choice {
    let help = match kind {
        Authentication::Public => "Anyone may pull; there is no credential.",
        Authentication::Basic => "User name with a password or, better, a token that may only read.",
        Authentication::DockerConfig => "A login as docker login wrote it.",
        Authentication::VendorSpecific => "The cluster's nodes have access already; nothing is stored here.",
    };
    Choice { value: kind.as_str().into(), label: kind.label().into(), help: help.into() }
}

/// A step that is a command, or ends with one after a colon, shows it as one.
fn step_of(step: &'static str) -> AnyView {
    match step.rsplit_once(": ") {
        Some((text, command)) if is_command(command) => view! { <li>{text}":"<code class="command">{command}</code></li> }.into_any(),
        _ if is_command(step) => view! { <li><code class="command">{step}</code></li> }.into_any(),
        _ => view! { <li>{step}</li> }.into_any(),
    }
}

fn is_command(text: &str) -> bool {
    const PROGRAMS: [&str; 6] = ["aws", "az", "curl", "docker", "gcloud", "kubectl"];
    text.split_once(' ').is_some_and(|(program, _)| PROGRAMS.contains(&program))
}

fn guidance(kind: Authentication, guidance: Guidance) -> AnyView {
    let steps = (!guidance.steps.is_empty()).then(|| {
        let steps = guidance.steps.iter().map(|step| step_of(step)).collect_view();
        view! { <ol>{steps}</ol> }
    });
    let link = guidance.link.map(|(label, url)| {
        view! { <p><a href=url rel="noreferrer" target="_blank">{label}<span class="visually-hidden">" (opens a new tab)"</span></a></p> }
    });
    let guide = guidance.guide.map(|page| view! { <p><a href=paths::guide(page)>"More in the guide"</a></p> });
    view! {
        <section class=format!("guide-card by-type for-{}", kind.as_str())>
            <h3>{kind.label()}</h3>
            <p>{guidance.recommended}</p>
            {steps}
            {link}
            {guide}
        </section>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_command_is_told_from_a_sentence() {
        let html = |step| Owner::new().with(|| step_of(step).to_html()).replace("<!>", "");
        assert!(html("Sign in: docker login HOST").contains("<code class=\"command\">docker login HOST</code>"));
        assert!(html("gcloud auth list").contains("<code class=\"command\">gcloud auth list</code>"));
        assert!(!html("Copy the token: it is shown once.").contains("<code"));
    }
}
