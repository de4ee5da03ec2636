//! Add Registry: first the vendor, then the form for it.

use leptos::prelude::*;

use super::{
    super::{page, take_flash},
    OUTCOME_ID, REGISTRY_FORM,
    fields::Fields,
    list::listing,
    vendors,
};
use crate::{
    domain::registries::Vendor,
    islands::{TestConnection, Tried, outcome::outcome},
    web::{
        form::FormState,
        parts::{Panel, ProblemSummary},
        paths,
        request::Request,
        way_back::way_back,
    },
};

/// The list with the panel open: the vendors, or the form where one is chosen or a form came back.
pub(in crate::web::pages) fn new() -> AnyView {
    page(|request| async move {
        let caller = request.caller()?;
        caller.must_be_admin()?;
        let organization = caller.organization_name;
        let mut flash = take_flash(&request).await;
        let form = flash.form.clone().filter(|form| form.form == REGISTRY_FORM);
        let tried = flash.tried.take();
        let back = request.query("return");
        let back = back.as_deref().and_then(|path| way_back(&organization, path));
        let panel = match chosen_vendor(&request, form.as_ref()) {
            Some(vendor) => form_panel(&organization, vendor, back, &form.unwrap_or_default(), tried),
            None => vendor_panel(&organization, back),
        };
        listing(request, flash, Some(panel)).await
    })
}

fn chosen_vendor(request: &Request, form: Option<&FormState>) -> Option<Vendor> {
    let asked = request.query("vendor").and_then(|word| Vendor::try_from(word).ok());
    let typed = || form.map(|form| Vendor::try_from(form.value("vendor").to_owned()).unwrap_or(Vendor::Other));
    asked.or_else(typed)
}

fn vendor_panel(organization: &str, back: Option<&str>) -> Panel {
    let (tiles, close) = (vendors::tiles(organization, back), close(organization, back));
    let content = view! {
        <div class="panel-body">
            <p class="lead">"Whose registry is it?"</p>
            {tiles}
            <p class="dim"><a href=paths::guide("register-a-registry")>"How to register a registry"</a></p>
        </div>
    };
    Panel { title: "Add Registry".into(), close, roomy: true, content: content.into_any() }
}

fn form_panel(organization: &str, vendor: Vendor, back: Option<&str>, form: &FormState, tried: Option<Tried>) -> Panel {
    let fields = Fields { form, vendor, authentications: vendor.authentications().to_vec(), keeps_secret_of: None };
    let (close, other_vendor) = (close(organization, back), paths::new_registry_with(organization, None, back));
    let back = back.map(|path| view! { <input type="hidden" name="return" value=path.to_owned()/> });
    let content = view! {
        <form method="post" action=paths::ADD_REGISTRY enctype="multipart/form-data" class="panel-form">
            <div class="panel-body guided">
                // The first button is what Enter presses.
                <button class="visually-hidden" tabindex="-1" aria-hidden="true">"Save"</button>
                <div class="wide">
                    <ProblemSummary problems=form.problems.clone()/>
                    <input type="hidden" name="organization" value=organization.to_owned()/>
                    <input type="hidden" name="vendor" value=vendor.as_str()/>
                    {back}
                    <p class="lead">{vendor.label()}" "<a href=other_vendor>"Change"</a></p>
                </div>
                <div>{fields.display_name()}{fields.authentication()}</div>
                {fields.guidance()}
                <div>
                    {fields.host()}
                    {fields.login()}
                    {fields.docker_config()}
                    {fields.expires_on()}
                    {fields.test_repository()}
                    {fields.advanced()}
                    {test_connection(tried)}
                </div>
            </div>
            <footer><a class="button" href=close.clone() data-esc="">"Cancel"</a><button class="button main">"Save"</button></footer>
        </form>
    };
    Panel { title: "Add Registry".into(), close, roomy: true, content: content.into_any() }
}

/// Where the panel leads when it is closed: to where the person came from, else to the list behind it.
fn close(organization: &str, back: Option<&str>) -> String {
    back.map_or_else(|| paths::registries(organization), str::to_owned)
}

/// The button; below it what the last test found, for a person without JavaScript.
fn test_connection(tried: Option<Tried>) -> AnyView {
    view! {
        <div class="by-type for-public for-basic for-docker_config test-connection" id=OUTCOME_ID>
            <TestConnection address=paths::TRY_REGISTRY.to_owned()>
                <button class="button" formaction=paths::TRY_REGISTRY>"Test connection"</button>
            </TestConnection>
            {tried.map(outcome)}
        </div>
        <p class="by-type for-vendor_specific note">
            "Only the nodes can tell whether they may pull, so there is nothing to test from here: the first deployment shows it."
        </p>
    }
    .into_any()
}
