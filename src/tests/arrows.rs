//! Which room of the code may know which: the table of the design, held against every `use` and path of `src`.

use crate::support::sources;

/// Room and the rooms it may name. `serve` stands in `cli`, so `cli` has the arrows of `main` too.
const ALLOWED: [(&str, &[&str]); 7] = [
    ("main", &["cli"]),
    ("config", &[]),
    ("cli", &["config", "domain", "outside", "web"]),
    ("domain", &[]),
    ("outside", &["config", "domain"]),
    ("web", &["config", "domain", "islands"]),
    ("islands", &[]),
];

/// What the bodies of server functions, which no browser runs, may name besides.
const IN_SERVER_FUNCTIONS: [&str; 2] = ["domain", "web"];

#[test]
fn no_room_names_one_it_may_not_know() {
    let mut wrong = Vec::new();
    for (file, text) in sources::rust_files().iter().filter(|(file, _)| file != "lib.rs") {
        let room = room_of(file);
        let (_, allowed) = ALLOWED.iter().find(|(of, _)| *of == room).unwrap_or_else(|| panic!("src/{file} is in no room of the design"));
        let text = if room == "islands" { without_server_functions(file, text, &mut wrong) } else { text.clone() };
        let named = named_rooms(&text, depth_of(file));
        wrong.extend(named.into_iter().filter(|to| to != room && !allowed.contains(&to.as_str())).map(|to| format!("src/{file} -> {to}")));
    }
    assert!(wrong.is_empty(), "arrows that the design does not have:\n{}", wrong.join("\n"));
}

#[test]
fn the_test_sees_every_kind_of_arrow() {
    let named = |text: &str| named_rooms(text, 2).join(" ");
    assert_eq!(named("crate::web::paths::HOME; slipway::cli::run()"), "web cli");
    assert_eq!(named("use crate::{\n    config::Config,\n    domain::{Context, outside::x},\n    execute, web,\n};"), "config domain web");
    assert_eq!(named("use super::super::outside::egress; use super::web;"), "outside");
    assert_eq!(named("pub(crate) fn domain() { supercrate::web }"), "");
}

fn room_of(file: &str) -> &str {
    file.split('/').next().unwrap().trim_end_matches(".rs")
}

/// How many times `super` leads from the file's module to the root.
fn depth_of(file: &str) -> usize {
    file.trim_end_matches("/mod.rs").split('/').count()
}

/// The rooms that a text names: `crate::room`, inside `crate::{..}`, or by climbing to the root with `super`.
fn named_rooms(text: &str, depth: usize) -> Vec<String> {
    let is_room = |name: &str| ALLOWED.iter().any(|(room, _)| *room == name);
    let climb = "super::".repeat(depth);
    let mut named = Vec::new();
    for root in ["crate::", "slipway::", &climb] {
        for (at, _) in text.match_indices(root) {
            let is_whole = !text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_' || c == ':');
            let rest = &text[at + root.len()..];
            if is_whole {
                named.extend(first_names(rest).into_iter().filter(|name| is_room(name)));
            }
        }
    }
    named
}

/// The name a path goes on with, or all the names of a group in braces.
fn first_names(rest: &str) -> Vec<String> {
    let name = |text: &str| text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect::<String>();
    let Some(group) = rest.strip_prefix('{') else { return vec![name(rest)] };
    let mut names = vec![name(group)];
    let mut open = 1;
    for (at, c) in group.char_indices() {
        match c {
            '{' => open += 1,
            '}' => open -= 1,
            ',' if open == 1 => names.push(name(&group[at + 1..])),
            _ => {}
        }
        if open == 0 {
            break;
        }
    }
    names
}

/// Takes the server functions out of an island's text, after a look at what they name.
fn without_server_functions(file: &str, text: &str, wrong: &mut Vec<String>) -> String {
    let mut parts = text.split("#[server(prefix");
    let mut kept = parts.next().unwrap().to_owned();
    for part in parts.by_ref() {
        let (function, rest) = part.split_once("\n}").unwrap();
        let named = named_rooms(function, depth_of(file)).into_iter();
        wrong.extend(
            named.filter(|to| to != "islands" && !IN_SERVER_FUNCTIONS.contains(&to.as_str())).map(|to| format!("src/{file} -> {to}")),
        );
        kept.push_str(rest);
    }
    kept
}
