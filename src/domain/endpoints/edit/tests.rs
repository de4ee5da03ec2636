use proptest::prelude::*;

use super::{
    super::{Endpoint, EndpointKind, Visibility, read},
    *,
};

const A: &str = "# what we serve
version: 0.1
endpoints:
  # the first
  - name: greeter   # ours
    port: 9090
    type: rest
    networkVisibility: Project # nobody else

    context: '/greet'
  # the second
  - displayName: Talk
    type: TCP
    name: \"talk\"
    port: 7000
    networkVisibility: Public
    # the end
";

const C: &str = "schemaVersion: 1.2
endpoints:
- name: greeter
  service:
    basePath: /greet # deep
    port: 9090
  type: REST
  networkVisibilities:
  - Public
  - Project
  schemaFilePath: docs/openapi.yaml
- name: talk
  service: {port: 7000}
  type: TCP
  networkVisibilities: [Public,Project]
dependencies:
  serviceReferences: []
";

fn named(text: &str, name: &str) -> Endpoint {
    let reading = read(text);
    assert!(reading.is_ok(), "{:?}\n{text}", reading.problems);
    reading.endpoints.into_iter().find(|endpoint| endpoint.name == name).unwrap()
}

fn changed(text: &str, name: &str, change: impl FnOnce(&mut Endpoint)) -> Result<String, String> {
    let mut endpoint = named(text, name);
    change(&mut endpoint);
    set(text, name, &endpoint)
}

#[test]
fn only_the_scalar_changes() {
    for text in [A.to_owned(), A.replace('\n', "\r\n")] {
        assert_eq!(changed(&text, "greeter", |e| e.port = 1).unwrap(), text.replace("9090", "1"));
        assert_eq!(changed(&text, "greeter", |e| e.context = Some("/a'b".into())).unwrap(), text.replace("'/greet'", "'/a''b'"));
        assert_eq!(changed(&text, "talk", |e| e.name = "t: \"k\"".into()).unwrap(), text.replace("\"talk\"", "\"t: \\\"k\\\"\""));
        assert_eq!(
            changed(&text, "greeter", |e| e.visibilities = vec![Visibility::Organization]).unwrap(),
            text.replace("Project #", "Organization #")
        );
    }
    assert_eq!(changed(C, "greeter", |e| e.context = Some("/".into())).unwrap(), C.replace("/greet #", "/ #"));
    assert_eq!(changed(A, "greeter", |_| {}).unwrap(), A, "what is the same stays, be it written in another case");
}

#[test]
fn a_key_comes_where_it_belongs_and_goes_with_its_line() {
    let with = changed(A, "greeter", |e| e.display_name = Some("8".into())).unwrap();
    assert_eq!(with, A.replace("# ours\n", "# ours\n    displayName: \"8\"\n"));
    assert_eq!(changed(&with, "greeter", |e| e.display_name = None).unwrap(), A);
    let tcp = changed(A, "greeter", |e| e.kind = EndpointKind::Tcp).unwrap();
    assert_eq!(tcp, A.replace("rest", "TCP").replace("    context: '/greet'\n", ""), "its context goes");
    assert_eq!(changed(A, "talk", |e| e.display_name = None).unwrap(), A.replace("- displayName: Talk\n    type", "- type"));
    let base = changed(&C.replace("    basePath: /greet # deep\n", ""), "greeter", |e| e.context = Some("/x".into())).unwrap();
    assert_eq!(base, C.replace("    basePath: /greet # deep\n", "").replace("port: 9090\n", "port: 9090\n    basePath: /x\n"));
    let end = A.trim_end().strip_suffix("\n    # the end").unwrap();
    let schema = changed(end, "talk", |e| e.schema_file_path = Some("a.proto".into())).unwrap();
    assert_eq!(schema, format!("{end}\n    schemaFilePath: a.proto"), "no line break at the end");
    let empty = A.replace("Project # nobody else", "");
    assert!(changed(&empty, "greeter", |e| e.visibilities = vec![Visibility::Project]).unwrap().contains("networkVisibility: Project \n"));
}

