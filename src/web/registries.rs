//! Plain handlers of the forms about a registry that may carry a file: Add, Test connection, Edit, Replace secret. What was
//! typed comes back with its problems, secrets left out; an island hears JSON.

use axum::{
    Json,
    response::{IntoResponse as _, Response},
};
use secrecy::{ExposeSecret as _, SecretString};
use uuid::Uuid;

use super::{
    answer::{Done, keep, respond},
    flash::Flash,
    form::{FormData, FormState, redirect},
    guard::wants_html,
    pages::create::with_registry,
    pages::registries::{Attempt, Failure, OUTCOME_ID, REGISTRY_FORM, SECRET_FORM, caller_in, registry_id, tried},
    paths,
    request::Request,
    way_back::way_back,
};
use crate::{
    domain::{
        images::canonical_host,
        problem::{Error, Problem},
        registries::{
            self, Authentication, NewRegistry, NewSecret, Vendor,
            client::{CheckReport, RegistryProblem},
        },
    },
    islands::Tried,
};

/// Stands between a pasted Docker config and one from a file: no JSON has it in any place, so that two are never taken for one.
const TWO_CONFIGS: &str = "\n\u{1a}\n";

/// `POST /do/add_registry`
pub async fn add(request: Request, form: FormData) -> Response {
    let organization = form.text("organization");
    let outcome = async {
        let caller = caller_in(&request, organization).await?;
        let added = registries::add(&request.app.context, &caller, new_registry(&form)).await.map_err(|error| told_apart(error, &form))?;
        let path = way_back(organization, form.text("return")).map(|back| with_registry(back, &added));
        let notice = match (added.authentication.is_by_nodes(), &path) {
            (true, _) => format!("{} was added. The nodes of the data planes pull from it with their own access.", added.display_name),
            (false, Some(_)) => format!("{} was added. Its connection is being tested.", added.display_name),
            (false, None) => {
                format!("{} was added. Its connection is being tested: load the page again to see how it went.", added.display_name)
            }
        };
        Ok(Done { path: path.unwrap_or_else(|| paths::registries(organization)), notice })
    }
    .await;
    let back = form_or_beside(&outcome, &form_page(&form), &paths::registries(organization));
    respond(&request, outcome, state(REGISTRY_FORM, &form), &back).await
}

/// `POST /do/try_registry`: nothing is saved.
pub async fn try_out(request: Request, form: FormData) -> Response {
    let organization = form.text("organization");
    let outcome = async {
        let caller = caller_in(&request, organization).await?;
        registries::try_out(&request.app.context, &caller, new_registry(&form)).await.map_err(|error| told_apart(error, &form))
    }
    .await;
    let back = form_page(&form);
    match outcome {
        Ok(found) => show(&request, &form, words(&request, &form, found), &back).await,
        Err(error) => {
            let outcome = Err(error);
            let back = form_or_beside(&outcome, &back, &paths::registries(organization));
            respond(&request, outcome, state(REGISTRY_FORM, &form), &back).await
        }
    }
}

/// `POST /do/edit_registry`
pub async fn edit(request: Request, form: FormData) -> Response {
    let organization = form.text("organization");
    let pages = Pages::of(&form, paths::edit_registry);
    let outcome = async {
        let (caller, id) = (caller_in(&request, organization).await?, registry_id(form.text("registry"))?);
        let edited =
            registries::edit(&request.app.context, &caller, id, new_registry(&form)).await.map_err(|error| told_apart(error, &form))?;
        Ok(Done { path: pages.registry.clone(), notice: format!("{} was saved.", edited.display_name) })
    }
    .await;
    let back = form_or_beside(&outcome, &pages.panel, &pages.registry);
    respond(&request, outcome, state(REGISTRY_FORM, &form), &back).await
}

/// `POST /do/replace_registry_secret`
pub async fn replace_secret(request: Request, form: FormData) -> Response {
    let organization = form.text("organization");
    let pages = Pages::of(&form, paths::registry_secret);
    let outcome = async {
        let (caller, id) = (caller_in(&request, organization).await?, registry_id(form.text("registry"))?);
        let new = NewSecret {
            username: form.text("username").into(),
            password: form.secret("password"),
            docker_config: docker_config(&form),
            expires_on: form.text("expires_on").into(),
        };
        let changed = registries::rotate(&request.app.context, &caller, id, new).await.map_err(|error| told_apart(error, &form))?;
        let notice = format!(
            "The secret of {} was replaced. Its connection is being tested: load the page again to see how it went.",
            changed.display_name
        );
        Ok(Done { path: pages.registry.clone(), notice })
    }
    .await;
    let back = form_or_beside(&outcome, &pages.panel, &pages.registry);
    respond(&request, outcome, state(SECRET_FORM, &form), &back).await
}

/// Where the forms of a saved registry stand.
struct Pages {
    panel: String,
    registry: String,
}

