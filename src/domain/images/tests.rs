//! Image references as a whole. Vectors are those of the distribution project's reference package, in the normalized
//! form; where Slipway is stricter or writes another canonical form, the line says so.

use super::ImageReference;

const SHA256: &str = "sha256:ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff";
const ID: &str = "1a3f5e7d9c1b3a5f7e9d1c3b5a7f9e1d3c5b7a9f1e3d5d7c9b1a3f5e7d9c1b3a";

fn canonical(text: &str) -> String {
    ImageReference::parse(text).unwrap_or_else(|problem| panic!("{text}: {}", problem.message)).to_string()
}

fn code(text: &str) -> String {
    match ImageReference::parse(text) {
        Ok(image) => panic!("{text} was read as {image}"),
        Err(problem) => problem.code.into_owned(),
    }
}

#[test]
fn valid_references() {
    for (text, expected) in [
        ("test_com", "docker.io/library/test_com:latest"),
        ("test.com:tag", "docker.io/library/test.com:tag"),
        ("test.com:5000", "docker.io/library/test.com:5000"),
        ("test.com/repo:tag", "test.com/repo:tag"),
        ("test:5000/repo", "test:5000/repo:latest"),
        ("test:5000/repo:tag", "test:5000/repo:tag"),
        ("lowercase:Uppercase", "docker.io/library/lowercase:Uppercase"),
        ("sub-dom1.foo.com/bar/baz/quux", "sub-dom1.foo.com/bar/baz/quux:latest"),
        ("b.gcr.io/test.example.com/my-app:test.example.com", "b.gcr.io/test.example.com/my-app:test.example.com"),
        ("xn--n3h.com/myimage:xn--n3h.com", "xn--n3h.com/myimage:xn--n3h.com"),
        ("foo_bar.com:8080", "docker.io/library/foo_bar.com:8080"),
        ("foo/foo_bar.com:8080", "docker.io/foo/foo_bar.com:8080"),
        ("192.168.1.1", "docker.io/library/192.168.1.1:latest"),
        ("192.168.1.1:5000", "docker.io/library/192.168.1.1:5000"),
        ("192.168.1.1:5000/repo:5050", "192.168.1.1:5000/repo:5050"),
        ("localhost/repo", "localhost/repo:latest"),
        ("localhost:5000/repo", "localhost:5000/repo:latest"),
        ("docker.io/debian", "docker.io/library/debian:latest"),
        ("index.docker.io/debian", "docker.io/library/debian:latest"),
        ("index.docker.io/docker/docker", "docker.io/docker/docker:latest"),
        ("docker.io/library/foo/bar", "docker.io/library/foo/bar:latest"),
        ("test_com/foo", "docker.io/test_com/foo:latest"),
        ("docker---rules/docker", "docker.io/docker---rules/docker:latest"),
        ("dock__er/d", "docker.io/dock__er/d:latest"),
        ("Docker/docker", "Docker/docker:latest"),
        // Slipway's own: IPv6 hosts get their port, and every name of Docker Hub is written docker.io.
        ("[2001:db8::1]/repo", "[2001:db8::1]:443/repo:latest"),
        ("[2001:db8:1:2:3:4:5:6]/repo:tag", "[2001:db8:1:2:3:4:5:6]:443/repo:tag"),
        ("[2001:db8::]:5000/repo", "[2001:db8::]:5000/repo:latest"),
        ("[::1]:5000/repo:tag", "[::1]:5000/repo:tag"),
        ("GHCR.io/acme/greeter", "ghcr.io/acme/greeter:latest"),
        ("registry-1.docker.io/nginx", "docker.io/library/nginx:latest"),
        ("registry.hub.docker.com/library/nginx:1", "docker.io/library/nginx:1"),
        ("registry.docker.com/acme/greeter:1", "docker.io/acme/greeter:1"),
        ("registry.docker.io/nginx", "docker.io/library/nginx:latest"),
        ("  ghcr.io/acme/greeter:1.8.2\n", "ghcr.io/acme/greeter:1.8.2"),
    ] {
        assert_eq!(canonical(text), expected, "{text}");
    }
    assert_eq!(canonical(&format!("busybox:1@{SHA256}")), format!("docker.io/library/busybox:1@{SHA256}"));
    assert_eq!(canonical(&format!("test:5000/repo@{SHA256}")), format!("test:5000/repo@{SHA256}"), "a digest needs no tag");
    assert_eq!(canonical(&format!("docker.io/{ID}")), format!("docker.io/library/{ID}:latest"), "with a host it is no id");
    assert!(ImageReference::parse(&format!("a@sha512:{}", "f".repeat(128))).is_ok());
    assert!(ImageReference::parse(&format!("a:{}", "t".repeat(128))).is_ok());
}