#[test]
fn lists_of_visibilities_are_replaced_as_a_whole() {
    let wide = changed(C, "greeter", |e| e.visibilities = vec![Visibility::Organization]).unwrap();
    assert_eq!(wide, C.replace("  - Public\n  - Project\n", "  - Organization\n"));
    assert_eq!(changed(&wide, "greeter", |e| e.visibilities = vec![Visibility::Public, Visibility::Project]).unwrap(), C);
    let flow = C.replace("{port: 7000}", "\n    port: 7000");
    assert_eq!(
        changed(&flow, "talk", |e| e.visibilities = vec![Visibility::Project]).unwrap(),
        flow.replace("[Public,Project]", "[Project]")
    );
    let none = C.replace("  networkVisibilities:\n  - Public\n  - Project\n", "");
    assert_eq!(
        changed(&none, "greeter", |e| e.visibilities = vec![Visibility::Project]).unwrap(),
        none.replace("REST\n", "REST\n  networkVisibilities:\n    - Project\n")
    );
    let two = Endpoint { visibilities: vec![Visibility::Project, Visibility::Organization], ..named(A, "talk") };
    assert_eq!(named(&set(A, "talk", &two).unwrap(), "talk").visibilities, [Visibility::Organization], "A has the widest alone");
}

#[test]
fn what_a_form_can_not_edit_is_said() {
    for (text, word) in [
        (A.replace("port: 9090", "port: &p 9090"), "anchors"),
        (A.replace("name: greeter ", "name: !!str greeter "), "tags"),
        (A.replace("port: 9090", "<<: {port: 9090}"), "unusual"),
        (A.replace("name: greeter   # ours", "displayName: |\n      x\n    name: greeter"), "error"),
        (A.replace("name: greeter   # ours", "displayName: a\n      b\n    name: greeter"), "several lines"),
        (A.replace("port: 9090", "? port\n    : 9090"), "unusual"),
        (A.replace("type: rest", "type: FTP"), "errors"),
        ("version: 0.1\nendpoints:\n  - {name: greeter, type: TCP, port: 1}\n".into(), "brackets"),
        ("version: 0.1\nendpoints: [{name: greeter, type: TCP, port: 1}]\n".into(), "brackets"),
    ] {
        let told = editable(&text, "greeter").unwrap_err();
        assert!(told.contains(word) && told.ends_with('.'), "{told}\n{text}");
    }
    assert!(editable(C, "talk").unwrap_err().contains("brackets"));
    assert!(editable(A, "nobody").unwrap_err().contains("no such endpoint"));
    assert_eq!((editable(A, "greeter"), editable(A, "TALK"), editable(C, "greeter")), (Ok(()), Ok(()), Ok(())));
}

#[test]
fn an_edit_that_the_rules_refuse_is_not_given_out() {
    assert!(changed(A, "greeter", |e| e.name = "Talk".into()).unwrap_err().contains("taken"));
    assert!(changed(A, "greeter", |e| e.context = Some("greet".into())).unwrap_err().contains("start with"));
    assert!(remove(C, "greeter").and_then(|one| remove(&one, "talk")).unwrap_err().contains("at least one"));
    let shared = A.replace("port: 9090", "port: &p 9090").replace("port: 7000", "port: *p");
    assert!(remove(&shared, "greeter").is_err(), "the other one needs what it names");
}

#[test]
fn endpoints_are_added_at_the_end_and_removed_with_their_lines() {
    let new = Endpoint { name: "third".into(), display_name: Some("3".into()), ..named(C, "greeter") };
    let more = add(C, &new).unwrap();
    let lines = "- name: third\n  displayName: \"3\"\n  service:\n    port: 9090\n    basePath: /greet\n  type: REST\n  networkVisibilities:\n    - Public\n    - Project\n  schemaFilePath: docs/openapi.yaml\n";
    assert_eq!(more, C.replace("dependencies", &format!("{lines}dependencies")));
    assert_eq!(remove(&more, "third").unwrap(), C);
    for text in [A.to_owned(), A.replace('\n', "\r\n"), A.trim_end().to_owned()] {
        let more = add(&text, &new).unwrap();
        assert_eq!(read(&more).endpoints.len(), 3);
        assert_eq!(more.contains('\r'), text.contains('\r'));
        assert!(more.lines().all(|line| text.contains('\r') == more.contains("\r\n") || !line.ends_with('\r')));
    }
    assert_eq!(read(&add("", &new).unwrap()).endpoints.len(), 1);
    let left = remove(A, "greeter").unwrap();
    assert!(left.contains("# the first") && left.contains("# the second") && !left.contains("greet"), "{left}");
}

