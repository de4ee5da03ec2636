//! The image in a pasted command: `docker pull`, `docker run` and their like. Takes it only where nothing has to be
//! guessed, and repeats no word of the command: it may hold a password.

use super::grammar::problem;
use crate::domain::problem::Problem;

const PROGRAMS: [&str; 4] = ["docker", "podman", "nerdctl", "crictl"];

/// Letters of `run` that stand alone, and those that take a value.
const SHORT_FLAGS: &str = "ditPq";
const SHORT_WITH_VALUE: &str = "acehlmpuvw";

/// Options of `run` that stand alone.
const FLAGS: [&str; 11] = [
    "--detach",
    "--disable-content-trust",
    "--init",
    "--interactive",
    "--no-healthcheck",
    "--oom-kill-disable",
    "--privileged",
    "--publish-all",
    "--quiet",
    "--read-only",
    "--rm",
];

/// Options of `run` whose value may be the next word: those that people use. With `=` any option is understood.
const WITH_VALUE: [&str; 45] = [
    "--add-host",
    "--annotation",
    "--cap-add",
    "--cap-drop",
    "--cidfile",
    "--cpu-shares",
    "--cpus",
    "--cpuset-cpus",
    "--device",
    "--dns",
    "--entrypoint",
    "--env",
    "--env-file",
    "--expose",
    "--gpus",
    "--group-add",
    "--health-cmd",
    "--health-interval",
    "--health-retries",
    "--health-timeout",
    "--hostname",
    "--ip",
    "--ipc",
    "--label",
    "--link",
    "--log-driver",
    "--log-opt",
    "--memory",
    "--memory-swap",
    "--mount",
    "--name",
    "--net",
    "--network",
    "--network-alias",
    "--pid",
    "--pids-limit",
    "--platform",
    "--publish",
    "--pull",
    "--restart",
    "--security-opt",
    "--shm-size",
    "--user",
    "--volume",
    "--workdir",
];

/// The image that a command names; none where the text is no command at all.
pub(super) fn image(text: &str) -> Result<Option<&str>, Problem> {
    // A backslash alone is the end of a line that goes on.
    let mut words = text.split_whitespace().filter(|word| *word != "\\").skip_while(|word| matches!(*word, "$" | "#" | "sudo")).peekable();
    if !words.next().is_some_and(|word| PROGRAMS.contains(&word)) {
        return Ok(None);
    }
    words.next_if(|word| matches!(*word, "image" | "container"));
    let found = match words.next() {
        // Options stand before the image, so whatever they are, the image is the last word.
        Some("pull") => words.last().filter(|word| !word.starts_with('-')),
        Some("run" | "create") => run(words),
        _ => return Ok(None),
    };
    let is_one_command = !text.contains([';', '|', '&']);
    found.filter(|_| is_one_command).map(Some).ok_or_else(unclear)
}

fn unclear() -> Problem {
    problem("image_invalid", "It is not clear which word of this command is the image. Write only the image, as host/repository:tag.")
}

/// The first word that is neither an option nor the value of one.
fn run<'a>(mut words: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    loop {
        let word = words.next().filter(|word| is_whole(word))?;
        match shape(word)? {
            Shape::NoOption => return Some(word),
            Shape::Alone => {}
            Shape::WithNext => drop(words.next().filter(|word| is_whole(word))?),
        }
    }
}

/// Whether a shell would take the word as it stands here, rather than as a part of one with a space in it.
fn is_whole(word: &str) -> bool {
    let count = |mark: char| word.matches(mark).count();
    !word.ends_with('\\') && ['"', '\'', '`'].into_iter().all(|mark| count(mark).is_multiple_of(2)) && count('(') == count(')')
}

enum Shape {
    NoOption,
    Alone,
    /// Its value is the next word.
    WithNext,
}

/// `None` for an option that is not known: its value would be taken for the image.
fn shape(word: &str) -> Option<Shape> {
    if let Some(long) = word.strip_prefix("--") {
        return match () {
            () if long.contains('=') || FLAGS.contains(&word) => Some(Shape::Alone),
            () => WITH_VALUE.contains(&word).then_some(Shape::WithNext),
        };
    }
    let Some(letters) = word.strip_prefix('-') else { return Some(Shape::NoOption) };
    let rest = letters.trim_start_matches(|letter| SHORT_FLAGS.contains(letter));
    let mut rest = rest.chars();
    match rest.next() {
        None => Some(Shape::Alone),
        Some(letter) if !SHORT_WITH_VALUE.contains(letter) => None,
        // `-p80:80` has its value with it.
        Some(_) => Some(if rest.as_str().is_empty() { Shape::WithNext } else { Shape::Alone }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_image_is_the_first_word_that_is_no_option() {
        for command in [
            "docker pull nginx:1",
            "$ sudo docker image pull --platform linux/amd64 nginx:1",
            "podman pull --tls-verify=false nginx:1",
            "docker run -p 80:80 nginx:1",
            "docker run nginx:1",
            "docker run -d --name web -p80:80 -e A=b --restart=always nginx:1",
            "docker run -dit --rm --unknown=x nginx:1 sh -c 'echo hello'",
            "docker run -dp 127.0.0.1:80:80 -v $(pwd):/data \\ -e A=\"b\" nginx:1",
            "# docker container create nginx:1 --port 80",
        ] {
            assert_eq!(image(command), Ok(Some("nginx:1")), "{command}");
        }
    }

    #[test]
    fn what_would_have_to_be_guessed_is_refused() {
        for command in [
            "docker pull",
            "docker pull --quiet",
            "docker run",
            "docker run -d",
            "docker run -p 80:80",
            "docker run --unknown x nginx",
            "docker run -x nginx",
            "docker run -- nginx",
            "docker run -e A=\"hunter2 b\" nginx",
            "docker run -v $(pwd -P):/data nginx",
            "docker run -e A=hunter2\\ b nginx",
            "docker pull nginx && docker run redis",
            "docker run nginx; reboot",
        ] {
            let problem = image(command).unwrap_err();
            assert!(problem.code == "image_invalid" && !problem.message.contains("hunter2"), "{command}: {problem:?}");
        }
    }

    #[test]
    fn other_texts_are_no_commands() {
        for text in ["", "nginx", "docker", "docker/docker", "docker ps", "apt pull nginx", "sudo", "a b"] {
            assert_eq!(image(text), Ok(None), "{text}");
        }
    }
}
