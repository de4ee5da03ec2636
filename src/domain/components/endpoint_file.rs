//! Saving the text of a Service's endpoints. The text is kept as it was written; it holds from the next deployment.

use serde_json::{Value, json};

use super::{Component, Kind, record, settings::not_written, store};
use crate::domain::{
    Caller, Context, audit,
    endpoints::{self, Endpoint, Severity},
    problem::{Error, Problem, Problems, Result},
};

/// As typed.
#[derive(Clone, Debug, Default)]
pub struct EndpointFile {
    /// In any of the three formats.
    pub text: String,
    /// Name of the endpoint that has the component's own path; empty: as it is, or the first.
    pub default_endpoint: String,
    /// [`Component::revision`] that the form was filled from.
    pub revision: i64,
}

/// Saves the endpoints of a Service. Errors in the text refuse it, each a problem of `yaml` with its line and column.
pub async fn save_endpoints(context: &Context, caller: &Caller, component: &Component, file: EndpointFile) -> Result<Component> {
    if component.organization_id != caller.organization_id || component.kind() != Kind::Service {
        return Err(Error::NotFound);
    }
    let text = own_line_breaks(file.text, &component.endpoints_yaml);
    let endpoints = readable(&text)?;
    let after = Component {
        default_endpoint: choose_default(&file.default_endpoint, component, &endpoints)?,
        endpoints_yaml: text,
        revision: component.revision.saturating_add(1),
        ..component.clone()
    };
    let mut tx = context.db.begin().await?;
    if store::update_endpoints(&mut tx, file.revision, &after).await? == 0 {
        drop(tx);
        return Err(not_written(context, component).await?);
    }
    record(context, &mut tx, caller, "component.endpoints", &after, changes(component, &after, &endpoints)).await?;
    tx.commit().await?;
    Ok(after)
}

/// A browser sends every line break of a text area as CRLF; they become again what the present text has.
fn own_line_breaks(text: String, present: &str) -> String {
    if present.contains("\r\n") { text } else { text.replace("\r\n", "\n") }
}

/// The endpoints of a text without errors.
fn readable(text: &str) -> Result<Vec<Endpoint>, Problems> {
    let reading = endpoints::read(text);
    let mut problems = Problems::default();
    for finding in reading.problems.iter().filter(|finding| finding.severity == Severity::Error) {
        problems.add("yaml", finding.code, format!("line {}, column {}: {}", finding.line, finding.column, finding.message));
    }
    if problems.is_empty() { Ok(reading.endpoints) } else { Err(problems) }
}

/// The endpoint that was chosen, as the text spells it; none: the first.
fn choose_default(typed: &str, component: &Component, endpoints: &[Endpoint]) -> Result<Option<String>, Problem> {
    let named = |name: &str| endpoints.iter().find(|endpoint| endpoint.name.to_lowercase() == name.to_lowercase());
    if typed.is_empty() {
        return Ok(component.default_endpoint.as_deref().and_then(named).map(|endpoint| endpoint.name.clone()));
    }
    match named(typed) {
        Some(endpoint) => Ok(Some(endpoint.name.clone())),
        None => {
            let names = endpoints.iter().map(|endpoint| endpoint.name.as_str()).collect::<Vec<_>>().join(", ");
            let message = format!("The default endpoint must be one of those in the text: {names}.");
            Err(Problem::new("default_endpoint", "unknown", message))
        }
    }
}