#[test]
fn a_file_becomes_a_component_yaml_with_the_comments_above_its_endpoints() {
    let converted = convert(A).unwrap();
    insta::assert_snapshot!(converted.text, @r"
    schemaVersion: 1.2
    endpoints:
      # the first
      - name: greeter
        service:
          port: 9090
          basePath: /greet
        type: REST
        networkVisibilities:
          - Project
      # the second
      - name: talk
        displayName: Talk
        service:
          port: 7000
        type: TCP
        networkVisibilities:
          - Public
    ");
    let dropped: Vec<_> = converted.dropped.iter().map(|(line, words)| format!("{line} {words}")).collect();
    assert_eq!(dropped, ["1 what we serve", "5 ours", "8 nobody else", "17 the end"]);
    assert!(convert(&converted.text).unwrap_err().contains("already"));
    assert!(convert("version: 0.1\n").unwrap_err().contains("errors"));
}

#[test]
fn references_of_format_b_move_to_the_dependencies() {
    let b = "apiVersion: core.choreo.dev/v1beta1
kind: ComponentConfig
spec:
  inbound: [{name: a, port: 1, type: UDP, networkVisibility: Public}]
  outbound:
    serviceReferences:
      - {name: 'choreo:///x', connectionConfig: \"1\", env: [{from: A, to: B}]}
";
    insta::assert_snapshot!(convert(b).unwrap().text, @r#"
    schemaVersion: 1.2
    endpoints:
      - name: a
        service:
          port: 1
        type: UDP
        networkVisibilities:
          - Public
    dependencies:
      serviceReferences:
        - name: "choreo:///x"
          connectionConfig: "1"
          env:
            - from: A
              to: B
    "#);
}

/// Values that are written plain or in quotes of any kind without a change of style.
fn edit() -> impl Strategy<Value = (String, u16, Visibility, String)> {
    ("[a-z][a-z0-9]{0,9}z", 1_u16.., proptest::sample::select(&Visibility::ALL), "(/[a-z]{1,5}){1,3}")
}

fn other_lines(text: &str) -> Vec<&str> {
    text.lines().filter(|line| line.trim_start().starts_with('#') || line.is_empty()).collect()
}

proptest! {
    #[test]
    fn an_edit_reads_as_it_was_wanted_and_back_gives_the_same_bytes(
        (name, port, visibility, path) in edit(), is_c in any::<bool>(), crlf in any::<bool>(), talk in any::<bool>(),
    ) {
        let text = if is_c { C.replace("{port: 7000}", "\n    port: 7000") } else { A.to_owned() };
        let text = if crlf { text.replace('\n', "\r\n") } else { text };
        let (which, other) = if talk { ("talk", "greeter") } else { ("greeter", "talk") };
        let old = named(&text, which);
        let count = if is_c { old.visibilities.clone() } else { vec![visibility] };
        let new = Endpoint { name: name.clone(), port, visibilities: count, context: old.context.as_ref().map(|_| path), ..old.clone() };
        let edited = set(&text, which, &new).unwrap();
        prop_assert_eq!(named(&edited, &name), new);
        prop_assert_eq!(named(&edited, other), named(&text, other));
        prop_assert_eq!(other_lines(&edited), other_lines(&text));
        prop_assert_eq!(set(&edited, &name, &old).unwrap(), text);
    }

    #[test]
    fn an_edit_of_any_text_is_refused_or_says_what_was_wanted(
        name in "[^\\p{Cc}]{0,12}", display_name in proptest::option::of("\\PC{0,12}"), path in "/?[a-z#:' ]{0,8}", port in any::<u16>(),
        kind in proptest::sample::select(&EndpointKind::ALL), text in proptest::sample::select(&[A, C]),
    ) {
        let new = Endpoint { name, display_name, port, kind, context: Some(path.clone()), schema_file_path: Some(path), ..named(text, "greeter") };
        for edited in [set(text, "greeter", &new), add(text, &new)].into_iter().flatten() {
            let reading = read(&edited);
            prop_assert!(reading.is_ok());
            prop_assert!(reading.endpoints.iter().any(|endpoint| endpoint.name == new.name && endpoint.port == new.port));
            prop_assert_eq!(named(&edited, "talk"), named(text, "talk"));
        }
    }
}
