use proptest::prelude::*;

use super::super::{Endpoint, EndpointKind, Visibility, read, slug, write_a};
use super::listed;

/// Pieces of YAML and of the three formats, so that random texts get past the syntax.
const PIECES: &[&str] = &[
    "version: 0.1\n",
    "endpoints:\n",
    "  - ",
    "    ",
    "name: a\n",
    "name: A\n",
    "port: 8080\n",
    "port: \"1\"\n",
    "type: REST\n",
    "type: udp\n",
    "networkVisibility: Public\n",
    "context: /\n",
    "service:\n",
    "      port: 1\n",
    "schemaVersion: 1.2\n",
    "networkVisibilities: [Public]\n",
    "apiVersion: core.choreo.dev/v1beta1\n",
    "spec:\n",
    "  inbound:\n",
    "dependencies: {}\n",
    "&a ",
    "*a",
    "<<: *a\n",
    "!!str ",
    "!x ",
    "---\n",
    "...\n",
    "[",
    "]",
    "{",
    "}",
    ", ",
    ": ",
    "? ",
    "- ",
    "\t",
    "\n",
    "\r\n",
    "\"",
    "'",
    "|\n",
    ">\n",
    "#",
    "%YAML 1.2\n",
    "\\x",
    "é",
    "\u{feff}",
    "\0",
];

fn endpoint() -> impl Strategy<Value = Endpoint> {
    let text = "[^\\p{Cc}]{0,20}[^\\p{Cc}\\p{Z}][^\\p{Cc}]{0,5}";
    let path = "/|(/[a-zA-Z0-9_~-]{1,8}){1,3}/?";
    let kind = proptest::sample::select(&EndpointKind::ALL);
    let visibility = proptest::sample::select(&Visibility::ALL);
    (text, proptest::option::of(text), 1_u16.., kind, visibility, path, proptest::option::of(text)).prop_map(
        |(name, display_name, port, kind, visibility, context, schema_file_path)| Endpoint {
            name,
            display_name,
            port,
            kind,
            visibilities: vec![visibility],
            context: kind.has_context().then_some(context),
            schema_file_path,
        },
    )
}

proptest! {
    #[test]
    fn reading_never_panics_on_any_text(text in "\\PC*|(?s).*") {
        read(&text);
    }

    #[test]
    fn reading_never_panics_on_pieces_of_yaml(pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..40)) {
        let reading = read(&pieces.concat());
        prop_assert!(!reading.is_ok() || !reading.endpoints.is_empty(), "no error and no endpoint");
        for problem in &reading.problems {
            prop_assert!(problem.line >= 1 && problem.column >= 1);
        }
    }

    #[test]
    fn what_is_written_is_read_back(endpoints in proptest::collection::vec(endpoint(), 1..8)) {
        // Numbered, so that names and addresses differ.
        let numbered = |(i, endpoint): (usize, Endpoint)| Endpoint { name: format!("{i}{}", endpoint.name), ..endpoint };
        let endpoints: Vec<Endpoint> = endpoints.into_iter().enumerate().map(numbered).collect();
        let written = write_a(&endpoints);
        let reading = read(&written);
        prop_assert!(reading.is_ok(), "{}\n{written}", listed(&reading));
        prop_assert_eq!(reading.endpoints, endpoints);
    }

    #[test]
    fn readable_endpoints_have_different_slugs(names in proptest::collection::vec("[aA]?[bB]?[ _-]?1?", 1..5)) {
        let endpoints: Vec<Endpoint> = names.iter().map(|name| Endpoint {
            name: name.clone(), display_name: None, port: 1, kind: EndpointKind::Tcp, visibilities: vec![Visibility::Project],
            context: None, schema_file_path: None,
        }).collect();
        let slugs: std::collections::HashSet<String> = names.iter().map(|name| slug(name)).collect();
        let are_good = slugs.len() == names.len() && !slugs.contains("");
        prop_assert_eq!(read(&write_a(&endpoints)).is_ok(), are_good);
    }
}