/// For the audit log: which endpoints came, went and changed, and what else did.
fn changes(before: &Component, after: &Component, endpoints: &[Endpoint]) -> Value {
    let old = endpoints::read(&before.endpoints_yaml).endpoints;
    let names = |list: &[Endpoint], is_told: &dyn Fn(&Endpoint) -> bool| -> Vec<String> {
        list.iter().filter(|endpoint| is_told(endpoint)).map(|endpoint| endpoint.name.clone()).collect()
    };
    let is_in = |list: &[Endpoint], name: &str| list.iter().any(|endpoint| endpoint.name == name);
    let mut told =
        audit::differences(&json!({ "default_endpoint": before.default_endpoint }), &json!({ "default_endpoint": after.default_endpoint }));
    let lists = [
        ("added", names(endpoints, &|endpoint| !is_in(&old, &endpoint.name))),
        ("removed", names(&old, &|endpoint| !is_in(endpoints, &endpoint.name))),
        ("changed", names(endpoints, &|endpoint| is_in(&old, &endpoint.name) && !old.contains(endpoint))),
    ];
    for (what, names) in lists.into_iter().filter(|(_, names)| !names.is_empty()) {
        told.insert(what.to_owned(), json!(names));
    }
    if told.is_empty() {
        let is_same = before.endpoints_yaml == after.endpoints_yaml;
        told.insert("text".to_owned(), json!(if is_same { "saved again" } else { "comments or layout" }));
    }
    Value::Object(told)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        domain::{
            components::{NewComponent, create, get},
            testing::{Shop, fields},
        },
        fetch_all,
    };

    const TEXT: &str =
        "# ours\nversion: 0.1\nendpoints:\n  - name: Public API\n    port: 8080\n    type: TCP\n    networkVisibility: Public\n";

    fn typed(text: &str, revision: i64) -> EndpointFile {
        EndpointFile { text: text.into(), default_endpoint: String::new(), revision }
    }

    /// A second after whatever was before, so that the log has an order.
    async fn save(shop: &Shop, component: &Component, file: EndpointFile) -> Result<Component> {
        shop.bed.clock.advance(1);
        save_endpoints(shop.context(), &shop.caller, component, file).await
    }

    async fn audited(shop: &Shop) -> Vec<Value> {
        let sql = "SELECT CAST(detail AS TEXT) FROM audit WHERE action = 'component.endpoints' ORDER BY id";
        let rows = fetch_all!(shop.context().db, (String,), sql).unwrap();
        rows.into_iter().map(|(detail,)| serde_json::from_str(&detail).unwrap()).collect()
    }

    #[tokio::test]
    async fn a_text_is_saved_as_it_was_written_and_the_audit_log_says_what_changed() {
        let shop = Shop::open().await;
        let file = EndpointFile { default_endpoint: "public api".into(), ..typed(&TEXT.replace('\n', "\r\n"), 1) };
        save(&shop, &shop.component, file).await.unwrap();
        let now = get(shop.context(), &shop.caller, &shop.project, "greeter").await.unwrap();
        assert_eq!((now.endpoints_yaml.as_str(), now.revision), (TEXT, 2));
        assert_eq!(now.default_endpoint.as_deref(), Some("Public API"), "as the text spells it");

        let text = TEXT.replace("8080", "9090");
        save(&shop, &now, typed(&text, 2)).await.unwrap();
        let now = get(shop.context(), &shop.caller, &shop.project, "greeter").await.unwrap();
        assert_eq!(now.default_endpoint.as_deref(), Some("Public API"), "empty: as it was");
        let text = text.replace("Public API", "other").replace("# ours", "# theirs");
        let now = save(&shop, &now, typed(&text, 3)).await.unwrap();
        assert_eq!(now.default_endpoint, None, "it went: the first");
        save(&shop, &now, typed(&text.replace("# theirs", "#"), 4)).await.unwrap();

        let told = audited(&shop).await;
        assert_eq!(told[0]["added"], json!(["Public API"]));
        assert_eq!(told[1], json!({ "changed": ["Public API"] }));
        assert_eq!((&told[2]["added"], &told[2]["removed"]), (&json!(["other"]), &json!(["Public API"])));
        assert_eq!(told[3], json!({ "text": "comments or layout" }));
    }

    #[tokio::test]
    async fn errors_refuse_a_text_with_line_and_column() {
        let shop = Shop::open().await;
        let text = TEXT.replace("8080", "0").replace("TCP", "FTP");
        let saved = save_endpoints(shop.context(), &shop.caller, &shop.component, typed(&text, 1)).await;
        let Err(Error::Invalid(problems)) = saved else { panic!("{saved:?}") };
        assert_eq!(problems.0.iter().map(|problem| problem.field.as_ref()).collect::<Vec<_>>(), ["yaml", "yaml"]);
        assert!(problems.0[0].message.starts_with("line 5, column 11: port must be"), "{problems:?}");
        let unknown = EndpointFile { default_endpoint: "nobody".into(), ..typed(TEXT, 1) };
        let saved = save_endpoints(shop.context(), &shop.caller, &shop.component, unknown).await;
        assert_eq!(fields(saved), [("default_endpoint".into(), "unknown".into())]);
        assert!(audited(&shop).await.is_empty());
    }

    #[tokio::test]
    async fn of_two_who_save_at_once_the_second_is_told() {
        let shop = Shop::open().await;
        save_endpoints(shop.context(), &shop.caller, &shop.component, typed(TEXT, 1)).await.unwrap();
        let second = save_endpoints(shop.context(), &shop.caller, &shop.component, typed(TEXT, 1)).await;
        assert!(matches!(second, Err(Error::Conflict { code: "changed_meanwhile", .. })), "{second:?}");
    }

    #[tokio::test]
    async fn only_a_service_of_the_own_organization_has_endpoints() {
        let shop = Shop::open().await;
        let other = shop.bed.other_organization(&shop.caller).await;
        assert!(matches!(save_endpoints(shop.context(), &other, &shop.component, typed(TEXT, 1)).await, Err(Error::NotFound)));
        let new = NewComponent { kind: "manual_task".into(), ..Shop::new_component(&shop.registry, "Chore") };
        let task = create(shop.context(), &shop.caller, &shop.project, new).await.unwrap();
        assert!(matches!(save_endpoints(shop.context(), &shop.caller, &task, typed(TEXT, 1)).await, Err(Error::NotFound)));
    }
}
