//! Resolving references and reading images.

use super::*;

const OCI_INDEX: &str = "application/vnd.oci.image.index.v1+json";
const OCI_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
const DOCKER_MANIFEST: &str = "application/vnd.docker.distribution.manifest.v2+json";
const DOCKER_CONFIG: &str = "application/vnd.docker.container.image.v1+json";
const HELM_CONFIG: &str = "application/vnd.cncf.helm.config.v1+json";

fn config() -> Value {
    json!({
        "architecture": "arm64", "variant": "v8", "os": "linux", "created": "2026-05-01T10:00:00Z",
        "config": {
            "User": "1000:1000", "ExposedPorts": { "8080/tcp": {}, "53/udp": {}, "9/sctp": {} }, "Entrypoint": ["/bin/app"],
            "Cmd": ["serve"], "Labels": { "org.opencontainers.image.title": "App" }, "Volumes": null,
        },
        "rootfs": { "type": "layers", "diff_ids": [sha256(b"layer")] },
    })
}

fn image_manifest(media_type: &str, config_type: &str, config: &[u8]) -> Value {
    json!({
        "schemaVersion": 2, "mediaType": media_type,
        "config": { "mediaType": config_type, "digest": sha256(config), "size": 1000 },
        "layers": [
            { "mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip", "digest": sha256(b"1"), "size": 20_000 },
            { "mediaType": "application/vnd.docker.image.rootfs.diff.tar.gzip", "digest": sha256(b"2"), "size": 300_000 },
        ],
    })
}

/// Puts the image with this config at tag `tag` and at its digest; gives the digest.
async fn put_image(fake: &Fake, tag: &str, media_type: &str, config: &Value) -> String {
    let config = config.to_string();
    let value = image_manifest(media_type, DOCKER_CONFIG, config.as_bytes());
    let digest = sha256(value.to_string().as_bytes());
    for reference in [tag, &digest] {
        fake.serves(&format!("/v2/a/b/manifests/{reference}"), manifest(media_type, &value)).await;
    }
    fake.serves(&format!("/v2/a/b/blobs/{}", sha256(config.as_bytes())), ResponseTemplate::new(200).set_body_string(config)).await;
    digest
}

fn descriptor(digest: &str, os: &str, architecture: &str) -> Value {
    let platform = json!({ "os": os, "architecture": architecture });
    json!({ "mediaType": OCI_MANIFEST, "digest": digest, "size": 500, "platform": platform })
}

async fn resolve(fake: &Fake, reference: &str) -> Result<String, RegistryProblem> {
    client(&[fake]).resolve_parts(&access(fake, None), Parts { host: &fake.host(), repository: "a/b", reference }).await
}

async fn inspect(fake: &Fake, reference: &str) -> Result<ImageFacts, RegistryProblem> {
    inspect_for(fake, reference, &[]).await
}

/// Looked at for nodes of these platforms.
async fn inspect_for(fake: &Fake, reference: &str, platforms: &[&str]) -> Result<ImageFacts, RegistryProblem> {
    let platforms: Vec<String> = platforms.iter().map(|platform| (*platform).to_owned()).collect();
    client(&[fake]).inspect_parts(&access(fake, None), Parts { host: &fake.host(), repository: "a/b", reference }, &platforms).await
}

/// Puts an index of these platforms at tag `1`; the user of each image is the name of its platform.
async fn put_index(fake: &Fake, platforms: &[&str]) {
    let mut manifests = Vec::new();
    for platform in platforms {
        let mut config = config();
        config["config"]["User"] = json!(platform);
        let digest = put_image(fake, &platform.replace('/', "-"), OCI_MANIFEST, &config).await;
        let parts: Vec<&str> = platform.split('/').collect();
        let mut descriptor = descriptor(&digest, parts[0], parts[1]);
        if let Some(variant) = parts.get(2) {
            descriptor["platform"]["variant"] = json!(variant);
        }
        manifests.push(descriptor);
    }
    let index = json!({ "schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": manifests });
    fake.serves("/v2/a/b/manifests/1", manifest(OCI_INDEX, &index)).await;
}

#[tokio::test]
async fn a_tag_resolves_by_head_alone() {
    let fake = Fake::start().await;
    let digest = put_image(&fake, "1", OCI_MANIFEST, &config()).await;
    assert_eq!(resolve(&fake, "1").await, Ok(digest.clone()));
    assert_eq!(resolve(&fake, &digest).await, Ok(digest));
    let requests = fake.requests().await;
    assert!(requests.iter().all(|request| request.method.as_str() == "HEAD"));
    let accept = requests[0].headers["accept"].to_str().unwrap();
    for media_type in [OCI_INDEX, OCI_MANIFEST, DOCKER_MANIFEST, "application/vnd.docker.distribution.manifest.list.v2+json"] {
        assert!(accept.contains(media_type), "{accept}");
    }
}

