//! Each sentence by itself, and all sentences of whole images.

use super::{super::facts::tests::image, *};
use crate::domain::images::ExposedPort;

fn node(os: &str, architecture: &str, nodes: i32) -> NodePlatform {
    NodePlatform { os: os.into(), architecture: architecture.into(), nodes }
}

fn with_user(user: &str) -> ImageFacts {
    ImageFacts { user: Some(user.into()), ..image() }
}

fn exposing(ports: &[(u16, &str)]) -> ImageFacts {
    let exposed_ports = ports.iter().map(|(port, protocol)| ExposedPort { port: *port, protocol: (*protocol).into() }).collect();
    ImageFacts { exposed_ports, ..with_user("1000") }
}

fn texts(advice: &Advice) -> Vec<&str> {
    advice.notes.iter().map(|note| note.text.as_str()).collect()
}

#[test]
fn a_platform_that_the_nodes_do_not_have_is_a_warning() {
    let said = |nodes: &[NodePlatform]| platform(&image(), nodes).map(|note| (note.is_warning, note.text));
    let warned = |text: &str| Some((true, text.to_owned()));
    let (amd64, arm64, s390x) = (node("linux", "amd64", 3), node("linux", "arm64", 2), node("linux", "s390x", 1));
    assert_eq!(said(&[]), None, "the nodes are not known");
    assert_eq!(said(std::slice::from_ref(&amd64)), None);
    assert_eq!(
        said(std::slice::from_ref(&arm64)),
        warned("This image has no linux/arm64, and the nodes are linux/arm64: it cannot run there.")
    );
    assert_eq!(
        said(&[arm64.clone(), s390x.clone()]),
        warned("This image has no linux/arm64 or linux/s390x, and the nodes are linux/arm64 and linux/s390x: it cannot run there.")
    );
    assert_eq!(
        said(&[amd64.clone(), arm64]),
        warned("This image has no linux/arm64, and 2 of the 5 nodes are linux/arm64: it cannot run on those.")
    );
    assert_eq!(
        said(&[amd64, s390x]),
        warned("This image has no linux/s390x, and 1 of the 4 nodes is linux/s390x: it cannot run on that one.")
    );
    let unsaid = ImageFacts { platforms: Vec::new(), ..image() };
    assert_eq!(platform(&unsaid, &[node("linux", "arm64", 1)]), None);
}

#[test]
fn only_a_number_that_is_not_0_fits_the_restricted_profile() {
    for root in ["", "root", "0", "0:0", "root:root", "00", ":1000", "0:app"] {
        let advice = advise(&with_user(root), None, &[]);
        assert_eq!(texts(&advice), ["Runs as root: the default profile lets it, the restricted one would not."], "{root:?}");
        assert_eq!(advice.profile, SecurityProfile::Default);
    }
    for number in ["1000", "1000:0", "1000:app"] {
        let advice = advise(&with_user(number), None, &[]);
        assert_eq!(texts(&advice), ["Runs as user 1000, which is not root: the restricted profile fits."], "{number:?}");
        assert_eq!(advice.profile, SecurityProfile::Restricted);
    }
    for name in ["app", "app:app", "-1", "99999999999999999999"] {
        let advice = advise(&with_user(name), None, &[]);
        assert!(texts(&advice)[0].contains("Kubernetes cannot tell whether that is root"), "{name:?}");
        assert_eq!(advice.profile, SecurityProfile::Default);
    }
    let hostile = advise(&with_user(&format!("\u{1b}{}", "x".repeat(9000))), None, &[]);
    assert!(texts(&hostile)[0].len() < 300 && !texts(&hostile)[0].contains('\u{1b}'), "a name is cut and escaped");
    assert_eq!(advise(&image(), None, &[]).profile, SecurityProfile::Default);
}

#[test]
fn a_program_is_needed_and_arguments_need_an_entrypoint() {
    let said = |entrypoint: &[&str], cmd: &[&str], kind| {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        let facts = ImageFacts { entrypoint: words(entrypoint), cmd: words(cmd), ..image() };
        program(&facts, kind).map(|note| (note.is_warning, note.text))
    };
    for kind in [None].into_iter().chain(Kind::ALL.map(Some)) {
        assert_eq!(said(&["/app"], &[], kind), None);
        assert_eq!(said(&["/app"], &["serve"], kind), None);
        let none = "The image names no program to start: it has neither ENTRYPOINT nor CMD.";
        assert_eq!(said(&[], &[], kind), Some((true, none.into())));
    }
    let only_cmd = "The image has only CMD: arguments would replace it.".to_owned();
    assert_eq!(said(&[], &["serve"], Some(Kind::ManualTask)), Some((true, only_cmd.clone())));
    assert_eq!(said(&[], &["serve"], Some(Kind::ScheduledTask)), Some((false, only_cmd)));
    for kind in [None, Some(Kind::Service), Some(Kind::WebApplication)] {
        assert_eq!(said(&[], &["serve"], kind), None);
    }
}