#[test]
fn invalid_references() {
    for (text, expected) in [
        ("", "image_empty"),
        (" \n", "image_empty"),
        (":justtag", "image_repository_invalid"),
        ("Uppercase:tag", "image_repository_invalid"),
        ("docker/Docker", "image_repository_invalid"),
        ("test:5000/Uppercase/lowercase:tag", "image_repository_invalid"),
        ("aa/asdf$$^/aa", "image_repository_invalid"),
        ("-docker/docker", "image_repository_invalid"),
        ("docker-/docker", "image_repository_invalid"),
        ("____/____", "image_repository_invalid"),
        ("dock___er/docker", "image_repository_invalid"),
        ("dock..er", "image_repository_invalid"),
        ("acme/dock_.er", "image_repository_invalid"),
        ("acme/dock-.er", "image_repository_invalid"),
        ("dock_.er/docker", "image_host_invalid"),
        ("docker///docker", "image_repository_invalid"),
        ("docker/", "image_repository_invalid"),
        ("docker.io/", "image_repository_invalid"),
        ("/docker", "image_repository_invalid"),
        ("[2001:db8::1]", "image_repository_invalid"),
        ("[2001:db8::1]:5000", "image_repository_invalid"),
        (ID, "image_repository_invalid"),
        (SHA256, "image_repository_invalid"),
        ("-docker.io/docker/docker", "image_host_invalid"),
        ("https://github.com/docker/docker", "image_host_invalid"),
        ("fc00::1:5000/debian", "image_host_invalid"),
        ("[fe80::1%eth0]:5000/debian", "image_host_invalid"),
        ("[fe80::1%@invalidzone]:5000/repo", "image_host_invalid"),
        ("[2001:db8:3:4::192.0.2.33]:5000/debian", "image_host_invalid"),
        ("user:secret@ghcr.io/acme/greeter", "image_host_invalid"),
        // The reference package takes this for a path, Docker for a host: it can't be pulled either way.
        ("foo_bar.com/repo", "image_host_invalid"),
        ("test:99999/repo", "image_host_invalid"),
        ("nginx:", "image_tag_invalid"),
        ("nginx:-foo", "image_tag_invalid"),
        ("nginx:.foo", "image_tag_invalid"),
        ("nginx:a:b", "image_tag_invalid"),
        ("acme/nginx:1/2", "image_tag_invalid"),
        ("nginx@", "image_digest_invalid"),
        ("nginx@foo", "image_digest_invalid"),
        ("repo@sha256:ffffffffffffffffffffffffffffffffff", "image_digest_invalid"),
        ("validname@invaliddigest:ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff", "image_digest_invalid"),
        ("a@sha256:FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF", "image_digest_invalid"),
        ("nginx 1.27", "image_invalid"),
        ("nginx\u{7}", "image_invalid"),
    ] {
        assert_eq!(code(text), expected, "{text}");
    }
    assert_eq!(code(&format!("@{SHA256}")), "image_repository_invalid");
    assert_eq!(code(&format!("a@{SHA256}@{SHA256}")), "image_digest_invalid");
    assert_eq!(code(&format!("nginx:{}", "t".repeat(129))), "image_tag_invalid");
}

#[test]
fn the_name_has_at_most_255_characters() {
    let path = "a/".repeat(126);
    assert!(ImageReference::parse(&format!("a.b/{path}:tag-beyond-the-limit").replace("/:", ":")).is_ok());
    assert!(ImageReference::parse(&format!("b:1/{}", "a".repeat(251))).is_ok());
    assert_eq!(code(&format!("b:1/{}", "a".repeat(252))), "image_too_long");
    assert_eq!(code(&"a/".repeat(100_000)), "image_too_long");
}

#[test]
fn sentences_say_what_to_write() {
    let sentence = |text: &str| ImageReference::parse(text).unwrap_err().message;
    assert_eq!(
        sentence("ghcr.io/Acme/Greeter:1"),
        r#"The repository path "Acme/Greeter" has upper-case letters: only lower-case ones are allowed. Write "acme/greeter"."#
    );
    assert_eq!(sentence("nginx@sha256:abc"), "The digest has 3 hexadecimal digits: sha256 has 64. Copy the whole digest.");
    assert!(!sentence("user:hunter2@ghcr.io/acme/greeter").contains("hunter2"));
    assert!(!sentence("https://user:hunter2@ghcr.io/acme/greeter").contains("hunter2"));
    assert!(sentence(&format!("nginx:{}", "é".repeat(300))).len() < 400, "a message repeats only the start");
}