#[tokio::test]
async fn without_a_digest_header_the_manifest_is_hashed() {
    let fake = Fake::start().await;
    for (tag, header) in [("none", None), ("wrong", Some("latest")), ("odd", Some("md5:abc"))] {
        let answer = ResponseTemplate::new(200).set_body_string("{}");
        let answer = header.into_iter().fold(answer, |answer, header| answer.insert_header("docker-content-digest", header));
        fake.serves(&format!("/v2/a/b/manifests/{tag}"), answer).await;
        assert_eq!(resolve(&fake, tag).await, Ok(sha256(b"{}")), "{tag}");
    }
}

#[tokio::test]
async fn a_digest_that_is_answered_with_another_is_an_error() {
    let fake = Fake::start().await;
    let asked = sha256(b"asked");
    fake.serves(&format!("/v2/a/b/manifests/{asked}"), manifest(OCI_MANIFEST, &json!({}))).await;
    assert_eq!(resolve(&fake, &asked).await.unwrap_err().code(), "unexpected");
    assert_eq!(inspect(&fake, &asked).await.unwrap_err().code(), "unexpected");
}

#[tokio::test]
async fn a_single_image_tells_all_its_facts() {
    for media_type in [OCI_MANIFEST, DOCKER_MANIFEST] {
        let fake = Fake::start().await;
        let digest = put_image(&fake, "1", media_type, &config()).await;
        let port = |port, protocol: &str| crate::domain::registries::client::ExposedPort { port, protocol: protocol.into() };
        let expected = ImageFacts {
            digest,
            platforms: vec!["linux/arm64/v8".into()],
            platform: "linux/arm64/v8".into(),
            size_bytes: 321_000,
            layers: 2,
            created: Some("2026-05-01T10:00:00Z".into()),
            user: Some("1000:1000".into()),
            exposed_ports: vec![port(53, "udp"), port(8080, "tcp")],
            entrypoint: vec!["/bin/app".into()],
            cmd: vec!["serve".into()],
            labels: [("org.opencontainers.image.title".to_owned(), "App".to_owned())].into(),
        };
        assert_eq!(inspect(&fake, "1").await, Ok(expected));
    }
}

#[tokio::test]
async fn an_image_that_says_little_is_read_too() {
    let fake = Fake::start().await;
    let little = json!({
        "architecture": "amd64", "os": "linux", "rootfs": { "type": "layers", "diff_ids": [] },
        "config": { "User": "", "ExposedPorts": null, "Entrypoint": null, "Cmd": null, "Labels": null },
    });
    put_image(&fake, "1", DOCKER_MANIFEST, &little).await;
    let facts = inspect(&fake, "1").await.unwrap();
    assert_eq!((facts.user, facts.created, facts.platforms), (None, None, vec!["linux/amd64".to_owned()]));
    assert!(facts.exposed_ports.is_empty() && facts.entrypoint.is_empty() && facts.cmd.is_empty() && facts.labels.is_empty());
}

#[tokio::test]
async fn of_an_index_the_amd64_image_is_looked_at_and_all_platforms_are_named() {
    let fake = Fake::start().await;
    let mut amd64 = config();
    amd64["config"]["User"] = json!("amd64-user");
    let (chosen, other) = (put_image(&fake, "x", OCI_MANIFEST, &amd64).await, put_image(&fake, "y", OCI_MANIFEST, &config()).await);
    let mut arm = descriptor(&other, "linux", "arm64");
    arm["platform"]["variant"] = json!("v8");
    let mut attestation = descriptor(&sha256(b"attestation"), "linux", "s390x");
    attestation["annotations"] = json!({ "vnd.docker.reference.type": "attestation-manifest" });
    let windows = descriptor(&sha256(b"windows"), "windows", "amd64");
    let unknown = descriptor(&sha256(b"unknown"), "unknown", "unknown");
    let manifests = json!([windows, arm, unknown, descriptor(&chosen, "linux", "amd64"), windows, attestation]);
    let index = json!({ "schemaVersion": 2, "mediaType": OCI_INDEX, "manifests": manifests });
    fake.serves("/v2/a/b/manifests/1", manifest(OCI_INDEX, &index)).await;
    let facts = inspect(&fake, "1").await.unwrap();
    assert_eq!(facts.digest, sha256(index.to_string().as_bytes()));
    assert_eq!(facts.user.as_deref(), Some("amd64-user"));
    assert_eq!(facts.platforms, ["windows/amd64", "linux/arm64/v8", "linux/amd64"]);
}

#[tokio::test]
async fn without_amd64_the_first_linux_image_is_looked_at() {
    let fake = Fake::start().await;
    let digest = put_image(&fake, "x", OCI_MANIFEST, &config()).await;
    let windows = descriptor(&sha256(b"windows"), "windows", "amd64");
    let manifests = json!([windows, descriptor(&digest, "linux", "arm64"), descriptor(&sha256(b"z"), "linux", "s390x")]);
    fake.serves("/v2/a/b/manifests/1", manifest(OCI_INDEX, &json!({ "schemaVersion": 2, "manifests": manifests }))).await;
    assert_eq!(inspect(&fake, "1").await.unwrap().user.as_deref(), Some("1000:1000"));
}

