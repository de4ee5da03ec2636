use super::super::{Endpoint, EndpointKind, Format, Visibility, read};
use super::{codes, findings, listed};

fn greeter(visibilities: &[Visibility]) -> Endpoint {
    Endpoint {
        name: "greeter".into(),
        display_name: Some("Greeter API".into()),
        port: 9090,
        kind: EndpointKind::Rest,
        visibilities: visibilities.to_vec(),
        context: Some("/greet".into()),
        schema_file_path: Some("docs/openapi.yaml".into()),
    }
}

#[test]
fn format_a() {
    let reading = read(
        "# what we serve
version: 0.1
endpoints:
  - name: greeter   # the public one
    displayName: Greeter API
    port: 9090
    type: rest
    networkVisibility: organization
    context: /greet
    schemaFilePath: docs/openapi.yaml
",
    );
    assert_eq!(listed(&reading), "");
    assert_eq!((reading.format, reading.is_ok()), (Some(Format::Endpoints), true));
    assert_eq!(reading.endpoints, [greeter(&[Visibility::Organization])]);
}

#[test]
fn format_b() {
    let reading = read(
        "apiVersion: core.choreo.dev/v1beta1
kind: ComponentConfig
spec:
  inbound:
    - {name: greeter, displayName: Greeter API, port: 9090, type: REST, networkVisibility: Public, context: /greet, schemaFilePath: docs/openapi.yaml}
  outbound:
    serviceReferences:
      - name: choreo:///org/project/other/v1
        connectionConfig: 1a2b
        env:
          - from: ServiceURL
            to: OTHER_URL
",
    );
    insta::assert_snapshot!(listed(&reading), @r#"
    6:3 note not_acted_on [spec.outbound] outbound is kept in the file, but Slipway does not act on it yet.
    "#);
    assert_eq!(reading.format, Some(Format::ComponentConfig));
    assert_eq!(reading.endpoints, [greeter(&[Visibility::Public])]);
}

#[test]
fn format_c() {
    let reading = read(
        "schemaVersion: 1.2
endpoints:
  - name: greeter
    displayName: Greeter API
    service:
      basePath: /greet
      port: 9090
    type: REST
    networkVisibilities: [Project, Public]
    schemaFilePath: docs/openapi.yaml
dependencies:
  connectionReferences:
    - {name: db, resourceRef: 'database:main'}
configurations:
  env:
    - name: LEVEL
      valueFrom:
        configForm: {displayName: Log level, required: false, type: string}
  file: []
proxy: {}
",
    );
    insta::assert_snapshot!(listed(&reading), @r#"
    11:1 note not_acted_on [dependencies] dependencies is kept in the file, but Slipway does not act on it yet.
    14:1 note not_acted_on [configurations] configurations is kept in the file, but Slipway does not act on it yet.
    20:1 note not_acted_on [proxy] proxy is kept in the file, but Slipway does not act on it yet.
    "#);
    assert_eq!((reading.format, reading.is_ok()), (Some(Format::Component), true));
    assert_eq!(reading.endpoints, [greeter(&[Visibility::Project, Visibility::Public])]);
}

#[test]
fn schema_versions_are_numbers_or_text() {
    let file = |version: &str| {
        format!("schemaVersion: {version}\nendpoints: [{{name: a, type: TCP, service: {{port: 1}}, networkVisibilities: [Project]}}]\n")
    };
    for version in ["1", "1.0", "1.1", "1.2", "'1'", "\"1.2\"", "1.20"] {
        assert_eq!(findings(&file(version)), "", "{version}");
    }
    for version in ["2", "1.3", "'1.10'", "one", "true", "[]"] {
        assert!(!read(&file(version)).is_ok(), "{version}");
    }
}

#[test]
fn defaults_are_warned_of() {
    let reading = read("version: 0.1\nendpoints:\n  - name: a\n    port: 80\n    type: GraphQL\n");
    insta::assert_snapshot!(listed(&reading), @r#"
    3:5 warning visibility_default [endpoints[0].networkVisibility] networkVisibility is not given, so this endpoint is Public: anyone can call it. Write Project, Organization or Public.
    3:5 warning context_default [endpoints[0].context] context is not given, so it is "/". Write the path that the service listens on.
    "#);
    assert!(reading.is_ok());
    assert_eq!(reading.endpoints[0].visibilities, [Visibility::Public]);
    assert_eq!(reading.endpoints[0].context.as_deref(), Some("/"));
}

#[test]
fn kinds_without_routes_have_no_context() {
    let reading = read("version: 0.1\nendpoints:\n  - {name: a, port: 53, type: udp, networkVisibility: Project, context: /x}\n");
    assert_eq!(reading.endpoints[0].context, None);
    assert_eq!(reading.problems[0].code, "context_ignored");
}

#[test]
fn anchors_and_merge_keys_are_resolved() {
    let reading = read(
        "version: 0.1
endpoints:
  - &base
    name: a
    port: 8080
    type: REST
    networkVisibility: Project
    context: /
  - <<: *base
    name: b
    port: 8081
",
    );
    assert_eq!(listed(&reading), "");
    let seen: Vec<_> = reading.endpoints.iter().map(|e| (e.name.as_str(), e.port, e.kind)).collect();
    assert_eq!(seen, [("a", 8080, EndpointKind::Rest), ("b", 8081, EndpointKind::Rest)]);
}

#[test]
fn an_explicit_document_and_windows_line_ends_are_fine() {
    assert_eq!(
        codes(
            "\u{feff}%YAML 1.2\r\n---\r\nversion: 0.1\r\nendpoints:\r\n  - {name: a, port: 1, type: TCP, networkVisibility: Project}\r\n...\r\n"
        ),
        Vec::<String>::new()
    );
}

#[test]
fn the_format_shows_in_its_keys() {
    let format = |text: &str| read(text).format;
    assert_eq!(format("endpoints: []"), Some(Format::Endpoints));
    assert_eq!(format("endpoints: [{service: {}}]"), Some(Format::Component));
    assert_eq!(format("version: 0.1\nschemaVersion: 1.0"), Some(Format::Component));
    assert_eq!(format("kind: ComponentConfig"), Some(Format::ComponentConfig));
    assert_eq!(format("services: []"), None);
}