#[test]
fn the_first_tcp_port_is_taken() {
    let said = |ports: &[(u16, &str)], kind| {
        let advice = advise(&exposing(ports), kind, &[]);
        (advice.port, texts(&advice)[1..].concat())
    };
    let none = "The image exposes no TCP port: enter the one it listens on.";
    for kind in [Kind::Service, Kind::WebApplication] {
        assert_eq!(said(&[], Some(kind)), (None, none.into()));
        assert_eq!(said(&[(53, "udp")], Some(kind)), (None, none.into()));
    }
    assert_eq!(said(&[], None), (None, String::new()));
    assert_eq!(said(&[(53, "udp"), (8080, "tcp")], Some(Kind::Service)), (Some(8080), String::new()));
    let several = "The image exposes the ports 80, 443 and 8080; 80 is the first TCP port.";
    assert_eq!(said(&[(80, "tcp"), (443, "tcp"), (8080, "tcp")], Some(Kind::WebApplication)), (Some(80), several.into()));
    for task in [Kind::ScheduledTask, Kind::ManualTask] {
        assert_eq!(said(&[(80, "tcp"), (443, "tcp")], Some(task)), (None, String::new()));
    }
    let many: Vec<(u16, &str)> = (1..=1000).map(|port| (port, "tcp")).collect();
    assert_eq!(said(&many, None).1, "The image exposes the ports 1, 2, 3, 4, 5, 6, 7, 8 and 992 more; 1 is the first TCP port.");
}

#[test]
fn a_large_image_takes_its_time() {
    let said = |size_bytes| size(&ImageFacts { size_bytes, ..image() }).map(|note| note.text);
    assert_eq!(said(LARGE), None);
    assert_eq!(said(3_400_000_000).as_deref(), Some("The image is large (3.4 GB compressed): the first pull takes its time."));
}

/// As a person reads it.
fn read(facts: &ImageFacts, kind: Kind, nodes: &[NodePlatform]) -> String {
    let advice = advise(facts, Some(kind), nodes);
    let lines = advice.notes.iter().map(|note| format!("{} {}\n", if note.is_warning { "!" } else { "-" }, note.text));
    let port = advice.port.map_or_else(|| "none".to_owned(), |port| port.to_string());
    format!("{}: {} profile, port {port}\n{}", kind.label(), advice.profile.label(), lines.collect::<String>())
}

#[test]
fn whole_images_in_words() {
    let nodes = [node("linux", "amd64", 3), node("linux", "arm64", 1)];
    let nginx = ImageFacts {
        platforms: vec!["linux/amd64".into(), "linux/arm/v7".into(), "linux/arm64/v8".into()],
        entrypoint: vec!["/docker-entrypoint.sh".into()],
        cmd: vec!["nginx".into(), "-g".into(), "daemon off;".into()],
        user: None,
        ..exposing(&[(80, "tcp")])
    };
    let trainer = ImageFacts {
        size_bytes: 8_700_000_000,
        entrypoint: Vec::new(),
        cmd: vec!["python".into(), "train.py".into()],
        user: Some("jovyan".into()),
        ..exposing(&[(8888, "tcp")])
    };
    let own = exposing(&[(8080, "tcp"), (9090, "tcp"), (8125, "udp")]);
    let base = ImageFacts { entrypoint: Vec::new(), ..image() };
    let arm_nodes = [node("linux", "arm64", 2)];
    let all = [
        read(&nginx, Kind::WebApplication, &nodes),
        read(&trainer, Kind::ManualTask, &nodes),
        read(&own, Kind::Service, &[]),
        read(&base, Kind::Service, &arm_nodes),
    ];
    insta::assert_snapshot!(all.join("\n"), @r#"
    Web Application: Default profile, port 80
    - Runs as root: the default profile lets it, the restricted one would not.

    Manual Task: Default profile, port none
    ! This image has no linux/arm64, and 1 of the 4 nodes is linux/arm64: it cannot run on that one.
    ! The image has only CMD: arguments would replace it.
    - Runs as the user "jovyan": Kubernetes cannot tell whether that is root, so with the restricted profile it would be refused.
    - The image is large (8.7 GB compressed): the first pull takes its time.

    Service: Restricted profile, port 8080
    - Runs as user 1000, which is not root: the restricted profile fits.
    - The image exposes the ports 8080 and 9090; 8080 is the first TCP port.

    Service: Default profile, port none
    ! This image has no linux/arm64, and the nodes are linux/arm64: it cannot run there.
    ! The image names no program to start: it has neither ENTRYPOINT nor CMD.
    - Runs as root: the default profile lets it, the restricted one would not.
    - The image exposes no TCP port: enter the one it listens on.
    "#);
}

#[test]
fn json_has_the_words_of_rows() {
    let advice = serde_json::to_value(advise(&exposing(&[(8080, "tcp")]), Some(Kind::Service), &[])).unwrap();
    let note = "Runs as user 1000, which is not root: the restricted profile fits.";
    assert_eq!(advice, serde_json::json!({ "notes": [{ "is_warning": false, "text": note }], "profile": "restricted", "port": 8080 }));
}
