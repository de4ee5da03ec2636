use super::super::read;
use super::{codes, findings};

#[test]
fn all_problems_of_a_file_at_once() {
    insta::assert_snapshot!(findings(
        "version: 0.2
endpoints:
  - name: One
    port: 0
    type: HTTP
    networkVisibility: World
    context: api
  - name: one
    prt: 8080
    port: \"8081\"
    type: REST
    networkVisibility: Public
    context: /a//b
    service: {}
  - nmae: two
    port: 80.5
    type: [REST]
    networkVisibility: Project
  - just text
  - name: 42
    port:
    type: TCP
    networkVisibility: Project
"
    ), @r#"
    1:10 error version_unsupported [version] version must be the number 0.1; it is "0.2".
    4:11 error port_invalid [endpoints[0].port] port must be a whole number from 1 to 65535; it is "0".
    5:11 error type_unknown [endpoints[0].type] type must be one of REST, GraphQL, GRPC, WS, TCP and UDP; it is "HTTP".
    6:24 error visibility_unknown [endpoints[0].networkVisibility] networkVisibility must be one of Project, Organization and Public; it is "World".
    7:14 error context_invalid [endpoints[0].context] context must start with "/"; it is "api".
    8:11 error name_taken [endpoints[1].name] name "one" is taken by the endpoint in line 3; case makes no difference. Choose another.
    9:5 warning unknown_key [endpoints[1].prt] "prt" is not a known key and is ignored. Did you mean port?
    10:11 error port_invalid [endpoints[1].port] port must be a whole number from 1 to 65535; write it without quotes.
    13:14 error context_invalid [endpoints[1].context] context must be a path of at most 1024 letters, digits and -._~!$&'()*+,;=:@%/ without empty, "." and ".." parts; it is "/a//b".
    14:5 warning unknown_key [endpoints[1].service] "service" is not a known key and is ignored. In this format port and context stand directly in the entry.
    15:5 warning unknown_key [endpoints[2].nmae] "nmae" is not a known key and is ignored. Did you mean name?
    15:5 error required [endpoints[2].name] name is missing. It is required: a name that is unique in the file.
    16:11 error port_invalid [endpoints[2].port] port must be a whole number from 1 to 65535; it is "80.5".
    17:11 error wrong_type [endpoints[2].type] type must be text; it is a list.
    19:5 error wrong_type [endpoints[3]] endpoints[3] must be a mapping (lines of "key: value"); it is text.
    20:11 error wrong_type [endpoints[4].name] name must be text. Put 42 in quotes.
    21:5 error required [endpoints[4].port] port is empty. It is required: a whole number from 1 to 65535.
    "#);
}

#[test]
fn format_b_names_its_version_and_kind() {
    insta::assert_snapshot!(findings("apiVersion: v1\nkind: Service\nspec:\n  inbund: []\n"), @r#"
    1:13 error version_unsupported [apiVersion] apiVersion must be core.choreo.dev/v1beta1; it is "v1".
    2:7 error version_unsupported [kind] kind must be ComponentConfig; it is "Service".
    4:3 warning unknown_key [spec.inbund] "inbund" is not a known key and is ignored. Did you mean inbound?
    4:3 error required [spec.inbound] inbound is missing. It is required: a list with at least one endpoint.
    "#);
    insta::assert_snapshot!(findings("apiVersion: core.choreo.dev/v1beta1\nkind: ComponentConfig\nspec: text\n"), @r#"
    3:7 error wrong_type [spec] spec must be a mapping (lines of "key: value"); it is text.
    "#);
}

#[test]
fn format_c_tells_where_keys_of_format_a_belong() {
    insta::assert_snapshot!(findings(
        "schemaVersion: 1.0
endpoints:
  - name: a
    port: 8080
    context: /
    type: REST
    networkVisibility: Public
  - name: b
    service:
      port: 70000
      basePath: b
    type: WS
    networkVisibilities: [Public, public, Galaxy]
  - name: c
    service: 8080
    type: TCP
    networkVisibilities: []
dependencies:
  connectionReferences:
    - name: db
  extra: true
configurations: []
"
    ), @r#"
    3:5 error required [endpoints[0].service] service is missing. It is required: a mapping with port and basePath.
    3:5 warning visibility_default [endpoints[0].networkVisibilities] networkVisibilities is not given, so this endpoint is Public: anyone can call it. Write Project, Organization or Public.
    4:5 warning unknown_key [endpoints[0].port] "port" is not a known key and is ignored. In this format it stands under service.
    5:5 warning unknown_key [endpoints[0].context] "context" is not a known key and is ignored. In this format it is basePath under service.
    7:5 warning unknown_key [endpoints[0].networkVisibility] "networkVisibility" is not a known key and is ignored. In this format it is the list networkVisibilities.
    10:13 error port_invalid [endpoints[1].service.port] port must be a whole number from 1 to 65535; it is "70000".
    11:17 error context_invalid [endpoints[1].service.basePath] basePath must start with "/"; it is "b".
    13:35 warning visibility_repeated [endpoints[1].networkVisibilities[1]] Public is listed twice. Remove one.
    13:43 error visibility_unknown [endpoints[1].networkVisibilities[2]] networkVisibilities[2] must be one of Project, Organization and Public; it is "Galaxy".
    15:14 error wrong_type [endpoints[2].service] service must be a mapping (lines of "key: value"); it is a number.
    17:5 warning visibility_default [endpoints[2].networkVisibilities] networkVisibilities is not given, so this endpoint is Public: anyone can call it. Write Project, Organization or Public.
    18:1 note not_acted_on [dependencies] dependencies is kept in the file, but Slipway does not act on it yet.
    19:3 warning needs_newer_schema [dependencies.connectionReferences] connectionReferences needs schemaVersion 1.1 or newer.
    20:7 warning required [dependencies.connectionReferences[0].resourceRef] resourceRef is missing.
    21:3 warning unknown_key [dependencies.extra] "extra" is not a known key and is ignored. Known here: serviceReferences, connectionReferences.
    22:1 note not_acted_on [configurations] configurations is kept in the file, but Slipway does not act on it yet.
    22:17 warning wrong_type [configurations] configurations should be a mapping.
    "#);
}

#[test]
fn names_and_addresses_are_unique() {
    insta::assert_snapshot!(findings(
        "version: 0.1
endpoints:
  - {name: Read List, port: 1, type: TCP, networkVisibility: Project}
  - {name: read list, port: 2, type: TCP, networkVisibility: Project}
  - {name: read-list, port: 3, type: TCP, networkVisibility: Project}
  - {name: '...', port: 4, type: TCP, networkVisibility: Project}
"
    ), @r#"
    4:12 error name_taken [endpoints[1].name] name "read list" is taken by the endpoint in line 3; case makes no difference. Choose another.
    5:12 error address_taken [endpoints[2].name] name "read-list" gives the same address as "Read List" in line 3 (read-list). Choose a name that differs in its first 30 letters and digits.
    6:12 error name_invalid [endpoints[3].name] name "..." gives no address. Use at least one letter a-z or digit, and displayName for the rest.
    "#);
}

#[test]
fn a_shared_port_is_warned_of() {
    let text = "version: 0.1
endpoints:
  - {name: a, port: 80, type: TCP, networkVisibility: Project}
  - {name: b, port: 80, type: UDP, networkVisibility: Public}
  - {name: c, port: 80, type: GRPC, networkVisibility: Public}
  - {name: d, port: 80, type: TCP, networkVisibility: Project}
";
    insta::assert_snapshot!(findings(text), @r#"
    5:21 warning port_visibility [endpoints[2].port] Port 80 is Project for "a" and Public for "c"; access works per port, so Public holds for both. Use two ports to keep them apart.
    6:21 warning port_visibility [endpoints[3].port] Port 80 is Public for "c" and Project for "d"; access works per port, so Public holds for both. Use two ports to keep them apart.
    "#);
    assert!(read(text).is_ok());
}

#[test]
fn yaml_problems_have_a_place() {
    assert_eq!(codes("version: 0.1\nversion: 0.1\nendpoints: []\n"), ["2:1 duplicate_key", "3:12 required"]);
    assert_eq!(codes("version: 0.1\nendpoints:\n\t- name: a\n"), ["3:1 yaml_tab"]);
    assert_eq!(codes("version: 0.1\nendpoints: [\n"), ["2:12 yaml_syntax"]);
    assert_eq!(codes("version: 0.1\nendpoints:\n  - name: \"a\n"), ["3:11 yaml_syntax"]);
    assert_eq!(codes("version: 0.1\nendpoints:\n  - name: a: b\n"), ["3:12 yaml_syntax"]);
    assert_eq!(codes("version: 0.1\nendpoints:\n  - name: a\n   port: 1\n"), ["4:4 yaml_syntax"]);
    assert_eq!(codes("version: 0.1\nendpoints: *list\n"), ["2:12 alias_unknown"]);
    assert_eq!(codes("version: 0.1\nendpoints: &e [*e]\n"), ["2:16 alias_recursive"]);
    assert_eq!(codes("version: 0.1\nendpoints: !mine []\n"), ["2:18 tag_ignored", "2:18 required"]);
    assert_eq!(codes("version: 0.1\n[a]: b\nendpoints: []\n"), ["2:1 key_not_text", "3:12 required"]);
    assert_eq!(codes("version: 0.1\nendpoints: []\n---\nversion: 0.1\n"), ["2:12 required", "3:1 several_documents"]);
    assert_eq!(codes("version: 0.1\né: é \u{1}\n"), ["2:6 yaml_control_character"]);
    assert_eq!(codes("version: 0.1\nendpoints:\n  <<: 5\n"), ["3:3 merge_invalid", "3:3 wrong_type"]);
}

#[test]
fn paths_lead_to_the_problem() {
    let paths = |text: &str| read(text).problems.into_iter().map(|p| p.path).collect::<Vec<_>>();
    assert!(paths("version: 0.1\nendpoints:\n  - a: 1\n  - a: 1\n    a: 2\n").contains(&"endpoints[1].a".to_owned()));
    assert!(paths("spec:\n  inbound:\n    - port: x\n").contains(&"spec.inbound[0].port".to_owned()));
    assert!(paths("schemaVersion: 1\nendpoints:\n  - service:\n      port: x\n").contains(&"endpoints[0].service.port".to_owned()));
}

#[test]
fn files_without_a_format() {
    assert_eq!(codes(""), ["1:1 file_empty"]);
    assert_eq!(codes("# only a comment\n"), ["1:1 file_empty"]);
    assert_eq!(codes("- a\n"), ["1:1 wrong_type"]);
    assert_eq!(codes("hello\n"), ["1:1 wrong_type"]);
    assert_eq!(codes("a: b\n"), ["1:1 format_unknown"]);
}

#[test]
fn json_is_what_the_contract_says() {
    let json = serde_json::to_value(read("version: 0.1\nendpoints:\n  - {name: a, type: TCP, networkVisibility: Project}\n")).unwrap();
    insta::assert_json_snapshot!(json, @r#"
    {
      "endpoints": [],
      "format": "endpoints.yaml",
      "problems": [
        {
          "code": "required",
          "column": 5,
          "line": 3,
          "message": "port is missing. It is required: a whole number from 1 to 65535.",
          "path": "endpoints[0].port",
          "severity": "error"
        }
      ]
    }
    "#);
}
