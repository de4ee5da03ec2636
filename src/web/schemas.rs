//! Plain handlers of schema files: several uploaded at once, and one downloaded. What they are is `domain::schemas`' own.

use axum::{
    Extension,
    extract::{Multipart, Path, State, multipart::MultipartError},
    http::{StatusCode, header},
    response::{IntoResponse as _, Response},
};

use super::{
    App,
    answer::{Done, error_response, respond},
    form::FormState,
    pages::{
        endpoints::{SCHEMAS_FORM, service},
        registries::caller_in,
    },
    paths,
    request::Request,
    security::refuse,
};
use crate::domain::{
    Caller,
    problem::{Error, Problems, Result},
    schemas,
};

/// What a form with files has.
#[derive(Default)]
struct Upload {
    organization: String,
    project: String,
    component: String,
    files: Vec<(String, Vec<u8>)>,
}

/// `POST /do/upload_schemas`
pub async fn upload(request: Request, parts: Multipart) -> Response {
    let Ok(upload) = Upload::read(parts).await else { return refuse(StatusCode::BAD_REQUEST, "invalid_input") };
    let back = paths::endpoints(&upload.organization, &upload.project, &upload.component);
    let outcome = save(&request, upload).await.map(|notice| Done { path: back.clone(), notice });
    respond(&request, outcome, FormState::new(SCHEMAS_FORM, [("", ""); 0], Problems::default()), &back).await
}

async fn save(request: &Request, upload: Upload) -> Result<String> {
    let caller = caller_in(request, &upload.organization).await?;
    let subject = service(request, &caller, &upload.project, &upload.component).await?;
    if upload.files.is_empty() {
        return Err(Problems::one("schemas", "required", "Choose one schema file or several.").into());
    }
    let names = upload.files.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ");
    schemas::upload(&request.app.context, &caller, &subject.component, upload.files).await?;
    Ok(format!("Uploaded: {names}."))
}

impl Upload {
    /// A browser sends a file field that was left alone as a file without name and content.
    async fn read(mut parts: Multipart) -> Result<Self, MultipartError> {
        let mut upload = Self::default();
        while let Some(part) = parts.next_field().await? {
            let (name, file_name) = (part.name().unwrap_or_default().to_owned(), part.file_name().map(str::to_owned));
            let content = part.bytes().await?;
            let text = || String::from_utf8_lossy(&content).trim().to_owned();
            match (name.as_str(), file_name) {
                ("organization", _) => upload.organization = text(),
                ("project", _) => upload.project = text(),
                ("component", _) => upload.component = text(),
                ("schemas", Some(name)) if !(name.is_empty() && content.is_empty()) => upload.files.push((name, content.into())),
                _ => {}
            }
        }
        Ok(upload)
    }
}

/// A schema file as it was uploaded, by its SHA-256: those of the component under their own name, and those that only
/// deployments still have.
pub async fn download(
    State(app): State<App>,
    Extension(caller): Extension<Caller>,
    Path((_, project, component, sha256)): Path<(String, String, String, String)>,
    request: axum::extract::Request,
) -> Response {
    let request = Request { app, parts: request.into_parts().0 };
    match find(&request, &caller, &project, &component, &sha256).await {
        Ok((name, content)) => {
            let disposition = format!("attachment; filename=\"{}\"", safe_name(&name));
            let headers = [
                (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
                (header::CONTENT_DISPOSITION, disposition),
                (header::X_CONTENT_TYPE_OPTIONS, "nosniff".to_owned()),
            ];
            (headers, content).into_response()
        }
        Err(error) => error_response(&error),
    }
}

async fn find(request: &Request, caller: &Caller, project: &str, component: &str, sha256: &str) -> Result<(String, Vec<u8>), Error> {
    let context = &request.app.context;
    let subject = service(request, caller, project, component).await?;
    let content = schemas::content(context, caller.organization_id, sha256).await?;
    let files = schemas::list(context, &subject.component).await?;
    let own = files.into_iter().find(|file| file.sha256 == sha256).map(|file| file.file_name);
    Ok((own.unwrap_or_else(|| format!("schema-{}.txt", &sha256.chars().take(12).collect::<String>())), content))
}

/// A name that means the same in every header and on every disk: what is no letter, digit, `.`, `-` or `_` becomes `_`.
fn safe_name(name: &str) -> String {
    name.chars().map(|c| if c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_') { c } else { '_' }).collect()
}

#[cfg(test)]
mod tests {
    use super::safe_name;

    #[test]
    fn a_file_name_cannot_end_its_header() {
        assert_eq!(safe_name("openapi-v1.yaml"), "openapi-v1.yaml");
        assert_eq!(safe_name("a\"; filename=b\r\nX: ü/..\\"), "a___filename_b__X____.._");
    }
}
