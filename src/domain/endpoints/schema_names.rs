//! Which schema files the endpoints of a text name, and whether they were uploaded.

use super::{
    cursor::Cursor,
    finding::{Finding, Findings, quoted},
    yaml,
};

/// A warning for each `schemaFilePath` whose file is not among the uploaded ones (`names`), found by its file name without
/// regard to case. Silent where the text can't be read: [`super::read`] tells why.
pub fn missing_schemas(text: &str, names: &[String]) -> Vec<Finding> {
    let Some(tree) = yaml::parse(text, &yaml::Limits::ENDPOINTS, &mut Findings::default()) else { return Vec::new() };
    let root = Cursor::root(&tree);
    let list = root.get("endpoints").or_else(|| root.get("spec")?.get("inbound"));
    let mut findings = Findings::default();
    for entry in list.and_then(|list| list.as_items()).unwrap_or_default() {
        let Some(path) = entry.get("schemaFilePath") else { continue };
        let Some(scalar) = path.scalar() else { continue };
        let name = scalar.text.rsplit(['/', '\\']).next().unwrap_or_default();
        if !names.iter().any(|uploaded| uploaded.to_lowercase() == name.to_lowercase()) {
            let message = format!("No schema file {} was uploaded, so any path of this endpoint is routed. Upload it.", quoted(name));
            findings.warning("schema_missing", &path.place(), message);
        }
    }
    findings.into_sorted()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_found_by_its_name_whatever_its_folder() {
        let text =
            "version: 0.1\nendpoints:\n  - name: a\n    schemaFilePath: docs/OpenAPI.yaml\n  - name: b\n    schemaFilePath: b.proto\n";
        assert_eq!(missing_schemas(text, &["openapi.yaml".into(), "b.proto".into()]), []);
        let missing = missing_schemas(text, &["openapi.yaml".into()]);
        assert_eq!(
            missing.iter().map(|f| (f.line, f.column, f.path.as_str())).collect::<Vec<_>>(),
            [(6, 21, "endpoints[1].schemaFilePath")]
        );
        assert!(missing[0].message.contains("\"b.proto\""), "{missing:?}");
        assert_eq!(missing_schemas(&text.replace("version: 0.1\nendpoints", "spec:\n  inbound"), &[]).len(), 2);
        assert_eq!(missing_schemas("endpoints: [", &[]), []);
    }
}
