//! The schema files of a component: what each is, download, deletion, upload.

use leptos::{prelude::*, server_fn::ServerFn as _};

use super::{super::registries::caller_in, service};
use crate::{
    domain::{
        Caller,
        problem::Error,
        schemas::{self, MAX_FILES, SchemaFile, SchemaKind},
    },
    islands::refusal::Refusal,
    web::{
        answer::{Done, answer},
        form::FormState,
        pages::component::Subject,
        parts::{FileField, Moment, ProblemSummary, Table, bytes},
        paths,
        request::Request,
    },
};

pub(in crate::web) const FORM: &str = "schemas";

/// The file that a `schemaFilePath` means: it is found by its name, whatever folder the path says.
pub(super) fn named<'a>(files: &'a [SchemaFile], path: &str) -> Option<&'a SchemaFile> {
    let name = path.rsplit(['/', '\\']).next().unwrap_or_default();
    files.iter().find(|file| file.file_name.eq_ignore_ascii_case(name))
}

pub(super) fn card(request: &Request, caller: &Caller, subject: &Subject, files: Vec<SchemaFile>, form: &FormState) -> AnyView {
    let list = if files.is_empty() {
        view! { <p class="dim schema-none">"No schema files yet. Without one an endpoint takes every path below its context."</p> }
            .into_any()
    } else {
        let columns = ["File", "What it is", "Size", "Uploaded", "Actions"].map(str::to_owned).into();
        let rows = files.into_iter().map(|file| row(request, caller, subject, file)).collect();
        view! { <Table label="Schema files" columns=columns rows=rows/> }.into_any()
    };
    let help = format!(
        "OpenAPI, Swagger 2, GraphQL, protobuf or AsyncAPI; at most 10 MiB a file and {MAX_FILES} files. One of the same name is replaced."
    );
    view! {
        <h2 class="section" id="schema-files">"Schema files"</h2>
        {list}
        <form class="schema-upload" method="post" action=paths::UPLOAD_SCHEMAS enctype="multipart/form-data">
            <ProblemSummary problems=form.problems.clone()/>
            {subject.hidden(caller)}
            <FileField name="schemas" label="Add schema files" problem=form.problem("schemas") help=help
                accept=".yaml,.yml,.json,.graphql,.graphqls,.gql,.proto" multiple=true/>
            <button class="button">"Upload"</button>
        </form>
    }
    .into_any()
}

fn row(request: &Request, caller: &Caller, subject: &Subject, file: SchemaFile) -> Vec<AnyView> {
    let (now, zone) = (request.app.context.now(), request.time_zone());
    let (organization, project, component) = (&caller.organization_name, &subject.project.name, &subject.component.name);
    let uploaded = file.uploaded.clone().map(|(by, at)| view! { {by}", "<Moment time=at now=now zone=zone/> });
    let from_it = matches!(file.kind, SchemaKind::OpenApi | SchemaKind::Swagger).then(|| {
        let new = paths::with_query(&paths::new_endpoint(organization, project, component), [("from", &file.file_name)]);
        view! { <a class="button small" href=new>"Endpoint from this file"<span class="visually-hidden">" "{file.file_name.clone()}</span></a> }
    });
    let actions = view! {
        <div class="buttons">
            {from_it}
            <form method="post" action=RemoveSchema::PATH>
                {subject.hidden(caller)}
                <input type="hidden" name="file_name" value=file.file_name.clone()/>
                <button class="button small danger">"Delete"<span class="visually-hidden">" "{file.file_name.clone()}</span></button>
            </form>
        </div>
    };
    vec![
        view! { <a class="mono break" href=paths::schema_file(organization, project, component, &file.sha256) download="">{file.file_name}</a> }.into_any(),
        view! { <span class="break">{file.summary}</span> }.into_any(),
        bytes(u64::try_from(file.bytes).unwrap_or_default()).into_any(),
        view! { <span class="break">{uploaded}</span> }.into_any(),
        actions.into_any(),
    ]
}

#[server(prefix = "/do", endpoint = "remove_schema")]
pub async fn remove_schema(
    #[server(default)] organization: String,
    #[server(default)] project: String,
    #[server(default)] component: String,
    #[server(default)] file_name: String,
) -> Result<(), Refusal> {
    let back = paths::endpoints(&organization, &project, &component);
    let outcome: Result<Done, Error> = async {
        let request = Request::current()?;
        let caller = caller_in(&request, &organization).await?;
        let subject = service(&request, &caller, &project, &component).await?;
        schemas::remove(&request.app.context, &caller, &subject.component, &file_name).await?;
        Ok(Done { path: back.clone(), notice: format!("{file_name} was deleted. Deployments that were made with it keep it.") })
    }
    .await;
    answer(outcome, FormState::default(), &back).await
}