#[test]
fn notes_name_defaults_and_corrections() {
    for (text, expected, notes) in [
        ("ghcr.io/acme/greeter:1", "ghcr.io/acme/greeter:1", vec![]),
        ("docker.io/acme/greeter", "docker.io/acme/greeter:latest", vec!["No tag was given: latest is meant."]),
        (
            "nginx",
            "docker.io/library/nginx:latest",
            vec![
                "No registry host was given: Docker Hub (docker.io) is meant.",
                "No owner was given: Docker Hub's official image library/nginx is meant.",
                "No tag was given: latest is meant.",
            ],
        ),
        (
            "registry.hub.docker.com/acme/greeter:1",
            "docker.io/acme/greeter:1",
            vec!["registry.hub.docker.com is a name of Docker Hub, which is written docker.io."],
        ),
        ("GHCR.io/acme/greeter:1", "ghcr.io/acme/greeter:1", vec!["The registry host GHCR.io is written ghcr.io."]),
        (
            "Acme/greeter:1",
            "Acme/greeter:1",
            vec![r#""Acme" was read as a registry host because it has an upper-case letter. Names on Docker Hub are in lower case."#],
        ),
        (
            "localhost:5000",
            "docker.io/library/localhost:5000",
            vec![
                "No registry host was given: Docker Hub (docker.io) is meant.",
                r#""localhost" was read as a repository. If it is a registry host, write a slash and the repository after it."#,
                "No owner was given: Docker Hub's official image library/localhost is meant.",
            ],
        ),
        ("https://ghcr.io/acme/greeter:1", "ghcr.io/acme/greeter:1", vec!["An image reference has no scheme: https:// was left out."]),
        ("docker://ghcr.io/acme/greeter:1", "ghcr.io/acme/greeter:1", vec!["An image reference has no scheme: docker:// was left out."]),
        ("docker pull ghcr.io/acme/greeter:1", "ghcr.io/acme/greeter:1", vec!["Only the image was taken from the command."]),
        (
            "$ sudo docker image pull --platform linux/amd64 ghcr.io/acme/greeter:1",
            "ghcr.io/acme/greeter:1",
            vec!["Only the image was taken from the command."],
        ),
        ("docker run -p 80:80 ghcr.io/acme/greeter:1", "ghcr.io/acme/greeter:1", vec!["Only the image was taken from the command."]),
        (" `ghcr.io/acme/greeter:1`\n", "ghcr.io/acme/greeter:1", vec!["The quotation marks around the image were left out."]),
        (
            "docker pull \"ghcr.io/acme/greeter:1\"",
            "ghcr.io/acme/greeter:1",
            vec!["The quotation marks around the image were left out.", "Only the image was taken from the command."],
        ),
        (
            "https://hub.docker.com/_/nginx",
            "docker.io/library/nginx:latest",
            vec!["The address of a web page was read as the image docker.io/library/nginx.", "No tag was given: latest is meant."],
        ),
        (
            "hub.docker.com/r/acme/greeter/tags",
            "docker.io/acme/greeter:latest",
            vec!["The address of a web page was read as the image docker.io/acme/greeter.", "No tag was given: latest is meant."],
        ),
    ] {
        let (image, given) = ImageReference::parse_noted(text).unwrap();
        assert_eq!((image.to_string().as_str(), given), (expected, notes.into_iter().map(String::from).collect()), "{text}");
    }
}

#[test]
fn page_addresses_are_understood() {
    for (text, expected) in [
        ("https://hub.docker.com/_/nginx", "docker.io/library/nginx:latest"),
        ("https://hub.docker.com/_/nginx/tags?name=1.27#top", "docker.io/library/nginx:latest"),
        ("https://hub.docker.com/r/acme/greeter/", "docker.io/acme/greeter:latest"),
        ("https://hub.docker.com/repository/docker/acme/greeter/general", "docker.io/acme/greeter:latest"),
        ("https://hub.docker.com/layers/library/nginx/1.27/images/sha256-abc", "docker.io/library/nginx:1.27"),
        ("https://hub.docker.com/layers/acme/greeter/1.8.2/images/sha256-abc?context=explore", "docker.io/acme/greeter:1.8.2"),
        ("https://hub.docker.com/layers/nginx/library/nginx/1.27/images/sha256-abc", "docker.io/library/nginx:1.27"),
        ("http://hub.docker.com/r/library/nginx", "docker.io/library/nginx:latest"),
        ("HUB.docker.com/_/nginx", "docker.io/library/nginx:latest"),
        ("hub.docker.com/r/acme/greeter", "docker.io/acme/greeter:latest"),
        ("https://registry.hub.docker.com/_/nginx", "docker.io/library/nginx:latest"),
        ("registry.hub.docker.com/r/acme/greeter/", "docker.io/acme/greeter:latest"),
        ("'https://hub.docker.com/r/acme/greeter'", "docker.io/acme/greeter:latest"),
        ("“docker pull nginx:1.27”", "docker.io/library/nginx:1.27"),
        ("```\ndocker pull nginx:1.27\n```", "docker.io/library/nginx:1.27"),
        ("docker pull https://hub.docker.com/_/nginx", "docker.io/library/nginx:latest"),
        ("https://quay.io/repository/acme/greeter?tab=tags", "quay.io/acme/greeter:latest"),
        ("https://quay.io/acme/greeter:1", "quay.io/acme/greeter:1"),
        ("https://github.com/Acme/source/pkgs/container/greeter", "ghcr.io/acme/greeter:latest"),
        ("https://github.com/orgs/acme/packages/container/package/greeter", "ghcr.io/acme/greeter:latest"),
    ] {
        let image = ImageReference::parse_noted(text).map(|(image, _)| image.to_string());
        assert_eq!(image.as_deref(), Ok(expected), "{text}");
    }
    for text in ["https://hub.docker.com/", "https://hub.docker.com/search?q=nginx", "https://github.com/docker/docker"] {
        assert_eq!(ImageReference::parse_noted(text).unwrap_err().code, "image_host_invalid", "{text}");
    }
    for text in ["docker pull", "docker run --unknown x nginx", "docker pull nginx; reboot", "nginx redis"] {
        assert_eq!(ImageReference::parse_noted(text).unwrap_err().code, "image_invalid", "{text}");
    }
    for text in ["''", "\"\"", "` `"] {
        assert_eq!(ImageReference::parse_noted(text).unwrap_err().code, "image_empty", "{text}");
    }
    assert_eq!(ImageReference::parse_noted("'nginx").unwrap_err().code, "image_repository_invalid");
}

#[test]
fn familiar_forms() {
    for (text, expected) in [
        ("docker.io/library/nginx:1.27", "nginx:1.27"),
        ("docker.io/acme/greeter:1.8.2", "acme/greeter:1.8.2"),
        ("docker.io/library/foo/bar", "library/foo/bar:latest"),
        ("ghcr.io/acme/greeter:2", "ghcr.io/acme/greeter:2"),
        ("127.0.0.1:8000/privatebase", "127.0.0.1:8000/privatebase:latest"),
        ("docker.io/foo.bar/baz:1", "docker.io/foo.bar/baz:1"),
        ("docker.io/localhost/baz:1", "docker.io/localhost/baz:1"),
    ] {
        assert_eq!(ImageReference::parse(text).unwrap().familiar(), expected, "{text}");
    }
    assert_eq!(ImageReference::parse(&format!("docker.io/{ID}:1")).unwrap().familiar(), format!("library/{ID}:1"));
}

#[test]
fn tags_and_digests_change() {
    let image = ImageReference::parse("nginx:1.27").unwrap();
    assert_eq!(image.pinned(), "docker.io/library/nginx:1.27");
    let resolved = image.with_digest(SHA256).unwrap();
    assert_eq!(resolved.to_string(), format!("docker.io/library/nginx:1.27@{SHA256}"));
    assert_eq!(resolved.pinned(), format!("docker.io/library/nginx@{SHA256}"));
    let newer = resolved.with_tag("1.28").unwrap();
    assert_eq!(newer.to_string(), "docker.io/library/nginx:1.28");
    assert!(newer.same_repository(&resolved));
    assert!(!newer.same_repository(&ImageReference::parse("ghcr.io/library/nginx:1.28").unwrap()));
    assert!(!newer.same_repository(&ImageReference::parse("acme/nginx:1.28").unwrap()));
    assert_eq!(image.with_tag("-foo").unwrap_err().code, "image_tag_invalid");
    assert_eq!(image.with_digest("foo").unwrap_err().code, "image_digest_invalid");
}

#[test]
fn json_has_the_canonical_form() {
    let image: ImageReference = serde_json::from_str(r#""nginx:1.27""#).unwrap();
    assert_eq!(serde_json::to_string(&image).unwrap(), r#""docker.io/library/nginx:1.27""#);
    let error = serde_json::from_str::<ImageReference>(r#""Nginx""#).unwrap_err().to_string();
    assert!(error.contains("upper-case"), "{error}");
}
