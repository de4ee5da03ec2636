use super::*;

fn summary(file_name: &str, content: &str) -> String {
    match check(file_name, content.as_bytes()) {
        Ok(checked) => checked.summary,
        Err(problems) => problems.0.iter().map(|problem| format!("[{}] {}", problem.code, problem.message)).collect::<Vec<_>>().join("\n"),
    }
}

const OPENAPI: &str = "openapi: 3.0.3
info: {title: Greeter API, version: 1.0}
servers:
  - url: https://api.example.com:9443/greet/
paths:
  /hello:
    get:
      operationId: hello
      responses:
        200: {description: OK}
        default: {description: no}
  /bye/{name}:
    parameters: []
    post: {responses: {4XX: {description: no}}}
  x-internal: true
";

const GRAPHQL: &str = "# greets
schema { query: Query }
\"\"\" a (description] \"\"\"
type Query { hello(name: String! = \"x\", in: In): [Greeting!]! }
type Greeting implements Node @deprecated { id: ID!, words: String }
interface Node { id: ID! }
input In { deep: [[Int]] }
union Any = Greeting
enum Color { RED }
scalar Date
extend type Greeting { at: Date }
";

#[test]
fn every_kind_is_told_by_its_content_and_name() {
    for (name, content, expected) in [
        ("a.yaml", OPENAPI, "OpenAPI 3.0, 2 paths"),
        ("a", OPENAPI, "OpenAPI 3.0, 2 paths"),
        ("a.json", r#"{"openapi":"3.1.0","info":{"title":"A","version":"1"},"webhooks":{}}"#, "OpenAPI 3.1, 0 paths"),
        (
            "a.txt",
            "\u{feff}{\n\t\"swagger\": \"2.0\", \"info\": {\"title\": \"\\ud83d\\ude00\", \"version\": \"1\"},\n\t\"paths\": {\"/\": {}}}",
            "Swagger 2.0, 1 path",
        ),
        ("a.yml", "asyncapi: 2.6.0\ninfo: {title: A, version: '1'}\nchannels: {a: {}, b: {}}\n", "AsyncAPI 2.6, 2 channels"),
        ("a.yml", "asyncapi: 3.0.0\ninfo: {title: A, version: '1'}\n", "AsyncAPI 3.0, 0 channels"),
        ("a.graphql", GRAPHQL, "GraphQL, 7 types"),
        ("schema", GRAPHQL, "GraphQL, 7 types"),
        (
            "a.proto",
            "syntax = \"proto3\";\npackage a; // ({[\nservice A { rpc B (C) returns (C); }\nservice D {}\nmessage C {}\n",
            "protobuf, 2 services",
        ),
        ("a.proto", "syntax = \"proto3\";\nmessage C {}\n", "protobuf, 1 message"),
    ] {
        assert_eq!(summary(name, content), expected, "{content}");
    }
}

#[test]
fn all_problems_of_an_openapi_file_come_with_line_and_column() {
    let bad = OPENAPI
        .replace("version: 1.0}", "description: x}")
        .replace("/bye/", "bye/")
        .replace("post:", "operationId: x\n    psot:")
        .replace("    parameters: []", "    get: {operationId: hello}")
        .replace("default:", "ok:");
    insta::assert_snapshot!(summary("o.yaml", &bad), @r#"
    [required] o.yaml, line 2, column 7: version is missing. It is required: the version of the API.
    [response_invalid] o.yaml, line 11, column 9: A response is named by its status (200, 4XX) or default; this one is "ok".
    [path_invalid] o.yaml, line 12, column 3: A path starts with "/"; this one is "bye/{name}".
    [required] o.yaml, line 13, column 10: responses is missing. OpenAPI 3.0 requires it for every operation.
    [operation_id_taken] o.yaml, line 13, column 24: operationId "hello" is taken by the operation in line 8. Choose another.
    [method_unknown] o.yaml, line 14, column 5: "operationId" is neither a method nor another key of a path. Methods are get, put, post, delete, options, head, patch, trace.
    [method_unknown] o.yaml, line 15, column 5: "psot" is neither a method nor another key of a path. Methods are get, put, post, delete, options, head, patch, trace.
    "#);
    insta::assert_snapshot!(summary("o.yaml", "openapi: 4.0\n"), @r#"
    [version_unsupported] o.yaml, line 1, column 10: openapi must be 3.0 or 3.1; it is "4.0".
    "#);
    insta::assert_snapshot!(summary("o.yaml", "openapi: 3.0.0\ninfo:\n"), @r#"
    [required] o.yaml, line 1, column 1: paths is missing. It is required: a mapping, be it empty.
    [required] o.yaml, line 2, column 1: info is empty. It is required: a mapping with title and version.
    "#);
    insta::assert_snapshot!(summary("o.json", "{\"openapi\": \"3.1.0\",\n \"info\": {\"title\": 1, \"title\": \"b\"},\n \"paths\": [],}"), @r#"
    [duplicate_key] o.json, line 2, column 23: The key "title" stands here a second time. Remove one.
    [json_syntax] o.json, line 3, column 14: A key in double quotes is expected here.
    "#);
}

#[test]
fn all_problems_of_a_graphql_file_come_with_line_and_column() {
    insta::assert_snapshot!(summary("g.graphql", "type Query {\n  a: Strin\n  b(c: X): [Y!]\n  a: Int\n}\ntype Query { d: Int }\n"), @r#"
    [type_unknown] g.graphql, line 2, column 6: There is no type "Strin". Define it, or correct its name.
    [type_unknown] g.graphql, line 3, column 8: There is no type "X". Define it, or correct its name.
    [type_unknown] g.graphql, line 3, column 12: There is no type "Y". Define it, or correct its name.
    [field_taken] g.graphql, line 4, column 3: Query has two fields "a". Remove one.
    [type_taken] g.graphql, line 6, column 6: The type "Query" is defined in line 1 already. Remove one, or write extend.
    "#);
    insta::assert_snapshot!(summary("g.graphql", "type Query {\n  a Int\n}\n"), @r#"
    [graphql_syntax] g.graphql, line 2, column 5: This is not GraphQL SDL: expected arguments definition.
    "#);
    assert_eq!(
        summary("g.graphql", "extend schema @link(url: \"x\", import: [\"FieldSet\"])\ntype Query { a: FieldSet }"),
        "GraphQL, 1 type"
    );
}

#[test]
fn what_is_no_schema_is_refused() {
    insta::assert_snapshot!(summary("p.proto", "syntax = \"proto3\";\nmessage A {\n  strin\n}\n"), @r#"
    [protobuf_syntax] p.proto, line 4, column 1: This is not protobuf: expected '.' or an identifier, but found '}'.
    "#);
    insta::assert_snapshot!(summary("a.yaml", "hello: world\n"), @r#"
    [schema_unknown] a.yaml, line 1, column 1: This is no API description: it has none of the keys openapi, swagger and asyncapi.
    "#);
    insta::assert_snapshot!(summary("a.txt", "hello"), @r#"
    [schema_unknown] a.txt is none of OpenAPI, Swagger, AsyncAPI (JSON or YAML), GraphQL SDL and protobuf. Choose another file.
    "#);
    insta::assert_snapshot!(summary("a.yaml", "a: [\n"), @r#"
    [yaml_syntax] a.yaml, line 1, column 4: The bracket [ is never closed. Close it, or write one entry per line without brackets.
    "#);
    assert!(summary("a.yaml", "asyncapi: 1.2.0\n").starts_with("[version_unsupported] a.yaml, line 1, column 11"));
    assert_eq!(check("a.yaml", b"\xff").unwrap_err().0[0].code, "not_text");
    assert_eq!(check("a.yaml", &vec![b' '; MAX_BYTES + 1]).unwrap_err().0[0].code, "file_too_large");
    let many = check("a.json", format!("{{{}\"openapi\":1}}", "\"a\":1,".repeat(99)).as_bytes()).unwrap_err();
    assert_eq!((many.0.len(), many.0[20].code.as_ref()), (21, "more_problems"));
}

#[test]
fn hostile_files_are_refused_in_time() {
    let deep = |open: &str, close: &str| format!("{}{}", open.repeat(200_000), close.repeat(200_000));
    for (name, content) in [
        ("a.json", deep("[", "]")),
        ("b.json", deep("{\"a\":", "}")),
        ("a.yaml", deep("[", "]")),
        ("a.yaml", (0..2_000).map(|i| format!("{}a:\n", " ".repeat(i))).collect()),
        (
            "a.yaml",
            format!(
                "a: &a [1,1,1,1,1,1,1,1,1]\n{}openapi: *z\n",
                ('b'..='z')
                    .map(|c| format!("{c}: &{c} [{}]\n", format!("*{},", char::from_u32(c as u32 - 1).unwrap()).repeat(9)))
                    .collect::<String>()
            ),
        ),
        ("a.graphql", format!("type Q {{ a: {} }}", deep("[", "]"))),
        ("a.graphql", format!("type Q {{ a(b: Int = {}): Int }}", deep("{a:", "}"))),
        ("a.proto", format!("syntax = \"proto3\"; {}", deep("message A {", "}"))),
        ("a.proto", format!("option (a) = {};", deep("{a:", "}"))),
        ("a.graphql", "a ".repeat(1_000_000)),
        ("a.json", "\"".repeat(1_000_000)),
        ("a.json", format!("[{}1]", "1,".repeat(600_000))),
    ] {
        let begun = std::time::Instant::now();
        assert!(check(name, content.as_bytes()).is_err(), "{name}");
        assert!(begun.elapsed().as_secs() < 30, "{name}: {:?}", begun.elapsed());
    }
    // What is just within the limits is read.
    let nested = format!("type Q {{ a(b: Int = {}1{}): {}Int{} }}", "[".repeat(60), "]".repeat(60), "[".repeat(60), "]".repeat(60));
    assert_eq!(summary("a.graphql", &nested), "GraphQL, 1 type");
}

#[test]
fn an_endpoint_is_made_of_a_file() {
    let made = endpoint_of("o.yaml", OPENAPI.as_bytes()).unwrap();
    assert_eq!((made.name.as_str(), made.port, made.context.as_deref()), ("Greeter API", 9443, Some("/greet")));
    assert_eq!(
        (made.kind, made.visibilities, made.schema_file_path.as_deref()),
        (EndpointKind::Rest, vec![Visibility::Project], Some("o.yaml"))
    );
    let of_url = |url: &str| {
        let made =
            endpoint_of("my.yaml", OPENAPI.replace("https://api.example.com:9443/greet/", url).replace("Greeter API", "日本").as_bytes())
                .unwrap();
        (made.name, made.port, made.context.unwrap())
    };
    assert_eq!(of_url("/v1"), ("my".into(), 8080, "/v1".into()));
    assert_eq!(of_url("'https://{host}/{version}'"), ("my".into(), 8080, "/".into()));
    assert_eq!(of_url("http://[::1]:80"), ("my".into(), 80, "/".into()));
    let swagger = "swagger: '2.0'\ninfo: {title: Old, version: '1'}\nhost: x.example.com:81\nbasePath: /api\npaths: {}\n";
    let made = endpoint_of("s.yaml", swagger.as_bytes()).unwrap();
    assert_eq!((made.name.as_str(), made.port, made.context.as_deref()), ("Old", 81, Some("/api")));
    assert_eq!(endpoint_of("g.graphql", GRAPHQL.as_bytes()).unwrap().context.as_deref(), Some("/graphql"));
    assert_eq!(endpoint_of("p.proto", b"syntax = \"proto3\";").unwrap().kind, EndpointKind::Grpc);
    assert!(endpoint_of("a.yaml", b"asyncapi: 3.0.0\ninfo: {title: A, version: '1'}\n").unwrap_err().contains("by hand"));
    assert!(endpoint_of("a.yaml", b"openapi: 3.0.0\n").unwrap_err().starts_with("a.yaml, line 1"));
}

proptest::proptest! {
    #[test]
    fn any_bytes_are_checked(content in "(?s).{0,200}", name in proptest::sample::select(&["a.json", "a.yaml", "a.graphql", "a.proto", "a"])) {
        let outcome = check(name, content.as_bytes());
        if let Err(problems) = outcome {
            proptest::prop_assert!(!problems.is_empty());
        }
    }

    #[test]
    fn json_is_taken_exactly_where_serde_takes_it(content in "[\\[\\]{}:,\"\\\\a0-2eE.+\n\t u-]{0,24}") {
        let ours = json::parse(&content, &mut Findings::default()).is_some();
        proptest::prop_assert_eq!(ours, serde_json::from_str::<serde_json::Value>(&content).is_ok(), "{}", content);
    }
}