impl Pages {
    fn of(form: &FormData, panel: fn(&str, Uuid) -> String) -> Self {
        let organization = form.text("organization");
        match registry_id(form.text("registry")) {
            Ok(id) => Self { panel: panel(organization, id), registry: paths::registry(organization, id) },
            Err(_) => Self { panel: paths::registries(organization), registry: paths::registries(organization) },
        }
    }
}

/// To the form, unless the person may not see it.
fn form_or_beside<T>(outcome: &Result<T, Error>, form: &str, beside: &str) -> String {
    let beside_it = matches!(outcome, Err(Error::Forbidden));
    if beside_it { beside.to_owned() } else { form.to_owned() }
}

/// The page of a new registry's form.
fn form_page(form: &FormData) -> String {
    let organization = form.text("organization");
    let vendor = Vendor::try_from(form.text("vendor").to_owned()).ok();
    paths::new_registry_with(organization, vendor.map(Vendor::as_str), way_back(organization, form.text("return")))
}

fn new_registry(form: &FormData) -> NewRegistry {
    let text = |name: &str| form.text(name).to_owned();
    NewRegistry {
        display_name: text("display_name"),
        vendor: text("vendor"),
        authentication: text("authentication"),
        host: text("host"),
        username: text("username"),
        password: form.secret("password"),
        docker_config: docker_config(form),
        expires_on: text("expires_on"),
        ca_certificates: ca_certificates(form),
        test_repository: text("test_repository"),
        revision: form.text("revision").parse().unwrap_or_default(),
    }
}

/// From the file, or else as pasted. Both become a text that is neither, so that the other problems are found as well.
fn docker_config(form: &FormData) -> SecretString {
    let (pasted, file) = (form.text("docker_config"), form.text("docker_config_file"));
    if has_two_configs(form) { format!("{pasted}{TWO_CONFIGS}{file}").into() } else { format!("{pasted}{file}").into() }
}

fn has_two_configs(form: &FormData) -> bool {
    ["docker_config", "docker_config_file"].iter().all(|name| !form.secret(name).expose_secret().trim().is_empty())
}

/// Names the reason when a Docker config was both pasted and chosen.
fn told_apart(error: Error, form: &FormData) -> Error {
    let Error::Invalid(mut problems) = error else { return error };
    if has_two_configs(form) && problems.of("docker_config").is_some() {
        let message = "Paste the Docker config or choose its file, not both.";
        let both = Problem::new("docker_config", "ambiguous", message);
        problems.0.iter_mut().filter(|problem| problem.field == "docker_config").for_each(|problem| *problem = both.clone());
    }
    Error::Invalid(problems)
}

/// Those pasted and those of the file: several issuers are one text.
fn ca_certificates(form: &FormData) -> String {
    format!("{}\n{}", form.text("ca_certificates"), form.text("ca_certificates_file")).trim().to_owned()
}

/// What goes back into the form. A browser can't fill a file in again: its certificates go where one pastes them. What
/// turned out to be a secret in the wrong field does not come back.
fn state(name: &str, form: &FormData) -> FormState {
    let mut state = form.with_problems(name, Default::default());
    state.values.retain(|(field, value)| field != "ca_certificates_file" && !(field == "host" && value.contains('@')));
    let harmless = |text: &&str| text.contains("BEGIN CERTIFICATE") && !text.contains("PRIVATE KEY");
    let parts = [form.text("ca_certificates"), form.text("ca_certificates_file")];
    state.set("ca_certificates", parts.into_iter().filter(harmless).collect::<Vec<_>>().join("\n"));
    state
}

fn words(request: &Request, form: &FormData, found: Result<CheckReport, RegistryProblem>) -> Tried {
    let authentication = Authentication::try_from(form.text("authentication").to_owned());
    let repository = Some(form.text("test_repository")).filter(|text| !text.is_empty());
    let attempt = Attempt {
        plain_http: plain_http(request, form),
        has_credential: authentication.is_ok_and(Authentication::has_credential),
        repository,
    };
    match found {
        Ok(report) => tried(&attempt, Ok(report)),
        Err(problem) => tried(&attempt, Err(Failure { code: problem.code(), sentence: &problem.sentence() })),
    }
}

fn plain_http(request: &Request, form: &FormData) -> Option<bool> {
    if form.text("authentication") == Authentication::DockerConfig.as_str() {
        return None;
    }
    let host = canonical_host(form.text("host")).ok()?;
    Some(request.app.config.plain_http_registries.contains(&host))
}

async fn show(request: &Request, form: &FormData, tried: Tried, back: &str) -> Response {
    if !wants_html(&request.parts.headers) {
        return Json(tried).into_response();
    }
    keep(request, Flash { tried: Some(tried), ..Flash::form(state(REGISTRY_FORM, form)) }).await;
    redirect(&format!("{back}#{OUTCOME_ID}"))
}