#[tokio::test]
async fn of_an_index_the_first_platform_is_looked_at_that_the_nodes_have() {
    let (both, v8) = (["linux/amd64", "linux/arm64/v8"], "linux/arm64/v8");
    for (offered, wanted, looked_at) in [
        (&both[..], &["linux/arm64", "linux/amd64"][..], v8),
        (&both[..], &["linux/amd64", "linux/arm64"], "linux/amd64"),
        (&both[..], &["linux/s390x", "linux/arm64"], v8),
        (&both[..], &["linux/s390x"], "linux/amd64"),
        (&both[..], &["linux/arm"], "linux/amd64"),
        (&[v8], &["linux/arm64"], v8),
        (&[v8], &["linux/amd64"], v8),
        (&[v8], &[], v8),
        (&["linux/arm/v6", "linux/arm/v7"], &["linux/arm/v7"], "linux/arm/v7"),
        (&["linux/arm/v6", "linux/arm/v7"], &["linux/arm"], "linux/arm/v6"),
        (&["windows/amd64", "linux/s390x"], &["linux/arm64"], "linux/s390x"),
        (&["windows/amd64"], &["linux/arm64"], "windows/amd64"),
    ] {
        let fake = Fake::start().await;
        put_index(&fake, offered).await;
        let facts = inspect_for(&fake, "1", wanted).await.unwrap();
        assert_eq!((facts.platform.as_str(), facts.user.as_deref()), (looked_at, Some(looked_at)), "{offered:?} for {wanted:?}");
        assert_eq!(facts.platforms, offered);
    }
}

#[tokio::test]
async fn of_an_index_that_names_no_platform_the_image_itself_says_it() {
    let fake = Fake::start().await;
    let digest = put_image(&fake, "x", OCI_MANIFEST, &config()).await;
    let unsaid = json!({ "mediaType": OCI_MANIFEST, "digest": digest, "size": 500 });
    fake.serves("/v2/a/b/manifests/1", manifest(OCI_INDEX, &json!({ "schemaVersion": 2, "manifests": [unsaid] }))).await;
    let facts = inspect_for(&fake, "1", &["linux/amd64"]).await.unwrap();
    assert_eq!((facts.platform.as_str(), facts.platforms), ("linux/arm64/v8", vec!["linux/arm64/v8".to_owned()]));
}

#[tokio::test]
async fn what_is_no_image_says_so() {
    let fake = Fake::start().await;
    let unknown = descriptor(&sha256(b"unknown"), "unknown", "unknown");
    let documents = [
        ("schema1", json!({ "schemaVersion": 1, "name": "a/b", "tag": "1" }), "schema 1"),
        ("empty", json!({ "schemaVersion": 2, "manifests": [] }), "names no image"),
        ("attestations", json!({ "schemaVersion": 2, "manifests": [unknown] }), "names no image"),
        ("chart", image_manifest(OCI_MANIFEST, HELM_CONFIG, b"{}"), "another kind of artifact"),
        ("list", json!([]), "can't be read"),
        ("neither", json!({ "schemaVersion": 2 }), "can't be read"),
    ];
    for (tag, document, says) in documents {
        fake.serves(&format!("/v2/a/b/manifests/{tag}"), manifest(OCI_MANIFEST, &document)).await;
        let sentence = inspect(&fake, tag).await.unwrap_err().sentence();
        assert!(sentence.contains(says), "{tag}: {sentence}");
    }
}

#[tokio::test]
async fn a_config_that_does_not_match_its_digest_is_not_believed() {
    let fake = Fake::start().await;
    let value = image_manifest(OCI_MANIFEST, DOCKER_CONFIG, b"the real one");
    fake.serves("/v2/a/b/manifests/1", manifest(OCI_MANIFEST, &value)).await;
    fake.serves(&format!("/v2/a/b/blobs/{}", sha256(b"the real one")), ResponseTemplate::new(200).set_body_json(config())).await;
    assert!(inspect(&fake, "1").await.unwrap_err().sentence().contains("does not match its digest"));
}

#[tokio::test]
async fn an_image_of_another_host_is_not_looked_up() {
    let (fake, other) = (Fake::start().await, Fake::start().await);
    let parts = Parts { host: &other.host(), repository: "a/b", reference: "1" };
    let problem = client(&[&fake, &other]).resolve_parts(&access(&fake, login("u", "p")), parts).await.unwrap_err();
    assert!(problem.sentence().contains(&other.host()), "{problem:?}");
    assert!(fake.requests().await.is_empty() && other.requests().await.is_empty());
}

#[test]
fn images_are_named_by_tag_or_digest() {
    let name = |reference| Parts { host: "docker.io", repository: "library/nginx", reference }.to_string();
    assert_eq!(name("1.27"), "docker.io/library/nginx:1.27");
    assert_eq!(name("sha256:ab"), "docker.io/library/nginx@sha256:ab");
}
