use std::{
    fmt::Write as _,
    time::{Duration, Instant},
};

use super::super::{MAX_BYTES, Severity, read};
use super::codes;

/// Reads the text and gives the codes of its errors; fails if that takes longer than half a second (without budgets it takes many). The fastest of five
/// readings counts, because other tests run at the same time.
fn errors_in_time(text: &str) -> Vec<&'static str> {
    let time = |_| {
        let start = Instant::now();
        read(text);
        start.elapsed()
    };
    let fastest = (0..5).map(time).min().unwrap();
    assert!(fastest < Duration::from_millis(500), "took {fastest:?}");
    read(text).problems.iter().filter(|p| p.severity == Severity::Error).map(|p| p.code).collect()
}

#[test]
fn billion_laughs_end_at_once() {
    let mut text = String::from("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n");
    for i in 1..30 {
        let aliases = vec![format!("*a{}", i - 1); 9].join(", ");
        writeln!(text, "a{i}: &a{i} [{aliases}]").unwrap();
    }
    assert_eq!(errors_in_time(&text), ["too_many_nodes"]);
}

#[test]
fn a_large_text_repeated_by_aliases_ends_at_once() {
    let text = format!("a: &a {}\nb: [{}]\n", "x".repeat(200_000), vec!["*a"; 5_000].join(", "));
    assert_eq!(errors_in_time(&text), ["file_too_large"]);
}

#[test]
fn merge_bombs_end_at_once() {
    let mut text = String::from("a0: &a0 {k0: v}\n");
    for i in 1..40 {
        writeln!(text, "a{i}: &a{i} {{<<: [*a{0}, *a{0}], k{i}: v}}", i - 1).unwrap();
    }
    assert_eq!(errors_in_time(&text), ["too_many_nodes"]);
}

#[test]
fn deep_nesting_ends_at_once() {
    assert_eq!(errors_in_time(&"[".repeat(100_000)), ["too_deep"]);
    assert_eq!(errors_in_time(&"- ".repeat(100_000)), ["too_deep"]);
    assert_eq!(errors_in_time(&"{a: ".repeat(100_000)), ["too_deep"]);
    let mut aliased = String::from("a0: &a0 [x]\n");
    for i in 1..80 {
        writeln!(aliased, "a{i}: &a{i} [*a{}]", i - 1).unwrap();
    }
    assert_eq!(errors_in_time(&aliased), ["too_deep"]);
}

#[test]
fn large_files_are_refused_unread() {
    assert_eq!(codes(&" ".repeat(MAX_BYTES + 1)), ["1:1 file_too_large"]);
    assert_eq!(codes(&"#\n".repeat(MAX_BYTES / 2)), ["1:1 file_empty"]);
    assert!(codes(&"a: 1\n".repeat(MAX_BYTES / 5)).contains(&"5000:4 too_many_nodes".to_owned()));
}

#[test]
fn odd_shapes_end_at_once() {
    for piece in [
        "? ", "&a ", "!a ", "'", "\"", "\"\\x41", "a ", "a: ", "- - ", "|\n ", "%a\n", "\r", "---\n", "*a ", "#", ": ", "{}", "[a]: ",
        "? - ",
    ] {
        errors_in_time(&piece.repeat(20_000));
    }
}

#[test]
fn a_file_of_mistakes_gives_a_short_answer() {
    let mut text = String::from("version: 0.1\nendpoints: []\n");
    for i in 0..4_000 {
        writeln!(text, "unknown{i}: 1").unwrap();
    }
    let reading = read(&text);
    assert_eq!(reading.problems.len(), 202);
    assert_eq!(reading.problems.last().unwrap().message, "3800 more problems are not listed. Correct these first.");
}

#[test]
fn too_many_endpoints_are_an_error() {
    let mut text = String::from("version: 0.1\nendpoints:\n");
    for i in 1..=65 {
        writeln!(text, "  - {{name: e{i}, port: {i}, type: TCP, networkVisibility: Project}}").unwrap();
    }
    let reading = read(&text);
    assert_eq!(codes(&text), ["67:5 too_many_endpoints"]);
    assert_eq!(reading.endpoints.len(), 64);
}
